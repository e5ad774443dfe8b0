//! The fields a line carries: members of a JSON object, logfmt pairs, and the `loss=0.41` and `val_acc: 0.91` of
//! training logs. Nothing is parsed that is not asked for.

use std::borrow::Cow;

pub mod json;
pub mod pairs;
#[cfg(test)]
mod tests;

/// Where programs put the text of a structured line.
pub const MESSAGE_KEYS: [&str; 6] = ["message", "msg", "@message", "log", "text", "event"];
/// Where they put its level.
pub const LEVEL_KEYS: [&str; 10] = [
    "level",
    "severity",
    "levelname",
    "log.level",
    "lvl",
    "loglevel",
    "log_level",
    "@level",
    "severity_text",
    "severityText",
];
/// And its time.
pub const TIME_KEYS: [&str; 8] = [
    "@timestamp",
    "timestamp",
    "time",
    "ts",
    "asctime",
    "datetime",
    "@t",
    "t",
];

/// More fields than anyone reads; a bound on what one line can cost.
const MOST_FIELDS: usize = 256;

/// The value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// The number, and how it was written: ids beyond 2^53 are compared by their digits.
    Num(f64, Cow<'a, str>),
    /// Text without its quotes; an object or array as the JSON it is.
    Text(Cow<'a, str>),
    Bool(bool),
    Null,
}

impl Value<'_> {
    /// The value as it is shown.
    pub fn text(&self) -> &str {
        match self {
            Self::Num(_, text) | Self::Text(text) => text,
            Self::Bool(true) => "true",
            Self::Bool(false) => "false",
            Self::Null => "null",
        }
    }

    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Num(number, _) => Some(*number),
            _ => None,
        }
    }

    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Num(number, text) => Value::Num(number, Cow::Owned(text.into_owned())),
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::Bool(b) => Value::Bool(b),
            Self::Null => Value::Null,
        }
    }
}

/// The field at a path: `user.id` is `id` in the object `user`, or a member that is called `user.id`.
///
/// Names are compared without regard to case, an exact one first. Pairs in the message of a JSON line count too.
pub fn get<'a>(line: &'a [u8], path: &str) -> Option<Value<'a>> {
    let Some(start) = json::start_of_object(line) else {
        return pairs::find(line, path);
    };
    if let Some(raw) = json::find(&line[start..], path) {
        return Some(json::value(raw));
    }
    let before = pairs::find(&line[..start], path);
    if before.is_some() {
        return before;
    }
    match text_in(&line[start..])? {
        Cow::Borrowed(text) => pairs::find(text.as_bytes(), path),
        Cow::Owned(text) => pairs::find(text.as_bytes(), path).map(Value::into_owned),
    }
}

/// Every field in order, nested ones by their path. Of `name: value` in running text only numbers, booleans and
/// quoted texts are fields.
pub fn all(line: &[u8]) -> Vec<(Cow<'_, str>, Value<'_>)> {
    let start = json::start_of_object(line).unwrap_or(line.len());
    let mut fields: Vec<_> = pairs::all(&line[..start]).take(MOST_FIELDS).collect();
    if start < line.len() {
        json::flatten(&line[start..], MOST_FIELDS, &mut fields);
    }
    fields
}

/// The text of a line: the message of a JSON object, the whole line otherwise.
pub fn message(line: &[u8]) -> Cow<'_, str> {
    json::members(line)
        .and_then(|_| text_in(line))
        .unwrap_or_else(|| String::from_utf8_lossy(line))
}

fn text_in(object: &[u8]) -> Option<Cow<'_, str>> {
    json::first_of(object, &MESSAGE_KEYS)
        .filter(|raw| raw.starts_with(b"\""))
        .map(json::text)
}
