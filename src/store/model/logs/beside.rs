//! What stands beside the lines: how they spread over time, and the curves of their numbers.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::domain::metric_definition::MetricDefinition;
use crate::logs::ask::Generation;
use crate::logs::told::{Curves, Histogram, Progress};

/// The histogram on screen, and the one asked for.
#[derive(Clone, Debug, Default)]
pub struct Spread {
    pub shown: Option<Histogram>,
    pub asked: Option<SpreadAsked>,
    /// The window asked for to go to a bucket, and where that bucket begins, in milliseconds since 1970.
    pub went: Option<(Generation, i64)>,
}

/// What a histogram was asked for, to know when another one is wanted.
#[derive(Clone, Debug)]
pub struct SpreadAsked {
    pub generation: Generation,
    pub view: Generation,
    pub buckets: usize,
    pub lines: u64,
    pub at: Timestamp,
    /// How long the first answer took; `None` while it is waited for.
    pub took: Option<SignedDuration>,
}

/// The curves on screen, and the ones asked for.
#[derive(Clone, Debug, Default)]
pub struct CurvesSeen {
    pub shown: Option<Curves>,
    pub asked: Option<CurvesAsked>,
    /// Training jobs that were asked for their definitions: once, whatever they answer.
    pub described: BTreeSet<String>,
}

/// What curves were asked for.
#[derive(Clone, Debug)]
pub struct CurvesAsked {
    pub generation: Generation,
    /// The view whose lines are read.
    pub view: Generation,
    /// As the config and the jobs give them, those that cannot be used among them.
    pub definitions: Vec<MetricDefinition>,
}

/// Lines that came so far, those given up among them.
pub fn came(progress: &Progress) -> u64 {
    progress.lines + progress.dropped
}

impl Spread {
    /// Everything asked for has been answered, and is about the lines that are there.
    pub fn is_settled(&self, progress: &Progress) -> bool {
        self.asked.as_ref().is_none_or(|asked| {
            let shown = self.shown.as_ref();
            asked.lines == came(progress)
                && shown.is_some_and(|shown| shown.generation == asked.generation && shown.done)
        })
    }
}

impl CurvesSeen {
    /// The curves are those of the lines that are there.
    pub fn is_settled(&self, progress: &Progress) -> bool {
        self.asked.as_ref().is_none_or(|asked| {
            self.shown.as_ref().is_some_and(|shown| {
                shown.generation == asked.generation && shown.done && shown.came == came(progress)
            })
        })
    }
}
