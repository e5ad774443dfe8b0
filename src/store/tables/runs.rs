//! The table of all runs.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::domain::run::{Run, RunKind};

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
    /// The pipeline execution that started it, where that is in the list too.
    pub parent: Option<&'a Run>,
    pub now: Timestamp,
}

/// Every run with its parent, in the order given.
pub fn rows(runs: &[Run], now: Timestamp) -> Vec<RunRow<'_>> {
    let executions: HashMap<&str, &Run> = runs
        .iter()
        .filter(|run| run.kind == RunKind::SagemakerPipeline)
        .map(|run| (run.id.as_str(), run))
        .collect();
    runs.iter()
        .map(|run| RunRow {
            run,
            parent: run
                .pipeline_step()
                .and_then(|(execution, _)| executions.get(execution).copied()),
            now,
        })
        .collect()
}

impl Row for RunRow<'_> {
    fn id(&self) -> String {
        self.run.key()
    }

    fn cell(&self, column: &str) -> Cell {
        let run = self.run;
        match column {
            // A pipeline's job has a name made of random letters; its step and pipeline are what people know.
            "name" => Cell::name(match (self.parent, run.pipeline_step()) {
                (Some(parent), Some((_, step))) => format!("{} / {step}", parent.name),
                _ => run.name.clone(),
            }),
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
