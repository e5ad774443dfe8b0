//! CloudWatch alarms.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alarm {
    pub name: String,
    pub arn: String,
    /// `OK`, `ALARM`, `INSUFFICIENT_DATA`.
    pub state: String,
    pub reason: Option<String>,
    pub since: Option<Timestamp>,
    pub namespace: Option<String>,
    pub metric: Option<String>,
    /// `EndpointName` = ..., in the order of the service.
    pub dimensions: Vec<(String, String)>,
    pub actions_enabled: bool,
}

impl Alarm {
    pub fn is_alarming(&self) -> bool {
        self.state == "ALARM"
    }

    pub fn dimension(&self, name: &str) -> Option<&str> {
        self.dimensions
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }
}
