//! Colours that programs write into their logs: SGR sequences become styles, everything else becomes visible.

use ratatui::style::{Color, Modifier, Style};

use crate::ui::text;

/// Text that is safe to show, and the style that holds up to each byte.
#[derive(Debug, Default, PartialEq)]
pub struct Styled {
    pub text: String,
    /// Ends of the stretches, ascending, with their styles.
    pub stretches: Vec<(usize, Style)>,
}

/// Takes the colours out of a message. Without `colours` only weight and lines are kept.
///
/// Concealed and blinking text is shown like any other.
pub fn interpret(message: &str, base: Style, colours: bool) -> Styled {
    let mut out = Styled::default();
    let mut style = base;
    let mut plain = 0;
    let mut from = 0;
    while let Some(at) = message[from..].find("\x1b[").map(|at| from + at) {
        let after = &message[at + 2..];
        match after.find(|c: char| !matches!(c, '0'..='9' | ';' | ':')) {
            Some(end) if after[end..].starts_with('m') => {
                out.push(&message[plain..at], style);
                style = apply(&after[..end], style, base, colours);
                from = at + 2 + end + 1;
                plain = from;
            }
            // Not a colour: it stays in the text.
            _ => from = at + 2,
        }
    }
    out.push(&message[plain..], style);
    out
}

impl Styled {
    fn push(&mut self, raw: &str, style: Style) {
        if raw.is_empty() {
            return;
        }
        // Line ends stay: wrapping breaks there.
        self.text.push_str(&text::safe_lines(raw));
        match self.stretches.last_mut() {
            Some((end, last)) if *last == style => *end = self.text.len(),
            _ => self.stretches.push((self.text.len(), style)),
        }
    }

    /// The style at a byte.
    pub fn style_at(&self, byte: usize) -> Style {
        let place = self.stretches.partition_point(|(end, _)| *end <= byte);
        self.stretches.get(place).map_or(Style::new(), |(_, s)| *s)
    }
}

fn apply(parameters: &str, style: Style, base: Style, colours: bool) -> Style {
    let foreground = |style: Style, color| if colours { style.fg(color) } else { style };
    let background = |style: Style, color| if colours { style.bg(color) } else { style };
    let mut style = style;
    let mut codes = parameters.split([';', ':']).map(|p| {
        p.parse::<u8>()
            .unwrap_or(if p.is_empty() { 0 } else { u8::MAX })
    });
    while let Some(code) = codes.next() {
        style = match code {
            0 => base,
            1 => style.add_modifier(Modifier::BOLD),
            2 => style.add_modifier(Modifier::DIM),
            3 => style.add_modifier(Modifier::ITALIC),
            4 => style.add_modifier(Modifier::UNDERLINED),
            7 => style.add_modifier(Modifier::REVERSED),
            9 => style.add_modifier(Modifier::CROSSED_OUT),
            22 => style.remove_modifier(Modifier::BOLD | Modifier::DIM),
            23 => style.remove_modifier(Modifier::ITALIC),
            24 => style.remove_modifier(Modifier::UNDERLINED),
            27 => style.remove_modifier(Modifier::REVERSED),
            29 => style.remove_modifier(Modifier::CROSSED_OUT),
            30..=37 => foreground(style, Color::Indexed(code - 30)),
            38 => color(&mut codes).map_or(style, |color| foreground(style, color)),
            39 => Style {
                fg: base.fg,
                ..style
            },
            40..=47 => background(style, Color::Indexed(code - 40)),
            48 => color(&mut codes).map_or(style, |color| background(style, color)),
            49 => Style {
                bg: base.bg,
                ..style
            },
            90..=97 => foreground(style, Color::Indexed(code - 90 + 8)),
            100..=107 => background(style, Color::Indexed(code - 100 + 8)),
            _ => style,
        };
    }
    style
}

/// `5;n` or `2;r;g;b` after 38 or 48.
fn color(codes: &mut impl Iterator<Item = u8>) -> Option<Color> {
    match codes.next()? {
        5 => Some(Color::Indexed(codes.next()?)),
        2 => Some(Color::Rgb(codes.next()?, codes.next()?, codes.next()?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_become_styles_and_the_rest_becomes_visible() {
        let base = Style::new();
        let red = base.fg(Color::Indexed(1));
        let out = interpret("a\x1b[31mb\x1b[0mc\x1b[2Jd\x1b", base, true);
        assert_eq!(out.text, "abc␛[2Jd␛");
        assert_eq!(out.style_at(0), base);
        assert_eq!(out.style_at(1), red);
        assert_eq!(out.style_at(2), base);
    }

    #[test]
    fn wide_palettes_and_weights() {
        let base = Style::new();
        let out = interpret("\x1b[1;38;5;208;48;2;1;2;3mx", base, true);
        assert_eq!(
            out.style_at(0),
            base.add_modifier(Modifier::BOLD)
                .fg(Color::Indexed(208))
                .bg(Color::Rgb(1, 2, 3))
        );
        let plain = interpret("\x1b[1;31mx", base, false);
        assert_eq!(plain.style_at(0), base.add_modifier(Modifier::BOLD));
    }

    #[test]
    fn half_a_sequence_is_text() {
        for raw in ["\x1b[", "\x1b[31", "\x1b[38;5m", "\x1b[38;2;999;0;0mx"] {
            let out = interpret(raw, Style::new(), true);
            assert!(out.text.chars().all(|c| !c.is_control()), "{raw:?}");
        }
        assert_eq!(interpret("\x1b[31", Style::new(), true).text, "␛[31");
    }
}
