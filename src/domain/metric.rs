//! Time series, always ascending in time.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Start of the period and value, ascending.
    pub points: Vec<(Timestamp, f64)>,
}

impl Series {
    pub fn new(mut points: Vec<(Timestamp, f64)>) -> Self {
        points.retain(|p| p.1.is_finite());
        points.sort_by_key(|p| p.0);
        points.dedup_by_key(|p| p.0);
        Self { points }
    }

    pub fn last(&self) -> Option<f64> {
        self.points.last().map(|p| p.1)
    }

    pub fn last_at(&self) -> Option<Timestamp> {
        self.points.last().map(|p| p.0)
    }

    pub fn sum_since(&self, since: Timestamp) -> f64 {
        self.points
            .iter()
            .filter(|p| p.0 >= since)
            // An empty `sum` of floats is -0.0.
            .fold(0.0, |sum, p| sum + p.1)
    }

    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }
}

/// The golden signals of one variant over the last hour, one point a minute.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VariantMetrics {
    pub endpoint: String,
    pub variant: String,
    /// Count a minute.
    pub invocations: Series,
    /// Count a minute.
    pub errors_5xx: Series,
    /// Count a minute.
    pub errors_4xx: Series,
    /// Milliseconds (AWS gives microseconds).
    pub latency_p50_ms: Series,
    /// Milliseconds (AWS gives microseconds).
    pub latency_p99_ms: Series,
    /// Milliseconds; serverless cold starts (AWS gives microseconds).
    pub model_setup_ms: Series,
    /// 0 to 100 times the number of vCPUs.
    pub cpu_percent: Series,
    /// 0 to 100.
    pub memory_percent: Series,
}
