//! From what single services say to one graph: what serves, what it was made from, and how each link was found.
//!
//! Pure: it knows the domain and nothing else. Whoever asks the services (`asks` says what to ask next) hands the
//! records in; `join` makes the graph of them, `tree` the rows to walk.

pub mod asks;
pub mod content;
pub mod difference;
mod images;
mod join;
pub mod known;
mod missing;
pub mod name;
pub mod revisions;
pub mod serving;
#[cfg(test)]
mod tests;
pub mod tree;

use serde::{Deserialize, Serialize};

pub use join::{join, reachable};

/// What the user's own conventions are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Names of tags, metadata, labels, parameters and variables that hold a commit. The first is the one that
    /// lines to add are written with. Spellings in use everywhere (`GitCommit`, `commit_id` ...) count besides.
    pub commit_tags: Vec<String>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            commit_tags: vec!["git-commit".to_owned()],
        }
    }
}

impl Rules {
    /// The name for lines to add.
    pub fn commit_tag(&self) -> &str {
        self.commit_tags
            .first()
            .map_or("git-commit", String::as_str)
    }
}
