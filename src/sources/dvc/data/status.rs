//! `dvc data status`: the working tree against what is recorded, and that against what HEAD records.

use super::super::objects::Store;
use super::super::threads;
use super::changes::{self, Change, Kind};
use super::{Data, Entry, lies_in, renames};

/// Paths by what happened to them; those of directories end with `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    pub modified: Vec<String>,
    pub added: Vec<String>,
    pub deleted: Vec<String>,
    /// Before and after.
    pub renamed: Vec<(String, String)>,
    pub unknown: Vec<String>,
    pub unchanged: Vec<String>,
}

/// The whole answer but for what is asked of Git and the remote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataStatus {
    pub not_in_cache: Vec<String>,
    pub committed: Differences,
    pub uncommitted: Differences,
    pub unchanged: Vec<String>,
}

/// Compares three trees. `head` is `None` without Git. Only what lies in one of `targets` is told of, all if there
/// are none.
pub fn data_status(
    head: Option<&Data>,
    recorded: &Data,
    workspace: &Data,
    cache: &Store,
    targets: &[String],
) -> DataStatus {
    let (mut uncommitted, seen) = differences(recorded, workspace, targets);
    let not_in_cache = missing(&seen, cache);
    let mut unchanged = std::mem::take(&mut uncommitted.unchanged);
    let mut committed = Differences::default();
    if let Some(head) = head {
        (committed, _) = differences(head, recorded, targets);
        let mut both = std::mem::take(&mut committed.unchanged);
        both.sort_unstable();
        unchanged.retain(|path| both.binary_search(path).is_ok());
    }
    unchanged.sort_unstable();
    unchanged.dedup();
    DataStatus {
        not_in_cache,
        committed,
        uncommitted,
        unchanged,
    }
}

fn differences<'a>(
    old: &'a Data,
    new: &'a Data,
    targets: &[String],
) -> (Differences, Vec<&'a Entry>) {
    let mut differences = Differences::default();
    let mut seen = Vec::new();
    for change in renames::detect(changes::by_hash(old, new)) {
        let path = change.path();
        if !targets.is_empty() && !targets.iter().any(|target| lies_in(path, target)) {
            continue;
        }
        let hash = |entry: Option<&Entry>| entry.is_some_and(|it| it.hash.is_some());
        if change.kind == Kind::Unchanged && !hash(change.old) && !hash(change.new) {
            continue;
        }
        if change.kind == Kind::Unknown && change.new.is_none() {
            continue;
        }
        seen.extend(change.old.filter(|entry| entry.hash.is_some()));
        let list = match change.kind {
            Kind::Renamed => {
                let pair = change.old.zip(change.new);
                differences
                    .renamed
                    .extend(pair.map(|(old, new)| (shown(old), shown(new))));
                continue;
            }
            Kind::Added => &mut differences.added,
            Kind::Modified => &mut differences.modified,
            Kind::Deleted => &mut differences.deleted,
            Kind::Unchanged => &mut differences.unchanged,
            Kind::Unknown => &mut differences.unknown,
        };
        list.push(listed(&change));
    }
    (differences, seen)
}

fn listed(change: &Change<'_>) -> String {
    let mut sides = [change.new, change.old].into_iter().flatten();
    let is_dir = sides.find(|it| !it.is_blank).is_some_and(|it| it.is_dir);
    with_slash(change.path(), is_dir)
}

pub fn shown(entry: &Entry) -> String {
    with_slash(&entry.path, entry.is_dir)
}

fn with_slash(path: &str, is_dir: bool) -> String {
    if is_dir {
        format!("{path}/")
    } else {
        path.to_owned()
    }
}

/// Those that the cache lacks; whether an object is sound is not looked at.
pub fn missing(entries: &[&Entry], cache: &Store) -> Vec<String> {
    let there = threads::small(entries, |entry| {
        cache.holds(entry.hash.as_ref(), &entry.origin)
    });
    entries
        .iter()
        .zip(there)
        .filter(|(_, is_there)| !is_there)
        .map(|(entry, _)| shown(entry))
        .collect()
}
