//! The lines on screen, row by row.

use ratatui::layout::Rect;

use crate::domain::log::LogLevel;
use crate::logs::ask::Gap;
use crate::logs::level;
use crate::logs::told::WindowLine;
use crate::store::folds::Folds;
use crate::store::model::logs::Tail;
use crate::store::model::nav::Pane;
use crate::theme::Role;
use crate::ui::cx::Cx;
use crate::ui::{format, text};

use super::gap;
use super::line::{Marked, Pieces};
use super::message::interpret;
use super::prefix::Columns;
use super::window::shown;

/// Cells that a note needs to tell anything.
const SHORTEST_NOTE: u16 = 8;

/// A row to draw.
enum Row<'t> {
    Gap(&'t Gap),
    Line(LineRow<'t>),
}

/// A row of a line.
struct LineRow<'t> {
    line: &'t WindowLine,
    /// Time of the shown line above.
    before: Option<i64>,
    level: Option<LogLevel>,
    /// The first row of its line.
    first: bool,
    /// What it stands for when lines are folded behind it.
    label: String,
    pieces: Pieces,
    /// The line goes on behind the right edge.
    more: bool,
}

/// The lines that fit, from the top or from the bottom.
pub fn draw(cx: &mut Cx<'_, '_>, room: Rect, tail: &Tail) {
    let height = usize::from(room.height);
    if height == 0 || room.width == 0 {
        return;
    }
    let columns = Columns::of(cx, room.width, tail);
    let layout = Layout {
        tail,
        width: usize::from(columns.message),
        height,
        left: cx.model.logs.left,
        wrap: cx.model.logs.wrap,
        folds: Folds::of(tail),
    };
    let seen = shown(tail, height, |line| {
        let own = if layout.folds.behind(line.key).is_some() {
            0
        } else {
            layout.height_of(cx, line)
        };
        own + gap::rows(tail, line)
    });
    let mut rows: Vec<Row<'_>> = Vec::with_capacity(height);
    let mut before = layout.time_above(seen.lines);
    for line in seen.lines {
        rows.extend(line.gap_before.as_ref().map(Row::Gap));
        if layout.folds.behind(line.key).is_some() {
            rows.extend(gap::after(tail, line).map(Row::Gap));
            continue;
        }
        let level = level::detect(text::head(&line.text, 4096));
        let label = layout.label(cx, line);
        let parts = layout.rows(cx, line, level);
        for (part, (pieces, more)) in parts.into_iter().enumerate() {
            rows.push(Row::Line(LineRow {
                line,
                before,
                level,
                first: part == 0,
                label: label.clone(),
                pieces,
                more,
            }));
        }
        before = line.at_ms.or(before);
        rows.extend(gap::after(tail, line).map(Row::Gap));
    }
    if seen.from_bottom {
        let over = rows.len().saturating_sub(height);
        rows.drain(..over);
    }
    rows.truncate(height);
    cx.rows(room, Pane::LogLines, rows.len() as u16);
    for (i, row) in rows.into_iter().enumerate() {
        let here = Rect {
            y: room.y + i as u16,
            height: 1,
            ..room
        };
        match row {
            Row::Gap(gap) => gap::draw(cx, here, gap),
            Row::Line(row) => line_row(cx, here, &columns, &row, i == 0, tail),
        }
    }
}

fn line_row(
    cx: &mut Cx<'_, '_>,
    here: Rect,
    columns: &Columns,
    row: &LineRow<'_>,
    topmost: bool,
    tail: &Tail,
) {
    if row.first || topmost {
        columns.draw(cx, here, (row.line, row.before), row.level, tail);
    }
    let message_width = columns.message - text::width(&row.label) as u16;
    if row.first {
        let x = here.right() - columns.message;
        let style = cx.style(Role::Dim);
        cx.pen.text(x, here.y, columns.message, &row.label, style);
    }
    let used = message(cx, here, message_width, &row.pieces, row.more);
    let selected = tail
        .selection()
        .is_some_and(|(first, last)| (first..=last).contains(&row.line.key));
    if selected {
        let style = cx.style(Role::Key);
        cx.pen.text(here.x, here.y, 1, cx.glyphs().new_row, style);
        let style = cx.style(Role::SelectedUnfocused);
        cx.pen.restyle(here, style);
    }
    if row.first
        && let Some(note) = tail.bookmarks.get(&row.line.key)
    {
        bookmark(cx, here, note, message_width.saturating_sub(used));
    }
    if tail.cursor == Some(row.line.key) && !tail.follow {
        let role = if cx.has_focus(Pane::LogLines) {
            Role::Selected
        } else {
            Role::SelectedUnfocused
        };
        let style = cx.style(role);
        cx.pen.restyle(here, style);
    }
}

/// A sign at the left, and the note at the right where there is `room` for it.
fn bookmark(cx: &mut Cx<'_, '_>, here: Rect, note: &str, room: u16) {
    let style = cx.style(Role::Accent);
    cx.pen.text(here.x, here.y, 1, cx.glyphs().bookmark, style);
    if note.is_empty() || room < SHORTEST_NOTE {
        return;
    }
    let note = text::cut_end(note, usize::from(room - 2), cx.glyphs().ellipsis);
    let words = cx.say(Role::Accent, format!("{note} "));
    cx.pen.words_right(here, &words);
}

/// Answers how many cells it took.
fn message(cx: &mut Cx<'_, '_>, here: Rect, width: u16, pieces: &Pieces, more: bool) -> u16 {
    let end = here.right();
    let start = end - width.min(here.width);
    let mut x = start;
    for (text, style) in pieces {
        if x >= end {
            break;
        }
        x += cx.pen.text(x, here.y, end - x, text, *style);
    }
    if more {
        let style = cx.style(Role::Dim);
        cx.pen.text(end - 1, here.y, 1, cx.glyphs().ellipsis, style);
    }
    x - start
}

/// How messages become rows.
struct Layout<'t> {
    tail: &'t Tail,
    /// Cells for the message.
    width: usize,
    /// Rows of the pane: no line needs more.
    height: usize,
    left: usize,
    wrap: bool,
    folds: Folds,
}

impl Layout<'_> {
    /// `▸ 12 lines ` before what stands for them, where there is room.
    fn label(&self, cx: &Cx<'_, '_>, line: &WindowLine) -> String {
        match self.folds.size(line.key) {
            Some(size) if self.width > 24 => {
                format!("{} {} ", cx.glyphs().folded, format::counted(size, "line"))
            }
            Some(_) if self.width > 4 => format!("{} ", cx.glyphs().folded),
            _ => String::new(),
        }
    }

    /// The time of the nearest shown line before these.
    fn time_above(&self, seen: &[WindowLine]) -> Option<i64> {
        let first = seen.first()?.key;
        let lines = &self.tail.window.lines;
        let above = &lines[..lines.partition_point(|line| line.key < first)];
        let shown = |line: &&WindowLine| self.folds.behind(line.key).is_none();
        above.iter().rev().filter(shown).find_map(|line| line.at_ms)
    }

    /// How many rows a line takes.
    fn height_of(&self, cx: &Cx<'_, '_>, line: &WindowLine) -> usize {
        let is_long = self.wrap || line.text.trim_ascii_end().contains('\n');
        if is_long {
            self.rows(cx, line, None).len()
        } else {
            1
        }
    }

    /// The rows of a line, and whether each goes on behind the right edge.
    fn rows(
        &self,
        cx: &Cx<'_, '_>,
        line: &WindowLine,
        level: Option<LogLevel>,
    ) -> Vec<(Pieces, bool)> {
        let width = self.width - text::width(&self.label(cx, line));
        let part = self.folds.part(line.key);
        let cells = if self.wrap {
            width * self.height
        } else if part.is_none() && line.text.contains('\n') {
            self.left.saturating_add(width).saturating_mul(self.height)
        } else {
            self.left.saturating_add(width)
        };
        let styled = interpret(cx, line, part, level, cells);
        let mut marks = Vec::new();
        if let Some(search) = &self.tail.search {
            marks.extend(search.expression.marks(&styled.text));
        }
        // Also while they hide nothing: one sees which lines they mean.
        for filter in self.tail.filters.iter().filter(|filter| filter.on) {
            marks.extend(filter.expression.marks(&styled.text));
        }
        let marked = Marked {
            marks,
            mark: cx.style(Role::Mark),
            line: &styled,
        };
        if self.wrap {
            let rows = marked.wrapped(width, self.height).into_iter();
            rows.map(|row| (row, false)).collect()
        } else {
            marked.sideways(self.left, width, self.height)
        }
    }
}
