//! Which permission is missing, and whose policy it is that says no.

use crate::domain::source_error::{ErrorKind, SourceError};
use crate::sources::aws::api::Api;
use crate::sources::aws::text::tidy;

/// Names the missing action, and whose policy it is that says no.
pub(super) fn denied(api: Api, message: &str) -> SourceError {
    let action = after(message, "not authorized to perform: ")
        .map(|action| action.trim_end_matches(['.', ',', ';']).to_owned())
        .unwrap_or_else(|| api.action());
    let resource = after(message, "on resource: ")
        .filter(|resource| resource.starts_with("arn:"))
        .map(|resource| format!(" on {}", resource.trim_end_matches(['.', ','])))
        .unwrap_or_default();
    let lower = message.to_ascii_lowercase();
    let hint = if lower.contains("explicit deny in a service control policy") {
        format!("a service control policy forbids {action}: ask the organisation's administrator")
    } else if lower.contains("explicit deny") {
        format!("a policy explicitly denies {action}{resource}")
    } else if lower.contains("permissions boundary") {
        format!("the permissions boundary must allow {action}{resource}")
    } else if lower.contains("service control policy") {
        format!(
            "a service control policy must allow {action}: ask the organisation's administrator"
        )
    } else {
        format!("allow {action}{resource} in the identity's policy")
    };
    let what = if message.contains("not authorized to perform") || message.is_empty() {
        format!("not allowed: {action}")
    } else {
        format!("not allowed: {}", tidy(message))
    };
    SourceError::new(api.to_string(), ErrorKind::Denied, what).with_hint(hint)
}

/// The word that follows `mark`.
fn after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(mark)?;
    rest.split_whitespace().next()
}
