//! The pane of the tail: its lines, or why there are none.

use ratatui::layout::Rect;

use crate::domain::source_error::ErrorKind;
use crate::keys::command::Command;
use crate::store::model::logs::Tail;
use crate::store::model::nav::Pane;
use crate::theme::Role;
use crate::ui::condition::Condition;
use crate::ui::cx::Cx;
use crate::ui::format;
use crate::ui::layout::cut_bottom;
use crate::ui::widgets::notes::{self, Empty};
use crate::ui::widgets::pane::pane;

use super::{answer, histogram, prompt, rows, sheet, title};

pub fn draw(cx: &mut Cx<'_, '_>, area: Rect) {
    if let Some(front) = cx.model.logs.sheet() {
        return sheet::draw(cx, area, front);
    }
    let Some(tail) = &cx.model.logs.tail else {
        return nothing_followed(cx, area);
    };
    let condition = Condition::of(&tail.polled);
    let followed = !tail.origin.targets().is_empty();
    let title = title::title(cx, tail, area.width);
    let badge = title::badge(cx, tail, &condition);
    let inner = pane(cx, area, Some(Pane::LogLines), &title, &badge);
    let inner = prompt::draw(cx, inner, tail);
    let inner = answer::draw(cx, inner);
    let banner = if followed {
        notes::banner_height(&condition, inner)
    } else {
        0
    };
    let (room, note) = cut_bottom(inner, banner);
    if banner > 0 {
        notes::banner(cx, note, &condition);
    }
    let room = histogram::draw(cx, room, tail);
    cx.rows(room, Pane::LogLines, 0);
    if !tail.window.lines.is_empty() {
        return rows::draw(cx, room, tail);
    }
    if let Some(asked) = &cx.model.logs.asked
        && tail.progress.lines == 0
    {
        return answer::empty(cx, room, asked);
    }
    if followed && tail.polled.value().is_none() {
        return waiting(cx, room, &condition);
    }
    empty(cx, room, tail);
}

/// The reader has nothing to show.
fn empty(cx: &mut Cx<'_, '_>, room: Rect, tail: &Tail) {
    let all = format::thousands(tail.progress.lines);
    if tail.progress.lines > 0 {
        let nothing = if tail.progress.done {
            Empty::new(format!("None of {all} lines passes the filters."))
                .key(Command::Back, "takes the last filter away")
                .key(Command::ToggleFilters, "shows all lines")
        } else {
            Empty::new(format!(
                "None of the first {all} lines passes; still looking."
            ))
            .key(Command::Back, "takes the last filter away")
        };
        return notes::empty(cx, room, &nothing);
    }
    if tail.origin.targets().is_empty() {
        let text = if !tail.progress.done {
            "Reading."
        } else if tail.progress.growing {
            "No lines yet. New ones appear here by themselves."
        } else {
            "No lines: it is empty."
        };
        return notes::empty(cx, room, &Empty::new(text));
    }
    let when = tail
        .polled_at
        .map(|at| format!(", asked {}", format::ago(at, cx.model.now)))
        .unwrap_or_default();
    let nothing = Empty::new(format!(
        "No lines yet{when}. New ones appear here by themselves."
    ))
    .key(Command::LoadOlder, "looks further back")
    .key(Command::PickGroup, "chooses another group or stream");
    notes::empty(cx, room, &nothing);
}

fn nothing_followed(cx: &mut Cx<'_, '_>, area: Rect) {
    let title = cx.say(Role::Title, "Lines");
    let inner = pane(cx, area, Some(Pane::LogLines), &title, &Default::default());
    cx.rows(inner, Pane::LogLines, 0);
    let nothing = Empty::new("No log is open.")
        .key(Command::Open, "opens the selected log group")
        .key(
            Command::ShowLogs,
            "on a run, step or endpoint opens its logs",
        );
    notes::empty(cx, inner, &nothing);
}

/// No answer yet, or none to be had.
fn waiting(cx: &mut Cx<'_, '_>, room: Rect, condition: &Condition<'_>) {
    match condition.first() {
        Some(error) if error.kind == ErrorKind::Missing => {
            let nothing = Empty::new(format!(
                "{} Nothing has been written there yet ({}). Lines appear here as soon as there are some.",
                cx.glyphs().never,
                error.what
            ))
            .key(Command::PickGroup, "chooses another group or stream");
            notes::empty(cx, room, &nothing);
        }
        _ => notes::without_data(cx, room, condition, "lines"),
    }
}
