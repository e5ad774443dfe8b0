//! What a reader tells. Plain data, for messages.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::log::LogLevel;

use super::ask::{Gap, Generation};
use super::curve::Series;
use super::key::LineKey;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Told {
    /// At most one every 30 ms. Sooner or later one follows every change of the view.
    Progress(Progress),
    /// At once after it was asked for, then at most one every 33 ms and only if it changed.
    Window(Window),
    Found(Found),
    NotFound {
        generation: Generation,
    },
    /// Visible lines that pass the search, so far.
    Counted {
        generation: Generation,
        matches: u64,
        done: bool,
    },
    Histogram(Histogram),
    Exported {
        generation: Generation,
        lines: u64,
        bytes: u64,
        to: PathBuf,
    },
    Copied {
        generation: Generation,
        lines: u64,
        text: String,
        /// All that was asked for; otherwise it was cut at the end of a line, to keep `max_bytes`.
        whole: bool,
    },
    Visited {
        generation: Generation,
        lines: u64,
        /// The visitor saw all lines that were asked for.
        whole: bool,
    },
    Curves(Curves),
    /// Lines that each filter lets pass, of those that the filters before it leave.
    Passed {
        generation: Generation,
        passed: Vec<u64>,
    },
    Patterns(Patterns),
    Trouble(Trouble),
}

/// How far a document is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Which `SetView` it is about; 0 before the first.
    pub view: Generation,
    pub lines: u64,
    /// Lines the view shows, so far.
    pub visible: u64,
    /// Of text.
    pub bytes: u64,
    /// Bytes of the files that are still to be indexed.
    pub unread_bytes: u64,
    /// Bytes of text and index held in memory.
    pub hot_bytes: u64,
    /// Bytes moved to disk to keep the bound.
    pub spooled_bytes: u64,
    /// Lines given up because there was no room on disk either.
    pub dropped: u64,
    /// Events that came a second time.
    pub duplicates: u64,
    /// All files are indexed and all lines decided.
    pub done: bool,
    /// More may come; false after the end of a pipe.
    pub growing: bool,
    /// Time of the first and the last event, in milliseconds since 1970.
    pub times: Option<(i64, i64)>,
}

/// Lines around the anchor that was asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Window {
    pub generation: Generation,
    /// Number of the first line among the visible ones, counted from 0; a guess until `settled`.
    pub first_visible: u64,
    pub lines: Vec<WindowLine>,
    /// Which of `lines` the anchor is.
    pub anchor: Option<usize>,
    pub at_start: bool,
    pub at_end: bool,
    /// A marker that stands after the last line.
    pub gap_after: Option<Gap>,
    /// Numbers and lines are final: everything before and within is indexed and decided.
    pub settled: bool,
}

/// A line to show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WindowLine {
    pub key: LineKey,
    /// In the document, counted from 0; not known while the file before it is still being indexed.
    pub number: Option<u64>,
    /// Among the visible lines, counted from 0; likewise.
    pub visible: Option<u64>,
    /// Milliseconds since 1970: the event's own time, or the one read from the text.
    pub at_ms: Option<i64>,
    pub ingested_ms: Option<i64>,
    pub source: Source,
    /// It came later than lines that stand after it.
    pub late: bool,
    /// A marker that stands before this line.
    pub gap_before: Option<Gap>,
    /// Invalid UTF-8 replaced, control characters still in it, cut at 64 KiB.
    #[serde(with = "shared_text")]
    pub text: Arc<str>,
    /// Of the whole line.
    pub bytes: u64,
    /// It passes the search.
    pub matched: bool,
}

/// Where a line came from. Names are shared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Source {
    /// A log group, or the path of a file; empty for a pipe.
    #[serde(with = "shared_text")]
    pub group: Arc<str>,
    /// A log stream; empty for files and pipes.
    #[serde(with = "shared_text")]
    pub stream: Arc<str>,
}

/// A line that passes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub generation: Generation,
    pub key: LineKey,
    /// Among the visible lines, counted from 0; a guess until all before it is decided.
    pub visible: u64,
    /// The search went over the end and began again at the other one.
    pub wrapped: bool,
}

/// Lines per span of time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Histogram {
    pub generation: Generation,
    /// Start of the first bucket, in milliseconds since 1970.
    pub start_ms: i64,
    /// Width of a bucket in milliseconds, never 0.
    pub width_ms: i64,
    pub buckets: Vec<Bucket>,
    /// Lines whose time is not known.
    pub timeless: u64,
    /// Nothing is left to be decided or indexed.
    pub done: bool,
}

impl Histogram {
    /// The bucket that a time lies in, or the nearest one.
    pub fn bucket_at(&self, at_ms: i64) -> Option<usize> {
        let last = self.buckets.len().checked_sub(1)?;
        let place = at_ms.saturating_sub(self.start_ms) / self.width_ms.max(1);
        Some(usize::try_from(place).unwrap_or(0).min(last))
    }

    /// Where a bucket begins, in milliseconds since 1970.
    pub fn start_of(&self, bucket: usize) -> i64 {
        let bucket = i64::try_from(bucket).unwrap_or(i64::MAX);
        let offset = self.width_ms.saturating_mul(bucket);
        self.start_ms.saturating_add(offset)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    pub lines: u64,
    pub marked: u64,
}

/// What the numbers in the visible lines look like.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Curves {
    pub generation: Generation,
    /// The most interesting ones, the best first. Their keys are numbers of lines, lines given up included.
    pub shown: Vec<Series>,
    /// Series found besides these.
    pub others: usize,
    /// Lines looked at.
    pub lines: u64,
    /// Lines that had come when it was looked at them last, those given up among them.
    pub came: u64,
    /// All lines that were there have been looked at.
    pub done: bool,
}

/// What the visible lines have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patterns {
    pub generation: Generation,
    /// The most frequent ones first.
    pub shown: Vec<Pattern>,
    /// Lines looked at.
    pub lines: u64,
    /// Of them, lines that no pattern shown stands for.
    pub others: u64,
    /// All lines that were there have been looked at.
    pub done: bool,
}

/// A sentence that lines share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pattern {
    /// With `<*>` for what varies.
    pub template: String,
    pub count: u64,
    /// What one of its lines says of itself.
    pub level: Option<LogLevel>,
    /// One of its lines, cut to a few hundred bytes.
    pub example: String,
    /// Finds its lines, in the language of filters.
    pub filter: String,
}

/// Something went wrong and was got over; the reader goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    pub what: String,
    pub hint: Option<String>,
}

/// `Arc<str>` as a plain text.
mod shared_text {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(text)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<str>, D::Error> {
        String::deserialize(deserializer).map(Arc::from)
    }
}
