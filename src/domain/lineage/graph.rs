//! Things and the links between them, each with how it was found.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Thing;

/// How a link was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum How {
    /// Somebody wrote it down: an ARN, a tag, metadata, a lock file.
    Declared,
    /// The content is the same.
    Hash,
    /// It fits; `percent` says how well, 1 to 99.
    Inferred { percent: u8 },
}

impl How {
    pub fn key(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Hash => "hash",
            Self::Inferred { .. } => "inferred",
        }
    }

    /// `declared`, `by hash`, `inferred 70 %`.
    pub fn words(self) -> String {
        match self {
            Self::Declared => "declared".to_owned(),
            Self::Hash => "by hash".to_owned(),
            Self::Inferred { percent } => format!("inferred {percent} %"),
        }
    }

    /// For choosing between two ways to the same link: larger is better.
    pub fn strength(self) -> u8 {
        match self {
            Self::Hash => 101,
            Self::Declared => 100,
            Self::Inferred { percent } => percent.min(99),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    #[serde(flatten)]
    pub how: How,
    /// Where it stands, or why it fits: part of a sentence.
    pub why: String,
}

/// `product` was made from `origin`, or runs it. Both are places in `Graph::nodes`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub product: usize,
    pub origin: usize,
    pub evidence: Evidence,
}

/// A link that should be there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    pub product: usize,
    /// The kind of thing that is not known (`Thing::kind`).
    pub wants: String,
    /// What is not known, one sentence.
    pub what: String,
    /// The line for the user's pipeline code, or the command, that creates it. Empty where there is none.
    pub mend: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Node {
    pub thing: Thing,
    pub name: String,
    pub note: String,
    pub at: Option<Timestamp>,
    pub arn: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Graph {
    pub nodes: Vec<Node>,
    pub links: Vec<Link>,
    pub missing: Vec<Missing>,
}

impl Graph {
    pub fn find(&self, thing: &Thing) -> Option<usize> {
        self.nodes.iter().position(|node| node.thing == *thing)
    }

    /// Links to what a node was made from.
    pub fn origins(&self, node: usize) -> impl Iterator<Item = &Link> {
        self.links.iter().filter(move |link| link.product == node)
    }

    /// Links to what was made from it.
    pub fn products(&self, node: usize) -> impl Iterator<Item = &Link> {
        self.links.iter().filter(move |link| link.origin == node)
    }
}

/// Which way to walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// To what it was made from.
    Up,
    /// To what was made from it.
    Down,
}
