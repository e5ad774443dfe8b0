//! An expression as a filter pattern of CloudWatch Logs, so that what is not wanted does not travel.
//!
//! Only what means the same there: a pattern that kept less than the expression would lose lines. Terms of CloudWatch
//! are exact about case, its regular expressions know neither groups nor flags, and only one may stand alone.

use std::fmt::Write;

use super::pattern::Source;
use super::{Clause, Expression, Test};

/// The longest that FilterLogEvents and Live Tail take.
const LONGEST: usize = 1024;

impl Expression {
    /// `None` when it cannot be said there, or would not mean the same.
    pub fn to_cloudwatch_pattern(&self) -> Option<String> {
        let [
            Clause {
                inverted: false,
                test: Test::Text(pattern),
            },
        ] = self.clauses.as_slice()
        else {
            return None;
        };
        let inside = match pattern.source() {
            Source::Literal(text) => literal(text, pattern.insensitive)?,
            Source::Regex(regex) => translated(regex, pattern.insensitive)?,
        };
        let whole = format!("%{inside}%");
        (whole.len() <= LONGEST).then_some(whole)
    }
}

fn literal(text: &str, insensitive: bool) -> Option<String> {
    let mut out = String::new();
    for c in text.chars() {
        character(c, insensitive, &mut out)?;
    }
    Some(out)
}

/// One character that stands for itself.
fn character(c: char, insensitive: bool, out: &mut String) -> Option<()> {
    match c {
        'a'..='z' | 'A'..='Z' if insensitive => {
            let (lower, upper) = (c.to_ascii_lowercase(), c.to_ascii_uppercase());
            write!(out, "[{lower}{upper}]").ok()
        }
        _ if is_plain(c) => {
            out.push(c);
            Some(())
        }
        ' '..='~' => write!(out, "\\x{:02X}", c as u32).ok(),
        _ => None,
    }
}

/// What CloudWatch takes as it is.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '#' | '=' | '@' | '/' | ';' | ',' | '-')
}

/// The common part of both languages; classes such as `\d` are wider here than there.
fn translated(regex: &str, insensitive: bool) -> Option<String> {
    let mut out = String::new();
    let mut chars = regex.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '(' | ')' | '^' | '$' => return None,
            '\\' => match chars.next()? {
                c if c.is_ascii_punctuation() => character(c, insensitive, &mut out)?,
                _ => return None,
            },
            '[' => class(&mut chars, insensitive, &mut out)?,
            '{' => {
                out.push('{');
                loop {
                    let c = chars.next()?;
                    if !(c.is_ascii_digit() || matches!(c, ',' | '}')) {
                        return None;
                    }
                    out.push(c);
                    if c == '}' {
                        break;
                    }
                }
                no_second_quantifier(&mut chars)?;
            }
            '*' | '+' | '?' => {
                out.push(c);
                no_second_quantifier(&mut chars)?;
            }
            '.' | '|' => out.push(c),
            _ => character(c, insensitive, &mut out)?,
        }
    }
    Some(out)
}

/// `a*?` is not promised there.
fn no_second_quantifier(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<()> {
    (!matches!(chars.peek(), Some('?' | '*' | '+' | '{'))).then_some(())
}

/// `[a-z0-9]`; not turned round, not nested.
fn class(
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    insensitive: bool,
    out: &mut String,
) -> Option<()> {
    out.push('[');
    let mut empty = true;
    loop {
        match chars.next()? {
            ']' if !empty => break,
            c if c.is_ascii_alphabetic() && insensitive => return None,
            // `--` and its like are operations on classes here.
            '-' if chars.peek() == Some(&'-') => return None,
            c if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | ',') => {
                if c == ':' && empty {
                    return None;
                }
                out.push(c);
            }
            _ => return None,
        }
        empty = false;
    }
    out.push(']');
    Some(())
}
