//! The list of commits: too long for a list of ids, so it moves by place; and what is asked for the rows on screen.

mod detail;
mod told;

use crate::domain::history::ask::Ask;
use crate::domain::history::query::CommitQuery;
use crate::domain::history::{CommitId, IdSet};

use super::super::effect::Effect;
use super::super::list::top_showing;
use super::super::model::Model;
use super::super::model::nav::{Pane, Screen};
use super::super::model::versions::VersionsSection;
use super::super::model::versions::history::{Found, Rows, WalkState};
use super::super::msg::Notice;

pub use detail::{all_files, blame, close, mark, open_selected};
pub use told::{repository_changed, told};

/// Texts that are kept; beyond that only those on screen are.
const KEPT: usize = 4000;

/// Whether a pane lists commits now.
pub fn lists(model: &Model, pane: Pane) -> bool {
    pane == Pane::VersionList && model.versions.section == VersionsSection::Commits
}

/// Whether the commits are on screen.
fn shown(model: &Model) -> bool {
    model.nav.screen == Screen::Versions && model.versions.section == VersionsSection::Commits
}

pub fn ask(ask: Ask) -> Effect {
    Effect::History(Box::new(ask))
}

/// Keeps the selection on its commit, or where that is not listed, on the row in its place.
pub fn settle(model: &mut Model) {
    let height = model.nav.height(Pane::VersionList);
    let view = model.versions.commit_view();
    let (len, list) = (view.len(), &model.versions.commits);
    if len == 0 {
        let list = &mut model.versions.commits;
        (list.index, list.top) = (0, 0);
        return;
    }
    let selected = list.selected.as_deref().and_then(CommitId::from_hex);
    let index = match selected {
        _ if !list.chosen => 0,
        // Where it last stood is nearly always where it stands.
        Some(id) if view.id(list.index) == Some(id) => list.index,
        Some(id) => view.place(id).unwrap_or(list.index.min(len - 1)),
        None => list.index.min(len - 1),
    };
    let id = view.id(index);
    let list = &mut model.versions.commits;
    if list.top > 0 {
        list.top = (list.top + index).saturating_sub(list.index);
    }
    list.index = index;
    list.selected = id.map(|id| id.to_string());
    list.top = top_showing(index, list.top, height, len);
}

pub fn move_by(model: &mut Model, rows: i64) {
    settle(model);
    let at = i64::try_from(model.versions.commits.index).unwrap_or(0);
    let target = at.saturating_add(rows).max(0);
    select(
        model,
        usize::try_from(target).unwrap_or(usize::MAX),
        rows != 0,
    );
}

/// Selects the row at a place, or the last one.
fn select(model: &mut Model, place: usize, chosen: bool) {
    let height = model.nav.height(Pane::VersionList);
    let view = model.versions.commit_view();
    let len = view.len();
    let index = place.min(len.saturating_sub(1));
    let id = view.id(index);
    let list = &mut model.versions.commits;
    list.chosen |= chosen;
    if let Some(id) = id {
        list.index = index;
        list.selected = Some(id.to_string());
    }
    list.top = top_showing(list.index, list.top, height, len);
}

/// Answers whether the row was selected already.
pub fn select_shown(model: &mut Model, row: usize) -> bool {
    let before = model.versions.commits.selected.clone();
    let place = model.versions.commits.top + row;
    if place < model.versions.commit_view().len() {
        select(model, place, true);
    }
    before == model.versions.commits.selected
}

/// Selects a commit by its id, full or short, now or when it comes; a filter that hides it goes.
pub fn select_id(model: &mut Model, id: &str) {
    let known = model.versions.history.rows.starting_with(id);
    let Some(id) = known else {
        if model.versions.history.state == WalkState::Whole {
            let text = format!("commit {id} is not in this repository's history");
            model.notices.push(model.now, Notice::info(text));
        } else {
            model.versions.history.sought = Some(id.to_owned());
        }
        return;
    };
    if model.versions.commit_view().place(id).is_none() {
        model.versions.commits.filter.clear();
        model.versions.history.found = None;
    }
    if let Some(place) = model.versions.commit_view().place(id) {
        select(model, place, true);
    }
}

/// After the filter was typed at.
pub fn filter_changed(model: &mut Model) -> Vec<Effect> {
    let room = &mut model.versions;
    let query = CommitQuery::parse(&room.commits.filter);
    if room.history.found.as_ref().map(|found| &found.query) == Some(&query) {
        return Vec::new();
    }
    if query.is_empty() {
        let was = room.history.found.take();
        settle(model);
        return was.map(|_| ask(Ask::FindNoMore)).into_iter().collect();
    }
    let generation = room.history.next_generation();
    room.history.found = Some(Found {
        generation,
        query,
        ..Found::default()
    });
    settle(model);
    find_on(model)
}

/// Looks through the rows that were not looked at.
fn find_on(model: &mut Model) -> Vec<Effect> {
    let room = &mut model.versions.history;
    // What a newer walk knows has other places.
    if room.coming.is_some() {
        return Vec::new();
    }
    let Some(found) = &mut room.found else {
        return Vec::new();
    };
    found.done = false;
    vec![ask(Ask::Find {
        generation: found.generation,
        query: found.query.clone(),
        from: found.looked_at,
    })]
}

/// Asks for what the rows on screen lack, and walks when nobody did since things changed.
pub fn keep_up(model: &mut Model) -> Vec<Effect> {
    if !shown(model) {
        return Vec::new();
    }
    let mut effects = Vec::new();
    let room = &mut model.versions.history;
    let due = room.state == WalkState::Never || (room.outdated && room.state == WalkState::Whole);
    if due {
        room.walk += 1;
        room.outdated = false;
        if !room.rows.is_empty() {
            room.coming = Some(Rows::default());
        }
        room.state = WalkState::Walking;
        effects.push(Effect::WalkHistory(room.walk));
    }
    effects.extend(texts(model));
    effects.extend(detail::keep_up(model));
    effects
}

/// Texts and marks for the rows on screen, and for a screen above and below them.
fn texts(model: &mut Model) -> Option<Effect> {
    let height = model.nav.height(Pane::VersionList);
    let view = model.versions.commit_view();
    let top = model.versions.commits.top.min(view.len());
    let room = &model.versions.history;
    let lacks = |id: &CommitId| {
        let known = room.texts.contains_key(id) && room.marks.contains_key(id);
        !(known || id.is_worktree() || room.asked.contains(id))
    };
    let ids = |from: usize, to: usize| (from..to).filter_map(|at| view.id(at));
    if !ids(top, top + height).any(|id| lacks(&id)) {
        return None;
    }
    let around = || ids(top.saturating_sub(height), top + 2 * height);
    // Those on screen first.
    let mut wanted: Vec<CommitId> = ids(top, top + height).collect();
    wanted.extend(
        around()
            .filter(|id| !wanted.contains(id))
            .collect::<Vec<_>>(),
    );
    wanted.retain(|id| lacks(id));
    let near: IdSet = around().collect();
    let room = &mut model.versions.history;
    if room.texts.len() > KEPT {
        room.texts.retain(|id, _| near.contains(id));
        room.marks.retain(|id, _| near.contains(id));
    }
    room.asked = wanted.iter().copied().collect();
    Some(ask(Ask::Texts(wanted)))
}
