//! The history of messages, newest first, each in full.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::store::msg::NoticeLevel;
use crate::theme::Role;
use crate::ui::cx::Cx;
use crate::ui::layout::margin;
use crate::ui::widgets::notes::{self, Empty};
use crate::ui::widgets::table::scroll_mark;
use crate::ui::{format, text};

use super::{scrolled, sheet};

/// Cells of the time.
const TIME: u16 = 14;

pub fn draw(cx: &mut Cx<'_, '_>, body: Rect, scroll: usize) {
    let history = &cx.model.notices.history;
    let title = cx.say(Role::Title, "Messages").join(cx.say(
        Role::Text,
        format!(" {}", format::thousands(history.len() as u64)),
    ));
    let width = body.width.saturating_sub(4).min(120);
    let inside = usize::from(width.saturating_sub(4 + TIME));
    let mut lines: Vec<(String, &'static str, Style, String)> = Vec::new();
    for (at, notice) in history.iter().rev() {
        let (glyph, role) = match notice.level {
            NoticeLevel::Info => (" ", Role::Text),
            NoticeLevel::Warn => (cx.glyphs().look, Role::Look),
            NoticeLevel::Error => (cx.glyphs().act, Role::Act),
        };
        let style = cx.style(role);
        let wrapped = text::wrap(
            &notice.text,
            inside.saturating_sub(2),
            8,
            cx.glyphs().ellipsis,
        );
        for (part, line) in wrapped.into_iter().enumerate() {
            let (time, glyph) = if part == 0 {
                (cx.time(*at), glyph)
            } else {
                (String::new(), " ")
            };
            lines.push((time, glyph, style, line));
        }
    }
    let height = (lines.len() as u16).saturating_add(2).max(6);
    let inner = sheet(
        cx,
        body,
        (width, height),
        &title,
        &crate::ui::paint::Words::new(),
    );
    if lines.is_empty() {
        return notes::empty(cx, inner, &Empty::new("No messages so far."));
    }
    let room = margin(inner, 1);
    let top = scrolled(scroll, lines.len(), usize::from(room.height));
    let dim = cx.style(Role::Dim);
    for (i, (time, glyph, style, line)) in lines
        .iter()
        .skip(top)
        .take(usize::from(room.height))
        .enumerate()
    {
        let y = room.y + i as u16;
        cx.pen.text(room.x, y, TIME, time, dim);
        cx.pen.text(room.x + TIME, y, 1, glyph, *style);
        let x = room.x + TIME + 2;
        cx.pen
            .text(x, y, room.right().saturating_sub(x), line, *style);
    }
    scroll_mark(cx, inner, top, lines.len());
}
