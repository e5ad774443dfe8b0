//! What CloudWatch's anomaly detectors noticed.

use crate::domain::insights::LogAnomaly;
use crate::domain::log::LogLevel;
use crate::domain::source_error::Answer;

use super::super::super::effect::Effect;
use super::super::super::model::Model;
use super::super::super::model::logs::{
    Anomalies, RowLines, Sheet, SheetColumn, SheetKind, SheetRow,
};
use super::super::super::model::nav::{Pane, Screen};
use super::super::super::msg::Notice;
use super::super::navigate;
use super::template;

/// Lists them in place of the lines, asked for anew each time.
pub fn open(model: &mut Model) -> Vec<Effect> {
    if model.settings.local {
        let text = "anomalies are CloudWatch's; P counts the patterns of these lines";
        model.notices.push(model.now, Notice::info(text));
        return Vec::new();
    }
    let mut effects = Vec::new();
    if model.nav.screen != Screen::Logs {
        effects.extend(navigate::go(model, Screen::Logs));
    }
    model.nav.focus = Pane::LogLines;
    let columns = ["priority", "state", "last seen", "pattern", "group"];
    let columns = columns.map(|title| SheetColumn {
        title: title.to_owned(),
        right: false,
    });
    let kind = SheetKind::Anomalies(Anomalies::Loading);
    model.logs.sheets.retain(|sheet| !is_this(sheet));
    model.logs.sheets.push(Sheet::new(kind, columns.into()));
    effects.push(Effect::LoadAnomalies);
    effects
}

fn is_this(sheet: &Sheet) -> bool {
    matches!(sheet.kind, SheetKind::Anomalies(_))
}

pub fn receive(model: &mut Model, answer: Answer<Vec<LogAnomaly>>) {
    let zone = &model.settings.time_zone;
    let Some(sheet) = model.logs.sheets.iter_mut().find(|sheet| is_this(sheet)) else {
        return;
    };
    model.changed = true;
    let anomalies = match answer {
        Ok(partial) => {
            sheet.kind = SheetKind::Anomalies(Anomalies::Known {
                missing: partial.missing,
            });
            partial.value
        }
        Err(error) => {
            sheet.kind = SheetKind::Anomalies(Anomalies::Failed(error));
            return;
        }
    };
    let rows = anomalies.into_iter().map(|anomaly| {
        let time = |at: jiff::Timestamp| {
            let at = at.to_zoned(zone.clone());
            at.strftime("%b %d %H:%M").to_string()
        };
        let priority = anomaly.priority.unwrap_or_default();
        let seen = [anomaly.first_seen, anomaly.last_seen].map(|at| at.map(time));
        let [first, last] = seen.map(Option::unwrap_or_default);
        let group = anomaly.groups.join(", ");
        let regex = template::regex(&anomaly.pattern);
        let span = anomaly.first_seen.zip(anomaly.last_seen);
        SheetRow {
            cells: vec![
                priority.to_lowercase(),
                if anomaly.is_active { "active" } else { "over" }.to_owned(),
                last.clone(),
                anomaly.pattern.clone(),
                group.clone(),
            ],
            level: match priority.as_str() {
                "HIGH" => Some(LogLevel::Error),
                "MEDIUM" => Some(LogLevel::Warn),
                _ => None,
            },
            detail: vec![
                anomaly.description,
                anomaly.pattern,
                format!("{group} · from {first} to {last}"),
            ],
            lines: (!regex.is_empty() && !anomaly.groups.is_empty()).then(|| RowLines::There {
                regex,
                groups: anomaly.groups,
                span_ms: span.map(|(a, b)| (a.as_millisecond(), b.as_millisecond())),
            }),
            id: anomaly.id,
        }
    });
    sheet.fill(rows.collect());
}
