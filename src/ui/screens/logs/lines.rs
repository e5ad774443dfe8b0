//! The lines of the tail.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::domain::log::LogLevel;
use crate::domain::source_error::ErrorKind;
use crate::keys::command::Command;
use crate::logs::filter::LineFilter;
use crate::logs::store::{LogStore, StoredLine};
use crate::store::model::logs::Tail;
use crate::store::model::nav::Pane;
use crate::theme::Role;
use crate::ui::condition::{Condition, Kind};
use crate::ui::cx::Cx;
use crate::ui::layout::cut_bottom;
use crate::ui::paint::Words;
use crate::ui::screens::list::filter_line;
use crate::ui::widgets::notes::{self, Empty};
use crate::ui::widgets::pane::pane;
use crate::ui::{format, text};

use super::ansi::{self, Styled};
use super::line::{Marked, Pieces, marks};
use super::prefix::Columns;
use super::window::window;

pub fn draw(cx: &mut Cx<'_, '_>, area: Rect) {
    let Some(tail) = &cx.model.logs.tail else {
        return nothing_followed(cx, area);
    };
    let condition = Condition::of(&tail.lines);
    let title = title(cx, tail, area.width);
    let badge = badge(cx, tail, &condition);
    let inner = pane(cx, area, Some(Pane::LogLines), &title, &badge);
    let inner = filter_line(cx, inner, Pane::LogLines, &tail.filter, None);
    let banner = notes::banner_height(&condition, inner);
    let (room, note) = cut_bottom(inner, banner);
    if banner > 0 {
        notes::banner(cx, note, &condition);
    }
    cx.rows(room, Pane::LogLines, 0);
    match tail.lines.value() {
        None => waiting(cx, room, &condition),
        Some(store) if store.is_empty() => {
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
        Some(store) => lines(cx, room, store, tail),
    }
}

fn nothing_followed(cx: &mut Cx<'_, '_>, area: Rect) {
    let title = cx.say(Role::Title, "Lines");
    let inner = pane(cx, area, Some(Pane::LogLines), &title, &Words::new());
    cx.rows(inner, Pane::LogLines, 0);
    let nothing = Empty::new("No log is open.")
        .key(Command::Open, "opens the selected log group")
        .key(
            Command::ShowLogs,
            "on a run, step or endpoint opens its logs",
        );
    notes::empty(cx, inner, &nothing);
}

/// `churn-train #212 / Train · 1,204 lines · cuda`
fn title<'t>(cx: &Cx<'_, '_>, tail: &Tail, width: u16) -> Words<'t> {
    let room = usize::from(width / 2).max(12);
    let ellipsis = cx.glyphs().ellipsis;
    let mut words = cx.say(Role::Title, text::cut_middle(&tail.title, room, ellipsis));
    if let Some(store) = tail.lines.value() {
        let count = format::counted(store.len(), "line");
        words.push(format!(" · {count}"), cx.style(Role::Text));
        if store.dropped() > 0 {
            let dropped = format::thousands(store.dropped());
            words.push(format!(" · {dropped} dropped"), cx.style(Role::Look));
        }
        if store.sources().len() > 1 {
            let streams = format::counted(store.sources().len(), "stream");
            words.push(format!(" · {streams}"), cx.style(Role::Dim));
        }
    }
    if !tail.filter.trim().is_empty() && cx.model.nav.filtering != Some(Pane::LogLines) {
        words.push(" · ", cx.style(Role::Dim));
        let filter = text::cut_end(tail.filter.trim(), 40, ellipsis);
        words.push(filter, cx.mark());
    }
    if tail.loading_older {
        let loading = format!(" · {} older lines", cx.glyphs().loading);
        words.push(loading, cx.style(Role::Moving));
    } else if tail.at_start {
        words.push(" · from the start", cx.style(Role::Dim));
    }
    words
}

/// Whether it follows, and the age of the last answer.
fn badge<'t>(cx: &Cx<'_, '_>, tail: &Tail, condition: &Condition<'_>) -> Words<'t> {
    let mut words = if tail.follow {
        cx.say(Role::Moving, format!("{} following", cx.glyphs().moving))
    } else {
        cx.say(Role::Text, format!("{} standing", cx.glyphs().stopped))
    };
    words.push(" · ", cx.style(Role::Dim));
    words.join(match (condition.kind, tail.polled_at) {
        (Kind::Fresh, Some(at)) => cx.say(Role::Dim, format::age(at, cx.model.now)),
        _ => condition.badge(cx),
    })
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

fn lines(cx: &mut Cx<'_, '_>, room: Rect, store: &LogStore, tail: &Tail) {
    let filter = LineFilter::parse(&tail.filter);
    let height = usize::from(room.height);
    if height == 0 || room.width == 0 {
        return;
    }
    let columns = Columns::of(cx, room.width, store);
    let layout = Layout {
        filter: &filter,
        width: usize::from(columns.message),
        height,
        left: cx.model.logs.left,
        wrap: cx.model.logs.wrap,
    };
    let seen = window(store, tail, &filter, height, |line| {
        if layout.wrap {
            layout.rows(cx, line).0.len()
        } else {
            1
        }
    });
    if seen.lines.is_empty() {
        let all = format::thousands(store.len() as u64);
        let filter = tail.filter.trim();
        let nothing = Empty::new(format!("None of {all} lines matches `{filter}`."))
            .key(Command::Back, "clears the filter")
            .key(Command::LoadOlder, "loads older lines");
        return notes::empty(cx, room, &nothing);
    }
    let mut rows: Vec<(&StoredLine, bool, Pieces, bool)> = Vec::with_capacity(height);
    for line in seen.lines {
        let (pieces, more) = layout.rows(cx, line);
        for (part, row) in pieces.into_iter().enumerate() {
            rows.push((line, part == 0, row, more));
        }
    }
    if seen.from_bottom {
        let over = rows.len().saturating_sub(height);
        rows.drain(..over);
    }
    rows.truncate(height);
    cx.rows(room, Pane::LogLines, rows.len() as u16);
    for (i, (line, first, pieces, more)) in rows.into_iter().enumerate() {
        let here = Rect {
            y: room.y + i as u16,
            height: 1,
            ..room
        };
        if first || i == 0 {
            columns.draw(cx, here, line, store);
        }
        message(cx, here, columns.message, &pieces, more);
        if tail.cursor == Some(line.id) && !tail.follow {
            let role = if cx.has_focus(Pane::LogLines) {
                Role::Selected
            } else {
                Role::SelectedUnfocused
            };
            let style = cx.style(role);
            cx.pen.restyle(here, style);
        }
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
struct Layout<'f> {
    filter: &'f LineFilter,
    /// Cells for the message.
    width: usize,
    /// Rows of the pane: no line needs more.
    height: usize,
    left: usize,
    wrap: bool,
}

impl Layout<'_> {
    /// The rows of a line, and whether it goes on behind the right edge.
    fn rows(&self, cx: &Cx<'_, '_>, line: &StoredLine) -> (Vec<Pieces>, bool) {
        let cells = if self.wrap {
            self.width * self.height
        } else {
            self.left.saturating_add(self.width)
        };
        let styled = interpret(cx, line, cells);
        let marked = Marked {
            marks: marks(&styled.text, self.filter.marks()),
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
fn interpret(cx: &Cx<'_, '_>, line: &StoredLine, cells: usize) -> Styled {
    // Enough for colour sequences and combining characters.
    let bytes = cells.saturating_mul(8).saturating_add(1024);
    let message = text::head(line.message.trim_end_matches(['\n', '\r']), bytes);
    let colours = cx.style(Role::Act).fg.is_some();
    ansi::interpret(message, base_style(cx, line.level), colours)
}

fn base_style(cx: &Cx<'_, '_>, level: Option<LogLevel>) -> Style {
    cx.style(match level {
        Some(LogLevel::Error) => Role::LogError,
        Some(LogLevel::Warn) => Role::LogWarn,
        Some(LogLevel::Info) | None => Role::LogInfo,
        Some(LogLevel::Debug | LogLevel::Trace) => Role::LogDebug,
    })
}
