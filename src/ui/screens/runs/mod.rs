//! Runs of every kind in one table; one run with its steps.

mod detail;
mod graph;
mod steps;

use ratatui::layout::Rect;

use crate::domain::run::{Run, RunKind};
use crate::keys::command::Command;
use crate::store::model::Model;
use crate::store::model::nav::Pane;
use crate::store::rows::{run_rows, selected_run};
use crate::store::table::Cell;
use crate::store::tables::runs::{COLUMNS, RunRow};
use crate::theme::Role;

use super::list::ListPane;
use crate::ui::condition::Condition;
use crate::ui::cx::Cx;
use crate::ui::layout;
use crate::ui::paint::Words;
use crate::ui::widgets::cells::{run_glyph, run_role};
use crate::ui::widgets::dag::Picture;
use crate::ui::widgets::notes::Empty;

pub fn draw(cx: &mut Cx<'_, '_>, body: Rect) {
    let panes = layout::panes(&cx.model.nav, body, 52, true);
    if let Some(area) = panes.list {
        list(cx, area);
    }
    if let Some(area) = panes.detail {
        detail::draw(cx, area, panes.third.is_none());
    }
    if let Some(area) = panes.third {
        graph::draw(cx, area);
    }
}

/// The graph of a run's steps in this width. Of chains only those of pipelines: the phases of a job follow each other
/// always.
fn picture(run: &Run, width: u16) -> Option<Picture> {
    Picture::of(&run.steps, width)
        .filter(|p| run.kind == RunKind::SagemakerPipeline || !p.is_chain())
}

/// The kinds as one condition, those with trouble named.
pub fn condition(model: &Model) -> Condition<'_> {
    Condition::all(
        model
            .runs
            .by_kind
            .iter()
            .map(|(kind, fetched)| (Some(kind.short()), fetched.freshness())),
    )
}

fn list(cx: &mut Cx<'_, '_>, area: Rect) {
    let model = cx.model;
    let rows = run_rows(model);
    let condition = condition(model);
    let kinds: Vec<&str> = RunKind::ALL.into_iter().map(RunKind::short).collect();
    ListPane {
        pane: Pane::RunList,
        title: cx.say(Role::Title, "Runs"),
        after: Words::new(),
        noun: "run",
        what: "runs",
        items: &rows,
        columns: COLUMNS,
        list: &model.runs.list,
        own_order: "newest first",
        condition: &condition,
        empty: Empty::new(format!(
            "No runs in this account and Region. Looked for: {}.",
            kinds.join(", ")
        ))
        .key(Command::Refresh, "looks again"),
        sign: &sign,
        tint: &tint,
    }
    .draw(cx, area);
}

fn sign(cx: &Cx<'_, '_>, row: &RunRow<'_>) -> (&'static str, Role) {
    let status = row.run.status;
    (run_glyph(status, cx.glyphs()), run_role(status))
}

fn tint(row: &RunRow<'_>, column: &str, _: &Cell) -> Option<Role> {
    match column {
        "kind" | "start" => Some(Role::Dim),
        "reason" if !row.run.status.is_failure() => Some(Role::Dim),
        _ => None,
    }
}

/// Whether a run is selected that the model still has.
fn selected(cx: &Cx<'_, '_>) -> Option<&'static str> {
    selected_run(cx.model)
        .is_none()
        .then_some("No run is selected.")
}
