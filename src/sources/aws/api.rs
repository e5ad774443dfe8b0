//! The name of one AWS operation, as IAM and CloudTrail write it.

use std::fmt;

/// `service:Operation`, with the service's IAM prefix: `sagemaker:ListEndpoints`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Api {
    pub service: &'static str,
    pub operation: &'static str,
}

impl Api {
    pub const fn new(service: &'static str, operation: &'static str) -> Self {
        Self { service, operation }
    }

    /// The IAM action that allows it, where it is not simply the operation's name.
    pub fn action(self) -> String {
        match (self.service, self.operation) {
            ("budgets", _) => "budgets:ViewBudget".into(),
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.service, self.operation)
    }
}
