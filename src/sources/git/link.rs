//! Joining an id named elsewhere (a model version's metadata, an image tag) to this repository's history.

use git2::{ErrorCode, Repository};

pub(super) fn resolve(repository: &Repository, name: &str) -> Option<String> {
    let name = name.trim();
    let looks_like_id =
        (4..=40).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_hexdigit());
    if looks_like_id {
        match repository.find_commit_by_prefix(name) {
            Ok(commit) => return Some(commit.id().to_string()),
            Err(cause) if cause.code() == ErrorCode::Ambiguous => return None,
            Err(_) => {}
        }
    }
    let object = repository.revparse_single(name).ok()?;
    Some(object.peel_to_commit().ok()?.id().to_string())
}

pub(super) fn behind(repository: &Repository, name: &str) -> Option<usize> {
    let commit = git2::Oid::from_str(&resolve(repository, name)?).ok()?;
    let head = repository.head().ok()?.peel_to_commit().ok()?.id();
    let (only_head, _) = repository.graph_ahead_behind(head, commit).ok()?;
    Some(only_head)
}
