//! An endpoint in JSON.

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::alarm::Alarm;
use crate::domain::endpoint::Variant;
use crate::domain::metric::{Series, VariantMetrics};
use crate::findings::endpoint::{HealthReason, alarms_of, recent_errors};

use super::Known;

#[derive(Debug, Serialize)]
pub struct EndpointItem<'a> {
    pub name: &'a str,
    pub kind: &'static str,
    pub status: String,
    pub raw_status: &'a str,
    pub health: &'static str,
    pub reasons: Vec<String>,
    pub config: Option<&'a str>,
    pub variants: Vec<VariantItem<'a>>,
    pub alarms: Vec<AlarmItem<'a>>,
    pub arn: &'a str,
    pub created_at: Option<Timestamp>,
    pub changed_at: Option<Timestamp>,
    pub failure_reason: Option<&'a str>,
    pub data_capture: Option<bool>,
    pub reason_details: &'a [HealthReason],
}

#[derive(Debug, Serialize)]
pub struct VariantItem<'a> {
    pub name: &'a str,
    pub model: Option<&'a str>,
    pub weight: Option<f64>,
    pub desired_weight: Option<f64>,
    pub instances: Option<i32>,
    pub desired_instances: Option<i32>,
    pub instance_type: Option<&'a str>,
    pub p50_ms: Option<f64>,
    pub p99_ms: Option<f64>,
    pub invocations_per_min: Option<f64>,
    /// 0 to 1, of the last five minutes with data.
    pub error_rate: Option<f64>,
    pub status: Option<&'a str>,
    pub shadow: bool,
    pub memory_mb: Option<i32>,
    pub max_concurrency: Option<i32>,
    pub model_package_arn: Option<&'a str>,
    pub image: Option<&'a str>,
}

#[derive(Debug, Serialize)]
pub struct AlarmItem<'a> {
    pub name: &'a str,
    pub state: &'a str,
    pub since: Option<Timestamp>,
    pub reason: Option<&'a str>,
    pub arn: &'a str,
}

impl<'a> EndpointItem<'a> {
    pub fn of(known: &'a Known, alarms: &'a [Alarm]) -> Self {
        let endpoint = &known.endpoint;
        Self {
            name: &endpoint.name,
            kind: endpoint.kind.key(),
            status: snake(&endpoint.status),
            raw_status: &endpoint.status,
            health: known.health.health.key(),
            reasons: known.health.reasons.iter().map(sentence).collect(),
            config: Some(endpoint.config.as_str()).filter(|config| !config.is_empty()),
            variants: endpoint
                .variants
                .iter()
                .zip(&known.metrics)
                .map(|(variant, metrics)| VariantItem::of(variant, metrics.as_ref()))
                .collect(),
            alarms: alarms_of(endpoint, alarms)
                .map(|alarm| AlarmItem {
                    name: &alarm.name,
                    state: &alarm.state,
                    since: alarm.since,
                    reason: alarm.reason.as_deref(),
                    arn: &alarm.arn,
                })
                .collect(),
            arn: &endpoint.arn,
            created_at: endpoint.created_at,
            changed_at: endpoint.changed_at,
            failure_reason: endpoint.failure_reason.as_deref(),
            data_capture: endpoint.data_capture,
            reason_details: &known.health.reasons,
        }
    }
}

impl<'a> VariantItem<'a> {
    fn of(variant: &'a Variant, metrics: Option<&VariantMetrics>) -> Self {
        let last = |series: fn(&VariantMetrics) -> &Series| metrics.and_then(|m| series(m).last());
        Self {
            name: &variant.name,
            model: variant.model.as_deref(),
            weight: variant.weight,
            desired_weight: variant.desired_weight,
            instances: variant.instances,
            desired_instances: variant.desired_instances,
            instance_type: variant.instance_type.as_deref(),
            p50_ms: last(|m| &m.latency_p50_ms),
            p99_ms: last(|m| &m.latency_p99_ms),
            invocations_per_min: last(|m| &m.invocations),
            error_rate: metrics
                .and_then(recent_errors)
                .filter(|signal| signal.requests > 0.0)
                .map(|signal| signal.errors / signal.requests),
            status: variant.status.as_deref(),
            shadow: variant.shadow,
            memory_mb: variant.memory_mb,
            max_concurrency: variant.max_concurrency,
            model_package_arn: variant.model_package_arn.as_deref(),
            image: variant.image.as_deref(),
        }
    }
}

fn sentence(reason: &HealthReason) -> String {
    match &reason.variant {
        Some(variant) => format!("{variant}: {}", reason.text),
        None => reason.text.clone(),
    }
}

/// `UpdateRollbackFailed` is `update_rollback_failed`; a state nobody knows yet is turned the same way.
fn snake(word: &str) -> String {
    let mut out = String::with_capacity(word.len() + 4);
    let mut before_lower = false;
    for c in word.chars() {
        if c.is_uppercase() && before_lower {
            out.push('_');
        }
        before_lower = c.is_lowercase();
        out.extend(c.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::snake;

    #[test]
    fn states_in_lower_case() {
        for (raw, expected) in [
            ("InService", "in_service"),
            ("UpdateRollbackFailed", "update_rollback_failed"),
            ("NEW", "new"),
            ("", ""),
        ] {
            assert_eq!(snake(raw), expected);
        }
    }
}
