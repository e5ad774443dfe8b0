//! The lineage that is open, what serves, and what differs.

use std::collections::BTreeSet;

use crate::domain::freshness::Fetched;
use crate::domain::lineage::code::Code;
use crate::domain::lineage::difference::{Between, Difference, Side};
use crate::domain::lineage::graph::Graph;
use crate::domain::lineage::{Thing, Trace};
use crate::lineage::serving::Serving;

use super::super::list::ListState;

#[derive(Clone, Debug, Default)]
pub struct LineageRoom {
    /// Counts what was opened: answers to what was open before are dropped.
    pub session: u64,
    /// What was opened.
    pub root: Option<Thing>,
    pub trace: Fetched<Trace>,
    /// Things are still being asked.
    pub tracing: bool,
    /// Joined anew whenever an answer comes.
    pub graph: Graph,
    /// Rows whose children are folded away, by `tree::Row::id`.
    pub folded: BTreeSet<String>,
    pub list: ListState,
    /// What every variant serves, as far as the lists tell.
    pub serving: Vec<Serving>,
    /// What the repository said of the commits behind it.
    pub code: Code,
    /// A question for that is under way.
    pub asking_code: bool,
    /// Revisions and commits that were asked about: not asked again until the repository changes.
    pub asked: BTreeSet<String>,
    pub compare: CompareRoom,
}

#[derive(Clone, Debug, Default)]
pub struct CompareRoom {
    /// What can be compared of what was opened: each variant with HEAD, then one variant with the next.
    pub pairs: Vec<(Side, Side)>,
    /// Which pair is shown.
    pub at: usize,
    pub between: Fetched<Between>,
    /// Full ids of the commits that `between` is about.
    pub asked: Option<(String, String)>,
    pub difference: Option<Difference>,
    pub list: ListState,
}
