//! Secrets told by the name before them: `password=...`, `"token": "..."`, `Authorization: Bearer ...`.

use std::ops::Range;

use super::Sign;

/// Names are followed for so long to both sides.
const NEAR: usize = 48;
/// A value without quotes that is longer is no password but a document.
const LONGEST: usize = 4096;

pub const SIGNS: [Sign; 28] = [
    ("password", of_password),
    ("passwd", of_password),
    ("passphrase", of_password),
    ("pwd", of_pwd),
    ("secret", of_secret),
    ("secret_key", of_secret),
    ("secret-key", of_secret),
    ("secretkey", of_secret),
    ("secretstring", of_secret),
    ("access_key", of_secret),
    ("access-key", of_secret),
    ("accesskey", of_secret),
    ("secret access key", of_secret),
    ("account_key", of_secret),
    ("accountkey", of_secret),
    ("private_key", of_secret),
    ("privatekey", of_secret),
    ("encryption_key", of_secret),
    ("api_key", of_secret),
    ("api-key", of_secret),
    ("apikey", of_secret),
    ("token", of_token),
    ("authorization", of_authorization),
    ("bearer ", of_bearer),
    ("x-amz-signature=", of_parameter),
    ("x-goog-signature=", of_parameter),
    ("&signature=", of_parameter),
    (", signature=", of_parameter),
];

/// Whatever stands behind it.
fn of_password(text: &[u8], name: Range<usize>) -> Option<Range<usize>> {
    let value = value_of(text, &name)?;
    let said = &text[value.clone()];
    (!is_placeholder(said)).then_some(value)
}

/// A shell calls the folder it is in so.
fn of_pwd(text: &[u8], name: Range<usize>) -> Option<Range<usize>> {
    of_password(text, name).filter(|value| text[value.start] != b'/')
}

/// Long enough to be one, and not prose.
fn of_secret(text: &[u8], name: Range<usize>) -> Option<Range<usize>> {
    let value = value_of(text, &name)?;
    let said = &text[value.clone()];
    (!is_placeholder(said) && looks_random(said)).then_some(value)
}

/// Tokens are also what language models read and write: those are numbers and marks such as `<pad>`.
fn of_token(text: &[u8], name: Range<usize>) -> Option<Range<usize>> {
    const OF_MODELS: [&[u8]; 16] = [
        b"pad", b"bos", b"eos", b"unk", b"mask", b"sep", b"cls", b"special", b"next", b"stop",
        b"start", b"end", b"first", b"last", b"image", b"decoder",
    ];
    let before = text[..name.start]
        .strip_suffix(b"_")
        .or_else(|| text[..name.start].strip_suffix(b"-"));
    if let Some(before) = before
        && OF_MODELS.iter().any(|word| ends_with(before, word))
    {
        return None;
    }
    let value = value_of(text, &name)?;
    let said = &text[value.clone()];
    let number = said
        .iter()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'e' | b'-' | b'/'));
    (!number && !is_placeholder(said) && looks_random(said)).then_some(value)
}

/// `Authorization: Bearer abc`, `"authorization": "Basic abc"`, `Authorization: abc`.
fn of_authorization(text: &[u8], name: Range<usize>) -> Option<Range<usize>> {
    let mut start = value_start(text, &name)?;
    start += usize::from(matches!(text.get(start), Some(b'"' | b'\'')));
    for scheme in [&b"bearer "[..], b"basic ", b"token ", b"digest "] {
        let end = start + scheme.len();
        if text
            .get(start..end)
            .is_some_and(|s| s.eq_ignore_ascii_case(scheme))
        {
            let value = bare(text, end);
            return (!is_placeholder(&text[value.clone()])).then_some(value);
        }
    }
    let value = bare(text, start);
    let said = &text[value.clone()];
    // `AWS4-HMAC-SHA256 Credential=..., Signature=...` has its own sign.
    (looks_random(said) && !said.starts_with(b"AWS4-")).then_some(value)
}

/// `Bearer abc` without the header's name.
fn of_bearer(text: &[u8], sign: Range<usize>) -> Option<Range<usize>> {
    let value = bare(text, sign.end);
    (value.len() >= 16 && looks_random(&text[value.clone()])).then_some(value)
}

/// A parameter of a URL that was signed beforehand.
fn of_parameter(text: &[u8], sign: Range<usize>) -> Option<Range<usize>> {
    let rest = &text[sign.end..];
    let length = rest
        .iter()
        .take(LONGEST)
        .position(|b| {
            !(b.is_ascii_alphanumeric() || matches!(b, b'%' | b'+' | b'/' | b'=' | b'-' | b'_'))
        })
        .unwrap_or(rest.len().min(LONGEST));
    (length >= 20).then(|| sign.end..sign.end + length)
}

/// The value of a name that ends here.
fn value_of(text: &[u8], name: &Range<usize>) -> Option<Range<usize>> {
    let start = value_start(text, name)?;
    match text.get(start) {
        Some(quote @ (b'"' | b'\'')) => {
            let start = start + 1;
            Some(match closing(&text[start..], *quote) {
                Some(length) => start..start + length,
                // Cut off.
                None => bare(text, start),
            })
        }
        _ => Some(bare(text, start)),
    }
}

/// Where the value of a name starts: behind `=`, `:`, `": "`, `=>`, or the space behind an option.
fn value_start(text: &[u8], name: &Range<usize>) -> Option<usize> {
    let mut at = name.end;
    // `{\"password\":\"...\"}`: JSON in JSON.
    if text.get(at) == Some(&b'\\') {
        at += 1;
    }
    let quoted = matches!(text.get(at), Some(b'"' | b'\''));
    at += usize::from(quoted);
    let spaces = spaces(text, at);
    let sign = at + spaces;
    let mut start = match text.get(sign) {
        Some(b'=' | b':') => sign + 1,
        // `--password hunter2`
        Some(_) if spaces == 1 && !quoted && is_option(text, name.start) => return Some(sign),
        _ => return None,
    };
    // `==` compares, `::` and `:=` are code.
    match text.get(start) {
        Some(b'=' | b':') => return None,
        Some(b'>') => start += 1,
        _ => {}
    }
    start += self::spaces(text, start);
    if text.get(start) == Some(&b'\\') && text.get(start + 1) == Some(&b'"') {
        start += 2;
    }
    Some(start)
}

fn spaces(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.iter()
        .take(NEAR)
        .take_while(|b| matches!(b, b' ' | b'\t'))
        .count()
}

/// The name is an option: `--db-password`.
fn is_option(text: &[u8], at: usize) -> bool {
    let low = at.saturating_sub(NEAR);
    let start = text[low..at]
        .iter()
        .rposition(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')))
        .map_or(low, |before| low + before + 1);
    text[start..].starts_with(b"--")
}

fn closing(rest: &[u8], quote: u8) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = rest
        .get(at..)
        .and_then(|r| memchr::memchr2(quote, b'\\', r))
    {
        at += found;
        if rest[at] == quote {
            return Some(at);
        }
        at += 2;
    }
    None
}

/// Up to white space or a sign that ends a value.
fn bare(text: &[u8], start: usize) -> Range<usize> {
    let rest = text.get(start..).unwrap_or_default();
    let length = rest
        .iter()
        .take(LONGEST)
        .position(|b| {
            b.is_ascii_whitespace()
                || b.is_ascii_control()
                || matches!(
                    b,
                    b'"' | b'\''
                        | b','
                        | b';'
                        | b'&'
                        | b')'
                        | b'}'
                        | b']'
                        | b'\\'
                        | b'|'
                        | b'<'
                        | b'>'
                )
        })
        .unwrap_or(rest.len().min(LONGEST));
    start..on_boundary(text, start + length)
}

/// Not inside a character.
fn on_boundary(text: &[u8], mut at: usize) -> usize {
    while at < text.len() && text[at] & 0xc0 == 0x80 {
        at += 1;
    }
    at
}

/// Nothing is given away: `None`, `***`, `${PASSWORD}`, `<secret>`, or a masked value.
fn is_placeholder(value: &[u8]) -> bool {
    const NOTHING: [&[u8]; 12] = [
        b"",
        b"none",
        b"null",
        b"nil",
        b"true",
        b"false",
        b"undefined",
        b"redacted",
        b"[redacted]",
        b"hidden",
        b"masked",
        b"required",
    ];
    let mask = super::MASK.as_bytes();
    NOTHING.iter().any(|n| value.eq_ignore_ascii_case(n))
        || value
            .iter()
            .all(|b| matches!(b, b'*' | b'.' | b'x' | b'X' | b'-'))
        || matches!(value.first(), Some(b'$' | b'<' | b'{' | b'[' | b'('))
        || value.starts_with(b"arn:")
        || value.starts_with(b"os.")
        || memchr::memmem::find(value, mask).is_some()
}

/// Letters and digits mixed, or long: not a word of prose, not a path.
fn looks_random(value: &[u8]) -> bool {
    let digits = value.iter().any(u8::is_ascii_digit);
    let letters = value.iter().any(u8::is_ascii_alphabetic);
    let upper = value.iter().any(u8::is_ascii_uppercase);
    let lower = value.iter().any(u8::is_ascii_lowercase);
    let path = value.starts_with(b"/") && value.len() < 24 || value.starts_with(b"s3://");
    let mixed = (digits && letters) || (upper && lower && value.len() >= 16);
    value.len() >= 8 && mixed && !path && !value.contains(&b' ')
}

fn ends_with(text: &[u8], word: &[u8]) -> bool {
    text.len() >= word.len() && text[text.len() - word.len()..].eq_ignore_ascii_case(word)
}
