//! What differs between two revisions: files, and the lines of one file.

use serde::{Deserialize, Serialize};

use super::CommitId;

/// One end of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Side {
    /// Nothing at all: what the first commit is compared with.
    Empty,
    /// What the commit was made on: its first parent, or nothing.
    Before(CommitId),
    Commit(CommitId),
    /// The files as they are, with what is staged.
    Worktree,
}

/// From one revision to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Pair {
    pub from: Side,
    pub to: Side,
}

impl Pair {
    /// A commit's own changes; those of the working tree against `head` where it stands for that.
    pub fn of(id: CommitId, head: Option<CommitId>) -> Self {
        if id.is_worktree() {
            return Self {
                from: head.map_or(Side::Empty, Side::Commit),
                to: Side::Worktree,
            };
        }
        Self {
            from: Side::Before(id),
            to: Side::Commit(id),
        }
    }

    /// From one row of the list to another.
    pub fn between(from: CommitId, to: CommitId) -> Self {
        let side = |id: CommitId| {
            if id.is_worktree() {
                Side::Worktree
            } else {
                Side::Commit(id)
            }
        };
        Self {
            from: side(from),
            to: side(to),
        }
    }
}

/// The files that differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// The first ones, by path.
    pub files: Vec<FileDelta>,
    /// How many there are.
    pub total: usize,
    /// Lines of the files that were counted.
    pub added: usize,
    pub removed: usize,
    /// Why something above is not whole, in a sentence.
    pub note: Option<String>,
    /// The commit that was compared with what it was made on.
    pub about: Option<About>,
}

/// What is known of a commit beyond its row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// `Ada Tester <ada@example.com>`
    pub author: String,
    /// `None` where it is the author.
    pub committer: Option<String>,
    /// In seconds since 1970.
    pub authored: i64,
    /// All of it.
    pub message: String,
    pub parents: Vec<CommitId>,
    /// Commits that HEAD has and this one has not, and the other way round; `None` where that was not worked out.
    pub behind_head: Option<usize>,
    pub beside_head: Option<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDelta {
    pub path: String,
    /// Where it came from, if it was renamed or copied.
    pub old_path: Option<String>,
    pub change: Change,
    pub kind: Kind,
    /// `None` where lines were not counted.
    pub added: Option<usize>,
    pub removed: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Added,
    Modified,
    Deleted,
    Renamed,
    Copied,
    /// A file became a link, or something like it.
    Typechange,
    Conflicted,
    Untracked,
    /// It is there, and that is all: a file of a tree.
    Present,
}

impl Change {
    pub fn key(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Modified => "modified",
            Self::Deleted => "deleted",
            Self::Renamed => "renamed",
            Self::Copied => "copied",
            Self::Typechange => "typechange",
            Self::Conflicted => "conflicted",
            Self::Untracked => "untracked",
            Self::Present => "present",
        }
    }
}

/// Whether a file's lines can be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    #[default]
    Text,
    Binary,
    /// More bytes than are compared line by line.
    Large,
    /// A pointer of Git LFS: the content is elsewhere.
    Lfs,
    Submodule,
    Link,
}

impl Kind {
    pub fn key(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Binary => "binary",
            Self::Large => "large",
            Self::Lfs => "lfs",
            Self::Submodule => "submodule",
            Self::Link => "link",
        }
    }
}

/// The lines of one file that differ, with some around them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDiff {
    pub kind: Kind,
    pub hunks: Vec<Hunk>,
    /// Why something is not shown.
    pub note: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hunk {
    /// `@@ -1,4 +1,5 @@ fn main`
    pub header: String,
    pub lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub origin: Origin,
    /// From 1; `None` on the side that has no such line.
    pub old: Option<u32>,
    pub new: Option<u32>,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    Same,
    Added,
    Removed,
    /// `no newline at the end of the file`
    Remark,
}
