//! Hashes computed before, and what they depend on.
//!
//! Paths are kept as 64-bit hashes: with a 64-bit hash of the file's traits beside them that is as good as the
//! path, and a hundred thousand files take a few megabytes.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::fs::Metadata;
use std::hash::{Hash, Hasher};
use std::path::Path;
use std::time::SystemTime;

use super::lock::HashKind;

/// What `stat` says of a file: its hash holds as long as these stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Traits {
    pub bytes: u64,
    pub modified: Option<SystemTime>,
    /// When anything about it changed last, in seconds and nanoseconds; zeros where the system does not tell.
    pub changed: (i64, i64),
    /// Device and number; zeros where the system has none.
    pub inode: (u64, u64),
    pub readonly: bool,
    pub executable: bool,
}

impl Traits {
    pub fn of(data: &Metadata) -> Self {
        Self {
            bytes: data.len(),
            modified: data.modified().ok(),
            changed: changed(data),
            inode: inode(data),
            readonly: data.permissions().readonly(),
            executable: executable(data),
        }
    }

    /// Since 1970.
    pub fn modified_seconds(&self) -> i64 {
        let since = |at: SystemTime| at.duration_since(SystemTime::UNIX_EPOCH).ok();
        let since = self.modified.and_then(since);
        since.map_or(0, |it| i64::try_from(it.as_secs()).unwrap_or(i64::MAX))
    }
}

#[cfg(unix)]
fn inode(data: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (data.dev(), data.ino())
}

#[cfg(unix)]
fn changed(data: &Metadata) -> (i64, i64) {
    use std::os::unix::fs::MetadataExt;
    (data.ctime(), data.ctime_nsec())
}

#[cfg(unix)]
fn executable(data: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    data.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn executable(_: &Metadata) -> bool {
    false
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> (i64, i64) {
    (0, 0)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> (u64, u64) {
    (0, 0)
}

#[derive(Debug, Default)]
pub struct Hashes {
    files: HashMap<u64, (u64, Box<str>)>,
    directories: HashMap<u64, (u64, Box<str>)>,
}

impl Hashes {
    pub fn file(&self, path: &Path, traits: Traits, kind: HashKind) -> Option<String> {
        let (state, hash) = self.files.get(&fingerprint(&(path, kind)))?;
        (*state == fingerprint(&traits)).then(|| hash.to_string())
    }

    pub fn keep_file(&mut self, path: &Path, traits: Traits, kind: HashKind, hash: &str) {
        let state = fingerprint(&traits);
        self.files
            .insert(fingerprint(&(path, kind)), (state, hash.into()));
    }

    /// `state` stands for the names and traits of all files in it.
    pub fn directory(&self, path: &Path, state: u64) -> Option<String> {
        let (known, hash) = self.directories.get(&fingerprint(&path))?;
        (*known == state).then(|| hash.to_string())
    }

    pub fn keep_directory(&mut self, path: &Path, state: u64, hash: &str) {
        self.directories
            .insert(fingerprint(&path), (state, hash.into()));
    }
}

pub fn fingerprint(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
