//! One run: what state, since when, why, what next; then its steps on a time axis; then the facts.

use ratatui::layout::Rect;

use crate::domain::console;
use crate::domain::freshness::Fetched;
use crate::domain::repository::short_id;
use crate::domain::run::{Run, RunKind};
use crate::findings::{Finding, Subject};
use crate::keys::command::Command;
use crate::store::model::Model;
use crate::store::model::nav::Pane;
use crate::store::rows::{selected_run, step_rows};
use crate::store::table::{Align, Cell, Column, Row, visible_rows};
use crate::store::tables::steps::StepRow;
use crate::theme::Role;

use crate::ui::condition::Condition;
use crate::ui::cx::Cx;
use crate::ui::layout::{cut_top, margin};
use crate::ui::paint::Words;
use crate::ui::screens::list::filter_line;
use crate::ui::widgets::cells::{run_glyph, run_role, run_word};
use crate::ui::widgets::dag::Graph;
use crate::ui::widgets::facts::{Fact, facts, heading};
use crate::ui::widgets::gantt::{self, Axis};
use crate::ui::widgets::notes::{self, Empty, down, prose};
use crate::ui::widgets::pane::pane;
use crate::ui::widgets::table::Table;
use crate::ui::{format, text};

/// Draws the detail of the selected run; `with_graph` where no third pane shows it.
pub fn draw(cx: &mut Cx<'_, '_>, area: Rect, with_graph: bool) {
    let model = cx.model;
    let Some(run) = selected_run(model) else {
        let title = cx.say(Role::Title, "Run");
        let inner = pane(cx, area, Some(Pane::RunDetail), &title, &Words::new());
        cx.seen.rows(inner, Pane::RunDetail, 0);
        let nothing = super::selected(cx).unwrap_or_default();
        notes::empty(
            cx,
            inner,
            &Empty::new(nothing).key(Command::Back, "back to the list"),
        );
        return;
    };
    let described = model.runs.details.get(&run.key());
    let condition = described.map(Condition::of);
    let badge = condition
        .as_ref()
        .map_or_else(Words::new, |condition| condition.badge(cx));
    let title = title(cx, run);
    let inner = pane(cx, area, Some(Pane::RunDetail), &title, &badge);
    let mut room = margin(inner, 1);
    down(&mut room, |room| state(cx, room, run));
    down(&mut room, |room| why(cx, room, run, described));
    down(&mut room, |room| next(cx, room, run));
    if room.height > 2 {
        room = cut_top(room, 1).1;
    }
    if with_graph && room.height >= 16 {
        down(&mut room, |room| graph(cx, room, run));
    }
    // Steps first; facts get what is left, a quarter at least.
    let least = if run.facts.is_empty() {
        0
    } else {
        room.height / 4
    };
    steps(cx, &mut room, inner, run, least);
    run_facts(cx, room, run);
}

fn title<'t>(cx: &Cx<'_, '_>, run: &Run) -> Words<'t> {
    let name = text::cut_middle(&known_as(cx.model, run), 44, cx.glyphs().ellipsis);
    let mut words = cx.say(Role::Title, name);
    words.push(format!(" · {}", run.kind.short()), cx.style(Role::Dim));
    if let Some(seconds) = run.duration_s(cx.model.now) {
        words.push(
            format!(" · {}", format::span(seconds)),
            cx.style(Role::Text),
        );
    }
    if let Some(cost) = run.cost_usd {
        words.push(format!(" · {}", format::usd(cost)), cx.style(Role::Text));
    }
    words
}

/// A pipeline's job by its pipeline and step: its own name is made of random letters.
fn known_as(model: &Model, run: &Run) -> String {
    let parent = run.pipeline_step().and_then(|(execution, step)| {
        let parent = model
            .runs
            .all
            .iter()
            .find(|r| r.kind == RunKind::SagemakerPipeline && r.id == execution)?;
        Some(format!("{} / {step}", parent.name))
    });
    parent.unwrap_or_else(|| run.name.clone())
}

/// `✗ failed 13:20 · 42m ago`, and the step it is in.
fn state(cx: &mut Cx<'_, '_>, room: Rect, run: &Run) -> u16 {
    let role = run_role(run.status);
    let strong = if role == Role::Dim { Role::Text } else { role };
    let glyph = run_glyph(run.status, cx.glyphs());
    let word = run_word(run.status, &run.raw_status);
    let mut words = cx.say(strong, format!("{glyph} {word}"));
    let since = if run.status.is_terminal() {
        run.ended_at.or(run.started_at)
    } else {
        run.started_at
    };
    if let Some(at) = since {
        let preposition = if run.status.is_terminal() {
            ""
        } else {
            "since "
        };
        words.push(
            format!(" {preposition}{}", cx.time_and_age(at)),
            cx.style(Role::Text),
        );
    }
    if run.attempt > 1 {
        words.push(format!(" · attempt {}", run.attempt), cx.style(Role::Look));
    }
    if let Some((over, steps)) = run.progress() {
        words.push(
            format!(" · {over} of {steps} steps over"),
            cx.style(Role::Dim),
        );
    }
    cx.pen.words(room.x, room.y, room.width, &words);
    1
}

/// The reason in full: the failed step's own words before the run's, which often only repeat that a step failed.
fn why(cx: &mut Cx<'_, '_>, mut room: Rect, run: &Run, described: Option<&Fetched<Run>>) -> u16 {
    let start = room.y;
    let most = if room.height > 24 { 6 } else { 4 };
    let role = if run.status.is_failure() {
        Role::Strong
    } else {
        Role::Text
    };
    match (run.failed_step(), &run.current_step) {
        (Some(step), _) => {
            let reason = step.reason.as_ref().or(run.reason.as_ref());
            let line = match reason {
                Some(reason) => format!("{} failed: {reason}", step.name),
                None => format!("{} failed; the service gives no reason.", step.name),
            };
            down(&mut room, |room| prose(cx, room, role, &line, most));
        }
        (None, Some(step)) if run.status.is_moving() => {
            let mut line = format!("now: {step}");
            if let Some(since) = run
                .steps
                .iter()
                .find(|s| s.name == *step)
                .and_then(|s| s.duration_s(cx.model.now))
            {
                line.push_str(&format!(", for {}", format::span(since)));
            }
            down(&mut room, |room| prose(cx, room, role, &line, 1));
        }
        _ => {}
    }
    if let Some(reason) = run.reason.as_ref().filter(|r| {
        run.failed_step()
            .is_none_or(|s| s.reason.as_ref().is_some_and(|own| own != *r))
    }) {
        let role = if run.failed_step().is_some() {
            Role::Dim
        } else {
            role
        };
        down(&mut room, |room| prose(cx, room, role, reason, most));
    }
    if let Some(error) = described.and_then(Fetched::failure) {
        let line = format!("{} {}", cx.glyphs().stale, error);
        down(&mut room, |room| prose(cx, room, Role::Look, &line, 2));
        if let Some(hint) = &error.hint {
            let line = format!("{} {hint}", cx.glyphs().arrow);
            down(&mut room, |room| prose(cx, room, Role::Dim, &line, 1));
        }
    }
    room.y - start
}

/// What the findings say to do, or the keys that lead on.
fn next(cx: &mut Cx<'_, '_>, mut room: Rect, run: &Run) -> u16 {
    let start = room.y;
    if let Some(finding) = finding_of(cx.model, run) {
        for evidence in finding.evidence.iter().take(2) {
            if run.reason.as_ref() == Some(evidence) {
                continue;
            }
            down(&mut room, |room| prose(cx, room, Role::Dim, evidence, 1));
        }
        for step in finding.next_steps.iter().take(2) {
            let line = format!("next: {step}");
            down(&mut room, |room| prose(cx, room, Role::Text, &line, 2));
        }
    } else if run.status.is_failure()
        && let Some(key) = cx.key(Command::ShowError)
    {
        let words = Words::new()
            .add("next: ", cx.style(Role::Text))
            .add(key, cx.style(Role::Key))
            .add(" shows its first error in the logs", cx.style(Role::Text));
        cx.pen.words(room.x, room.y, room.width, &words);
        room.y += 1;
    }
    room.y - start
}

fn finding_of<'m>(model: &'m Model, run: &Run) -> Option<&'m Finding> {
    let run = run.key();
    model
        .findings
        .iter()
        .find(|f| matches!(&f.subject, Subject::Run { key } if *key == run))
}

/// The graph and an empty line, where it fits with room for the rest.
fn graph(cx: &mut Cx<'_, '_>, room: Rect, run: &Run) -> u16 {
    let half = Rect {
        height: room.height / 3,
        ..room
    };
    match Graph::of(&run.steps) {
        Some(graph) if graph.fits(&run.steps, half) => {
            let selected = selected_index(cx.model, run);
            graph.draw(cx, half, &run.steps, selected) + 1
        }
        _ => 0,
    }
}

/// Place of the selected step in the run.
pub fn selected_index(model: &Model, run: &Run) -> Option<usize> {
    let id = model.runs.steps.selected.as_ref()?;
    let (index, _) = id.split_once(':')?;
    index.parse().ok().filter(|i| *i < run.steps.len())
}

const fn column(
    key: &'static str,
    title: &'static str,
    align: Align,
    widths: (u16, u16),
    expendable: u8,
) -> Column {
    Column {
        key,
        title,
        align,
        min: widths.0,
        max: widths.1,
        expendable,
    }
}

/// The columns beside bars; the keys are those of the table of steps, so that filters mean the same.
const WITH_BARS: &[Column] = &[
    column("name", "step", Align::Left, (12, 26), 0),
    column("kind", "type", Align::Left, (10, 12), 2),
    column("status", "state", Align::Left, (10, 10), 1),
    column("took", "took", Align::Right, (6, 6), 0),
];

/// Least cells of a useful bar.
const LEAST_BAR: u16 = 10;

fn steps(cx: &mut Cx<'_, '_>, room: &mut Rect, inner: Rect, run: &Run, least: u16) {
    let model = cx.model;
    if run.steps.is_empty() {
        cx.seen
            .rows(Rect { height: 0, ..*room }, Pane::RunDetail, 0);
        if !run.detailed && model.runs.describing.contains(&run.key()) {
            let line = format!("{} loading steps and logs", cx.glyphs().loading);
            down(room, |room| prose(cx, room, Role::Moving, &line, 1));
        }
        return;
    }
    let items = step_rows(model);
    let list = &model.runs.steps;
    let columns = crate::store::tables::steps::COLUMNS;
    let order = visible_rows(&items, columns, list);
    let wanted =
        order.len().max(1) as u16 + 1 + u16::from(model.nav.filtering == Some(Pane::RunDetail));
    let height = wanted
        .min(room.height.saturating_sub(least))
        .max(room.height.min(3));
    // The rows use the pane's whole width: the selection reaches from border to border.
    let table = Rect {
        x: inner.x,
        width: inner.width,
        height,
        ..*room
    };
    *room = cut_top(*room, height + 1).1;
    let table = filter_line(cx, table, Pane::RunDetail, &list.filter, Some(order.len()));
    if order.is_empty() {
        cx.seen.rows(table, Pane::RunDetail, 0);
        let line = format!("No step matches `{}`.", list.filter);
        prose(cx, table, Role::Dim, &line, 1);
        return;
    }
    let axis = Axis::of(&run.steps, model.now);
    let cells_width = if table.width >= 84 {
        60
    } else {
        table.width * 5 / 8
    };
    let bars = axis.filter(|_| table.width.saturating_sub(cells_width) >= LEAST_BAR);
    let area = Rect {
        width: if bars.is_some() {
            cells_width
        } else {
            table.width
        },
        ..table
    };
    let drawn = Table {
        pane: Some(Pane::RunDetail),
        header: true,
        items: &items,
        order: &order,
        columns: if bars.is_some() { WITH_BARS } else { columns },
        list,
        sign: &|cx, row: &StepRow<'_>| {
            let status = row.step.status;
            (run_glyph(status, cx.glyphs()), run_role(status))
        },
        tint: &|_, column, _: &Cell| matches!(column, "kind" | "start").then_some(Role::Dim),
    }
    .draw(cx, area);
    let Some(axis) = bars else {
        return;
    };
    let x = drawn.right + 2;
    let width = table.right().saturating_sub(x + 2);
    axis_head(cx, x, table.y, width, run);
    for line in 0..drawn.shown {
        let row = &items[order[drawn.top + line]];
        let y = drawn.y + line as u16;
        if list.selected.as_deref() == Some(&row.id()) {
            let role = if cx.has_focus(Pane::RunDetail) {
                Role::Selected
            } else {
                Role::SelectedUnfocused
            };
            let style = cx.style(role);
            cx.pen.restyle(
                Rect {
                    y,
                    height: 1,
                    ..table
                },
                style,
            );
        }
        gantt::bar(cx, x, y, width, row.step, axis);
    }
}

/// First and last time over the bars.
fn axis_head(cx: &mut Cx<'_, '_>, x: u16, y: u16, width: u16, run: &Run) {
    let style = cx.style(Role::Dim);
    let start = run.steps.iter().filter_map(|s| s.started_at).min();
    let end = if run.status.is_moving() {
        Some(cx.model.now)
    } else {
        run.steps.iter().filter_map(|s| s.ended_at).max()
    };
    let start = start.map(|at| cx.time(at)).unwrap_or_default();
    let end = end.map(|at| cx.time(at)).unwrap_or_default();
    let (a, b) = (text::width(&start) as u16, text::width(&end) as u16);
    cx.pen.text(x, y, width, &start, style);
    if a + b + 2 <= width {
        cx.pen.text(x + width - b, y, b, &end, style);
    }
}

/// Facts, commit, logs and link.
fn run_facts(cx: &mut Cx<'_, '_>, mut room: Rect, run: &Run) {
    if room.height < 2 {
        return;
    }
    let region = cx.model.settings.region.as_deref().unwrap_or("us-east-1");
    let mut list: Vec<Fact<'_>> = run
        .facts
        .iter()
        .map(|(label, value)| Fact::new(label, value.clone()))
        .collect();
    if let Some(commit) = &run.commit {
        list.push(Fact::new("commit", short_id(commit)));
    }
    if run.family != run.name {
        list.push(Fact::new("of", run.family.clone()));
    }
    for target in run.logs.iter().take(3) {
        list.push(Fact::new("logs", target.label()).role(Role::Dim));
    }
    let id = if run.arn.is_empty() {
        &run.id
    } else {
        &run.arn
    };
    list.push(Fact::new("id", id.clone()).role(Role::Dim));
    list.push(Fact::new("console", console::run_url(run, region)).role(Role::Dim));
    down(&mut room, |room| heading(cx, room, "Facts", &Words::new()));
    facts(cx, room, &list);
}
