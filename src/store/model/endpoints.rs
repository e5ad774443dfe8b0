//! Endpoints, their metrics and alarms, and the health made of them.

use crate::domain::alarm::Alarm;
use crate::domain::endpoint::Endpoint;
use crate::domain::freshness::Fetched;
use crate::domain::metric::VariantMetrics;
use crate::findings::endpoint::EndpointHealth;

use super::super::list::ListState;

#[derive(Clone, Debug, Default)]
pub struct EndpointsRoom {
    pub endpoints: Fetched<Vec<Endpoint>>,
    pub metrics: Fetched<Vec<VariantMetrics>>,
    pub alarms: Fetched<Vec<Alarm>>,
    /// What the table shows: every endpoint with its health, rebuilt when data comes in.
    pub rows: Vec<EndpointRow>,
    pub list: ListState,
    /// The variants of the selected endpoint.
    pub variants: ListState,
}

/// An endpoint with everything known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct EndpointRow {
    pub endpoint: Endpoint,
    pub health: EndpointHealth,
    /// Metrics of its variants, in the order of `endpoint.variants`; `None` where there are none yet.
    pub metrics: Vec<Option<VariantMetrics>>,
    /// Alarms whose dimensions name it.
    pub alarms: Vec<Alarm>,
}

impl EndpointsRoom {
    pub fn find(&self, name: &str) -> Option<&EndpointRow> {
        self.rows.iter().find(|row| row.endpoint.name == name)
    }
}

impl EndpointRow {
    /// Requests in the newest whole minute, all variants together.
    pub fn invocations_per_min(&self) -> Option<f64> {
        let known: Vec<f64> = self
            .metrics
            .iter()
            .flatten()
            .filter_map(|m| m.invocations.last())
            .collect();
        (!known.is_empty()).then(|| known.iter().sum())
    }

    /// The worst variant's newest 99th percentile in milliseconds.
    pub fn p99_ms(&self) -> Option<f64> {
        self.metrics
            .iter()
            .flatten()
            .filter_map(|m| m.latency_p99_ms.last())
            .max_by(f64::total_cmp)
    }

    /// 5XX answers among the requests of the last five minutes, 0 to 100; `None` without traffic.
    pub fn error_percent(&self) -> Option<f64> {
        let (mut errors, mut requests) = (0.0, 0.0);
        for metrics in self.metrics.iter().flatten() {
            if let Some(signal) = crate::findings::endpoint::recent_errors(metrics) {
                errors += signal.errors;
                requests += signal.requests;
            }
        }
        (requests > 0.0).then(|| 100.0 * errors / requests)
    }

    /// 5XX answers a minute over the last hour, all variants together, oldest first.
    pub fn error_trend(&self) -> Vec<f64> {
        let mut sums = std::collections::BTreeMap::new();
        for metrics in self.metrics.iter().flatten() {
            for (at, _) in &metrics.invocations.points {
                sums.entry(*at).or_insert(0.0);
            }
            for (at, count) in &metrics.errors_5xx.points {
                *sums.entry(*at).or_insert(0.0) += count;
            }
        }
        sums.into_values().collect()
    }
}
