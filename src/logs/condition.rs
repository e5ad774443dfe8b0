//! What a line must fulfil: one question put to one line, and the hints that let a million lines be asked at once.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use grep_regex::RegexMatcher;

use super::line::LineRef;

/// A question put to a line: a search, a filter, a level.
///
/// The answer must depend on the line alone: it is kept for good and asked again only when the line itself changes.
pub trait Condition: Send + Sync + fmt::Debug {
    fn passes(&self, line: &LineRef<'_>) -> bool;

    /// Bytes without which no line can pass, so that whole blocks are skipped at the speed of memory.
    fn prefilter(&self) -> Prefilter<'_> {
        Prefilter::None
    }
}

/// What can be asked of a whole block before (or instead of) asking its lines one by one.
///
/// With `decides`, the answer for a line is whether it is found in the line's text, and `passes` is never called.
#[derive(Clone, Copy, Debug)]
pub enum Prefilter<'a> {
    None,
    /// Only lines that hold these bytes can pass. Never empty, never with a line feed.
    Literal {
        bytes: &'a [u8],
        decides: bool,
    },
    /// Only lines where this matches can pass. Built by [`super::pattern::matcher`], which makes it respect line ends.
    Matcher {
        matcher: &'a RegexMatcher,
        decides: bool,
    },
}

/// A condition that is shared and compared by identity: the same one keeps its answers, a new one is asked afresh.
#[derive(Clone)]
pub struct Test(Arc<dyn Condition>);

impl Test {
    pub fn new(condition: impl Condition + 'static) -> Self {
        Self(Arc::new(condition))
    }
}

impl Deref for Test {
    type Target = dyn Condition;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl PartialEq for Test {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Test {}

impl fmt::Debug for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Whether lines that pass stay or leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    Keep,
    Drop,
}

/// One link of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub test: Test,
    pub way: Way,
    pub on: bool,
}

/// Which lines are shown: those that stay through every step that is on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain(pub Vec<Step>);

impl Chain {
    /// The steps that are on.
    pub fn active(&self) -> impl Iterator<Item = &Step> {
        self.0.iter().filter(|step| step.on)
    }

    pub fn passes(&self, line: &LineRef<'_>) -> bool {
        self.active()
            .all(|step| step.test.passes(line) == (step.way == Way::Keep))
    }
}
