//! What is wrong in a file of the user's, and where.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::domain::safe_text::visible_line;

/// One mistake in a config, keymap or theme file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigProblem {
    pub file: PathBuf,
    /// Counted from 1; `None` where the whole file is meant.
    pub line: Option<usize>,
    /// As it would be written with dots: `ui.theme`.
    pub key: Option<String>,
    pub message: String,
    /// What was probably meant.
    pub suggestion: Option<String>,
}

impl ConfigProblem {
    /// A problem of the file as a whole: it cannot be read, it is not there.
    pub fn of_file(file: &Path, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: None,
            key: None,
            message: message.into(),
            suggestion: None,
        }
    }

    pub fn suggest(mut self, suggestion: Option<impl Into<String>>) -> Self {
        self.suggestion = suggestion.map(Into::into);
        self
    }

    /// The same with the file's name instead of its path: for one line of a narrow screen.
    pub fn short(&self) -> String {
        let name = self.file.file_name().unwrap_or(self.file.as_os_str());
        self.text(&name.to_string_lossy())
    }

    fn text(&self, file: &str) -> String {
        let mut text = file.to_owned();
        if let Some(line) = self.line {
            text += &format!(":{line}");
        }
        text += ": ";
        if let Some(key) = &self.key {
            text += &format!("`{key}`: ");
        }
        text += &self.message;
        if let Some(suggestion) = &self.suggestion {
            text += &format!("; did you mean `{suggestion}`?");
        }
        visible_line(&text).into_owned()
    }
}

impl fmt::Display for ConfigProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(&self.file.to_string_lossy()))
    }
}

/// The known name that `name` was probably meant to be.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace('_', "-");
    let wanted = plain(name);
    known
        .into_iter()
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&wanted, &plain(candidate)),
                candidate,
            )
        })
        .filter(|(distance, candidate)| *distance <= (candidate.len() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_file_line_key_and_suggestion() {
        let problem = ConfigProblem {
            line: Some(12),
            key: Some("ui.themee".into()),
            ..ConfigProblem::of_file(Path::new("/home/a/config.toml"), "unknown key")
        }
        .suggest(Some("theme"));
        assert_eq!(
            problem.to_string(),
            "/home/a/config.toml:12: `ui.themee`: unknown key; did you mean `theme`?"
        );
        assert_eq!(
            problem.short(),
            "config.toml:12: `ui.themee`: unknown key; did you mean `theme`?"
        );
    }

    #[test]
    fn a_key_cannot_steer_the_terminal() {
        let problem = ConfigProblem {
            key: Some("\x1b[31m".into()),
            ..ConfigProblem::of_file(Path::new("c"), "unknown key")
        };
        assert_eq!(problem.to_string(), "c: `␛[31m`: unknown key");
    }

    #[test]
    fn nearest_is_near_or_nothing() {
        let known = ["theme", "keymap", "daily_usd"];
        assert_eq!(nearest("themee", known), Some("theme"));
        assert_eq!(nearest("daily-usd", known), Some("daily_usd"));
        assert_eq!(nearest("hteme", known), Some("theme"));
        assert_eq!(nearest("colour", known), None);
    }
}
