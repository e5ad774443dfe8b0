//! What `stat` says of files, and numbers that stand for such things.

use std::collections::hash_map::DefaultHasher;
use std::fs::Metadata;
use std::hash::{Hash, Hasher};
use std::time::SystemTime;

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

pub fn fingerprint(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
