//! A message as it may be shown: secrets masked, control characters visible, its colours as styles.

use std::borrow::Cow;

use ratatui::style::{Color, Modifier, Style};

use crate::logs::ansi;
use crate::logs::mask::Masker;

/// Text that is safe to show, and the style of each byte.
#[derive(Debug, Default, PartialEq)]
pub struct Styled {
    pub text: String,
    spans: ansi::Spans,
    base: Style,
    colours: bool,
}

/// Takes secrets and colours out of a message. Without `colours` only weight and lines are kept; without a masker
/// secrets are shown.
///
/// Concealed and blinking text is shown like any other.
pub fn styled(message: &str, base: Style, colours: bool, masker: Option<&Masker>) -> Styled {
    let message = masker.map_or(Cow::Borrowed(message), |masker| masker.masked(message));
    let mut spans = ansi::interpret(&message);
    let mut text = std::mem::take(&mut spans.text);
    // Colours within a secret hid it from the first look.
    if let Some(masker) = masker
        && message.contains('\x1b')
    {
        text = covered(text, masker);
    }
    Styled {
        text,
        spans,
        base,
        colours,
    }
}

/// Secrets as so many dots as they have bytes, so that the styles stay in their places.
fn covered(text: String, masker: &Masker) -> String {
    let secrets = masker.find(&text);
    if secrets.is_empty() {
        return text;
    }
    let mut covered = String::with_capacity(text.len());
    let mut from = 0;
    for secret in secrets {
        covered.push_str(&text[from..secret.start]);
        covered.extend(std::iter::repeat_n('*', secret.len()));
        from = secret.end;
    }
    covered.push_str(&text[from..]);
    covered
}

impl Styled {
    /// The style at a byte.
    pub fn style_at(&self, byte: usize) -> Style {
        let found = self.spans.style_at(byte);
        let mut style = self.base;
        if self.colours {
            style.fg = found.fg.map(color).or(style.fg);
            style.bg = found.bg.map(color).or(style.bg);
        }
        for (on, modifier) in [
            (found.bold, Modifier::BOLD),
            (found.dim, Modifier::DIM),
            (found.italic, Modifier::ITALIC),
            (found.underline, Modifier::UNDERLINED),
            (found.reverse, Modifier::REVERSED),
            (found.strike, Modifier::CROSSED_OUT),
        ] {
            if on {
                style = style.add_modifier(modifier);
            }
        }
        style
    }
}

fn color(color: ansi::Color) -> Color {
    match color {
        ansi::Color::Indexed(index) => Color::Indexed(index),
        ansi::Color::Rgb(r, g, b) => Color::Rgb(r, g, b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_become_styles_and_the_rest_becomes_visible() {
        let base = Style::new();
        let out = styled("a\x1b[1;31mb\x1b[0mc\x1b[2J", base, true, None);
        assert_eq!(out.text, "abc␛[2J");
        assert_eq!(out.style_at(0), base);
        let red = base.fg(Color::Indexed(1)).add_modifier(Modifier::BOLD);
        assert_eq!(out.style_at(1), red);
        let mono = styled("\x1b[1;31mb", base, false, None);
        assert_eq!(mono.style_at(0), base.add_modifier(Modifier::BOLD));
    }

    #[test]
    fn secrets_are_covered_even_where_colours_cut_them() {
        let masker = Masker::new::<&str>(&[]).unwrap();
        let plain = styled("password=hunter22 ok", Style::new(), true, Some(&masker));
        assert_eq!(plain.text, "password=•••• ok");
        let cut = styled(
            "password=\x1b[31mhunter22\x1b[0m ok",
            Style::new(),
            true,
            Some(&masker),
        );
        assert!(!cut.text.contains("hunter"), "{}", cut.text);
        let shown = styled("password=hunter22 ok", Style::new(), true, None);
        assert_eq!(shown.text, "password=hunter22 ok");
    }
}
