//! The language of filters and searches: what stands in a line, what does not, and what its fields say.
//!
//! ```text
//! cuda memory          both words, in any case; a capital letter makes a word exact
//! "out of memory"      these words together
//! /step \d+/  /oom/i   a regular expression
//! !warmup  !epoch=1    lines without it
//! level>=warn          also = != < <= >; the same for numbers: loss<0.2
//! epoch=3..5           from 3 to 5; 3.. and ..5 are open
//! user.id=42  env=prod message~"took \d+ ms"  loss=*
//! stream:algo-1        part of the stream's or the group's name
//! ```
//!
//! Everything must hold at once; `a|b` is said inside an expression.

use std::ops::Range;

use grep_regex::RegexMatcher;
use thiserror::Error;

use crate::domain::log::LogLevel;

use super::condition::{Condition, Prefilter};
use super::line::LineRef;
use super::{fields, level};
use parse::Reader;
use pattern::Pattern;

pub use insights::{insights_filter, insights_query};

mod insights;
mod parse;
mod pattern;
mod remote;
#[cfg(test)]
mod tests;

/// What a person typed, understood.
#[derive(Clone, Debug, Default)]
pub struct Expression {
    /// In the order in which they were typed.
    clauses: Vec<Clause>,
    /// Their places, cheap questions first.
    order: Vec<usize>,
    hint: Option<Hint>,
}

/// Why a text is no expression: where, and what to type instead.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{problem} at {at}: {remedy}")]
pub struct ExpressionError {
    /// In bytes from the start of the text.
    pub at: usize,
    pub problem: String,
    pub remedy: String,
}

#[derive(Clone, Debug)]
struct Hint {
    matcher: RegexMatcher,
    decides: bool,
}

#[derive(Clone, Debug)]
struct Clause {
    inverted: bool,
    test: Test,
}

#[derive(Clone, Debug)]
enum Test {
    Text(Pattern),
    Level(Compare, LogLevel),
    /// The line tells a level at all.
    AnyLevel,
    Field(String, Asked),
    Stream(Pattern),
    Group(Pattern),
}

/// What is asked of a field's value.
#[derive(Clone, Debug)]
enum Asked {
    Exists,
    /// The number, and how it was typed: long ids are compared by their digits.
    Number(Compare, f64, String),
    Between(f64, f64),
    /// Small letters stand for both.
    Text {
        is: bool,
        text: String,
    },
    Matches {
        does: bool,
        pattern: Pattern,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compare {
    Less,
    AtMost,
    Equal,
    Unequal,
    AtLeast,
    More,
}

impl Expression {
    /// Reads what was typed. No text is an expression that everything passes.
    ///
    /// # Errors
    /// With the place and a remedy, to be shown below the text.
    pub fn parse(text: &str) -> Result<Self, ExpressionError> {
        let clauses = Reader::new(text).clauses()?;
        let mut order: Vec<usize> = (0..clauses.len()).collect();
        order.sort_by_key(|at| clauses[*at].test.cost());
        Ok(Self {
            hint: hint(&clauses),
            clauses,
            order,
        })
    }

    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    pub fn passes(&self, line: &LineRef<'_>) -> bool {
        self.order
            .iter()
            .map(|at| &self.clauses[*at])
            .all(|clause| clause.test.holds(line) != clause.inverted)
    }

    /// A pattern without which no line passes, so that most lines need not be looked at one by one.
    pub fn prefilter(&self) -> Prefilter<'_> {
        match &self.hint {
            Some(hint) => Prefilter::Matcher {
                matcher: &hint.matcher,
                decides: hint.decides,
            },
            None => Prefilter::None,
        }
    }

    /// What the texts and expressions found, to be marked: ascending, apart, on character boundaries.
    pub fn marks(&self, text: &str) -> Vec<Range<usize>> {
        let mut marks = Vec::new();
        for clause in &self.clauses {
            if let Clause {
                inverted: false,
                test: Test::Text(pattern),
            } = clause
            {
                pattern.find_all(text, &mut marks);
            }
        }
        merged(marks)
    }
}

impl Condition for Expression {
    fn passes(&self, line: &LineRef<'_>) -> bool {
        Expression::passes(self, line)
    }

    fn prefilter(&self) -> Prefilter<'_> {
        Expression::prefilter(self)
    }
}

/// Ranges in order, those that touch made one.
pub(super) fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|r| (r.start, r.end));
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match apart.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart
}

/// The clause that most lines fail: a long text rather than a short one, a text rather than an expression.
fn hint(clauses: &[Clause]) -> Option<Hint> {
    let alone = clauses.len() == 1;
    clauses
        .iter()
        .filter(|clause| !clause.inverted)
        .filter_map(|clause| match &clause.test {
            Test::Text(pattern) => Some((
                pattern.literal().map_or(1, |text| 2 + text.len()),
                pattern.matcher().clone(),
                alone,
            )),
            // A line with the field has its name in it.
            Test::Field(path, _) if !is_message(path) => {
                let name = path
                    .rsplit('.')
                    .find(|part| part.parse::<usize>().is_err())?;
                let named = Pattern::literally_in_any_case(name).ok()?;
                Some((2, named.matcher().clone(), false))
            }
            _ => None,
        })
        .max_by_key(|(rank, _, _)| *rank)
        .map(|(_, matcher, decides)| Hint { matcher, decides })
}

/// The names by which the text of a line is asked for, whatever the line calls it.
fn is_message(path: &str) -> bool {
    matches!(path, "message" | "msg" | "@message")
}

impl Test {
    fn cost(&self) -> u8 {
        match self {
            Self::Stream(_) | Self::Group(_) => 0,
            Self::Text(_) => 1,
            Self::Level(..) | Self::AnyLevel => 2,
            Self::Field(..) => 3,
        }
    }

    fn holds(&self, line: &LineRef<'_>) -> bool {
        match self {
            Self::Text(pattern) => pattern.is_in(line.text),
            Self::Stream(pattern) => pattern.is_in(line.stream.as_bytes()),
            Self::Group(pattern) => pattern.is_in(line.group.as_bytes()),
            Self::AnyLevel => level::detect_bytes(line.text).is_some(),
            Self::Level(compare, wanted) => {
                level::detect_bytes(line.text).is_some_and(|l| compare.holds(&l, wanted))
            }
            Self::Field(path, asked) => match fields::get(line.text, path) {
                Some(value) => asked.holds(&value),
                None if is_message(path) => {
                    asked.holds(&fields::Value::Text(fields::message(line.text)))
                }
                None => false,
            },
        }
    }
}

impl Asked {
    fn holds(&self, value: &fields::Value<'_>) -> bool {
        match self {
            Self::Exists => true,
            Self::Number(Compare::Equal, number, typed) => is_number(value, *number, typed),
            Self::Number(Compare::Unequal, number, typed) => !is_number(value, *number, typed),
            Self::Number(compare, number, _) => {
                number_of(value).is_some_and(|n| compare.holds(&n, number))
            }
            Self::Between(low, high) => {
                number_of(value).is_some_and(|n| (*low..=*high).contains(&n))
            }
            Self::Text { is, text } => same_text(value.text(), text) == *is,
            Self::Matches { does, pattern } => pattern.is_in(value.text().as_bytes()) == *does,
        }
    }
}

impl Compare {
    fn holds<T: PartialOrd>(self, a: &T, b: &T) -> bool {
        match self {
            Self::Less => a < b,
            Self::AtMost => a <= b,
            Self::Equal => a == b,
            Self::Unequal => a != b,
            Self::AtLeast => a >= b,
            Self::More => a > b,
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Equal => "=",
            Self::Unequal => "!=",
            Self::AtLeast => ">=",
            Self::More => ">",
        }
    }
}

/// Numbers count also where they are written as text.
fn number_of(value: &fields::Value<'_>) -> Option<f64> {
    match value {
        fields::Value::Num(number, _) => Some(*number),
        fields::Value::Text(text) => fields::pairs::scalar(text.trim().as_bytes()).number(),
        _ => None,
    }
}

fn is_number(value: &fields::Value<'_>, number: f64, typed: &str) -> bool {
    /// From here on neighbouring integers are one floating-point number.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match number_of(value) {
        Some(n) if n.is_nan() => number.is_nan(),
        #[expect(clippy::float_cmp, reason = "equal is what was asked for")]
        Some(n) if n.abs() < EXACT => n == number,
        _ => value.text() == typed,
    }
}

fn same_text(value: &str, typed: &str) -> bool {
    if typed.chars().any(char::is_uppercase) {
        value == typed
    } else {
        value.eq_ignore_ascii_case(typed) || value.to_lowercase() == typed
    }
}
