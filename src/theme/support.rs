//! What the terminal can show, told by the environment; the terminal itself is never asked.

use crate::config::Env;

/// How many colours there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorSupport {
    TrueColor,
    Ansi256,
    Ansi16,
    /// Bold, dim, underline and reverse only.
    None,
}

impl ColorSupport {
    /// `NO_COLOR` (<https://no-color.org>) first, then `COLORTERM`, then `TERM`.
    pub fn detect(env: &Env) -> Self {
        let term = env.get("TERM").unwrap_or("dumb");
        if env.has("NO_COLOR") || matches!(term, "dumb" | "vt52" | "vt100" | "vt102" | "vt220") {
            return Self::None;
        }
        let direct = [
            "-direct",
            "-truecolor",
            "kitty",
            "alacritty",
            "ghostty",
            "wezterm",
            "foot",
        ];
        if matches!(env.get("COLORTERM"), Some("truecolor" | "24bit"))
            || direct.iter().any(|known| term.contains(known))
        {
            // GNU screen does not pass true colours on, whatever the terminal around it says.
            if env.has("STY") {
                return Self::Ansi256;
            }
            return Self::TrueColor;
        }
        if term.contains("256color") {
            return Self::Ansi256;
        }
        Self::Ansi16
    }

    /// As printed by `flightdeck themes`.
    pub fn describe(self) -> &'static str {
        match self {
            Self::TrueColor => "24-bit colours",
            Self::Ansi256 => "256 colours",
            Self::Ansi16 => "16 colours",
            Self::None => "no colours",
        }
    }
}

/// Whether the locale lacks UTF-8, so that only ASCII may be drawn.
///
/// By POSIX the first one set of `LC_ALL`, `LC_CTYPE`, `LANG` decides; none set is the C locale.
pub fn needs_ascii(env: &Env) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| env.get(name))
        .unwrap_or("C");
    let locale = locale.to_ascii_lowercase();
    !(locale.contains("utf-8") || locale.contains("utf8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_tells_the_colours() {
        use ColorSupport::{Ansi16, Ansi256, None, TrueColor};
        for (env, support) in [
            (Env::from([("TERM", "xterm")]), Ansi16),
            (Env::from([("TERM", "linux")]), Ansi16),
            (Env::from([("TERM", "xterm-256color")]), Ansi256),
            (Env::from([("TERM", "xterm-kitty")]), TrueColor),
            (
                Env::from([("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]),
                TrueColor,
            ),
            (
                Env::from([
                    ("TERM", "screen-256color"),
                    ("COLORTERM", "truecolor"),
                    ("STY", "1.x"),
                ]),
                Ansi256,
            ),
            (
                Env::from([("TERM", "xterm-256color"), ("NO_COLOR", "1")]),
                None,
            ),
            (Env::from([("TERM", "xterm"), ("NO_COLOR", "")]), Ansi16),
            (
                Env::from([("TERM", "dumb"), ("COLORTERM", "truecolor")]),
                None,
            ),
            (Env::from([]), None),
        ] {
            assert_eq!(ColorSupport::detect(&env), support, "{env:?}");
        }
    }

    #[test]
    fn the_locale_tells_whether_there_is_more_than_ascii() {
        for (env, ascii) in [
            (Env::from([("LANG", "en_US.UTF-8")]), false),
            (Env::from([("LANG", "C.utf8")]), false),
            (Env::from([("LANG", "en_US.UTF-8"), ("LC_ALL", "C")]), true),
            (
                Env::from([("LANG", "C"), ("LC_CTYPE", "de_DE.UTF-8")]),
                false,
            ),
            (Env::from([("LANG", "de_DE@euro")]), true),
            (Env::from([]), true),
        ] {
            assert_eq!(needs_ascii(&env), ascii, "{env:?}");
        }
    }
}
