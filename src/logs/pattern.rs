//! Plain text and regular expressions to look for.

use std::ops::Range;

use grep_matcher::Matcher;
use grep_regex::{RegexMatcher, RegexMatcherBuilder};
use thiserror::Error;

use super::condition::{Condition, Prefilter};
use super::line::LineRef;

/// Whether `a` finds `A`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Case {
    /// It does, unless the text itself has a capital letter.
    #[default]
    Smart,
    Sensitive,
    Insensitive,
}

/// What a person typed into the search field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Search {
    pub text: String,
    pub regex: bool,
    pub case: Case,
}

/// Why a text is no regular expression, in one line.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct PatternError(String);

/// A matcher that respects line ends: `^` and `$` are those of lines, `\n` and `\r\n` alike, and nothing matches across them.
///
/// `insensitive` as in `(?i)`. An expression that could never match within a line, such as `a\nb`, is refused.
pub fn matcher(regex: &str, insensitive: bool) -> Result<RegexMatcher, PatternError> {
    RegexMatcherBuilder::new()
        .multi_line(true)
        .crlf(true)
        .case_insensitive(insensitive)
        .build(regex)
        .map_err(|error| {
            // The library draws the expression with a caret below it; its last line says what is wrong.
            let whole = error.to_string();
            let last = whole.lines().last().unwrap_or_default();
            PatternError(last.trim_start_matches("error: ").trim().to_owned())
        })
}

/// A search made ready.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The bytes themselves, where neither case nor an expression stands between them and the text.
    literal: Option<Box<[u8]>>,
    matcher: RegexMatcher,
}

impl Search {
    pub fn compile(&self) -> Result<Pattern, PatternError> {
        let insensitive = match self.case {
            Case::Smart => !has_capital(&self.text, self.regex),
            Case::Sensitive => false,
            Case::Insensitive => true,
        };
        let regex = if self.regex {
            self.text.clone()
        } else {
            regex::escape(&self.text)
        };
        let caseless = self.text.chars().all(|c| !c.is_alphabetic());
        let literal = (!self.regex
            && !self.text.is_empty()
            && (!insensitive || caseless)
            && !self.text.contains(['\n', '\r']))
        .then(|| self.text.as_bytes().into());
        Ok(Pattern {
            literal,
            matcher: matcher(&regex, insensitive)?,
        })
    }
}

/// The letter of an escape such as `\S` or `\W` is no capital letter.
fn has_capital(text: &str, regex: bool) -> bool {
    let mut escaped = false;
    text.chars().any(|c| {
        let counts = c.is_uppercase() && !escaped;
        escaped = regex && c == '\\' && !escaped;
        counts
    })
}

impl Pattern {
    /// Where it matches in a line, in bytes, from left to right; matches of nothing are left out.
    pub fn spans(&self, text: &[u8]) -> Vec<Range<usize>> {
        let mut spans = Vec::new();
        // This matcher's error type has no values.
        let _ = self.matcher.find_iter(text, |found| {
            if !found.is_empty() {
                spans.push(found.start()..found.end());
            }
            true
        });
        spans
    }
}

impl Condition for Pattern {
    fn passes(&self, line: &LineRef<'_>) -> bool {
        self.matcher.is_match(line.text).unwrap_or(false)
    }

    fn prefilter(&self) -> Prefilter<'_> {
        match &self.literal {
            Some(bytes) => Prefilter::Literal {
                bytes,
                decides: true,
            },
            None => Prefilter::Matcher {
                matcher: &self.matcher,
                decides: true,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(search: &Search, text: &str) -> bool {
        search.compile().unwrap().passes(&LineRef {
            text: text.as_bytes(),
            ..LineRef::default()
        })
    }

    fn search(text: &str, regex: bool) -> Search {
        Search {
            text: text.into(),
            regex,
            case: Case::Smart,
        }
    }

    #[test]
    fn plain_text_is_no_expression_and_small_letters_find_both() {
        assert!(passes(&search("loss=0.", false), "LOSS=0.4"));
        assert!(!passes(&search("loss=0.", false), "loss=0,4"));
        assert!(!passes(&search("Loss", false), "loss"));
        assert!(passes(&search(r"loss=\S+$", true), "LOSS=x\r"));
        assert!(passes(&search("a.c|^$", true), ""));
    }

    #[test]
    fn what_is_wrong_is_said_in_one_line() {
        let wrong = search("loss=(", true).compile().unwrap_err().to_string();
        assert_eq!(wrong, "unclosed group");
        assert!(search("a\\nb", true).compile().is_err());
        assert!(search("a\nb", false).compile().is_err());
    }

    #[test]
    fn spans_are_those_of_the_matches() {
        let pattern = search(r"\d*", true).compile().unwrap();
        assert_eq!(pattern.spans(b"a12b3"), [1..3, 4..5]);
    }
}
