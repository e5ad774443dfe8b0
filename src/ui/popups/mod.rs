//! What lies over the screen: help, messages, the palette, the filters, and where a begun key sequence leads.

mod filters;
mod help;
mod messages;
mod palette;
mod pending;
mod query;

use ratatui::layout::Rect;

use crate::store::model::nav::Popup;
use crate::theme::Role;

use super::cx::Cx;
use super::paint::Words;
use super::widgets::pane::frame;

/// Draws the topmost popup over the body; nothing under it takes clicks.
pub fn draw(cx: &mut Cx<'_, '_>, screen: Rect, body: Rect) {
    if let Some(popup) = cx.model.nav.popups.last() {
        cx.seen.cover(screen);
        match popup {
            Popup::Help { scroll } => help::draw(cx, body, *scroll),
            Popup::Messages { scroll } => messages::draw(cx, body, *scroll),
            Popup::Filters { selected } => filters::draw(cx, body, *selected),
            Popup::Palette(palette) => palette::draw(cx, body, palette),
            Popup::Query(form) => query::draw(cx, body, form),
        }
    }
    if !cx.model.pending.is_empty() {
        pending::draw(cx, body);
    }
}

/// An emptied, framed box in the middle; answers its inside.
fn sheet(
    cx: &mut Cx<'_, '_>,
    body: Rect,
    size: (u16, u16),
    title: &Words<'_>,
    right: &Words<'_>,
) -> Rect {
    let width = size.0.min(body.width);
    // One line of what lies below would only look torn off.
    let height = if size.1 + 1 >= body.height {
        body.height
    } else {
        size.1
    };
    let area = Rect::new(
        body.x + (body.width - width) / 2,
        body.y + (body.height - height) / 3,
        width,
        height,
    );
    over(cx, area, title, right)
}

fn over(cx: &mut Cx<'_, '_>, area: Rect, title: &Words<'_>, right: &Words<'_>) -> Rect {
    let ground = cx.style(Role::Text);
    cx.pen.clear(area, ground);
    if area.width < 8 || area.height < 3 {
        return area;
    }
    frame(cx, area, true, title, right)
}

/// The first line to show of `lines` where `scroll` is asked for and `height` fit.
fn scrolled(scroll: usize, lines: usize, height: usize) -> usize {
    scroll.min(lines.saturating_sub(height))
}
