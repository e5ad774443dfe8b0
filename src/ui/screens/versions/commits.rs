//! The history as a list: the graph, what of DVC each commit changed, its branches and tags, and what it says.

use ratatui::layout::Rect;

use crate::domain::history::{CommitId, IdMap, IdSet, Marks, Row};
use crate::keys::command::Command;
use crate::store::list::top_showing;
use crate::store::model::Model;
use crate::store::model::nav::Pane;
use crate::store::model::versions::history::WalkState;
use crate::store::tables::commits::{LabelKind, labels};
use crate::theme::Role;
use crate::ui::condition::Condition;
use crate::ui::cx::Cx;
use crate::ui::layout::cut_bottom;
use crate::ui::paint::Words;
use crate::ui::widgets::notes::{self, Empty};
use crate::ui::widgets::pane::pane;
use crate::ui::widgets::table::scroll_mark;
use crate::ui::{format, text};

use super::super::list::filter_line;
use super::graph;

/// Cells before the graph: the sign of a marked commit, a space.
const LEAD: u16 = 2;
const ID: u16 = 7;
const MARKS: u16 = 4;
const AUTHOR: u16 = 16;
const WHEN: u16 = 12;

type Labels<'m> = IdMap<Vec<(LabelKind, &'m str)>>;

pub fn draw(cx: &mut Cx<'_, '_>, area: Rect) {
    let model = cx.model;
    let room = &model.versions;
    let history = &room.history;
    let condition = condition(model);
    let title = title(cx);
    let badge = badge(cx, &condition);
    let inner = pane(cx, area, Some(Pane::VersionList), &title, &badge);
    let found = history.found.as_ref().map(|found| found.rows.len());
    let inner = filter_line(cx, inner, Pane::VersionList, &room.commits.filter, found);
    let banner = notes::banner_height(&condition, inner);
    let (inner, note) = cut_bottom(inner, banner);
    if banner > 0 {
        notes::banner(cx, note, &condition);
    }
    let view = room.commit_view();
    if view.is_empty() {
        cx.rows(inner, Pane::VersionList, 0);
        return nothing(cx, inner, &condition);
    }
    if inner.is_empty() {
        return cx.rows(inner, Pane::VersionList, 0);
    }
    let header = u16::from(inner.height > 1);
    let (_, body) = crate::ui::layout::cut_top(inner, header);
    let height = usize::from(body.height);
    let top = top_showing(room.commits.index, room.commits.top, height, view.len());
    let shown = view.len().saturating_sub(top).min(height);
    cx.rows(body, Pane::VersionList, shown as u16);
    let ids: IdSet = (top..top + shown).filter_map(|at| view.id(at)).collect();
    let labels = room
        .repository
        .value()
        .map(|repository| labels(repository, &ids))
        .unwrap_or_default();
    let columns = Columns::new(inner, history.rows.lanes(), found.is_some());
    if header == 1 {
        columns.head(cx, inner.y);
    }
    let selected = room
        .commits
        .selected
        .as_deref()
        .and_then(CommitId::from_hex);
    for line in 0..shown {
        let at = top + line;
        let Some(id) = view.id(at) else {
            continue;
        };
        let y = body.y + line as u16;
        match view.row(at) {
            Some(row) => columns.row(cx, y, row, &labels),
            None => columns.worktree(cx, y),
        }
        if selected == Some(id) {
            let role = if cx.has_focus(Pane::VersionList) {
                Role::Selected
            } else {
                Role::SelectedUnfocused
            };
            let style = cx.style(role);
            cx.pen.restyle(Rect::new(body.x, y, body.width, 1), style);
        }
    }
    scroll_mark(cx, body, top, view.len());
}

/// Of the repository, and of the walk through it.
fn condition(model: &Model) -> Condition<'_> {
    let room = &model.versions;
    let mut condition = Condition::all([(None, room.repository.freshness())]);
    let history = &room.history;
    let problems = history.failure.iter().chain(&history.missing);
    for problem in problems {
        if !condition
            .problems
            .iter()
            .any(|(_, known)| *known == problem)
        {
            condition.problems.push((None, problem));
        }
    }
    condition
}

fn badge<'t>(cx: &Cx<'_, '_>, condition: &Condition<'_>) -> Words<'t> {
    let room = &cx.model.versions;
    let history = &room.history;
    if let Some(what) = &room.waits_for {
        return cx.say(Role::Look, what.clone());
    }
    if let Some(operation) = room
        .repository
        .value()
        .and_then(|it| it.head.operation.as_ref())
    {
        return cx
            .say(Role::Look, format!("{operation} in progress"))
            .join(cx.say(Role::Dim, " · "))
            .join(condition.badge(cx));
    }
    if let Some(found) = history.found.as_ref().filter(|found| !found.done) {
        let all = history.rows.len().max(1);
        let percent = 100 * found.looked_at.min(all) / all;
        return cx.say(Role::Moving, format!("{} {percent} %", cx.glyphs().loading));
    }
    if history.state == WalkState::Walking && history.coming.is_none() {
        return cx.say(Role::Moving, format!("{} reading", cx.glyphs().loading));
    }
    condition.badge(cx)
}

fn title<'t>(cx: &Cx<'_, '_>) -> Words<'t> {
    let (mut title, after) = super::title(cx);
    let history = &cx.model.versions.history;
    let all = history.rows.len();
    if all > 0 {
        let all = format::thousands(all as u64);
        let count = match &history.found {
            Some(found) => format!(" {} of {all}", format::thousands(found.rows.len() as u64)),
            None => format!(" {all}"),
        };
        title.push(count, cx.style(Role::Text));
    }
    if history.shallow {
        title.push(" shallow", cx.style(Role::Look));
    }
    let filter = cx.model.versions.commits.filter.trim();
    if !filter.is_empty() {
        let filter = text::cut_end(filter, 40, cx.glyphs().ellipsis);
        title.push(" · ", cx.style(Role::Dim));
        title.push(filter, cx.mark());
        title.push(" ", cx.style(Role::Dim));
    }
    title.join(after)
}

/// Why there is no row.
fn nothing(cx: &mut Cx<'_, '_>, inner: Rect, condition: &Condition<'_>) {
    let room = &cx.model.versions;
    if let Some(found) = &room.history.found {
        if !found.done {
            return notes::empty(cx, inner, &Empty::new("Looking through all commits."));
        }
        let filter = text::cut_end(&room.commits.filter, 40, cx.glyphs().ellipsis);
        let all = format::thousands(room.history.rows.len() as u64);
        let nothing = Empty::new(format!("No commit matches `{filter}`; there are {all}."))
            .key(Command::Back, "clears the filter")
            .key(Command::Filter, "changes it");
        return notes::empty(cx, inner, &nothing);
    }
    let reading = matches!(room.history.state, WalkState::Walking | WalkState::Never);
    if let Some(error) = condition
        .first()
        .filter(|_| !reading || !condition.has_data())
    {
        return notes::failure(cx, inner, error);
    }
    if !condition.has_data() {
        return notes::without_data(cx, inner, condition, "the repository");
    }
    if reading {
        return notes::empty(cx, inner, &Empty::new("Reading the history."));
    }
    notes::empty(cx, inner, &Empty::new("No commit yet in this repository."));
}

/// Where each part of a row lies; what is zero wide is left out.
struct Columns {
    area: Rect,
    graph: u16,
    most: usize,
    id: u16,
    marks: u16,
    text: u16,
    text_width: u16,
    author: Option<u16>,
    when: Option<u16>,
}

impl Columns {
    fn new(area: Rect, lanes: usize, filtered: bool) -> Self {
        let most = graph::most(area.width);
        let graph = area.x + LEAD;
        // Between rows that do not follow each other there are no lines.
        let wide = if filtered {
            0
        } else {
            graph::width(lanes, most)
        };
        let id = graph + wide + u16::from(wide > 0);
        let marks = id + ID + 1;
        let text = marks + if area.width >= 50 { MARKS + 1 } else { 0 };
        let end = area.right().saturating_sub(1);
        let when = (area.width >= 64).then(|| end.saturating_sub(WHEN));
        let end = when.map_or(end, |when| when.saturating_sub(1));
        let author = (area.width >= 84).then(|| end.saturating_sub(AUTHOR));
        let end = author.map_or(end, |author| author.saturating_sub(1));
        Self {
            area,
            graph,
            most: if filtered { 0 } else { most },
            id,
            marks,
            text,
            text_width: end.saturating_sub(text),
            author,
            when,
        }
    }

    fn head(&self, cx: &mut Cx<'_, '_>, y: u16) {
        let style = cx.style(Role::Header);
        cx.pen.text(self.id, y, ID, "commit", style);
        if self.text > self.marks {
            cx.pen.text(self.marks, y, MARKS, "dvc", style);
        }
        cx.pen.text(self.text, y, self.text_width, "summary", style);
        if let Some(x) = self.author {
            cx.pen.text(x, y, AUTHOR, "author", style);
        }
        if let Some(x) = self.when {
            cx.pen.text(x + WHEN - 4, y, 4, "when", style);
        }
    }

    fn row(&self, cx: &mut Cx<'_, '_>, y: u16, row: &Row, labels: &Labels<'_>) {
        let model = cx.model;
        let history = &model.versions.history;
        let head = model.versions.head() == Some(row.id);
        self.sign(cx, y, row.id);
        if self.most > 0 {
            graph::draw(cx, (self.graph, y), &row.lanes, self.most, head);
        }
        let style = cx.style(Role::Series4);
        cx.pen.text(self.id, y, ID, &row.id.short(), style);
        if self.text > self.marks
            && let Some(marks) = history.marks.get(&row.id)
        {
            draw_marks(cx, (self.marks, y), *marks);
        }
        let mut x = self.text;
        let mut room = self.text_width;
        if row.lanes.cut && history.shallow {
            let style = cx.style(Role::Look);
            let used = cx.pen.text(x, y, room, "[shallow] ", style);
            (x, room) = (x + used, room - used);
        }
        if let Some(labels) = labels.get(&row.id) {
            let used = draw_labels(cx, (x, y), room / 2, labels);
            (x, room) = (x + used, room - used);
        }
        let ellipsis = cx.glyphs().ellipsis;
        let Some(said) = history.texts.get(&row.id) else {
            return self.time(cx, y, row);
        };
        let style = cx.style(Role::Text);
        let line = text::cut_end(&said.summary, usize::from(room), ellipsis);
        cx.pen.text(x, y, room, &line, style);
        if let Some(x) = self.author {
            let style = cx.style(Role::Dim);
            let line = text::cut_end(&said.author, usize::from(AUTHOR), ellipsis);
            cx.pen.text(x, y, AUTHOR, &line, style);
        }
        self.time(cx, y, row);
    }

    fn time(&self, cx: &mut Cx<'_, '_>, y: u16, row: &Row) {
        if let (Some(x), Some(at)) = (self.when, row.time()) {
            let time = cx.time(at);
            let words = cx.say(Role::Text, time);
            cx.pen.words_right(Rect::new(x, y, WHEN, 1), &words);
        }
    }

    fn sign(&self, cx: &mut Cx<'_, '_>, y: u16, id: CommitId) {
        if cx.model.versions.history.marked == Some(id) {
            let style = cx.style(Role::Strong);
            cx.pen.text(self.area.x, y, 1, cx.glyphs().bookmark, style);
        }
    }

    /// What is not committed.
    fn worktree(&self, cx: &mut Cx<'_, '_>, y: u16) {
        self.sign(cx, y, CommitId::WORKTREE);
        let Some(repository) = cx.model.versions.repository.value() else {
            return;
        };
        let tree = &repository.worktree;
        let style = cx.style(Role::Look);
        cx.pen.text(self.graph, y, 1, cx.glyphs().queued, style);
        cx.pen.text(self.id, y, ID, "changed", style);
        let parts = [
            (tree.conflicted.len(), "conflict"),
            (tree.staged.len(), "staged"),
            (tree.unstaged.len(), "changed"),
            (tree.untracked.len(), "new"),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, word)| format!("{n} {word}"))
            .collect();
        let line = format!("Working tree: {}", parts.join(", "));
        let style = cx.style(Role::Text);
        let line = text::cut_end(&line, usize::from(self.text_width), cx.glyphs().ellipsis);
        cx.pen.text(self.text, y, self.text_width, &line, style);
    }
}

/// Data, params, metrics and stages, each in its place.
fn draw_marks(cx: &mut Cx<'_, '_>, (x, y): (u16, u16), marks: Marks) {
    let style = cx.style(Role::Series2);
    let all = [
        (marks.data, "D"),
        (marks.params, "P"),
        (marks.metrics, "M"),
        (marks.stages, "S"),
    ];
    for (place, (changed, letter)) in (0u16..).zip(all) {
        if changed {
            cx.pen.text(x + place, y, 1, letter, style);
        }
    }
}

/// As many as fit; answers the cells used, with a space behind.
fn draw_labels(
    cx: &mut Cx<'_, '_>,
    (x, y): (u16, u16),
    room: u16,
    labels: &[(LabelKind, &str)],
) -> u16 {
    let mut used = 0;
    for (at, (kind, name)) in labels.iter().enumerate() {
        let left = room.saturating_sub(used);
        let more = labels.len() - at;
        let role = match kind {
            LabelKind::Head => Role::Strong,
            LabelKind::Branch => Role::Series1,
            LabelKind::Tag => Role::Series3,
            LabelKind::Remote => Role::Dim,
        };
        let (open, close) = if *kind == LabelKind::Tag {
            ('<', '>')
        } else {
            ('[', ']')
        };
        // Room for how many more there are.
        let rest = if more > 1 { 4 } else { 0 };
        let most = usize::from(left.saturating_sub(3 + rest)).min(28);
        if most < 6 {
            let style = cx.style(Role::Dim);
            used += cx.pen.text(x + used, y, left, &format!("+{more} "), style);
            break;
        }
        let name = text::cut_middle(name, most, cx.glyphs().ellipsis);
        let style = cx.style(role);
        let label = format!("{open}{name}{close} ");
        used += cx.pen.text(x + used, y, left, &label, style);
    }
    used
}
