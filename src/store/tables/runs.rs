//! The table of all runs.

use jiff::Timestamp;

use crate::domain::run::Run;

use super::super::table::{Cell, Column, Row};
use super::{left, right};

pub const COLUMNS: &[Column] = &[
    left("name", "name", 18, 60, 0),
    left("kind", "kind", 10, 10, 3),
    left("step", "step", 8, 22, 4),
    left("status", "state", 12, 12, 0),
    right("start", "start", 12, 2),
    right("took", "took", 7, 1),
    left("reason", "why", 12, 60, 5),
];

/// A run, and the time that running durations are counted to.
pub struct RunRow<'a> {
    pub run: &'a Run,
    pub now: Timestamp,
}

impl Row for RunRow<'_> {
    fn id(&self) -> String {
        self.run.key()
    }

    fn cell(&self, column: &str) -> Cell {
        let run = self.run;
        match column {
            "name" => Cell::name(&run.name),
            "kind" => Cell::text(run.kind.short()),
            "step" => step(run),
            "status" => Cell::Run(run.status, run.raw_status.clone()),
            "start" => Cell::optional(run.started_at, Cell::Time),
            "took" => Cell::optional(run.duration_s(self.now), Cell::Seconds),
            "reason" => Cell::optional(run.reason.as_deref(), Cell::text),
            _ => Cell::Empty,
        }
    }
}

/// `Train 2/6` while it moves, `Train` where it failed.
fn step(run: &Run) -> Cell {
    match (&run.current_step, run.progress()) {
        (Some(step), Some((over, all))) if run.status.is_moving() => {
            Cell::text(format!("{step} {over}/{all}"))
        }
        (Some(step), _) => Cell::text(step),
        (None, _) => Cell::Empty,
    }
}

/// Newest first; runs that have not started stand at the top.
pub fn own_order(a: &Run, b: &Run) -> std::cmp::Ordering {
    let key = |run: &Run| run.started_at.map_or(i64::MAX, Timestamp::as_second);
    key(b)
        .cmp(&key(a))
        .then_with(|| a.kind.cmp(&b.kind))
        .then_with(|| a.name.cmp(&b.name))
}
