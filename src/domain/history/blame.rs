//! Who wrote each line of a file, and what stood there before.

use serde::{Deserialize, Serialize};

use super::CommitId;
use super::diff::Kind;

/// A file's lines, each with the commit it came with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blame {
    pub kind: Kind,
    pub lines: Vec<BlamedLine>,
    /// The commits that lines name by their place here.
    pub commits: Vec<BlamedCommit>,
    /// Commits looked at so far.
    pub walked: usize,
    /// Every line has its commit.
    pub done: bool,
    /// Why something is not shown.
    pub note: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlamedLine {
    pub text: String,
    /// Place in `commits`; `None` while it is looked for.
    pub commit: Option<u32>,
    /// The line number in that commit, from 1.
    pub there: u32,
    /// What stood there before that commit, and its line number then.
    pub before: Option<(u32, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlamedCommit {
    /// The working tree's id stands for lines that are not committed.
    pub id: CommitId,
    pub author: String,
    /// In seconds since 1970.
    pub at: i64,
    pub summary: String,
    /// The file's path in this commit.
    pub path: String,
    /// The commit before it on this path, and the path there; `None` where the file began.
    pub parent: Option<(CommitId, String)>,
}
