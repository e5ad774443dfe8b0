//! Values as Python's `repr` shows them.

use super::numbers::python_float;
use super::yaml::Value;

pub fn python_repr(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

/// As `str` shows them: text as it is.
pub fn python_str(value: &Value) -> String {
    match value {
        Value::Text(text) | Value::Date(text) => text.clone(),
        other => python_repr(other),
    }
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("None"),
        Value::Bool(true) => out.push_str("True"),
        Value::Bool(false) => out.push_str("False"),
        Value::Int(number) => out.push_str(&number.to_string()),
        Value::Float(number) => out.push_str(&python_float(*number)),
        Value::Text(text) => quoted(text, out),
        Value::Date(text) => out.push_str(text),
        Value::Seq(items) => {
            out.push('[');
            list(items, out);
            out.push(']');
        }
        Value::Tuple(items) => {
            out.push('(');
            list(items, out);
            out.push_str(if items.len() == 1 { ",)" } else { ")" });
        }
        Value::Map(entries) => {
            out.push('{');
            for (at, entry) in entries.iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                write(&entry.key, out);
                out.push_str(": ");
                write(&entry.value, out);
            }
            out.push('}');
        }
    }
}

fn list(items: &[Value], out: &mut String) {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        write(item, out);
    }
}

/// In single quotes, unless there are single ones in it and no double ones.
fn quoted(text: &str, out: &mut String) {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_ascii_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push(quote);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::sources::dvc::yaml::parse;

    #[test]
    fn as_python() {
        for (text, shown) in [
            ("[1, 2.0, true, null]", "[1, 2.0, True, None]"),
            (
                "{k: [a, \"it's\", 'say \"x\" it''s']}",
                "{'k': ['a', \"it's\", 'say \"x\" it\\'s']}",
            ),
            ("[\"a\\nb\\\\\", ü]", "['a\\nb\\\\', 'ü']"),
            ("{1: {}}", "{1: {}}"),
        ] {
            assert_eq!(python_repr(&parse(text).unwrap()), shown);
        }
    }
}
