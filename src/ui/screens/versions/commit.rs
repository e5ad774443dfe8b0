//! The pane beside the commits: one commit or two compared, their files, and what is opened of them.

use ratatui::layout::Rect;

use crate::domain::history::diff::{About, Comparison, FileDelta, Pair, Side};
use crate::domain::history::{CommitId, IdSet};
use crate::keys::command::Command;
use crate::store::model::Model;
use crate::store::model::nav::Pane;
use crate::store::model::versions::history::Open;
use crate::store::rows::selected_commit;
use crate::store::table::visible_rows;
use crate::store::tables::commits::{FILE_COLUMNS, counted, labels, letter};
use crate::theme::Role;
use crate::ui::cx::Cx;
use crate::ui::layout::{cut_top, margin};
use crate::ui::paint::Words;
use crate::ui::widgets::facts::{Fact, facts, heading};
use crate::ui::widgets::notes::{self, Empty, down, prose};
use crate::ui::widgets::page::page;
use crate::ui::widgets::pane::pane;
use crate::ui::{format, text};

use super::super::list::filter_line;
use super::facts::{gap, lead, models_of, runs_of};
use super::{blame, lines};

/// Lines of a message that come before the files.
const MESSAGE: u16 = 12;

/// Lines kept of a path when the counts beside it are wide.
const LEAST_PATH: usize = 8;

pub fn draw(cx: &mut Cx<'_, '_>, area: Rect) {
    match cx.model.versions.history.detail.open.last() {
        Some(open @ Open::Lines { .. }) => lines::draw(cx, area, open),
        Some(open @ Open::Blame { .. }) => blame::draw(cx, area, open),
        None => overview(cx, area),
    }
}

/// The border with a title cut to its room; answers the room inside.
pub fn titled(cx: &mut Cx<'_, '_>, area: Rect, title: &str) -> Rect {
    let room = usize::from(area.width).saturating_sub(8);
    let title = text::cut_middle(title, room, cx.glyphs().ellipsis);
    let title = cx.say(Role::Title, title);
    pane(cx, area, Some(Pane::VersionDetail), &title, &Words::new())
}

/// A side in as few words as name it.
pub fn side_name(side: Side) -> String {
    match side {
        Side::Empty => "nothing".to_owned(),
        Side::Worktree => "working tree".to_owned(),
        Side::Commit(id) => id.short(),
        Side::Before(id) => format!("before {}", id.short()),
    }
}

/// `commit a1b2c3d`, or the two that are compared.
pub fn pair_name(pair: Pair) -> String {
    match (pair.from, pair.to) {
        (Side::Before(_), Side::Commit(id)) => format!("commit {}", id.short()),
        (_, Side::Worktree) if !matches!(pair.from, Side::Commit(_)) => "working tree".to_owned(),
        (from, to) => format!("{} to {}", side_name(from), side_name(to)),
    }
}

fn overview(cx: &mut Cx<'_, '_>, area: Rect) {
    let model = cx.model;
    let detail = &model.versions.history.detail;
    let Some(id) = selected_commit(model) else {
        let inner = titled(cx, area, "commit");
        return notes::empty(cx, inner, &Empty::new("No commit is selected."));
    };
    let compared = model
        .versions
        .history
        .marked
        .is_some_and(|marked| marked != id);
    let name = match detail.pair {
        Some(pair) if compared => pair_name(pair),
        _ if id.is_worktree() => "working tree".to_owned(),
        _ => format!("commit {}", id.short()),
    };
    let inner = titled(cx, area, &name);
    let filtered = visible_rows(detail.files(), FILE_COLUMNS, &detail.files);
    let inner = filter_line(
        cx,
        inner,
        Pane::VersionDetail,
        &detail.files.filter,
        Some(filtered.len()),
    );
    page(cx, area, inner, Pane::VersionDetail, &|cx, paper| {
        let mut room = margin(paper, 1);
        if compared {
            down(&mut room, |room| both(cx, room));
        } else if id.is_worktree() {
            down(&mut room, |room| worktree(cx, room));
        } else {
            down(&mut room, |room| about(cx, room, id));
        }
        gap(&mut room);
        down(&mut room, |room| files(cx, room, &filtered));
        room.y - paper.y
    });
}

/// The two that are compared.
fn both(cx: &mut Cx<'_, '_>, area: Rect) -> u16 {
    let mut room = area;
    let model = cx.model;
    let Some(pair) = model.versions.history.detail.pair else {
        return 0;
    };
    let said = |side: Side| match side {
        Side::Commit(id) => {
            let text = model.versions.history.texts.get(&id);
            let summary = text.map(|text| text.summary.clone()).unwrap_or_default();
            format!("{} {summary}", id.short())
        }
        side => side_name(side),
    };
    let list = [
        Fact::new("from", said(pair.from)),
        Fact::new("to", said(pair.to)),
    ];
    down(&mut room, |room| facts(cx, room, &list));
    if let Some(key) = cx.key(Command::Mark) {
        let line = format!("{key} on the marked commit ends the comparison");
        lead(cx, &mut room, Role::Dim, &line, 1);
    }
    room.y - area.y
}

fn worktree(cx: &mut Cx<'_, '_>, area: Rect) -> u16 {
    let mut room = area;
    let model = cx.model;
    let Some(repository) = model.versions.repository.value() else {
        return 0;
    };
    let head = &repository.head;
    if let Some(operation) = &head.operation {
        let line = format!("{} {operation} in progress", cx.glyphs().look);
        lead(cx, &mut room, Role::Look, &line, 1);
    }
    let tree = &repository.worktree;
    let count = |n: usize| if n > 0 { n.to_string() } else { String::new() };
    let list = [
        Fact::new("on", head.branch.as_deref().unwrap_or("detached HEAD")).role(Role::Series1),
        Fact::new("path", repository.path.clone()).role(Role::Dim),
        Fact::new("conflicts", count(tree.conflicted.len())).role(Role::Act),
        Fact::new("staged", count(tree.staged.len())),
        Fact::new("not staged", count(tree.unstaged.len())),
        Fact::new("new", count(tree.untracked.len())),
    ];
    down(&mut room, |room| facts(cx, room, &list));
    room.y - area.y
}

fn about(cx: &mut Cx<'_, '_>, area: Rect, id: CommitId) -> u16 {
    let model = cx.model;
    let history = &model.versions.history;
    let mut room = area;
    let text = history.texts.get(&id);
    let about = match &history.detail.answer {
        Some(Ok(comparison)) => comparison.about.as_ref(),
        _ => None,
    };
    let message = about.map(|about| about.message.as_str());
    let first = message.and_then(|message| message.lines().next());
    let summary = first.or(text.map(|text| text.summary.as_str()));
    lead(cx, &mut room, Role::Strong, summary.unwrap_or_default(), 3);
    gap(&mut room);
    let full = id.to_string();
    let names = |about: &About| -> Vec<String> {
        about.parents.iter().map(|parent| parent.short()).collect()
    };
    let row = history.rows.place(id).and_then(|at| history.rows.get(at));
    let when = row.and_then(|row| row.time());
    let refs = model.versions.repository.value().map(|repository| {
        let of = IdSet::from_iter([id]);
        let found = labels(repository, &of).remove(&id).unwrap_or_default();
        let names: Vec<&str> = found.into_iter().map(|(_, name)| name).collect();
        names.join(", ")
    });
    let author = about
        .map(|about| about.author.clone())
        .or(text.map(|text| text.author.clone()));
    let committer = about.and_then(|about| about.committer.clone());
    let list = [
        Fact::new("commit", full.clone())
            .role(Role::Series4)
            .one_line(),
        Fact::new("refs", refs.unwrap_or_default()).role(Role::Series1),
        Fact::new("author", author.unwrap_or_default()),
        Fact::new("committer", committer.unwrap_or_default()),
        Fact::new(
            "when",
            when.map(|at| cx.time_and_age(at)).unwrap_or_default(),
        ),
        Fact::new("parents", about.map(names).unwrap_or_default().join(" ")),
        Fact::new("place", about.map(place).unwrap_or_default()),
        Fact::new("DVC", marks_in_words(model, id)).role(Role::Series2),
        Fact::new("models", models_of(model, &full)).role(Role::Strong),
        Fact::new("runs", runs_of(model, &full)),
    ];
    down(&mut room, |room| facts(cx, room, &list));
    if row.is_some_and(|row| row.lanes.cut) {
        let why = if history.shallow {
            "Here a shallow clone ends: older commits are not in it."
        } else {
            "A parent of this commit cannot be read."
        };
        lead(cx, &mut room, Role::Look, why, 2);
    }
    let body = message.and_then(|message| message.split_once('\n'));
    if let Some((_, body)) = body
        && !body.trim().is_empty()
    {
        gap(&mut room);
        let style = cx.style(Role::Text);
        for line in body.trim().lines().take(usize::from(MESSAGE)) {
            let line = text::cut_end(line, usize::from(room.width), cx.glyphs().ellipsis);
            down(&mut room, |room| {
                cx.pen.text(room.x, room.y, room.width, &line, style);
                1
            });
        }
    }
    room.y - area.y
}

/// Where it lies from HEAD.
fn place(about: &About) -> String {
    match (about.behind_head, about.beside_head) {
        (Some(0), Some(0)) => "HEAD".to_owned(),
        (Some(behind), Some(0)) => format!("{} behind HEAD", commits(behind)),
        (Some(0), Some(beside)) => format!("{} ahead of HEAD", commits(beside)),
        (Some(behind), Some(beside)) => format!(
            "{} behind HEAD, {} not in HEAD",
            commits(behind),
            commits(beside)
        ),
        _ => String::new(),
    }
}

fn commits(n: usize) -> String {
    match n {
        1 => "1 commit".to_owned(),
        n => format!("{} commits", format::thousands(n as u64)),
    }
}

fn marks_in_words(model: &Model, id: CommitId) -> String {
    let Some(marks) = model.versions.history.marks.get(&id).filter(|it| it.any()) else {
        return String::new();
    };
    let words = [
        (marks.data, "data"),
        (marks.params, "params"),
        (marks.metrics, "metrics"),
        (marks.stages, "stages"),
    ];
    let words: Vec<&str> = words
        .into_iter()
        .filter(|(changed, _)| *changed)
        .map(|(_, word)| word)
        .collect();
    format!("changed {}", words.join(", "))
}

/// The files that differ, or all there are, as rows.
fn files(cx: &mut Cx<'_, '_>, area: Rect, shown: &[usize]) -> u16 {
    let mut room = area;
    let detail = &cx.model.versions.history.detail;
    let title = if detail.tree.is_some() {
        "All files"
    } else {
        "Changes"
    };
    let note = match detail.listed() {
        Some(Ok(comparison)) => {
            let note = counts(comparison, detail.tree.is_some());
            cx.say(Role::Dim, note)
        }
        Some(Err(_)) => Words::new(),
        None => cx.say(Role::Dim, format!("comparing{}", cx.glyphs().ellipsis)),
    };
    down(&mut room, |room| heading(cx, room, title, &note));
    match detail.listed() {
        None => return room.y - area.y,
        Some(Err(error)) => {
            down(&mut room, |room| prose(cx, room, Role::Act, &error.what, 4));
            if let Some(hint) = &error.hint {
                let hint = format!("{} {hint}", cx.glyphs().arrow);
                down(&mut room, |room| prose(cx, room, Role::Strong, &hint, 2));
            }
            return room.y - area.y;
        }
        Some(Ok(comparison)) => {
            if let Some(note) = &comparison.note {
                down(&mut room, |room| prose(cx, room, Role::Look, note, 2));
            }
        }
    }
    let all = detail.files();
    let height = u16::try_from(shown.len())
        .unwrap_or(u16::MAX)
        .min(room.height);
    let table = Rect { height, ..room };
    cx.rows(table, Pane::VersionDetail, height);
    if shown.is_empty() {
        let line = match all.len() {
            0 => "No file differs.".to_owned(),
            _ => format!("No file matches `{}`.", detail.files.filter),
        };
        down(&mut room, |room| prose(cx, room, Role::Dim, &line, 1));
        return room.y - area.y;
    }
    let selected = detail.files.selected.as_deref();
    for (line, at) in (0..height).zip(shown) {
        let y = table.y + line;
        let Some(file) = all.get(*at).filter(|_| cx.pen.shows(y)) else {
            continue;
        };
        draw_file(
            cx,
            Rect {
                y,
                height: 1,
                ..table
            },
            file,
        );
        if selected == Some(file.path.as_str()) && cx.has_focus(Pane::VersionDetail) {
            let style = cx.style(Role::Selected);
            cx.pen.restyle(
                Rect {
                    y,
                    height: 1,
                    ..table
                },
                style,
            );
        }
    }
    cut_top(room, height).1.y - area.y
}

fn counts(comparison: &Comparison, tree: bool) -> String {
    let files = format::counted(comparison.total, "file");
    if tree {
        return files;
    }
    format!(
        "{files} +{} -{}",
        format::thousands(comparison.added as u64),
        format::thousands(comparison.removed as u64)
    )
}

fn draw_file(cx: &mut Cx<'_, '_>, area: Rect, file: &FileDelta) {
    let ellipsis = cx.glyphs().ellipsis;
    let (x, y) = (area.x, area.y);
    let role = match file.change {
        crate::domain::history::diff::Change::Conflicted => Role::Act,
        _ => Role::Dim,
    };
    let style = cx.style(role);
    cx.pen.text(x, y, 1, letter(file.change), style);
    let counted = counted(file);
    let end = text::width(&counted);
    let room = usize::from(area.width)
        .saturating_sub(2 + end + 1)
        .max(LEAST_PATH);
    let path = match &file.old_path {
        Some(old) => format!("{old} {} {}", cx.glyphs().arrow, file.path),
        None => file.path.clone(),
    };
    let path = text::cut_middle(&path, room, ellipsis);
    let style = cx.style(Role::Text);
    let used = cx
        .pen
        .text(x + 2, y, area.width.saturating_sub(2), &path, style);
    let words = cx.say(Role::Dim, counted);
    let rest = Rect {
        x: x + 2 + used,
        width: area.width.saturating_sub(2 + used),
        ..area
    };
    if rest.width > words.width() {
        cx.pen.words_right(rest, &words);
    }
}
