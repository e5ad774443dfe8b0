//! One run: what state, since when, why, what next; then its steps on a time axis; then the facts.

use ratatui::layout::Rect;

use super::{picture, steps};
use crate::domain::console;
use crate::domain::freshness::Fetched;
use crate::domain::repository::short_id;
use crate::domain::run::{Run, RunKind};
use crate::findings::{Finding, Subject};
use crate::keys::command::Command;
use crate::store::model::Model;
use crate::store::model::nav::Pane;
use crate::store::rows::selected_run;
use crate::theme::Role;

use crate::ui::condition::Condition;
use crate::ui::cx::Cx;
use crate::ui::layout::{cut_top, margin};
use crate::ui::paint::Words;
use crate::ui::widgets::cells::{run_glyph, run_role, run_word};
use crate::ui::widgets::facts::{Fact, facts, heading};
use crate::ui::widgets::notes::{self, Empty, down, prose};
use crate::ui::widgets::page::page;
use crate::ui::widgets::pane::pane;
use crate::ui::{format, text};

/// Draws the detail of the selected run; `with_graph` where no third pane shows it.
pub fn draw(cx: &mut Cx<'_, '_>, area: Rect, with_graph: bool) {
    let model = cx.model;
    let Some(run) = selected_run(model) else {
        let title = cx.say(Role::Title, "Run");
        let inner = pane(cx, area, Some(Pane::RunDetail), &title, &Words::new());
        cx.rows(inner, Pane::RunDetail, 0);
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
    let inner = steps::filter(cx, inner);
    page(cx, area, inner, Pane::RunDetail, &|cx, paper| {
        let mut room = margin(paper, 1);
        down(&mut room, |room| state(cx, room, run));
        let most = if inner.height > 28 { 6 } else { 4 };
        down(&mut room, |room| why(cx, room, run, described, most));
        down(&mut room, |room| next(cx, room, run));
        room = cut_top(room, 1).1;
        // The graph first, where steps and the first facts are still seen below it.
        let left = inner.height.saturating_sub(room.y - paper.y);
        let picture = picture(run, room.width).filter(|_| with_graph);
        let first = picture.as_ref().is_some_and(|p| p.height() <= left / 3);
        let selected = steps::selected_index(cx.model, run);
        if let Some(picture) = picture.as_ref().filter(|_| first) {
            down(&mut room, |room| {
                picture.draw(cx, room, &run.steps, selected) + 1
            });
        }
        steps::steps(cx, &mut room, paper, run);
        if let Some(picture) = picture.as_ref().filter(|_| !first) {
            down(&mut room, |room| {
                picture.draw(cx, room, &run.steps, selected) + 1
            });
        }
        down(&mut room, |room| run_facts(cx, room, run, most));
        room.y - paper.y
    });
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

/// What went wrong. Of the failed step's own words and the run's the longer come first, the other often only repeat
/// that something failed.
fn reasons(run: &Run) -> Vec<String> {
    let of_run = run.reason.clone();
    let mut reasons: Vec<String> = match run.failed_step() {
        Some(step) => {
            let of_step = match &step.reason {
                // A phase that is itself called Failed needs no subject.
                Some(reason) if step.name.eq_ignore_ascii_case("failed") => reason.clone(),
                Some(reason) => format!("{} failed: {reason}", step.name),
                None => format!("{} failed", step.name),
            };
            // The same words once.
            let of_run = of_run.filter(|reason| step.reason.as_ref() != Some(reason));
            std::iter::once(of_step).chain(of_run).collect()
        }
        None => of_run.into_iter().collect(),
    };
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.len()));
    reasons
}

/// The reasons, the first in at most so many lines.
fn why(
    cx: &mut Cx<'_, '_>,
    mut room: Rect,
    run: &Run,
    described: Option<&Fetched<Run>>,
    most: u16,
) -> u16 {
    let start = room.y;
    let role = if run.status.is_failure() {
        Role::Strong
    } else {
        Role::Text
    };
    if let (true, Some(step)) = (run.status.is_moving(), &run.current_step) {
        let since = run
            .steps
            .iter()
            .find(|s| s.name == *step)
            .and_then(|s| s.duration_s(cx.model.now))
            .map(|s| format!(", for {}", format::span(s)))
            .unwrap_or_default();
        let line = format!("now: {step}{since}");
        down(&mut room, |room| prose(cx, room, Role::Text, &line, 1));
    }
    for (i, reason) in reasons(run).iter().enumerate() {
        let (role, most) = if i == 0 { (role, most) } else { (Role::Dim, 2) };
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
        let said = |text: &String| {
            let of_step = run.failed_step().and_then(|step| step.reason.as_ref());
            run.reason.as_ref() == Some(text) || of_step == Some(text)
        };
        for evidence in finding.evidence.iter().filter(|e| !said(e)).take(2) {
            down(&mut room, |room| prose(cx, room, Role::Dim, evidence, 2));
        }
        for (step, when) in finding.next_steps.iter().zip(["next", "then"]) {
            let line = format!("{when}: {step}");
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

/// Facts, commit, logs and link; and the reasons that were cut above, whole.
fn run_facts(cx: &mut Cx<'_, '_>, mut room: Rect, run: &Run, most: u16) -> u16 {
    let start = room.y;
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
    let width = usize::from(room.width);
    let lines = |(i, reason): (usize, &String)| {
        let most = usize::from(if i == 0 { most } else { 2 });
        let cut = text::wrap(reason, width, most + 1, "").len() > most;
        cut.then(|| reason.clone())
    };
    for reason in reasons(run).iter().enumerate().filter_map(lines) {
        list.push(Fact::new("in full", reason).whole());
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
    down(&mut room, |room| facts(cx, room, &list));
    room.y - start
}
