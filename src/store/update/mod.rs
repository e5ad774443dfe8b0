//! The only code that changes state.

mod asking;
mod command;
mod commits;
mod data;
mod input;
mod interest;
mod lineage;
mod lines;
mod links;
mod lists;
mod navigate;
mod pages;
mod seek;
#[cfg(test)]
mod tests;
mod tick;

use jiff::Timestamp;

use crate::keys::command::Context;

use super::effect::Effect;
use super::model::Model;
use super::model::logs::LineTime;
use super::model::nav::{Pane, Popup, Screen};
use super::msg::{Hit, Msg};

pub use asking::{Estimate, Scans, estimate};
pub use interest::wanted;
pub use navigate::go_to_subject;

/// Takes one message in at `now`, and says what is to be done outside.
pub fn update(model: &mut Model, now: Timestamp, msg: Msg) -> Vec<Effect> {
    model.now = now;
    let before = interest::wanted(model);
    // What a source answers may be what is known already; everything else is something to see.
    model.changed |= !matches!(msg, Msg::Tick | Msg::Data(_));
    let mut effects = match msg {
        Msg::Command(command) => {
            model.pending.clear();
            model.nav.sought = None;
            command::run(model, command)
        }
        Msg::Pending(keys) => {
            model.pending = keys;
            Vec::new()
        }
        Msg::Text(c) => input::text(model, &c.to_string()),
        Msg::Paste(text) => input::text(model, &text),
        Msg::Click(hit) => click(model, hit),
        Msg::Wheel { pane, rows } => lists::scroll(model, pane, i64::from(rows)),
        Msg::Resize { columns, rows } => {
            model.size = (columns, rows);
            Vec::new()
        }
        Msg::Tick => tick::tick(model),
        Msg::Go { screen, name } => seek::go(model, screen, name),
        Msg::OpenLog { title, origin } => {
            model.settings.local = true;
            // Lines of files tell their time themselves.
            model.logs.time = LineTime::Hidden;
            model.nav.screen = Screen::Logs;
            model.nav.focus = Pane::LogLines;
            lines::open(model, title, origin)
        }
        Msg::Data(data) => {
            let mut effects = data::receive(model, *data);
            effects.extend(seek::try_again(model));
            effects
        }
        Msg::Notice(notice) => {
            model.notices.push(now, notice);
            Vec::new()
        }
    };
    effects.extend(lines::keep_up(model));
    effects.extend(commits::keep_up(model));
    let after = interest::wanted(model);
    if before != after {
        effects.push(Effect::Interest(after));
    }
    effects
}

/// Which keymap tables hold now, the most special first.
pub fn contexts(model: &Model) -> Vec<Context> {
    match model.nav.popups.last() {
        Some(Popup::Palette(_) | Popup::Query(_)) => return vec![Context::Input],
        Some(Popup::Help { .. } | Popup::Messages { .. }) => {
            return vec![Context::Popup, Context::Global];
        }
        Some(Popup::Filters { .. }) => {
            // The lines stay in sight, and their keys in force.
            return vec![
                Context::Filters,
                Context::Popup,
                Context::Lines,
                Context::Global,
            ];
        }
        None => {}
    }
    if model.nav.filtering.is_some() {
        vec![Context::Input]
    } else if model.nav.focus == Pane::LogLines {
        vec![Context::Lines, Context::List, Context::Global]
    } else {
        vec![Context::List, Context::Global]
    }
}

fn click(model: &mut Model, hit: Hit) -> Vec<Effect> {
    match hit {
        Hit::Screen(screen) => navigate::go(model, screen),
        Hit::Pane(pane) => {
            model.nav.focus = pane;
            Vec::new()
        }
        Hit::Row { pane, row } => {
            let again = model.nav.focus == pane;
            model.nav.focus = pane;
            lists::select_shown(model, pane, row, again)
        }
    }
}
