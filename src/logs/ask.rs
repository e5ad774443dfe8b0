//! What can be asked of a reader. Plain data, so that a pure `update` can answer with it.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::log::LogLine;

use super::condition::{Chain, Test};
use super::key::LineKey;
use super::visit::{Format, Visitor};

/// Which answer belongs to which ask: the asker counts it up, answers carry it back, late ones are known by it.
pub type Generation = u64;

#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// Events that came in, in any order. `older`: a page from further back, asked for by scrolling up.
    Append {
        lines: Vec<LogLine>,
        older: bool,
    },
    /// Something may be missing here.
    Gap(Gap),
    /// What was missing after this key has come in.
    GapClosed {
        after: LineKey,
    },
    /// Show these lines only. Takes effect at once; the lines around `around` are decided first.
    SetView {
        generation: Generation,
        chain: Chain,
        around: Option<LineKey>,
    },
    /// Mark and count the lines that pass; `None` ends the search.
    Search {
        generation: Generation,
        test: Option<Test>,
        around: Option<LineKey>,
    },
    /// The next visible line that passes: after `from`, or before it. Neither marks nor counts (see `Search`),
    /// so it also serves for the next error, with a condition on the level.
    Find {
        generation: Generation,
        test: Test,
        from: LineKey,
        /// Whether the line at `from` itself may be the answer.
        here: bool,
        backwards: bool,
        /// Go on at the other end.
        wrap: bool,
    },
    /// Stop looking for what `Find` asked.
    FindNoMore,
    /// The lines around a place, now and again whenever they change, until another window is asked for.
    Window {
        generation: Generation,
        anchor: Anchor,
        before: usize,
        after: usize,
    },
    /// How the visible lines, and those of them that pass `marked`, spread over time.
    Histogram {
        generation: Generation,
        /// At most 512.
        buckets: usize,
        marked: Option<Test>,
    },
    /// Write lines to a new file, readable by its owner only.
    Export {
        generation: Generation,
        range: Range,
        format: Arc<dyn Format>,
        to: PathBuf,
    },
    /// Lines as text, for the clipboard.
    Copy {
        generation: Generation,
        range: Range,
        format: Arc<dyn Format>,
        max_bytes: usize,
    },
    /// Show each line to a visitor, in order: curves, bookmarks, whatever reads them all.
    Visit {
        generation: Generation,
        range: Range,
        visitor: Visitor,
    },
    /// Stop the export, copy or visit of this generation.
    VisitNoMore {
        generation: Generation,
    },
    Stop,
}

/// Where a window stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Anchor {
    Top,
    /// The last visible line; the window follows what comes in.
    End,
    /// This line, or the next visible one if it is gone or filtered out.
    Line(LineKey),
    /// The visible line with this number, counted from 0.
    Visible(u64),
    /// The first line at or after this time, in milliseconds since 1970.
    AtTime(i64),
}

/// Lines from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub first: LineKey,
    pub last: LineKey,
    /// Only those that the view shows.
    pub visible: bool,
}

impl Range {
    pub const VISIBLE: Self = Self {
        first: LineKey::FIRST,
        last: LineKey::LAST,
        visible: true,
    };
}

/// A place where something may be missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The marker stands before the first line after this key ([`LineKey::after_time`] for events).
    pub after: LineKey,
    /// For people: `reconnected after 40 s`.
    pub why: String,
}
