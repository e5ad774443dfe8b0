//! The steps of one run.

use jiff::Timestamp;

use crate::domain::run::Step;

use super::super::table::{Cell, Column, Row};
use super::{left, right};

pub const COLUMNS: &[Column] = &[
    left("name", "step", 12, 40, 0),
    left("kind", "type", 10, 14, 2),
    left("status", "state", 12, 12, 0),
    right("start", "start", 12, 3),
    right("took", "took", 7, 1),
    left("reason", "why", 12, 60, 4),
];

pub struct StepRow<'a> {
    pub step: &'a Step,
    /// Its place in the run: names need not be unique.
    pub index: usize,
    pub now: Timestamp,
}

impl Row for StepRow<'_> {
    fn id(&self) -> String {
        format!("{}:{}", self.index, self.step.name)
    }

    fn cell(&self, column: &str) -> Cell {
        let step = self.step;
        match column {
            "name" => Cell::name(&step.name),
            "kind" => Cell::text(&step.kind),
            "status" => Cell::Run(step.status, step.raw_status.clone()),
            "start" => Cell::optional(step.started_at, Cell::Time),
            "took" => Cell::optional(step.duration_s(self.now), Cell::Seconds),
            "reason" => Cell::optional(step.reason.as_deref(), Cell::text),
            _ => Cell::Empty,
        }
    }
}
