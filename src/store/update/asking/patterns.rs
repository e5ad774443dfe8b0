//! What the lines at hand have in common: counted here, and asked of Logs Insights by the same key again.

use crate::logs::told::Patterns;

use super::super::super::effect::Effect;
use super::super::super::log_ask::LogAsk;
use super::super::super::model::Model;
use super::super::super::model::logs::{RowLines, Sheet, SheetColumn, SheetKind, SheetRow};
use super::super::super::msg::Notice;
use super::super::lines::ask;
use super::figures::{percent, word};
use super::form;

/// Counts the patterns of the shown lines; over them, asks for those of all lines.
pub fn open(model: &mut Model) -> Vec<Effect> {
    let over = model.logs.sheet().map(|sheet| &sheet.kind);
    if over.is_some_and(|kind| kind.is_answer() || matches!(kind, SheetKind::Patterns { .. })) {
        return form::begin_patterns(model);
    }
    let Some(tail) = &mut model.logs.tail else {
        let notice = Notice::info("no log is open; Enter on a log group opens it");
        model.notices.push(model.now, notice);
        return Vec::new();
    };
    tail.generation += 1;
    let generation = tail.generation;
    let columns = [
        ("count", true),
        ("share", true),
        ("level", false),
        ("pattern", false),
    ];
    let columns = columns.map(|(title, right)| SheetColumn {
        title: title.to_owned(),
        right,
    });
    let kind = SheetKind::Patterns {
        generation,
        lines: 0,
        others: 0,
        done: false,
    };
    model.logs.sheets.push(Sheet::new(kind, columns.into()));
    vec![ask(tail, LogAsk::Patterns { generation })]
}

/// The reader has counted, or goes on counting.
pub fn receive(model: &mut Model, patterns: Patterns) {
    let is_it = |sheet: &&mut Sheet| matches!(sheet.kind, SheetKind::Patterns { generation, .. } if generation == patterns.generation);
    let Some(sheet) = model.logs.sheets.iter_mut().find(is_it) else {
        return;
    };
    sheet.kind = SheetKind::Patterns {
        generation: patterns.generation,
        lines: patterns.lines,
        others: patterns.others,
        done: patterns.done,
    };
    let all = patterns.lines.max(1) as f64;
    let rows = patterns.shown.into_iter().map(|pattern| {
        let level = pattern.level;
        SheetRow {
            cells: vec![
                crate::domain::figures::thousands(pattern.count),
                percent(pattern.count as f64 / all),
                level.map_or("", word).to_owned(),
                pattern.template.clone(),
            ],
            level,
            detail: vec![format!("for one: {}", pattern.example)],
            lines: Some(RowLines::Here {
                filter: pattern.filter,
            }),
            id: pattern.template,
        }
    });
    sheet.fill(rows.collect());
}
