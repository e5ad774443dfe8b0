//! `key=value` and `key: value` in running text, and the counters of training logs (`Epoch 3/10`).

use std::borrow::Cow;

use memchr::{memchr2, memchr2_iter};

use crate::logs::level;

use super::Value;

/// Words that count without a sign between them and their number.
const COUNTERS: [&str; 8] = [
    "epoch",
    "global_step",
    "step",
    "iteration",
    "iter",
    "round",
    "batch",
    "fold",
];

const LONGEST_KEY: usize = 64;
const LONGEST_NUMBER: usize = 40;
const LONGEST_BRACKET: usize = 200;

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

/// The value behind a sign, and whether it is surely one rather than prose.
fn value_after(text: &[u8], sign: usize) -> Option<(Value<'_>, bool)> {
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

fn bare_end(text: &[u8], start: usize) -> usize {
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

/// The number behind a counting word: `Epoch 3/10`, `step [120/1000]`, `iter #7`.
fn counted(text: &[u8], word: std::ops::Range<usize>) -> Option<Value<'_>> {
    if !COUNTERS
        .iter()
        .any(|c| text[word.clone()].eq_ignore_ascii_case(c.as_bytes()))
    {
        return None;
    }
    let mut at = word.end;
    while matches!(text.get(at), Some(b' ' | b'[' | b'(' | b'#')) && at < word.end + 4 {
        at += 1;
    }
    if at == word.end || !text.get(at).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let value = scalar(&text[at..bare_end(text, at)]);
    matches!(value, Value::Num(..)).then_some(value)
}

/// All counters with their places.
fn counters(text: &[u8]) -> Vec<(usize, Pair<'_>)> {
    let mut found = Vec::new();
    for counter in COUNTERS {
        let first = counter.as_bytes()[0];
        for at in memchr2_iter(first, first.to_ascii_uppercase(), text) {
            let end = at + counter.len();
            let fits = text
                .get(at..end)
                .is_some_and(|word| word.eq_ignore_ascii_case(counter.as_bytes()));
            if fits
                && !text.get(end).is_some_and(|b| is_key(*b))
                && key_run(text, end) == at
                && let Some(value) = counted(text, at..end)
            {
                found.push((at, (String::from_utf8_lossy(&text[at..end]), value)));
                break;
            }
        }
    }
    found.sort_by_key(|(at, _)| *at);
    found
}
