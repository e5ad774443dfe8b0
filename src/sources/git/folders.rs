//! A commit's files and directories, as a list of them needs them.

use std::path::Path;

use git2::{ObjectType, Repository, Tree};

use super::changes::lossy;
use crate::sources::dvc::{FileInfo, Folders};

pub(super) struct CommitFolders<'a> {
    pub(super) repository: &'a Repository,
    pub(super) tree: Tree<'a>,
}

impl CommitFolders<'_> {
    fn describe(&self, entry: &git2::TreeEntry<'_>) -> Option<FileInfo> {
        let odb = self.repository.odb().ok()?;
        // A submodule is not in here.
        let size = odb.read_header(entry.id()).map_or(0, |(size, _)| size);
        Some(FileInfo {
            is_dir: entry.kind() == Some(ObjectType::Tree),
            is_executable: entry.filemode() == 0o100_755,
            size: size as u64,
        })
    }
}

impl Folders for CommitFolders<'_> {
    fn info(&self, path: &str) -> Option<FileInfo> {
        if path.is_empty() {
            return Some(FileInfo {
                is_dir: true,
                is_executable: false,
                size: 0,
            });
        }
        self.describe(&self.tree.get_path(Path::new(path)).ok()?)
    }

    fn list(&self, dir: &str) -> Vec<(String, FileInfo)> {
        let entries = |tree: &Tree<'_>| {
            let entries = tree.iter();
            let entries = entries
                .filter_map(|entry| Some((lossy(entry.name_bytes()), self.describe(&entry)?)));
            entries.collect()
        };
        if dir.is_empty() {
            return entries(&self.tree);
        }
        let tree = self.tree.get_path(Path::new(dir)).ok();
        let tree = tree.and_then(|entry| self.repository.find_tree(entry.id()).ok());
        tree.as_ref().map(entries).unwrap_or_default()
    }
}
