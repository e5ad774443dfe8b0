//! A revision's files, with what tells whether two revisions have the same.

use std::path::Path;
use std::sync::Arc;

use crate::sources::dvc::index::Index;
use crate::sources::dvc::project::{Disk, Project};
use crate::sources::dvc::{Files, Parsing};

/// Git's id of a file or a directory: the same id is the same content.
pub type BlobId = [u8; 20];

/// Something in a tree; without an id where nobody computed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    File(Option<BlobId>),
    Directory(Option<BlobId>),
}

/// A file of DVC's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileAt {
    /// From the DVC repository's root.
    pub path: Arc<str>,
    pub id: Option<BlobId>,
}

/// The files of one commit, or the working tree; paths are seen from the DVC repository's root.
pub trait Tree: Files {
    /// What is at a path; `None` for nothing.
    fn place(&self, path: &str) -> Option<Place>;

    /// What is in a directory.
    fn list(&self, dir: &str) -> Vec<(String, Place)>;

    /// `dvc.yaml` and `*.dvc` files in DVC's order.
    fn dvc_files(&self) -> Result<Vec<FileAt>, String>;

    fn is_workspace(&self) -> bool;
}

/// Whether a name is that of a file that declares something.
pub fn is_dvc_file(name: &str) -> bool {
    name == "dvc.yaml" || (name.len() > 4 && name.ends_with(".dvc"))
}

/// The working tree of a DVC repository.
pub struct WorkspaceTree<'a> {
    disk: Disk<'a>,
    root: &'a Path,
    files: Vec<FileAt>,
}

impl<'a> WorkspaceTree<'a> {
    /// `index` is that of the working tree.
    pub fn new(project: &'a Project, index: &Index) -> Self {
        let files = index.files.iter().map(|path| FileAt {
            path: Arc::from(path.as_str()),
            id: None,
        });
        Self {
            disk: project.disk(),
            root: &project.root,
            files: files.collect(),
        }
    }
}

impl Files for WorkspaceTree<'_> {
    fn paths(&self) -> &[String] {
        &[]
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        self.disk.read(path)
    }

    fn root(&self) -> Option<&Path> {
        Some(self.root)
    }

    fn parsing(&self) -> Parsing {
        self.disk.parsing()
    }
}

impl Tree for WorkspaceTree<'_> {
    fn place(&self, path: &str) -> Option<Place> {
        let data = self.root.join(path).metadata().ok()?;
        Some(if data.is_dir() {
            Place::Directory(None)
        } else {
            Place::File(None)
        })
    }

    fn list(&self, dir: &str) -> Vec<(String, Place)> {
        let Ok(entries) = std::fs::read_dir(self.root.join(dir)) else {
            return Vec::new();
        };
        let entries = entries.flatten().filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let is_dir = entry.path().metadata().ok()?.is_dir();
            let place = if is_dir {
                Place::Directory(None)
            } else {
                Place::File(None)
            };
            Some((name, place))
        });
        entries.collect()
    }

    fn dvc_files(&self) -> Result<Vec<FileAt>, String> {
        Ok(self.files.clone())
    }

    fn is_workspace(&self) -> bool {
        true
    }
}
