//! A TOML file that remembers where everything stands in it.

use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::ConfigProblem;

/// A parsed file of the user's, or an embedded one.
pub struct Document<'t> {
    file: &'t Path,
    text: &'t str,
    root: DeTable<'t>,
}

/// One `key = value`, with its path written in dots.
pub struct Entry<'d> {
    pub key: &'d str,
    pub path: String,
    pub key_span: Range<usize>,
    pub value: &'d DeValue<'d>,
    pub value_span: Range<usize>,
}

impl<'t> Document<'t> {
    /// Syntax errors, all of them; a file with any is not used at all.
    pub fn parse(file: &'t Path, text: &'t str) -> Result<Self, Vec<ConfigProblem>> {
        let (root, errors) = DeTable::parse_recoverable(text);
        let document = Self {
            file,
            text,
            root: root.into_inner(),
        };
        if errors.is_empty() {
            return Ok(document);
        }
        Err(errors
            .iter()
            .map(|error| ConfigProblem {
                line: error.span().map(|span| document.line(span.start)),
                ..ConfigProblem::of_file(file, error.message())
            })
            .collect())
    }

    pub fn entries(&self) -> Vec<Entry<'_>> {
        entries(&self.root, "")
    }

    /// A problem with an entry's key.
    pub fn key_problem(&self, entry: &Entry<'_>, message: impl Into<String>) -> ConfigProblem {
        self.problem(&entry.key_span, entry, message)
    }

    /// A problem with an entry's value.
    pub fn value_problem(&self, entry: &Entry<'_>, message: impl Into<String>) -> ConfigProblem {
        self.problem(&entry.value_span, entry, message)
    }

    /// A problem somewhere within an entry.
    pub fn problem(
        &self,
        span: &Range<usize>,
        entry: &Entry<'_>,
        message: impl Into<String>,
    ) -> ConfigProblem {
        ConfigProblem {
            line: Some(self.line(span.start)),
            key: Some(entry.path.clone()),
            ..ConfigProblem::of_file(self.file, message)
        }
    }

    fn line(&self, offset: usize) -> usize {
        let before = self.text.as_bytes().iter().take(offset);
        1 + before.filter(|&&b| b == b'\n').count()
    }
}

impl Entry<'_> {
    /// The entries of a table, in the order of the file; `None` when the value is no table.
    pub fn entries(&self) -> Option<Vec<Entry<'_>>> {
        Some(entries(self.value.as_table()?, &self.path))
    }
}

fn entries<'d>(table: &'d DeTable<'d>, parent: &str) -> Vec<Entry<'d>> {
    let mut all: Vec<_> = table
        .iter()
        .map(|(key, value)| entry(key, value, parent))
        .collect();
    all.sort_by_key(|entry| entry.key_span.start);
    all
}

fn entry<'d>(
    key: &'d Spanned<std::borrow::Cow<'d, str>>,
    value: &'d Spanned<DeValue<'d>>,
    parent: &str,
) -> Entry<'d> {
    let name: &str = key.get_ref();
    Entry {
        key: name,
        path: if parent.is_empty() {
            name.to_owned()
        } else {
            format!("{parent}.{name}")
        },
        key_span: key.span(),
        value: value.get_ref(),
        value_span: value.span(),
    }
}

/// What a value is, for messages: `a string`.
pub fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_in_the_order_of_the_file_with_lines() {
        let doc =
            Document::parse(Path::new("f"), "[b]\nz = 1\na = true\n\n[a]\n\"x y\" = 2\n").unwrap();
        let tables = doc.entries();
        assert_eq!(tables.iter().map(|e| e.key).collect::<Vec<_>>(), ["b", "a"]);
        let b = tables[0].entries().unwrap();
        assert_eq!(
            b.iter().map(|e| e.path.as_str()).collect::<Vec<_>>(),
            ["b.z", "b.a"]
        );
        assert_eq!(
            doc.value_problem(&b[1], "bad").to_string(),
            "f:3: `b.a`: bad"
        );
    }

    #[test]
    fn syntax_errors_name_their_line() {
        let problems = Document::parse(Path::new("f"), "a = 1\nb = = 2\n")
            .err()
            .unwrap();
        assert_eq!(problems[0].line, Some(2));
    }
}
