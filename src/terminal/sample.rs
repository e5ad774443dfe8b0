//! A styled piece of text outside of a frame: for what subcommands print on a terminal.

use ratatui::style::{Color, Modifier, Style};

const ATTRIBUTES: [(Modifier, &str); 5] = [
    (Modifier::BOLD, "1"),
    (Modifier::DIM, "2"),
    (Modifier::ITALIC, "3"),
    (Modifier::UNDERLINED, "4"),
    (Modifier::REVERSED, "7"),
];

/// The text in a style, with everything reset behind it. The text itself is taken as it is.
pub fn styled(text: &str, style: Style) -> String {
    let attributes = ATTRIBUTES
        .iter()
        .filter(|(modifier, _)| style.add_modifier.contains(*modifier))
        .map(|(_, code)| (*code).to_owned());
    let colors = [(style.fg, 30), (style.bg, 40)];
    let colors = colors
        .into_iter()
        .filter_map(|(color, base)| color_code(color?, base));
    let codes: Vec<String> = attributes.chain(colors).collect();
    if codes.is_empty() {
        return text.to_owned();
    }
    format!("\x1b[{}m{text}\x1b[0m", codes.join(";"))
}

/// The parameter of "select graphic rendition"; `base` is 30 for text, 40 for its background.
fn color_code(color: Color, base: u8) -> Option<String> {
    let (offset, bright) = match color {
        Color::Reset => return None,
        Color::Rgb(r, g, b) => return Some(format!("{};2;{r};{g};{b}", base + 8)),
        Color::Indexed(index) => return Some(format!("{};5;{index}", base + 8)),
        Color::Black => (0, false),
        Color::Red => (1, false),
        Color::Green => (2, false),
        Color::Yellow => (3, false),
        Color::Blue => (4, false),
        Color::Magenta => (5, false),
        Color::Cyan => (6, false),
        Color::Gray => (7, false),
        Color::DarkGray => (0, true),
        Color::LightRed => (1, true),
        Color::LightGreen => (2, true),
        Color::LightYellow => (3, true),
        Color::LightBlue => (4, true),
        Color::LightMagenta => (5, true),
        Color::LightCyan => (6, true),
        Color::White => (7, true),
    };
    let base = if bright { base + 60 } else { base };
    Some((base + offset).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_is_set_and_reset() {
        let style = Style::new().fg(Color::Rgb(1, 2, 3)).bold();
        assert_eq!(styled("x", style), "\x1b[1;38;2;1;2;3mx\x1b[0m");
        let style = Style::new().fg(Color::LightBlue).bg(Color::Indexed(9));
        assert_eq!(styled("x", style), "\x1b[94;48;5;9mx\x1b[0m");
        assert_eq!(styled("x", Style::new()), "x");
        assert_eq!(styled("x", Style::new().fg(Color::Reset)), "x");
    }
}
