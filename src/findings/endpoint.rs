//! The health of an endpoint from its state, its variants, its metrics and its alarms.

mod alarms;
mod capacity;
mod finding;
mod state;
mod traffic;
mod window;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::alarm::Alarm;
use crate::domain::endpoint::{Endpoint, EndpointKind, Health, Variant};
use crate::domain::metric::VariantMetrics;

use super::REASON_LIMIT;
use super::reason::fit;
use super::rules::Thresholds;

pub use alarms::{alarms_of, concerns, is_scaling};
pub(super) use finding::findings;

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

/// What is known of an endpoint says so much about its health.
///
/// `metrics` are in the order of `endpoint.variants`, `None` where they were not fetched. `alarms` may be those
/// of the whole account: only those whose dimensions name the endpoint count. CloudWatch is one to three minutes
/// late, so ages are counted from the newest point; the minute that is not over yet is left out.
pub fn health(
    endpoint: &Endpoint,
    metrics: &[Option<VariantMetrics>],
    alarms: &[Alarm],
    thresholds: &Thresholds,
    now: Timestamp,
) -> EndpointHealth {
    let subject = Subject {
        endpoint,
        metrics,
        thresholds,
        now,
    };
    let mut reasons = state::reasons(&subject);
    reasons.extend(traffic::reasons(&subject));
    reasons.extend(capacity::reasons(&subject));
    reasons.extend(alarms::reasons(&subject, alarms));
    // Stable: within a class the rules' own order, state first.
    reasons.sort_by_key(|reason| reason.health);
    EndpointHealth {
        health: reasons
            .iter()
            .map(|reason| reason.health)
            .min()
            .unwrap_or(Health::Ok),
        reasons,
    }
}

/// What every rule looks at.
struct Subject<'a> {
    endpoint: &'a Endpoint,
    metrics: &'a [Option<VariantMetrics>],
    thresholds: &'a Thresholds,
    now: Timestamp,
}

impl<'a> Subject<'a> {
    /// Variants with their metrics, those without any left out.
    fn measured(&self) -> impl Iterator<Item = (&'a Variant, &'a VariantMetrics)> {
        self.endpoint
            .variants
            .iter()
            .zip(self.metrics)
            .filter_map(|(variant, metrics)| Some((variant, metrics.as_ref()?)))
    }

    fn minutes_since(&self, at: Option<Timestamp>) -> Option<i64> {
        Some((self.now.as_second() - at?.as_second()).max(0) / 60)
    }

    /// Async endpoints and inference components publish no `Invocations` by variant.
    fn counts_invocations(&self) -> bool {
        matches!(
            self.endpoint.kind,
            EndpointKind::RealTime | EndpointKind::Serverless
        )
    }
}

fn reason(
    health: Health,
    variant: Option<&Variant>,
    since: Option<Timestamp>,
    text: impl AsRef<str>,
) -> HealthReason {
    HealthReason {
        health,
        text: fit(text.as_ref(), REASON_LIMIT),
        variant: variant.map(|v| v.name.clone()),
        since,
    }
}

/// `72m`, `5h`, `3d`: lengths of time in reasons.
fn minutes_text(minutes: i64) -> String {
    match minutes {
        0..120 => format!("{minutes}m"),
        120..2880 => format!("{}h", minutes / 60),
        _ => format!("{}d", minutes / 1440),
    }
}

#[cfg(test)]
mod tests;
