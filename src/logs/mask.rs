//! Secrets in log lines, found so that screen, copies and exports show `••••` in their place.

use std::borrow::Cow;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::{Regex, RegexSet};
use thiserror::Error;

use super::expression::merged;

mod keyed;
#[cfg(test)]
mod tests;
mod tokens;

/// What stands in place of a secret.
pub const MASK: &str = "••••";

/// A user's pattern may find something in every text, its own masks too.
const MOST_ROUNDS: usize = 4;

/// Finds secrets: AWS keys, tokens, passwords, private keys, and what the user's patterns say.
#[derive(Clone, Debug)]
pub struct Masker {
    /// Without one of these texts a line holds no secret; nearly every line ends here.
    signs: Option<AhoCorasick>,
    /// What to do at each of them.
    readings: Vec<Reading>,
    any_own: RegexSet,
    own: Vec<Regex>,
}

/// A user's pattern that is none.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{pattern:?} is no regular expression: {why}")]
pub struct BadPattern {
    pub pattern: String,
    pub why: String,
}

/// A text that gives a secret away, and how to read on from there.
type Sign = (&'static str, Reading);
/// Given the text and where the sign stands: the secret's bytes, and so what will be masked.
type Reading = fn(&[u8], Range<usize>) -> Option<Range<usize>>;

/// All signs, in any case.
const SIGNS: [&[Sign]; 2] = [&keyed::SIGNS, &tokens::SIGNS];

impl Masker {
    /// With the user's own regular expressions: the first group is the secret, or all of it without groups.
    ///
    /// # Errors
    /// The first pattern that cannot be read.
    pub fn new<P: AsRef<str>>(user_patterns: &[P]) -> Result<Self, BadPattern> {
        let mut own = Vec::with_capacity(user_patterns.len());
        for pattern in user_patterns {
            let pattern = pattern.as_ref();
            own.push(Regex::new(pattern).map_err(|error| bad(pattern, &error))?);
        }
        let any_own =
            RegexSet::new(own.iter().map(Regex::as_str)).map_err(|error| bad("all", &error))?;
        Ok(Self::of(own, any_own))
    }

    fn of(own: Vec<Regex>, any_own: RegexSet) -> Self {
        let signs = || SIGNS.into_iter().flatten();
        Self {
            signs: AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .kind(Some(AhoCorasickKind::DFA))
                .build(signs().map(|(sign, _)| sign))
                .ok(),
            readings: signs().map(|(_, reading)| *reading).collect(),
            any_own,
            own,
        }
    }

    /// Where secrets stand: ascending, apart, on character boundaries.
    ///
    /// What tells their kind (`AKIA`, `password=`) is not part of them.
    pub fn find(&self, text: &str) -> Vec<Range<usize>> {
        let bytes = text.as_bytes();
        let mut found: Vec<Range<usize>> = Vec::new();
        if let Some(automaton) = &self.signs {
            for sign in automaton.find_overlapping_iter(bytes) {
                let read = self.readings.get(sign.pattern().as_usize());
                // Inside a private key or a long token the signs are chance.
                let inside = found.last().is_some_and(|last| last.contains(&sign.end()));
                if let Some(read) = read
                    && !inside
                    && let Some(secret) = read(bytes, sign.start()..sign.end())
                    && !secret.is_empty()
                    && !bytes[secret.clone()].starts_with("•".as_bytes())
                {
                    found.push(secret);
                }
            }
        }
        if !self.own.is_empty() {
            self.find_own(text, &mut found);
        }
        if found.len() > 1 {
            found = merged(found);
        }
        found
    }

    fn find_own(&self, text: &str, found: &mut Vec<Range<usize>>) {
        for at in self.any_own.matches(text) {
            let Some(regex) = self.own.get(at) else {
                continue;
            };
            for captures in regex.captures_iter(text) {
                let secret = captures.get(1).or_else(|| captures.get(0));
                if let Some(secret) = secret.filter(|s| !s.is_empty() && s.as_str() != MASK) {
                    found.push(secret.range());
                }
            }
        }
    }

    /// The text with every secret replaced by `••••`; the same text when there is none.
    ///
    /// Masking what is masked changes nothing.
    pub fn masked<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut secrets = self.find(text);
        if secrets.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut masked = replaced(text, &secrets);
        // A mask in the middle of a quoted value can uncover the value's end.
        for _ in 0..MOST_ROUNDS {
            secrets = self.find(&masked);
            if secrets.is_empty() {
                break;
            }
            masked = replaced(&masked, &secrets);
        }
        Cow::Owned(masked)
    }
}

/// Finds what is known to be secret everywhere.
impl Default for Masker {
    fn default() -> Self {
        Self::of(Vec::new(), RegexSet::empty())
    }
}

fn replaced(text: &str, secrets: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for secret in secrets {
        out.push_str(&text[from..secret.start]);
        out.push_str(MASK);
        from = secret.end;
    }
    out.push_str(&text[from..]);
    out
}

fn bad(pattern: &str, error: &regex::Error) -> BadPattern {
    // The library draws the pattern with a caret below it; its last line says what is wrong.
    let whole = error.to_string();
    let why = whole.lines().last().unwrap_or_default();
    BadPattern {
        pattern: pattern.to_owned(),
        why: why.trim_start_matches("error: ").trim().to_owned(),
    }
}
