//! JSON read by stepping over it: values nobody asks for are skipped, damaged ones end the reading.

use std::borrow::Cow;

use memchr::memchr2;

use super::Value;

/// Objects in objects deeper than this are shown as JSON.
const DEEPEST: usize = 16;

/// The members of an object, in order.
#[derive(Clone, Debug)]
pub struct Members<'a> {
    text: &'a [u8],
    at: usize,
}

/// A member's name between its quotes, escapes and all, and its value as it is written.
pub type Member<'a> = (&'a [u8], &'a [u8]);

/// The members, when the text is an object (after white space).
pub fn members(text: &[u8]) -> Option<Members<'_>> {
    let start = text.iter().position(|b| !b.is_ascii_whitespace())?;
    (text[start] == b'{').then_some(Members {
        text,
        at: start + 1,
    })
}

/// Where an object starts: the line is one, or it stands in running text (`INFO {"loss": 0.2}`).
pub fn start_of_object(line: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = memchr::memchr(b'{', &line[from..]).map(|at| from + at) {
        let after = line[at + 1..].iter().find(|b| !b.is_ascii_whitespace());
        if matches!(after, Some(b'"' | b'}')) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

impl<'a> Iterator for Members<'a> {
    type Item = Member<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let text = self.text;
        let mut at = skip_blank(text, self.at);
        if text.get(at) == Some(&b',') {
            at = skip_blank(text, at + 1);
        }
        if text.get(at) != Some(&b'"') {
            self.at = text.len();
            return None;
        }
        let end = after_string(text, at);
        let key = inside(&text[at..end]);
        at = skip_blank(text, end);
        if text.get(at) != Some(&b':') {
            self.at = text.len();
            return None;
        }
        at = skip_blank(text, at + 1);
        let end = after_value(text, at);
        self.at = end;
        // Cut off right after the colon: there is no value.
        (end > at).then(|| (key, &text[at..end]))
    }
}

fn skip_blank(text: &[u8], mut at: usize) -> usize {
    while text.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    at
}

/// Behind the string that starts at `at`; the end of the text when it is not closed.
fn after_string(text: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(found) = text.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
        at += found;
        if text[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    text.len()
}

fn after_value(text: &[u8], at: usize) -> usize {
    match text.get(at) {
        Some(b'"') => after_string(text, at),
        Some(b'{' | b'[') => after_nested(text, at),
        _ => text
            .get(at..)
            .and_then(|rest| {
                rest.iter()
                    .position(|b| matches!(b, b',' | b'}' | b']') || b.is_ascii_whitespace())
            })
            .map_or(text.len(), |end| at + end),
    }
}

fn after_nested(text: &[u8], at: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = at;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => {
                at = after_string(text, at);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    text.len()
}

/// A string without its quotes; the closing one may be missing.
fn inside(quoted: &[u8]) -> &[u8] {
    let rest = quoted.strip_prefix(b"\"").unwrap_or(quoted);
    rest.strip_suffix(b"\"").unwrap_or(rest)
}

/// The value at a path, as it is written.
pub fn find<'a>(object: &'a [u8], path: &str) -> Option<&'a [u8]> {
    let mut by_case = None;
    for (key, value) in members(object)? {
        let key = name(key);
        if *key == *path {
            return Some(value);
        }
        if key.eq_ignore_ascii_case(path) {
            by_case = by_case.or(Some(value));
            continue;
        }
        let Some(rest) = strip_name(path, &key) else {
            continue;
        };
        let inner = match value.first() {
            Some(b'{') => find(value, rest),
            Some(b'[') => element(value, rest),
            _ => None,
        };
        if inner.is_some() {
            return inner;
        }
    }
    by_case
}

/// `b.c` of `a.b.c` when the name is `a`.
fn strip_name<'p>(path: &'p str, name: &str) -> Option<&'p str> {
    let head = path.get(..name.len())?;
    if head.eq_ignore_ascii_case(name) {
        path[name.len()..].strip_prefix('.')
    } else {
        None
    }
}

/// `0.loss` in an array: its first element's `loss`.
fn element<'a>(array: &'a [u8], path: &str) -> Option<&'a [u8]> {
    let (index, rest) = match path.split_once('.') {
        Some((index, rest)) => (index, Some(rest)),
        None => (path, None),
    };
    let value = elements(array).nth(index.parse().ok()?)?;
    match (rest, value.first()) {
        (None, _) => Some(value),
        (Some(rest), Some(b'{')) => find(value, rest),
        (Some(rest), Some(b'[')) => element(value, rest),
        _ => None,
    }
}

fn elements(array: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut at = 1;
    std::iter::from_fn(move || {
        at = skip_blank(array, at);
        if array.get(at) == Some(&b',') {
            at = skip_blank(array, at + 1);
        }
        let start = at;
        at = after_value(array, start);
        (at > start).then(|| &array[start..at])
    })
}

/// The first member with one of these names, earlier names first.
pub fn first_of<'a>(object: &'a [u8], names: &[&str]) -> Option<&'a [u8]> {
    let mut best: Option<(usize, &[u8])> = None;
    for (key, value) in members(object)? {
        let place = names.iter().position(|n| n.as_bytes() == key);
        if let Some(place) = place
            && best.is_none_or(|(b, _)| place < b)
        {
            if place == 0 {
                return Some(value);
            }
            best = Some((place, value));
        }
    }
    best.map(|(_, value)| value)
}

/// A name without its escapes.
pub fn name(key: &[u8]) -> Cow<'_, str> {
    if memchr::memchr(b'\\', key).is_none() {
        return String::from_utf8_lossy(key);
    }
    let quoted = [b"\"", key, b"\""].concat();
    Cow::Owned(text(&quoted).into_owned())
}

/// A string without quotes and escapes; one that JSON does not allow stays as it is written.
pub fn text(quoted: &[u8]) -> Cow<'_, str> {
    let raw = inside(quoted);
    if memchr::memchr(b'\\', raw).is_none() {
        return String::from_utf8_lossy(raw);
    }
    match serde_json::from_slice::<String>(quoted) {
        Ok(text) => Cow::Owned(text),
        Err(_) => String::from_utf8_lossy(raw),
    }
}

/// What a written value says.
pub fn value(raw: &[u8]) -> Value<'_> {
    match raw.first() {
        Some(b'"') => Value::Text(text(raw)),
        Some(b'{' | b'[') => Value::Text(String::from_utf8_lossy(raw)),
        _ => super::pairs::scalar(raw),
    }
}

/// Adds every value with its path, at most `most` in all.
pub fn flatten<'a>(object: &'a [u8], most: usize, into: &mut Vec<(Cow<'a, str>, Value<'a>)>) {
    flatten_under(object, "", DEEPEST, most, into);
}

fn flatten_under<'a>(
    object: &'a [u8],
    path: &str,
    depth: usize,
    most: usize,
    into: &mut Vec<(Cow<'a, str>, Value<'a>)>,
) {
    for (key, raw) in members(object).into_iter().flatten() {
        if into.len() >= most {
            return;
        }
        let key = if path.is_empty() {
            name(key)
        } else {
            Cow::Owned(format!("{path}.{}", name(key)))
        };
        if raw.first() == Some(&b'{') && depth > 0 {
            flatten_under(raw, &key, depth - 1, most, into);
        } else {
            into.push((key, value(raw)));
        }
    }
}
