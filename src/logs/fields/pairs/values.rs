//! Where a value ends: in quotes, in brackets, or bare.

use std::borrow::Cow;

use memchr::memchr2;

use crate::logs::fields::Value;

use super::{LONGEST_KEY, is_key, scalar};

const LONGEST_NUMBER: usize = 40;
const LONGEST_BRACKET: usize = 200;

/// The value behind a sign, and whether it is surely one rather than prose.
pub fn value_after(text: &[u8], sign: usize) -> Option<(Value<'_>, bool)> {
    let equals = text[sign] == b'=';
    let quoted_key = sign > 0 && matches!(text[sign - 1], b'"' | b'\'');
    let mut start = sign + 1;
    while matches!(text.get(start), Some(b' ' | b'\t')) {
        start += 1;
    }
    let spaced = start > sign + 1 || (sign > 0 && text[sign - 1] == b' ');
    match text.get(start)? {
        b'=' => None,
        quote @ (b'"' | b'\'') => {
            let rest = &text[start + 1..];
            let value = &rest[..closing(rest, *quote)?];
            Some((
                Value::Text(unescaped(value)),
                equals || spaced || quoted_key,
            ))
        }
        _ => {
            let end = match text[start] {
                b'[' | b'(' | b'{' => bracket_end(text, start),
                _ => bare_end(text, start),
            };
            let mut raw = &text[start..end];
            // `[3/10]` counts; `[3, 224]` is text.
            if let [b'[' | b'(', inner @ .., b']' | b')'] = raw
                && inner.iter().all(|b| b.is_ascii_digit() || *b == b'/')
            {
                raw = inner;
            }
            if raw.is_empty() {
                return None;
            }
            let value = scalar(raw);
            let scalar = !matches!(value, Value::Text(_));
            if equals {
                return Some((value, scalar || !spaced));
            }
            // `train-auc:0.91` is a pair, `algo-1:8080` and `10:22` are none.
            let pair = spaced || quoted_key || (scalar && raw.contains(&b'.'));
            pair.then_some((value, scalar))
        }
    }
}

/// Where the quote closes; the end of the line for a double quote that does not.
fn closing(rest: &[u8], quote: u8) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = rest.get(at..).and_then(|r| memchr2(quote, b'\\', r)) {
        at += found;
        if rest[at] == quote {
            return Some(at);
        }
        at += 2;
    }
    (quote == b'"').then_some(rest.len())
}

fn unescaped(value: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(value);
    if !text.contains('\\') {
        return text;
    }
    let quoted = [b"\"", value, b"\""].concat();
    serde_json::from_slice::<String>(&quoted).map_or(text, Cow::Owned)
}

/// Behind the bracket that closes, when that is near.
fn bracket_end(text: &[u8], start: usize) -> usize {
    let mut open = 0_usize;
    for (at, byte) in text.iter().enumerate().skip(start).take(LONGEST_BRACKET) {
        match byte {
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => {
                open -= 1;
                if open == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    bare_end(text, start)
}

pub fn bare_end(text: &[u8], start: usize) -> usize {
    let mut open = 0_usize;
    let mut at = start;
    while let Some(byte) = text.get(at) {
        match byte {
            b';' | b'|' | b'"' | b'\'' => break,
            b if b.is_ascii_whitespace() => break,
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' if open == 0 => break,
            b')' | b']' | b'}' => open -= 1,
            b',' if open == 0 && comma_ends(text, start, at) => break,
            // A colour sequence.
            0x1b => break,
            _ => {}
        }
        at += 1;
    }
    while at > start && matches!(text[at - 1], b'.' | b':' | b',') {
        at -= 1;
    }
    at
}

/// Whether a comma ends the value: not in `1,234`, not in `tags=a,b`.
fn comma_ends(text: &[u8], start: usize, comma: usize) -> bool {
    let rest = &text[comma + 1..];
    // No number is so long; and a list of a million elements is not looked at again at each comma.
    if comma - start > LONGEST_NUMBER {
        return rest.first().is_none_or(u8::is_ascii_whitespace);
    }
    let digits = rest
        .iter()
        .take(4)
        .take_while(|b| b.is_ascii_digit())
        .count();
    let after = rest.get(digits);
    let whole = text[start..comma]
        .iter()
        .all(|b| b.is_ascii_digit() || *b == b',');
    if whole && digits == 3 && after.is_none_or(|b| !is_key(*b) || *b == b'.') {
        return false;
    }
    let key = rest
        .iter()
        .take(LONGEST_KEY)
        .take_while(|b| is_key(**b))
        .count();
    let next_is_pair = key > 0 && rest.get(key) == Some(&b'=');
    next_is_pair
        || rest.first().is_none_or(u8::is_ascii_whitespace)
        || !matches!(scalar(&text[start..comma]), Value::Text(_))
}
