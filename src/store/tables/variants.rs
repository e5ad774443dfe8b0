//! The variants of one endpoint.

use crate::domain::endpoint::Variant;
use crate::domain::metric::VariantMetrics;
use crate::findings::endpoint::recent_errors;

use super::super::table::{Cell, Column, Row};
use super::{left, right};

pub const COLUMNS: &[Column] = &[
    left("name", "variant", 8, 24, 0),
    right("weight", "weight", 7, 0),
    right("share", "share", 6, 4),
    left("capacity", "capacity", 14, 24, 2),
    right("rpm", "req/min", 8, 1),
    right("p50", "p50", 8, 5),
    right("p99", "p99", 8, 3),
    right("errors", "5xx", 7, 0),
    left("model", "model", 12, 40, 6),
];

pub struct VariantRow<'a> {
    pub variant: &'a Variant,
    pub metrics: Option<&'a VariantMetrics>,
    /// Requests a minute of all variants together.
    pub total_rpm: Option<f64>,
}

impl Row for VariantRow<'_> {
    fn id(&self) -> String {
        self.variant.name.clone()
    }

    fn cell(&self, column: &str) -> Cell {
        let metrics = self.metrics;
        match column {
            "name" => Cell::name(if self.variant.shadow {
                format!("{} (shadow)", self.variant.name)
            } else {
                self.variant.name.clone()
            }),
            "weight" => Cell::text(weight(self.variant)),
            "share" => {
                let rpm = metrics.and_then(|m| m.invocations.last());
                match (rpm, self.total_rpm) {
                    (Some(rpm), Some(total)) if total > 0.0 => Cell::Percent(100.0 * rpm / total),
                    _ => Cell::Empty,
                }
            }
            "capacity" => Cell::text(capacity(self.variant)),
            "rpm" => Cell::optional(metrics.and_then(|m| m.invocations.last()), Cell::Count),
            "p50" => Cell::optional(metrics.and_then(|m| m.latency_p50_ms.last()), Cell::Millis),
            "p99" => Cell::optional(metrics.and_then(|m| m.latency_p99_ms.last()), Cell::Millis),
            "errors" => Cell::optional(
                metrics
                    .and_then(recent_errors)
                    .filter(|s| s.requests > 0.0)
                    .map(|s| 100.0 * s.errors / s.requests),
                Cell::Percent,
            ),
            "model" => Cell::optional(self.variant.model.as_deref(), Cell::name),
            _ => Cell::Empty,
        }
    }
}

/// `90`, or `90→50` while a shift is under way.
fn weight(variant: &Variant) -> String {
    match (variant.weight, variant.desired_weight) {
        (Some(now), Some(then)) if (now - then).abs() > f64::EPSILON => format!("{now}→{then}"),
        (Some(now), _) => now.to_string(),
        (None, Some(then)) => then.to_string(),
        (None, None) => String::new(),
    }
}

/// `2 × ml.m5.xlarge`, `1→3 × ml.g5.xlarge`, or `4 GB, 20 conc.` for serverless.
pub fn capacity(variant: &Variant) -> String {
    if let Some(memory) = variant.memory_mb {
        let concurrency = variant
            .max_concurrency
            .map_or(String::new(), |n| format!(", {n} conc."));
        return format!("{} GB{concurrency}", f64::from(memory) / 1024.0);
    }
    let count = match (variant.instances, variant.desired_instances) {
        (Some(now), Some(then)) if now != then => format!("{now}→{then}"),
        (Some(now), _) => now.to_string(),
        (None, Some(then)) => format!("0→{then}"),
        (None, None) => String::new(),
    };
    match (&variant.instance_type, count.is_empty()) {
        (Some(kind), false) => format!("{count} × {kind}"),
        (Some(kind), true) => kind.clone(),
        (None, _) => count,
    }
}
