//! Stores of objects: the cache, and remotes that are directories on this machine. Only `stat` and read.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::data::Hash;
use super::hash::Listing;
use super::hasher::Hasher;
use super::hashes::Traits;
use super::lock::{HashKind, Locked};
use super::threads;

/// Bytes of a listing (some 10,000 files) whose files are looked for one by one; a longer one stands for them.
const SEARCHED_LIMIT: u64 = 1 << 20;
/// Bytes of a listing that are read.
const LISTING_LIMIT: u64 = 1 << 30;

/// How a store has an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    No,
    Yes,
    /// It is there, and has to be read.
    Unprotected(PathBuf),
}

#[derive(Clone, Debug)]
pub struct Store {
    root: PathBuf,
}

impl Store {
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// Where an object lies: `files/md5/ab/cd…` since DVC 3, `ab/cd…` before.
    pub fn path(&self, hash: &str, kind: HashKind) -> Option<PathBuf> {
        let (first, rest) = hash.split_at_checked(2)?;
        let is_hash = |text: &str| text.bytes().all(|b| b.is_ascii_hexdigit());
        if rest.is_empty() || !is_hash(first) || !is_hash(rest.strip_suffix(".dir").unwrap_or(rest))
        {
            return None;
        }
        match kind {
            HashKind::Md5 => Some(self.root.join("files/md5").join(first).join(rest)),
            HashKind::Md5Dos2Unix => Some(self.root.join(first).join(rest)),
            HashKind::Foreign => None,
        }
    }

    /// Whether the object, and for a directory every object listed in it, is there. `None` if that has no answer.
    pub fn has(&self, locked: &Locked) -> Option<bool> {
        let path = self.path(&locked.hash, locked.kind)?;
        if !path.is_file() {
            return Some(false);
        }
        if !locked.is_dir() {
            return Some(true);
        }
        let is_there = |(_, hash): &(String, String)| {
            self.path(hash, locked.kind)
                .is_some_and(|path| path.is_file())
        };
        Some(listing(&path, SEARCHED_LIMIT).is_none_or(|listed| listed.iter().all(is_there)))
    }

    /// Whether an object is there, whatever is in it. What comes from elsewhere is not in a store of ours.
    pub fn holds(&self, hash: Option<&Hash>, origin: &Option<String>) -> bool {
        let path = hash.and_then(|hash| self.path(&hash.value, hash.kind));
        origin.is_none() && path.is_some_and(|path| path.is_file())
    }

    /// Whether an object is there, and whether its name can be believed.
    ///
    /// DVC protects what it has written (0444), and believes the name then; what is not protected it hashes.
    pub fn held(&self, hash: &str, kind: HashKind) -> Held {
        let Some(path) = self.path(hash, kind) else {
            return Held::No;
        };
        match path.metadata() {
            Ok(data) if is_protected(&data) => Held::Yes,
            Ok(_) => Held::Unprotected(path),
            Err(_) => Held::No,
        }
    }

    /// Whether each of these objects is there and what its name says; `hasher` reads those that are not protected.
    pub fn sound(&self, objects: &[(&str, HashKind)], hasher: &mut Hasher<'_>) -> Vec<bool> {
        let held = threads::small(objects, |(hash, kind)| self.held(hash, *kind));
        let mut is_sound = Vec::with_capacity(objects.len());
        for ((hash, kind), held) in objects.iter().zip(held) {
            is_sound.push(match held {
                Held::Yes => true,
                Held::No => false,
                Held::Unprotected(path) => {
                    let found = hasher.of_paths(vec![path], *kind).pop().flatten();
                    found.as_deref() == Some(hash.strip_suffix(".dir").unwrap_or(hash))
                }
            });
        }
        is_sound
    }

    /// Whether a file is a link (hard or symbolic) to a protected object, and so cannot differ from it.
    pub fn is_link(&self, traits: Traits, hash: &str, kind: HashKind) -> bool {
        if traits.inode == (0, 0) || !traits.readonly {
            return false;
        }
        self.path(hash, kind)
            .and_then(|object| object.metadata().ok())
            .is_some_and(|object| Traits::of(&object).inode == traits.inode)
    }

    /// The files of a directory and their hashes; `None` if its listing is not there.
    pub fn listing(&self, locked: &Locked) -> Option<Listing> {
        listing(&self.path(&locked.hash, locked.kind)?, LISTING_LIMIT)
    }
}

#[cfg(unix)]
fn is_protected(data: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    data.permissions().mode() & 0o7777 == 0o444
}

#[cfg(not(unix))]
fn is_protected(data: &std::fs::Metadata) -> bool {
    data.permissions().readonly()
}

#[derive(Deserialize)]
struct Listed {
    relpath: String,
    md5: String,
}

/// `None` if it is longer than `limit` bytes, or no listing.
fn listing(path: &Path, limit: u64) -> Option<Listing> {
    if path.metadata().ok()?.len() > limit {
        return None;
    }
    let listed: Vec<Listed> = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
    Some(
        listed
            .into_iter()
            .map(|file| (file.relpath, file.md5))
            .collect(),
    )
}
