//! Finding and opening the repository of a directory.

use std::path::{Path, PathBuf};

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
                .with_hint("--repo DIR must name a folder in a Git repository")
        }
        ErrorCode::NotFound => {
            let what = match dot_git(dir) {
                Some(link) => format!("{} leads to no repository", link.display()),
                None => format!("{shown} is not in a Git repository"),
            };
            SourceError::new("git", ErrorKind::Missing, what)
                .with_hint("--repo DIR must name a folder in a Git repository")
        }
        ErrorCode::Owner => SourceError::new(
            "git",
            ErrorKind::Denied,
            format!("the repository at {shown} belongs to another user"),
        )
        .with_hint(format!(
            "git config --global --add safe.directory {}",
            quoted(&root_of(dir))
        )),
        _ if cause.message().contains("unsupported extension") => SourceError::new(
            "git",
            ErrorKind::Malformed,
            format!("repository {shown}: {}", error::sentence(cause)),
        )
        .with_hint("only SHA-1 repositories with refs in files are read: git refs migrate --ref-format=files"),
        _ if cause.class() == ErrorClass::Os => {
            SourceError::new("git", ErrorKind::Denied, error::sentence(cause))
        }
        _ => error::malformed(&format!("repository {shown}"), cause),
    }
}

/// The nearest parent with a `.git`, which is what `safe.directory` must name.
fn root_of(dir: &Path) -> String {
    let absolute = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
    let link = dot_git(&absolute);
    let root = link.as_deref().and_then(Path::parent).unwrap_or(&absolute);
    root.to_string_lossy().into_owned()
}

fn dot_git(dir: &Path) -> Option<PathBuf> {
    let mut links = dir.ancestors().map(|parent| parent.join(".git"));
    links.find(|link| link.symlink_metadata().is_ok())
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
