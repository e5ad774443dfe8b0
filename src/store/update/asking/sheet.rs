//! Keys in a table that stands in place of the lines.

use jiff::Timestamp;

use crate::domain::log::LogTarget;
use crate::keys::command::{Command, Context};
use crate::logs::expression::Expression;

use super::super::super::effect::Effect;
use super::super::super::list::top_showing;
use super::super::super::log_ask::{FilterWay, LogAsk};
use super::super::super::model::Model;
use super::super::super::model::logs::{RowLines, SheetKind};
use super::super::super::model::nav::Pane;
use super::super::super::msg::Notice;
use super::super::lines::{self, ask};
use super::form;

/// Rows of the pane that the table's head takes, and what a row is too narrow for.
const FRAME: usize = 5;

/// Columns that one step sideways scrolls.
const SIDEWAYS: usize = 16;

/// Terminals take 74,994 bytes from one OSC 52.
const MOST_COPIED: usize = 70_000;

/// Whether a table has the keys that lines have otherwise.
pub fn covers(model: &Model) -> bool {
    model.logs.sheet().is_some() && model.nav.focus == Pane::LogLines
}

/// What a command means over a table; `None` leaves it to the others. Most commands are about lines.
pub fn refuse(model: &mut Model, command: Command) -> Option<Vec<Effect>> {
    if !covers(model) || command.context() != Context::Lines {
        return None;
    }
    let by = match command {
        Command::ScrollLeft => -1,
        Command::ScrollRight => 1,
        Command::AskInsights
        | Command::SavedQueries
        | Command::StopQuery
        | Command::Patterns
        | Command::Anomalies
        | Command::PickGroup
        | Command::Reveal => return None,
        _ => {
            let notice = Notice::info("this is about lines, and a table is open: Esc leads back");
            model.notices.push(model.now, notice);
            return Some(Vec::new());
        }
    };
    if let Some(sheet) = model.logs.sheets.last_mut() {
        sheet.left = if by < 0 {
            sheet.left.saturating_sub(SIDEWAYS)
        } else {
            sheet.left + SIDEWAYS
        };
    }
    Some(Vec::new())
}

pub fn move_by(model: &mut Model, by: i64) -> Vec<Effect> {
    let height = model
        .nav
        .height(Pane::LogLines)
        .saturating_sub(FRAME)
        .max(1);
    if let Some(sheet) = model.logs.sheets.last_mut() {
        let last = sheet.rows.len().saturating_sub(1);
        let by = isize::try_from(by).unwrap_or(if by < 0 { isize::MIN } else { isize::MAX });
        sheet.cursor = sheet.cursor.saturating_add_signed(by).min(last);
        sheet.top = top_showing(sheet.cursor, sheet.top, height, sheet.rows.len());
    }
    Vec::new()
}

/// The row shown at `row`; a second click opens it.
pub fn select(model: &mut Model, row: usize, again: bool) -> Vec<Effect> {
    let Some(sheet) = model.logs.sheets.last_mut() else {
        return Vec::new();
    };
    let at = sheet.top + row;
    if at >= sheet.rows.len() {
        return Vec::new();
    }
    let same = sheet.cursor == at;
    sheet.cursor = at;
    if same && again {
        open(model)
    } else {
        Vec::new()
    }
}

/// Back to the lines; `None` where no table covers them. The rows of an answer go with the answer.
pub fn close(model: &mut Model) -> Option<Vec<Effect>> {
    let sheet = model.logs.sheet()?;
    if sheet.kind.is_answer() {
        return super::answer::close(model);
    }
    let counts = matches!(sheet.kind, SheetKind::Patterns { .. });
    model.logs.sheets.pop();
    if model.logs.tail.is_none() && !model.settings.local {
        model.nav.focus = Pane::LogGroups;
    }
    let tail = model.logs.tail.as_ref().filter(|_| counts);
    let stop = tail.map(|tail| ask(tail, LogAsk::PatternsNoMore));
    Some(stop.into_iter().collect())
}

/// Enter: the lines that the row stands for.
pub fn open(model: &mut Model) -> Vec<Effect> {
    let Some(row) = model.logs.sheet().and_then(|sheet| sheet.selected()) else {
        return Vec::new();
    };
    match row.lines.clone() {
        None => {
            let notice = Notice::info("a row of figures has no lines of its own");
            model.notices.push(model.now, notice);
            Vec::new()
        }
        Some(RowLines::Here { filter }) => {
            let Ok(expression) = Expression::parse(&filter) else {
                return Vec::new();
            };
            let mut effects = close(model).unwrap_or_default();
            effects.extend(lines::keep(model, FilterWay::Keep, filter, expression));
            effects
        }
        Some(RowLines::There {
            regex,
            groups,
            span_ms,
        }) => {
            let targets = if groups.is_empty() {
                form::targets(model)
            } else {
                Some(groups.into_iter().map(LogTarget::group).collect())
            };
            let Some(targets) = targets else {
                return Vec::new();
            };
            let range = match (span_ms, &model.logs.asked) {
                (Some(span), _) => written(model, span),
                (None, Some(asked)) => asked.range.clone(),
                (None, None) => "-1h".to_owned(),
            };
            form::begin_lines(model, targets, &regex, range)
        }
    }
}

/// A span of time with the minutes around it.
fn written(model: &Model, (from, until): (i64, i64)) -> String {
    let zone = &model.settings.time_zone;
    let minute = |ms: i64| {
        let at = Timestamp::from_millisecond(ms).unwrap_or(model.now);
        let at = at.to_zoned(zone.clone());
        at.strftime("%Y-%m-%d %H:%M").to_string()
    };
    format!("{}..{}", minute(from), minute(until.saturating_add(60_000)))
}

/// The row under the cursor, or all of them with the names of their columns: cells with tabs between them.
pub fn copy(model: &mut Model, all: bool) -> Vec<Effect> {
    let room = &model.logs;
    let Some(sheet) = room.sheet() else {
        return Vec::new();
    };
    let line = |cells: &mut dyn Iterator<Item = &String>| {
        let cells: Vec<&str> = cells.map(String::as_str).collect();
        let line = cells.join("\t");
        if room.reveal {
            line
        } else {
            room.masker.masked(&line).into_owned()
        }
    };
    if !all {
        return match sheet.selected() {
            Some(row) => vec![Effect::Copy {
                text: line(&mut row.cells.iter()),
                what: "row".to_owned(),
            }],
            None => Vec::new(),
        };
    }
    let mut text = line(&mut sheet.columns.iter().map(|column| &column.title));
    let mut copied = 0;
    for row in &sheet.rows {
        let row = line(&mut row.cells.iter());
        if text.len() + row.len() >= MOST_COPIED {
            break;
        }
        text.push('\n');
        text.push_str(&row);
        copied += 1;
    }
    let rows = crate::domain::figures::counted(copied, "row");
    let what = if copied < sheet.rows.len() {
        format!("the first {rows}")
    } else {
        rows
    };
    vec![Effect::Copy { text, what }]
}
