//! A Git repository and the data that DVC tracks in it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::history::diff::Comparison;

/// What git2 says of the repository at one moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Repository {
    /// The working tree, or the bare repository.
    pub path: String,
    pub head: Head,
    pub branches: Vec<Branch>,
    pub tags: Vec<Tag>,
    /// Newest first; the first page only (see `log_complete`).
    pub log: Vec<Commit>,
    /// Whether `log` reaches the first commit.
    pub log_complete: bool,
    pub worktree: WorktreeState,
    /// Working trees beside the main one.
    pub worktrees: Vec<LinkedWorktree>,
    pub submodules: Vec<Submodule>,
    /// `None` where DVC is not in use.
    pub data: Option<DataVersions>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// `None` when detached.
    pub branch: Option<String>,
    /// Full hex; `None` before the first commit.
    pub commit: Option<String>,
    /// `merge`, `rebase` ... while one is under way.
    pub operation: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    pub name: String,
    pub commit: String,
    pub remote: bool,
    pub upstream: Option<String>,
    /// Commits that the upstream lacks; `None` without an upstream.
    pub ahead: Option<usize>,
    pub behind: Option<usize>,
    pub is_head: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    pub name: String,
    /// The commit it points to, peeled.
    pub commit: String,
    pub annotated: bool,
    pub message: Option<String>,
}

/// A working tree of its own, made by `git worktree add`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedWorktree {
    pub name: String,
    pub path: String,
    /// `None` when detached.
    pub branch: Option<String>,
    pub commit: Option<String>,
    /// It is kept, though its folder may be away.
    pub locked: bool,
    /// Its folder is not there.
    pub gone: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submodule {
    pub name: String,
    pub path: String,
    pub url: Option<String>,
    /// The commit that HEAD names.
    pub recorded: Option<String>,
    pub checked_out: Option<String>,
    /// `clean`, `another commit`, `not checked out`, `staged`, `deleted`, `unknown`.
    pub state: String,
}

/// What lies between two revisions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevRange {
    pub from: String,
    pub to: String,
    /// Commits between them.
    pub count: usize,
    /// The newest of them.
    pub commits: Vec<Commit>,
    pub comparison: Comparison,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    pub id: String,
    pub parents: Vec<String>,
    pub author: String,
    pub at: Option<Timestamp>,
    pub summary: String,
}

impl Commit {
    pub fn short(&self) -> &str {
        short_id(&self.id)
    }
}

/// The first seven characters, as Git's default abbreviation.
pub fn short_id(id: &str) -> &str {
    id.get(..7).unwrap_or(id)
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorktreeState {
    pub bare: bool,
    pub staged: Vec<FileChange>,
    pub unstaged: Vec<FileChange>,
    pub untracked: Vec<String>,
    pub conflicted: Vec<String>,
}

impl WorktreeState {
    pub fn is_clean(&self) -> bool {
        self.staged.is_empty()
            && self.unstaged.is_empty()
            && self.untracked.is_empty()
            && self.conflicted.is_empty()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileChange {
    pub path: String,
    /// `added`, `modified`, `deleted`, `renamed`, `typechange`.
    pub change: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DataVersions {
    /// Relative to the repository; empty for its root.
    pub dvc_root: String,
    pub outputs: Vec<Output>,
    /// Files of DVC that could not be read: path (with line where known) and what is wrong.
    pub problems: Vec<(String, String)>,
    /// Where the working tree's locks no longer tell how things are.
    pub drift: Vec<Drift>,
}

/// Something that a stage was run with, and that is not so any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// `train` or `sub/dvc.yaml:train`.
    pub stage: String,
    pub kind: DriftKind,
    /// The parameter, or the path.
    pub what: String,
    /// As locked: a value, or the beginning of a hash.
    pub then: String,
    pub now: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriftKind {
    Param,
    Dependency,
}

/// One output tracked by DVC.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Output {
    /// Relative to the repository root.
    pub path: String,
    /// `train` or `sub/dvc.yaml:train`; the `.dvc` file's path for a single output.
    pub stage: String,
    /// What kind it was declared as: `out`, `metric`, `plot`.
    pub role: String,
    /// The hash in the lock file or `.dvc` file at HEAD, with `.dir` for a directory.
    pub head_hash: Option<String>,
    /// The same in the workspace's lock file or `.dvc` file.
    pub lock_hash: Option<String>,
    pub size_bytes: Option<u64>,
    pub files: Option<u64>,
    pub state: OutputState,
    /// Whether the object is in the local cache; `None` for outputs that are not cached.
    pub in_cache: Option<bool>,
    /// Whether the default remote has it; `None` where that was not or cannot be asked.
    pub in_remote: Option<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutputState {
    /// Workspace, lock and HEAD agree.
    Clean,
    /// The file differs from the lock.
    Modified,
    /// The lock differs from HEAD.
    Uncommitted,
    /// Locked, but not in the workspace.
    Deleted,
    /// Declared, but never produced.
    NotProduced,
    /// The workspace was not compared (too large, or no permission).
    Unknown,
}

impl OutputState {
    pub fn key(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Modified => "modified",
            Self::Uncommitted => "uncommitted",
            Self::Deleted => "deleted",
            Self::NotProduced => "not_produced",
            Self::Unknown => "unknown",
        }
    }
}
