//! The pane beside the list: the selected thing first, then how the working tree stands.

use ratatui::layout::Rect;

use crate::domain::lineage::Thing;
use crate::domain::repository::{FileChange, Repository};
use crate::store::model::nav::Pane;
use crate::store::model::versions::VersionsSection;
use crate::store::rows::{
    selected_image, selected_lineage, selected_model_version, selected_output, selected_ref,
};
use crate::theme::Role;
use crate::ui::cx::Cx;
use crate::ui::layout::{cut_top, margin};
use crate::ui::paint::Words;
use crate::ui::widgets::facts::heading;
use crate::ui::widgets::notes::{self, Empty, down};
use crate::ui::widgets::page::page;
use crate::ui::widgets::pane::pane;
use crate::ui::{format, text};

use super::{commit, facts, lineage, output};

pub fn draw(cx: &mut Cx<'_, '_>, area: Rect) {
    let model = cx.model;
    if model.versions.section == VersionsSection::Commits {
        return commit::draw(cx, area);
    }
    let (what, drawn): (&str, Option<Selected<'_>>) = match model.versions.section {
        VersionsSection::Commits => ("commit", None),
        VersionsSection::Data => ("output", selected_output(model).map(Selected::Output)),
        VersionsSection::Models => (
            "model version",
            selected_model_version(model).map(Selected::Model),
        ),
        VersionsSection::Images => ("image", selected_image(model).map(Selected::Image)),
        VersionsSection::Refs => ("branch or tag", selected_ref(model).map(Selected::Ref)),
        VersionsSection::Lineage => (
            "thing",
            selected_lineage(model).map(|row| Selected::Lineage(Box::new(row))),
        ),
        VersionsSection::Compare => {
            let open = !model.lineage.compare.pairs.is_empty();
            ("comparison", open.then_some(Selected::Sides))
        }
    };
    let name = drawn
        .as_ref()
        .map_or_else(|| what.to_owned(), Selected::name);
    let room = usize::from(area.width).saturating_sub(8);
    let title = cx.say(
        Role::Title,
        text::cut_middle(&name, room, cx.glyphs().ellipsis),
    );
    let inner = pane(cx, area, Some(Pane::VersionDetail), &title, &Words::new());
    let Some(selected) = drawn else {
        return notes::empty(cx, inner, &Empty::new(format!("No {what} is selected.")));
    };
    let about_code = matches!(
        model.versions.section,
        VersionsSection::Data | VersionsSection::Refs
    );
    page(cx, area, inner, Pane::VersionDetail, &|cx, paper| {
        let mut room = margin(paper, 1);
        down(&mut room, |room| selected.draw(cx, room));
        if about_code && let Some(repository) = model.versions.repository.value() {
            room = cut_top(room, 1).1;
            down(&mut room, |room| worktree(cx, room, repository));
        }
        room.y - paper.y
    });
}

/// What the list has selected.
enum Selected<'m> {
    Output(&'m crate::domain::repository::Output),
    Model(&'m crate::domain::registry::ModelVersion),
    Image(&'m crate::domain::registry::Image),
    Ref(crate::store::tables::versions::RefRow<'m>),
    Lineage(Box<crate::store::tables::lineage::LineageRow<'m>>),
    /// What is compared, whatever row of it.
    Sides,
}

impl Selected<'_> {
    fn name(&self) -> String {
        match self {
            Self::Output(output) => output.path.clone(),
            Self::Model(version) => match version.version {
                Some(n) => format!("{} v{n}", version.group),
                None => version.group.clone(),
            },
            Self::Image(image) => match image.tags.first() {
                Some(tag) => format!("{}:{tag}", image.repository),
                None => image.repository.clone(),
            },
            Self::Ref(row) => format!("{} {}", row.kind, row.name),
            Self::Lineage(row) => row.thing().map_or("missing".to_owned(), Thing::name),
            Self::Sides => "what is compared".to_owned(),
        }
    }

    fn draw(&self, cx: &mut Cx<'_, '_>, room: Rect) -> u16 {
        match self {
            Self::Output(output) => output::output(cx, room, output),
            Self::Model(version) => facts::model(cx, room, version),
            Self::Image(image) => facts::image(cx, room, image),
            Self::Ref(row) => facts::reference(cx, room, row),
            Self::Lineage(row) => lineage::detail(cx, room, row),
            Self::Sides => lineage::sides(cx, room),
        }
    }
}

/// Most changed files to name: more is for `git status`.
const FILES: usize = 200;

/// HEAD, what differs from it, and files of DVC that cannot be read.
fn worktree(cx: &mut Cx<'_, '_>, mut room: Rect, repository: &Repository) -> u16 {
    let start = room.y;
    let head = &repository.head;
    let mut note = Words::new();
    let branch = head.branch.as_deref().unwrap_or("detached HEAD");
    note.push(branch.to_owned(), cx.style(Role::Series1));
    if let Some(operation) = &head.operation {
        note.push(format!(" · {operation} in progress"), cx.style(Role::Look));
    }
    down(&mut room, |room| heading(cx, room, "Working tree", &note));
    let tree = &repository.worktree;
    if tree.bare {
        one_line(cx, &mut room, Role::Dim, "a bare repository has none");
        return room.y - start;
    }
    if tree.is_clean() {
        let line = format!("{} clean", cx.glyphs().good);
        one_line(cx, &mut room, Role::Dim, &line);
    }
    let changes = |changes: &[FileChange], how: &'static str| -> Vec<(Role, String)> {
        changes
            .iter()
            .map(|c| (Role::Text, format!("{how} {:<10} {}", c.change, c.path)))
            .collect()
    };
    let mut lines: Vec<(Role, String)> = tree
        .conflicted
        .iter()
        .map(|path| (Role::Act, format!("conflict {path}")))
        .collect();
    lines.extend(changes(&tree.staged, "staged  "));
    lines.extend(changes(&tree.unstaged, "unstaged"));
    lines.extend(
        tree.untracked
            .iter()
            .map(|path| (Role::Dim, format!("new                 {path}"))),
    );
    let all = lines.len();
    let shown = all.min(FILES);
    for (role, line) in lines.into_iter().take(shown) {
        one_line(cx, &mut room, role, &line);
    }
    if all > shown {
        let more = format!("{} more", format::thousands((all - shown) as u64));
        one_line(cx, &mut room, Role::Dim, &more);
    }
    let problems = repository.data.iter().flat_map(|d| &d.problems);
    for (path, problem) in problems {
        let line = format!("{} {path}: {problem}", cx.glyphs().look);
        one_line(cx, &mut room, Role::Look, &line);
    }
    room.y - start
}

fn one_line(cx: &mut Cx<'_, '_>, room: &mut Rect, role: Role, line: &str) {
    let style = cx.style(role);
    let line = text::cut_end(line, usize::from(room.width), cx.glyphs().ellipsis);
    down(room, |room| {
        cx.pen.text(room.x, room.y, room.width, &line, style);
        1
    });
}
