//! Control sequences that stand for keys, the mouse, pastes and the focus.

use super::events::Event;
use crate::keys::mouse::{Mouse, MouseKind};
use crate::keys::{Chord, Key};

/// What `ESC [ … final` means.
pub enum Csi {
    Event(Event),
    PasteBegins,
    /// An answer nobody here has asked for, or a key without a name.
    Nothing,
}

pub fn decode(bytes: &[u8], end: u8) -> Csi {
    if let Some(report) = bytes.strip_prefix(b"<") {
        return sgr_mouse(report, end).map_or(Csi::Nothing, Csi::Event);
    }
    // Private markers and intermediate bytes belong to answers.
    if bytes
        .iter()
        .any(|b| !matches!(b, b'0'..=b'9' | b';' | b':'))
    {
        return Csi::Nothing;
    }
    let numbers = numbers(bytes);
    let number = |i: usize| numbers.get(i).copied().unwrap_or(0);
    let event = match end {
        b'I' if bytes.is_empty() => Some(Event::FocusGained),
        b'O' if bytes.is_empty() => Some(Event::FocusLost),
        b'~' if number(0) == 200 => return Csi::PasteBegins,
        // xterm's modifyOtherKeys: 27;modifiers;code
        b'~' if number(0) == 27 => coded(number(2), number(1)),
        b'~' => tilde(number(0)).map(|key| with(key, number(1))),
        b'u' => coded(number(0), number(1)),
        // `1;2R` is shift-f3, anything else tells where the cursor is.
        b'R' if !(number(0) == 1 && (2..=8).contains(&number(1))) => None,
        b'Z' => Some(with(Key::BackTab, number(1))),
        _ => letter(end).map(|key| with(key, number(1))),
    };
    event.map_or(Csi::Nothing, Csi::Event)
}

/// `ESC O x`: keys of the application mode.
pub fn ss3(byte: u8) -> Option<Event> {
    let key = match byte {
        b'M' => Key::Enter,
        other => letter(other)?,
    };
    Some(with(key, 0))
}

/// A report of a button with its modifiers, at a cell counted from 0. Releases and motion are nothing.
pub fn mouse(button: u16, column: u16, row: u16) -> Option<Event> {
    const MODIFIERS: u16 = 4 | 8 | 16;
    let kind = match button & !MODIFIERS {
        0 => MouseKind::Click,
        1 | 2 => MouseKind::OtherClick,
        64 => MouseKind::WheelUp,
        65 => MouseKind::WheelDown,
        _ => return None,
    };
    Some(Event::Mouse(Mouse { kind, column, row }))
}

fn sgr_mouse(report: &[u8], end: u8) -> Option<Event> {
    let numbers = numbers(report);
    let [button, column, row] = numbers.as_slice() else {
        return None;
    };
    let cell = |n: u32| u16::try_from(n.saturating_sub(1)).ok();
    if end != b'M' {
        return None;
    }
    mouse(u16::try_from(*button).ok()?, cell(*column)?, cell(*row)?)
}

/// Parameters; of `97:65` only the first part. What is missing or too large is 0.
fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes
        .split(|b| *b == b';')
        .map(|part| {
            let digits = part.split(|b| *b == b':').next().unwrap_or_default();
            std::str::from_utf8(digits)
                .ok()
                .and_then(|text| text.parse().ok())
                .unwrap_or(0)
        })
        .collect()
}

fn letter(end: u8) -> Option<Key> {
    Some(match end {
        b'A' => Key::Up,
        b'B' => Key::Down,
        b'C' => Key::Right,
        b'D' => Key::Left,
        b'H' => Key::Home,
        b'F' => Key::End,
        b'P' => Key::F(1),
        b'Q' => Key::F(2),
        b'R' => Key::F(3),
        b'S' => Key::F(4),
        _ => return None,
    })
}

fn tilde(number: u32) -> Option<Key> {
    Some(match number {
        1 | 7 => Key::Home,
        2 => Key::Insert,
        3 => Key::Delete,
        4 | 8 => Key::End,
        5 => Key::PageUp,
        6 => Key::PageDown,
        11 => Key::F(1),
        12 => Key::F(2),
        13 => Key::F(3),
        14 => Key::F(4),
        15 => Key::F(5),
        17 => Key::F(6),
        18 => Key::F(7),
        19 => Key::F(8),
        20 => Key::F(9),
        21 => Key::F(10),
        23 => Key::F(11),
        24 => Key::F(12),
        _ => return None,
    })
}

/// A key told by its character code, as some terminals and tmux's extended keys do.
fn coded(code: u32, modifiers: u32) -> Option<Event> {
    let key = match code {
        9 => Key::Tab,
        13 => Key::Enter,
        27 => Key::Esc,
        127 => Key::Backspace,
        // The private use area is for keys without a character.
        0xe000..=0xf8ff => return None,
        _ => Key::Char(char::from_u32(code).filter(|c| !c.is_control())?),
    };
    Some(with(key, modifiers))
}

/// Modifiers are one more than the sum of shift 1, alt 2 and ctrl 4.
fn with(key: Key, modifiers: u32) -> Event {
    let bits = modifiers.saturating_sub(1);
    Event::Key(Chord::new(key, bits & 4 != 0, bits & 2 != 0, bits & 1 != 0))
}
