//! Two trees side by side.

use std::cmp::Ordering;

use super::{Data, Entry};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Added,
    Modified,
    Deleted,
    Renamed,
    Unchanged,
    /// Below a directory whose contents nobody knows on one of the sides.
    Unknown,
}

/// What became of an entry.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    pub kind: Kind,
    pub old: Option<&'a Entry>,
    pub new: Option<&'a Entry>,
}

impl<'a> Change<'a> {
    /// The path that it is listed under.
    pub fn path(&self) -> &'a str {
        let entry = match self.kind {
            Kind::Added | Kind::Renamed => self.new.or(self.old),
            _ => self.old.or(self.new),
        };
        entry.map_or("", |entry| &entry.path)
    }
}

/// Every pair of entries at one path, with what a comparison of hashes says of it.
pub fn by_hash<'a>(old: &'a Data, new: &'a Data) -> Vec<Change<'a>> {
    pairs(old, new, |old, new| {
        let hash = |entry: Option<&'a Entry>| entry.and_then(|it| it.hash.as_ref());
        match (hash(old), hash(new)) {
            (None, Some(_)) => Kind::Added,
            (Some(_), None) => Kind::Deleted,
            (Some(a), Some(b)) if a != b => Kind::Modified,
            _ => Kind::Unchanged,
        }
    })
}

/// The same; that something became a directory or is no longer there counts as well.
pub fn by_hash_and_kind<'a>(old: &'a Data, new: &'a Data) -> Vec<Change<'a>> {
    pairs(old, new, |old, new| {
        let (old, new) = match (old, new) {
            (None, Some(_)) => return Kind::Added,
            (Some(_), None) => return Kind::Deleted,
            (Some(old), Some(new)) => (old, new),
            (None, None) => return Kind::Unchanged,
        };
        let same_hash = old.hash == new.hash;
        if same_hash && old.is_dir == new.is_dir {
            Kind::Unchanged
        } else {
            Kind::Modified
        }
    })
}

fn pairs<'a>(
    old: &'a Data,
    new: &'a Data,
    judge: impl Fn(Option<&'a Entry>, Option<&'a Entry>) -> Kind,
) -> Vec<Change<'a>> {
    let (mut left, mut right) = (old.entries.iter().peekable(), new.entries.iter().peekable());
    let mut changes = Vec::with_capacity(old.entries.len().max(new.entries.len()));
    loop {
        let order = match (left.peek(), right.peek()) {
            (None, None) => return changes,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) => a.path.cmp(&b.path),
        };
        let a = left.next_if(|_| order != Ordering::Greater);
        let b = right.next_if(|_| order != Ordering::Less);
        let path = a.or(b).map_or("", |entry| &entry.path);
        let kind = if old.is_unknown(path) || new.is_unknown(path) {
            Kind::Unknown
        } else {
            judge(a, b)
        };
        changes.push(Change {
            kind,
            old: a,
            new: b,
        });
    }
}
