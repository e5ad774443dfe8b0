//! `:`: type to find a command or a thing, and go there.

use ratatui::layout::Rect;

use crate::store::list::top_showing;
use crate::store::model::nav::Palette;
use crate::store::palette::{Action, entries};
use crate::theme::Role;
use crate::ui::cx::Cx;
use crate::ui::layout::{cut_top, margin};
use crate::ui::widgets::table::scroll_mark;
use crate::ui::{format, signs, text};

use super::sheet;

/// Rows of entries where there is room.
const ROWS: u16 = 16;

pub fn draw(cx: &mut Cx<'_, '_>, body: Rect, palette: &Palette) {
    let entries = entries(cx.model, &palette.text);
    let title = cx.say(Role::Title, "Go or run");
    let count = cx.say(Role::Dim, format::thousands(entries.len() as u64));
    let inner = sheet(cx, body, (84, ROWS + 4), &title, &count);
    let room = margin(inner, 1);
    let (input, rest) = cut_top(room, 1);
    let keep = usize::from(input.width.saturating_sub(4));
    let words = cx
        .say(Role::Key, ": ")
        .join(cx.say(
            Role::Strong,
            text::take_back(&palette.text, keep).to_owned(),
        ))
        .join(cx.say(Role::Moving, signs::caret(cx.glyphs())));
    cx.pen.words(input.x, input.y, input.width, &words);
    let rows = cut_top(rest, 1).1;
    if entries.is_empty() {
        let style = cx.style(Role::Dim);
        cx.pen
            .text(rows.x, rows.y, rows.width, "Nothing by that name.", style);
        return;
    }
    let height = usize::from(rows.height);
    let selected = palette.selected.min(entries.len() - 1);
    let top = top_showing(selected, 0, height, entries.len());
    let names = (rows.width / 2).min(40);
    for (i, entry) in entries.iter().enumerate().skip(top).take(height) {
        let y = rows.y + (i - top) as u16;
        let ellipsis = cx.glyphs().ellipsis;
        let name = text::cut_middle(&entry.name, usize::from(names), ellipsis);
        let style = cx.style(Role::Text);
        cx.pen.text(rows.x, y, names, &name, style);
        let key = match &entry.action {
            Action::Run(command) => cx.key(*command).unwrap_or_default(),
            Action::Go(_) | Action::Tail(_) | Action::Ask(_) => String::new(),
        };
        let key_width = text::width(&key) as u16;
        let x = rows.x + names + 2;
        let room = rows.right().saturating_sub(x + key_width + 2);
        let doc = text::cut_end(&entry.doc, usize::from(room), ellipsis);
        let style = cx.style(Role::Dim);
        cx.pen.text(x, y, room, &doc, style);
        if rows.width > key_width {
            let style = cx.style(Role::Key);
            cx.pen
                .text(rows.right() - key_width, y, key_width, &key, style);
        }
        if i == selected {
            let style = cx.style(Role::Selected);
            cx.pen.restyle(
                Rect {
                    x: inner.x,
                    y,
                    width: inner.width,
                    height: 1,
                },
                style,
            );
        }
    }
    let marks = Rect {
        x: inner.x,
        width: inner.width,
        ..rows
    };
    scroll_mark(cx, marks, top, entries.len());
}
