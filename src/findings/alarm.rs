//! Alarms in ALARM that no endpoint's health tells of already.

use super::endpoint::{concerns, is_scaling};
use super::reason::{self, fit};
use super::{Facts, Finding, REASON_LIMIT, Severity, Subject};

pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    facts
        .alarms
        .iter()
        .filter(|alarm| alarm.is_alarming() && !is_scaling(alarm))
        .filter(|alarm| {
            !facts
                .endpoints
                .iter()
                .any(|known| concerns(alarm, &known.endpoint.name))
        })
        .map(|alarm| {
            let what = match (&alarm.metric, &alarm.reason) {
                (Some(metric), _) => {
                    let of = alarm
                        .dimensions
                        .first()
                        .map_or(String::new(), |(_, value)| format!(" of {value}"));
                    fit(&format!("{metric}{of}"), REASON_LIMIT)
                }
                (None, Some(why)) => reason::short(why),
                (None, None) => "in alarm".to_owned(),
            };
            let mut evidence: Vec<String> = alarm.reason.iter().cloned().collect();
            evidence.extend(alarm.namespace.as_ref().map(|n| format!("namespace {n}")));
            evidence.extend(
                alarm
                    .dimensions
                    .iter()
                    .map(|(name, value)| format!("{name} = {value}")),
            );
            if !alarm.actions_enabled {
                evidence.push("its actions are turned off: nobody was told".into());
            }
            Finding {
                id: format!("alarm:{}", alarm.name),
                severity: Severity::Warning,
                subject: Subject::Alarm {
                    name: alarm.name.clone(),
                },
                category: "alarm".into(),
                name: alarm.name.clone(),
                reason: what,
                since: alarm.since,
                evidence,
                next_steps: vec![
                    format!(
                        "aws cloudwatch describe-alarm-history --alarm-name '{}'",
                        alarm.name.replace('\'', "'\\''")
                    ),
                    "o console".into(),
                ],
            }
        })
        .collect()
}
