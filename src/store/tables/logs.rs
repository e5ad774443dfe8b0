//! Log groups, and the streams of one.

use crate::domain::log::{LogGroup, LogStream};

use super::super::table::{Cell, Column, Row};
use super::{left, right};

pub const GROUP_COLUMNS: &[Column] = &[
    left("name", "log group", 20, 100, 0),
    right("size", "size", 9, 1),
    right("kept", "kept", 6, 2),
];

pub const STREAM_COLUMNS: &[Column] = &[
    left("name", "stream", 20, 100, 0),
    right("last", "last event", 12, 1),
];

impl Row for LogGroup {
    fn id(&self) -> String {
        self.name.clone()
    }

    fn cell(&self, column: &str) -> Cell {
        match column {
            "name" => Cell::name(&self.name),
            "size" => Cell::optional(
                self.stored_bytes.and_then(|n| u64::try_from(n).ok()),
                Cell::Bytes,
            ),
            "kept" => Cell::text(
                self.retention_days
                    .map_or("ever".to_owned(), |days| format!("{days}d")),
            ),
            _ => Cell::Empty,
        }
    }
}

impl Row for LogStream {
    fn id(&self) -> String {
        self.name.clone()
    }

    fn cell(&self, column: &str) -> Cell {
        match column {
            "name" => Cell::name(&self.name),
            "last" => Cell::optional(self.last_event_at, Cell::Time),
            _ => Cell::Empty,
        }
    }
}
