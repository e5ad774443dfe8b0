//! A text or a regular expression to look for, small letters standing for both.

use std::ops::Range;

use grep_matcher::Matcher;
use grep_regex::{RegexMatcher, RegexMatcherBuilder};

/// More marks than a screen shows of one line.
const MOST_MARKS: usize = 2_000;

/// Bytes a compiled expression may take: one that a person typed must not stop the program.
const LARGEST: usize = 4 << 20;

#[derive(Clone, Debug)]
pub struct Pattern {
    source: Source,
    /// As in `(?i)`.
    pub insensitive: bool,
    matcher: RegexMatcher,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    Literal(String),
    Regex(String),
}

impl Pattern {
    /// # Errors
    /// In one line why this cannot be looked for.
    pub fn literal_of(text: &str) -> Result<Self, String> {
        let insensitive = !text.chars().any(char::is_uppercase);
        Self::build(Source::Literal(text.to_owned()), insensitive)
    }

    /// # Errors
    /// See [`Self::literal_of`].
    pub fn literally_in_any_case(text: &str) -> Result<Self, String> {
        Self::build(Source::Literal(text.to_owned()), true)
    }

    /// # Errors
    /// See [`Self::literal_of`].
    pub fn regex(regex: &str, insensitive: bool) -> Result<Self, String> {
        let insensitive = insensitive || !has_capital(regex);
        Self::build(Source::Regex(regex.to_owned()), insensitive)
    }

    fn build(source: Source, insensitive: bool) -> Result<Self, String> {
        let escaped;
        let regex = match &source {
            Source::Literal(text) => {
                escaped = regex::escape(text);
                &escaped
            }
            Source::Regex(regex) => regex,
        };
        // It looks at blocks of lines as well as at one: `^` and `$` are those of lines, and nothing crosses them.
        let matcher = RegexMatcherBuilder::new()
            .multi_line(true)
            .crlf(true)
            .case_insensitive(insensitive)
            .size_limit(LARGEST)
            .build(regex)
            .map_err(|error| {
                // The library draws the expression with a caret below it; its last line says what is wrong.
                let whole = error.to_string();
                let last = whole.lines().last().unwrap_or_default();
                last.trim_start_matches("error: ").trim().to_owned()
            })?;
        Ok(Self {
            source,
            insensitive,
            matcher,
        })
    }

    pub fn source(&self) -> &Source {
        &self.source
    }

    pub fn literal(&self) -> Option<&str> {
        match &self.source {
            Source::Literal(text) => Some(text),
            Source::Regex(_) => None,
        }
    }

    pub fn matcher(&self) -> &RegexMatcher {
        &self.matcher
    }

    pub fn is_in(&self, text: &[u8]) -> bool {
        // The error type has no values.
        self.matcher.is_match(text).unwrap_or(false)
    }

    /// Adds where it matches, on character boundaries; matches of nothing are left out.
    pub fn find_all(&self, text: &str, into: &mut Vec<Range<usize>>) {
        let most = into.len() + MOST_MARKS;
        let _ = self.matcher.find_iter(text.as_bytes(), |found| {
            if !found.is_empty() {
                into.push(
                    text.floor_char_boundary(found.start())..text.ceil_char_boundary(found.end()),
                );
            }
            into.len() < most
        });
    }
}

/// The letter of an escape such as `\S` is no capital letter.
fn has_capital(regex: &str) -> bool {
    let mut escaped = false;
    regex.chars().any(|c| {
        let counts = c.is_uppercase() && !escaped;
        escaped = c == '\\' && !escaped;
        counts
    })
}
