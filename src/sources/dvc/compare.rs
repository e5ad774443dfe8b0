//! The working tree against what is recorded.

use std::collections::HashMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::hash;
use super::ignore::Ignore;
use super::index::Found;
use super::lock::{HashKind, Locked};
use super::objects::Store;

/// A larger file is not read; only its size tells.
const FILE_BYTES: u64 = 4 << 30;
/// A directory with more files is not compared.
const DIR_FILES: usize = 100_000;
/// Bytes hashed in one pass; what is left waits for the next one.
const PASS_BYTES: u64 = 256 << 20;
const DEPTH: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Same,
    Differs,
    Absent,
    /// Too large, unreadable, or not yet looked at.
    NotCompared,
}

/// A file's hash holds as long as these do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    bytes: u64,
    inode: (u64, u64),
}

impl Stamp {
    fn of(data: &Metadata) -> Self {
        Self {
            modified: data.modified().ok(),
            bytes: data.len(),
            inode: inode(data),
        }
    }
}

#[cfg(unix)]
fn inode(data: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (data.dev(), data.ino())
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> (u64, u64) {
    (0, 0)
}

/// Hashes computed before.
#[derive(Debug, Default)]
pub struct Hashes(HashMap<(PathBuf, HashKind), (Stamp, String)>);

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
        if is_link_into(cache, data, &locked.hash, locked.kind) {
            return Verdict::Same;
        }
        match self.hash(path, data, locked.kind) {
            Some(hash) if hash == locked.hash => Verdict::Same,
            Some(_) => Verdict::Differs,
            None => Verdict::NotCompared,
        }
    }

    fn directory(&mut self, found: &Found, path: &Path, locked: &Locked, cache: &Store) -> Verdict {
        let mut files = Vec::new();
        let mut above = Vec::new();
        let mut walk = Walk {
            ignore: self.ignore,
            repository: &found.root,
            watch: self.watch,
            files: &mut files,
        };
        if walk.enter(path, &found.path, "", &mut above).is_none() {
            return Verdict::NotCompared;
        }
        let count = files.len() as u64;
        let bytes: u64 = files.iter().map(|(_, _, data)| data.len()).sum();
        let is_md5 = locked.kind == HashKind::Md5;
        if locked.files.is_some_and(|files| files != count)
            || (is_md5 && locked.size_bytes.is_some_and(|size| size != bytes))
        {
            return Verdict::Differs;
        }
        let recorded: HashMap<String, String> = cache
            .listing(locked)
            .unwrap_or_default()
            .into_iter()
            .collect();
        let mut listed = Vec::with_capacity(files.len());
        for (relative, path, data) in files {
            (self.watch)(&path);
            let recorded = recorded.get(&relative);
            let linked = recorded.filter(|hash| is_link_into(cache, &data, hash, locked.kind));
            let hash = match linked {
                Some(hash) => hash.clone(),
                None => match self.hash(&path, &data, locked.kind) {
                    Some(hash) => hash,
                    None => return Verdict::NotCompared,
                },
            };
            listed.push((relative, hash));
        }
        if hash::of_listing(listed) == locked.hash {
            Verdict::Same
        } else {
            Verdict::Differs
        }
    }

    /// `None` where the file cannot be read, is too large, or has to wait.
    fn hash(&mut self, path: &Path, data: &Metadata, kind: HashKind) -> Option<String> {
        let key = (path.to_owned(), kind);
        let stamp = Stamp::of(data);
        if let Some((known, hash)) = self.hashes.0.get(&key)
            && *known == stamp
        {
            return Some(hash.clone());
        }
        if data.len() > FILE_BYTES {
            return None;
        }
        if self.left == 0 {
            self.unfinished = true;
            return None;
        }
        self.left = self.left.saturating_sub(data.len());
        let mut file = std::fs::File::open(path).ok()?;
        let hash = hash::of_file(&mut file, kind).ok()?;
        // Someone who writes meanwhile makes the hash one of no moment: it is not kept.
        let after = file.metadata().ok()?;
        if Stamp::of(&after) == stamp {
            self.hashes.0.insert(key, (stamp, hash.clone()));
        }
        Some(hash)
    }
}

/// Whether a file is a link (hard or symbolic) to a protected object of the cache, and so cannot differ from it.
fn is_link_into(cache: &Store, data: &Metadata, hash: &str, kind: HashKind) -> bool {
    if inode(data) == (0, 0) || !data.permissions().readonly() {
        return false;
    }
    cache
        .path(hash, kind)
        .and_then(|object| object.metadata().ok())
        .is_some_and(|object| inode(&object) == inode(data))
}

struct Walk<'a> {
    ignore: &'a Ignore,
    repository: &'a str,
    watch: &'a mut dyn FnMut(&Path),
    files: &'a mut Vec<(String, PathBuf, Metadata)>,
}

impl Walk<'_> {
    /// `shown` is the directory's path in the repository, `relative` that inside the output.
    /// `None` where the directory cannot be read or is too large.
    fn enter(
        &mut self,
        dir: &Path,
        shown: &str,
        relative: &str,
        above: &mut Vec<(u64, u64)>,
    ) -> Option<()> {
        if above.len() > DEPTH {
            return None;
        }
        (self.watch)(dir);
        for entry in std::fs::read_dir(dir).ok()? {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            let path = entry.path();
            // A link to nothing is no file; DVC leaves it out too.
            let Ok(data) = path.metadata() else {
                continue;
            };
            let shown = format!("{shown}/{name}");
            if self.ignore.matches(self.repository, &shown, data.is_dir()) {
                continue;
            }
            let relative = if relative.is_empty() {
                name
            } else {
                format!("{relative}/{name}")
            };
            if data.is_dir() {
                let id = inode(&data);
                // A link that leads back up would never end.
                if above.contains(&id) && id != (0, 0) {
                    continue;
                }
                above.push(id);
                self.enter(&path, &shown, &relative, above)?;
                above.pop();
            } else if data.is_file() {
                if self.files.len() >= DIR_FILES {
                    return None;
                }
                self.files.push((relative, path, data));
            }
        }
        Some(())
    }
}
