//! One endpoint: how it is and why, its variants, signals, alarms and facts.

use ratatui::layout::Rect;

use crate::domain::alarm::Alarm;
use crate::domain::console;
use crate::findings::{Finding, Subject};
use crate::keys::command::Command;
use crate::store::model::Model;
use crate::store::model::endpoints::EndpointRow;
use crate::store::model::nav::Pane;
use crate::store::rows::{selected_endpoint, variant_rows};
use crate::store::table::{Cell, visible_rows};
use crate::store::tables::variants::{COLUMNS, VariantRow};
use crate::theme::Role;
use crate::ui::condition::Condition;
use crate::ui::cx::Cx;
use crate::ui::layout::{cut_bottom, cut_top, margin};
use crate::ui::paint::Words;
use crate::ui::screens::list::filter_line;
use crate::ui::signs;
use crate::ui::text;
use crate::ui::widgets::cells::{health_glyph, health_role};
use crate::ui::widgets::facts::{Fact, facts, heading};
use crate::ui::widgets::notes::{self, Empty, down, prose};
use crate::ui::widgets::page::page;
use crate::ui::widgets::pane::pane;
use crate::ui::widgets::table::Table;

use super::signals;

/// Draws the detail of the selected endpoint; with charts where no third pane shows them.
pub fn draw(cx: &mut Cx<'_, '_>, area: Rect, charts: bool) {
    let model = cx.model;
    let Some(row) = selected_endpoint(model) else {
        let title = cx.say(Role::Title, "Endpoint");
        let inner = pane(cx, area, Some(Pane::EndpointDetail), &title, &Words::new());
        cx.rows(inner, Pane::EndpointDetail, 0);
        let nothing = Empty::new("No endpoint is selected.").key(Command::Back, "back to the list");
        notes::empty(cx, inner, &nothing);
        return;
    };
    let name = text::cut_middle(&row.endpoint.name, 44, cx.glyphs().ellipsis);
    let title = cx
        .say(Role::Title, name)
        .join(cx.say(Role::Dim, format!(" · {}", row.endpoint.status)));
    let condition = Condition::of(&model.endpoints.metrics);
    let badge = condition.badge(cx);
    let inner = pane(cx, area, Some(Pane::EndpointDetail), &title, &badge);
    let inner = filter(cx, inner);
    let (inner, note) = cut_bottom(inner, notes::banner_height(&condition, inner));
    notes::banner(cx, note, &condition);
    page(cx, area, inner, Pane::EndpointDetail, &|cx, paper| {
        let mut room = margin(paper, 1);
        down(&mut room, |room| health(cx, room, row));
        down(&mut room, |room| next(cx, room, row));
        down(&mut room, |room| serves(cx, room, row));
        room = cut_top(room, 1).1;
        variants(cx, &mut room, paper);
        // Alarms and facts keep their lines; the charts take what is between, if it is enough to read, or come last.
        let left = inner.height.saturating_sub(room.y - paper.y);
        let below = (row.alarms.len() as u16).min(4) + 9;
        let between = left.saturating_sub(below);
        let fits = between >= signals::LEAST_HEIGHT;
        if charts && fits {
            down(&mut room, |room| signals::charts(cx, room, row, between));
        }
        down(&mut room, |room| alarms(cx, room, &row.alarms));
        down(&mut room, |room| endpoint_facts(cx, room, row));
        if charts && !fits && signals::any(row) {
            room = cut_top(room, 1).1;
            down(&mut room, |room| {
                signals::charts(cx, room, row, 3 * signals::LEAST_HEIGHT)
            });
        }
        room.y - paper.y
    });
}

/// The word and every reason for it.
fn health(cx: &mut Cx<'_, '_>, mut room: Rect, row: &EndpointRow) -> u16 {
    let start = room.y;
    let health = row.health.health;
    let role = match health_role(health) {
        Role::Dim => Role::Text,
        role => role,
    };
    let mut words = cx.say(
        role,
        format!("{} {}", health_glyph(health, cx.glyphs()), health.key()),
    );
    if let Some(at) = row.health.reasons.iter().filter_map(|r| r.since).min() {
        words.push(
            format!(" since {}", cx.time_and_age(at)),
            cx.style(Role::Text),
        );
    }
    if row.health.reasons.is_empty() {
        words.push(" · no alarm, no errors worth a word", cx.style(Role::Dim));
    }
    down(&mut room, |room| {
        cx.pen.words(room.x, room.y, room.width, &words);
        1
    });
    for reason in row.health.reasons.iter().take(5) {
        let mut words = Words::new();
        let glyph = health_glyph(reason.health, cx.glyphs());
        words.push(format!("  {glyph} "), cx.style(health_role(reason.health)));
        if let Some(variant) = &reason.variant {
            words.push(format!("{variant}: "), cx.style(Role::Text));
        }
        words.push(reason.text.clone(), cx.style(Role::Text));
        if let Some(at) = reason.since {
            words.push(format!(" · since {}", cx.time(at)), cx.style(Role::Dim));
        }
        down(&mut room, |room| {
            cx.pen.words(room.x, room.y, room.width, &words);
            1
        });
    }
    if let Some(reason) = &row.endpoint.failure_reason {
        down(&mut room, |room| prose(cx, room, Role::Strong, reason, 3));
    }
    room.y - start
}

fn next(cx: &mut Cx<'_, '_>, mut room: Rect, row: &EndpointRow) -> u16 {
    let start = room.y;
    if let Some(finding) = finding_of(cx.model, &row.endpoint.name) {
        for (step, when) in finding.next_steps.iter().zip(["next", "then"]) {
            let line = format!("{when}: {step}");
            down(&mut room, |room| prose(cx, room, Role::Text, &line, 2));
        }
    }
    room.y - start
}

/// What each variant serves, and how far that is behind.
fn serves(cx: &mut Cx<'_, '_>, mut room: Rect, row: &EndpointRow) -> u16 {
    let start = room.y;
    let serving = cx.model.lineage.serving.iter();
    for serving in serving.filter(|s| s.endpoint == row.endpoint.name && s.model.is_some()) {
        let line = format!("{} serves {}", serving.variant, serving.what());
        down(&mut room, |room| prose(cx, room, Role::Text, &line, 2));
    }
    room.y - start
}

fn finding_of<'m>(model: &'m Model, endpoint: &str) -> Option<&'m Finding> {
    model
        .findings
        .iter()
        .find(|f| matches!(&f.subject, Subject::Endpoint { name, .. } if name == endpoint))
}

/// The line that a filter of variants is typed in; answers the room above it.
fn filter(cx: &mut Cx<'_, '_>, inner: Rect) -> Rect {
    let list = &cx.model.endpoints.variants;
    let left = visible_rows(&variant_rows(cx.model), COLUMNS, list).len();
    filter_line(cx, inner, Pane::EndpointDetail, &list.filter, Some(left))
}

fn variants(cx: &mut Cx<'_, '_>, room: &mut Rect, paper: Rect) {
    let model = cx.model;
    let items = variant_rows(model);
    let list = &model.endpoints.variants;
    let order = visible_rows(&items, COLUMNS, list);
    let height = order.len().max(1) as u16 + 1;
    let table = Rect {
        x: paper.x,
        width: paper.width,
        height,
        ..*room
    };
    *room = cut_top(*room, height + 1).1;
    if order.is_empty() {
        cx.rows(table, Pane::EndpointDetail, 0);
        let line = if !items.is_empty() {
            format!("  No variant matches `{}`.", list.filter)
        } else if selected_endpoint(model).is_some_and(|row| row.endpoint.detailed) {
            "  No variants.".to_owned()
        } else {
            "  Variants are not known yet.".to_owned()
        };
        prose(cx, table, Role::Dim, &line, 1);
        return;
    }
    let thresholds = &model.settings.thresholds;
    let row = selected_endpoint(model);
    Table {
        pane: Some(Pane::EndpointDetail),
        header: true,
        items: &items,
        order: &order,
        columns: COLUMNS,
        list,
        sign: &|cx, variant: &VariantRow<'_>| {
            // The colour of its curves.
            let place = row.and_then(|row| {
                row.endpoint
                    .variants
                    .iter()
                    .position(|v| v.name == variant.variant.name)
            });
            (
                signs::series(cx.glyphs()),
                signals::role_of(place.unwrap_or(0)),
            )
        },
        tint: &|_, column, cell| match (column, cell) {
            ("errors", Cell::Percent(p)) => super::error_role(*p, thresholds),
            ("capacity" | "model", _) => Some(Role::Dim),
            _ => None,
        },
    }
    .draw(cx, table);
}

/// Alarms with their state and since when, those that ring first.
fn alarms(cx: &mut Cx<'_, '_>, mut room: Rect, alarms: &[Alarm]) -> u16 {
    let start = room.y;
    if alarms.is_empty() {
        return 0;
    }
    let ringing = alarms.iter().filter(|a| a.is_alarming()).count();
    let note = cx.say(Role::Dim, format!("{ringing} of {} in alarm", alarms.len()));
    down(&mut room, |room| heading(cx, room, "Alarms", &note));
    let mut sorted: Vec<&Alarm> = alarms.iter().collect();
    sorted.sort_by_key(|a| (!a.is_alarming(), a.state == "OK"));
    for alarm in sorted {
        let (glyph, role) = match alarm.state.as_str() {
            "ALARM" => (cx.glyphs().act, Role::Act),
            "OK" => (cx.glyphs().good, Role::Dim),
            _ => (cx.glyphs().unknown, Role::Dim),
        };
        let state = alarm.state.to_lowercase().replace('_', " ");
        let since = alarm
            .since
            .map(|at| format!(" since {}", cx.time(at)))
            .unwrap_or_default();
        let tail = format!("  {state}{since}");
        let name_room = usize::from(room.width).saturating_sub(text::width(&tail) + 2);
        let name = text::cut_middle(&alarm.name, name_room, cx.glyphs().ellipsis);
        let words = cx
            .say(role, format!("{glyph} "))
            .join(cx.say(Role::Text, name))
            .join(cx.say(role, tail));
        down(&mut room, |room| {
            cx.pen.words(room.x, room.y, room.width, &words);
            1
        });
    }
    room = cut_top(room, 1).1;
    room.y - start
}

fn endpoint_facts(cx: &mut Cx<'_, '_>, mut room: Rect, row: &EndpointRow) -> u16 {
    let start = room.y;
    let endpoint = &row.endpoint;
    let region = cx.model.settings.region.as_deref().unwrap_or("us-east-1");
    let time = |at: Option<jiff::Timestamp>| at.map(|at| cx.time_and_age(at)).unwrap_or_default();
    let capture = match endpoint.data_capture {
        Some(true) => "on",
        Some(false) => "off",
        None => "",
    };
    let mut list = vec![
        Fact::new("kind", endpoint.kind.key().replace('_', " ")),
        Fact::new("config", endpoint.config.clone()),
        Fact::new("changed", time(endpoint.changed_at)),
        Fact::new("created", time(endpoint.created_at)),
        Fact::new("data capture", capture),
    ];
    for variant in &endpoint.variants {
        if let Some(status) = &variant.status {
            list.push(Fact::new(&variant.name, status.clone()).role(Role::Moving));
        }
        if let Some(package) = &variant.model_package_arn {
            let name = crate::domain::arn::Arn::parse(package)
                .map_or(package.as_str(), |arn| arn.resource);
            list.push(Fact::new("model package", name));
        }
    }
    list.push(Fact::new("ARN", endpoint.arn.clone()).role(Role::Dim));
    list.push(Fact::new("console", console::endpoint_url(endpoint, region)).role(Role::Dim));
    down(&mut room, |room| heading(cx, room, "Facts", &Words::new()));
    down(&mut room, |room| facts(cx, room, &list));
    room.y - start
}
