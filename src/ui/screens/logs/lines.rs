//! The lines of the tail.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::domain::log::LogLevel;
use crate::domain::source_error::ErrorKind;
use crate::keys::command::Command;
use crate::logs::ask::Gap;
use crate::logs::level;
use crate::logs::told::WindowLine;
use crate::store::model::logs::Tail;
use crate::store::model::nav::Pane;
use crate::theme::Role;
use crate::ui::condition::Condition;
use crate::ui::cx::Cx;
use crate::ui::format;
use crate::ui::layout::cut_bottom;
use crate::ui::text;
use crate::ui::widgets::notes::{self, Empty};
use crate::ui::widgets::pane::pane;

use super::line::{Marked, Pieces};
use super::prefix::Columns;
use super::styled::{Styled, styled};
use super::window::shown;
use super::{gap, prompt, title};

pub fn draw(cx: &mut Cx<'_, '_>, area: Rect) {
    let Some(tail) = &cx.model.logs.tail else {
        return nothing_followed(cx, area);
    };
    let condition = Condition::of(&tail.polled);
    let followed = !tail.origin.targets().is_empty();
    let title = title::title(cx, tail, area.width);
    let badge = title::badge(cx, tail, &condition);
    let inner = pane(cx, area, Some(Pane::LogLines), &title, &badge);
    let inner = prompt::draw(cx, inner, tail);
    let banner = if followed {
        notes::banner_height(&condition, inner)
    } else {
        0
    };
    let (room, note) = cut_bottom(inner, banner);
    if banner > 0 {
        notes::banner(cx, note, &condition);
    }
    cx.rows(room, Pane::LogLines, 0);
    if !tail.window.lines.is_empty() {
        return lines(cx, room, tail);
    }
    if followed && tail.polled.value().is_none() {
        return waiting(cx, room, &condition);
    }
    empty(cx, room, tail);
}

/// The reader has nothing to show.
fn empty(cx: &mut Cx<'_, '_>, room: Rect, tail: &Tail) {
    let all = format::thousands(tail.progress.lines);
    if tail.filters_on().next().is_some() || tail.progress.lines > 0 {
        let nothing = if tail.progress.done {
            Empty::new(format!("None of {all} lines passes the filters."))
                .key(Command::Back, "takes the last filter away")
                .key(Command::ToggleFilters, "shows all lines")
        } else {
            Empty::new(format!(
                "None of the first {all} lines passes; still looking."
            ))
            .key(Command::Back, "takes the last filter away")
        };
        return notes::empty(cx, room, &nothing);
    }
    if tail.origin.targets().is_empty() {
        let text = if !tail.progress.done {
            "Reading."
        } else if tail.progress.growing {
            "No lines yet. New ones appear here by themselves."
        } else {
            "No lines: it is empty."
        };
        return notes::empty(cx, room, &Empty::new(text));
    }
    let when = tail
        .polled_at
        .map(|at| format!(", asked {}", format::ago(at, cx.model.now)))
        .unwrap_or_default();
    let nothing = Empty::new(format!(
        "No lines yet{when}. New ones appear here by themselves."
    ))
    .key(Command::LoadOlder, "looks further back")
    .key(Command::PickGroup, "chooses another group or stream");
    notes::empty(cx, room, &nothing);
}

fn nothing_followed(cx: &mut Cx<'_, '_>, area: Rect) {
    let title = cx.say(Role::Title, "Lines");
    let inner = pane(cx, area, Some(Pane::LogLines), &title, &Default::default());
    cx.rows(inner, Pane::LogLines, 0);
    let nothing = Empty::new("No log is open.")
        .key(Command::Open, "opens the selected log group")
        .key(
            Command::ShowLogs,
            "on a run, step or endpoint opens its logs",
        );
    notes::empty(cx, inner, &nothing);
}

/// No answer yet, or none to be had.
fn waiting(cx: &mut Cx<'_, '_>, room: Rect, condition: &Condition<'_>) {
    match condition.first() {
        Some(error) if error.kind == ErrorKind::Missing => {
            let nothing = Empty::new(format!(
                "{} Nothing has been written there yet ({}). Lines appear here as soon as there are some.",
                cx.glyphs().never,
                error.what
            ))
            .key(Command::PickGroup, "chooses another group or stream");
            notes::empty(cx, room, &nothing);
        }
        _ => notes::without_data(cx, room, condition, "lines"),
    }
}

/// A row to draw.
enum Row<'t> {
    Gap(&'t Gap),
    Line(LineRow<'t>),
}

/// A row of a line.
struct LineRow<'t> {
    line: &'t WindowLine,
    level: Option<LogLevel>,
    /// The first row of its line.
    first: bool,
    pieces: Pieces,
    /// The line goes on behind the right edge.
    more: bool,
}

fn lines(cx: &mut Cx<'_, '_>, room: Rect, tail: &Tail) {
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
    };
    let seen = shown(tail, height, |line| {
        let own = if layout.wrap {
            layout.rows(cx, line, None).0.len()
        } else {
            1
        };
        own + gap::rows(tail, line)
    });
    let mut rows: Vec<Row<'_>> = Vec::with_capacity(height);
    for line in seen.lines {
        rows.extend(line.gap_before.as_ref().map(Row::Gap));
        let level = level::detect(text::head(&line.text, 4096));
        let (pieces, more) = layout.rows(cx, line, level);
        for (part, pieces) in pieces.into_iter().enumerate() {
            rows.push(Row::Line(LineRow {
                line,
                level,
                first: part == 0,
                pieces,
                more,
            }));
        }
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
        columns.draw(cx, here, row.line, row.level, tail);
    }
    message(cx, here, columns.message, &row.pieces, row.more);
    let selected = tail
        .selection()
        .is_some_and(|(first, last)| (first..=last).contains(&row.line.key));
    if selected {
        let style = cx.style(Role::Key);
        cx.pen.text(here.x, here.y, 1, cx.glyphs().new_row, style);
        let style = cx.style(Role::SelectedUnfocused);
        cx.pen.restyle(here, style);
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

fn message(cx: &mut Cx<'_, '_>, here: Rect, width: u16, pieces: &Pieces, more: bool) {
    let end = here.right();
    let mut x = end - width.min(here.width);
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
}

impl Layout<'_> {
    /// The rows of a line, and whether it goes on behind the right edge.
    fn rows(
        &self,
        cx: &Cx<'_, '_>,
        line: &WindowLine,
        level: Option<LogLevel>,
    ) -> (Vec<Pieces>, bool) {
        let cells = if self.wrap {
            self.width * self.height
        } else {
            self.left.saturating_add(self.width)
        };
        let styled = interpret(cx, line, level, cells);
        let mut marks = Vec::new();
        if let Some(search) = &self.tail.search {
            marks.extend(search.expression.marks(&styled.text));
        }
        for filter in self.tail.filters_on() {
            marks.extend(filter.expression.marks(&styled.text));
        }
        let marked = Marked {
            marks,
            mark: cx.style(Role::Mark),
            line: &styled,
        };
        if self.wrap {
            (marked.wrapped(self.width, self.height), false)
        } else {
            let (row, more) = marked.sideways(self.left, self.width);
            (vec![row], more)
        }
    }
}

/// The colours of a message, of as much of it as can be on screen.
fn interpret(cx: &Cx<'_, '_>, line: &WindowLine, level: Option<LogLevel>, cells: usize) -> Styled {
    // Enough for colour sequences and combining characters.
    let bytes = cells.saturating_mul(8).saturating_add(1024);
    let message = text::head(line.text.trim_end_matches(['\n', '\r']), bytes);
    let colours = cx.style(Role::Act).fg.is_some();
    let room = &cx.model.logs;
    let masker = (!room.reveal).then_some(&*room.masker);
    styled(message, base_style(cx, level), colours, masker)
}

fn base_style(cx: &Cx<'_, '_>, level: Option<LogLevel>) -> Style {
    cx.style(match level {
        Some(LogLevel::Error) => Role::LogError,
        Some(LogLevel::Warn) => Role::LogWarn,
        Some(LogLevel::Info) | None => Role::LogInfo,
        Some(LogLevel::Debug | LogLevel::Trace) => Role::LogDebug,
    })
}
