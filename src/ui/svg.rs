//! A frame as an SVG picture: the same frame always makes the same bytes.
//!
//! Every run of cells with one style is one `<text>` whose length is given, so that columns align in any
//! monospace font. Lines and blocks are drawn as shapes: fonts leave gaps between them.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use crate::theme::{Role, Theme};

mod palette;
mod shapes;

use palette::rgb;

/// Pixels of a cell.
const WIDTH: u16 = 9;
const HEIGHT: u16 = 19;
/// From the top of a cell to the line that letters stand on.
const BASELINE: u16 = 14;
/// Pixels around the screen.
const MARGIN: u16 = 12;

/// What a cell looks like once its modifiers are resolved.
#[derive(Clone, PartialEq)]
struct Look {
    fg: String,
    bg: Option<String>,
    bold: bool,
    italic: bool,
    dim: bool,
    underline: bool,
    strike: bool,
}

/// Renders a buffer. Colours that the terminal would choose itself come from the theme's ground, and the sixteen
/// named ones from a fixed palette.
pub fn render(buffer: &Buffer, theme: &Theme) -> String {
    let area = buffer.area;
    let ground = Ground::of(theme);
    let width = area.width * WIDTH + 2 * MARGIN;
    let height = area.height * HEIGHT + 2 * MARGIN;
    let mut out = String::new();
    let _ = write!(
        out,
        r##"<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 {width} {height}" width="{width}" height="{height}">
<style>text{{font:15px DejaVu Sans Mono,Menlo,Consolas,monospace;white-space:pre}}.b{{font-weight:700}}.i{{font-style:italic}}.d{{opacity:.6}}</style>
<rect width="{width}" height="{height}" rx="8" fill="{}"/>
"##,
        ground.bg
    );
    for y in 0..area.height {
        backgrounds(&mut out, buffer, y, &ground);
    }
    for y in 0..area.height {
        texts(&mut out, buffer, y, &ground);
    }
    out.push_str("</svg>\n");
    out
}

/// The colours where a cell names none.
struct Ground {
    fg: String,
    bg: &'static str,
}

impl Ground {
    /// Light text needs a dark ground, and the other way round.
    fn of(theme: &Theme) -> Self {
        let text = theme.style(Role::Text).fg.and_then(rgb);
        match text {
            Some((r, g, b)) if u32::from(r) * 3 + u32::from(g) * 6 + u32::from(b) < 1200 => Self {
                fg: hex((r, g, b)),
                bg: "#ffffff",
            },
            Some(color) => Self {
                fg: hex(color),
                bg: "#0d1117",
            },
            None => Self {
                fg: "#c8cdd4".to_owned(),
                bg: "#0d1117",
            },
        }
    }

    fn look(&self, cell: &Cell) -> Look {
        let modifier = cell.modifier;
        let name = |color: Color| rgb(color).map(hex);
        let (mut fg, mut bg) = (
            name(cell.fg).unwrap_or_else(|| self.fg.clone()),
            name(cell.bg),
        );
        if modifier.contains(Modifier::REVERSED) {
            let ground = bg.unwrap_or_else(|| self.bg.to_owned());
            bg = Some(fg);
            fg = ground;
        }
        Look {
            fg,
            bg,
            bold: modifier.contains(Modifier::BOLD),
            italic: modifier.contains(Modifier::ITALIC),
            dim: modifier.contains(Modifier::DIM),
            underline: modifier.contains(Modifier::UNDERLINED),
            strike: modifier.contains(Modifier::CROSSED_OUT),
        }
    }
}

fn hex((r, g, b): (u8, u8, u8)) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// The cells of a line with the cells each one covers: a wide character hides those behind it.
fn cells(buffer: &Buffer, y: u16) -> Vec<(u16, u16, &Cell)> {
    let mut out = Vec::new();
    let mut x = 0;
    while x < buffer.area.width {
        let Some(cell) = buffer.cell((buffer.area.x + x, buffer.area.y + y)) else {
            break;
        };
        let wide = (super::text::width(cell.symbol()) as u16).clamp(1, buffer.area.width - x);
        out.push((x, wide, cell));
        x += wide;
    }
    out
}

fn backgrounds(out: &mut String, buffer: &Buffer, y: u16, ground: &Ground) {
    let mut run: Option<(u16, u16, String)> = None;
    let mut flush = |run: &mut Option<(u16, u16, String)>| {
        if let Some((x, width, color)) = run.take() {
            let _ = writeln!(
                out,
                r#"<rect x="{}" y="{}" width="{}" height="{HEIGHT}" fill="{color}"/>"#,
                MARGIN + x * WIDTH,
                MARGIN + y * HEIGHT,
                width * WIDTH
            );
        }
    };
    for (x, wide, cell) in cells(buffer, y) {
        let bg = ground.look(cell).bg;
        match (&mut run, bg) {
            (Some((start, width, color)), Some(bg)) if *color == bg && *start + *width == x => {
                *width += wide;
            }
            (_, Some(bg)) => {
                flush(&mut run);
                run = Some((x, wide, bg));
            }
            (_, None) => flush(&mut run),
        }
    }
    flush(&mut run);
}

fn texts(out: &mut String, buffer: &Buffer, y: u16, ground: &Ground) {
    let mut run: Option<(u16, u16, Look, String)> = None;
    let top = MARGIN + y * HEIGHT;
    let flush = |out: &mut String, run: &mut Option<(u16, u16, Look, String)>| {
        if let Some((x, width, look, text)) = run.take() {
            text_run(out, MARGIN + x * WIDTH, top, width * WIDTH, &look, &text);
        }
    };
    for (x, wide, cell) in cells(buffer, y) {
        let look = ground.look(cell);
        let left = MARGIN + x * WIDTH;
        let plain = !(look.underline || look.strike);
        if let Some(shape) = shapes::shape(cell.symbol(), left, top, &look.fg) {
            flush(out, &mut run);
            let class = if look.dim { r#" class="d""# } else { "" };
            let _ = writeln!(out, "<g{class}>{shape}</g>");
            continue;
        }
        if cell.symbol() == " " && plain {
            // A single space may be part of a run; more end it.
            if let Some((_, width, look, text)) = &mut run {
                if text.ends_with(' ') || look.underline || look.strike {
                    flush(out, &mut run);
                } else {
                    text.push(' ');
                    *width += wide;
                }
            }
            continue;
        }
        match &mut run {
            Some((_, width, same, text)) if *same == look => {
                text.push_str(cell.symbol());
                *width += wide;
            }
            _ => {
                flush(out, &mut run);
                run = Some((x, wide, look, cell.symbol().to_owned()));
            }
        }
    }
    flush(out, &mut run);
}

fn text_run(out: &mut String, x: u16, top: u16, width: u16, look: &Look, text: &str) {
    let kept = text.trim_end_matches(' ');
    if kept.is_empty() && !look.underline {
        return;
    }
    let cut = (text.len() - kept.len()) as u16 * WIDTH;
    let (text, width) = if look.underline || look.strike {
        (text, width)
    } else {
        (kept, width - cut)
    };
    let mut class = Vec::new();
    for (holds, name) in [(look.bold, "b"), (look.italic, "i"), (look.dim, "d")] {
        if holds {
            class.push(name);
        }
    }
    let class = if class.is_empty() {
        String::new()
    } else {
        format!(r#" class="{}""#, class.join(" "))
    };
    for (holds, y) in [(look.underline, BASELINE + 2), (look.strike, HEIGHT / 2)] {
        if holds {
            let _ = writeln!(
                out,
                r#"<rect x="{x}" y="{}" width="{width}" height="1" fill="{}"/>"#,
                top + y,
                look.fg
            );
        }
    }
    let _ = writeln!(
        out,
        r#"<text x="{x}" y="{}" textLength="{width}" lengthAdjust="spacingAndGlyphs" fill="{}"{class}>{}</text>"#,
        top + BASELINE,
        look.fg,
        escape(text)
    );
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    #[test]
    fn text_is_escaped_placed_and_styled() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 2));
        buffer.set_string(
            1,
            1,
            "a<b&c",
            Style::new().fg(Color::Red).add_modifier(Modifier::BOLD),
        );
        let svg = render(&buffer, &Theme::default());
        let x = MARGIN + WIDTH;
        let y = MARGIN + HEIGHT + BASELINE;
        let text = format!(
            r##"<text x="{x}" y="{y}" textLength="45" lengthAdjust="spacingAndGlyphs" fill="#ff7b72" class="b">a&lt;b&amp;c</text>"##
        );
        assert!(svg.contains(&text), "{svg}");
        assert_eq!(svg, render(&buffer, &Theme::default()));
    }

    #[test]
    fn lines_and_blocks_are_shapes() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 3, 1));
        buffer.set_string(0, 0, "│█x", Style::new());
        let svg = render(&buffer, &Theme::default());
        assert!(
            !svg.contains('│') && !svg.contains('█') && svg.contains(">x<"),
            "{svg}"
        );
    }
}
