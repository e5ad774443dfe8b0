//! A table in place of the lines: figures, patterns, anomalies. Below it what the chosen row is too narrow for.

use ratatui::layout::Rect;

use crate::domain::log::LogLevel;
use crate::keys::command::Command;
use crate::store::list::top_showing;
use crate::store::model::logs::{Anomalies, Sheet, SheetKind, SheetRow};
use crate::store::model::nav::Pane;
use crate::theme::Role;
use crate::ui::cx::Cx;
use crate::ui::layout::{cut_bottom, cut_top, margin};
use crate::ui::paint::Words;
use crate::ui::widgets::notes::{self, Empty};
use crate::ui::widgets::pane::pane;
use crate::ui::widgets::table::scroll_mark;
use crate::ui::{format, text};

use super::answer;

/// Rows below the table for the chosen row, where there is room.
const DETAIL: u16 = 4;

/// Rows whose texts are measured.
const MEASURED: usize = 500;

/// Cells between columns.
const GAP: usize = 2;

/// A column of text is no wider than this, unless it is the last one.
const WIDEST: usize = 40;

pub fn draw(cx: &mut Cx<'_, '_>, area: Rect, sheet: &Sheet) {
    let (title, right) = titles(cx, sheet);
    let inner = pane(cx, area, Some(Pane::LogLines), &title, &right);
    let inner = if sheet.kind.is_answer() {
        answer::draw(cx, inner)
    } else {
        inner
    };
    cx.rows(inner, Pane::LogLines, 0);
    if sheet.rows.is_empty() {
        return empty(cx, inner, sheet);
    }
    let has_detail = sheet.rows.iter().any(|row| !row.detail.is_empty());
    let below = if has_detail && inner.height > 2 * DETAIL {
        DETAIL
    } else {
        0
    };
    let (table, detail) = cut_bottom(inner, below);
    rows(cx, table, sheet);
    if let Some(row) = sheet.selected().filter(|_| below > 0) {
        in_full(cx, detail, row);
    }
}

fn titles<'t>(cx: &Cx<'_, '_>, sheet: &Sheet) -> (Words<'t>, Words<'t>) {
    let count = format!(" {}", format::thousands(sheet.rows.len() as u64));
    let title = match &sheet.kind {
        SheetKind::Answer => cx
            .model
            .logs
            .asked
            .as_ref()
            .map_or("Insights", |a| &a.title),
        SheetKind::AnsweredPatterns => "Patterns by Logs Insights",
        SheetKind::Patterns { .. } => "Patterns of these lines",
        SheetKind::Anomalies(_) => "Anomalies",
    };
    let title = cx
        .say(Role::Title, title.to_owned())
        .join(cx.say(Role::Text, count));
    let right = match &sheet.kind {
        SheetKind::Patterns {
            lines,
            others,
            done,
            ..
        } => {
            let lines = format::thousands(*lines);
            let others = match others {
                0 => String::new(),
                n => format!(" · {} of none", format::thousands(*n)),
            };
            if *done {
                cx.say(Role::Dim, format!("{lines} lines{others}"))
            } else {
                let counting = format!("{} {lines} lines counted", cx.glyphs().loading);
                cx.say(Role::Moving, counting)
            }
        }
        SheetKind::Anomalies(Anomalies::Loading) => {
            cx.say(Role::Moving, format!("{} loading", cx.glyphs().loading))
        }
        SheetKind::Anomalies(Anomalies::Known { missing }) if !missing.is_empty() => {
            cx.say(Role::Look, format!("{} partial", cx.glyphs().partial))
        }
        _ => Words::new(),
    };
    (title, right)
}

fn empty(cx: &mut Cx<'_, '_>, room: Rect, sheet: &Sheet) {
    let nothing = match &sheet.kind {
        SheetKind::Answer | SheetKind::AnsweredPatterns => {
            if let Some(asked) = &cx.model.logs.asked {
                answer::empty(cx, room, asked);
            }
            return;
        }
        SheetKind::Patterns { done: false, .. } => Empty::new("Counting."),
        SheetKind::Patterns { .. } => {
            Empty::new("There are no lines to count.").key(Command::Back, "back to the lines")
        }
        SheetKind::Anomalies(Anomalies::Loading) => Empty::new("Asking CloudWatch."),
        SheetKind::Anomalies(Anomalies::Failed(error)) => {
            let again = (Command::Anomalies, "asks again");
            return answer::failed(cx, room, error, again);
        }
        SheetKind::Anomalies(Anomalies::Known { .. }) => Empty::new(
            "No anomaly is known. They are found by log anomaly detectors, which are made for a log group in the \
             CloudWatch console or with: aws logs create-log-anomaly-detector --log-group-arn-list ARN",
        )
        .key(Command::Back, "back to the lines"),
    };
    notes::empty(cx, room, &nothing);
}

fn rows(cx: &mut Cx<'_, '_>, area: Rect, sheet: &Sheet) {
    let (head, body) = cut_top(area, 1);
    let height = usize::from(body.height);
    let top = top_showing(sheet.cursor, sheet.top, height, sheet.rows.len());
    let shown = sheet.rows.len().saturating_sub(top).min(height);
    cx.rows(body, Pane::LogLines, shown as u16);
    // What the keys move by is the whole pane, as for lines.
    cx.seen.heights.insert(Pane::LogLines, area.height);
    let widths = widths(sheet);
    let titles: Vec<&str> = sheet.columns.iter().map(|c| c.title.as_str()).collect();
    let style = cx.style(Role::Header);
    let title = line(sheet, &widths, &titles, cx.glyphs().ellipsis);
    cells(cx, head, sheet.left, &title, style);
    for (place, row) in sheet.rows.iter().skip(top).take(shown).enumerate() {
        let here = Rect {
            y: body.y + place as u16,
            height: 1,
            ..body
        };
        let texts: Vec<String> = row.cells.iter().map(|cell| masked(cx, cell)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let written = line(sheet, &widths, &texts, cx.glyphs().ellipsis);
        let style = cx.style(role(row.level));
        cells(cx, here, sheet.left, &written, style);
        if top + place == sheet.cursor {
            let role = if cx.has_focus(Pane::LogLines) {
                Role::Selected
            } else {
                Role::SelectedUnfocused
            };
            let style = cx.style(role);
            cx.pen.restyle(here, style);
        }
    }
    if sheet.rows.len() > height {
        scroll_mark(cx, body, top, sheet.rows.len());
    }
}

fn role(level: Option<LogLevel>) -> Role {
    match level {
        Some(LogLevel::Error) => Role::LogError,
        Some(LogLevel::Warn) => Role::LogWarn,
        Some(LogLevel::Info) | None => Role::LogInfo,
        Some(LogLevel::Debug | LogLevel::Trace) => Role::LogDebug,
    }
}

/// Secrets are masked as in lines.
fn masked(cx: &Cx<'_, '_>, text: &str) -> String {
    let room = &cx.model.logs;
    if room.reveal {
        text.to_owned()
    } else {
        room.masker.masked(text).into_owned()
    }
}

fn widths(sheet: &Sheet) -> Vec<usize> {
    let last = sheet.columns.len().saturating_sub(1);
    let columns = sheet.columns.iter().enumerate();
    let widths = columns.map(|(at, column)| {
        let cells = sheet.rows.iter().take(MEASURED);
        let cells = cells.filter_map(|row| row.cells.get(at));
        let widest = cells
            .map(|cell| text::width(&text::safe(text::head(cell, 400))))
            .max();
        let widest = widest
            .unwrap_or(0)
            .max(text::width(&text::safe(&column.title)));
        if at == last {
            widest
        } else {
            widest.min(WIDEST)
        }
    });
    widths.collect()
}

/// Cells side by side, as one text.
fn line(sheet: &Sheet, widths: &[usize], texts: &[&str], ellipsis: &str) -> String {
    let mut line = String::new();
    let columns = sheet.columns.iter().zip(widths).zip(texts);
    for (at, ((column, &width), cell)) in columns.enumerate() {
        if at > 0 {
            line.push_str(&" ".repeat(GAP));
        }
        let is_last = at + 1 == sheet.columns.len();
        let cell = text::safe(cell);
        let cell = if is_last && !column.right {
            cell.into_owned()
        } else {
            text::cut_end(&cell, width, ellipsis)
        };
        let blanks = width.saturating_sub(text::width(&cell));
        let (before, after) = if column.right {
            (blanks, 0)
        } else {
            (0, blanks)
        };
        line.push_str(&" ".repeat(before));
        line.push_str(&cell);
        if !is_last {
            line.push_str(&" ".repeat(after));
        }
    }
    line
}

fn cells(cx: &mut Cx<'_, '_>, here: Rect, left: usize, line: &str, style: ratatui::style::Style) {
    let skipped = text::take_front(line, left).len();
    let room = here.width.saturating_sub(2);
    let shown = text::cut_end(&line[skipped..], usize::from(room), cx.glyphs().ellipsis);
    cx.pen.text(here.x + 1, here.y, room, &shown, style);
}

/// The chosen row in full, as far as it fits.
fn in_full(cx: &mut Cx<'_, '_>, area: Rect, row: &SheetRow) {
    let (rule, room) = cut_top(area, 1);
    let style = cx.style(Role::Border);
    let line = cx.glyphs().border.horizontal;
    cx.pen.run(rule.x, rule.y, rule.width, line, style);
    let room = margin(room, 1);
    let mut y = room.y;
    for text in &row.detail {
        let text = masked(cx, text);
        let left = usize::from(room.bottom().saturating_sub(y));
        if left == 0 {
            return;
        }
        let text = text::safe(&text);
        let lines = text::wrap(&text, usize::from(room.width), left, cx.glyphs().ellipsis);
        let style = cx.style(Role::Text);
        for line in lines {
            cx.pen.text(room.x, y, room.width, &line, style);
            y += 1;
        }
    }
}
