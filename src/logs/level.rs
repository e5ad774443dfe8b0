//! The level a line tells of itself.

use crate::domain::log::LogLevel;

use super::fields::{self, json};
use LogLevel::{Debug, Error, Info, Trace, Warn};

#[cfg(test)]
mod tests;
mod words;

pub use words::spoken;

/// The words are looked for at the start of a line only: `no error found` far in is no error.
const HEAD_BYTES: usize = 240;

/// `None` where the line does not say.
pub fn detect(message: &str) -> Option<LogLevel> {
    detect_bytes(message.as_bytes())
}

/// The same for a line of any bytes.
pub fn detect_bytes(line: &[u8]) -> Option<LogLevel> {
    let line = line.trim_ascii_start();
    match line.first()? {
        b'{' => of_object(line).or_else(|| words::find(head(line))),
        b'<' => of_priority(line).or_else(|| words::find(head(line))),
        b'I' | b'W' | b'E' | b'F' | b'[' => of_letter(line).or_else(|| words::find(head(line))),
        _ => words::find(head(line)),
    }
}

fn head(line: &[u8]) -> &[u8] {
    &line[..line.len().min(HEAD_BYTES)]
}

/// The level that a name stands for, as structured lines write it, in any case.
pub fn named(name: &[u8]) -> Option<LogLevel> {
    if let Some(level) = spoken(name) {
        return Some(level);
    }
    let mut lower = [0; 13];
    let lower = lower.get_mut(..name.len())?;
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    match &*lower {
        b"finest" | b"finer" | b"trc" | b"t" | b"verbose" | b"v" => Some(Trace),
        b"fine" | b"dbg" | b"d" => Some(Debug),
        b"information" | b"informational" | b"inf" | b"i" | b"config" | b"success" => Some(Info),
        b"wrn" | b"w" => Some(Warn),
        b"err" | b"eror" | b"e" | b"crit" | b"c" | b"f" | b"alert" | b"emerg" | b"emergency"
        | b"panic" => Some(Error),
        _ => None,
    }
}

/// What bunyan and pino write: 10, 20, ... 60.
fn numbered(digits: &[u8]) -> Option<LogLevel> {
    match digits {
        b"10" => Some(Trace),
        b"20" => Some(Debug),
        b"30" => Some(Info),
        b"40" => Some(Warn),
        b"50" | b"60" => Some(Error),
        _ => None,
    }
}

fn of_object(line: &[u8]) -> Option<LogLevel> {
    for (key, value) in json::members(line)? {
        let level = match value.first() {
            Some(b'{') if key == b"log" => json::first_of(value, &["level"]).and_then(written),
            _ if is_level_key(key) => written(value),
            _ => None,
        };
        if level.is_some() {
            return level;
        }
    }
    let message = json::first_of(line, &fields::MESSAGE_KEYS)?;
    words::find(head(message.strip_prefix(b"\"")?))
}

/// `"warn"` or `40`.
fn written(value: &[u8]) -> Option<LogLevel> {
    match value {
        [b'"', name @ .., b'"'] => named(name),
        _ => numbered(value),
    }
}

fn is_level_key(key: &[u8]) -> bool {
    fields::LEVEL_KEYS.iter().any(|k| k.as_bytes() == key)
}

/// `<3>` of syslog: the lowest three bits are the severity.
fn of_priority(line: &[u8]) -> Option<LogLevel> {
    let end = line.iter().take(5).position(|b| *b == b'>')?;
    let digits = std::str::from_utf8(&line[1..end]).ok()?;
    let priority: u8 = digits.parse().ok()?;
    match (priority, priority & 7) {
        (192.., _) => None,
        (_, 0..=3) => Some(Error),
        (_, 4) => Some(Warn),
        (_, 5 | 6) => Some(Info),
        _ => Some(Debug),
    }
}

/// `E1122 13:02:11` of glog and `[W 2026-11-22 13:02:11` of Optuna and Jupyter.
fn of_letter(line: &[u8]) -> Option<LogLevel> {
    let letter = match line {
        [letter, a, b, c, d, b' ', e, f, b':', ..]
            if [a, b, c, d, e, f].iter().all(|b| b.is_ascii_digit()) =>
        {
            letter
        }
        [b'[', letter, b' ', digit, ..] if digit.is_ascii_digit() => letter,
        _ => return None,
    };
    match letter {
        b'D' => Some(Debug),
        b'I' => Some(Info),
        b'W' => Some(Warn),
        b'E' | b'F' | b'C' => Some(Error),
        _ => None,
    }
}
