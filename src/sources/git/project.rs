//! What DVC's drop-ins ask of Git: what is ignored, and what a revision is.

use std::path::Path;

use git2::Repository;

use super::open;

/// The Git repository around a DVC repository.
pub struct ProjectGit {
    repository: Repository,
    /// The DVC repository's directory in Git's, empty or with `/` at its end.
    prefix: String,
}

impl ProjectGit {
    /// `None` without Git. `root` is the directory with `.dvc` in it.
    pub fn open(root: &Path) -> Option<Self> {
        let repository = open::open(root).ok()?;
        let top = repository.workdir()?.canonicalize().ok()?;
        let below = root.strip_prefix(&top).ok()?.to_str()?;
        let prefix = if below.is_empty() {
            String::new()
        } else {
            format!("{below}/")
        };
        Some(Self { repository, prefix })
    }

    /// Whether Git leaves out a path of the DVC repository.
    pub fn is_ignored(&self, path: &str, is_dir: bool) -> bool {
        let end = if is_dir { "/" } else { "" };
        let path = format!("{}{path}{end}", self.prefix);
        self.repository.is_path_ignored(&path).unwrap_or(false)
    }
}
