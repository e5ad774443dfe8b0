//! From the bytes a terminal sends to events.
//!
//! What is no key, mouse, paste or focus report (late answers to somebody else's questions, unknown sequences) is
//! swallowed whole: its bytes never count as keys.

use super::csi::{Csi, decode as decode_csi};
use super::events::Event;
use crate::keys::{Chord, Key};

/// A paste past this is cut: nobody means to put a megabyte into a filter.
const LONGEST_PASTE: usize = 1 << 20;
/// A control sequence past this is no control sequence.
const LONGEST_SEQUENCE: usize = 256;
const PASTE_END: &[u8] = b"\x1b[201~";

/// Keeps what is not yet whole between two reads.
#[derive(Debug, Default)]
pub struct Decoder {
    state: State,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Ground,
    Escape,
    /// After `ESC [`: the bytes so far.
    Csi(Vec<u8>),
    /// After `ESC O`.
    Ss3,
    /// `ESC [ M`: an old mouse report, three bytes.
    OldMouse(Vec<u8>),
    /// `ESC [ [`: a function key of the Linux console, one byte.
    Console,
    /// A string (OSC, DCS, APC, PM, SOS) to be swallowed up to its end: the letter that began it, whether anything
    /// has followed, and whether the last byte was ESC.
    Text {
        opener: u8,
        empty: bool,
        escape: bool,
    },
    Paste(Vec<u8>),
    /// The beginning of a character of more than one byte, and whether ESC came before it.
    Utf8(Vec<u8>, bool),
}

impl Decoder {
    /// Takes in what was read at once. An ESC at the very end is the key: terminals send a sequence whole.
    pub fn feed(&mut self, bytes: &[u8], events: &mut Vec<Event>) {
        for &byte in bytes {
            self.step(byte, events);
        }
        if matches!(self.state, State::Escape) {
            self.flush(events);
        }
    }

    /// Whether a sequence has begun and its rest has not come.
    pub fn is_waiting(&self) -> bool {
        !matches!(self.state, State::Ground | State::Paste(_))
    }

    /// The rest did not come: what looked like the beginning of a sequence was Esc, or Alt with a key.
    pub fn flush(&mut self, events: &mut Vec<Event>) {
        match std::mem::take(&mut self.state) {
            State::Escape => events.push(plain(Key::Esc)),
            State::Csi(bytes) if bytes.is_empty() => events.push(alt('[')),
            State::Ss3 => events.push(alt('O')),
            State::Text {
                opener,
                empty: true,
                ..
            } => events.push(alt(char::from(opener))),
            _ => {}
        }
    }

    fn step(&mut self, byte: u8, events: &mut Vec<Event>) {
        self.state = match std::mem::take(&mut self.state) {
            State::Ground => ground(byte, false, events),
            State::Escape => escape(byte, events),
            State::Csi(bytes) => csi(bytes, byte, events),
            State::Ss3 => {
                events.extend(super::csi::ss3(byte));
                State::Ground
            }
            State::OldMouse(bytes) => old_mouse(bytes, byte, events),
            State::Console => {
                let number = byte.wrapping_sub(b'A').wrapping_add(1);
                if (1..=5).contains(&number) {
                    events.push(plain(Key::F(number)));
                }
                State::Ground
            }
            State::Text { opener, escape, .. } => match byte {
                0x07 => State::Ground,
                b'\\' if escape => State::Ground,
                // CAN and SUB break a string off.
                0x18 | 0x1a => State::Ground,
                _ => State::Text {
                    opener,
                    empty: false,
                    escape: byte == 0x1b,
                },
            },
            State::Paste(bytes) => paste(bytes, byte, events),
            State::Utf8(bytes, alt) => utf8(bytes, byte, alt, events),
        };
    }
}

fn plain(key: Key) -> Event {
    Event::Key(Chord::plain(key))
}

fn alt(c: char) -> Event {
    Event::Key(Chord::new(Key::Char(c), false, true, false))
}

fn ground(byte: u8, alt: bool, events: &mut Vec<Event>) -> State {
    let (key, ctrl) = match byte {
        0x1b if !alt => return State::Escape,
        0x1b => (Key::Esc, false),
        b'\r' => (Key::Enter, false),
        b'\t' => (Key::Tab, false),
        0x7f => (Key::Backspace, false),
        0 => (Key::Char(' '), true),
        0x01..=0x1a => (Key::Char(char::from(byte + 0x60)), true),
        // ctrl-\ ctrl-] ctrl-^ ctrl-_
        0x1c..=0x1f => (Key::Char(char::from(byte + 0x40)), true),
        0x20..=0x7e => (Key::Char(char::from(byte)), false),
        0x80.. => return State::Utf8(vec![byte], alt),
    };
    events.push(Event::Key(Chord::new(key, ctrl, alt, false)));
    State::Ground
}

fn escape(byte: u8, events: &mut Vec<Event>) -> State {
    match byte {
        b'[' => State::Csi(Vec::new()),
        b'O' => State::Ss3,
        b']' | b'P' | b'_' | b'^' | b'X' => State::Text {
            opener: byte,
            empty: true,
            escape: false,
        },
        0x1b => {
            events.push(plain(Key::Esc));
            State::Escape
        }
        _ => ground(byte, true, events),
    }
}

fn csi(mut bytes: Vec<u8>, byte: u8, events: &mut Vec<Event>) -> State {
    match byte {
        b'[' if bytes.is_empty() => return State::Console,
        b'M' if bytes.is_empty() => return State::OldMouse(Vec::new()),
        0x1b => return State::Escape,
        0x18 | 0x1a => return State::Ground,
        0x20..=0x3f if bytes.len() < LONGEST_SEQUENCE => {
            bytes.push(byte);
            return State::Csi(bytes);
        }
        0x40..=0x7e => {}
        _ => return State::Ground,
    }
    match decode_csi(&bytes, byte) {
        Csi::Event(event) => events.push(event),
        Csi::PasteBegins => return State::Paste(Vec::new()),
        Csi::Nothing => {}
    }
    State::Ground
}

fn old_mouse(mut bytes: Vec<u8>, byte: u8, events: &mut Vec<Event>) -> State {
    bytes.push(byte);
    let [button, column, row] = bytes.as_slice() else {
        return State::OldMouse(bytes);
    };
    let cell = |b: u8| u16::from(b.saturating_sub(33));
    let button = u16::from(button.saturating_sub(32));
    events.extend(super::csi::mouse(button, cell(*column), cell(*row)));
    State::Ground
}

fn paste(mut bytes: Vec<u8>, byte: u8, events: &mut Vec<Event>) -> State {
    bytes.push(byte);
    if let Some(text) = bytes.strip_suffix(PASTE_END) {
        let text = &text[..text.len().min(LONGEST_PASTE)];
        let text = String::from_utf8_lossy(text);
        events.push(Event::Paste(text.replace("\r\n", "\n").replace('\r', "\n")));
        return State::Ground;
    }
    if bytes.len() >= LONGEST_PASTE + 2 * PASTE_END.len() {
        // Keep room for the end, drop what nobody will read.
        bytes.drain(LONGEST_PASTE..bytes.len() - PASTE_END.len());
    }
    State::Paste(bytes)
}

fn utf8(mut bytes: Vec<u8>, byte: u8, alt: bool, events: &mut Vec<Event>) -> State {
    if !(0x80..=0xbf).contains(&byte) {
        // The character was cut off: forget it, but not what came instead.
        return ground(byte, false, events);
    }
    bytes.push(byte);
    match std::str::from_utf8(&bytes) {
        Ok(text) => {
            let keys = text.chars().filter(|c| !c.is_control()).map(Key::Char);
            events.extend(keys.map(|key| Event::Key(Chord::new(key, false, alt, false))));
            State::Ground
        }
        Err(error) if error.error_len().is_none() => State::Utf8(bytes, alt),
        Err(_) => State::Ground,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::mouse::{Mouse, MouseKind};

    fn decode(chunks: &[&[u8]]) -> Vec<Event> {
        let mut decoder = Decoder::default();
        let mut events = Vec::new();
        for chunk in chunks {
            decoder.feed(chunk, &mut events);
        }
        if decoder.is_waiting() {
            decoder.flush(&mut events);
        }
        events
    }

    fn keys(bytes: &[u8]) -> String {
        let written: Vec<_> = decode(&[bytes])
            .iter()
            .map(|event| match event {
                Event::Key(chord) => chord.to_string(),
                other => format!("{other:?}"),
            })
            .collect();
        written.join(" ")
    }

    #[test]
    fn keys_as_terminals_send_them() {
        for (bytes, chords) in [
            (&b"jG?"[..], "j G ?"),
            (b"\r\t\x7f ", "enter tab backspace space"),
            (
                b"\x03\x04\x1a\x00\x1c\x1f",
                "ctrl-c ctrl-d ctrl-z ctrl-space ctrl-\\ ctrl-_",
            ),
            (b"\x1b", "esc"),
            (b"\x1b\x1b", "esc esc"),
            (b"\x1bx\x1b\x7f\x1b<", "alt-x alt-backspace alt-<"),
            (b"\x1b\x01", "ctrl-alt-a"),
            (b"\x1b[A\x1b[B\x1b[C\x1b[D", "up down right left"),
            (b"\x1bOA\x1bOH\x1bOP", "up home f1"),
            (
                b"\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[7~\x1b[8~",
                "home end home end home end",
            ),
            (
                b"\x1b[2~\x1b[3~\x1b[5~\x1b[6~",
                "insert delete pageup pagedown",
            ),
            (b"\x1b[Z", "backtab"),
            (
                b"\x1b[1;5C\x1b[1;2A\x1b[3;3~",
                "ctrl-right shift-up alt-delete",
            ),
            (b"\x1b[15~\x1b[24~\x1b[[A\x1b[1;2P", "f5 f12 f1 shift-f1"),
            (b"\x1b[1;2R\x1b[13~", "shift-f3 f3"),
            (
                b"\x1b[97;5u\x1b[13;2u\x1b[27;5;105~",
                "ctrl-a shift-enter ctrl-i",
            ),
            ("é漢\u{1b}ü".as_bytes(), "é 漢 alt-ü"),
        ] {
            assert_eq!(keys(bytes), chords, "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn a_sequence_may_come_in_pieces() {
        let whole = "\x1b[1;5C漢\x1bOA".as_bytes();
        // ESC alone at the end of a read is the key, so a cut right behind one is another story.
        for cut in (1..whole.len()).filter(|&cut| whole[cut - 1] != 0x1b) {
            let (a, b) = whole.split_at(cut);
            assert_eq!(decode(&[a, b]), decode(&[whole]), "{cut}");
        }
    }

    #[test]
    fn what_does_not_go_on_was_a_key() {
        assert_eq!(keys(b"\x1b["), "alt-[");
        assert_eq!(keys(b"\x1bO"), "alt-O");
        assert_eq!(keys(b"\x1bP"), "alt-P");
        assert_eq!(keys(b"\x1b[1;"), "");
    }

    #[test]
    fn answers_are_never_keys() {
        for answer in [
            &b"\x1b[?62;22c"[..],
            b"\x1b[>1;10;0c",
            b"\x1b[24;80R",
            b"\x1b[?2026;2$y",
            b"\x1b[0n",
            b"\x1b[?1u",
            b"\x1b[8;24;80t",
            b"\x1b]11;rgb:0000/0000/0000\x07",
            b"\x1b]11;rgb:0000/0000/0000\x1b\\",
            b"\x1bP>|tmux 3.4\x1b\\",
            b"\x1b_Gi=1;OK\x1b\\",
            b"\x1b[99;99;99X",
        ] {
            assert_eq!(keys(answer), "", "{:?}", String::from_utf8_lossy(answer));
            assert_eq!(keys(&[answer, b"q"].concat()), "q");
        }
    }

    #[test]
    fn a_paste_is_text_whatever_is_in_it() {
        let events = decode(&[b"\x1b[200~a\r\nb\x1b[A", "é\x1b[20".as_bytes(), b"1~q"]);
        assert_eq!(
            events,
            [Event::Paste("a\nb\x1b[Aé".into()), plain(Key::Char('q'))]
        );
    }

    #[test]
    fn a_huge_paste_is_cut_and_ends() {
        let mut decoder = Decoder::default();
        let mut events = Vec::new();
        decoder.feed(b"\x1b[200~", &mut events);
        for _ in 0..40 {
            decoder.feed(&[b'x'; 1 << 15], &mut events);
        }
        decoder.feed(b"\x1b[201~q", &mut events);
        let [Event::Paste(text), Event::Key(_)] = events.as_slice() else {
            unreachable!("a paste and a key, not {} events", events.len());
        };
        assert_eq!(text.len(), LONGEST_PASTE);
    }

    #[test]
    fn mouse_and_focus() {
        let click = |kind| {
            Event::Mouse(Mouse {
                kind,
                column: 9,
                row: 4,
            })
        };
        assert_eq!(
            decode(&[b"\x1b[<0;10;5M\x1b[<0;10;5m\x1b[<64;10;5M\x1b[<65;10;5M\x1b[<2;10;5M"]),
            [
                click(MouseKind::Click),
                click(MouseKind::WheelUp),
                click(MouseKind::WheelDown),
                click(MouseKind::OtherClick),
            ]
        );
        assert_eq!(decode(&[b"\x1b[M *%"]), [click(MouseKind::Click)]);
        assert_eq!(
            decode(&[b"\x1b[I\x1b[O"]),
            [Event::FocusGained, Event::FocusLost]
        );
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic_or_hang(chunks in proptest::collection::vec(proptest::collection::vec(proptest::num::u8::ANY, 0..40), 0..8)) {
            let mut decoder = Decoder::default();
            let mut events = Vec::new();
            for chunk in &chunks {
                decoder.feed(chunk, &mut events);
            }
            decoder.flush(&mut events);
            proptest::prop_assert!(!decoder.is_waiting());
            for event in events {
                if let Event::Key(chord) = event {
                    proptest::prop_assert!(chord.text().is_none_or(|c| !c.is_control()));
                }
            }
        }
    }
}
