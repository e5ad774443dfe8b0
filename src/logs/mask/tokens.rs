//! Secrets that tell what they are: `AKIA...`, `ghp_...`, JSON web tokens, private keys, passwords in URLs.

use std::ops::Range;

use super::Sign;

pub const SIGNS: [Sign; 29] = [
    ("AKIA", of_aws_key),
    ("ASIA", of_aws_key),
    ("IQoJb3Jp", of_session_token),
    ("FwoGZXIv", of_session_token),
    ("ghp_", of_github),
    ("gho_", of_github),
    ("ghu_", of_github),
    ("ghs_", of_github),
    ("ghr_", of_github),
    ("github_pat_", of_github),
    ("glpat-", of_gitlab),
    ("gldt-", of_gitlab),
    ("xoxb-", of_slack),
    ("xoxp-", of_slack),
    ("xoxa-", of_slack),
    ("xoxr-", of_slack),
    ("xoxs-", of_slack),
    ("xapp-", of_slack),
    ("hooks.slack.com/services/", of_hook),
    ("hf_", of_hugging_face),
    ("sk-", of_model_provider),
    ("wandb_v1_", of_github),
    ("wandb login", of_wandb),
    ("AIza", of_google),
    ("npm_", of_hugging_face),
    ("pypi-AgE", of_session_token),
    ("eyJ", of_web_token),
    ("PRIVATE KEY-----", of_private_key),
    ("://", of_url),
];

/// Session tokens are the longest, with about two thousand bytes.
const LONGEST: usize = 4096;

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Nothing that belongs to the same word stands before it.
fn starts_word(text: &[u8], at: usize) -> bool {
    at == 0 || !is_word(text[at - 1])
}

/// The run of allowed bytes from here.
fn run(text: &[u8], start: usize, allowed: impl Fn(u8) -> bool) -> Range<usize> {
    let rest = text.get(start..).unwrap_or_default();
    let length = rest
        .iter()
        .take(LONGEST)
        .position(|b| !allowed(*b))
        .unwrap_or(rest.len().min(LONGEST));
    start..start + length
}

/// The signs are found in any case; a token has one.
fn exactly(text: &[u8], sign: &Range<usize>, as_written: &[u8]) -> bool {
    text[sign.clone()] == *as_written
}

/// `AKIA` and sixteen of `A-Z2-7`.
fn of_aws_key(text: &[u8], sign: Range<usize>) -> Option<Range<usize>> {
    let rest = run(text, sign.end, is_word);
    let capitals = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    let fits = rest.len() == 16 && text[sign.start..rest.end].iter().all(capitals);
    (starts_word(text, sign.start) && fits).then_some(rest)
}

/// Tokens of STS start alike, whatever they are called.
fn of_session_token(text: &[u8], sign: Range<usize>) -> Option<Range<usize>> {
    starts_word(text, sign.start).then_some(())?;
    let rest = run(text, sign.end, |b| {
        is_word(b) || matches!(b, b'+' | b'/' | b'=' | b'%' | b'-')
    });
    (rest.len() >= 60).then_some(rest)
}

fn of_github(text: &[u8], sign: Range<usize>) -> Option<Range<usize>> {
    let rest = run(text, sign.end, is_word);
    let fits = rest.len() >= 20 && has_digit(&text[rest.clone()]);
    (starts_word(text, sign.start) && fits).then_some(rest)
}

fn of_gitlab(text: &[u8], sign: Range<usize>) -> Option<Range<usize>> {
    let rest = run(text, sign.end, |b| is_word(b) || matches!(b, b'-' | b'.'));
    (starts_word(text, sign.start) && rest.len() >= 20).then_some(rest)
}

fn of_slack(text: &[u8], sign: Range<usize>) -> Option<Range<usize>> {
    let rest = run(text, sign.end, |b| is_word(b) || b == b'-');
    let fits = rest.len() >= 10 && has_digit(&text[rest.clone()]);
    (starts_word(text, sign.start) && fits).then_some(rest)
}

/// Whoever knows the address may write to the channel.
fn of_hook(text: &[u8], sign: Range<usize>) -> Option<Range<usize>> {
    let rest = run(text, sign.end, |b| is_word(b) || b == b'/');
    (rest.len() >= 20).then_some(rest)
}

fn of_hugging_face(text: &[u8], sign: Range<usize>) -> Option<Range<usize>> {
    let rest = run(text, sign.end, is_word);
    let said = &text[rest.clone()];
    let fits = said.len() >= 30 && said.iter().all(u8::is_ascii_alphanumeric) && is_mixed(said);
    (starts_word(text, sign.start) && fits).then_some(rest)
}

/// `sk-`, `sk-proj-`, `sk-ant-`: one of its parts is long and mixed, which words are not.
fn of_model_provider(text: &[u8], sign: Range<usize>) -> Option<Range<usize>> {
    let rest = run(text, sign.end, |b| is_word(b) || b == b'-');
    let random = text[rest.clone()]
        .split(|b| matches!(b, b'-' | b'_'))
        .any(|part| part.len() >= 16 && has_digit(part) && is_mixed(part));
    let starts = starts_word(text, sign.start) && text[..sign.start].last() != Some(&b'-');
    (starts && exactly(text, &sign, b"sk-") && random).then_some(rest)
}

/// `wandb login --relogin` and at least forty hexadecimal digits.
fn of_wandb(text: &[u8], sign: Range<usize>) -> Option<Range<usize>> {
    let near = &text[sign.end..text.len().min(sign.end + 200)];
    let mut at = sign.end;
    for word in near.split(|b| b.is_ascii_whitespace()) {
        if word.len() >= 40 && word.iter().all(u8::is_ascii_hexdigit) {
            return Some(at..at + word.len());
        }
        at += word.len() + 1;
    }
    None
}

fn of_google(text: &[u8], sign: Range<usize>) -> Option<Range<usize>> {
    let rest = run(text, sign.end, |b| is_word(b) || b == b'-');
    let fits = rest.len() == 35 && exactly(text, &sign, b"AIza");
    (starts_word(text, sign.start) && fits).then_some(rest)
}

/// Three parts of base64url; the first two are JSON and start like it.
fn of_web_token(text: &[u8], sign: Range<usize>) -> Option<Range<usize>> {
    if !starts_word(text, sign.start) || !exactly(text, &sign, b"eyJ") {
        return None;
    }
    let part = |start| run(text, start, |b| is_word(b) || b == b'-');
    let head = part(sign.end);
    let dot = |at: usize| text.get(at) == Some(&b'.');
    if head.len() < 8 || !dot(head.end) || !text[head.end + 1..].starts_with(b"eyJ") {
        return None;
    }
    let body = part(head.end + 1);
    if body.len() < 8 || !dot(body.end) {
        return None;
    }
    Some(sign.end..part(body.end + 1).end)
}

/// Everything up to the end mark, or to the end of the text.
fn of_private_key(text: &[u8], sign: Range<usize>) -> Option<Range<usize>> {
    let before = &text[sign.start.saturating_sub(40)..sign.start];
    let dashes = memchr::memmem::rfind(before, b"-----")?;
    before[dashes..].starts_with(b"-----BEGIN ").then_some(())?;
    let rest = &text[sign.end..];
    // In JSON the string ends with its quote.
    let length = memchr::memmem::find(rest, b"-----END ")
        .or_else(|| memchr::memchr2(b'"', b'\'', rest))
        .unwrap_or(rest.len());
    let body = &rest[..length];
    let blank = |b: &u8| b.is_ascii_whitespace();
    let start = body.iter().position(|b| !blank(b))?;
    let end = body.iter().rposition(|b| !blank(b))? + 1;
    Some(sign.end + start..sign.end + end)
}

/// `https://user:password@host`.
fn of_url(text: &[u8], sign: Range<usize>) -> Option<Range<usize>> {
    let authority = run(text, sign.end, |b| {
        let ends = matches!(b, b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>' | b',');
        !ends && b != b' ' && !b.is_ascii_control()
    });
    let said = &text[authority.clone()];
    let at = said.iter().rposition(|b| *b == b'@')?;
    let colon = said[..at].iter().position(|b| *b == b':')?;
    let password = authority.start + colon + 1..authority.start + at;
    let placeholder = matches!(text.get(password.start), Some(b'$' | b'{' | b'*'));
    (!placeholder).then_some(password)
}

fn has_digit(text: &[u8]) -> bool {
    text.iter().any(u8::is_ascii_digit)
}

fn is_mixed(text: &[u8]) -> bool {
    text.iter().any(u8::is_ascii_uppercase) && text.iter().any(u8::is_ascii_lowercase)
}
