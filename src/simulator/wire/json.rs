//! The JSON protocols (awsJson1.0 and 1.1): points in time are numbers of seconds.

use std::fmt::Write as _;

use super::value::Value;
use crate::simulator::moment::Moment;

pub fn encode(value: &Value) -> String {
    let mut out = String::with_capacity(1024);
    write_value(value, &mut out);
    out
}

fn write_value(value: &Value, out: &mut String) {
    match value {
        Value::Absent => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Int(n) => push(out, format_args!("{n}")),
        Value::Float(n) => write_float(*n, out),
        Value::Text(text) => write_text(text, out),
        Value::Time(at) => write_time(*at, out),
        Value::List(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_value(item, out);
            }
            out.push(']');
        }
        Value::Map(members) => {
            out.push('{');
            for (i, (name, value)) in members.0.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_text(name, out);
                out.push(':');
                write_value(value, out);
            }
            out.push('}');
        }
    }
}

/// JSON has no infinities; AWS writes them as texts.
fn write_float(n: f64, out: &mut String) {
    if n.is_finite() {
        push(out, format_args!("{n:?}"));
    } else {
        write_text(&n.to_string(), out);
    }
}

fn write_time(at: Moment, out: &mut String) {
    match at.0.rem_euclid(1000) {
        0 => push(out, format_args!("{}", at.seconds())),
        millis => push(out, format_args!("{}.{millis:03}", at.seconds())),
    }
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => push(out, format_args!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Writing into a `String` cannot fail.
fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::simulator::wire::value::map;

    #[test]
    fn what_is_written_reads_back() {
        let value = map! {
            "Text" => "a \"quoted\"\r\n\u{1b}[31m 日本 🛫",
            "At" => Moment(1_763_905_267_250),
            "Whole" => 1.0,
            "None" => None::<String>,
            "List" => Value::list([1_i64, 2]),
        };
        let read: serde_json::Value = serde_json::from_str(&encode(&value)).unwrap();
        assert_eq!(read["Text"], "a \"quoted\"\r\n\u{1b}[31m 日本 🛫");
        assert_eq!(read["At"], 1_763_905_267.25);
        assert!(read.get("None").is_none());
        assert!(read["Whole"].is_f64());
        assert_eq!(read["List"][1], 2);
    }
}
