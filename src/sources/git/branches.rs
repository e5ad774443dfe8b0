//! Local and remote-tracking branches, and how far each is from its upstream.

use std::collections::HashMap;

use git2::{BranchType, Oid, Repository};

use super::error;
use crate::domain::repository::Branch;
use crate::sources::SourceError;

/// (branch, upstream) -> (ahead, behind): a pair of commits never changes its distance.
pub(super) type Distances = HashMap<(Oid, Oid), (usize, usize)>;

/// Local branches first, each kind by name. A branch that cannot be read is named in `missing`.
pub(super) fn read(
    repository: &Repository,
    distances: &mut Distances,
    missing: &mut Vec<SourceError>,
) -> Vec<Branch> {
    let found = match repository.branches(None) {
        Ok(found) => found,
        Err(cause) => {
            missing.push(error::malformed("branches", &cause));
            return Vec::new();
        }
    };
    let mut branches = Vec::new();
    for entry in found {
        match entry {
            Ok((branch, kind)) => {
                if let Some(branch) = describe(repository, &branch, kind, distances, missing) {
                    branches.push(branch);
                }
            }
            Err(cause) => missing.push(error::malformed("a branch", &cause)),
        }
    }
    if distances.len() > 4 * branches.len() + 64 {
        distances.clear();
    }
    branches.sort_by(|a, b| (a.remote, &a.name).cmp(&(b.remote, &b.name)));
    branches
}

/// `None` for a symbolic one such as `origin/HEAD`, which only repeats another.
fn describe(
    repository: &Repository,
    branch: &git2::Branch<'_>,
    kind: BranchType,
    distances: &mut Distances,
    missing: &mut Vec<SourceError>,
) -> Option<Branch> {
    let name = String::from_utf8_lossy(branch.get().shorthand_bytes()).into_owned();
    if branch.get().symbolic_target_bytes().is_some() && kind == BranchType::Remote {
        return None;
    }
    let id = match branch.get().peel_to_commit() {
        Ok(commit) => commit.id(),
        Err(cause) => {
            missing.push(error::malformed(&format!("branch {name}"), &cause));
            return None;
        }
    };
    let upstream = (kind == BranchType::Local)
        .then(|| branch.upstream().ok())
        .flatten();
    let distance = upstream.as_ref().and_then(|upstream| {
        let theirs = upstream.get().peel_to_commit().ok()?.id();
        if let Some(known) = distances.get(&(id, theirs)) {
            return Some(*known);
        }
        let found = repository.graph_ahead_behind(id, theirs).ok()?;
        distances.insert((id, theirs), found);
        Some(found)
    });
    Some(Branch {
        name,
        commit: id.to_string(),
        remote: kind == BranchType::Remote,
        upstream: upstream
            .map(|it| String::from_utf8_lossy(it.get().shorthand_bytes()).into_owned()),
        ahead: distance.map(|(ahead, _)| ahead),
        behind: distance.map(|(_, behind)| behind),
        is_head: kind == BranchType::Local && branch.is_head(),
    })
}
