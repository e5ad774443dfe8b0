//! Rules on requests: E3 server errors, E5 client errors, E14 a variant that gets none, and gaps in the data.

use crate::domain::endpoint::{Health, Variant};
use crate::domain::metric::VariantMetrics;

use super::window::{self, Minute, STALE_MINUTES};
use super::{HealthReason, Subject, WINDOW_MINUTES, minutes_text, reason};

/// E5: share of 4XX answers that warns, and for how many minutes.
const CLIENT_ERROR_PERCENT: f64 = 10.0;
const CLIENT_ERROR_MINUTES: i64 = 10;
/// E14: minutes without a request while others get theirs.
const STARVED_MINUTES: i64 = 15;

pub fn reasons(subject: &Subject<'_>) -> Vec<HealthReason> {
    let mut reasons = Vec::new();
    let mut quiet = true;
    for (variant, metrics) in subject.measured() {
        let minutes = window::minutes(metrics, &metrics.errors_5xx, subject.now);
        let Some(newest) = minutes.first() else {
            continue;
        };
        quiet = false;
        let age = subject.minutes_since(Some(newest.at)).unwrap_or(0);
        if age > STALE_MINUTES {
            // SageMaker publishes nothing while nobody asks: a gap is neither health nor sickness.
            reasons.push(reason(
                Health::Unknown,
                Some(variant),
                Some(newest.at),
                format!("no requests or metrics for {}", minutes_text(age)),
            ));
            continue;
        }
        reasons.extend(server_errors(subject, variant, &minutes));
        reasons.extend(client_errors(subject, variant, metrics));
    }
    if subject.counts_invocations() && subject.endpoint.status == "InService" {
        if subject.metrics.iter().all(Option::is_none) {
            reasons.push(reason(Health::Unknown, None, None, "no metrics yet"));
        } else if quiet {
            reasons.push(reason(
                Health::Ok,
                None,
                None,
                "no requests in the last hour",
            ));
        }
        reasons.extend(starved(subject));
    }
    reasons
}

/// E3: a share of 5XX over five minutes warns; a larger one in two of the last three minutes is critical.
fn server_errors(
    subject: &Subject<'_>,
    variant: &Variant,
    minutes: &[Minute],
) -> Option<HealthReason> {
    let rules = subject.thresholds;
    let recent = window::total(minutes, WINDOW_MINUTES);
    if recent.requests < rules.min_requests {
        return None;
    }
    let percent = recent.percent()?;
    let last = window::total(minutes, 3);
    let severe = minutes
        .iter()
        .take_while(|m| m.at.as_second() >= recent.at.as_second() - 120)
        .filter(|m| {
            m.percent()
                .is_some_and(|p| p >= rules.error_critical_percent)
        })
        .count();
    let health = if severe >= 2 && last.requests >= rules.min_requests {
        Health::Critical
    } else if percent >= rules.error_warn_percent {
        Health::Warn
    } else {
        return None;
    };
    // While the bad minutes are few, the last three say more than five that were mostly good.
    let shown = if health == Health::Critical {
        last
    } else {
        recent
    };
    Some(reason(
        health,
        Some(variant),
        window::streak_start(minutes, rules.error_warn_percent),
        format!(
            "5xx {:.1} %, {} of {} in {} min",
            shown.percent().unwrap_or(percent),
            shown.errors,
            shown.requests,
            if health == Health::Critical {
                3
            } else {
                WINDOW_MINUTES
            },
        ),
    ))
}

/// E5: the callers send what the endpoint refuses, or may not call it.
fn client_errors(
    subject: &Subject<'_>,
    variant: &Variant,
    metrics: &VariantMetrics,
) -> Option<HealthReason> {
    let minutes = window::minutes(metrics, &metrics.errors_4xx, subject.now);
    let recent = window::total(&minutes, CLIENT_ERROR_MINUTES);
    let start = window::streak_start(&minutes, CLIENT_ERROR_PERCENT)?;
    let lasted = (recent.at.as_second() - start.as_second()) / 60 + 1;
    if recent.requests < subject.thresholds.min_requests
        || recent.percent()? < CLIENT_ERROR_PERCENT
        || lasted < CLIENT_ERROR_MINUTES
    {
        return None;
    }
    Some(reason(
        Health::Warn,
        Some(variant),
        Some(start),
        format!(
            "4xx {:.0} % in {CLIENT_ERROR_MINUTES} min: bad requests",
            recent.percent()?
        ),
    ))
}

/// E14: a variant with weight gets nothing though its share of the others' requests would be seen.
fn starved(subject: &Subject<'_>) -> Vec<HealthReason> {
    let Ok(from) = subject
        .now
        .checked_sub(jiff::SignedDuration::from_mins(STARVED_MINUTES))
    else {
        return Vec::new();
    };
    let counts: Vec<(&Variant, f64)> = subject
        .measured()
        .filter(|(variant, _)| !variant.shadow)
        .map(|(variant, metrics)| (variant, metrics.invocations.sum_since(from)))
        .collect();
    let total: f64 = counts.iter().map(|(_, count)| count).sum();
    let weights: f64 = counts.iter().filter_map(|(v, _)| v.weight).sum();
    if counts.len() < 2 || weights <= 0.0 {
        return Vec::new();
    }
    counts
        .into_iter()
        .filter(|(variant, count)| {
            let share = variant.weight.unwrap_or(0.0) / weights;
            *count == 0.0 && total * share >= subject.thresholds.min_requests
        })
        .map(|(variant, _)| {
            reason(
                Health::Warn,
                Some(variant),
                None,
                format!(
                    "no requests for {STARVED_MINUTES}m at weight {}",
                    variant.weight.unwrap_or(0.0)
                ),
            )
        })
        .collect()
}
