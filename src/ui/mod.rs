//! From the model to a frame: no I/O, no clock.
//!
//! `draw` is a function of the view alone. What stands where comes back as `Viewports`: the runtime keeps the
//! heights in the model, and asks `hit` what lies under the mouse.

mod condition;
mod cx;
mod footer;
mod format;
mod header;
mod layout;
mod paint;
mod popups;
mod region;
mod screens;
mod signs;
pub mod svg;
mod text;
mod widgets;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::keys::Keymap;
use crate::store::model::Model;
use crate::theme::{Role, Theme};

use cx::Cx;
use paint::Pen;

pub use region::{Viewports, hit};

/// Everything a frame is made from.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub model: &'a Model,
    pub theme: &'a Theme,
    pub keymap: &'a Keymap,
}

/// The smallest terminal that is worth drawing on.
const LEAST: (u16, u16) = (24, 5);

/// Draws the whole screen.
pub fn draw(view: &View<'_>, frame: &mut Frame<'_>) -> Viewports {
    draw_into(view, frame.buffer_mut())
}

/// The same into a buffer: for pictures and tests.
pub fn draw_into(view: &View<'_>, buffer: &mut Buffer) -> Viewports {
    let area = buffer.area;
    let mut cx = Cx {
        model: view.model,
        theme: view.theme,
        keymap: view.keymap,
        pen: Pen::new(buffer),
        seen: Viewports::default(),
    };
    let ground = cx.style(Role::Text);
    cx.pen.restyle(area, ground);
    if area.width < LEAST.0 || area.height < LEAST.1 {
        too_small(&mut cx, area);
        return cx.seen;
    }
    let line = |y: u16| Rect {
        y,
        height: 1,
        ..area
    };
    // Files need no account above them.
    let head = if cx.model.settings.local { 0 } else { 2 };
    if head > 0 {
        header::status(&mut cx, line(area.y));
        header::tabs(&mut cx, line(area.y + 1));
    }
    let body = Rect {
        y: area.y + head,
        height: area.height - head - 1,
        ..area
    };
    screens::draw(&mut cx, body);
    footer::draw(&mut cx, line(area.bottom() - 1));
    popups::draw(&mut cx, area, body);
    cx.seen
}

fn too_small(cx: &mut Cx<'_, '_>, area: Rect) {
    let style = cx.style(Role::Look);
    let worst = cx.model.findings.first().map(|f| f.name.clone());
    for (row, line) in [
        "too small".to_owned(),
        format!("{}x{}", LEAST.0, LEAST.1),
        worst.unwrap_or_default(),
    ]
    .iter()
    .enumerate()
    .take(usize::from(area.height))
    {
        cx.pen
            .text(area.x, area.y + row as u16, area.width, line, style);
    }
}
