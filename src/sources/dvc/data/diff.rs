//! `dvc diff`: data added, deleted, modified and renamed between two trees.

use std::collections::HashSet;

use super::super::objects::Store;
use super::super::threads;
use super::changes::{self, Change, Kind};
use super::status::shown;
use super::{Data, Entry, prefixes, renames};

/// Each list by the (old) path; hashes are `None` for what was never produced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    pub added: Vec<(String, Option<String>)>,
    pub deleted: Vec<(String, Option<String>)>,
    /// Path, hash before, hash after.
    pub modified: Vec<(String, Option<String>, Option<String>)>,
    /// Path before, path after, hash.
    pub renamed: Vec<(String, String, Option<String>)>,
    pub not_in_cache: Vec<(String, Option<String>)>,
}

impl Diff {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Compares; `roots` are the outputs of either side, `cache` is given where what the old side lacks in it is told.
pub fn diff(old: &Data, new: &Data, roots: &HashSet<String>, cache: Option<&Store>) -> Diff {
    let mut found: Vec<Change<'_>> = Vec::new();
    for change in changes::by_hash_and_kind(old, new) {
        if cache.is_none() && change.kind == Kind::Unchanged {
            continue;
        }
        // An output within a directory that is an output on the other side is met twice.
        let times = prefixes(change.path()).filter(|prefix| roots.contains(*prefix));
        found.extend(times.map(|_| change));
    }
    let mut diff = Diff::default();
    let mut seen = Vec::new();
    for change in renames::detect(found) {
        let is_bare =
            |entry: Option<&Entry>| entry.is_some_and(|it| it.is_dir && it.hash.is_none());
        if is_bare(change.old) || is_bare(change.new) {
            continue;
        }
        add(&change, &mut diff);
        seen.extend(change.old.filter(|entry| entry.hash.is_some()));
    }
    if let Some(cache) = cache {
        let there = threads::small(&seen, |entry| {
            cache.holds(entry.hash.as_ref(), &entry.origin)
        });
        let missing = seen.iter().zip(there).filter(|(_, is_there)| !is_there);
        diff.not_in_cache = missing
            .map(|(entry, _)| (shown(entry), hash(entry)))
            .collect();
    }
    diff.added.sort_by(|a, b| a.0.cmp(&b.0));
    diff.deleted.sort_by(|a, b| a.0.cmp(&b.0));
    diff.modified.sort_by(|a, b| a.0.cmp(&b.0));
    diff.renamed.sort_by(|a, b| a.0.cmp(&b.0));
    diff.not_in_cache.sort_by(|a, b| a.0.cmp(&b.0));
    diff
}

fn hash(entry: &Entry) -> Option<String> {
    entry.hash.as_ref().map(|hash| hash.value.clone())
}

fn add(change: &Change<'_>, diff: &mut Diff) {
    match (change.kind, change.old, change.new) {
        (Kind::Added, _, Some(new)) => diff.added.push((shown(new), hash(new))),
        (Kind::Deleted, Some(old), _) => diff.deleted.push((shown(old), hash(old))),
        (Kind::Modified, Some(old), new) => {
            let after = new.and_then(hash);
            diff.modified.push((shown(old), hash(old), after));
        }
        (Kind::Renamed, Some(old), Some(new)) => {
            diff.renamed.push((shown(old), shown(new), hash(old)));
        }
        _ => {}
    }
}
