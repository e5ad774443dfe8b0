//! A bordered pane: the border says what it is, how many, how old, and whether it has the keys.

use ratatui::layout::Rect;

use crate::store::model::nav::Pane;
use crate::theme::Role;

use crate::ui::cx::Cx;
use crate::ui::paint::Words;

/// Draws the border with its titles and answers the room inside.
///
/// Where there is no room for a border the whole area is the inside.
pub fn pane(
    cx: &mut Cx<'_, '_>,
    area: Rect,
    id: Option<Pane>,
    title: &Words<'_>,
    right: &Words<'_>,
) -> Rect {
    if let Some(id) = id {
        cx.seen.pane(area, id);
    }
    if !has_border(area) {
        return area;
    }
    let focused = id.is_some_and(|id| cx.has_focus(id));
    frame(cx, area, focused, title, right)
}

/// Whether there is room for a border.
pub fn has_border(area: Rect) -> bool {
    area.width >= 8 && area.height >= 3
}

/// The same for what is no pane of a screen.
pub fn frame(
    cx: &mut Cx<'_, '_>,
    area: Rect,
    focused: bool,
    title: &Words<'_>,
    right: &Words<'_>,
) -> Rect {
    let style = cx.style(if focused {
        Role::BorderFocus
    } else {
        Role::Border
    });
    let lines = cx.glyphs().border;
    let (left, end) = (area.x, area.right() - 1);
    let (top, bottom) = (area.y, area.bottom() - 1);
    cx.pen
        .run(left + 1, top, area.width - 2, lines.horizontal, style);
    cx.pen
        .run(left + 1, bottom, area.width - 2, lines.horizontal, style);
    for y in top + 1..bottom {
        cx.pen.text(left, y, 1, lines.vertical, style);
        cx.pen.text(end, y, 1, lines.vertical, style);
    }
    for (x, y, corner) in [
        (left, top, lines.top_left),
        (end, top, lines.top_right),
        (left, bottom, lines.bottom_left),
        (end, bottom, lines.bottom_right),
    ] {
        cx.pen.text(x, y, 1, corner, style);
    }
    // ╭ title ───── right ╮
    let room = area.width - 4;
    let right_width = if right.is_empty() {
        0
    } else {
        (right.width() + 2).min(room / 2)
    };
    if right_width > 2 {
        let x = end - 1 - right_width;
        cx.pen.text(x, top, 1, " ", style);
        cx.pen.words(x + 1, top, right_width - 2, right);
        cx.pen.text(x + right_width - 1, top, 1, " ", style);
    }
    let title_room = room.saturating_sub(right_width + u16::from(right_width > 0));
    if !title.is_empty() && title_room > 2 {
        cx.pen.text(left + 1, top, 1, " ", style);
        let used = cx.pen.words(left + 2, top, title_room - 1, title);
        cx.pen.text(left + 2 + used, top, 1, " ", style);
    }
    Rect::new(left + 1, top + 1, area.width - 2, area.height - 2)
}
