//! The working tree against what is recorded, for those who look again and again.

use super::hasher::Hasher;
use super::hashes::Traits;
use super::ignore::Ignore;
use super::index::Found;
use super::limits::{FILE_BYTES, Limits};
use super::lock::{HashKind, Locked};
use super::objects::Store;
use super::project::Moment;
use std::path::Path;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Same,
    Differs,
    Absent,
    /// Too large, unreadable, or not yet looked at.
    NotCompared,
}

/// One pass over the outputs of a working tree.
pub struct Pass<'a> {
    root: &'a Path,
    ignore: &'a Ignore,
    hasher: Hasher<'a>,
}

impl<'a> Pass<'a> {
    pub fn new(root: &'a Path, ignore: &'a Ignore, moment: Moment<'a>, limits: Limits<'a>) -> Self {
        Self {
            root,
            ignore,
            hasher: Hasher::new(root, ignore, moment.kept, moment.now).limited(limits),
        }
    }

    /// Whether something waits for the next pass.
    pub fn is_unfinished(&self) -> bool {
        self.hasher.limits().is_some_and(|limits| limits.unfinished)
    }

    pub fn watch(&mut self, path: &Path) {
        if let Some(limits) = self.hasher.limits_mut() {
            limits.watch(path);
        }
    }

    /// `locked` is what is recorded of it; without a record anything that is there differs.
    pub fn verdict(&mut self, found: &Found, locked: Option<&Locked>, cache: &Store) -> Verdict {
        if found.outside {
            return Verdict::NotCompared;
        }
        let path = self.root.join(&found.path);
        self.watch(&path);
        let data = match path.metadata() {
            Ok(data) => data,
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Verdict::Absent,
            Err(_) => return Verdict::NotCompared,
        };
        if self.ignore.matches(&found.root, &found.path, data.is_dir()) {
            return Verdict::Absent;
        }
        let Some(locked) = locked else {
            return Verdict::Differs;
        };
        if locked.kind == HashKind::Foreign || !(data.is_dir() || data.is_file()) {
            return Verdict::NotCompared;
        }
        if data.is_dir() != locked.is_dir() {
            return Verdict::Differs;
        }
        if data.is_file() {
            // Who sees another size need not wait for the hash.
            let known = locked.size_bytes.filter(|_| locked.kind == HashKind::Md5);
            if known.is_some_and(|size| size != data.len()) {
                return Verdict::Differs;
            }
            if cache.is_link(Traits::of(&data), &locked.hash, locked.kind) {
                return Verdict::Same;
            }
            if data.len() > FILE_BYTES {
                return Verdict::NotCompared;
            }
        }
        if let Some(limits) = self.hasher.limits_mut() {
            limits.expect(locked, cache);
        }
        self.hasher.within(&found.root);
        match self.hasher.content(&found.path, locked.kind) {
            Ok(content) if content.hash() == Some(&locked.hash) => Verdict::Same,
            Ok(content) if content.hash().is_none() => Verdict::Absent,
            Ok(_) => Verdict::Differs,
            Err(_) => Verdict::NotCompared,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::sources::dvc::hash;
    use crate::sources::dvc::index::Tracked;
    use crate::sources::dvc::memory::KeptInMemory;
    use crate::sources::dvc::pipeline::{Out, Role};

    fn found(path: &str) -> Found {
        Found {
            tracked: Tracked {
                out: Out::plain(path, Role::Out),
                locked: None,
            },
            path: path.to_owned(),
            outside: false,
            stage: String::new(),
            file: String::new(),
            root: String::new(),
            record_read: true,
        }
    }

    /// The verdicts of as many passes of 15 bytes each, and whether each left something.
    fn passes(names: &[&str], locked: &Locked, dir: &Path) -> Vec<(usize, bool)> {
        let cache = Store::new(dir.join("cache"));
        let (kept, ignore) = (KeptInMemory::default(), Ignore::default());
        let mut counts = Vec::new();
        for _ in 0..4 {
            let mut watch = |_: &Path| {};
            let moment = Moment {
                kept: &kept,
                now: i64::MAX,
            };
            let limits = Limits::new(&mut watch).bytes(15);
            let mut pass = Pass::new(dir, &ignore, moment, limits);
            let verdicts = names
                .iter()
                .map(|it| pass.verdict(&found(it), Some(locked), &cache));
            let same = verdicts.filter(|it| *it == Verdict::Same).count();
            counts.push((same, pass.is_unfinished()));
        }
        counts
    }

    #[test]
    fn what_takes_long_is_done_over_several_passes() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["a", "b", "c", "d/1", "d/2", "d/3", "d/4", "d/5"] {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "0123456789").unwrap();
        }
        let md5 = hash::of_file(&mut &b"0123456789"[..], HashKind::Md5).unwrap();
        let locked = |hash: String| Locked {
            hash,
            kind: HashKind::Md5,
            size_bytes: None,
            files: None,
            listing: None,
        };
        let file = locked(md5.clone());
        assert_eq!(
            passes(&["a", "b", "c"], &file, dir.path()),
            [(2, true), (3, false), (3, false), (3, false)]
        );
        let files = (1..6).map(|at| (at.to_string(), md5.clone())).collect();
        let directory = locked(hash::of_listing(files));
        assert_eq!(
            passes(&["d"], &directory, dir.path()),
            [(0, true), (0, true), (1, false), (1, false)]
        );
    }
}
