//! A table in place of the lines: the figures of a query, patterns, anomalies.

use crate::domain::log::LogLevel;
use crate::domain::source_error::SourceError;
use crate::logs::ask::Generation;

#[derive(Clone, Debug)]
pub struct Sheet {
    pub kind: SheetKind,
    pub columns: Vec<SheetColumn>,
    pub rows: Vec<SheetRow>,
    /// The row under the cursor.
    pub cursor: usize,
    /// First row on screen.
    pub top: usize,
    /// Columns scrolled to the right.
    pub left: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub enum SheetKind {
    /// What a query answered.
    Answer,
    /// The patterns that a query found.
    AnsweredPatterns,
    /// Patterns of the lines at hand.
    Patterns {
        generation: Generation,
        /// Lines counted so far.
        lines: u64,
        /// Of patterns too rare to be kept.
        others: u64,
        done: bool,
    },
    Anomalies(Anomalies),
}

/// Whether the detectors' findings are known.
#[derive(Clone, Debug, PartialEq)]
pub enum Anomalies {
    Loading,
    Known { missing: Vec<SourceError> },
    Failed(SourceError),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetColumn {
    pub title: String,
    /// Numbers stand at the right of their column.
    pub right: bool,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct SheetRow {
    /// Keeps the cursor on the row while others come in.
    pub id: String,
    pub cells: Vec<String>,
    pub level: Option<LogLevel>,
    /// What a row is not wide enough for: an example, a description.
    pub detail: Vec<String>,
    /// How its lines are found.
    pub lines: Option<RowLines>,
}

/// The lines that a row stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowLines {
    /// Among those at hand, by a filter.
    Here { filter: String },
    /// Where the logs are, by a query.
    There {
        regex: String,
        /// Where it is not the groups on screen.
        groups: Vec<String>,
        /// In milliseconds since 1970, where it is known better than by the lines on screen.
        span_ms: Option<(i64, i64)>,
    },
}

impl SheetKind {
    /// Whether it is what a query found.
    pub fn is_answer(&self) -> bool {
        matches!(self, Self::Answer | Self::AnsweredPatterns)
    }
}

impl Sheet {
    pub fn new(kind: SheetKind, columns: Vec<SheetColumn>) -> Self {
        Self {
            kind,
            columns,
            rows: Vec::new(),
            cursor: 0,
            top: 0,
            left: 0,
        }
    }

    /// Takes other rows; the cursor stays on its own.
    pub fn fill(&mut self, rows: Vec<SheetRow>) {
        // At the top one sees the first, whichever it is.
        let own = self.rows.get(self.cursor).filter(|_| self.cursor > 0);
        let own = own.map(|row| row.id.as_str());
        let place = own.and_then(|id| rows.iter().position(|row| row.id == id));
        let last = rows.len().saturating_sub(1);
        self.cursor = place.unwrap_or(self.cursor).min(last);
        self.top = self.top.min(self.cursor);
        self.rows = rows;
    }

    pub fn selected(&self) -> Option<&SheetRow> {
        self.rows.get(self.cursor)
    }
}
