//! Runs of every kind, each kind with its own freshness.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::freshness::Fetched;
use crate::domain::run::{Run, RunKind};

use super::super::list::ListState;

#[derive(Clone, Debug, Default)]
pub struct RunsRoom {
    pub by_kind: BTreeMap<RunKind, Fetched<Vec<Run>>>,
    /// Described runs by `Run::key`; terminal ones stay for good.
    pub details: BTreeMap<String, Fetched<Run>>,
    /// Described at the moment: not asked twice.
    pub describing: BTreeSet<String>,
    /// `l` or `e` was pressed on this run before its streams were known; `true` seeks the error.
    pub logs_wanted: Option<(String, bool)>,
    /// All runs, newest first, with what `details` knows: rebuilt when data comes in.
    pub all: Vec<Run>,
    pub list: ListState,
    /// The steps of the selected run.
    pub steps: ListState,
}

impl RunsRoom {
    pub fn find(&self, key: &str) -> Option<&Run> {
        // Without making a key of every run: this is asked several times a frame.
        self.all
            .iter()
            .find(|run| run.arn == key || (run.arn.is_empty() && run.key() == key))
    }
}
