//! What varies inside a word: numbers, ids, hashes, values in quotes.

use std::borrow::Cow;

use super::ANY;

/// Names that have a digit and vary no more than others.
const NAMES: [&str; 22] = [
    "s3", "ec2", "utf8", "utf-8", "md5", "sha1", "sha256", "f1", "p50", "p90", "p95", "p99",
    "fp16", "bf16", "fp32", "int8", "float16", "float32", "float64", "int32", "int64", "http2",
];

/// The word with `<*>` for its runs of digits and what sticks to them, and for what stands in quotes:
/// `step=12/100` is `step=<*>/<*>`, `user='ann'` is `user='<*>'`.
pub fn varying(word: &str) -> Cow<'_, str> {
    let quoted = quoted(word);
    if !quoted.bytes().any(|b| b.is_ascii_digit()) {
        return quoted;
    }
    let mut out = String::with_capacity(quoted.len());
    let mut from = 0;
    while from < quoted.len() {
        let rest = &quoted[from..];
        let run = rest.find(|c| !is_run(c)).unwrap_or(rest.len());
        if run == 0 {
            let next = rest.find(is_run).unwrap_or(rest.len());
            out.push_str(&rest[..next]);
            from += next;
            continue;
        }
        let part = &rest[..run];
        let varies = part.bytes().any(|b| b.is_ascii_digit())
            && !NAMES.iter().any(|name| part.eq_ignore_ascii_case(name));
        // The end of a sentence is no part of its number.
        let kept = part.trim_end_matches(['.', '-']);
        out.push_str(if varies { ANY } else { part });
        if varies {
            out.push_str(&part[kept.len()..]);
        }
        from += run;
    }
    Cow::Owned(out)
}

fn is_run(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+' | '%')
}

/// Values in quotes vary; names in quotes, with a colon behind them, do not.
fn quoted(word: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut done = 0;
    while let Some((open, close)) = quotes(&word[done..]) {
        let (open, close) = (done + open, done + close);
        let is_name = word[close + 1..].starts_with(':');
        out.push_str(&word[done..=open]);
        out.push_str(if is_name { &word[open + 1..close] } else { ANY });
        out.push_str(&word[close..=close]);
        done = close + 1;
    }
    if done == 0 {
        return Cow::Borrowed(word);
    }
    out.push_str(&word[done..]);
    Cow::Owned(out)
}

/// The next pair of quotes with something between them. One behind a letter is an apostrophe.
fn quotes(text: &str) -> Option<(usize, usize)> {
    let mut before = None;
    for (at, c) in text.char_indices() {
        if matches!(c, '"' | '\'') && !before.is_some_and(char::is_alphanumeric) {
            let inside = text[at + 1..].find(c)?;
            return (inside > 0).then_some((at, at + 1 + inside));
        }
        before = Some(c);
    }
    None
}
