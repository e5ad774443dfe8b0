//! The clipboard of the terminal in front of the user, wherever this program runs: OSC 52.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::config::Env;

/// Bytes of text; more is refused by common terminals without a word.
pub const LONGEST: usize = 74_994;

/// GNU screen passes on strings of at most 768 bytes.
const SCREEN_CHUNK: usize = 760;

/// What passes the sequence on to the terminal outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrapper {
    Direct,
    Tmux,
    Screen,
    /// `TERM` looks like screen's, but tmux uses the same one and neither says more (over SSH).
    Either,
}

/// The bytes that put a text on the clipboard; `None` when it is too long for terminals to take.
pub fn copy(text: &str, env: &Env) -> Option<Vec<u8>> {
    if text.len() > LONGEST {
        return None;
    }
    let plain = format!("\x1b]52;c;{}\x07", STANDARD.encode(text));
    let sent = match wrapper(env) {
        Wrapper::Direct => plain,
        // With `set-clipboard on` tmux takes the plain one, with `allow-passthrough on` the wrapped one.
        Wrapper::Tmux => format!("{plain}{}", through_tmux(&plain)),
        Wrapper::Screen => through_screen(&plain),
        // tmux drops what is meant for screen.
        Wrapper::Either => format!("{plain}{}", through_screen(&plain)),
    };
    Some(sent.into_bytes())
}

fn wrapper(env: &Env) -> Wrapper {
    let term = env.get("TERM").unwrap_or_default();
    if env.has("TMUX") || term.starts_with("tmux") {
        Wrapper::Tmux
    } else if env.has("STY") {
        Wrapper::Screen
    } else if term.starts_with("screen") {
        Wrapper::Either
    } else {
        Wrapper::Direct
    }
}

/// tmux hands on what stands in its own string, with every ESC doubled.
fn through_tmux(plain: &str) -> String {
    format!("\x1bPtmux;{}\x1b\\", plain.replace('\x1b', "\x1b\x1b"))
}

fn through_screen(plain: &str) -> String {
    let mut sent = String::with_capacity(plain.len() + plain.len() / 100 + 8);
    // All of it is ASCII.
    let mut rest = plain;
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(rest.len().min(SCREEN_CHUNK));
        sent.push_str("\x1bP");
        sent.push_str(chunk);
        sent.push_str("\x1b\\");
        rest = after;
    }
    sent
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent<const N: usize>(text: &str, env: [(&str, &str); N]) -> String {
        String::from_utf8(copy(text, &Env::from(env)).unwrap()).unwrap()
    }

    const HI: &str = "\x1b]52;c;aGk=\x07";

    #[test]
    fn a_terminal_gets_it_plain() {
        assert_eq!(sent("hi", [("TERM", "xterm-256color")]), HI);
    }

    #[test]
    fn tmux_gets_both_forms() {
        let both = format!("{HI}\x1bPtmux;\x1b\x1b]52;c;aGk=\x07\x1b\\");
        assert_eq!(
            sent("hi", [("TERM", "screen-256color"), ("TMUX", "/tmp/t,1,0")]),
            both
        );
        assert_eq!(sent("hi", [("TERM", "tmux-256color")]), both);
    }

    #[test]
    fn screen_gets_it_in_pieces() {
        let env = [("TERM", "screen"), ("STY", "123.pts")];
        assert_eq!(sent("hi", env), format!("\x1bP{HI}\x1b\\"));
        let long = sent(&"x".repeat(3000), env);
        let pieces: Vec<_> = long
            .split("\x1bP")
            .skip(1)
            .map(|piece| piece.strip_suffix("\x1b\\").unwrap())
            .collect();
        assert!(pieces.len() > 1 && pieces.iter().all(|p| p.len() <= 768));
        assert_eq!(
            pieces.concat(),
            format!("\x1b]52;c;{}\x07", STANDARD.encode("x".repeat(3000)))
        );
    }

    #[test]
    fn screens_name_alone_gets_plain_and_wrapped() {
        assert_eq!(
            sent("hi", [("TERM", "screen-256color")]),
            format!("{HI}\x1bP{HI}\x1b\\")
        );
    }

    #[test]
    fn too_long_a_text_is_refused() {
        let env = Env::from([("TERM", "xterm")]);
        assert!(copy(&"x".repeat(LONGEST), &env).is_some());
        assert!(copy(&"x".repeat(LONGEST + 1), &env).is_none());
    }
}
