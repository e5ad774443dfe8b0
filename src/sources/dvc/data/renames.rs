//! What was deleted in one place and added in another is renamed.

use std::collections::{HashMap, VecDeque};

use super::Hash;
use super::changes::{Change, Kind};

/// Pairs of a deletion and an addition with the same hash become one change, the first by path with the first.
pub fn detect(changes: Vec<Change<'_>>) -> Vec<Change<'_>> {
    let (mut added, mut deleted, mut result) = (Vec::new(), Vec::new(), Vec::new());
    for change in changes {
        match change.kind {
            Kind::Added => added.push(change),
            Kind::Deleted => deleted.push(change),
            _ => result.push(change),
        }
    }
    let by_path = |a: &Change<'_>, b: &Change<'_>| a.path().split('/').cmp(b.path().split('/'));
    added.sort_by(by_path);
    deleted.sort_by(by_path);
    let mut by_hash: HashMap<&Hash, VecDeque<Change<'_>>> = HashMap::new();
    for change in deleted {
        match change.old.and_then(|entry| entry.hash.as_ref()) {
            Some(hash) => by_hash.entry(hash).or_default().push_back(change),
            None => result.push(change),
        }
    }
    for change in added {
        let hash = change.new.and_then(|entry| entry.hash.as_ref());
        let source = hash.and_then(|hash| by_hash.get_mut(hash)?.pop_front());
        result.push(match source {
            Some(source) => Change {
                kind: Kind::Renamed,
                old: source.old,
                new: change.new,
            },
            None => change,
        });
    }
    // The same order every time, whatever order the hashes have.
    let mut left: Vec<Change<'_>> = by_hash.into_values().flatten().collect();
    left.sort_by(by_path);
    result.extend(left);
    result
}
