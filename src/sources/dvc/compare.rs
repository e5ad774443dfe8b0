//! The working tree against what is recorded.

use std::collections::HashMap;
use std::fs::Metadata;
use std::path::Path;

use super::hash::{self, Listing};
use super::hashes::{Hashes, Traits, fingerprint};
use super::ignore::Ignore;
use super::index::Found;
use super::lock::{HashKind, Locked};
use super::objects::Store;
use super::walk::{self, File};

/// A larger file is not read; only its size tells.
const FILE_BYTES: u64 = 4 << 30;
/// Bytes hashed in one pass; what is left waits for the next one.
const PASS_BYTES: u64 = 256 << 20;

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
    pub root: &'a Path,
    pub ignore: &'a Ignore,
    pub hashes: &'a mut Hashes,
    /// Told of every file and directory before it is looked at.
    pub watch: &'a mut dyn FnMut(&Path),
    pub left: u64,
    /// Something waits for the next pass.
    pub unfinished: bool,
}

impl<'a> Pass<'a> {
    pub fn new(
        root: &'a Path,
        ignore: &'a Ignore,
        hashes: &'a mut Hashes,
        watch: &'a mut dyn FnMut(&Path),
    ) -> Self {
        Self {
            root,
            ignore,
            hashes,
            watch,
            left: PASS_BYTES,
            unfinished: false,
        }
    }

    /// `locked` is what is recorded of it; without a record anything that is there differs.
    pub fn verdict(&mut self, found: &Found, locked: Option<&Locked>, cache: &Store) -> Verdict {
        if found.outside {
            return Verdict::NotCompared;
        }
        let path = self.root.join(&found.path);
        (self.watch)(&path);
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
        if locked.kind == HashKind::Foreign {
            return Verdict::NotCompared;
        }
        match (data.is_dir(), locked.is_dir()) {
            (true, true) => self.directory(found, &path, locked, cache),
            (false, false) if data.is_file() => self.file(&path, &data, locked, cache),
            (false, _) if !data.is_file() => Verdict::NotCompared,
            _ => Verdict::Differs,
        }
    }

    fn file(&mut self, path: &Path, data: &Metadata, locked: &Locked, cache: &Store) -> Verdict {
        let known_size = locked.size_bytes.filter(|_| locked.kind == HashKind::Md5);
        if known_size.is_some_and(|size| size != data.len()) {
            return Verdict::Differs;
        }
        let traits = Traits::of(data);
        if is_link_into(cache, traits, &locked.hash, locked.kind) {
            return Verdict::Same;
        }
        match self.hash(path, traits, locked.kind) {
            Some(hash) if hash == locked.hash => Verdict::Same,
            Some(_) => Verdict::Differs,
            None => Verdict::NotCompared,
        }
    }

    fn directory(&mut self, found: &Found, path: &Path, locked: &Locked, cache: &Store) -> Verdict {
        let Some(mut files) = walk::files(path, found, self.ignore, self.watch) else {
            return Verdict::NotCompared;
        };
        let bytes: u64 = files.iter().map(|file| file.traits.bytes).sum();
        let is_md5 = locked.kind == HashKind::Md5;
        if locked
            .files
            .is_some_and(|count| count != files.len() as u64)
            || (is_md5 && locked.size_bytes.is_some_and(|size| size != bytes))
        {
            return Verdict::Differs;
        }
        files.sort_by(|a, b| a.relative.cmp(&b.relative));
        let state = fingerprint(&(&files, locked.kind as u8));
        let hash = match self.hashes.directory(path, state) {
            Some(known) => known,
            None => {
                let Some(listed) = self.listing(path, &files, locked, cache) else {
                    return Verdict::NotCompared;
                };
                let hash = hash::of_listing(listed);
                self.hashes.keep_directory(path, state, &hash);
                hash
            }
        };
        if hash == locked.hash {
            Verdict::Same
        } else {
            Verdict::Differs
        }
    }

    /// The hash of every file. `None` where one has none, after as many as this pass has time for.
    fn listing(
        &mut self,
        dir: &Path,
        files: &[File],
        locked: &Locked,
        cache: &Store,
    ) -> Option<Listing> {
        // Only links into the cache need what the cache says is in the directory.
        let linked = files.iter().any(|file| file.traits.readonly);
        let recorded: HashMap<String, String> = linked
            .then(|| cache.listing(locked))
            .flatten()
            .unwrap_or_default()
            .into_iter()
            .collect();
        let mut listed = Vec::with_capacity(files.len());
        for file in files {
            let hash = recorded
                .get(&file.relative)
                .filter(|hash| is_link_into(cache, file.traits, hash, locked.kind))
                .cloned()
                .or_else(|| self.hash(&dir.join(&file.relative), file.traits, locked.kind))?;
            listed.push((file.relative.clone(), hash));
        }
        Some(listed)
    }

    /// `None` where the file cannot be read, is too large, or has to wait.
    fn hash(&mut self, path: &Path, traits: Traits, kind: HashKind) -> Option<String> {
        if let Some(known) = self.hashes.file(path, traits, kind) {
            return Some(known);
        }
        if traits.bytes > FILE_BYTES {
            return None;
        }
        if self.left == 0 {
            self.unfinished = true;
            return None;
        }
        self.left = self.left.saturating_sub(traits.bytes);
        let mut file = std::fs::File::open(path).ok()?;
        let hash = hash::of_file(&mut file, kind).ok()?;
        // While someone writes, the hash is that of a moment: it is not kept.
        let after = Traits::of(&file.metadata().ok()?);
        if after == traits {
            self.hashes.keep_file(path, traits, kind, &hash);
        }
        Some(hash)
    }
}

/// Whether a file is a link (hard or symbolic) to a protected object of the cache, and so cannot differ from it.
fn is_link_into(cache: &Store, traits: Traits, hash: &str, kind: HashKind) -> bool {
    if traits.inode == (0, 0) || !traits.readonly {
        return false;
    }
    cache
        .path(hash, kind)
        .and_then(|object| object.metadata().ok())
        .is_some_and(|object| Traits::of(&object).inode == traits.inode)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::sources::dvc::index::Tracked;
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

    #[test]
    fn what_takes_long_is_done_over_several_passes() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["a", "b", "c"] {
            std::fs::write(dir.path().join(name), "0123456789").unwrap();
        }
        let locked = Locked {
            hash: hash::of_file(&mut &b"0123456789"[..], HashKind::Md5).unwrap(),
            kind: HashKind::Md5,
            size_bytes: Some(10),
            files: None,
            listing: None,
        };
        let cache = Store::new(dir.path().join("cache"));
        let (mut hashes, ignore) = (Hashes::default(), Ignore::default());
        let mut counts = Vec::new();
        for _ in 0..3 {
            let mut watch = |_: &Path| {};
            let mut pass = Pass::new(dir.path(), &ignore, &mut hashes, &mut watch);
            pass.left = 15;
            let verdicts =
                ["a", "b", "c"].map(|it| pass.verdict(&found(it), Some(&locked), &cache));
            let same = verdicts.iter().filter(|it| **it == Verdict::Same).count();
            counts.push((same, pass.unfinished));
        }
        assert_eq!(counts, [(2, true), (3, false), (3, false)]);
    }
}
