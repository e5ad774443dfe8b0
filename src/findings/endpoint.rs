//! The health of an endpoint from its state, its variants, its metrics and its alarms.

use serde::{Deserialize, Serialize};

use crate::domain::endpoint::Health;
use crate::domain::metric::VariantMetrics;

/// What the row says: a word, and the reasons for it, worst first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EndpointHealth {
    pub health: Health,
    pub reasons: Vec<HealthReason>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HealthReason {
    pub health: Health,
    /// At most 40 characters.
    pub text: String,
    /// The variant it is about, if it is about one.
    pub variant: Option<String>,
    pub since: Option<jiff::Timestamp>,
}

/// Requests and 5XX answers of the newest minutes that have data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ErrorSignal {
    pub requests: f64,
    pub errors: f64,
}

/// Minutes that the error ratio looks back over.
const WINDOW_MINUTES: i64 = 5;

/// The last five minutes of a variant, counted from its newest data point; `None` without any.
pub fn recent_errors(metrics: &VariantMetrics) -> Option<ErrorSignal> {
    let newest = metrics.invocations.last_at()?;
    let since = newest
        .checked_sub(jiff::SignedDuration::from_mins(WINDOW_MINUTES - 1))
        .ok()?;
    Some(ErrorSignal {
        requests: metrics.invocations.sum_since(since),
        errors: metrics.errors_5xx.sum_since(since),
    })
}
