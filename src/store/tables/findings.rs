//! The Deck's list: what needs somebody.

use crate::findings::Finding;

use super::super::table::{Cell, Column, Row};
use super::{left, right};

pub const COLUMNS: &[Column] = &[
    left("category", "what", 8, 10, 2),
    left("name", "name", 14, 44, 0),
    left("reason", "why", 40, 40, 0),
    right("since", "since", 12, 1),
    left("next", "next", 16, 60, 3),
];

impl Row for Finding {
    fn id(&self) -> String {
        self.id.clone()
    }

    fn cell(&self, column: &str) -> Cell {
        match column {
            "category" => Cell::text(&self.category),
            "name" => Cell::name(&self.name),
            "reason" => Cell::text(&self.reason),
            "since" => Cell::optional(self.since, Cell::Time),
            "next" => Cell::optional(self.next_steps.first(), Cell::text),
            _ => Cell::Empty,
        }
    }
}
