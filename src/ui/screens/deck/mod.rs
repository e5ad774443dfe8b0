//! The Deck: what needs somebody, over a small pane of every other screen.

mod lines;
mod mini;
mod versions;

use ratatui::layout::Rect;

use crate::findings::{Finding, Severity};
use crate::keys::command::Command;
use crate::store::effect::SourceId;
use crate::store::model::Model;
use crate::store::model::nav::{ONE_PANE_COLUMNS, Pane};
use crate::store::table::Cell;
use crate::store::tables::findings::COLUMNS;
use crate::theme::Role;
use crate::ui::condition::{Condition, Kind};
use crate::ui::cx::Cx;
use crate::ui::format::counted;
use crate::ui::layout::{cut_top, margin};
use crate::ui::paint::Words;
use crate::ui::signs;
use crate::ui::widgets::notes::{Empty, down, prose};
use crate::ui::widgets::pane::pane;

use super::list::ListPane;

pub fn draw(cx: &mut Cx<'_, '_>, body: Rect) {
    if cx.model.nav.zoom {
        return findings(cx, body);
    }
    let rows = cx.model.findings.len() as u16;
    let wide = body.width >= ONE_PANE_COLUMNS;
    // Border, header and rows; the rest of the account keeps half of the screen.
    let minis = if wide {
        (body.height / 2).max(8)
    } else {
        lines::LINES
    };
    let wanted = (rows + 3).max(6);
    let height = if body.height < minis + 6 {
        body.height
    } else if wide {
        wanted.min(body.height - minis)
    } else {
        body.height - minis
    };
    let (top, rest) = cut_top(body, height);
    findings(cx, top);
    if rest.height < 3 {
        return;
    }
    if wide {
        mini::panes(cx, rest);
    } else {
        lines::lines(cx, rest);
    }
}

/// Every source that findings are made from.
fn condition(model: &Model) -> Condition<'_> {
    let runs = model
        .runs
        .by_kind
        .iter()
        .map(|(kind, fetched)| (Some(kind.short()), fetched.freshness()));
    let label = |source: SourceId| Some(source.label());
    Condition::all(runs.chain([
        (
            label(SourceId::Endpoints),
            model.endpoints.endpoints.freshness(),
        ),
        (
            label(SourceId::Metrics),
            model.endpoints.metrics.freshness(),
        ),
        (label(SourceId::Alarms), model.endpoints.alarms.freshness()),
        (label(SourceId::Budgets), model.costs.budgets.freshness()),
        (label(SourceId::Repository), model.repository_freshness()),
        (
            label(SourceId::ModelGroups),
            model.versions.models.freshness(),
        ),
    ]))
}

fn findings(cx: &mut Cx<'_, '_>, area: Rect) {
    let model = cx.model;
    let condition = condition(model);
    if model.findings.is_empty() && condition.has_data() {
        return quiet(cx, area, &condition);
    }
    ListPane {
        pane: Pane::Findings,
        title: cx.say(Role::Title, "Needs you"),
        after: Words::new(),
        noun: "finding",
        what: "your account",
        items: &model.findings,
        columns: COLUMNS,
        list: &model.deck.list,
        own_order: "",
        condition: &condition,
        empty: Empty::new("All quiet."),
        sign: &sign,
        tint: &tint,
    }
    .draw(cx, area);
}

fn sign(cx: &Cx<'_, '_>, finding: &Finding) -> (&'static str, Role) {
    match finding.severity {
        Severity::Critical => (cx.glyphs().act, Role::Act),
        Severity::Warning => (cx.glyphs().look, Role::Look),
        Severity::Info => (signs::info(cx.glyphs()), Role::Dim),
    }
}

fn tint(finding: &Finding, column: &str, _: &Cell) -> Option<Role> {
    match column {
        "category" | "next" => Some(Role::Dim),
        "reason" if finding.severity == Severity::Critical => Some(Role::Strong),
        _ => None,
    }
}

/// Nothing needs anybody: say so, and what was looked at.
fn quiet(cx: &mut Cx<'_, '_>, area: Rect, condition: &Condition<'_>) {
    let title = cx
        .say(Role::Title, "Needs you")
        .join(cx.say(Role::Text, " 0"));
    let badge = condition.badge(cx);
    let inner = pane(cx, area, Some(Pane::Findings), &title, &badge);
    cx.rows(inner, Pane::Findings, 0);
    let mut room = margin(inner, 2);
    if room.height > 3 {
        room = cut_top(room, 1).1;
    }
    let model = cx.model;
    let whole = condition.kind == Kind::Fresh && condition.waiting == 0;
    let line = if whole {
        format!("{} All quiet.", cx.glyphs().good)
    } else {
        format!(
            "{} Nothing needs you in what could be checked.",
            cx.glyphs().partial
        )
    };
    let role = if whole { Role::Strong } else { Role::Look };
    down(&mut room, |room| prose(cx, room, role, &line, 1));
    let outputs = model
        .versions
        .repository
        .value()
        .and_then(|r| r.data.as_ref())
        .map_or(0, |d| d.outputs.len());
    let checked: Vec<String> = [
        (model.runs.all.len(), "run"),
        (model.endpoints.rows.len(), "endpoint"),
        (model.endpoints.alarms.items().len(), "alarm"),
        (model.costs.budgets.items().len(), "budget"),
        (outputs, "data output"),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, noun)| counted(n, noun))
    .collect();
    if !checked.is_empty() {
        let line = format!("Checked {}.", checked.join(", "));
        down(&mut room, |room| prose(cx, room, Role::Dim, &line, 2));
    }
    if condition.waiting > 0 {
        let line = format!(
            "Still waiting for {}.",
            counted(condition.waiting, "source")
        );
        down(&mut room, |room| prose(cx, room, Role::Dim, &line, 1));
    }
    for (name, error) in condition.problems.iter().take(3) {
        let line = format!("Not checked: {}: {}", name.unwrap_or("source"), error.what);
        down(&mut room, |room| prose(cx, room, Role::Look, &line, 1));
    }
    if let Some(key) = cx.key(Command::Refresh)
        && !condition.problems.is_empty()
    {
        let line = format!("{key} asks again");
        down(&mut room, |room| prose(cx, room, Role::Dim, &line, 1));
    }
}
