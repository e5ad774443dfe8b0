//! A detail pane as a page: longer than the pane if it must be, seen from the line it is scrolled to.

use ratatui::layout::Rect;

use crate::store::model::nav::Pane;
use crate::store::pages;
use crate::theme::Role;

use super::pane::has_border;
use crate::ui::cx::Cx;
use crate::ui::paint::Window;

/// Lines that a page can have; its facts come from outside.
const LONGEST: u16 = 20_000;

/// Draws a page into `inner`, the room of the pane in `area`; and on the border which lines of how many are seen.
///
/// `content` writes from the top of the area it is given, which has all the lines it may want, and answers how many
/// it took.
pub fn page(
    cx: &mut Cx<'_, '_>,
    area: Rect,
    inner: Rect,
    pane: Pane,
    content: &dyn Fn(&mut Cx<'_, '_>, Rect) -> u16,
) {
    let paper = Rect {
        height: LONGEST,
        ..inner
    };
    let through = |cx: &mut Cx<'_, '_>, window: Window| {
        cx.pen.look_through(Some(window));
        let length = content(cx, paper);
        cx.pen.look_through(None);
        length
    };
    let mut top = u16::try_from(pages::top(cx.model, pane)).unwrap_or(LONGEST);
    if top > 0 {
        // The page may be shorter than when it was scrolled: measured through a window that shows nothing.
        let nothing = Rect { height: 0, ..inner };
        let length = through(cx, Window { area: nothing, top });
        top = top.min(length.saturating_sub(inner.height));
    }
    let length = through(cx, Window { area: inner, top });
    cx.seen.page(pane, inner.height, length);
    if length <= inner.height || !has_border(area) {
        return;
    }
    let place = format!(" {}-{} of {length} ", top + 1, top + inner.height);
    let words = cx.say(Role::Dim, place);
    let border = Rect {
        y: area.bottom() - 1,
        height: 1,
        ..inner
    };
    cx.pen.words_right(border, &words);
}
