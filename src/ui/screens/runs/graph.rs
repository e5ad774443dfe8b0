//! The third pane on wide screens: the graph of the steps, and all that is known of the selected one.

use ratatui::layout::Rect;

use crate::store::rows::selected_run;
use crate::theme::Role;

use super::picture;
use super::steps::selected_index;
use crate::ui::cx::Cx;
use crate::ui::format;
use crate::ui::layout::margin;
use crate::ui::paint::Words;
use crate::ui::widgets::cells::{run_glyph, run_role, run_word};
use crate::ui::widgets::facts::{Fact, facts, heading};
use crate::ui::widgets::notes::{self, Empty, down, prose};
use crate::ui::widgets::pane::pane;

pub fn draw(cx: &mut Cx<'_, '_>, area: Rect) {
    let title = cx.say(Role::Title, "Steps");
    let inner = pane(cx, area, None, &title, &Words::new());
    let mut room = margin(inner, 1);
    let Some(run) = selected_run(cx.model) else {
        return;
    };
    if run.steps.is_empty() {
        let why = if run.detailed {
            "This run has no steps of its own."
        } else {
            "Steps are not known yet."
        };
        return notes::empty(cx, inner, &Empty::new(why));
    }
    let selected = selected_index(cx.model, run);
    if let Some(picture) = picture(run, room.width).filter(|p| p.height() <= room.height / 2) {
        down(&mut room, |room| {
            picture.draw(cx, room, &run.steps, selected) + 1
        });
    }
    if let Some(step) = selected.and_then(|i| run.steps.get(i)) {
        down(&mut room, |room| heading(cx, room, "Step", &Words::new()));
        let state = format!(
            "{} {}",
            run_glyph(step.status, cx.glyphs()),
            run_word(step.status, &step.raw_status)
        );
        let mut list = vec![
            Fact::new("name", step.name.clone()),
            Fact::new("type", step.kind.clone()),
            Fact::new("state", state).role(run_role(step.status)),
        ];
        if let Some(at) = step.started_at {
            list.push(Fact::new("started", cx.time_and_age(at)));
        }
        if let Some(took) = step.duration_s(cx.model.now) {
            list.push(Fact::new("took", format::span(took)));
        }
        list.push(Fact::new("after", step.depends_on.join(", ")));
        if let Some(arn) = &step.resource_arn {
            list.push(Fact::new("does the work", arn.clone()).role(Role::Dim));
        }
        for target in step.logs.iter().take(2) {
            list.push(Fact::new("logs", target.label()).role(Role::Dim));
        }
        down(&mut room, |room| facts(cx, room, &list));
        if let Some(reason) = &step.reason {
            down(&mut room, |room| prose(cx, room, Role::Text, reason, 5));
        }
    }
}
