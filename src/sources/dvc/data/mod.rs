//! The data of one tree, file by file: what is recorded, or what lies on disk. Two of them can be compared.

mod changes;
mod diff;
mod listings;
mod recorded;
mod remote;
mod renames;
mod status;
mod workspace;

use std::collections::HashSet;

pub use self::diff::{Diff, diff};
pub use self::listings::Listings;
pub use self::recorded::recorded;
pub use self::remote::not_in_remote;
pub use self::status::{DataStatus, Differences, data_status};
pub use self::workspace::workspace;

use super::lock::HashKind;

/// How a file or directory is known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Hash {
    pub kind: HashKind,
    /// With `.dir` for a directory.
    pub value: String,
}

/// A file or directory.
#[derive(Clone, Debug)]
pub struct Entry {
    /// From the repository's root.
    pub path: String,
    pub is_dir: bool,
    /// Declared, but nothing is recorded of it.
    pub is_blank: bool,
    /// `None` for what was never produced, and for directories that are tracked by their parts only.
    pub hash: Option<Hash>,
    pub size: Option<u64>,
    /// Where an import that was not downloaded comes from: it is in no cache and on no remote of ours.
    pub origin: Option<String>,
}

/// Entries by path, and what nobody knows the contents of.
#[derive(Clone, Debug, Default)]
pub struct Data {
    /// Sorted by path.
    pub entries: Vec<Entry>,
    /// Directories whose listing is neither in the cache nor on a remote that was looked at.
    pub unknown: Vec<String>,
}

impl Data {
    /// Sorts; of two entries at one path the first one counts.
    fn of(mut entries: Vec<Entry>, mut unknown: Vec<String>) -> Self {
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        entries.dedup_by(|b, a| a.path == b.path);
        unknown.sort_unstable();
        unknown.dedup();
        Self { entries, unknown }
    }

    /// Keeps what is at one of the paths, below, or above on the way to it.
    pub fn narrow(&mut self, targets: &[String]) {
        self.entries.retain(|entry| {
            let path = &entry.path;
            targets
                .iter()
                .any(|target| lies_in(path, target) || lies_in(target, path))
        });
    }

    /// Whether the directory that a path lies in has contents that nobody knows.
    fn is_unknown(&self, path: &str) -> bool {
        let mut parents = path.match_indices('/').map(|(at, _)| &path[..at]);
        !self.unknown.is_empty()
            && parents.any(|parent| {
                let known = self
                    .unknown
                    .binary_search_by(|dir| dir.as_str().cmp(parent));
                known.is_ok()
            })
    }

    pub fn get(&self, path: &str) -> Option<&Entry> {
        let at = self
            .entries
            .binary_search_by(|entry| entry.path.as_str().cmp(path));
        self.entries.get(at.ok()?)
    }
}

/// `path` is `dir` or below it.
pub fn lies_in(path: &str, dir: &str) -> bool {
    path.strip_prefix(dir)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A path and the directories that lead to it, from the top.
pub fn prefixes(path: &str) -> impl Iterator<Item = &str> {
    let ends = path.match_indices('/').map(|(at, _)| at);
    ends.chain([path.len()]).map(|end| &path[..end])
}

/// The directories that lead to outputs are entries too, without a hash.
fn parents_of<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<Entry> {
    let mut known: HashSet<&str> = HashSet::new();
    let mut last = "";
    for path in paths {
        let parent = super::paths::parent(path);
        if parent != last {
            known.extend(prefixes(parent).filter(|it| !it.is_empty()));
            last = parent;
        }
    }
    let entry = |path: &str| Entry {
        path: path.to_owned(),
        is_dir: true,
        is_blank: false,
        hash: None,
        size: None,
        origin: None,
    };
    known.into_iter().map(entry).collect()
}
