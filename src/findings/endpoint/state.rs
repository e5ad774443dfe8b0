//! Rules on the state itself: E1 broken, E2 changing for too long, E11 lacking instances.

use crate::domain::endpoint::{EndpointKind, Health};

use super::super::reason;
use super::{HealthReason, Subject, minutes_text, reason as row};

/// Minutes a new endpoint may take, AWS's rule of thumb.
const CREATING_MINUTES: i64 = 30;
/// Minutes that instances may lack before it is no longer a start-up.
const LACKING_MINUTES: i64 = 15;

pub fn reasons(subject: &Subject<'_>) -> Vec<HealthReason> {
    let endpoint = subject.endpoint;
    let changed = endpoint.changed_at.or(endpoint.created_at);
    let age = subject.minutes_since(changed);
    let mut reasons = Vec::new();
    let mut say = |health, text: String| reasons.push(row(health, None, changed, text));
    match endpoint.status.as_str() {
        "InService" => {}
        status @ ("Failed" | "UpdateRollbackFailed" | "OutOfService") => {
            let word = match status {
                "UpdateRollbackFailed" => "rollback failed",
                "OutOfService" => "out of service",
                _ => "failed",
            };
            say(
                Health::Critical,
                match &endpoint.failure_reason {
                    Some(why) => reason::of_step(word, why),
                    None => word.to_owned(),
                },
            );
        }
        "RollingBack" => say(
            Health::Warn,
            match &endpoint.failure_reason {
                Some(why) => reason::of_step("rolling back", why),
                None => "rolling back".to_owned(),
            },
        ),
        status @ ("Updating" | "SystemUpdating") => match age {
            Some(age) if age > subject.thresholds.updating_minutes => {
                say(Health::Warn, format!("updating for {}", minutes_text(age)));
            }
            _ if status == "SystemUpdating" => say(Health::Ok, "maintenance by AWS".into()),
            _ => say(Health::Ok, "updating".into()),
        },
        "Creating" => match subject.minutes_since(endpoint.created_at) {
            Some(age) if age > CREATING_MINUTES => {
                say(Health::Warn, format!("creating for {}", minutes_text(age)));
            }
            _ => say(Health::Unknown, "being created".into()),
        },
        "Deleting" => say(Health::Unknown, "being deleted".into()),
        other => say(Health::Unknown, format!("state {other}")),
    }
    if !endpoint.detailed {
        say(Health::Unknown, "details could not be read".into());
    }
    reasons.extend(lacking(subject));
    reasons
}

/// E11: fewer instances than wanted, and not just since a moment.
fn lacking(subject: &Subject<'_>) -> Vec<HealthReason> {
    let endpoint = subject.endpoint;
    if endpoint.kind == EndpointKind::Serverless {
        return Vec::new();
    }
    let age = subject.minutes_since(endpoint.changed_at);
    endpoint
        .variants
        .iter()
        .filter_map(|variant| {
            let (now, wanted) = (variant.instances?, variant.desired_instances?);
            if now >= wanted || age.is_some_and(|age| age <= LACKING_MINUTES) {
                return None;
            }
            // Without the time of the last change a scale-out under way looks the same.
            let health = if age.is_some() {
                Health::Critical
            } else {
                Health::Warn
            };
            Some(row(
                health,
                Some(variant),
                endpoint.changed_at,
                format!("{now} of {wanted} instances, no capacity?"),
            ))
        })
        .collect()
}
