//! Finding and opening the repository of a directory.

use std::path::Path;

use git2::{ErrorClass, ErrorCode, Repository};

use super::error;
use crate::sources::{ErrorKind, SourceError};

/// Looks in `dir` and its parents, as Git does.
pub(super) fn open(dir: &Path) -> Result<Repository, SourceError> {
    Repository::discover(dir).map_err(|cause| explain(dir, &cause))
}

fn explain(dir: &Path, cause: &git2::Error) -> SourceError {
    let shown = dir.display();
    match cause.code() {
        ErrorCode::NotFound if !dir.exists() => {
            SourceError::new("git", ErrorKind::Missing, format!("{shown} does not exist"))
                .with_hint("--repo DIR names the repository")
        }
        ErrorCode::NotFound => SourceError::new(
            "git",
            ErrorKind::Missing,
            format!("{shown} is not in a Git repository"),
        )
        .with_hint("--repo DIR names the repository"),
        ErrorCode::Owner => SourceError::new(
            "git",
            ErrorKind::Denied,
            format!("the repository at {shown} belongs to another user"),
        )
        .with_hint(format!(
            "git config --global --add safe.directory {}",
            quoted(&root_of(dir))
        )),
        _ if cause.class() == ErrorClass::Os => {
            SourceError::new("git", ErrorKind::Denied, error::sentence(cause))
        }
        _ => error::malformed(&format!("repository {shown}"), cause),
    }
}

/// The nearest parent with a `.git`, which is what `safe.directory` must name.
fn root_of(dir: &Path) -> String {
    let absolute = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
    absolute
        .ancestors()
        .find(|parent| parent.join(".git").exists())
        .unwrap_or(&absolute)
        .to_string_lossy()
        .into_owned()
}

/// For a POSIX shell.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+@%:,".contains(c);
    if text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_users_repository_says_what_to_do() {
        let cause = git2::Error::new(ErrorCode::Owner, ErrorClass::Config, "not owned");
        let error = explain(Path::new("/srv/team repo"), &cause);
        assert_eq!(error.kind, ErrorKind::Denied);
        assert_eq!(
            error.hint.as_deref(),
            Some("git config --global --add safe.directory '/srv/team repo'")
        );
    }

    #[test]
    fn a_hint_can_be_pasted() {
        assert_eq!(quoted("/srv/repo-1"), "/srv/repo-1");
        assert_eq!(quoted("/srv/my repo's"), r"'/srv/my repo'\''s'");
    }
}
