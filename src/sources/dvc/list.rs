//! `dvc list`: the files of a tree together with those that DVC has in them.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use super::data::{Data, Entry, lies_in, prefixes};
use super::ignore::Ignore;
use super::index::Index;

/// What a tree says of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileInfo {
    pub is_dir: bool,
    pub is_executable: bool,
    pub size: u64,
}

/// Files and directories, on disk or in a commit. Paths are relative to its root, which is the empty path.
pub trait Folders {
    fn info(&self, path: &str) -> Option<FileInfo>;

    /// What lies in a directory, in no order.
    fn list(&self, dir: &str) -> Vec<(String, FileInfo)>;
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub is_out: bool,
    pub is_dir: bool,
    pub is_executable: bool,
    pub size: Option<u64>,
    pub hash: Option<String>,
    /// From the repository's root.
    pub path: String,
}

/// Why there is no list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoList {
    NotThere,
    /// A directory whose listing nobody has.
    Unknown(String),
}

/// Lists trees.
pub struct Lister<'a> {
    pub folders: &'a dyn Folders,
    pub ignore: &'a Ignore,
    /// The directories that `path` leads into, and with `recursive` those below it, must be open in it.
    pub data: &'a Data,
    pub outputs: HashSet<&'a str>,
    pub recursive: bool,
    pub dvc_only: bool,
}

impl<'a> Lister<'a> {
    pub fn new(folders: &'a dyn Folders, index: &'a Index, data: &'a Data) -> Self {
        let outputs = index.found.iter();
        let outputs = outputs.filter(|found| !found.outside && found.tracked.out.cached);
        Self {
            folders,
            ignore: &index.ignore,
            data,
            outputs: outputs.map(|found| found.path.as_str()).collect(),
            recursive: false,
            dvc_only: false,
        }
    }

    /// A file, or what is in a directory: with `recursive` all its files, without the directories themselves.
    pub fn list(&self, path: &str) -> Result<Vec<Listed>, NoList> {
        let on_disk = self.folders.info(path);
        let on_disk = on_disk.filter(|info| !self.leaves_out(path, info.is_dir));
        let in_data = self.in_data(path)?;
        let is_file = match (on_disk, &in_data) {
            (None, None) => return Err(NoList::NotThere),
            (Some(info), _) => !info.is_dir,
            (None, Some(entry)) => !entry.is_dir,
        };
        if is_file {
            return Ok(vec![self.merged(
                path.to_owned(),
                on_disk,
                in_data.as_ref(),
            )]);
        }
        let mut listed = Vec::new();
        self.directory(path, &mut listed)?;
        Ok(listed)
    }

    fn leaves_out(&self, path: &str, is_dir: bool) -> bool {
        !path.is_empty() && (is_own(path) || self.ignore.matches("", path, is_dir))
    }

    fn in_data(&self, path: &str) -> Result<Option<Entry>, NoList> {
        if path.is_empty() {
            let is_any = !self.data.entries.is_empty();
            return Ok(is_any.then(|| directory(String::new())));
        }
        if let Some(entry) = self.data.get(path) {
            return Ok(Some(entry.clone()));
        }
        match prefixes(path).find(|dir| self.is_unknown(dir)) {
            Some(dir) => Err(NoList::Unknown(dir.to_owned())),
            None => Ok(None),
        }
    }

    fn is_unknown(&self, dir: &str) -> bool {
        let unknown = &self.data.unknown;
        unknown.binary_search_by(|it| it.as_str().cmp(dir)).is_ok()
    }

    fn directory(&self, dir: &str, listed: &mut Vec<Listed>) -> Result<(), NoList> {
        if self.is_unknown(dir) {
            return Err(NoList::Unknown(dir.to_owned()));
        }
        let mut names: BTreeMap<String, (Option<FileInfo>, Option<&Entry>)> = BTreeMap::new();
        let here = self.folders.info(dir);
        // A directory in place of a file, or the other way round, is no longer what DVC has.
        let replaced = here.is_some() && self.data.get(dir).is_some_and(|entry| !entry.is_dir);
        if !replaced {
            for entry in self.children(dir) {
                let name = entry.path.rsplit_once('/').map_or(&*entry.path, |it| it.1);
                names.insert(name.to_owned(), (None, Some(entry)));
            }
        }
        if !self.dvc_only && here.is_some_and(|info| info.is_dir) {
            for (name, info) in self.folders.list(dir) {
                let path = join(dir, &name);
                let is_subrepository =
                    info.is_dir && self.folders.info(&join(&path, ".dvc")).is_some();
                if is_subrepository
                    || is_own(&path)
                    || self.ignore.matches_here("", &path, info.is_dir)
                {
                    continue;
                }
                names.entry(name).or_default().0 = Some(info);
            }
        }
        for (name, (info, entry)) in names {
            let path = join(dir, &name);
            let is_dir = info.map_or_else(|| entry.is_some_and(|it| it.is_dir), |it| it.is_dir);
            if self.recursive && is_dir {
                self.directory(&path, listed)?;
            } else {
                listed.push(self.merged(path, info, entry));
            }
        }
        Ok(())
    }

    /// The entries directly in a directory.
    fn children(&self, dir: &str) -> impl Iterator<Item = &'a Entry> {
        let start = if dir.is_empty() {
            String::new()
        } else {
            format!("{dir}/")
        };
        let entries = &self.data.entries;
        let first = entries.partition_point(|entry| entry.path.as_str() < start.as_str());
        let rest = entries.get(first..).unwrap_or_default();
        let length = start.len();
        rest.iter()
            .take_while(move |entry| entry.path.starts_with(&start))
            .filter(move |entry| !entry.path[length..].contains('/'))
    }

    fn merged(&self, path: String, info: Option<FileInfo>, entry: Option<&Entry>) -> Listed {
        let is_out = entry.is_some() && prefixes(&path).any(|it| self.outputs.contains(it));
        Listed {
            is_out,
            is_dir: info.map_or_else(|| entry.is_some_and(|it| it.is_dir), |it| it.is_dir),
            is_executable: info.is_some_and(|it| it.is_executable),
            size: match (info, entry) {
                (Some(info), _) => Some(info.size),
                // Never produced.
                (None, Some(entry)) if entry.is_blank => Some(0),
                (None, entry) => entry.and_then(|it| it.size),
            },
            hash: entry.and_then(|it| Some(it.hash.as_ref()?.value.clone())),
            path,
        }
    }
}

/// Whether the listing of an output is needed to list `path`.
pub fn opens(output: &str, path: &str, recursive: bool) -> bool {
    lies_in(path, output) || (recursive && (path.is_empty() || lies_in(output, path)))
}

fn directory(path: String) -> Entry {
    Entry {
        path,
        is_dir: true,
        is_blank: false,
        hash: None,
        size: None,
        origin: None,
    }
}

fn join(dir: &str, name: &str) -> String {
    if dir.is_empty() {
        name.to_owned()
    } else {
        format!("{dir}/{name}")
    }
}

/// What DVC always leaves out.
fn is_own(path: &str) -> bool {
    path.split('/')
        .any(|part| matches!(part, ".git" | ".hg" | ".dvc"))
}

/// The working tree.
pub struct DiskFolders<'a>(pub &'a Path);

impl Folders for DiskFolders<'_> {
    fn info(&self, path: &str) -> Option<FileInfo> {
        info_of(&self.0.join(path))
    }

    fn list(&self, dir: &str) -> Vec<(String, FileInfo)> {
        let Ok(entries) = std::fs::read_dir(self.0.join(dir)) else {
            return Vec::new();
        };
        let entries = entries.flatten().filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            Some((name, info_of(&entry.path())?))
        });
        entries.collect()
    }
}

/// Links are neither directories nor programs; they are as large as what they lead to.
fn info_of(path: &Path) -> Option<FileInfo> {
    let data = path.symlink_metadata().ok()?;
    let is_link = data.is_symlink();
    Some(FileInfo {
        is_dir: data.is_dir(),
        is_executable: data.is_file() && is_executable(&data),
        size: match is_link {
            true => path.metadata().map_or(0, |data| data.len()),
            false => data.len(),
        },
    })
}

#[cfg(unix)]
fn is_executable(data: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    data.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &std::fs::Metadata) -> bool {
    false
}
