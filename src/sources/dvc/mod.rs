//! What DVC tracks, read from its own files: `dvc.yaml`, `dvc.lock`, `*.dvc`, `.dvc/config`.
//!
//! The same reader serves a commit's tree and the working tree (`Files`). Nothing is written, no lock is taken,
//! no cache object is touched but by `stat` and, for a directory's listing, a read. Formats and meanings follow
//! DVC 3.67; files of DVC 1 and 2 are read too.

mod collect;
mod combine;
mod compare;
mod config;
pub mod dag;
mod data;
pub mod exps;
mod files_in;
mod flags;
mod graph;
mod groups;
mod hash;
mod hasher;
mod hashes;
pub mod history;
mod ignore;
mod index;
mod json;
mod json_text;
mod kept;
mod limits;
mod list;
mod lock;
mod memory;
mod numbers;
mod objects;
mod params;
mod paths;
mod pipeline;
pub mod plots;
mod project;
mod python;
mod python_literal;
mod python_repr;
mod schema;
mod select;
mod single;
mod state;
mod status;
mod targets;
mod template;
mod threads;
mod vars;
pub(in crate::sources) mod yaml;

use std::path::Path;

pub use self::combine::{Memo, Workspace, combine};
pub use self::config::Config;
pub use self::data::{
    Data, DataStatus, Diff, Differences, Listings, data_status, diff, lies_in, not_in_remote,
    recorded, workspace,
};
pub use self::flags::Parsing;
pub use self::graph::Graph;
pub use self::hash::{Listing, bytes as hash_bytes, hex as hash_text};
pub use self::hasher::Hasher;
pub use self::hashes::{Traits, fingerprint};
pub use self::ignore::Ignore;
pub use self::index::{Dep, DepKind, Found, Index, Stage};
pub use self::json::{dumps, string as json_string};
pub use self::kept::{Either, KeepsNothing, Kept, KeptDirectory, KeptFile, NewHash};
pub use self::list::{DiskFolders, FileInfo, Folders, Listed, Lister, NoList, opens};
pub use self::lock::{HashKind, Locked};
pub use self::memory::KeptInMemory;
pub use self::objects::Store;
pub use self::paths::{locate, relative};
pub use self::project::{Moment, NoProject, Project};
pub use self::python_repr::python_str;
pub use self::state::State;
pub use self::status::{
    Change, Changed, Missing, Needed, NoStatus, Revision, StageStatus, Status, Updates,
};
pub use self::targets::{Chosen, choose};
pub use self::threads::each;
pub use self::yaml::{Entry, Value};

/// Bytes of one of DVC's own files (or of a parameter file) that are read.
const FILE_LIMIT: u64 = 64 * 1024 * 1024;

/// A tree of files to read from: a commit's, or the working tree.
pub trait Files {
    /// The files that `concerns` is true of, relative to the repository's root, with `/`.
    fn paths(&self) -> &[String];

    /// The bytes of any file; `None` where there is none. An error is a sentence.
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String>;

    /// Where the tree lies, if it is on disk: absolute paths below it are paths inside it.
    fn root(&self) -> Option<&Path> {
        None
    }

    /// How the config wants maps and lists in commands to be written.
    fn parsing(&self) -> Parsing {
        Parsing::default()
    }
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
