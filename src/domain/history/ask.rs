//! Questions about a history, and what is told of it. Questions that replace each other carry a generation, which
//! the answer repeats: an answer to an older one is dropped.

use serde::{Deserialize, Serialize};

use super::blame::Blame;
use super::diff::{Comparison, FileDelta, FileDiff, Pair, Side};
use super::query::CommitQuery;
use super::{CommitId, CommitText, Marks, Page};
use crate::domain::source_error::SourceError;

pub type Generation = u64;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// Author, summary and marks of rows on screen.
    Texts(Vec<CommitId>),
    /// Rows that pass, beginning with row `from` of what was walked.
    Find {
        generation: Generation,
        query: CommitQuery,
        from: usize,
    },
    FindNoMore,
    /// The files that differ.
    Compare {
        generation: Generation,
        pair: Pair,
    },
    /// The lines of one of them.
    File {
        generation: Generation,
        pair: Pair,
        file: FileDelta,
    },
    /// Every file there is.
    Tree {
        generation: Generation,
        at: Side,
    },
    Blame {
        generation: Generation,
        at: Side,
        path: String,
    },
}

impl Ask {
    /// Questions of one kind replace each other.
    pub fn kind(&self) -> AskKind {
        match self {
            Self::Texts(_) => AskKind::Texts,
            Self::Find { .. } | Self::FindNoMore => AskKind::Find,
            Self::Compare { .. } => AskKind::Compare,
            Self::File { .. } | Self::Blame { .. } => AskKind::File,
            Self::Tree { .. } => AskKind::Tree,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AskKind {
    Texts,
    Find,
    Compare,
    File,
    Tree,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Told {
    /// The next rows, newest first.
    Rows(Page),
    /// There are no more.
    Walked(Result<Walked, SourceError>),
    Texts(Vec<(CommitId, CommitText)>),
    Marks(Vec<(CommitId, Marks)>),
    Found {
        generation: Generation,
        /// Places in what was walked.
        rows: Vec<u32>,
        /// How many were looked at in all.
        looked_at: usize,
        /// As far as rows are known.
        done: bool,
    },
    Compared {
        generation: Generation,
        answer: Result<Comparison, SourceError>,
    },
    File {
        generation: Generation,
        answer: Result<FileDiff, SourceError>,
    },
    Tree {
        generation: Generation,
        answer: Result<Comparison, SourceError>,
    },
    Blame {
        generation: Generation,
        answer: Result<Blame, SourceError>,
    },
}

/// How a walk ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walked {
    /// A shallow clone: older commits are not here.
    pub shallow: bool,
    /// What could not be read.
    pub missing: Vec<SourceError>,
}
