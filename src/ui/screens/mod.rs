//! The screens: each a list, a detail, and what stands beside them.

mod costs;
mod deck;
mod endpoints;
mod list;
mod logs;
mod runs;
mod versions;

use ratatui::layout::Rect;

use crate::store::model::nav::Screen;

use super::cx::Cx;

pub fn draw(cx: &mut Cx<'_, '_>, body: Rect) {
    match cx.model.nav.screen {
        Screen::Deck => deck::draw(cx, body),
        Screen::Runs => runs::draw(cx, body),
        Screen::Endpoints => endpoints::draw(cx, body),
        Screen::Logs => logs::draw(cx, body),
        Screen::Costs => costs::draw(cx, body),
        Screen::Versions => versions::draw(cx, body),
    }
}
