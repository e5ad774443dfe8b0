//! Log groups and streams at the left, the lines of a tail at the right.

mod answer;
mod chosen;
mod curves;
mod elapsed;
mod gap;
mod histogram;
mod line;
mod lines;
mod message;
mod prefix;
mod prompt;
mod rows;
mod sheet;
mod styled;
mod title;
mod window;

use ratatui::layout::Rect;

use crate::keys::command::Command;
use crate::store::model::nav::Pane;
use crate::store::rows::streams;
use crate::store::tables::logs::{GROUP_COLUMNS, STREAM_COLUMNS};
use crate::theme::Role;
use crate::ui::condition::Condition;
use crate::ui::cx::Cx;
use crate::ui::layout;
use crate::ui::paint::Words;
use crate::ui::text;
use crate::ui::widgets::notes::Empty;
use crate::ui::widgets::table::no_tint;

use super::list::ListPane;

pub fn draw(cx: &mut Cx<'_, '_>, body: Rect) {
    if cx.model.settings.local {
        return tail(cx, body);
    }
    // The lines are what one is here for; the list stays wide enough to choose from.
    let percent = if cx.model.logs.tail.is_some() { 28 } else { 50 };
    let panes = layout::panes(&cx.model.nav, body, percent, false);
    if let Some(area) = panes.list {
        match &cx.model.logs.open_group {
            Some(group) => stream_list(cx, area, group),
            None => group_list(cx, area),
        }
    }
    if let Some(area) = panes.detail {
        tail(cx, area);
    }
}

/// The lines, and their curves beside or below them.
fn tail(cx: &mut Cx<'_, '_>, area: Rect) {
    let (area, beside) = curves::cut(cx, area);
    lines::draw(cx, area);
    if let Some(beside) = beside {
        curves::draw(cx, beside);
    }
}

fn group_list(cx: &mut Cx<'_, '_>, area: Rect) {
    let model = cx.model;
    let condition = Condition::of(&model.logs.groups);
    ListPane {
        pane: Pane::LogGroups,
        title: cx.say(Role::Title, "Log groups"),
        after: Words::new(),
        noun: "log group",
        what: "log groups",
        items: model.logs.groups.items(),
        columns: GROUP_COLUMNS,
        list: &model.logs.list,
        own_order: "",
        condition: &condition,
        empty: Empty::new("No log groups in this account and Region.")
            .key(Command::Refresh, "looks again"),
        sign: &|_, _| (" ", Role::Dim),
        tint: &no_tint,
    }
    .draw(cx, area);
}

fn stream_list(cx: &mut Cx<'_, '_>, area: Rect, group: &str) {
    let model = cx.model;
    let condition = model
        .logs
        .streams
        .get(group)
        .map_or_else(|| Condition::all([]), Condition::of);
    let room = usize::from(area.width).saturating_sub(24).max(12);
    let name = text::cut_middle(group, room, cx.glyphs().ellipsis);
    ListPane {
        pane: Pane::LogGroups,
        title: cx.say(Role::Title, name),
        after: Words::new(),
        noun: "stream",
        what: "streams",
        items: streams(model),
        columns: STREAM_COLUMNS,
        list: &model.logs.list,
        own_order: "",
        condition: &condition,
        empty: Empty::new("This group has no streams.").key(Command::Back, "back to the groups"),
        sign: &|_, _| (" ", Role::Dim),
        tint: &no_tint,
    }
    .draw(cx, area);
}
