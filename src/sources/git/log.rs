//! The newest commits of HEAD's history, without reading the rest of it.
//!
//! libgit2 sorts the whole history before it hands out the first commit of a sorted walk; a queue by commit
//! time, as `git log` itself uses, touches only what is shown and its parents.

use std::collections::{BinaryHeap, HashSet};

use git2::{ErrorCode, Oid, Repository};
use jiff::Timestamp;

use super::error;
use crate::domain::repository::Commit;
use crate::sources::SourceError;

/// Bytes of a message that are kept for the summary or a tag's text.
const TEXT_LIMIT: usize = 4096;

/// A commit waiting for its turn: the newest first, among equals the one found first.
type Waiting = (i64, std::cmp::Reverse<usize>, Oid);

/// At most `limit` commits in the order of `git log`, and whether they reach the first commit.
///
/// A parent that cannot be read is named in `missing`, and the walk goes on without it. In a shallow clone
/// the history ends at its boundary, which is not the first commit.
pub(super) fn read(
    repository: &Repository,
    head: Option<Oid>,
    limit: usize,
    missing: &mut Vec<SourceError>,
) -> (Vec<Commit>, bool) {
    let Some(head) = head else {
        return (Vec::new(), true);
    };
    let mut complete = !repository.is_shallow();
    let mut log = Vec::new();
    let mut seen = HashSet::from([head]);
    let mut queue: BinaryHeap<Waiting> = BinaryHeap::new();
    let mut found = 0;
    let mut push = |id: Oid, queue: &mut BinaryHeap<Waiting>| match repository.find_commit(id) {
        Ok(commit) => {
            queue.push((commit.time().seconds(), std::cmp::Reverse(found), id));
            found += 1;
            true
        }
        Err(cause) => {
            if !(repository.is_shallow() && cause.code() == ErrorCode::NotFound) {
                missing.push(error::malformed(&format!("commit {id}"), &cause));
            }
            false
        }
    };
    complete &= push(head, &mut queue);
    while log.len() < limit {
        let Some((_, _, id)) = queue.pop() else {
            break;
        };
        let Ok(commit) = repository.find_commit(id) else {
            continue;
        };
        for parent in commit.parent_ids() {
            if seen.insert(parent) {
                complete &= push(parent, &mut queue);
            }
        }
        log.push(describe(&commit));
    }
    (log, complete && queue.is_empty())
}

pub(super) fn describe(commit: &git2::Commit<'_>) -> Commit {
    let latin = is_latin_message(commit);
    let text = |bytes: &[u8]| text_of(bytes, latin);
    Commit {
        id: commit.id().to_string(),
        parents: commit.parent_ids().map(|id| id.to_string()).collect(),
        author: text(commit.author().name_bytes()),
        at: Timestamp::from_second(commit.time().seconds()).ok(),
        summary: text(commit.summary_bytes().unwrap_or_default()),
    }
}

pub(super) fn is_latin_message(commit: &git2::Commit<'_>) -> bool {
    let encoding = commit.message_encoding().ok().flatten();
    encoding.is_some_and(is_latin)
}

pub(super) fn is_latin(encoding: &str) -> bool {
    let name = encoding.to_ascii_lowercase();
    ["iso-8859-1", "iso8859-1", "latin1", "latin-1"].contains(&name.as_str())
}

/// Bytes as text, cut where they are very long; ISO-8859-1 if `latin`, else UTF-8.
pub(super) fn text_of(bytes: &[u8], latin: bool) -> String {
    let kept = clip(bytes);
    if latin {
        return kept.iter().map(|byte| char::from(*byte)).collect();
    }
    let mut text = String::from_utf8_lossy(kept).into_owned();
    if kept.len() < bytes.len() {
        while text.ends_with('\u{fffd}') {
            text.pop();
        }
        text.push('…');
    }
    text
}

fn clip(bytes: &[u8]) -> &[u8] {
    bytes.get(..TEXT_LIMIT).unwrap_or(bytes)
}
