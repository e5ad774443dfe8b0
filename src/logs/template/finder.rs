//! The filter that finds the lines of a pattern, in the language of filters.

use super::{ANY, Pattern, REST};

/// Colours may stand wherever a word ends.
const COLOUR: &str = r"(?:\x1b\[[0-9;]*m)*";

impl Pattern {
    /// `/^epoch=\S+\s+done$/`; of structured lines the message is looked at.
    pub fn filter(&self) -> String {
        let colour = if self.coloured { COLOUR } else { "" };
        // The last state of a progress bar begins a line too.
        let mut regex = format!("^{colour}\\s*");
        for (at, word) in self.words.iter().enumerate() {
            if **word == *REST {
                regex.push_str(r"\s.*");
                continue;
            }
            if at > 0 {
                regex.push_str(r"\s+");
            }
            regex.push_str(colour);
            for (part, text) in word.split(ANY).enumerate() {
                if part > 0 {
                    regex.push_str(r"\S+?");
                }
                regex.push_str(&escaped(text));
            }
            regex.push_str(colour);
        }
        regex.push_str(r"\s*$");
        let field = if self.structured { "message~" } else { "" };
        format!("{field}/{regex}/")
    }
}

fn escaped(text: &str) -> String {
    regex::escape(text).replace('/', "\\/")
}
