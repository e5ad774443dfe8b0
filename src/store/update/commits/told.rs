//! What is told of the history: rows as they are walked, and answers to what was asked.

use crate::domain::history::ask::{Told, Walked};
use crate::domain::history::{CommitId, Page};
use crate::domain::repository::Repository;
use crate::domain::source_error::{ErrorKind, SourceError};

use super::super::super::effect::Effect;
use super::super::super::model::Model;
use super::super::super::model::nav::Pane;
use super::super::super::model::versions::history::{Found, Open, Rows, WalkState};
use super::super::lists;

pub fn told(model: &mut Model, walk: u64, told: Told) -> Vec<Effect> {
    let room = &mut model.versions.history;
    let is_old = walk != room.walk;
    match told {
        Told::Rows(_) | Told::Walked(_) if is_old => return Vec::new(),
        Told::Rows(page) => rows(model, page),
        Told::Walked(answer) => return walked(model, answer),
        Told::Texts(texts) => room.texts.extend(texts),
        Told::Marks(marks) => {
            for (id, _) in &marks {
                room.asked.remove(id);
            }
            room.marks.extend(marks);
        }
        Told::Found {
            generation,
            rows,
            looked_at,
            done,
        } => {
            let Some(found) = room.found.as_mut().filter(|it| it.generation == generation) else {
                return Vec::new();
            };
            found.rows.extend(rows);
            found.looked_at = looked_at;
            found.done = done;
            super::settle(model);
            // The walk may have gone on meanwhile.
            let room = &model.versions.history;
            if done && room.state == WalkState::Whole && looked_at < room.rows.len() {
                model.changed = true;
                return super::find_on(model);
            }
        }
        Told::Compared { generation, answer } => {
            if room.detail.generation != generation {
                return Vec::new();
            }
            room.detail.answer = Some(answer);
            lists::settle(model, Pane::VersionDetail);
        }
        Told::Tree { generation, answer } => {
            match &mut room.detail.tree {
                Some(tree) if tree.generation == generation => tree.answer = Some(answer),
                _ => return Vec::new(),
            }
            lists::settle(model, Pane::VersionDetail);
        }
        Told::File { generation, answer } => {
            let file = answer;
            for open in &mut room.detail.open {
                match open {
                    Open::Lines {
                        generation: asked,
                        answer,
                        ..
                    } if *asked == generation => *answer = Some(file.clone()),
                    _ => {}
                }
            }
        }
        Told::Blame { generation, answer } => {
            if let Err(error) = &answer
                && error.kind == ErrorKind::Missing
                && let Some(effects) = super::detail::not_there(model, generation)
            {
                return effects;
            }
            let room = &mut model.versions.history;
            let blame = answer;
            for open in &mut room.detail.open {
                match open {
                    Open::Blame {
                        generation: asked,
                        answer,
                        ..
                    } if *asked == generation => *answer = Some(blame.clone()),
                    _ => {}
                }
            }
            lists::settle(model, Pane::VersionDetail);
        }
    }
    model.changed = true;
    Vec::new()
}

fn rows(model: &mut Model, page: Page) {
    let room = &mut model.versions.history;
    match &mut room.coming {
        Some(coming) => coming.push(page),
        None => room.rows.push(page),
    }
    super::settle(model);
    seek(model);
}

/// Selects what was sought, if it has come.
fn seek(model: &mut Model) {
    let room = &model.versions.history;
    if let Some(id) = &room.sought
        && room.rows.starting_with(id).is_some()
        && let Some(id) = model.versions.history.sought.take()
    {
        super::select_id(model, &id);
    }
}

fn walked(model: &mut Model, answer: Result<Walked, SourceError>) -> Vec<Effect> {
    model.changed = true;
    let room = &mut model.versions.history;
    room.state = WalkState::Whole;
    let coming = room.coming.take();
    let walked = match answer {
        Ok(walked) => walked,
        Err(error) => {
            room.failure = Some(error);
            return Vec::new();
        }
    };
    room.failure = None;
    room.shallow = walked.shallow;
    room.missing = walked.missing;
    if let Some(rows) = coming {
        replace(model, rows);
    }
    super::settle(model);
    seek(model);
    if let Some(id) = model.versions.history.sought.take() {
        // It says that there is no such commit.
        super::select_id(model, &id);
    }
    super::find_on(model)
}

/// Rows of a newer walk, whose places are others.
fn replace(model: &mut Model, rows: Rows) {
    let room = &mut model.versions.history;
    room.rows = rows;
    let query = room.found.take().map(|found| found.query);
    if let Some(query) = query {
        let generation = room.next_generation();
        room.found = Some(Found {
            generation,
            query,
            ..Found::default()
        });
    }
}

/// After the repository was read anew: whether there are other commits to be walked, and another working tree to
/// be compared.
pub fn repository_changed(model: &mut Model, before: Option<&Repository>) {
    let Some(now) = model.versions.repository.value() else {
        return;
    };
    let same_tips = before.is_some_and(|before| {
        before.head.commit == now.head.commit
            && before.branches == now.branches
            && before.tags == now.tags
    });
    let same_tree = before.is_some_and(|before| before.worktree == now.worktree);
    let selected = model.versions.commits.selected.as_deref();
    let on_tree = selected.and_then(CommitId::from_hex) == Some(CommitId::WORKTREE)
        || model.versions.history.marked == Some(CommitId::WORKTREE);
    let room = &mut model.versions.history;
    // The first answer and the first walk see the same, unless there was nothing to walk then.
    let first = before.is_none() && room.failure.is_none();
    room.outdated |= !first && !same_tips && room.state != WalkState::Never;
    if !(same_tree && same_tips) && on_tree {
        // Asked again by `keep_up`.
        room.detail.pair = None;
    }
}
