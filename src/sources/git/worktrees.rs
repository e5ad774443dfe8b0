//! Other working trees of the repository, and the repositories inside it.

use git2::{Repository, SubmoduleIgnore, SubmoduleStatus};

use super::changes::lossy;
use super::error;
use crate::domain::repository::{LinkedWorktree, Submodule};
use crate::sources::SourceError;

/// Linked working trees, by name; the main one is not among them.
pub(super) fn linked(
    repository: &Repository,
    missing: &mut Vec<SourceError>,
) -> Vec<LinkedWorktree> {
    let names = match repository.worktrees() {
        Ok(names) => names,
        Err(cause) => {
            missing.push(error::malformed("worktrees", &cause));
            return Vec::new();
        }
    };
    let mut found: Vec<LinkedWorktree> = names
        .iter_bytes()
        .filter_map(|name| {
            let name = lossy(name);
            match repository.find_worktree(&name) {
                Ok(worktree) => Some(describe(repository, &name, &worktree)),
                Err(cause) => {
                    missing.push(error::malformed(&format!("worktree {name}"), &cause));
                    None
                }
            }
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn describe(repository: &Repository, name: &str, worktree: &git2::Worktree) -> LinkedWorktree {
    // Read as a file: opening each as a repository would cost more than it tells.
    let own = repository.commondir().join("worktrees").join(name);
    let head = std::fs::read_to_string(own.join("HEAD")).unwrap_or_default();
    let head = head.trim();
    let branch = head.strip_prefix("ref: ").map(|target| {
        let name = target.trim();
        name.strip_prefix("refs/heads/").unwrap_or(name).to_owned()
    });
    let commit = match &branch {
        Some(branch) => repository
            .find_reference(&format!("refs/heads/{branch}"))
            .and_then(|it| it.peel_to_commit())
            .map(|commit| commit.id().to_string())
            .ok(),
        None => Some(head.to_owned()).filter(|id| git2::Oid::from_str(id).is_ok()),
    };
    LinkedWorktree {
        name: name.to_owned(),
        path: worktree.path().to_string_lossy().into_owned(),
        branch,
        commit,
        locked: own.join("locked").exists(),
        gone: worktree.validate().is_err(),
    }
}

/// Submodules by path; their working trees are not searched for changes.
pub(super) fn submodules(
    repository: &Repository,
    missing: &mut Vec<SourceError>,
) -> Vec<Submodule> {
    // Without this file there are none, and nothing needs to be searched for them.
    let modules = repository.workdir().map(|root| root.join(".gitmodules"));
    if !modules.is_some_and(|file| file.exists()) {
        return Vec::new();
    }
    let found = match repository.submodules() {
        Ok(found) => found,
        Err(cause) => {
            missing.push(error::malformed("submodules", &cause));
            return Vec::new();
        }
    };
    let mut submodules: Vec<Submodule> = found
        .iter()
        .map(|submodule| {
            let name = String::from_utf8_lossy(submodule.name_bytes()).into_owned();
            let status = repository.submodule_status(&name, SubmoduleIgnore::Dirty);
            let id = |id: Option<git2::Oid>| id.map(|id| id.to_string());
            Submodule {
                path: submodule.path().to_string_lossy().into_owned(),
                url: submodule.opt_url_bytes().map(lossy),
                recorded: id(submodule.head_id()),
                checked_out: id(submodule.workdir_id()),
                state: status.map_or("unknown", state).to_owned(),
                name,
            }
        })
        .collect();
    submodules.sort_by(|a, b| a.path.cmp(&b.path));
    submodules
}

fn state(status: SubmoduleStatus) -> &'static str {
    if status.is_wd_uninitialized() || !status.is_in_wd() {
        "not checked out"
    } else if status.is_wd_modified() {
        "another commit"
    } else if status.is_index_added() || status.is_index_modified() {
        "staged"
    } else if status.is_index_deleted() || status.is_wd_deleted() {
        "deleted"
    } else {
        "clean"
    }
}
