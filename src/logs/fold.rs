//! Lines that belong together: tracebacks and panics, and what is indented below its head.

use super::clock::{self, Assumed};
use super::level;
use super::line::LineRef;
use crate::domain::log::LogLevel;

pub mod blocks;
mod telling;
#[cfg(test)]
mod tests;

pub use telling::telling;

/// Lines of one block are written at once.
const APART_MS: u64 = 100;

/// Streams whose last lines are remembered; that of an older one is read afresh.
const MOST_STREAMS: usize = 64;

const TRACEBACK: &[u8] = b"Traceback (most recent call last)";

/// Goes through lines in order and tells which belong to the line before in their stream.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// The stream used last stands in front.
    streams: Vec<Stream>,
}

#[derive(Clone, Debug)]
struct Stream {
    group: Box<str>,
    name: Box<str>,
    block: Block,
}

/// What the line before was part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Block {
    None,
    /// A line that tells of an error; what it tells of may follow.
    Announced,
    /// Below `Traceback (most recent call last):`.
    Frames,
    /// The exception has been told; another one may be chained to it.
    Told,
    /// `During handling of the above exception ...`: another traceback follows.
    Chained,
    /// Rust told where it panicked; the next line tells why.
    Panicking,
    /// Go or Rust told why; what ran follows.
    Panicked,
    /// Something else that is indented.
    Indented,
}

impl Folder {
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a line belongs to the block of `before`, the line before it in its stream.
    ///
    /// To be asked in order, line by line. Without an earlier question of the stream, `before` alone tells the state.
    pub fn belongs(&mut self, before: &LineRef<'_>, line: &LineRef<'_>) -> bool {
        let same = before.group == line.group && before.stream == line.stream;
        let apart = match (before.at_ms, line.at_ms) {
            (Some(a), Some(b)) => b.abs_diff(a) > APART_MS,
            _ => false,
        };
        // Who writes several lines into one event has written all of them.
        let whole = memchr::memchr(b'\n', before.text.trim_ascii_end()).is_some();
        let timed = before.at_ms.is_some() && line.at_ms.is_some() && !whole;
        let mut texts = texts(line.text);
        let text = texts.next().unwrap_or_default();
        let block = self.block_of(line, before, same);
        let next = (same && !apart)
            .then(|| follow(*block, text, timed))
            .flatten();
        *block = behind(next.unwrap_or_else(|| alone(text)), texts, timed);
        next.is_some()
    }

    fn block_of(&mut self, line: &LineRef<'_>, before: &LineRef<'_>, same: bool) -> &mut Block {
        let known = self
            .streams
            .iter()
            .position(|s| *s.name == *line.stream && *s.group == *line.group);
        match known {
            Some(0) => {}
            Some(place) => self.streams[..=place].rotate_right(1),
            None => {
                self.streams.truncate(MOST_STREAMS - 1);
                let block = if same {
                    let mut texts = texts(before.text);
                    let first = texts.next().unwrap_or_default();
                    behind(alone(first), texts, before.at_ms.is_some())
                } else {
                    Block::None
                };
                self.streams.insert(
                    0,
                    Stream {
                        group: line.group.into(),
                        name: line.stream.into(),
                        block,
                    },
                );
            }
        }
        &mut self.streams[0].block
    }
}

/// The lines of one event: an event of CloudWatch may hold a whole traceback.
fn texts(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.trim_ascii_end().split(|b| *b == b'\n').map(content)
}

/// The state behind further lines of one event.
fn behind<'t>(block: Block, texts: impl Iterator<Item = &'t [u8]>, timed: bool) -> Block {
    texts.fold(block, |block, text| {
        follow(block, text, timed).unwrap_or_else(|| alone(text))
    })
}

/// Without what launchers write before every line of a worker: `[rank0]: `, `[1,mpirank:0,algo-1]<stderr>:`.
fn content(text: &[u8]) -> &[u8] {
    if text.first() != Some(&b'[') {
        return text;
    }
    let head = &text[..text.len().min(64)];
    let Some(end) = memchr::memchr(b']', head) else {
        return text;
    };
    let rest = &text[end + 1..];
    if text.starts_with(b"[rank") {
        let rest = rest.strip_prefix(b":").unwrap_or(rest);
        return rest.strip_prefix(b" ").unwrap_or(rest);
    }
    [&b"<stderr>:"[..], b"<stdout>:"]
        .iter()
        .find_map(|stream| rest.strip_prefix(*stream))
        .unwrap_or(text)
}

/// What a line that starts anew is the start of.
fn alone(text: &[u8]) -> Block {
    if text.starts_with(TRACEBACK) {
        Block::Frames
    } else if telling::is_of_rust(text) {
        if text.ends_with(b":") {
            Block::Panicking
        } else {
            Block::Panicked
        }
    } else if telling::is_of_go(text) {
        Block::Panicked
    } else if text.starts_with(b"terminate called ") {
        Block::Told
    } else if level::detect_bytes(text) != Some(LogLevel::Error) {
        Block::None
    } else if is_named(text) {
        Block::Told
    } else {
        Block::Announced
    }
}

/// The state behind a line that goes on with a block; `None` when it does not.
fn follow(block: Block, text: &[u8], timed: bool) -> Option<Block> {
    let trimmed = text.trim_ascii_start();
    if text.starts_with(TRACEBACK) {
        return matches!(block, Block::Announced | Block::Chained).then_some(Block::Frames);
    }
    if trimmed.is_empty() {
        let open = !matches!(block, Block::None | Block::Announced | Block::Indented);
        return open.then_some(block);
    }
    if trimmed.len() < text.len() {
        if has_own_head(trimmed) {
            return None;
        }
        return Some(match block {
            // The traceback of an exception group is indented as a whole.
            Block::Chained => Block::Frames,
            Block::None | Block::Announced => Block::Indented,
            _ => block,
        });
    }
    if is_of_java(text) {
        return Some(Block::Told);
    }
    let closes = matches!(trimmed[0], b'}' | b']' | b')') && trimmed.len() <= 3;
    match block {
        Block::Frames if is_named(text) => Some(Block::Told),
        Block::Announced if is_exception(text) => Some(Block::Told),
        Block::Told | Block::Indented if chains(text) => Some(Block::Chained),
        Block::Told if text.starts_with(b"frame #") => Some(Block::Told),
        // More of the message, as long as it comes in the same moment and starts nothing itself.
        Block::Told if timed && !starts_something(text) => Some(Block::Told),
        Block::Indented if closes => Some(Block::Indented),
        Block::Panicking => Some(Block::Panicked),
        Block::Panicked if ran(text) => Some(Block::Panicked),
        _ => None,
    }
}

fn chains(text: &[u8]) -> bool {
    text.starts_with(b"During handling of the above exception")
        || text.starts_with(b"The above exception was the direct cause")
}

/// What Go and Rust write below a panic that is not indented: `goroutine 1 [running]:`, `main.main()`.
fn ran(text: &[u8]) -> bool {
    const HEADS: [&[u8]; 7] = [
        b"goroutine ",
        b"created by ",
        b"exit status ",
        b"[signal ",
        b"panic: ",
        b"note: ",
        b"stack backtrace:",
    ];
    let head = HEADS.iter().any(|head| text.starts_with(head));
    let call = text.iter().position(|b| *b == b'(');
    let call = call.is_some_and(|at| at > 0 && !text[..at].contains(&b' '));
    head || (call && text.ends_with(b")"))
}

fn is_of_java(text: &[u8]) -> bool {
    text.starts_with(b"Caused by: ")
        || text.starts_with(b"Suppressed: ")
        || (text.starts_with(b"... ") && text.ends_with(b" more"))
        || (text.starts_with(b"at ") && text.ends_with(b")"))
}

/// A progress bar or a table of numbers starts with white space too, and so may a time.
fn has_own_head(trimmed: &[u8]) -> bool {
    let digits = trimmed.iter().take_while(|b| b.is_ascii_digit()).count();
    digits > 0
        && (matches!(trimmed.get(digits), Some(b'%' | b'/'))
            || clock::time_of(trimmed, &Assumed::default()).is_some())
}

fn starts_something(text: &[u8]) -> bool {
    text.first() == Some(&b'{')
        || level::detect_bytes(text).is_some()
        || clock::time_of(text, &Assumed::default()).is_some()
}

/// `module.Name: ...` or `Name`, which is how tracebacks end.
fn is_named(text: &[u8]) -> bool {
    let end = text
        .iter()
        .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'$')))
        .unwrap_or(text.len());
    let name = &text[..end];
    let last = name.rsplit(|b| *b == b'.').next().unwrap_or_default();
    let ends = text[end..].trim_ascii().is_empty() || text[end..].starts_with(b":");
    ends && last.first().is_some_and(u8::is_ascii_alphabetic) && level::spoken(name).is_none()
}

fn is_exception(text: &[u8]) -> bool {
    (is_named(text) || text.starts_with(b"Exception in thread"))
        && level::detect_bytes(text) == Some(LogLevel::Error)
}
