//! Levels in running text: `ERROR`, `[warn]`, `level=info`, `ValueError: ...`.
//!
//! The words are the same that prose is made of. So capitals may stand behind a prefix of times and names, small
//! letters need brackets or a colon at the very head, and an exception its colon and no number behind it.

use crate::domain::log::LogLevel;
use LogLevel::{Debug, Error, Info, Trace, Warn};

/// Running words that may stand before a level in capitals: a host, a logger.
const MOST_BEFORE: u8 = 2;

const IS_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "below 256")]
        let b = byte as u8;
        table[byte] = b.is_ascii_alphanumeric() || b == b'_';
        byte += 1;
    }
    table
};

/// A level by its full name, in any case.
pub fn spoken(word: &[u8]) -> Option<LogLevel> {
    let is = |name: &[u8]| word.eq_ignore_ascii_case(name);
    match word.len() {
        4 if is(b"INFO") => Some(Info),
        4 if is(b"WARN") => Some(Warn),
        5 if is(b"ERROR") || is(b"FATAL") => Some(Error),
        5 if is(b"DEBUG") => Some(Debug),
        5 if is(b"TRACE") => Some(Trace),
        6 if is(b"NOTICE") => Some(Info),
        6 if is(b"SEVERE") => Some(Error),
        7 if is(b"WARNING") => Some(Warn),
        8 if is(b"CRITICAL") => Some(Error),
        _ => None,
    }
}

/// What has been read before a word.
#[derive(Default)]
struct Before {
    /// Words in small letters.
    prose: u8,
    /// Words since the last `: `.
    words: u8,
}

pub fn find(head: &[u8]) -> Option<LogLevel> {
    let mut before = Before::default();
    let mut at = 0;
    while let Some(&byte) = head.get(at) {
        if !IS_WORD[usize::from(byte)] {
            match byte {
                b':' if matches!(head.get(at + 1), Some(b' ' | b'\t')) => before.words = 0,
                b'\n' => before = Before::default(),
                0x1b => at = last_of_escape(head, at),
                _ => {}
            }
            at += 1;
            continue;
        }
        let start = at;
        while head.get(at).is_some_and(|b| IS_WORD[usize::from(*b)]) {
            at += 1;
        }
        let word = Word {
            head,
            start,
            end: at,
        };
        if !byte.is_ascii_alphabetic() {
            continue;
        }
        let level = word.level(&before);
        if level.is_some() {
            return level;
        }
        if matches!(head.get(at), Some(b' ' | b'\t')) && at - start > 1 {
            before.words = before.words.saturating_add(1);
            if byte.is_ascii_lowercase() {
                before.prose = before.prose.saturating_add(1);
            }
        }
    }
    None
}

/// A colour sequence ends with a letter that would stick to the word behind it.
fn last_of_escape(head: &[u8], at: usize) -> usize {
    if head.get(at + 1) != Some(&b'[') {
        return at;
    }
    let after = &head[at + 2..];
    let end = after.iter().position(|b| (0x40..=0x7e).contains(b));
    end.map_or(head.len(), |end| at + 2 + end)
}

struct Word<'a> {
    head: &'a [u8],
    start: usize,
    end: usize,
}

impl Word<'_> {
    fn text(&self) -> &[u8] {
        &self.head[self.start..self.end]
    }

    fn rest(&self) -> &[u8] {
        &self.head[self.end..]
    }

    fn last_before(&self) -> Option<u8> {
        self.start.checked_sub(1).map(|at| self.head[at])
    }

    fn level(&self, before: &Before) -> Option<LogLevel> {
        let text = self.text();
        if let Some(level) = spoken(text) {
            return self.stands_as_level(before).then_some(level);
        }
        match text {
            b"level" | b"lvl" | b"severity" | b"levelname" | b"loglevel" | b"log_level" => {
                return self.of_key();
            }
            b"Traceback" if self.followed_by(b" (most recent call last)") => return Some(Error),
            b"Task" if self.followed_by(b" timed out after ") => return Some(Error),
            b"panicked" if self.followed_by(b" at ") => return Some(Error),
            b"panic" if self.start == 0 && self.followed_by(b": ") => return Some(Error),
            b"Segmentation" if self.followed_by(b" fault") => return Some(Error),
            b"terminate" if self.followed_by(b" called ") => return Some(Error),
            b"REPORT" | b"START" | b"END" if self.followed_by(b" RequestId: ") => {
                return Some(Info);
            }
            b"INIT_START" if self.start == 0 => return Some(Info),
            _ => {}
        }
        if before.words == 0 && text[0].is_ascii_uppercase() && text.len() > 6 {
            return self.of_exception();
        }
        None
    }

    fn followed_by(&self, text: &[u8]) -> bool {
        self.rest().starts_with(text)
    }

    fn stands_as_level(&self, before: &Before) -> bool {
        let text = self.text();
        let near = before.prose <= MOST_BEFORE;
        if text.iter().all(u8::is_ascii_uppercase) {
            let sticks = matches!(
                self.last_before(),
                Some(b'=' | b'-' | b'/' | b'\'' | b'"' | b'*')
            );
            return near && !sticks && !self.is_denied();
        }
        if self.last_before() == Some(b'[') && self.followed_by(b"]") {
            return near;
        }
        before.words == 0 && self.has_colon_and_text()
    }

    /// `no ERROR`, `ERROR rate`, `ERROR=0`.
    fn is_denied(&self) -> bool {
        let before = self.head[..self.start].trim_ascii_end();
        let last = before
            .rsplit(|b| b.is_ascii_whitespace())
            .next()
            .unwrap_or_default();
        let none = [&b"no"[..], b"0", b"zero", b"without", b"any"]
            .iter()
            .any(|word| last.eq_ignore_ascii_case(word));
        none || self.followed_by(b"=")
            || [&b" rate"[..], b" count", b" handling"]
                .iter()
                .any(|word| self.followed_by(word))
    }

    /// `error: no such file`, but not the metric `error: 0.2`.
    fn has_colon_and_text(&self) -> bool {
        match self.rest() {
            [b':', rest @ ..] => match rest.trim_ascii_start() {
                [] => true,
                [first, ..] => {
                    rest[0].is_ascii_whitespace()
                        && !matches!(first, b'0'..=b'9' | b'-' | b'+' | b'.')
                }
            },
            _ => false,
        }
    }

    /// The value of `level=warn`, `"level": "warn"`.
    fn of_key(&self) -> Option<LogLevel> {
        let value = match self.rest() {
            [b'=', value @ ..] => value,
            [b'"' | b'\'', b':', value @ ..] => value.trim_ascii_start(),
            _ => return None,
        };
        let value = match value {
            [b'"' | b'\'', value @ ..] => value,
            _ => value,
        };
        let end = value
            .iter()
            .position(|b| !IS_WORD[usize::from(*b)])
            .unwrap_or(value.len());
        super::named(&value[..end])
    }

    /// `torch.cuda.OutOfMemoryError: ...`, `UserWarning: ...`, `KeyboardInterrupt`.
    fn of_exception(&self) -> Option<LogLevel> {
        let text = self.text();
        if text == b"Exception" && self.followed_by(b" in thread ") {
            return Some(Error);
        }
        let level = if text.ends_with(b"Warning") {
            Warn
        } else if [
            &b"Error"[..],
            b"Exception",
            b"Interrupt",
            b"SystemExit",
            b"StopIteration",
            b"Fault",
        ]
        .iter()
        .any(|end| text.ends_with(end))
        {
            Error
        } else {
            return None;
        };
        let alone = self.rest().trim_ascii().is_empty() && self.opens_line();
        (alone || self.has_colon_and_text()).then_some(level)
    }

    /// Nothing stands before it but the names of modules.
    fn opens_line(&self) -> bool {
        self.head[..self.start]
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'))
    }
}
