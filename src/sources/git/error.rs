//! From libgit2's errors to the domain's.

use crate::sources::{ErrorKind, SourceError};

/// libgit2 could not make sense of a part of the repository; `what` names the part.
pub(super) fn malformed(what: &str, cause: &git2::Error) -> SourceError {
    let kind = match cause.class() {
        git2::ErrorClass::Os => ErrorKind::Denied,
        _ => ErrorKind::Malformed,
    };
    SourceError::new("git", kind, format!("{what}: {}", sentence(cause)))
        .with_hint("git fsck names what is damaged")
}

/// libgit2's message on one line, without a full stop.
pub(super) fn sentence(cause: &git2::Error) -> String {
    cause
        .message()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .trim_end_matches('.')
        .to_owned()
}
