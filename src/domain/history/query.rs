//! What commits are looked for: words in author, summary and id, `author:`, `id:`, `path:`, and `!` for not.

use serde::{Deserialize, Serialize};

use super::{CommitId, CommitText};

/// Every term must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitQuery {
    terms: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Term {
    field: Field,
    /// In lower case.
    text: String,
    not: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Field {
    Any,
    Author,
    Summary,
    Id,
    Path,
}

impl CommitQuery {
    /// Words apart by spaces; letter case does not matter. A `!` or `author:` with nothing behind it yet is left out.
    pub fn parse(text: &str) -> Self {
        let terms = text.split_whitespace().filter_map(|word| {
            let (not, word) = match word.strip_prefix('!') {
                Some(rest) => (true, rest),
                None => (false, word),
            };
            let (field, text) = match word.split_once(':') {
                Some(("author", rest)) => (Field::Author, rest),
                Some(("summary", rest)) => (Field::Summary, rest),
                Some(("id", rest)) => (Field::Id, rest),
                Some(("path", rest)) => (Field::Path, rest),
                _ => (Field::Any, word),
            };
            (!text.is_empty()).then(|| Term {
                field,
                text: text.to_lowercase(),
                not,
            })
        });
        Self {
            terms: terms.collect(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether commits must be compared with their parents, which takes longer.
    pub fn asks_for_paths(&self) -> bool {
        self.terms.iter().any(|term| term.field == Field::Path)
    }

    /// Whether author and summary matter at all.
    pub fn asks_for_text(&self) -> bool {
        let fields = |term: &Term| !matches!(term.field, Field::Path | Field::Id);
        self.terms.iter().any(fields)
    }

    /// Whether the commit passes by all but its paths.
    pub fn holds(&self, id: CommitId, text: &CommitText) -> bool {
        let mut hex = None;
        let (mut author, mut summary) = (None, None);
        self.terms.iter().all(|term| {
            let mut author = || {
                has(
                    author.get_or_insert_with(|| text.author.to_lowercase()),
                    term,
                )
            };
            let mut summary = || {
                has(
                    summary.get_or_insert_with(|| text.summary.to_lowercase()),
                    term,
                )
            };
            let mut id = || {
                hex.get_or_insert_with(|| id.to_string())
                    .starts_with(&term.text)
            };
            let found = match term.field {
                Field::Path => return true,
                Field::Author => author(),
                Field::Summary => summary(),
                Field::Id => id(),
                // Three letters of a word may begin any id.
                Field::Any => summary() || author() || (term.text.len() >= 4 && id()),
            };
            found != term.not
        })
    }

    /// Whether the commit passes by the paths it changed.
    pub fn holds_for_paths(&self, paths: &[String]) -> bool {
        self.terms
            .iter()
            .filter(|term| term.field == Field::Path)
            .all(|term| paths.iter().any(|path| has(&path.to_lowercase(), term)) != term.not)
    }
}

fn has(text: &str, term: &Term) -> bool {
    text.contains(&term.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(query: &str) -> bool {
        let id = CommitId::from_hex("a1b2c3d4e5f60718293a4b5c6d7e8f9012345678").unwrap();
        let text = CommitText {
            author: "Alice Meyer".into(),
            summary: "Tune LR, new features".into(),
        };
        let query = CommitQuery::parse(query);
        query.holds(id, &text) && query.holds_for_paths(&["a/params.yaml".into()])
    }

    #[test]
    fn every_word_must_be_found_somewhere() {
        for yes in [
            "",
            "tune",
            "alice lr",
            "author:meyer",
            "a1b2c3d",
            "id:a1b",
            "!bob",
            "path:params",
            "path:PARAMS tune",
            "!path:dvc.lock",
            "author: !",
            "FEATURES",
        ] {
            assert!(passes(yes), "{yes}");
        }
        for no in [
            "bob",
            "tune bob",
            "author:tune",
            "summary:alice",
            "id:b2c3",
            "!tune",
            "path:dvc.lock",
            "!path:params",
            "a1c",
        ] {
            assert!(!passes(no), "{no}");
        }
    }
}
