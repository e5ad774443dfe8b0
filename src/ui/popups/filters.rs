//! The filters over the lines, one by one, over the foot of the screen: what they leave stays in sight above.

use ratatui::layout::Rect;

use crate::store::list::top_showing;
use crate::store::log_ask::FilterWay;
use crate::theme::Role;
use crate::ui::cx::Cx;
use crate::ui::widgets::table::scroll_mark;
use crate::ui::{format, text};

use super::over;

const WIDTH: u16 = 100;
/// Rows of filters where there is room.
const ROWS: u16 = 10;
/// `on   keep  ` and `off  drop  `.
const STATE: u16 = 11;

pub fn draw(cx: &mut Cx<'_, '_>, body: Rect, selected: usize) {
    let Some(tail) = &cx.model.logs.tail else {
        return;
    };
    let filters = &tail.filters;
    let rows = (filters.len() as u16).clamp(1, ROWS);
    let height = (rows + 2).min(body.height);
    let width = WIDTH.min(body.width);
    let area = Rect::new(body.right() - width, body.bottom() - height, width, height);
    let title = cx.say(Role::Title, "Filters").join(cx.say(
        Role::Text,
        format!(" {}", format::thousands(filters.len() as u64)),
    ));
    let lines = format::thousands(tail.progress.lines);
    let right = cx.say(Role::Dim, format!("lets pass, of {lines}"));
    let inner = over(cx, area, &title, &right);
    let height = usize::from(inner.height);
    let selected = selected.min(filters.len().saturating_sub(1));
    let top = top_showing(selected, 0, height, filters.len());
    let ellipsis = cx.glyphs().ellipsis;
    for (i, filter) in filters.iter().enumerate().skip(top).take(height) {
        let row = Rect {
            y: inner.y + (i - top) as u16,
            height: 1,
            ..inner
        };
        let passed = tail.passing.shown.as_ref().and_then(|passed| passed.get(i));
        let passed = match passed {
            Some(passed) => cx.say(Role::Text, format!("{} ", format::thousands(*passed))),
            None => cx.say(Role::Moving, format!("{} ", cx.glyphs().loading)),
        };
        let taken = cx.pen.words_right(row, &passed);
        let way = match filter.way {
            FilterWay::Keep => "keep",
            FilterWay::Drop => "drop",
        };
        let (state, role) = if filter.on {
            ("on ", Role::Strong)
        } else {
            ("off", Role::Dim)
        };
        let style = cx.style(role);
        cx.pen
            .text(row.x + 1, row.y, STATE, &format!("{state}  {way}"), style);
        let room = row.width.saturating_sub(STATE + taken + 2);
        let shown = text::cut_end(filter.text.trim(), usize::from(room), ellipsis);
        let style = if filter.on { cx.mark() } else { style };
        cx.pen.text(row.x + 1 + STATE, row.y, room, &shown, style);
        if i == selected {
            let style = cx.style(Role::Selected);
            cx.pen.restyle(row, style);
        }
    }
    scroll_mark(cx, inner, top, filters.len());
}
