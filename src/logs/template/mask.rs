//! What varies inside a word: numbers, ids, hashes.

use super::ANY;

/// Names that have a digit and vary no more than others.
const NAMES: [&str; 22] = [
    "s3", "ec2", "utf8", "utf-8", "md5", "sha1", "sha256", "f1", "p50", "p90", "p95", "p99",
    "fp16", "bf16", "fp32", "int8", "float16", "float32", "float64", "int32", "int64", "http2",
];

/// The word with `<*>` for its runs of digits and what sticks to them: `step=12/100` is `step=<*>/<*>`.
pub fn varying(word: &str) -> String {
    if !word.bytes().any(|b| b.is_ascii_digit()) {
        return word.to_owned();
    }
    let mut out = String::with_capacity(word.len());
    let mut from = 0;
    while from < word.len() {
        let rest = &word[from..];
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
    out
}

fn is_run(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+' | '%')
}
