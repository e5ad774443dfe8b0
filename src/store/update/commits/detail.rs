//! What is looked at closely: a commit's files, two revisions compared, a file's lines, and who wrote them.

use crate::domain::history::CommitId;
use crate::domain::history::ask::{Ask, Generation};
use crate::domain::history::diff::{Change, FileDelta, Kind, Pair, Side};

use super::super::super::effect::Effect;
use super::super::super::list::ListState;
use super::super::super::model::Model;
use super::super::super::model::nav::{ONE_PANE_COLUMNS, Pane};
use super::super::super::model::versions::history::{Detail, Open, Tree};
use super::super::super::msg::Notice;
use super::super::super::rows;
use super::super::lists;
use super::{ask, shown};

/// Files opened on top of each other.
const DEEPEST: usize = 50;

/// What the selected row, and the marked one, are to be compared as.
fn wanted(model: &Model) -> Option<Pair> {
    let selected = rows::selected_commit(model)?;
    let room = &model.versions;
    Some(match room.history.marked {
        Some(marked) if marked != selected => older_first(model, marked, selected),
        _ => Pair::of(selected, room.head()),
    })
}

/// From the lower row to the upper one, whichever was marked first.
fn older_first(model: &Model, a: CommitId, b: CommitId) -> Pair {
    let view = model.versions.commit_view();
    let place = |id| view.place(id).unwrap_or(usize::MAX);
    if place(a) >= place(b) {
        Pair::between(a, b)
    } else {
        Pair::between(b, a)
    }
}

/// Asks for the comparison that the pane beside the list is to show.
pub fn keep_up(model: &mut Model) -> Option<Effect> {
    let pair = wanted(model)?;
    let looked_at = model.nav.focus == Pane::VersionDetail;
    let alone = model.size.0 < ONE_PANE_COLUMNS || model.nav.zoom;
    let detail = &mut model.versions.history.detail;
    if detail.pair == Some(pair) || (looked_at && !detail.open.is_empty()) {
        return None;
    }
    if alone && !looked_at {
        *detail = Detail::default();
        return None;
    }
    // The same two things, only changed: the files stay where they are until the answer is there.
    let again = detail.pair.is_none() && detail.answer.is_some();
    let tree = detail.tree.take().filter(|tree| tree.at == pair.to);
    let generation = model.versions.history.next_generation();
    let detail = &mut model.versions.history.detail;
    if !again {
        *detail = Detail::default();
    }
    detail.pair = Some(pair);
    detail.generation = generation;
    detail.tree = tree;
    model.changed = true;
    Some(ask(Ask::Compare { generation, pair }))
}

/// Marks the selected commit, to be compared with those selected next; marked already, it is no longer.
pub fn mark(model: &mut Model) -> Vec<Effect> {
    if !shown(model) {
        return Vec::new();
    }
    let selected = rows::selected_commit(model);
    let marked = &mut model.versions.history.marked;
    *marked = if *marked == selected { None } else { selected };
    Vec::new()
}

/// Enter in the pane: into the selected file; from a line to what its commit did to the file.
pub fn open_selected(model: &mut Model) -> Vec<Effect> {
    let detail = &model.versions.history.detail;
    match detail.open.last() {
        None => {
            let (Some(file), Some(pair)) = (detail.selected_file().cloned(), detail.pair) else {
                return Vec::new();
            };
            match &detail.tree {
                Some(tree) => {
                    let at = tree.at;
                    open_blame(model, at, file.path)
                }
                None => open_lines(model, pair, file),
            }
        }
        Some(Open::Lines { .. }) => Vec::new(),
        Some(open @ Open::Blame { .. }) => match line_commit(open) {
            Some((id, path, old_path)) => {
                let pair = Pair::of(id, model.versions.head());
                let renamed = old_path.filter(|old| *old != path);
                let file = FileDelta {
                    change: Change::Modified,
                    kind: Kind::Text,
                    old_path: renamed,
                    path,
                    added: None,
                    removed: None,
                };
                open_lines(model, pair, file)
            }
            None => Vec::new(),
        },
    }
}

/// The commit of the selected line, the file's path there, and its path before that.
fn line_commit(open: &Open) -> Option<(CommitId, String, Option<String>)> {
    let Open::Blame {
        answer: Some(Ok(blame)),
        lines,
        ..
    } = open
    else {
        return None;
    };
    let line = blame.lines.get(lines.index)?;
    let commit = blame.commits.get(usize::try_from(line.commit?).ok()?)?;
    let before = commit.parent.as_ref().map(|(_, path)| path.clone());
    Some((commit.id, commit.path.clone(), before))
}

fn push(model: &mut Model, open: Open) {
    let detail = &mut model.versions.history.detail;
    if detail.open.len() == DEEPEST {
        detail.open.remove(0);
    }
    detail.open.push(open);
    model.nav.focus = Pane::VersionDetail;
}

fn open_lines(model: &mut Model, pair: Pair, file: FileDelta) -> Vec<Effect> {
    let generation = model.versions.history.next_generation();
    let open = Open::Lines {
        pair,
        file: file.clone(),
        generation,
        answer: None,
    };
    push(model, open);
    vec![ask(Ask::File {
        generation,
        pair,
        file,
    })]
}

fn open_blame(model: &mut Model, at: Side, path: String) -> Vec<Effect> {
    let generation = model.versions.history.next_generation();
    let open = Open::Blame {
        at,
        path: path.clone(),
        generation,
        answer: None,
        lines: ListState::default(),
    };
    push(model, open);
    vec![ask(Ask::Blame {
        generation,
        at,
        path,
    })]
}

/// Who wrote each line: of the selected file, of the params where none is; on a line, what was there before.
pub fn blame(model: &mut Model) -> Vec<Effect> {
    if !shown(model) {
        return Vec::new();
    }
    let detail = &model.versions.history.detail;
    let in_detail = model.nav.focus == Pane::VersionDetail;
    match detail.open.last().filter(|_| in_detail) {
        Some(Open::Lines { pair, file, .. }) => {
            let (at, path) = (pair.to, file.path.clone());
            open_blame(model, at, path)
        }
        Some(open @ Open::Blame { .. }) => match before_line(open) {
            Some((at, path)) => open_blame(model, Side::Commit(at), path),
            None => {
                let text = "this line is as old as the file";
                model.notices.push(model.now, Notice::info(text));
                Vec::new()
            }
        },
        None => {
            let Some(at) = rows::selected_commit(model) else {
                return Vec::new();
            };
            let at = if at.is_worktree() {
                Side::Worktree
            } else {
                Side::Commit(at)
            };
            let chosen = detail.selected_file().filter(|_| in_detail);
            let path = chosen.map_or_else(|| params(model), |file| file.path.clone());
            open_blame(model, at, path)
        }
    }
}

/// The version of the file that the selected line's commit was made on.
fn before_line(open: &Open) -> Option<(CommitId, String)> {
    let Open::Blame {
        answer: Some(Ok(blame)),
        lines,
        ..
    } = open
    else {
        return None;
    };
    let line = blame.lines.get(lines.index)?;
    let commit = blame.commits.get(usize::try_from(line.commit?).ok()?)?;
    commit.parent.clone()
}

/// The params file that the commit changed, or the one of the DVC project.
fn params(model: &Model) -> String {
    let is_params = |file: &&FileDelta| {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        name.starts_with("params.")
    };
    let room = &model.versions;
    if let Some(file) = room.history.detail.files().iter().find(is_params) {
        return file.path.clone();
    }
    let data = room.repository.value().and_then(|it| it.data.as_ref());
    match data.map(|data| data.dvc_root.as_str()) {
        None | Some("") => "params.yaml".to_owned(),
        Some(root) => format!("{root}/params.yaml"),
    }
}

/// Params that were looked for are not where they mostly are: the files of the revision, to choose from.
pub fn not_there(model: &mut Model, asked: Generation) -> Option<Vec<Effect>> {
    let Some(Open::Blame {
        generation, path, ..
    }) = model.versions.history.detail.open.last()
    else {
        return None;
    };
    if *generation != asked || !path.ends_with("params.yaml") {
        return None;
    }
    let text = format!("{path} is not in this revision: choose another file");
    model.notices.push(model.now, Notice::info(text));
    model.versions.history.detail.tree = None;
    let effects = all_files(model);
    model.versions.history.detail.files.filter = "params".to_owned();
    model.changed = true;
    Some(effects)
}

/// The files of the revision: those that differ, or all of them.
pub fn all_files(model: &mut Model) -> Vec<Effect> {
    if !shown(model) {
        return Vec::new();
    }
    let Some(pair) = model.versions.history.detail.pair.or_else(|| wanted(model)) else {
        return Vec::new();
    };
    model.nav.focus = Pane::VersionDetail;
    let generation = model.versions.history.next_generation();
    let detail = &mut model.versions.history.detail;
    detail.open.clear();
    detail.files = ListState::default();
    if detail.tree.take().is_some() {
        lists::settle(model, Pane::VersionDetail);
        return Vec::new();
    }
    detail.tree = Some(Tree {
        at: pair.to,
        generation,
        answer: None,
    });
    vec![ask(Ask::Tree {
        generation,
        at: pair.to,
    })]
}

/// Back to what lies below; `false` where nothing is open.
pub fn close(model: &mut Model) -> bool {
    if !shown(model) || model.nav.focus != Pane::VersionDetail {
        return false;
    }
    let detail = &mut model.versions.history.detail;
    if detail.open.pop().is_some() {
        return true;
    }
    if detail.tree.take().is_some() {
        detail.files = ListState::default();
        lists::settle(model, Pane::VersionDetail);
        return true;
    }
    false
}
