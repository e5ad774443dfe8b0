//! Noticing change by `stat` alone.
//!
//! Git replaces its files by renaming, so times, sizes and inodes of a few of them and of the refs' directories
//! tell of every commit, fetch, checkout and `git add`. Tracked files, their directories and DVC's outputs
//! are looked at in slices, so that a poll costs the same in a repository of any size.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use git2::{Index, Repository};

use crate::sources::{SourceError, Watched};

/// Files looked at in one poll, 1 to 2 microseconds each.
const SLICE: usize = 200;

/// Files of one directory of refs that are looked at.
const LOOSE_REFS: usize = 32;

/// Polls after which a lock file that never changes is taken for one left by a crash.
const PATIENCE: u32 = 20;

/// Everything `stat` knows that changes when a file does. `None` in its place: there is no such file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Stamp {
    modified: Option<SystemTime>,
    bytes: u64,
    identity: (u64, i64, i64),
}

impl Stamp {
    /// Of the link itself where the path is a symbolic link.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let data = path.symlink_metadata().ok()?;
        Some(Self {
            modified: data.modified().ok(),
            bytes: data.len(),
            identity: identity(&data),
        })
    }
}

#[cfg(unix)]
fn identity(data: &std::fs::Metadata) -> (u64, i64, i64) {
    use std::os::unix::fs::MetadataExt;
    (data.ino(), data.ctime(), data.ctime_nsec())
}

#[cfg(not(unix))]
fn identity(_: &std::fs::Metadata) -> (u64, i64, i64) {
    (0, 0, 0)
}

/// Where Git keeps its own files: two directories that differ in a linked worktree.
#[derive(Clone, Debug)]
pub(super) struct GitDirs {
    own: PathBuf,
    common: PathBuf,
}

impl GitDirs {
    pub(super) fn of(repository: &Repository) -> Self {
        Self {
            own: repository.path().to_owned(),
            common: repository.commondir().to_owned(),
        }
    }

    /// One number for HEAD, refs, index, configuration and operations under way.
    pub(super) fn stamp(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        std::fs::read(self.own.join("HEAD")).ok().hash(&mut hasher);
        for name in [
            "HEAD",
            "index",
            "MERGE_HEAD",
            "CHERRY_PICK_HEAD",
            "REVERT_HEAD",
            "BISECT_LOG",
            "rebase-merge",
            "rebase-apply",
            "sequencer",
        ] {
            Stamp::of(&self.own.join(name)).hash(&mut hasher);
        }
        for name in ["packed-refs", "config", "shallow", "info/exclude"] {
            Stamp::of(&self.common.join(name)).hash(&mut hasher);
        }
        for name in ["refs/heads", "refs/remotes", "refs/tags"] {
            stamp_directories(&self.common.join(name), 0, &mut hasher);
        }
        hasher.finish()
    }

    /// What tells of commits, fetches, checkouts and `git add`, for the system to watch.
    pub(super) fn watched(&self) -> Vec<Watched> {
        let watched = |path: PathBuf, recursive| Watched { path, recursive };
        let mut all = vec![
            watched(self.own.clone(), false),
            watched(self.common.join("refs"), true),
            watched(self.common.join("logs/refs/exps"), true),
        ];
        if self.common != self.own {
            all.push(watched(self.common.clone(), false));
        }
        all.retain(|it| it.path.is_dir());
        all
    }

    fn is_there(&self) -> bool {
        self.own.join("HEAD").symlink_metadata().is_ok()
    }

    fn lock(&self) -> Option<Stamp> {
        ["index.lock", "HEAD.lock"]
            .iter()
            .find_map(|name| Stamp::of(&self.own.join(name)))
    }

    fn replays_commits(&self) -> bool {
        ["rebase-merge", "rebase-apply", "sequencer"]
            .iter()
            .any(|name| self.own.join(name).symlink_metadata().is_ok())
    }
}

/// A ref changes by a rename in its directory. Two changes within one tick of the file system's clock are told
/// apart by the names and, of the first ones, the files.
fn stamp_directories(dir: &Path, depth: usize, hasher: &mut DefaultHasher) {
    Stamp::of(dir).hash(hasher);
    let Ok(entries) = std::fs::read_dir(dir) else {
        return;
    };
    let mut entries: Vec<_> = entries
        .flatten()
        .map(|entry| {
            let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
            (entry.path(), is_dir)
        })
        .collect();
    entries.sort();
    for (at, (path, is_dir)) in entries.into_iter().enumerate() {
        path.hash(hasher);
        if is_dir && depth < 16 {
            stamp_directories(&path, depth + 1, hasher);
        } else if at < LOOSE_REFS {
            Stamp::of(&path).hash(hasher);
        }
    }
}

/// Files as they were just before they were read.
#[derive(Debug, Default)]
pub(super) struct Files(Vec<(PathBuf, Option<Stamp>)>);

impl Files {
    pub(super) fn add(&mut self, path: &Path) {
        self.0.push((path.to_owned(), Stamp::of(path)));
    }

    /// Whether any changed since it was looked at last.
    fn differ(&mut self) -> bool {
        let mut differs = false;
        for (path, known) in &mut self.0 {
            let now = Stamp::of(path);
            differs |= *known != now;
            *known = now;
        }
        differs
    }

    /// Every tracked file, and the directories they lie in, where new files appear.
    pub(super) fn add_index(&mut self, repository: &Repository, index: &Index) {
        let Some(root) = repository.workdir() else {
            return;
        };
        self.add(root);
        let mut last = PathBuf::new();
        for entry in index.iter() {
            let path = root.join(path_of(&entry.path));
            if let Some(parent) = path.parent()
                && parent != last
                && parent != root
            {
                parent.clone_into(&mut last);
                self.add(parent);
            }
            self.add(&path);
        }
    }
}

#[cfg(unix)]
pub(super) fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
pub(super) fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

/// Counts changes from one poll to the next.
#[derive(Debug, Default)]
pub(super) struct Watch {
    dirs: Option<GitDirs>,
    base: Option<u64>,
    files: Files,
    /// Files of DVC, all of which are looked at each time.
    pinned: Files,
    cursor: usize,
    changes: u64,
    lock: Option<(Stamp, u32)>,
    /// The last state seen in the middle of a rebase, which is believed when it comes twice.
    moving: Option<u64>,
    /// What the last look found under way.
    pub(super) waits_for: Option<&'static str>,
}

impl Watch {
    /// The number of changes seen so far; `open` is asked for the directories at first and after an error.
    pub(super) fn poll(
        &mut self,
        open: impl FnOnce() -> Result<GitDirs, SourceError>,
    ) -> Result<u64, SourceError> {
        let dirs = match self.dirs.take().filter(GitDirs::is_there) {
            Some(dirs) => dirs,
            None => {
                let dirs = open()?;
                self.changes += 1;
                self.base = None;
                dirs
            }
        };
        self.look(&dirs);
        self.dirs = Some(dirs);
        Ok(self.changes)
    }

    fn look(&mut self, dirs: &GitDirs) {
        self.waits_for = None;
        if self.waits(dirs) {
            self.waits_for = Some("git is writing");
            return;
        }
        let base = dirs.stamp();
        if self.base.is_some_and(|known| known != base) {
            if dirs.replays_commits() && self.moving != Some(base) {
                self.moving = Some(base);
                self.waits_for = Some("rebase in progress");
                return;
            }
            self.changes += 1;
        }
        self.base = Some(base);
        self.moving = None;
        let pinned = self.pinned.differ();
        if self.next_slice_differs() || pinned {
            self.changes += 1;
        }
    }

    /// Whether another Git command is writing now.
    fn waits(&mut self, dirs: &GitDirs) -> bool {
        let Some(stamp) = dirs.lock() else {
            self.lock = None;
            return false;
        };
        let polls = match self.lock {
            Some((known, polls)) if known == stamp => polls.saturating_add(1),
            _ => 1,
        };
        self.lock = Some((stamp, polls));
        polls <= PATIENCE
    }

    fn next_slice_differs(&mut self) -> bool {
        let total = self.files.0.len();
        let mut differs = false;
        for _ in 0..SLICE.min(total) {
            let at = self.cursor % total;
            if let Some((path, known)) = self.files.0.get_mut(at) {
                let now = Stamp::of(path);
                differs |= *known != now;
                *known = now;
            }
            self.cursor = (at + 1) % total;
        }
        differs
    }

    /// Takes over what a snapshot saw: `base` from before it began, `files` and `pinned` from before each was read.
    ///
    /// A change since the last poll is counted, so that someone who did not take this snapshot learns of it.
    pub(super) fn settle(&mut self, dirs: GitDirs, base: u64, files: Files, pinned: Files) {
        let mut changed = self.base.is_some_and(|known| known != base);
        let before: HashMap<&Path, Option<Stamp>> = self
            .files
            .0
            .iter()
            .map(|(path, stamp)| (path.as_path(), *stamp))
            .collect();
        changed |= files.0.iter().any(|(path, stamp)| {
            before
                .get(path.as_path())
                .is_some_and(|known| known != stamp)
        });
        self.changes += u64::from(changed);
        self.base = Some(base);
        self.files = files;
        self.pinned = pinned;
        self.dirs = Some(dirs);
    }

    pub(super) fn watched(&self) -> Vec<Watched> {
        self.dirs.as_ref().map(GitDirs::watched).unwrap_or_default()
    }

    /// Lets the next poll ask for another snapshot: the last one left work for later.
    pub(super) fn unfinished(&mut self) {
        self.changes += 1;
    }
}
