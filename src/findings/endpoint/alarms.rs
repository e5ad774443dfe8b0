//! Rules on alarms: E20 one that names the endpoint alarms, E24 a deployment that it will roll back.

use crate::domain::alarm::Alarm;
use crate::domain::endpoint::{Endpoint, Health};

use super::{HealthReason, Subject, minutes_text, reason};

/// Minutes without data after which an alarm guards nothing.
const BLIND_MINUTES: i64 = 60;

/// The alarms whose dimensions name the endpoint.
pub fn alarms_of<'a>(
    endpoint: &'a Endpoint,
    alarms: &'a [Alarm],
) -> impl Iterator<Item = &'a Alarm> {
    alarms
        .iter()
        .filter(|alarm| concerns(alarm, &endpoint.name))
}

/// Whether the alarm's dimensions name the endpoint (monitoring metrics write `Endpoint`).
pub fn concerns(alarm: &Alarm, endpoint: &str) -> bool {
    ["EndpointName", "Endpoint"]
        .iter()
        .any(|name| alarm.dimension(name) == Some(endpoint))
}

/// Target tracking keeps its own alarms; that they alarm is how scaling works.
pub fn is_scaling(alarm: &Alarm) -> bool {
    alarm.name.starts_with("TargetTracking-")
}

pub fn reasons(subject: &Subject<'_>, alarms: &[Alarm]) -> Vec<HealthReason> {
    let endpoint = subject.endpoint;
    let mut reasons = Vec::new();
    for alarm in alarms_of(endpoint, alarms) {
        let variant = alarm
            .dimension("VariantName")
            .and_then(|name| endpoint.variants.iter().find(|v| v.name == name));
        if is_scaling(alarm) {
            if alarm.is_alarming() && alarm.name.contains("AlarmHigh") {
                reasons.push(reason(
                    Health::Ok,
                    variant,
                    alarm.since,
                    "load over target: scaling out",
                ));
            }
            continue;
        }
        if alarm.is_alarming() {
            let baking = endpoint
                .variants
                .iter()
                .find(|v| v.status.as_deref() == Some("Baking"));
            let (variant, text) = match baking {
                Some(baking) => (
                    Some(baking),
                    format!("will roll back: alarm {}", alarm.name),
                ),
                None => (variant, format!("alarm {}", alarm.name)),
            };
            reasons.push(reason(Health::Critical, variant, alarm.since, text));
        } else if alarm.state == "INSUFFICIENT_DATA"
            && let Some(age) = subject
                .minutes_since(alarm.since)
                .filter(|age| *age > BLIND_MINUTES)
        {
            reasons.push(reason(
                Health::Ok,
                variant,
                alarm.since,
                format!("alarm without data for {}", minutes_text(age)),
            ));
        }
        if !alarm.actions_enabled {
            reasons.push(reason(
                Health::Ok,
                variant,
                None,
                format!("actions off: alarm {}", alarm.name),
            ));
        }
    }
    reasons
}
