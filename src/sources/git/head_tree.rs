//! The tree of HEAD's commit, as DVC's reader sees it: nothing is checked out.

use std::path::Path;

use git2::{ObjectType, Oid, Repository, TreeWalkMode, TreeWalkResult};

use super::changes::lossy;
use crate::sources::dvc;

pub(super) struct HeadTree<'a> {
    repository: &'a Repository,
    tree: git2::Tree<'a>,
    paths: Vec<String>,
}

impl<'a> HeadTree<'a> {
    /// `None` where the tree cannot be read.
    pub(super) fn open(repository: &'a Repository, tree: Oid) -> Option<Self> {
        Some(Self::of(repository, repository.find_tree(tree).ok()?))
    }

    pub(super) fn of(repository: &'a Repository, tree: git2::Tree<'a>) -> Self {
        let mut paths = Vec::new();
        // Damage deeper down ends the walk; what was found before it is still shown.
        let _ = tree.walk(TreeWalkMode::PreOrder, |dir, entry| {
            let name = lossy(entry.name_bytes());
            if entry.kind() == Some(ObjectType::Blob) && dvc::concerns(dir, &name) {
                paths.push(format!("{dir}{name}"));
            }
            TreeWalkResult::Ok
        });
        Self {
            repository,
            tree,
            paths,
        }
    }
}

impl dvc::Files for HeadTree<'_> {
    fn paths(&self) -> &[String] {
        &self.paths
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        let Ok(entry) = self.tree.get_path(Path::new(path)) else {
            return Ok(None);
        };
        match entry.to_object(self.repository) {
            Ok(object) => Ok(object.as_blob().map(|blob| blob.content().to_vec())),
            Err(cause) => Err(super::error::sentence(&cause)),
        }
    }
}
