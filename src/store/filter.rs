//! The filter language of every list: `churn status:failed !kind:glue`.
//!
//! Words are fuzzy and all must match; `col:value` looks in one column only; a leading `!` turns a word round.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::table::Column;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    terms: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    inverse: bool,
    column: Option<String>,
    text: String,
}

impl Filter {
    /// Never fails: what is half typed filters by what is there.
    pub fn parse(text: &str) -> Self {
        let terms = text
            .split_whitespace()
            .filter_map(|word| {
                let (inverse, word) = match word.strip_prefix('!') {
                    Some(rest) => (true, rest),
                    None => (false, word),
                };
                let (column, text) = match word.split_once(':') {
                    Some((column, text)) if !column.is_empty() => {
                        (Some(column.to_lowercase()), text)
                    }
                    _ => (None, word),
                };
                (!text.is_empty()).then(|| Term {
                    inverse,
                    column,
                    text: text.to_lowercase(),
                })
            })
            .collect();
        Self { terms }
    }

    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Compiles the terms; make one for a whole pass over the rows.
    pub fn matcher(&self) -> FilterMatcher<'_> {
        FilterMatcher {
            terms: self
                .terms
                .iter()
                .map(|term| {
                    let pattern = Pattern::new(
                        &term.text,
                        CaseMatching::Ignore,
                        Normalization::Smart,
                        AtomKind::Fuzzy,
                    );
                    (term, pattern)
                })
                .collect(),
            matcher: Matcher::new(Config::DEFAULT),
            buffer: Vec::new(),
        }
    }
}

pub struct FilterMatcher<'a> {
    terms: Vec<(&'a Term, Pattern)>,
    matcher: Matcher,
    buffer: Vec<char>,
}

impl FilterMatcher<'_> {
    /// Whether a row passes; `text_of` gives a column's text.
    ///
    /// A `col:` that names no column is part of the text (`12:30`, `arn:aws`): nothing is silently ignored.
    pub fn matches(&mut self, columns: &[Column], text_of: impl Fn(&str) -> String) -> bool {
        let Self {
            terms,
            matcher,
            buffer,
        } = self;
        terms.iter().all(|(term, pattern)| {
            let column = term
                .column
                .as_deref()
                .and_then(|name| columns.iter().find(|c| c.key == name));
            let hit = match (column, &term.column) {
                (Some(column), _) => text_of(column.key).to_lowercase().contains(&term.text),
                (None, Some(name)) => {
                    let whole = format!("{name}:{}", term.text);
                    columns
                        .iter()
                        .any(|c| text_of(c.key).to_lowercase().contains(&whole))
                }
                (None, None) => columns.iter().any(|c| {
                    let text = text_of(c.key);
                    // Few letters match nearly everything fuzzily; the exact text comes first.
                    text.to_lowercase().contains(&term.text)
                        || (term.text.chars().count() > 2
                            && pattern
                                .score(Utf32Str::new(&text, buffer), matcher)
                                .is_some_and(|score| score >= fuzzy_floor(&term.text)))
                }),
            };
            hit != term.inverse
        })
    }
}

/// Scores below this are letters strewn over the text, which a person would not call a match.
fn fuzzy_floor(text: &str) -> u32 {
    text.chars().count() as u32 * 18
}

#[cfg(test)]
mod tests {
    use super::super::table::{Align, Column};
    use super::*;

    const COLUMNS: &[Column] = &[
        Column {
            key: "name",
            title: "name",
            align: Align::Left,
            min: 5,
            max: 9,
            expendable: 0,
        },
        Column {
            key: "status",
            title: "state",
            align: Align::Left,
            min: 5,
            max: 9,
            expendable: 0,
        },
    ];

    fn passes(filter: &str, name: &str, status: &str) -> bool {
        let filter = Filter::parse(filter);
        filter.matcher().matches(COLUMNS, |key| match key {
            "name" => name.to_owned(),
            _ => status.to_owned(),
        })
    }

    #[test]
    fn the_language() {
        for (filter, expected) in [
            ("", true),
            ("churn", true),
            ("chtrain", true),
            ("CHURN", true),
            ("reco", false),
            ("!reco", true),
            ("!churn", false),
            ("status:fail", true),
            ("status:running", false),
            ("!status:running churn", true),
            ("train status:failed", true),
            ("train status:", true),
            ("!", true),
            ("nocolumn:x", false),
            ("#212", true),
        ] {
            assert_eq!(
                passes(filter, "churn-train #212", "failed"),
                expected,
                "{filter:?}"
            );
        }
    }
}
