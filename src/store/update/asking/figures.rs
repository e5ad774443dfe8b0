//! Rows of a query that are no log lines, as a table: figures, chosen fields, patterns.

use crate::domain::figures::thousands;
use crate::domain::log::LogLevel;
use crate::logs::{ansi, level};

use super::super::super::model::Model;
use super::super::super::model::logs::{RowLines, Sheet, SheetColumn, SheetKind, SheetRow};
use super::template;

/// Longer values are told in full below the table.
const LONG: usize = 24;

/// A row as it came.
type Values = Vec<Option<String>>;

/// Shows them in place of the lines.
pub fn show(model: &mut Model, columns: Vec<String>, rows: &[Values]) {
    let place = |name: &str| columns.iter().position(|column| column == name);
    let (kind, heads, rows) = match place("@pattern") {
        Some(pattern) => {
            let rows = patterns(rows, pattern, &place);
            let heads = ["count", "share", "level", "pattern"].map(str::to_owned);
            (SheetKind::AnsweredPatterns, Vec::from(heads), rows)
        }
        None => (SheetKind::Answer, columns.clone(), figures(&columns, rows)),
    };
    let heads = heads.into_iter().enumerate().map(|(at, title)| {
        let values = || {
            rows.iter()
                .filter_map(move |row: &SheetRow| row.cells.get(at))
        };
        let is_number = |text: &String| text.is_empty() || is_number(text);
        let is_time = values().any(|text| is_time(text));
        SheetColumn {
            right: values().all(is_number) && values().any(|text| !text.is_empty()),
            // As CloudWatch tells it.
            title: if is_time {
                format!("{title} UTC")
            } else {
                title
            },
        }
    });
    let heads: Vec<SheetColumn> = heads.collect();
    let sheets = &mut model.logs.sheets;
    let known = sheets.iter_mut().find(|sheet| sheet.kind == kind);
    match known {
        Some(sheet) => {
            sheet.columns = heads;
            sheet.fill(rows);
        }
        None => {
            let mut sheet = Sheet::new(kind, heads);
            sheet.fill(rows);
            // Behind what was opened in the meantime.
            sheets.insert(0, sheet);
        }
    }
}

fn figures(columns: &[String], rows: &[Values]) -> Vec<SheetRow> {
    let rows = rows.iter().map(|values| {
        let cells: Vec<String> = values
            .iter()
            .map(|value| plain(value.as_deref().unwrap_or_default()))
            .collect();
        let long = columns.iter().zip(&cells);
        let long = long.filter(|(_, cell)| cell.chars().count() > LONG);
        let names = cells.iter().filter(|cell| !is_number(cell));
        SheetRow {
            id: names.cloned().collect::<Vec<_>>().join("\u{1f}"),
            level: columns
                .iter()
                .zip(&cells)
                .find_map(|(column, cell)| level_of(column, cell)),
            detail: long.map(|(name, cell)| format!("{name}: {cell}")).collect(),
            lines: None,
            cells,
        }
    });
    rows.collect()
}

fn level_of(column: &str, value: &str) -> Option<LogLevel> {
    let message = column == "@message";
    let named = matches!(column, "level" | "lvl" | "severity" | "levelname");
    if message {
        level::detect(value)
    } else if named {
        level::named(value.as_bytes())
    } else {
        None
    }
}

fn patterns(
    rows: &[Values],
    pattern: usize,
    place: &impl Fn(&str) -> Option<usize>,
) -> Vec<SheetRow> {
    let (count, ratio) = (place("@sampleCount"), place("@ratio"));
    let severity = place("@severityLabel");
    let rows = rows.iter().map(|values| {
        let value = |at: Option<usize>| at.and_then(|at| values.get(at)?.as_deref());
        let text = plain(value(Some(pattern)).unwrap_or_default());
        let share = value(ratio).and_then(|ratio| ratio.parse::<f64>().ok());
        let count = value(count).unwrap_or_default();
        let level = match value(severity) {
            Some(label) => level::named(label.as_bytes()),
            None => level::detect(&text),
        };
        let regex = template::regex(&text);
        SheetRow {
            cells: vec![
                count.parse().map_or_else(|_| count.to_owned(), thousands),
                share.map_or_else(String::new, percent),
                level.map_or("", word).to_owned(),
                text.clone(),
            ],
            level,
            detail: vec![text.clone()],
            lines: (!regex.is_empty()).then_some(RowLines::There {
                regex,
                groups: Vec::new(),
                span_ms: None,
            }),
            id: text,
        }
    });
    rows.collect()
}

/// A share of one: `12.5 %`.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 0.1 {
        "< 0.1 %".to_owned()
    } else {
        format!("{percent:.1} %")
    }
}

pub fn word(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Trace => "trace",
        LogLevel::Debug => "debug",
        LogLevel::Info => "info",
        LogLevel::Warn => "warn",
        LogLevel::Error => "error",
    }
}

/// In one line, without colours.
fn plain(value: &str) -> String {
    let text = if value.contains(char::is_control) {
        let text = ansi::interpret(value).text;
        text.trim().replace('\n', " ")
    } else {
        value.trim().to_owned()
    };
    // `2026-11-22 13:15:00.000` tells no milliseconds.
    match text.strip_suffix(".000") {
        Some(second) if is_time(&text) => second.to_owned(),
        _ => text,
    }
}

fn is_number(text: &str) -> bool {
    let digits: String = text.chars().filter(|c| *c != ',').collect();
    let digits = digits.trim_start_matches("< ").trim_end_matches(" %");
    digits.parse::<f64>().is_ok()
}

/// `2026-11-22 13:15:00.000`
fn is_time(text: &str) -> bool {
    let shape = |(at, b): (usize, u8)| match at {
        4 | 7 => b == b'-',
        10 => b == b' ',
        13 | 16 => b == b':',
        19 => b == b'.',
        _ => b.is_ascii_digit(),
    };
    matches!(text.len(), 19 | 23) && text.bytes().enumerate().all(shape)
}
