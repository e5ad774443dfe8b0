//! What is wrong, since when, why, and what to do: pure checks over domain values.

pub mod alarm;
pub mod budget;
pub mod credentials;
pub mod data;
pub mod endpoint;
mod facts;
mod rank;
pub mod reason;
pub mod registry;
pub mod repository;
pub mod reproducible;
pub mod rules;
pub mod runs;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use facts::{EndpointFacts, Facts};

/// Every finding there is in the facts, the one that needs somebody most first.
///
/// Pure and quick: it is called again whenever data comes in.
pub fn all(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = endpoint::findings(facts);
    findings.extend(alarm::findings(facts));
    findings.extend(runs::findings(facts));
    findings.extend(budget::findings(facts));
    findings.extend(credentials::findings(facts));
    findings.extend(data::findings(facts));
    findings.extend(repository::findings(facts));
    findings.extend(reproducible::findings(facts));
    findings.extend(registry::findings(facts));
    for finding in &mut findings {
        // Names and numbers in them come from outside.
        finding.reason = reason::fit(&finding.reason, REASON_LIMIT);
    }
    rank::sort(&mut findings);
    findings
}

/// The longest reason a row may carry, in characters.
pub const REASON_LIMIT: usize = 40;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Critical,
    Warning,
    Info,
}

impl Severity {
    pub fn key(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// What a finding is about, and where to go for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Subject {
    /// `key` is `Run::key`.
    Run {
        key: String,
    },
    Endpoint {
        name: String,
        variant: Option<String>,
    },
    Alarm {
        name: String,
    },
    Budget {
        name: String,
    },
    Costs,
    Credentials,
    /// An output tracked by DVC.
    Data {
        path: String,
    },
    Repository,
    ModelVersion {
        arn: String,
    },
}

/// One row of "needs you".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable while the trouble is the same: rule and subject.
    pub id: String,
    pub severity: Severity,
    pub subject: Subject,
    /// `endpoint`, `run`, `alarm`, `budget`, `data` ...
    pub category: String,
    /// The name a person knows it by.
    pub name: String,
    /// At most `REASON_LIMIT` characters.
    pub reason: String,
    pub since: Option<Timestamp>,
    /// The numbers and texts behind it, in full.
    pub evidence: Vec<String>,
    /// What to do next, in order.
    pub next_steps: Vec<String>,
}

#[cfg(test)]
mod tests;
