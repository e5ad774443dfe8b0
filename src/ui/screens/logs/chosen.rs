//! A structured line as one reads it: its message first, then its fields; time and level have columns of their own.

use std::borrow::Cow;

use serde::de::IgnoredAny;

use crate::domain::safe_text;
use crate::logs::fields::{self, LEVEL_KEYS, MESSAGE_KEYS, TIME_KEYS, Value};
use crate::logs::level;
use crate::logs::mask::Masker;

/// What is longer is shown as it was written: nobody reads its fields in a row.
const LONGEST: usize = 16 << 10;

/// As many fields as are read of a line: there may be more.
const MOST_FIELDS: usize = 256;

/// Names are written with the colour sequence of dim text, as programs write it: what shows the message styles them.
const KEY: &str = "\x1b[0;2m";
const VALUE: &str = "\x1b[0m";

type Fields<'l> = Vec<(Cow<'l, str>, Value<'l>)>;

/// The message and the fields of a line that is a JSON object, or nothing but `key=value`; `None` for any other.
///
/// Secrets are masked as they stand in the line; what is made of it is to be masked again before it is shown.
pub fn chosen(line: &str, masker: Option<&Masker>) -> Option<String> {
    let line = line.trim();
    if line.len() > LONGEST || !may_be_structured(line) {
        return None;
    }
    let line = masker.map_or(Cow::Borrowed(line), |masker| masker.masked(line));
    let mut fields = of_object(&line).or_else(|| of_pairs(&line))?;
    if fields.len() >= MOST_FIELDS {
        return None;
    }
    let message = MESSAGE_KEYS.iter().find_map(|name| {
        let at = fields.iter().position(|(key, _)| key == name)?;
        matches!(fields[at].1, Value::Text(_)).then(|| fields.remove(at).1)
    });
    let told = level::detect(&line).is_some();
    fields.retain(|(key, _)| {
        let key = &**key;
        !(TIME_KEYS.contains(&key) || (told && LEVEL_KEYS.contains(&key)))
    });
    let mut out = message.map_or(String::new(), |message| message.text().to_owned());
    for (key, value) in &fields {
        if !out.is_empty() {
            out.push_str("  ");
        }
        out.push_str(KEY);
        out.push_str(&safe_text::visible_line(key));
        out.push('=');
        out.push_str(VALUE);
        out.push_str(&written(value));
    }
    // Nothing but a time and a level: then these are what it says.
    (!out.is_empty()).then_some(out)
}

/// Nearly every line of running text ends here.
fn may_be_structured(line: &str) -> bool {
    let word = line.split([' ', '=', '{']).next().unwrap_or_default();
    line.starts_with('{') || (line.contains('=') && line[word.len()..].starts_with('='))
}

fn of_object(line: &str) -> Option<Fields<'_>> {
    // A damaged object would lose what stands behind the damage.
    let whole = line.starts_with('{') && serde_json::from_str::<IgnoredAny>(line).is_ok();
    whole
        .then(|| fields::all(line.as_bytes()))
        .filter(|fields| !fields.is_empty())
}

/// `key=value key="a value"` from end to end.
fn of_pairs(line: &str) -> Option<Fields<'_>> {
    let mut fields = Fields::new();
    let mut rest = line;
    while !rest.is_empty() {
        if fields.len() >= MOST_FIELDS {
            return None;
        }
        let (key, after) = rest.split_once('=')?;
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '/' | '@');
        if key.is_empty() || !key.chars().all(is_name) {
            return None;
        }
        let (value, behind) = value(after)?;
        fields.push((Cow::Borrowed(key), Value::Text(value)));
        rest = behind.trim_start_matches(' ');
    }
    (fields.len() > 1).then_some(fields)
}

/// A value without its quotes, and what follows it.
fn value(text: &str) -> Option<(Cow<'_, str>, &str)> {
    if !text.starts_with('"') {
        let end = text.find(' ').unwrap_or(text.len());
        let value = &text[..end];
        return (!value.contains('"')).then_some((Cow::Borrowed(value), &text[end..]));
    }
    let mut escaped = false;
    let end = text[1..].find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    })? + 2;
    let behind = &text[end..];
    let apart = behind.is_empty() || behind.starts_with(' ');
    let value = fields::json::text(&text.as_bytes()[..end]).into_owned();
    apart.then_some((Cow::Owned(value), behind))
}

/// A value in one piece: quoted where it would fall apart, its control characters visible.
fn written(value: &Value<'_>) -> String {
    let text = safe_text::visible_line(value.text());
    let plain = !text.is_empty() && !text.contains([' ', '"', '=']);
    let nested = matches!(value, Value::Text(text) if text.starts_with(['{', '[']));
    if plain || nested || !matches!(value, Value::Text(_)) {
        text.into_owned()
    } else {
        format!("\"{text}\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With `‹` and `›` around the names.
    fn shown(line: &str) -> Option<String> {
        let masker = Masker::default();
        let shown = chosen(line, Some(&masker))?;
        Some(shown.replace(KEY, "‹").replace(VALUE, "›"))
    }

    #[test]
    fn structured_lines_say_their_message_first() {
        for (line, expected) in [
            (
                r#"{"ts":"2026-11-22T13:02:11Z","level":"info","msg":"epoch done","epoch":3,"opt":{"lr":3e-4},"tags":["a","b"]}"#,
                Some(r#"epoch done  ‹epoch=›3  ‹opt.lr=›3e-4  ‹tags=›["a","b"]"#),
            ),
            (
                r#"{"a":"two words","b":null,"c":true,"d":""}"#,
                Some(r#"‹a=›"two words"  ‹b=›null  ‹c=›true  ‹d=›"""#),
            ),
            (
                r#"level=warn ts=1 msg="slow \"disk\"" took=3s"#,
                Some(r#"slow "disk"  ‹took=›3s"#),
            ),
            ("epoch=3 loss=0.41", Some("‹epoch=›3  ‹loss=›0.41")),
            // A level that is none stays.
            (r#"{"level":"gold","n":1}"#, Some("‹level=›gold  ‹n=›1")),
            (
                r#"{"user":"a","password":"hunter2"}"#,
                Some("‹user=›a  ‹password=›••••"),
            ),
            ("x=1", None),
            ("epoch 3 loss=0.41", None),
            ("loss=0.41 and more", None),
            (r#"{"level":"info"}"#, None),
            (r#"{"a":1,"b":2"#, None),
            (r#"INFO {"a":1}"#, None),
            ("{}", None),
            ("", None),
        ] {
            assert_eq!(shown(line).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn values_steer_nothing() {
        let line = r#"{"msg":"m","a":"x\r\u001b[2Jy\nz"}"#;
        assert_eq!(shown(line).as_deref(), Some("m  ‹a=›x⏎␛[2Jy⏎z"));
    }

    proptest::proptest! {
        #[test]
        fn any_line_is_taken(line in "[{}\":, =\\\\a\n\u{1b}é]{0,40}") {
            let _ = chosen(&line, None);
        }

        /// No value is lost: each stands in what is shown.
        #[test]
        fn every_field_is_shown(values in proptest::collection::vec("[a-z]{1,5}", 1..6)) {
            let members: Vec<String> = (0..).zip(&values).map(|(i, v)| format!("\"k{i}\":\"{v}\"")).collect();
            let shown = shown(&format!("{{{}}}", members.join(","))).unwrap();
            for (i, value) in values.iter().enumerate() {
                let field = format!("‹k{i}=›{value}");
                proptest::prop_assert!(shown.contains(&field), "{}", shown);
            }
        }
    }
}
