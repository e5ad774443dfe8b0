//! A line of text with a cursor in it.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

/// What is typed, and where typing goes on: always between two characters as people count them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextField {
    text: String,
    /// In bytes.
    cursor: usize,
}

impl TextField {
    /// With the cursor at the end.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let cursor = text.len();
        Self { text, cursor }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// In bytes from the start.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Controls and line ends, as pasted text may have them, become spaces.
    pub fn insert(&mut self, text: &str) {
        let clean: String = text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        self.text.insert_str(self.cursor, &clean);
        self.cursor += clean.len();
        // What was typed may have joined what stands behind it.
        if !self.is_boundary(self.cursor) {
            self.cursor = self.after();
        }
    }

    pub fn left(&mut self) {
        self.cursor = self.before();
    }

    pub fn right(&mut self) {
        self.cursor = self.after();
    }

    pub fn start(&mut self) {
        self.cursor = 0;
    }

    pub fn end(&mut self) {
        self.cursor = self.text.len();
    }

    pub fn delete_back(&mut self) {
        self.remove(self.before()..self.cursor);
    }

    pub fn delete_next(&mut self) {
        self.remove(self.cursor..self.after());
    }

    pub fn delete_word(&mut self) {
        let kept = self.text[..self.cursor].trim_end();
        let start = kept
            .char_indices()
            .rev()
            .find(|(_, c)| c.is_whitespace())
            .map_or(0, |(at, c)| at + c.len_utf8());
        self.remove(start..self.cursor);
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }

    fn remove(&mut self, range: Range<usize>) {
        self.cursor = range.start;
        self.text.replace_range(range, "");
        if !self.is_boundary(self.cursor) {
            self.cursor = self.before();
        }
    }

    fn before(&self) -> usize {
        let starts = self.text.grapheme_indices(true).map(|(at, _)| at);
        starts
            .take_while(|at| *at < self.cursor)
            .last()
            .unwrap_or_default()
    }

    fn after(&self) -> usize {
        let mut starts = self.text.grapheme_indices(true).map(|(at, _)| at);
        starts
            .find(|at| *at > self.cursor)
            .unwrap_or(self.text.len())
    }

    fn is_boundary(&self, place: usize) -> bool {
        place == self.text.len() || self.text.grapheme_indices(true).any(|(at, _)| at == place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_in_the_middle() {
        let mut field = TextField::new("limit 10");
        field.left();
        field.insert("5");
        assert_eq!((field.text(), field.cursor()), ("limit 150", 8));
        field.delete_next();
        field.delete_word();
        assert_eq!((field.text(), field.cursor()), ("limit ", 6));
        field.start();
        field.delete_back();
        field.insert("a\nb\t");
        assert_eq!(field.text(), "a b limit ");
        field.clear();
        assert_eq!((field.text(), field.cursor()), ("", 0));
    }

    #[test]
    fn a_character_is_what_people_count() {
        let mut field = TextField::new("👩‍🔬é");
        field.left();
        assert_eq!(field.cursor(), "👩‍🔬".len());
        field.delete_back();
        assert_eq!(field.text(), "é");
    }

    proptest::proptest! {
        #[test]
        fn no_keys_leave_the_cursor_inside_a_character(keys in proptest::collection::vec((0_u8..9, "\\PC{0,3}"), 0..40)) {
            let mut field = TextField::default();
            for (key, text) in keys {
                match key {
                    0 => field.left(),
                    1 => field.right(),
                    2 => field.start(),
                    3 => field.end(),
                    4 => field.delete_back(),
                    5 => field.delete_next(),
                    6 => field.delete_word(),
                    _ => field.insert(&text),
                }
                proptest::prop_assert!(field.is_boundary(field.cursor()));
            }
        }
    }
}
