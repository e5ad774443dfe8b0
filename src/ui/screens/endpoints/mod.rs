//! Endpoints with their health; one endpoint with its variants, signals and alarms.

mod detail;
mod signals;

use ratatui::layout::Rect;

use crate::domain::endpoint::Health;
use crate::keys::command::Command;
use crate::store::model::Model;
use crate::store::model::endpoints::EndpointRow;
use crate::store::model::nav::Pane;
use crate::store::table::Cell;
use crate::store::tables::endpoints::COLUMNS;
use crate::theme::Role;
use crate::ui::condition::Condition;
use crate::ui::cx::Cx;
use crate::ui::layout;
use crate::ui::paint::Words;
use crate::ui::widgets::cells::{health_glyph, health_role};
use crate::ui::widgets::notes::Empty;

use super::list::ListPane;

pub fn draw(cx: &mut Cx<'_, '_>, body: Rect) {
    let panes = layout::panes(&cx.model.nav, body, 50, true);
    if let Some(area) = panes.list {
        list(cx, area);
    }
    if let Some(area) = panes.detail {
        detail::draw(cx, area, panes.third.is_none());
    }
    if let Some(area) = panes.third {
        signals::pane_of_charts(cx, area);
    }
}

/// The list, and what its health is made of: without metrics or alarms it is only half the truth.
fn condition(model: &Model) -> Condition<'_> {
    let room = &model.endpoints;
    let list = Condition::of(&room.endpoints);
    if !list.has_data() {
        return list;
    }
    Condition::all([
        (None, room.endpoints.freshness()),
        (Some("metrics"), room.metrics.freshness()),
        (Some("alarms"), room.alarms.freshness()),
    ])
}

fn list(cx: &mut Cx<'_, '_>, area: Rect) {
    let model = cx.model;
    let condition = condition(model);
    let thresholds = &model.settings.thresholds;
    ListPane {
        pane: Pane::EndpointList,
        title: cx.say(Role::Title, "Endpoints"),
        after: Words::new(),
        noun: "endpoint",
        what: "endpoints",
        items: &model.endpoints.rows,
        columns: COLUMNS,
        list: &model.endpoints.list,
        own_order: "",
        condition: &condition,
        empty: Empty::new("No endpoints in this account and Region.")
            .key(Command::Refresh, "looks again"),
        sign: &sign,
        tint: &|row: &EndpointRow, column, cell| match (column, cell) {
            ("kind" | "status", _) => Some(Role::Dim),
            ("errors", Cell::Percent(p)) => error_role(*p, thresholds),
            ("trend", _) if row.health.health == Health::Critical => Some(Role::Act),
            _ => None,
        },
    }
    .draw(cx, area);
}

fn sign(cx: &Cx<'_, '_>, row: &EndpointRow) -> (&'static str, Role) {
    let health = row.health.health;
    (health_glyph(health, cx.glyphs()), health_role(health))
}

/// How worrying a share of 5XX answers is.
fn error_role(percent: f64, thresholds: &crate::findings::rules::Thresholds) -> Option<Role> {
    if percent >= thresholds.error_critical_percent {
        Some(Role::Act)
    } else if percent >= thresholds.error_warn_percent {
        Some(Role::Look)
    } else {
        None
    }
}
