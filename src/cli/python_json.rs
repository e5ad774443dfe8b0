//! JSON as Python's `json` module writes it, so that answers can be compared byte by byte with those of the
//! tools whose place a command takes: everything beyond ASCII escaped, `NaN` and `Infinity` as they are, floats
//! in Python's shortest form.

use std::sync::Arc;

use crate::sources::dvc::json_string;

/// A JSON value; the order of keys is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Int(i128),
    Text(String),
    Seq(Vec<Json>),
    Map(Vec<(String, Json)>),
    /// Written before, by `compact`.
    Written(Arc<str>),
}

impl Json {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub fn or_null<T>(value: Option<T>, to: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::Null, to)
    }

    /// `json.dumps(value)`: one line.
    pub fn compact(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, None, 0);
        out
    }

    /// `json.dumps(value, indent=indent)`.
    pub fn indented(&self, indent: usize) -> String {
        let mut out = String::new();
        self.write(&mut out, Some(indent), 0);
        out
    }

    fn write(&self, out: &mut String, indent: Option<usize>, depth: usize) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Int(value) => out.push_str(&value.to_string()),
            Self::Text(text) => json_string(text, out),
            Self::Written(text) => out.push_str(text),
            Self::Seq(items) if items.is_empty() => out.push_str("[]"),
            Self::Seq(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    separate(out, at, indent, depth + 1);
                    item.write(out, indent, depth + 1);
                }
                close(out, indent, depth, ']');
            }
            Self::Map(entries) if entries.is_empty() => out.push_str("{}"),
            Self::Map(entries) => {
                out.push('{');
                for (at, (key, value)) in entries.iter().enumerate() {
                    separate(out, at, indent, depth + 1);
                    json_string(key, out);
                    out.push_str(": ");
                    value.write(out, indent, depth + 1);
                }
                close(out, indent, depth, '}');
            }
        }
    }
}

impl<const N: usize> From<[(&str, Json); N]> for Json {
    fn from(entries: [(&str, Json); N]) -> Self {
        let entries = entries.into_iter();
        Self::Map(
            entries
                .map(|(key, value)| (key.to_owned(), value))
                .collect(),
        )
    }
}

fn separate(out: &mut String, at: usize, indent: Option<usize>, depth: usize) {
    match indent {
        None if at > 0 => out.push_str(", "),
        None => {}
        Some(width) => {
            out.push_str(if at > 0 { ",\n" } else { "\n" });
            out.extend(std::iter::repeat_n(' ', width * depth));
        }
    }
}

fn close(out: &mut String, indent: Option<usize>, depth: usize, bracket: char) {
    if let Some(width) = indent {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', width * depth));
    }
    out.push(bracket);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_python_writes_it() {
        let value = Json::from([
            (
                "a",
                Json::Seq(vec![Json::Int(1), Json::Written("NaN".into())]),
            ),
            ("ü\u{1f600}\u{1}", Json::text("x\"\n\u{7f}")),
            ("e", Json::Map(Vec::new())),
        ]);
        assert_eq!(
            value.compact(),
            "{\"a\": [1, NaN], \"\\u00fc\\ud83d\\ude00\\u0001\": \"x\\\"\\n\\u007f\", \"e\": {}}"
        );
        let list = Json::from([("a", Json::Seq(vec![Json::Null, Json::Bool(true)]))]);
        assert_eq!(
            list.indented(4),
            "{\n    \"a\": [\n        null,\n        true\n    ]\n}"
        );
    }
}
