//! What the Logs screen asks of the reader of its lines, in the words that were typed.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::domain::log::{LogLine, LogTarget};
use crate::domain::metric_definition::MetricDefinition;
use crate::logs::ask::{Anchor, Gap, Generation};
use crate::logs::export::Format;
use crate::logs::key::LineKey;

/// What an error line is, in the language of filters.
pub const ERRORS: &str = "level>=error";

/// Where lines come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogOrigin {
    /// Followed in CloudWatch; lines are appended as they come.
    Targets(Vec<LogTarget>),
    /// Read and followed on this machine.
    Files(Vec<PathBuf>),
    /// Standard input.
    Pipe,
    /// What a query of Logs Insights found; appended as it comes.
    Answer,
}

impl LogOrigin {
    pub fn targets(&self) -> &[LogTarget] {
        match self {
            Self::Targets(targets) => targets,
            Self::Files(_) | Self::Pipe | Self::Answer => &[],
        }
    }
}

/// Whether lines that an expression holds for stay or leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FilterWay {
    Keep,
    Drop,
}

/// Shown lines that are taken away, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    pub first: LineKey,
    pub last: LineKey,
    pub format: Format,
    /// Secrets stay readable: they are on screen too.
    pub reveal: bool,
    /// What the lines are.
    pub title: String,
}

/// A question to the reader. Texts are expressions of [`crate::logs::expression`], known to be right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum LogAsk {
    Append {
        lines: Vec<LogLine>,
        /// From further back, asked for by scrolling up.
        older: bool,
    },
    Gap(Gap),
    /// What was missing after this has come in.
    GapClosed {
        after: LineKey,
    },
    /// Show only what passes all of these.
    View {
        generation: Generation,
        filters: Vec<(FilterWay, String)>,
        around: Option<LineKey>,
    },
    /// Mark and count; `None` ends the search.
    Search {
        generation: Generation,
        text: Option<String>,
        around: Option<LineKey>,
    },
    /// The next line that passes.
    Find {
        generation: Generation,
        text: String,
        from: LineKey,
        /// The line at `from` may be it.
        here: bool,
        backwards: bool,
        /// Go on at the other end.
        wrap: bool,
    },
    FindNoMore,
    Window {
        generation: Generation,
        anchor: Anchor,
        before: usize,
        after: usize,
    },
    /// How the shown lines, and the errors among them, spread over time.
    Histogram {
        generation: Generation,
        buckets: usize,
    },
    /// The curves of the numbers in the shown lines, now and again as lines come in.
    Curves {
        generation: Generation,
        /// Those that lines do not name by themselves.
        definitions: Vec<MetricDefinition>,
    },
    CurvesNoMore,
    /// How many lines each filter lets pass, of those that the filters before it leave.
    Passing {
        generation: Generation,
        /// With those that are off.
        filters: Vec<(FilterWay, String, bool)>,
    },
    PassingNoMore,
    /// What the shown lines have in common, counted once.
    Patterns {
        generation: Generation,
    },
    PatternsNoMore,
    /// Lines as text, for the clipboard.
    Copy {
        generation: Generation,
        lines: Taken,
        max_bytes: usize,
    },
    /// Lines into a new file. `~/` is the home folder; what is relative begins in the working directory.
    Export {
        generation: Generation,
        lines: Taken,
        to: PathBuf,
    },
}
