//! What DVC's drop-ins ask of Git: what is ignored, what a revision is, what its tree holds.

use std::path::Path;

use git2::{ErrorCode, ObjectType, Oid, Repository, StatusOptions};

use super::changes::lossy;
use super::folders::CommitFolders;
use super::head_tree::HeadTree;
use super::{error, open};
use crate::sources::dvc::{Files, Folders};

/// The Git repository around a DVC repository.
pub struct ProjectGit {
    repository: Repository,
    /// The DVC repository's directory in Git's, empty or with `/` at its end.
    prefix: String,
}

impl ProjectGit {
    /// `root` is the directory with `.dvc` in it.
    ///
    /// # Errors
    /// A sentence, where there is no Git repository that can be read.
    pub fn open(root: &Path) -> Result<Self, String> {
        let repository = open::open(root).map_err(|error| error.what)?;
        let missing = || format!("{} is not a git repository", root.display());
        let top = repository.workdir().ok_or_else(missing)?;
        let top = top.canonicalize().map_err(|_| missing())?;
        let below = root.strip_prefix(&top).ok().and_then(Path::to_str);
        let below = below.ok_or_else(missing)?;
        let prefix = if below.is_empty() {
            String::new()
        } else {
            format!("{below}/")
        };
        Ok(Self { repository, prefix })
    }

    /// Where the DVC repository lies in Git's: empty, or with `/` at its end.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Whether Git leaves out a path of the DVC repository.
    pub fn is_ignored(&self, path: &str, is_dir: bool) -> bool {
        let end = if is_dir { "/" } else { "" };
        let path = format!("{}{path}{end}", self.prefix);
        self.repository.is_path_ignored(&path).unwrap_or(false)
    }

    /// Whether there is a commit to compare with.
    pub fn has_commits(&self) -> bool {
        self.repository.head().is_ok()
    }

    /// The commit that a name means: what Git takes, a branch of a remote, an experiment of DVC.
    ///
    /// # Errors
    /// A sentence, as DVC has it.
    pub fn commit(&self, name: &str) -> Result<String, String> {
        self.resolve(name).map(|id| id.to_string())
    }

    fn resolve(&self, name: &str) -> Result<Oid, String> {
        let unknown = || format!("unknown Git revision '{name}'");
        match self.repository.revparse_single(name) {
            Ok(object) => {
                let commit = object.peel_to_commit().map_err(|_| unknown())?;
                return Ok(commit.id());
            }
            Err(cause) if cause.code() == ErrorCode::Ambiguous => {
                return Err(format!("ambiguous Git revision '{name}'"));
            }
            Err(_) => {}
        }
        for pattern in [
            format!("refs/remotes/*/{name}"),
            format!("refs/exps/*/*/{name}"),
        ] {
            let Ok(found) = self.repository.references_glob(&pattern) else {
                continue;
            };
            let mut ids: Vec<Oid> = found
                .flatten()
                .filter_map(|reference| Some(reference.peel_to_commit().ok()?.id()))
                .collect();
            ids.sort_unstable();
            ids.dedup();
            match ids.as_slice() {
                [] => {}
                [id] => return Ok(*id),
                _ => return Err(format!("ambiguous Git revision '{name}'")),
            }
        }
        Err(unknown())
    }

    /// The files of the DVC repository as they were in a commit; `None` before its directory was there.
    ///
    /// # Errors
    /// A sentence.
    pub fn tree(&self, commit: &str) -> Result<Option<impl Files + '_>, String> {
        let tree = self.subtree(commit)?;
        Ok(tree.map(|tree| HeadTree::of(&self.repository, tree)))
    }

    /// The same files, to be listed.
    ///
    /// # Errors
    /// A sentence.
    pub fn folders(&self, commit: &str) -> Result<Option<impl Folders + '_>, String> {
        let tree = self.subtree(commit)?;
        Ok(tree.map(|tree| CommitFolders {
            repository: &self.repository,
            tree,
        }))
    }

    fn subtree(&self, commit: &str) -> Result<Option<git2::Tree<'_>>, String> {
        let damaged = |cause: git2::Error| error::sentence(&cause);
        let id = Oid::from_str(commit).map_err(damaged)?;
        let commit = self.repository.find_commit(id).map_err(damaged)?;
        let mut tree = commit.tree().map_err(damaged)?;
        if !self.prefix.is_empty() {
            let path = Path::new(self.prefix.trim_end_matches('/'));
            let found = tree
                .get_path(path)
                .ok()
                .filter(|entry| entry.kind() == Some(ObjectType::Tree))
                .and_then(|entry| self.repository.find_tree(entry.id()).ok());
            match found {
                Some(found) => tree = found,
                None => return Ok(None),
            }
        }
        Ok(Some(tree))
    }

    /// The commits of all references whose names fit a pattern, by name.
    ///
    /// # Errors
    /// A sentence.
    pub fn tips(&self, pattern: &str) -> Result<Vec<String>, String> {
        let damaged = |cause: git2::Error| error::sentence(&cause);
        let found = self.repository.references_glob(pattern).map_err(damaged)?;
        let mut tips: Vec<(Vec<u8>, Oid)> = found
            .flatten()
            .filter_map(|it| Some((it.name_bytes().to_vec(), it.peel_to_commit().ok()?.id())))
            .collect();
        tips.sort();
        Ok(tips.into_iter().map(|(_, id)| id.to_string()).collect())
    }

    /// Every commit that HEAD, a branch, a remote's branch or a tag leads to, the newest first.
    ///
    /// # Errors
    /// A sentence.
    pub fn all_commits(&self) -> Result<Vec<String>, String> {
        let damaged = |cause: git2::Error| error::sentence(&cause);
        let mut walk = self.repository.revwalk().map_err(damaged)?;
        walk.set_sorting(git2::Sort::TIME).map_err(damaged)?;
        if self.has_commits() {
            walk.push_head().map_err(damaged)?;
        }
        for pattern in ["refs/heads/*", "refs/remotes/*", "refs/tags/*"] {
            for tip in self.tips(pattern)? {
                let id = Oid::from_str(&tip).map_err(damaged)?;
                walk.push(id).map_err(damaged)?;
            }
        }
        walk.map(|id| id.map(|id| id.to_string()).map_err(damaged))
            .collect()
    }

    /// Every file that Git does not track and does not ignore, seen from the DVC repository's root. Those outside
    /// of it are left out.
    ///
    /// # Errors
    /// A sentence.
    pub fn untracked(&self) -> Result<Vec<String>, String> {
        let mut options = StatusOptions::new();
        options
            .include_untracked(true)
            .recurse_untracked_dirs(true)
            .include_ignored(false)
            .exclude_submodules(true)
            .no_refresh(true);
        let statuses = self
            .repository
            .statuses(Some(&mut options))
            .map_err(|cause| error::sentence(&cause))?;
        let untracked = statuses
            .iter()
            .filter(|entry| entry.status().contains(git2::Status::WT_NEW))
            .map(|entry| lossy(entry.path_bytes()));
        Ok(untracked
            .filter_map(|path| path.strip_prefix(&self.prefix).map(str::to_owned))
            .collect())
    }
}
