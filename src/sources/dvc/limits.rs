//! What someone who looks again and again can wait for: so much in one pass, the rest in the next ones.

use std::collections::HashMap;
use std::path::Path;

use super::hashes::Traits;
use super::lock::{HashKind, Locked};
use super::objects::Store;

/// A larger file is not read; only its size tells.
pub const FILE_BYTES: u64 = 4 << 30;
/// A directory with more files is not compared.
pub const FILES: usize = 200_000;
/// Bytes hashed in one pass; what is left waits for the next one.
const PASS_BYTES: u64 = 256 << 20;
/// Files of one output that are watched for edits in place; that files come and go is always seen.
const WATCHED: usize = 5_000;

/// The limits of one pass.
pub struct Limits<'a> {
    /// Told of every file and directory before it is looked at.
    watch: &'a mut dyn FnMut(&Path),
    left: u64,
    /// Something waits for the next pass.
    pub unfinished: bool,
    /// What is recorded of the directory that is looked at, and where its objects are.
    expected: Option<(Locked, Store)>,
}

impl<'a> Limits<'a> {
    pub fn new(watch: &'a mut dyn FnMut(&Path)) -> Self {
        Self {
            watch,
            left: PASS_BYTES,
            unfinished: false,
            expected: None,
        }
    }

    #[cfg(test)]
    pub fn bytes(mut self, left: u64) -> Self {
        self.left = left;
        self
    }

    pub fn watch(&mut self, path: &Path) {
        (self.watch)(path);
    }

    pub fn watch_files(&mut self, dir: &Path, files: &[(String, Traits)]) {
        for (name, _) in files.iter().take(WATCHED) {
            (self.watch)(&dir.join(name));
        }
    }

    pub fn expect(&mut self, locked: &Locked, cache: &Store) {
        self.expected = Some((locked.clone(), cache.clone()));
    }

    /// How many of these files, given by their sizes, may be hashed now.
    pub fn take(&mut self, sizes: impl Iterator<Item = u64>) -> usize {
        let mut taken = 0;
        for size in sizes {
            if self.left == 0 {
                self.unfinished = true;
                break;
            }
            self.left = self.left.saturating_sub(size);
            taken += 1;
        }
        taken
    }

    /// The hashes of files that are links into the cache, and so need not be read.
    pub fn linked(&self, files: &[(String, Traits)], kind: HashKind) -> HashMap<String, String> {
        let mut linked = HashMap::new();
        let may_be = files.iter().any(|(_, traits)| traits.readonly);
        if let Some((locked, cache)) = self.expected.as_ref().filter(|_| may_be) {
            let recorded: HashMap<String, String> = cache
                .listing(locked)
                .unwrap_or_default()
                .into_iter()
                .collect();
            for (name, traits) in files {
                let hash = recorded.get(name);
                if let Some(hash) = hash.filter(|hash| cache.is_link(*traits, hash, kind)) {
                    linked.insert(name.clone(), hash.clone());
                }
            }
        }
        linked
    }
}
