//! `key=value` and `key: value` in running text, and the counters of training logs (`Epoch 3/10`).

mod counters;
mod values;

use std::borrow::Cow;

use memchr::{memchr2, memchr2_iter};

use crate::logs::level;

use super::Value;

use counters::{counted, counters};
use values::value_after;

const LONGEST_KEY: usize = 64;

type Pair<'a> = (Cow<'a, str>, Value<'a>);

/// The value of one key, without regard to case.
pub fn find<'a>(text: &'a [u8], key: &str) -> Option<Value<'a>> {
    let key = key.as_bytes();
    let first = key.first()?;
    for at in memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), text) {
        let end = at + key.len();
        let fits = text
            .get(at..end)
            .is_some_and(|word| word.eq_ignore_ascii_case(key));
        if !fits || text.get(end).is_some_and(|b| is_key(*b)) {
            continue;
        }
        if let Some(sign) = sign_after(text, end)
            && key_before(text, sign) == Some(at..end)
            && let Some((value, _)) = value_after(text, sign)
        {
            return Some(value);
        }
        if key_run(text, end) == at
            && let Some(value) = counted(text, at..end)
        {
            return Some(value);
        }
    }
    None
}

/// All pairs in order. Of `key: value` only what is surely one.
pub fn all(text: &[u8]) -> impl Iterator<Item = Pair<'_>> {
    let mut counters = counters(text).into_iter().peekable();
    let mut at = 0;
    let mut ready = None;
    std::iter::from_fn(move || {
        if ready.is_none() {
            while let Some(sign) = text
                .get(at..)
                .and_then(|rest| memchr2(b'=', b':', rest))
                .map(|found| at + found)
            {
                at = sign + 1;
                let Some(key) = key_before(text, sign) else {
                    continue;
                };
                let Some((value, sure)) = value_after(text, sign) else {
                    continue;
                };
                let name = &text[key.clone()];
                let level = name[0].is_ascii_uppercase() && level::spoken(name).is_some();
                if sure && !(level && text[sign] == b':') {
                    ready = Some((key.start, (String::from_utf8_lossy(name), value)));
                    break;
                }
            }
        }
        let counter_first = match (&ready, counters.peek()) {
            (Some((pair, _)), Some((counter, _))) => counter < pair,
            (None, Some(_)) => true,
            _ => false,
        };
        if counter_first {
            counters.next().map(|(_, pair)| pair)
        } else {
            ready.take().map(|(_, pair)| pair)
        }
    })
}

/// A number, a boolean, nothing, or text.
pub fn scalar(raw: &[u8]) -> Value<'_> {
    match raw {
        b"true" | b"True" => return Value::Bool(true),
        b"false" | b"False" => return Value::Bool(false),
        b"null" | b"None" | b"nil" => return Value::Null,
        _ => {}
    }
    let text = String::from_utf8_lossy(raw);
    match number(&text) {
        Some(number) => Value::Num(number, text),
        None => Value::Text(text),
    }
}

/// Also `91.2%`, `3/10` (the first) and `1,234`.
fn number(text: &str) -> Option<f64> {
    let start = text.as_bytes().first()?;
    if !matches!(
        start,
        b'0'..=b'9' | b'+' | b'-' | b'.' | b'n' | b'N' | b'i' | b'I'
    ) {
        return None;
    }
    let text = text.strip_suffix('%').unwrap_or(text);
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    if let Some((done, of)) = text.split_once('/') {
        let whole = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        return (whole(done) && whole(of))
            .then(|| done.parse().ok())
            .flatten();
    }
    in_thousands(text)
}

fn in_thousands(text: &str) -> Option<f64> {
    let whole = text.split('.').next()?;
    let mut groups = whole.trim_start_matches(['-', '+']).split(',');
    let head = groups.next()?;
    let fine = (1..=3).contains(&head.len()) && groups.all(|group| group.len() == 3);
    (fine && text.contains(','))
        .then(|| text.replace(',', "").parse().ok())
        .flatten()
}

fn is_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'/' | b'@' | b'%')
}

/// The sign behind a key that ends at `end`: directly, after a space, or after the key's quote.
fn sign_after(text: &[u8], end: usize) -> Option<usize> {
    let mut at = end;
    if matches!(text.get(at), Some(b'"' | b'\'' | b'>')) {
        at += 1;
    }
    if text.get(at) == Some(&b' ') {
        at += 1;
    }
    matches!(text.get(at), Some(b'=' | b':')).then_some(at)
}

/// Where the run of key characters that ends at `end` starts, without the dashes of an option.
fn key_run(text: &[u8], end: usize) -> usize {
    let low = end.saturating_sub(LONGEST_KEY);
    let mut start = end;
    while start > low && is_key(text[start - 1]) {
        start -= 1;
    }
    while start < end
        && !(text[start].is_ascii_alphanumeric() || matches!(text[start], b'_' | b'@'))
    {
        start += 1;
    }
    start
}

/// The key in front of a sign.
fn key_before(text: &[u8], sign: usize) -> Option<std::ops::Range<usize>> {
    let mut end = sign;
    if end > 0 && text[end - 1] == b' ' {
        end -= 1;
    }
    let last = *text.get(end.checked_sub(1)?)?;
    let start = match last {
        b'"' | b'\'' => {
            end -= 1;
            opening(text, end, last)?
        }
        // `validation accuracy <score>=0.9` of SageMaker's own algorithms.
        b'>' => {
            end -= 1;
            opening(text, end, b'<')?
        }
        _ => key_run(text, end),
    };
    let key = text.get(start..end)?;
    let named = key
        .first()
        .is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'@'));
    named.then_some(start..end)
}

fn opening(text: &[u8], end: usize, quote: u8) -> Option<usize> {
    let low = end.saturating_sub(LONGEST_KEY);
    text[low..end]
        .iter()
        .rposition(|b| *b == quote)
        .map(|at| low + at + 1)
}
