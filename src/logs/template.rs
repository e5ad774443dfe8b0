//! What lines have in common: the same sentence with other numbers is one pattern, counted.
//!
//! A bounded tree after Drain: lines of the same length and the same first constant word are compared word by word;
//! where they differ, the pattern says `<*>`.

use std::collections::HashMap;

use super::fields;

mod mask;
#[cfg(test)]
mod tests;

/// What stands for whatever varies.
pub const ANY: &str = "<*>";

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
}

impl Pattern {
    pub fn template(&self) -> String {
        self.words.join(" ")
    }
}

/// The patterns of a tail.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    patterns: Vec<Pattern>,
    /// By the number of words and the first that does not vary.
    places: HashMap<(usize, Box<str>), Vec<usize>>,
    lines: u64,
    others: u64,
}

impl Patterns {
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts a line; of a JSON line the message.
    pub fn add(&mut self, text: &str) {
        self.lines += 1;
        let text = fields::message(text.as_bytes());
        let words = words(&text);
        if words.is_empty() {
            self.others += 1;
            return;
        }
        let first = words.iter().find(|word| !word.contains(ANY));
        let key = (words.len(), Box::from(first.map_or(ANY, |word| word)));
        let known = self.places.entry(key).or_default();
        let best = known
            .iter()
            .rev()
            .take(MOST_COMPARED)
            .map(|at| (alike(&self.patterns[*at].words, &words), *at))
            .max_by_key(|(alike, _)| *alike);
        match best {
            // More than half the words are the same.
            Some((alike, at)) if 2 * alike > words.len() || alike == words.len() => {
                self.patterns[at].take(&words);
            }
            _ => {
                known.push(self.patterns.len());
                self.patterns.push(Pattern {
                    words: words.into_iter().map(String::into_boxed_str).collect(),
                    count: 1,
                    example: cut(text.trim(), LONGEST_EXAMPLE).into(),
                });
            }
        }
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
            let first = pattern.words.iter().find(|word| !word.contains(ANY));
            let key = (
                pattern.words.len(),
                first.cloned().unwrap_or_else(|| ANY.into()),
            );
            self.places.entry(key).or_default().push(at);
        }
    }
}

impl Pattern {
    fn take(&mut self, words: &[String]) {
        self.count += 1;
        for (mine, other) in self.words.iter_mut().zip(words) {
            if **mine != **other && **mine != *ANY {
                *mine = ANY.into();
            }
        }
    }
}

/// How many words are the same; a place that varies is like anything.
fn alike(pattern: &[Box<str>], words: &[String]) -> usize {
    pattern
        .iter()
        .zip(words)
        .filter(|(mine, other)| ***mine == ***other || ***mine == *ANY)
        .count()
}

fn words(text: &str) -> Vec<String> {
    let mut split = text.split_whitespace();
    let mut words: Vec<String> = split
        .by_ref()
        .take(MOST_WORDS)
        .map(|word| mask::varying(cut(word, LONGEST_WORD)))
        .collect();
    if split.next().is_some() {
        words.push(ANY.to_owned());
    }
    words
}

fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}
