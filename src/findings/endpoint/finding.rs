//! From the health of endpoints to findings: one for each endpoint and variant that is not well.

use crate::domain::endpoint::{Health, Variant};
use crate::domain::metric::VariantMetrics;

use super::super::{EndpointFacts, Facts, Finding, Severity, Subject};
use super::{HealthReason, recent_errors};

pub fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    facts
        .endpoints
        .iter()
        .filter_map(|endpoint| finding(facts, endpoint))
        .collect()
}

/// One row for an endpoint: its worst reason; the others are evidence.
fn finding(facts: &Facts<'_>, subject: &EndpointFacts<'_>) -> Option<Finding> {
    let endpoint = subject.endpoint;
    let severity = match subject.health.health {
        Health::Critical => Severity::Critical,
        Health::Warn => Severity::Warning,
        Health::Unknown | Health::Ok => return None,
    };
    let worst = subject.health.reasons.first()?;
    let name = match &worst.variant {
        Some(variant) => format!("{} / {variant}", endpoint.name),
        None => endpoint.name.clone(),
    };
    Some(Finding {
        id: format!("endpoint:{}", endpoint.name),
        severity,
        subject: Subject::Endpoint {
            name: endpoint.name.clone(),
            variant: worst.variant.clone(),
        },
        category: "endpoint".into(),
        name,
        reason: worst.text.clone(),
        since: subject.health.reasons.iter().filter_map(serious).min(),
        evidence: evidence(facts, subject),
        next_steps: next_steps(worst, endpoint.variants.len()),
    })
}

/// The start of a reason that makes the endpoint ill.
fn serious(reason: &HealthReason) -> Option<jiff::Timestamp> {
    matches!(reason.health, Health::Critical | Health::Warn)
        .then_some(reason.since)
        .flatten()
}

fn evidence(facts: &Facts<'_>, subject: &EndpointFacts<'_>) -> Vec<String> {
    let endpoint = subject.endpoint;
    let mut evidence: Vec<String> = subject
        .health
        .reasons
        .iter()
        .map(|reason| {
            let variant = reason
                .variant
                .as_ref()
                .map_or(String::new(), |v| format!("{v}: "));
            let since = reason
                .since
                .map_or(String::new(), |at| format!(" (since {at:.0})"));
            format!("{variant}{}{since}", reason.text)
        })
        .collect();
    evidence.extend(
        endpoint
            .variants
            .iter()
            .zip(subject.metrics)
            .filter_map(|(variant, metrics)| Some(figures(variant, metrics.as_ref()?))),
    );
    if let Some(why) = &endpoint.failure_reason {
        evidence.push(why.clone());
    }
    evidence.push(match endpoint.changed_at {
        Some(at) => format!("config {}, changed {at:.0}", endpoint.config),
        None => format!("config {}", endpoint.config),
    });
    for alarm in super::alarms_of(endpoint, facts.alarms).filter(|alarm| alarm.is_alarming()) {
        if let Some(why) = &alarm.reason {
            evidence.push(format!("alarm {}: {why}", alarm.name));
        }
    }
    evidence
}

/// `green: 24 of 340 requests failed (7.1 %) in 5 min, p99 84 ms, weight 10, model churn-v15`.
fn figures(variant: &Variant, metrics: &VariantMetrics) -> String {
    let mut parts = Vec::new();
    match recent_errors(metrics) {
        Some(signal) if signal.requests > 0.0 => parts.push(format!(
            "{} of {} requests failed ({:.1} %) in 5 min",
            signal.errors,
            signal.requests,
            100.0 * signal.errors / signal.requests
        )),
        _ => parts.push("no requests".to_owned()),
    }
    if let Some(p99) = metrics.latency_p99_ms.last() {
        parts.push(format!("p99 {p99:.0} ms"));
    }
    if let Some(weight) = variant.weight {
        parts.push(format!("weight {weight}"));
    }
    if let Some(model) = &variant.model {
        parts.push(format!("model {model}"));
    }
    format!("{}: {}", variant.name, parts.join(", "))
}

fn next_steps(worst: &HealthReason, variants: usize) -> Vec<String> {
    let mut steps = vec!["e first error".to_owned(), "l logs".to_owned()];
    if worst.variant.is_some() && variants > 1 {
        steps.push("shift its weight to the other variant".to_owned());
    }
    steps.push("v versions: what it serves".to_owned());
    steps.push("o console".to_owned());
    steps
}
