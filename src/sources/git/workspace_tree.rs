//! The working tree, as DVC's reader sees it: tracked and untracked files, without ignored ones.

use std::path::{Path, PathBuf};

use git2::Repository;

use super::changes::lossy;
use crate::sources::dvc;

/// Entries of untracked directories that are searched for DVC's files.
const UNTRACKED_LIMIT: usize = 20_000;

pub(super) struct WorkspaceTree {
    root: PathBuf,
    paths: Vec<String>,
    /// Whether untracked directories held more than was searched.
    pub(super) cut: bool,
}

impl WorkspaceTree {
    /// `untracked` as in the working tree's state: directories end with `/`. `None` for a bare repository.
    pub(super) fn open(repository: &Repository, untracked: &[String]) -> Option<Self> {
        let root = repository.workdir()?.to_owned();
        let mut paths = Vec::new();
        if let Ok(index) = repository.index() {
            for entry in index.iter() {
                let path = lossy(&entry.path);
                if concerns(&path) && root.join(&path).is_file() {
                    paths.push(path);
                }
            }
        }
        let mut left = UNTRACKED_LIMIT;
        for path in untracked {
            if path.ends_with('/') {
                search(repository, &root, path, &mut left, &mut paths);
            } else if concerns(path) {
                paths.push(path.clone());
            }
        }
        paths.sort();
        paths.dedup();
        Some(Self {
            root,
            paths,
            cut: left == 0,
        })
    }
}

impl WorkspaceTree {
    /// DVC's files, at most so many, and where it tells of experiments under way.
    pub(super) fn watched(&self, most: usize) -> Vec<PathBuf> {
        let mut watched: Vec<PathBuf> = self
            .paths
            .iter()
            .take(most)
            .map(|path| self.root.join(path))
            .collect();
        let running = self.root.join(".dvc/tmp/exps/run");
        watched.extend(running.is_dir().then_some(running));
        watched
    }
}

fn concerns(path: &str) -> bool {
    let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
    if dir.is_empty() {
        dvc::concerns("", name)
    } else {
        dvc::concerns(&format!("{dir}/"), name)
    }
}

/// `dir` ends with `/`. Symbolic links are not followed, repositories inside are not entered.
fn search(
    repository: &Repository,
    root: &Path,
    dir: &str,
    left: &mut usize,
    found: &mut Vec<String>,
) {
    let Ok(entries) = std::fs::read_dir(root.join(dir)) else {
        return;
    };
    for entry in entries.flatten() {
        if *left == 0 {
            return;
        }
        *left -= 1;
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let path = format!("{dir}{name}");
        let ignored = || repository.is_path_ignored(&path).unwrap_or(false);
        if kind.is_dir() {
            let nested = entry.path().join(".git").exists();
            if name != ".git" && !nested && !ignored() {
                search(repository, root, &format!("{path}/"), left, found);
            }
        } else if kind.is_file() && dvc::concerns(dir, &name) && !ignored() {
            found.push(path);
        }
    }
}

impl dvc::Files for WorkspaceTree {
    fn paths(&self) -> &[String] {
        &self.paths
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        dvc::read_file(&self.root.join(path))
    }
}
