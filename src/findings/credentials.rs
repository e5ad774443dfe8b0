//! Credentials that are missing, over, or soon over.
//!
//! Never critical: without them nothing is known, which is not the same as something being wrong.

use jiff::Timestamp;

use crate::domain::source_error::ErrorKind;

use super::{Facts, Finding, Severity, Subject};

const RENEW: &str = "aws sso login";

pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    if let Some(error) = facts.identity_failure {
        let reason = match error.kind {
            ErrorKind::Expired => "session expired",
            ErrorKind::NoCredentials => "no credentials found",
            _ => return Vec::new(),
        };
        let hint = error.hint.clone().unwrap_or_else(|| RENEW.to_owned());
        return vec![finding(reason.to_owned(), None, error.what.clone(), hint)];
    }
    let Some(identity) = facts.identity else {
        return Vec::new();
    };
    let Some(expires) = identity.expires_at else {
        return Vec::new();
    };
    let left = expires.as_second() - facts.now.as_second();
    let reason = if left <= 0 {
        "session expired".to_owned()
    } else if left < facts.thresholds.credential_minutes.saturating_mul(60) {
        format!("session ends in {}m", left.div_euclid(60))
    } else {
        return Vec::new();
    };
    vec![finding(
        reason,
        (left <= 0).then_some(expires),
        format!("{} until {expires:.0}", identity.arn),
        RENEW.to_owned(),
    )]
}

fn finding(reason: String, since: Option<Timestamp>, evidence: String, hint: String) -> Finding {
    Finding {
        id: "credentials".into(),
        severity: Severity::Warning,
        subject: Subject::Credentials,
        category: "credentials".into(),
        name: "AWS session".into(),
        reason,
        since,
        evidence: vec![evidence],
        next_steps: vec![hint],
    }
}
