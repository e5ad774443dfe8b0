//! JSON as Python's `json.dumps` writes it: `", "` and `": "`, everything beyond ASCII escaped, `NaN` as it is.

use super::numbers::python_float;
use super::yaml::{Entry, Value};

/// One line of JSON, the keys in their own order.
pub fn dumps(value: &Value) -> String {
    let mut out = String::new();
    write(value, false, &mut out);
    out
}

/// The same with `sort_keys=True`.
pub fn dumps_sorted(value: &Value) -> String {
    let mut out = String::new();
    write(value, true, &mut out);
    out
}

fn write(value: &Value, sorted: bool, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Int(number) => out.push_str(&number.to_string()),
        Value::Float(number) if number.is_nan() => out.push_str("NaN"),
        Value::Float(number) if number.is_infinite() => {
            out.push_str(if *number > 0.0 {
                "Infinity"
            } else {
                "-Infinity"
            });
        }
        Value::Float(number) => out.push_str(&python_float(*number)),
        Value::Text(text) | Value::Date(text) => string(text, out),
        Value::Seq(items) | Value::Tuple(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                write(item, sorted, out);
            }
            out.push(']');
        }
        Value::Map(entries) => map(entries, sorted, out),
    }
}

fn map(entries: &[Entry], sorted: bool, out: &mut String) {
    let mut entries: Vec<(String, &Value)> = entries
        .iter()
        .map(|entry| (entry.key.key_text(), &entry.value))
        .collect();
    if sorted {
        entries.sort_by(|a, b| a.0.cmp(&b.0));
    }
    out.push('{');
    for (at, (key, value)) in entries.into_iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        string(&key, out);
        out.push_str(": ");
        write(value, sorted, out);
    }
    out.push('}');
}

/// A JSON string as Python writes it.
pub fn string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::sources::dvc::yaml::parse;

    #[test]
    fn as_python_writes_it() {
        let value = parse("{b: [1, 1.0, true, null, .nan, -.inf], a: \"ü\\\"\", 3: 1e16}").unwrap();
        assert_eq!(
            dumps(&value),
            r#"{"b": [1, 1.0, true, null, NaN, -Infinity], "a": "\u00fc\"", "3": 1e+16}"#
        );
        assert!(dumps_sorted(&value).starts_with(r#"{"3": 1e+16, "a""#));
    }

    #[test]
    fn strings_are_escaped_as_python_does() {
        let mut out = String::new();
        string("b/ünï \"名😀\u{7f}", &mut out);
        assert_eq!(out, r#""b/\u00fcn\u00ef \"\u540d\ud83d\ude00\u007f""#);
    }
}
