//! Trees: what differs between two, and where a path leads.

use std::cmp::Ordering;

use gix::objs::Kind;

use crate::domain::history::CommitId;
use crate::domain::history::diff::Change;
use crate::sources::SourceError;

use super::objects::Objects;

/// Directories inside each other that are entered.
const DEEPEST: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub mode: u32,
    pub id: CommitId,
}

impl Entry {
    pub(super) fn is_tree(self) -> bool {
        self.mode & 0o170_000 == 0o040_000
    }
}

struct Named<'t> {
    name: &'t [u8],
    entry: Entry,
}

/// The entries of a tree's bytes, as far as they make sense.
fn entries(mut bytes: &[u8]) -> impl Iterator<Item = Named<'_>> {
    std::iter::from_fn(move || {
        let space = memchr::memchr(b' ', bytes)?;
        let mode = std::str::from_utf8(&bytes[..space]).ok()?;
        let mode = u32::from_str_radix(mode, 8).ok()?;
        let rest = &bytes[space + 1..];
        let end = memchr::memchr(0, rest)?;
        let name = &rest[..end];
        let (id, after) = rest[end + 1..].split_first_chunk()?;
        bytes = after;
        Some(Named {
            name,
            entry: Entry {
                mode,
                id: CommitId(*id),
            },
        })
    })
}

/// As Git sorts them: directories as if their names ended with `/`.
fn order(a: &Named<'_>, b: &Named<'_>) -> Ordering {
    let common = a.name.len().min(b.name.len());
    let next = |named: &Named<'_>| {
        let ending = named.entry.is_tree().then_some(b'/');
        named.name.get(common).copied().or(ending)
    };
    a.name[..common]
        .cmp(&b.name[..common])
        .then_with(|| next(a).cmp(&next(b)))
}

/// A file that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Differs {
    pub path: String,
    pub change: Change,
    pub old: Option<Entry>,
    pub new: Option<Entry>,
}

/// Tells every file that differs between two trees, by path, until it is told to stop with `false`.
///
/// Directories that are the same are not read.
pub(super) fn differences(
    objects: &mut Objects,
    from: Option<CommitId>,
    to: Option<CommitId>,
    tell: &mut dyn FnMut(Differs) -> bool,
) -> Result<(), SourceError> {
    if from == to {
        return Ok(());
    }
    descend(objects, from, to, &mut Vec::new(), 0, tell).map(|_| ())
}

fn read(objects: &mut Objects, tree: Option<CommitId>) -> Result<Vec<u8>, SourceError> {
    match tree {
        Some(id) => objects.bytes(id, Kind::Tree).map(<[u8]>::to_vec),
        None => Ok(Vec::new()),
    }
}

fn descend(
    objects: &mut Objects,
    from: Option<CommitId>,
    to: Option<CommitId>,
    path: &mut Vec<u8>,
    depth: usize,
    tell: &mut dyn FnMut(Differs) -> bool,
) -> Result<bool, SourceError> {
    if depth > DEEPEST {
        return Ok(true);
    }
    let (from, to) = (read(objects, from)?, read(objects, to)?);
    let (mut olds, mut news) = (entries(&from).peekable(), entries(&to).peekable());
    loop {
        let side = match (olds.peek(), news.peek()) {
            (None, None) => return Ok(true),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(old), Some(new)) => order(old, new),
        };
        let old = (side != Ordering::Greater).then(|| olds.next()).flatten();
        let new = (side != Ordering::Less).then(|| news.next()).flatten();
        let (old_entry, new_entry) = (old.as_ref().map(|e| e.entry), new.as_ref().map(|e| e.entry));
        if old_entry == new_entry {
            continue;
        }
        let Some(name) = old.or(new).map(|named| named.name) else {
            return Ok(true);
        };
        let length = path.len();
        path.extend_from_slice(name);
        let tree = |entry: Option<Entry>| entry.filter(|e| e.is_tree()).map(|e| e.id);
        let file = |entry: Option<Entry>| entry.filter(|e| !e.is_tree());
        let (old_file, new_file) = (file(old_entry), file(new_entry));
        if old_file != new_file {
            let differs = Differs {
                path: String::from_utf8_lossy(path).into_owned(),
                change: match (old_file, new_file) {
                    (None, _) => Change::Added,
                    (_, None) => Change::Deleted,
                    (Some(old), Some(new)) if old.mode >> 12 != new.mode >> 12 => {
                        Change::Typechange
                    }
                    _ => Change::Modified,
                },
                old: old_file,
                new: new_file,
            };
            if !tell(differs) {
                return Ok(false);
            }
        }
        let (old_tree, new_tree) = (tree(old_entry), tree(new_entry));
        if old_tree != new_tree {
            path.push(b'/');
            if !descend(objects, old_tree, new_tree, path, depth + 1, tell)? {
                return Ok(false);
            }
        }
        path.truncate(length);
    }
}

/// What lies at a path, as it is written in the repository.
pub(super) fn lookup(
    objects: &mut Objects,
    tree: CommitId,
    path: &str,
) -> Result<Option<Entry>, SourceError> {
    let mut at = Entry {
        mode: 0o040_000,
        id: tree,
    };
    for part in path.split('/') {
        if !at.is_tree() {
            return Ok(None);
        }
        let bytes = objects.bytes(at.id, Kind::Tree)?;
        match entries(bytes).find(|named| named.name == part.as_bytes()) {
            Some(named) => at = named.entry,
            None => return Ok(None),
        }
    }
    Ok(Some(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_sorts_as_if_it_ended_with_a_slash() {
        let named = |name: &'static str, mode| Named {
            name: name.as_bytes(),
            entry: Entry {
                mode,
                id: CommitId::default(),
            },
        };
        let (dir, file) = (0o040_000, 0o100_644);
        assert_eq!(
            order(&named("a", dir), &named("a.b", file)),
            Ordering::Greater
        );
        assert_eq!(
            order(&named("a", file), &named("a.b", file)),
            Ordering::Less
        );
        assert_eq!(order(&named("a", file), &named("a", dir)), Ordering::Less);
        assert_eq!(order(&named("a", dir), &named("a", dir)), Ordering::Equal);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
            let _ = entries(&bytes).count();
        }
    }
}
