//! A query of Logs Insights: while it is typed, while it runs, and when it has answered.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::insights::{InsightsQuery, QueryState, Scan};
use crate::domain::log::LogTarget;
use crate::domain::source_error::SourceError;

use super::super::super::text_field::TextField;
use super::Tail;

/// The prompt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueryForm {
    /// `errors`, or what lines it is about.
    pub title: String,
    /// Whose groups are asked.
    pub targets: Vec<LogTarget>,
    /// `-3h`, `03:12..04:00`.
    pub range: TextField,
    pub query: TextField,
    pub field: FormField,
    /// The price has been read: Enter asks.
    pub agreed: bool,
    /// What cannot be asked as it was on screen.
    pub unsaid: Vec<String>,
    /// Which of the earlier queries is shown, counted from the newest; `None` is the one being typed.
    pub earlier: Option<usize>,
    /// What was being typed before an earlier one was looked at.
    pub draft: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum FormField {
    Range,
    #[default]
    Query,
}

impl QueryForm {
    pub fn field(&self) -> &TextField {
        match self.field {
            FormField::Range => &self.range,
            FormField::Query => &self.query,
        }
    }

    pub fn field_mut(&mut self) -> &mut TextField {
        match self.field {
            FormField::Range => &mut self.range,
            FormField::Query => &mut self.query,
        }
    }
}

/// A query that was asked. Its lines are the tail on screen; the tail from which it was asked waits behind.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Tells the news of one query from those of another.
    pub number: u64,
    pub title: String,
    pub query: InsightsQuery,
    pub targets: Vec<LogTarget>,
    /// As it was typed, to be asked again.
    pub range: String,
    pub phase: Phase,
    pub began: Timestamp,
    /// When it was over.
    pub ended: Option<Timestamp>,
    pub scan: Scan,
    /// Rows so far.
    pub rows: u64,
    /// The last look failed; the query goes on.
    pub trouble: Option<SourceError>,
    /// Where Back leads; `None` where it was asked from the list of groups.
    pub behind: Option<Box<Tail>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// AWS has not taken it yet.
    Starting,
    Running(QueryState),
    /// Told to stop.
    Stopping,
    Over(QueryState),
    Failed(SourceError),
}

impl Asked {
    /// Whether it may still cost anything.
    pub fn is_running(&self) -> bool {
        matches!(
            self.phase,
            Phase::Starting | Phase::Running(_) | Phase::Stopping
        )
    }
}
