//! What every key does, made from the one list of commands and the keymap in force.

use ratatui::layout::Rect;

use crate::keys::command::{Command, Context};
use crate::store::model::nav::Pane;
use crate::theme::Role;
use crate::ui::cx::{Cx, named};
use crate::ui::layout::margin;
use crate::ui::text;
use crate::ui::widgets::table::scroll_mark;

use super::{scrolled, sheet};

enum Line {
    Heading(&'static str),
    Key(String, &'static str),
    Empty,
}

pub fn draw(cx: &mut Cx<'_, '_>, body: Rect, scroll: usize) {
    let lines = lines(cx);
    let title = cx.say(Role::Title, "Keys");
    let right = cx.say(Role::Dim, format!("keymap {}", cx.keymap.name()));
    let height = (lines.len() as u16).saturating_add(2);
    let inner = sheet(cx, body, (84, height), &title, &right);
    let room = margin(inner, 1);
    let top = scrolled(scroll, lines.len(), usize::from(room.height));
    let longest = lines.iter().map(|line| match line {
        Line::Key(chords, _) => text::width(chords) as u16,
        _ => 0,
    });
    let keys = longest.max().unwrap_or(0).min(room.width / 3);
    for (i, line) in lines
        .iter()
        .skip(top)
        .take(usize::from(room.height))
        .enumerate()
    {
        let y = room.y + i as u16;
        match line {
            Line::Heading(title) => {
                let style = cx.style(Role::Title);
                cx.pen.text(room.x, y, room.width, title, style);
            }
            Line::Key(chords, doc) => {
                let key = cx.style(Role::Key);
                let style = cx.style(Role::Text);
                let chords = text::cut_end(chords, usize::from(keys), cx.glyphs().ellipsis);
                cx.pen.text(room.x, y, keys, &chords, key);
                let width = room.width.saturating_sub(keys + 2);
                let doc = text::cut_end(doc, usize::from(width), cx.glyphs().ellipsis);
                cx.pen.text(room.x + keys + 2, y, width, &doc, style);
            }
            Line::Empty => {}
        }
    }
    scroll_mark(cx, inner, top, lines.len());
}

/// What holds where one is comes first.
fn lines(cx: &Cx<'_, '_>) -> Vec<Line> {
    let in_lines = cx.model.nav.focus == Pane::LogLines;
    let contexts: &[(Context, &str)] = if in_lines {
        &[
            (Context::Lines, "Log lines"),
            (Context::List, "Moving and filtering"),
            (Context::Global, "Everywhere"),
            (Context::Input, "While typing"),
            (Context::Filters, "In the list of filters"),
            (Context::Popup, "In this window"),
        ]
    } else {
        &[
            (Context::List, "Lists"),
            (Context::Global, "Everywhere"),
            (Context::Lines, "Log lines"),
            (Context::Input, "While typing"),
            (Context::Filters, "In the list of filters"),
            (Context::Popup, "In this window"),
        ]
    };
    let mut lines = Vec::new();
    for (context, heading) in contexts {
        if !lines.is_empty() {
            lines.push(Line::Empty);
        }
        lines.push(Line::Heading(heading));
        for command in Command::ALL.iter().filter(|c| c.context() == *context) {
            let chords = cx.keymap.chords_of(*command);
            let chords = if chords.is_empty() {
                let palette = cx.key(Command::Palette).unwrap_or_default();
                format!("{palette} {}", command.name())
            } else {
                let chords: Vec<String> = chords.iter().map(|c| named(c)).collect();
                chords.join("  ")
            };
            lines.push(Line::Key(chords, command.doc()));
        }
    }
    lines
}
