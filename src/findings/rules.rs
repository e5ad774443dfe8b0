//! The thresholds of all rules, with their defaults.

use serde::{Deserialize, Serialize};

/// When a figure becomes a finding. Percentages are 0 to 100.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Thresholds {
    /// A run that moves for longer than this many minutes is stuck, unless its own history says otherwise.
    pub stuck_minutes: i64,
    /// The same for a run that waits in a queue.
    pub stuck_queued_minutes: i64,
    /// Failed runs older than this many hours no longer need anybody.
    pub failed_hours: i64,
    /// Share of 5XX answers in the last five minutes that warns.
    pub error_warn_percent: f64,
    /// The same in two of the last three minutes: critical.
    pub error_critical_percent: f64,
    /// Below so many requests a ratio says nothing.
    pub min_requests: f64,
    /// Minutes of an endpoint update that warn.
    pub updating_minutes: i64,
    /// Budget use that warns.
    pub budget_warn_percent: f64,
    /// Forecast budget use above which it warns.
    pub budget_forecast_percent: f64,
    /// Minutes of credential time left that warn.
    pub credential_minutes: i64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            stuck_minutes: 360,
            stuck_queued_minutes: 30,
            failed_hours: 24,
            error_warn_percent: 1.0,
            error_critical_percent: 5.0,
            min_requests: 20.0,
            updating_minutes: 60,
            budget_warn_percent: 90.0,
            budget_forecast_percent: 100.0,
            credential_minutes: 15,
        }
    }
}
