//! What differs between HEAD, the index and the working tree.

use git2::{Repository, Status, StatusOptions};

use super::error;
use super::watch::Files;
use crate::domain::repository::{FileChange, WorktreeState};
use crate::sources::SourceError;

/// Changes by path. Ignored files are left out, submodules are not entered, and an untracked directory is one
/// entry that ends with `/`. Every tracked file is noted in `files`.
pub(super) fn read(
    repository: &Repository,
    files: &mut Files,
    missing: &mut Vec<SourceError>,
) -> WorktreeState {
    let mut state = WorktreeState {
        bare: repository.is_bare(),
        ..WorktreeState::default()
    };
    if state.bare {
        return state;
    }
    // Stamped before they are compared: a change in between is then seen at the next poll.
    match repository.index() {
        Ok(index) => files.add_index(repository, &index),
        Err(cause) => missing.push(error::malformed("index", &cause)),
    }
    let mut options = StatusOptions::new();
    options
        .include_untracked(true)
        .recurse_untracked_dirs(false)
        .include_ignored(false)
        .exclude_submodules(true)
        .include_unreadable(true)
        .renames_head_to_index(true);
    let statuses = match repository.statuses(Some(&mut options)) {
        Ok(statuses) => statuses,
        Err(cause) => {
            missing.push(error::malformed("working tree", &cause));
            return state;
        }
    };
    for entry in statuses.iter() {
        sort_in(&mut state, &entry);
    }
    state
}

fn sort_in(state: &mut WorktreeState, entry: &git2::StatusEntry<'_>) {
    let status = entry.status();
    let old = lossy(entry.path_bytes());
    // A renamed entry is listed under its old path.
    let renamed = entry
        .head_to_index()
        .and_then(|delta| delta.new_file().path_bytes().map(lossy));
    let staged_path = renamed.unwrap_or_else(|| old.clone());
    if status.contains(Status::CONFLICTED) {
        state.conflicted.push(old);
        return;
    }
    if status.contains(Status::WT_NEW) {
        state.untracked.push(old);
        return;
    }
    let staged = [
        (Status::INDEX_NEW, "added"),
        (Status::INDEX_MODIFIED, "modified"),
        (Status::INDEX_DELETED, "deleted"),
        (Status::INDEX_RENAMED, "renamed"),
        (Status::INDEX_TYPECHANGE, "typechange"),
    ];
    let unstaged = [
        (Status::WT_MODIFIED, "modified"),
        (Status::WT_DELETED, "deleted"),
        (Status::WT_RENAMED, "renamed"),
        (Status::WT_TYPECHANGE, "typechange"),
        (Status::WT_UNREADABLE, "unreadable"),
    ];
    let pick = |table: [(Status, &str); 5], path: &str| {
        let (_, change) = table.into_iter().find(|(flag, _)| status.contains(*flag))?;
        Some(FileChange {
            path: path.to_owned(),
            change: change.to_owned(),
        })
    };
    state.staged.extend(pick(staged, &staged_path));
    state.unstaged.extend(pick(unstaged, &staged_path));
}

pub(super) fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
