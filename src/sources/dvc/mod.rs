//! What DVC tracks, read from its own files: `dvc.yaml`, `dvc.lock`, `*.dvc`, `.dvc/config`.
//!
//! The same reader serves a commit's tree and the working tree (`Files`). Nothing is written, no lock is taken,
//! no cache object is touched but by `stat` and, for a directory's listing, a read. Formats and meanings follow
//! DVC 3.67; files of DVC 1 and 2 are read too.

mod at_commit;
mod combine;
mod compare;
mod config;
mod drift;
mod groups;
mod hash;
mod hashes;
mod ignore;
mod index;
mod lock;
mod numbers;
mod objects;
mod params;
mod paths;
mod pipeline;
mod python;
mod single;
mod template;
mod vars;
mod walk;
mod yaml;

use std::path::Path;

pub use self::at_commit::{AtCommit, hashes};
pub use self::combine::{Memo, Workspace, combine};
pub use self::index::Index;

/// Bytes of one of DVC's own files (or of a parameter file) that are read.
const FILE_LIMIT: u64 = 64 * 1024 * 1024;

/// A tree of files to read from: a commit's, or the working tree.
pub trait Files {
    /// The files that `concerns` is true of, relative to the repository's root, with `/`.
    fn paths(&self) -> &[String];

    /// The bytes of any file; `None` where there is none. An error is a sentence.
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String>;
}

/// Whether DVC's reader wants to know of a file. `dir` is empty or ends with `/`.
pub fn concerns(dir: &str, name: &str) -> bool {
    matches!(name, "dvc.yaml" | "dvc.lock" | ".dvcignore")
        || (name.len() > 4 && name.ends_with(".dvc"))
        || (matches!(name, "config" | ".gitignore")
            && dir
                .strip_suffix(".dvc/")
                .is_some_and(|parent| parent.is_empty() || parent.ends_with('/')))
}

/// A file on disk for `Files::read`.
pub fn read_file(path: &Path) -> Result<Option<Vec<u8>>, String> {
    let data = match path.metadata() {
        Ok(data) => data,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(cause.to_string()),
    };
    if !data.is_file() {
        return Ok(None);
    }
    if data.len() > FILE_LIMIT {
        return Err(format!("larger than {} MiB", FILE_LIMIT >> 20));
    }
    std::fs::read(path)
        .map(Some)
        .map_err(|cause| cause.to_string())
}
