//! One line for each of the other screens, where there is no room for panes.

use ratatui::layout::Rect;

use super::mini::ranked;
use super::versions::head_words;
use crate::domain::endpoint::Health;
use crate::store::model::Model;
use crate::store::model::nav::Screen;
use crate::theme::Role;
use crate::ui::condition::Condition;
use crate::ui::cx::Cx;
use crate::ui::format;
use crate::ui::layout::{cut_top, margin};
use crate::ui::paint::Words;
use crate::ui::screens::runs;
use crate::ui::widgets::pane::pane;

/// A border around four lines.
pub const LINES: u16 = 6;

/// One line for each screen.
pub fn lines(cx: &mut Cx<'_, '_>, area: Rect) {
    let title = cx.say(Role::Title, "Everything else");
    let inner = pane(cx, area, None, &title, &Words::new());
    let room = margin(inner, 1);
    let lines = [
        (Screen::Runs, runs_line(cx.model)),
        (Screen::Endpoints, endpoints_line(cx.model)),
        (Screen::Costs, costs_line(cx.model)),
        (Screen::Versions, versions_line(cx.model)),
    ];
    let mut rest = room;
    for (screen, line) in lines {
        if rest.is_empty() {
            break;
        }
        let (here, below) = cut_top(rest, 1);
        let words = cx
            .say(Role::Dim, format!("{:<10} ", screen.title()))
            .join(cx.say(Role::Text, line));
        cx.pen.words(here.x, here.y, here.width, &words);
        cx.seen.screen(here, screen);
        rest = below;
    }
}

/// What a line says of data that is not there.
fn not_known(condition: &Condition<'_>) -> String {
    match condition.first() {
        Some(error) => error.kind.word().to_owned(),
        None => "not known yet".to_owned(),
    }
}

fn runs_line(model: &Model) -> String {
    let condition = runs::condition(model);
    if !condition.has_data() {
        return not_known(&condition);
    }
    let (_, moving, failed) = ranked(model);
    format!(
        "{moving} moving · {failed} failed · {} in all",
        format::thousands(model.runs.all.len() as u64)
    )
}

fn endpoints_line(model: &Model) -> String {
    let condition = Condition::of(&model.endpoints.endpoints);
    if !condition.has_data() {
        return not_known(&condition);
    }
    let rows = &model.endpoints.rows;
    let sick = rows
        .iter()
        .filter(|r| r.health.health < Health::Unknown)
        .count();
    match sick {
        0 => format!("{} serving", rows.len()),
        n => format!("{n} of {} need a look", rows.len()),
    }
}

fn costs_line(model: &Model) -> String {
    match model.costs.month.value() {
        Some(month) => format!(
            "{} this month",
            format::money_whole(month.total(), &month.unit)
        ),
        None => not_known(&Condition::of(&model.costs.month)),
    }
}

fn versions_line(model: &Model) -> String {
    match model.versions.repository.value() {
        Some(repository) => head_words(repository),
        None if model.has_no_repository() => "no repository here".to_owned(),
        None => not_known(&Condition::of(&model.versions.repository)),
    }
}
