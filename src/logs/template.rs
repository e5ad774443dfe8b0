//! What lines have in common: the same sentence with other numbers is one pattern, counted.
//!
//! A bounded tree after Drain: lines of the same length and the same first constant word are compared word by word;
//! where they differ, the pattern says `<*>`.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{ansi, fields, level};
use crate::domain::log::LogLevel;

mod finder;
mod mask;
#[cfg(test)]
mod tests;

/// What stands for whatever varies.
pub const ANY: &str = "<*>";

/// What stands for the end of a long line.
const REST: &str = "…";

/// Words of a line that are compared; the rest varies.
const MOST_WORDS: usize = 48;
/// Patterns that are kept; twice as many are held before the rare ones go.
const MOST_PATTERNS: usize = 1_000;
/// Patterns that one line is compared with.
const MOST_COMPARED: usize = 48;
const LONGEST_WORD: usize = 80;
const LONGEST_EXAMPLE: usize = 400;

/// A sentence that lines share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    words: Vec<Box<str>>,
    /// Lines that are of this pattern.
    pub count: u64,
    /// The first of them, cut to a few hundred bytes.
    pub example: Box<str>,
    /// What the first of them says of itself.
    pub level: Option<LogLevel>,
    /// The sentence is a field of some of its lines.
    structured: bool,
    /// Some of its lines have colours, or are the last state of a progress bar.
    coloured: bool,
}

impl Pattern {
    /// For people: a time at the start is one `<*>`.
    pub fn template(&self) -> String {
        let varies = |word: &str| {
            let rest = word.replace(ANY, "");
            rest.len() < word.len() && !rest.contains(char::is_alphanumeric)
        };
        let leading = self.words.iter().take_while(|word| varies(word)).count();
        let (first, words) = match leading {
            0 | 1 => ("", &self.words[..]),
            _ if leading == self.words.len() => ("", &self.words[..]),
            _ => (ANY, &self.words[leading..]),
        };
        let separator = if first.is_empty() { "" } else { " " };
        format!("{first}{separator}{}", words.join(" "))
    }
}

/// The patterns of a tail.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    patterns: Vec<Pattern>,
    /// By the number of words, and by the first that does not vary.
    places: HashMap<usize, HashMap<Box<str>, Vec<usize>>>,
    lines: u64,
    others: u64,
}

impl Patterns {
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts a line; of a structured line the message.
    pub fn add(&mut self, text: &[u8]) {
        self.lines += 1;
        let message = fields::message(text);
        let structured = message.len() != text.len();
        let coloured = message.contains(['\x1b', '\r']);
        let plain = if coloured {
            Cow::Owned(ansi::interpret(&message).text)
        } else {
            message
        };
        // Of a traceback in one event its head.
        let plain = plain.trim().lines().next().unwrap_or_default();
        let words = words(plain);
        if words.is_empty() {
            self.others += 1;
            return;
        }
        let known = self.places.entry(words.len()).or_default();
        let first = first_constant(words.iter().map(|word| &**word));
        if !known.contains_key(first) {
            known.insert(first.into(), Vec::new());
        }
        let Some(known) = known.get_mut(first) else {
            return;
        };
        let best = known
            .iter()
            .rev()
            .take(MOST_COMPARED)
            .map(|at| (alike(&self.patterns[*at].words, &words), *at))
            .max_by_key(|(alike, _)| *alike);
        let at = match best {
            // More than half the words are the same.
            Some((alike, at)) if 2 * alike > words.len() || alike == words.len() => at,
            _ => {
                known.push(self.patterns.len());
                self.patterns.push(Pattern {
                    words: words.iter().map(|word| Box::from(&**word)).collect(),
                    count: 0,
                    example: cut(plain, LONGEST_EXAMPLE).into(),
                    level: level::detect_bytes(text),
                    structured: false,
                    coloured: false,
                });
                self.patterns.len() - 1
            }
        };
        let pattern = &mut self.patterns[at];
        pattern.take(&words);
        pattern.structured |= structured;
        pattern.coloured |= coloured;
        if self.patterns.len() >= 2 * MOST_PATTERNS {
            self.forget_rare();
        }
    }

    /// The most frequent patterns.
    pub fn top(&self, most: usize) -> Vec<&Pattern> {
        let mut top: Vec<&Pattern> = self.patterns.iter().collect();
        top.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.words.cmp(&b.words)));
        top.truncate(most);
        top
    }

    /// Lines counted so far.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Lines of patterns too rare to be kept.
    pub fn others(&self) -> u64 {
        self.others
    }

    fn forget_rare(&mut self) {
        self.patterns
            .sort_by_key(|pattern| std::cmp::Reverse(pattern.count));
        let rare = self.patterns.split_off(MOST_PATTERNS);
        self.others += rare.iter().map(|pattern| pattern.count).sum::<u64>();
        self.places.clear();
        for (at, pattern) in self.patterns.iter().enumerate() {
            let first = first_constant(pattern.words.iter().map(|word| &**word));
            let known = self.places.entry(pattern.words.len()).or_default();
            known.entry(first.into()).or_default().push(at);
        }
    }
}

impl Pattern {
    fn take(&mut self, words: &[Cow<'_, str>]) {
        self.count += 1;
        for (mine, other) in self.words.iter_mut().zip(words) {
            if **mine != **other && **mine != *ANY {
                *mine = ANY.into();
            }
        }
    }
}

/// How many words are the same; a place that varies is like anything.
fn alike(pattern: &[Box<str>], words: &[Cow<'_, str>]) -> usize {
    pattern
        .iter()
        .zip(words)
        .filter(|(mine, other)| ***mine == ***other || ***mine == *ANY)
        .count()
}

/// The first word that does not vary: lines that differ in it are never compared.
fn first_constant<'w>(mut words: impl Iterator<Item = &'w str>) -> &'w str {
    words.find(|word| !word.contains(ANY)).unwrap_or(ANY)
}

fn words(text: &str) -> Vec<Cow<'_, str>> {
    let mut split = text.split_whitespace();
    let mut words: Vec<Cow<'_, str>> = split
        .by_ref()
        .take(MOST_WORDS)
        .map(|word| match cut(word, LONGEST_WORD) {
            whole if whole.len() == word.len() => mask::varying(word),
            start => Cow::Owned(format!("{}{ANY}", mask::varying(start))),
        })
        .collect();
    if split.next().is_some() {
        words.push(REST.into());
    }
    words
}

fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}
