//! One stroke on the keyboard, as keymap files write it.
//!
//! A printable key is itself: `j`, `G`, `?`. Others have a name: `enter esc tab backtab backspace delete insert
//! up down left right home end pageup pagedown space f1` to `f12`. Modifiers go in front: `ctrl-d`, `alt-x`,
//! `shift-up`, `ctrl-alt-x`. A sequence is written with spaces: `g g`.

use std::fmt;
use std::str::FromStr;

/// A key without its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    Char(char),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Insert,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    /// 1 to 12.
    F(u8),
}

/// A key with its modifiers.
///
/// `shift` is never set together with `Key::Char`: the character itself tells (`G`, not shift-g); nor with
/// `Key::BackTab`. With `ctrl` a letter is lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Chord {
    pub key: Key,
    pub ctrl: bool,
    pub alt: bool,
    pub shift: bool,
}

const NAMES: [(&str, Key); 16] = [
    ("enter", Key::Enter),
    ("esc", Key::Esc),
    ("tab", Key::Tab),
    ("backtab", Key::BackTab),
    ("backspace", Key::Backspace),
    ("delete", Key::Delete),
    ("insert", Key::Insert),
    ("up", Key::Up),
    ("down", Key::Down),
    ("left", Key::Left),
    ("right", Key::Right),
    ("home", Key::Home),
    ("end", Key::End),
    ("pageup", Key::PageUp),
    ("pagedown", Key::PageDown),
    ("space", Key::Char(' ')),
];

impl Chord {
    /// Brings modifiers into the one form that keymaps compare by.
    pub fn new(key: Key, ctrl: bool, alt: bool, shift: bool) -> Self {
        let (key, shift) = match key {
            Key::Char(c) if ctrl => (Key::Char(c.to_ascii_lowercase()), false),
            Key::Char(c) if shift => (Key::Char(c.to_ascii_uppercase()), false),
            Key::Tab if shift => (Key::BackTab, false),
            Key::Char(_) | Key::BackTab => (key, false),
            _ => (key, shift),
        };
        Self {
            key,
            ctrl,
            alt,
            shift,
        }
    }

    pub fn plain(key: Key) -> Self {
        Self::new(key, false, false, false)
    }

    /// The character it types into a text field, if any.
    pub fn text(self) -> Option<char> {
        match self.key {
            Key::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }

    /// A sequence as keymaps write it: `g g`.
    pub fn sequence(text: &str) -> Result<Vec<Self>, BadChord> {
        let chords: Vec<Self> = text
            .split_ascii_whitespace()
            .map(str::parse)
            .collect::<Result<_, _>>()?;
        if chords.is_empty() {
            return Err(BadChord(text.to_owned()));
        }
        Ok(chords)
    }

    /// Strokes as one types them: `2jj<enter><ctrl-d>`. `<lt>` is the character `<`.
    pub fn keystrokes(text: &str) -> Result<Vec<Self>, BadChord> {
        let mut chords = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let named = rest
                .strip_prefix('<')
                .and_then(|inner| inner.split_once('>'))
                .filter(|(name, _)| !name.is_empty());
            if let Some((name, after)) = named {
                chords.push(match name {
                    "lt" => Self::plain(Key::Char('<')),
                    _ => name.parse()?,
                });
                rest = after;
            } else {
                chords.push(Self::plain(Key::Char(c)));
                rest = &rest[c.len_utf8()..];
            }
        }
        Ok(chords)
    }
}

/// A text that names no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no key; keys look like `j`, `ctrl-d`, `enter`, `g g`")]
pub struct BadChord(String);

impl FromStr for Chord {
    type Err = BadChord;

    fn from_str(text: &str) -> Result<Self, BadChord> {
        let bad = || BadChord(text.to_owned());
        let (mut ctrl, mut alt, mut shift) = (false, false, false);
        let mut name = text;
        // A modifier needs something behind its dash: `-` and `ctrl--` are keys.
        while let Some((modifier, rest)) = name.split_once('-').filter(|(_, rest)| !rest.is_empty())
        {
            let flag = match modifier {
                "ctrl" => &mut ctrl,
                "alt" => &mut alt,
                "shift" => &mut shift,
                _ => return Err(bad()),
            };
            if std::mem::replace(flag, true) {
                return Err(bad());
            }
            name = rest;
        }
        let key = key(name).ok_or_else(bad)?;
        Ok(Self::new(key, ctrl, alt, shift))
    }
}

fn key(name: &str) -> Option<Key> {
    if let Some((_, key)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Some(*key);
    }
    let mut chars = name.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return (!c.is_control() && !c.is_whitespace()).then_some(Key::Char(c));
    }
    let number = name.strip_prefix('f')?.parse().ok()?;
    (1..=12).contains(&number).then_some(Key::F(number))
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (set, name) in [
            (self.ctrl, "ctrl-"),
            (self.alt, "alt-"),
            (self.shift, "shift-"),
        ] {
            if set {
                f.write_str(name)?;
            }
        }
        match self.key {
            Key::F(number) => write!(f, "f{number}"),
            key => match (NAMES.iter().find(|(_, known)| *known == key), key) {
                (Some((name, _)), _) => f.write_str(name),
                (None, Key::Char(c)) => write!(f, "{c}"),
                (None, _) => Ok(()),
            },
        }
    }
}

/// A sequence as keymaps write it.
pub fn written(chords: &[Chord]) -> String {
    let words: Vec<_> = chords.iter().map(ToString::to_string).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for text in [
            "j",
            "G",
            "?",
            "-",
            "ctrl--",
            "ctrl-d",
            "alt-x",
            "ctrl-alt-x",
            "shift-up",
            "enter",
            "backtab",
            "space",
            "ctrl-space",
            "f12",
            "<",
            "alt-<",
            "é",
            "f",
        ] {
            let chord: Chord = text.parse().unwrap();
            assert_eq!(chord.to_string(), text);
        }
        assert_eq!(written(&Chord::sequence("g  g").unwrap()), "g g");
    }

    #[test]
    fn one_form_for_one_stroke() {
        let same = [
            ("shift-g", "G"),
            ("ctrl-D", "ctrl-d"),
            ("shift-tab", "backtab"),
        ];
        for (odd, form) in same {
            assert_eq!(odd.parse::<Chord>(), form.parse(), "{odd}");
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in [
            "",
            "meta-x",
            "ctrl-ctrl-x",
            "f13",
            "f0",
            "entr",
            "ctrl-",
            "x-",
        ] {
            assert!(text.parse::<Chord>().is_err(), "{text}");
        }
        assert!(Chord::sequence("  ").is_err());
    }

    #[test]
    fn typing_is_read_as_strokes() {
        let strokes = Chord::keystrokes("2j<enter><ctrl-d><lt>a<>").unwrap();
        assert_eq!(written(&strokes), "2 j enter ctrl-d < a < >");
        assert!(Chord::keystrokes("<nokey>").is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_parsers_panic(text in "\\PC*") {
            let _ = Chord::sequence(&text);
            if let Ok(chord) = text.parse::<Chord>() {
                proptest::prop_assert_eq!(chord.to_string().parse::<Chord>(), Ok(chord));
            }
            let _ = Chord::keystrokes(&text);
        }
    }
}
