//! Model versions that wait for somebody, or could not be made.

use crate::domain::registry::{ModelGroup, ModelVersion};

use super::reason::fit;
use super::{Facts, Finding, REASON_LIMIT, Severity, Subject};

pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    facts
        .models
        .iter()
        .flat_map(|group| [pending(group), failed(group)])
        .flatten()
        .collect()
}

/// The versions newer than the newest approved one are those that wait.
fn pending(group: &ModelGroup) -> Option<Finding> {
    let waiting: Vec<&ModelVersion> = group
        .versions
        .iter()
        .take_while(|version| version.approval.as_deref() != Some("Approved"))
        .filter(|version| version.approval.as_deref() == Some("PendingManualApproval"))
        .collect();
    let newest = waiting.first()?;
    let reason = match waiting.len() {
        1 => format!("{} waits for approval", label(newest)),
        n => format!("{} and {} more wait for approval", label(newest), n - 1),
    };
    Some(finding(group, newest, "pending", Severity::Info, &reason))
}

fn failed(group: &ModelGroup) -> Option<Finding> {
    let newest = group.versions.first()?;
    if newest.status != "Failed" {
        return None;
    }
    let reason = format!("{} failed", label(newest));
    Some(finding(group, newest, "failed", Severity::Warning, &reason))
}

fn label(version: &ModelVersion) -> String {
    version
        .version
        .map_or_else(|| "a version".to_owned(), |n| format!("v{n}"))
}

fn finding(
    group: &ModelGroup,
    version: &ModelVersion,
    key: &str,
    severity: Severity,
    reason: &str,
) -> Finding {
    let mut evidence = vec![version.arn.clone()];
    evidence.extend(version.description.clone());
    evidence.extend(version.commit.as_ref().map(|c| format!("commit {c}")));
    evidence.extend(
        version
            .metadata
            .iter()
            .map(|(name, value)| format!("{name} = {value}")),
    );
    Finding {
        id: format!("model:{key}:{}", version.arn),
        severity,
        subject: Subject::ModelVersion {
            arn: version.arn.clone(),
        },
        category: "model".into(),
        name: group.name.clone(),
        reason: fit(reason, REASON_LIMIT),
        since: version.created_at,
        evidence,
        next_steps: vec!["v model versions".into(), "o console".into()],
    }
}
