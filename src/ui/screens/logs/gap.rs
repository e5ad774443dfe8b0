//! Rows between the lines, where some may be missing.

use ratatui::layout::Rect;

use crate::logs::ask::Gap;
use crate::logs::told::WindowLine;
use crate::store::model::logs::Tail;
use crate::theme::Role;
use crate::ui::cx::Cx;
use crate::ui::text;

/// The marker behind a line: only the newest one can have one, of what was not told since.
pub fn after<'t>(tail: &'t Tail, line: &WindowLine) -> Option<&'t Gap> {
    let last = tail.window.lines.last()?;
    tail.window
        .gap_after
        .as_ref()
        .filter(|_| last.key == line.key)
}

/// Rows that the markers around a line take.
pub fn rows(tail: &Tail, line: &WindowLine) -> usize {
    usize::from(line.gap_before.is_some()) + usize::from(after(tail, line).is_some())
}

/// `╌╌ lines may be missing: reconnected after 40 s ╌╌╌╌╌╌`
pub fn draw(cx: &mut Cx<'_, '_>, here: Rect, gap: &Gap) {
    let style = cx.style(Role::Look);
    let sign = cx.glyphs().gap;
    cx.pen.run(here.x, here.y, here.width, sign, style);
    let room = usize::from(here.width.saturating_sub(6));
    let why = format!(" lines may be missing: {} ", gap.why);
    let why = text::cut_end(&why, room, cx.glyphs().ellipsis);
    cx.pen.text(
        here.x + 2,
        here.y,
        here.width.saturating_sub(4),
        &why,
        style,
    );
}
