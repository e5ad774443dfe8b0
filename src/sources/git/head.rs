//! Where HEAD points, and what is under way.

use git2::{ErrorCode, Oid, Repository, RepositoryState};

use super::error;
use crate::domain::repository::Head;
use crate::sources::SourceError;

/// HEAD and its commit; no commit before the first one.
pub(super) fn read(repository: &Repository) -> Result<(Head, Option<Oid>), SourceError> {
    let reference = repository
        .find_reference("HEAD")
        .map_err(|cause| error::malformed("HEAD", &cause))?;
    let branch = reference.symbolic_target_bytes().map(|target| {
        let name = String::from_utf8_lossy(target);
        name.strip_prefix("refs/heads/").unwrap_or(&name).to_owned()
    });
    let commit = match repository.head() {
        Ok(resolved) => Some(
            resolved
                .peel_to_commit()
                .map_err(|cause| error::malformed("the commit of HEAD", &cause))?
                .id(),
        ),
        Err(cause) if matches!(cause.code(), ErrorCode::UnbornBranch | ErrorCode::NotFound) => None,
        Err(cause) => return Err(error::malformed("HEAD", &cause)),
    };
    let head = Head {
        branch,
        commit: commit.map(|id| id.to_string()),
        operation: operation(repository.state()).map(str::to_owned),
    };
    Ok((head, commit))
}

fn operation(state: RepositoryState) -> Option<&'static str> {
    match state {
        RepositoryState::Clean => None,
        RepositoryState::Merge => Some("merge"),
        RepositoryState::Revert | RepositoryState::RevertSequence => Some("revert"),
        RepositoryState::CherryPick | RepositoryState::CherryPickSequence => Some("cherry-pick"),
        RepositoryState::Bisect => Some("bisect"),
        RepositoryState::Rebase
        | RepositoryState::RebaseInteractive
        | RepositoryState::RebaseMerge => Some("rebase"),
        RepositoryState::ApplyMailbox | RepositoryState::ApplyMailboxOrRebase => {
            Some("apply mailbox")
        }
    }
}
