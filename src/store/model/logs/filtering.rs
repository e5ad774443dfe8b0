//! Filters laid over one another: each of them, how many lines it lets pass, and the look behind them all.

use jiff::{SignedDuration, Timestamp};

use crate::logs::ask::Generation;
use crate::logs::expression::Expression;
use crate::logs::key::LineKey;

use super::super::super::log_ask::FilterWay;

#[derive(Clone, Debug)]
pub struct LineFilter {
    pub way: FilterWay,
    pub text: String,
    pub expression: Expression,
    pub on: bool,
}

/// A line and where it stands on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    pub key: LineKey,
    /// Shown lines above it.
    pub row: usize,
}

/// All lines are shown for a moment, to see one among its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfiltered {
    /// Where to go back to; `None` follows again.
    pub back: Option<Spot>,
}

/// How many lines each filter lets pass, counted while the list of filters is open.
#[derive(Clone, Debug, Default)]
pub struct Passing {
    pub asked: Option<PassingAsked>,
    /// One figure a filter, of the lines that those before it leave.
    pub shown: Option<Vec<u64>>,
}

#[derive(Clone, Debug)]
pub struct PassingAsked {
    pub generation: Generation,
    /// The view whose filters are counted.
    pub view: Generation,
    /// Lines there were.
    pub lines: u64,
    pub at: Timestamp,
    /// How long the answer took; `None` while it is waited for.
    pub took: Option<SignedDuration>,
}

impl Passing {
    pub fn is_settled(&self) -> bool {
        self.asked.as_ref().is_none_or(|asked| asked.took.is_some())
    }
}
