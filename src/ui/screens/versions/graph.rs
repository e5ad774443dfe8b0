//! The lanes left of the commits: lines of branches, where they part and where they join.

use crate::domain::history::Lanes;
use crate::domain::history::lanes::KNOWN;
use crate::theme::{Glyphs, Role};
use crate::ui::cx::Cx;
use crate::ui::signs::{joint, series_role};

/// Lanes that are drawn, by the width of the list.
pub fn most(width: u16) -> usize {
    match width {
        0..60 => 4,
        60..90 => 6,
        90..130 => 8,
        _ => 12,
    }
}

/// Cells that so many lanes take; those beyond `most` are one `…`.
pub fn width(lanes: usize, most: usize) -> u16 {
    let drawn = lanes.min(most);
    let beyond = usize::from(lanes > most);
    u16::try_from((2 * drawn).saturating_sub(1) + beyond).unwrap_or(0)
}

/// One row, from `x` on.
pub fn draw(cx: &mut Cx<'_, '_>, (x, y): (u16, u16), row: &Lanes, most: usize, head: bool) {
    let glyphs = cx.glyphs();
    let node = usize::from(row.node);
    let (from, to) = reach(row);
    for lane in 0..row.width().min(most) {
        let at = x + 2 * u16::try_from(lane).unwrap_or(0);
        let has = |mask: u16| lane < KNOWN && mask & (1 << lane) != 0;
        if lane == node {
            let (glyph, role) = commit(glyphs, row, head);
            let style = cx.style(role);
            cx.pen.text(at, y, 1, glyph, style);
        } else if has(row.through | row.joins) || (from < lane && lane < to) {
            let up = has(row.through);
            let down = has(row.through | row.joins) && !has(row.ends);
            let (left, right) = (from < lane && lane <= to, from <= lane && lane < to);
            let sideways = from < lane && lane < to;
            let joined = has(row.joins);
            let glyph = match (joined, sideways) {
                // A line that only goes past is not joined to.
                (false, true) if up => crossing(glyphs),
                (false, true) => glyphs.border.horizontal,
                _ if joined => joint(glyphs, up, down, left, right),
                _ => glyphs.border.vertical,
            };
            let role = if joined || up {
                lane_role(lane)
            } else {
                lane_role(node)
            };
            let style = cx.style(role);
            cx.pen.text(at, y, 1, glyph, style);
        }
        if from <= lane && lane < to && lane + 1 < most {
            let far = if lane >= node { to } else { from };
            let style = cx.style(lane_role(far));
            cx.pen.text(at + 1, y, 1, glyphs.border.horizontal, style);
        }
    }
    if row.width() > most || row.beyond {
        let style = cx.style(Role::Dim);
        let drawn = row.width().clamp(1, most);
        let at = x + 2 * u16::try_from(drawn).unwrap_or(1) - 1;
        cx.pen.text(at, y, 1, beyond(glyphs), style);
    }
}

/// The outermost lanes that the row's commit is joined to.
fn reach(row: &Lanes) -> (usize, usize) {
    let node = usize::from(row.node);
    if row.joins == 0 {
        return (node, node);
    }
    let first = usize::try_from(row.joins.trailing_zeros()).unwrap_or(node);
    let last = usize::try_from(15 - row.joins.leading_zeros().min(15)).unwrap_or(node);
    (first.min(node), last.max(node))
}

fn commit(glyphs: &Glyphs, row: &Lanes, head: bool) -> (&'static str, Role) {
    let ascii = glyphs.ellipsis.is_ascii();
    let glyph = match (head, row.merge, ascii) {
        (true, _, false) => "◉",
        (true, _, true) => "@",
        (false, true, false) => "○",
        (false, true, true) => "o",
        (false, false, false) => "●",
        (false, false, true) => "*",
    };
    let role = match () {
        () if row.cut => Role::Look,
        () if head => Role::Strong,
        () => lane_role(usize::from(row.node)),
    };
    (glyph, role)
}

fn crossing(glyphs: &Glyphs) -> &'static str {
    if glyphs.ellipsis.is_ascii() {
        "|"
    } else {
        "│"
    }
}

/// There are lanes that are not drawn.
fn beyond(glyphs: &Glyphs) -> &'static str {
    if glyphs.ellipsis.is_ascii() {
        "."
    } else {
        "…"
    }
}

/// The main line is quiet; the others are told apart.
fn lane_role(lane: usize) -> Role {
    match lane {
        0 => Role::Dim,
        n => series_role(n - 1),
    }
}
