//! Words that count: `Epoch 3/10`, `step [120/1000]`.

use memchr::memchr2_iter;

use crate::logs::fields::Value;

use super::values::bare_end;
use super::{Pair, is_key, key_run, scalar};

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

/// The number behind a counting word: `Epoch 3/10`, `step [120/1000]`, `iter #7`.
pub fn counted(text: &[u8], word: std::ops::Range<usize>) -> Option<Value<'_>> {
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
pub fn counters(text: &[u8]) -> Vec<(usize, Pair<'_>)> {
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
