//! The lines of one file that differ between two revisions, with their numbers on both sides.

use ratatui::layout::Rect;

use crate::domain::history::diff::{FileDiff, Kind, Line, Origin};
use crate::store::model::nav::Pane;
use crate::store::model::versions::history::Open;
use crate::theme::Role;
use crate::ui::cx::Cx;
use crate::ui::text;
use crate::ui::widgets::notes::{self, Empty, down, prose};
use crate::ui::widgets::page::page;

use super::commit::{pair_name, titled};

/// Cells of a line number.
const NUMBER: u16 = 5;

pub fn draw(cx: &mut Cx<'_, '_>, area: Rect, open: &Open) {
    let Open::Lines {
        pair, file, answer, ..
    } = open
    else {
        return;
    };
    let title = format!("{} · {}", file.path, pair_name(*pair));
    let inner = titled(cx, area, &title);
    cx.rows(inner, Pane::VersionDetail, 0);
    match answer {
        None => notes::empty(cx, inner, &Empty::new("Comparing.")),
        Some(Err(error)) => notes::failure(cx, inner, error),
        Some(Ok(diff)) => page(cx, area, inner, Pane::VersionDetail, &|cx, paper| {
            hunks(cx, paper, diff)
        }),
    }
}

fn hunks(cx: &mut Cx<'_, '_>, paper: Rect, diff: &FileDiff) -> u16 {
    let mut room = paper;
    if diff.kind == Kind::Lfs {
        let line = "A pointer of Git LFS: the content itself is in the LFS store.";
        down(&mut room, |room| prose(cx, room, Role::Look, line, 2));
    }
    if let Some(note) = &diff.note {
        down(&mut room, |room| prose(cx, room, Role::Look, note, 2));
    }
    let mut y = room.y;
    for (at, hunk) in diff.hunks.iter().enumerate() {
        if y >= room.bottom() {
            break;
        }
        y += u16::from(at > 0);
        if cx.pen.shows(y) {
            let style = cx.style(Role::Series4);
            let line = text::cut_end(&hunk.header, usize::from(room.width), cx.glyphs().ellipsis);
            cx.pen.text(room.x, y, room.width, &line, style);
        }
        y += 1;
        for line in &hunk.lines {
            if y >= room.bottom() {
                break;
            }
            if cx.pen.shows(y) {
                draw_line(
                    cx,
                    Rect {
                        y,
                        height: 1,
                        ..room
                    },
                    line,
                );
            }
            y += 1;
        }
    }
    y.min(paper.bottom()) - paper.y
}

fn draw_line(cx: &mut Cx<'_, '_>, area: Rect, line: &Line) {
    let (sign, role) = match line.origin {
        Origin::Same => (" ", Role::Dim),
        Origin::Added => ("+", Role::Good),
        Origin::Removed => ("-", Role::Act),
        Origin::Remark => ("\\", Role::Dim),
    };
    let number = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    let numbers = format!(
        "{:>width$} {:>width$} ",
        number(line.old),
        number(line.new),
        width = usize::from(NUMBER)
    );
    let mut x = area.x;
    if area.width > 40 {
        let style = cx.style(Role::Dim);
        x += cx.pen.text(x, area.y, area.width, &numbers, style);
    }
    let style = cx.style(role);
    let room = area.right().saturating_sub(x);
    let text = text::cut_end(
        &format!("{sign}{}", line.text),
        usize::from(room),
        cx.glyphs().ellipsis,
    );
    cx.pen.text(x, area.y, room, &text, style);
}
