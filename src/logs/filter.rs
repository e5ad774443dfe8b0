//! Which lines of a tail are shown: words that must stand in them, `!word` that must not.

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineFilter {
    /// Lower-case text, and whether it is turned round.
    words: Vec<(String, bool)>,
    /// `level:error` keeps that level and worse.
    level: Option<crate::domain::log::LogLevel>,
}

impl LineFilter {
    pub fn parse(text: &str) -> Self {
        use crate::domain::log::LogLevel;
        let mut filter = Self::default();
        for word in text.split_whitespace() {
            if let Some(name) = word.strip_prefix("level:") {
                let level = match name {
                    "trace" => Some(LogLevel::Trace),
                    "debug" => Some(LogLevel::Debug),
                    "info" => Some(LogLevel::Info),
                    "warn" | "warning" => Some(LogLevel::Warn),
                    "error" => Some(LogLevel::Error),
                    _ => None,
                };
                if level.is_some() {
                    filter.level = level;
                    continue;
                }
            }
            let (word, inverse) = match word.strip_prefix('!') {
                Some(rest) => (rest, true),
                None => (word, false),
            };
            if !word.is_empty() {
                filter.words.push((word.to_lowercase(), inverse));
            }
        }
        filter
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.level.is_none()
    }

    pub fn passes(&self, message: &str, level: Option<crate::domain::log::LogLevel>) -> bool {
        if self.level.is_some() && level < self.level {
            return false;
        }
        if self.words.is_empty() {
            return true;
        }
        let message = message.to_lowercase();
        self.words
            .iter()
            .all(|(word, inverse)| message.contains(word) != *inverse)
    }

    /// The words to mark in a shown line.
    pub fn marks(&self) -> impl Iterator<Item = &str> {
        self.words
            .iter()
            .filter(|(_, inverse)| !inverse)
            .map(|(word, _)| word.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::log::LogLevel;

    #[test]
    fn words_levels_and_their_inverse() {
        let line = "ERROR CUDA out of memory";
        let level = Some(LogLevel::Error);
        for (filter, expected) in [
            ("", true),
            ("cuda memory", true),
            ("!cuda", false),
            ("level:warn", true),
            ("level:error !cuda", false),
            ("level:nonsense", false),
        ] {
            assert_eq!(
                LineFilter::parse(filter).passes(line, level),
                expected,
                "{filter}"
            );
        }
        assert!(!LineFilter::parse("level:error").passes("plain", None));
    }
}
