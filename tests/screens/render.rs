//! From a model to text that a snapshot can hold.

use std::fmt::Write as _;
use std::sync::LazyLock;

use flightdeck::keys::Keymap;
use flightdeck::store::model::Model;
use flightdeck::theme::{Role, Theme};
use flightdeck::ui::{View, Viewports, draw_into};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use unicode_width::UnicodeWidthStr;

/// A frame of `size`.
pub fn buffer_once(model: &Model, size: (u16, u16), theme: &Theme) -> (Buffer, Viewports) {
    static KEYMAP: LazyLock<Keymap> = LazyLock::new(|| Keymap::builtin("default").unwrap());
    let mut buffer = Buffer::empty(Rect::new(0, 0, size.0, size.1));
    let view = View {
        model,
        theme,
        keymap: &KEYMAP,
    };
    let seen = draw_into(&view, &mut buffer);
    (buffer, seen)
}

/// The second of two frames: it knows the heights of the first, as in the runtime.
pub fn buffer_with(model: &Model, size: (u16, u16), theme: &Theme) -> (Buffer, Viewports) {
    let (_, seen) = buffer_once(model, size, theme);
    let mut model = model.clone();
    model.size = size;
    model.nav.heights = seen.heights;
    model.nav.pages = seen.pages;
    buffer_once(&model, size, theme)
}

pub fn buffer(model: &Model, size: (u16, u16)) -> Buffer {
    let (buffer, _) = buffer_with(model, size, &Theme::default());
    dump(&buffer);
    buffer
}

/// The lines of a frame, without spaces at their ends.
pub fn text(model: &Model, size: (u16, u16)) -> String {
    lines(&buffer(model, size))
}

/// The lines, then the same grid with a letter for the role of each cell.
pub fn text_and_styles(model: &Model, size: (u16, u16)) -> String {
    let buffer = buffer(model, size);
    format!("{}\n{}", lines(&buffer), styles(&buffer, &Theme::default()))
}

pub fn lines(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut x = 0;
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            x += (symbol.width() as u16).max(1);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Letters of the roles; those that look alike have the letter of the first one.
const LETTERS: &[(Role, char)] = &[
    (Role::Text, '.'),
    (Role::Dim, 'd'),
    (Role::Strong, 'S'),
    (Role::Accent, 'A'),
    (Role::Act, 'X'),
    (Role::Look, 'L'),
    (Role::Moving, 'M'),
    (Role::Good, 'G'),
    (Role::Border, '-'),
    (Role::BorderFocus, '='),
    (Role::Mark, '/'),
    (Role::Series2, '2'),
    (Role::Series3, '3'),
    (Role::Series4, '4'),
    (Role::Series5, '5'),
    (Role::Series6, '6'),
];

fn styles(buffer: &Buffer, theme: &Theme) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut row = None;
        for x in 0..buffer.area.width {
            let cell = &buffer[(x, y)];
            let ground = [Role::Selected, Role::SelectedUnfocused]
                .into_iter()
                .find(|role| theme.style(*role).bg == Some(cell.bg));
            row = row.or(ground);
            if cell.symbol() == " " {
                line.push(' ');
                continue;
            }
            let letter = LETTERS.iter().find(|(role, _)| {
                let style = theme.style(Role::Text).patch(theme.style(*role));
                let selected = ground.map_or(style, |g| style.patch(theme.style(g)));
                selected.fg == Some(cell.fg)
                    && selected.bg.unwrap_or(Color::Reset) == cell.bg
                    && selected.add_modifier == cell.modifier
            });
            line.push(letter.map_or('?', |(_, letter)| *letter));
        }
        let mut line = line.trim_end().to_owned();
        if let Some(role) = row {
            let _ = write!(line, "   <{}>", role.name());
        }
        out.push_str(&line);
        out.push('\n');
    }
    out
}

/// With FLIGHTDECK_DUMP set to a folder, each frame is also written there with its colours, to be looked at.
fn dump(buffer: &Buffer) {
    let Some(folder) = std::env::var_os("FLIGHTDECK_DUMP") else {
        return;
    };
    let name = std::thread::current()
        .name()
        .unwrap_or("frame")
        .replace("::", "-");
    let size = format!("{}x{}", buffer.area.width, buffer.area.height);
    let path = std::path::Path::new(&folder).join(format!("{name}-{size}.ans"));
    std::fs::write(&path, ansi(buffer)).unwrap();
    let picture = flightdeck::ui::svg::render(buffer, &Theme::default());
    std::fs::write(path.with_extension("svg"), picture).unwrap();
}

fn ansi(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut x = 0;
        while x < buffer.area.width {
            let cell = &buffer[(x, y)];
            let style = cell.style();
            let _ = write!(out, "\x1b[0{}m{}", codes(style), cell.symbol());
            x += (cell.symbol().width() as u16).max(1);
        }
        out.push_str("\x1b[0m");
        if y + 1 < buffer.area.height {
            out.push_str("\r\n");
        }
    }
    out
}

fn codes(style: Style) -> String {
    let mut out = String::new();
    for (modifier, code) in [
        (Modifier::BOLD, 1),
        (Modifier::DIM, 2),
        (Modifier::ITALIC, 3),
        (Modifier::UNDERLINED, 4),
        (Modifier::REVERSED, 7),
    ] {
        if style.add_modifier.contains(modifier) {
            let _ = write!(out, ";{code}");
        }
    }
    for (color, base) in [(style.fg, 38), (style.bg, 48)] {
        match color {
            Some(Color::Rgb(r, g, b)) => {
                let _ = write!(out, ";{base};2;{r};{g};{b}");
            }
            Some(Color::Indexed(n)) => {
                let _ = write!(out, ";{base};5;{n}");
            }
            _ => {}
        }
    }
    out
}
