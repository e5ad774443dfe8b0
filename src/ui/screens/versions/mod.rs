//! Commits, data, models, images and refs: a section each, and the detail of the selected one.

mod blame;
mod commit;
mod commits;
mod detail;
mod facts;
mod graph;
mod lineage;
mod lines;
mod output;

use ratatui::layout::Rect;

use crate::domain::registry::Image;
use crate::domain::repository::{Output, OutputState};
use crate::keys::command::Command;
use crate::store::model::nav::Pane;
use crate::store::model::versions::VersionsSection;
use crate::store::table::Cell;
use crate::store::tables::versions::{
    DATA_COLUMNS, IMAGE_COLUMNS, MODEL_COLUMNS, ModelRow, REF_COLUMNS, RefRow, model_rows, ref_rows,
};
use crate::theme::Role;
use crate::ui::condition::Condition;
use crate::ui::cx::Cx;
use crate::ui::layout;
use crate::ui::paint::Words;
use crate::ui::widgets::notes::Empty;

use super::list::{ListPane, sections};

pub fn draw(cx: &mut Cx<'_, '_>, body: Rect) {
    // The facts need no more than half of a wide screen, the summaries do.
    let percent = if body.width >= layout::THREE_PANE_COLUMNS {
        66
    } else {
        58
    };
    let panes = layout::panes(&cx.model.nav, body, percent, false);
    if let Some(area) = panes.list {
        match cx.model.versions.section {
            VersionsSection::Commits => commits::draw(cx, area),
            VersionsSection::Data => data(cx, area),
            VersionsSection::Models => models(cx, area),
            VersionsSection::Images => images(cx, area),
            VersionsSection::Refs => refs(cx, area),
            VersionsSection::Lineage => lineage::tree(cx, area),
            VersionsSection::Compare => lineage::differences(cx, area),
        }
    }
    if let Some(area) = panes.detail {
        detail::draw(cx, area);
    }
}

fn title<'t>(cx: &Cx<'_, '_>) -> (Words<'t>, Words<'t>) {
    let open = cx.model.versions.section;
    let there = VersionsSection::ALL
        .into_iter()
        .filter(|s| *s == open || cx.model.has_section(*s));
    sections(cx, there.map(|s| (s.title(), s == open)))
}

/// What the state of an output means for a person.
fn output_sign(cx: &Cx<'_, '_>, output: &Output) -> (&'static str, Role) {
    let glyphs = cx.glyphs();
    match output.state {
        OutputState::Clean if output.in_remote == Some(false) => (glyphs.look, Role::Look),
        OutputState::Clean => (glyphs.good, Role::Dim),
        OutputState::Modified | OutputState::Uncommitted => (glyphs.look, Role::Look),
        OutputState::Deleted => (glyphs.act, Role::Act),
        OutputState::NotProduced => (glyphs.queued, Role::Dim),
        OutputState::Unknown => (glyphs.unknown, Role::Dim),
    }
}

fn data(cx: &mut Cx<'_, '_>, area: Rect) {
    let (title, after) = title(cx);
    let room = &cx.model.versions;
    let data = room.repository.value().and_then(|r| r.data.as_ref());
    let empty = match data {
        Some(_) => Empty::new("DVC is in use here, but tracks no outputs yet."),
        None => Empty::new("DVC is not in use in this repository: no .dvc folder was found."),
    };
    ListPane {
        pane: Pane::VersionList,
        title,
        after,
        noun: "output",
        what: "the repository",
        items: data.map_or(&[][..], |d| &d.outputs),
        columns: DATA_COLUMNS,
        list: &room.data,
        own_order: "",
        condition: &Condition::of(&room.repository),
        empty,
        sign: &output_sign,
        tint: &|output, column, _| match column {
            "state" => Some(match output.state {
                OutputState::Modified | OutputState::Uncommitted => Role::Look,
                OutputState::Deleted => Role::Act,
                _ => Role::Dim,
            }),
            "head" | "lock" | "stage" => Some(Role::Dim),
            "where" if output.in_remote == Some(false) || output.in_cache == Some(false) => {
                Some(Role::Look)
            }
            "where" => Some(Role::Dim),
            _ => None,
        },
    }
    .draw(cx, area);
}

/// Sign and role of an approval.
fn approval_sign(cx: &Cx<'_, '_>, approval: Option<&str>) -> (&'static str, Role) {
    let glyphs = cx.glyphs();
    match approval {
        Some("Approved") => (glyphs.good, Role::Dim),
        Some("PendingManualApproval") => (glyphs.look, Role::Look),
        Some("Rejected") => (glyphs.stopped, Role::Dim),
        _ => (glyphs.unknown, Role::Dim),
    }
}

fn models(cx: &mut Cx<'_, '_>, area: Rect) {
    let (title, after) = title(cx);
    let room = &cx.model.versions;
    let rows = model_rows(room.models.items());
    ListPane {
        pane: Pane::VersionList,
        title,
        after,
        noun: "model version",
        what: "the model registry",
        items: &rows,
        columns: MODEL_COLUMNS,
        list: &room.model_list,
        own_order: "",
        condition: &Condition::of(&room.models),
        empty: Empty::new("The SageMaker model registry of this Region has no versions.")
            .key(Command::Refresh, "looks again"),
        sign: &|cx, row: &ModelRow<'_>| approval_sign(cx, row.version.approval.as_deref()),
        tint: &|row, column, _| match column {
            "approval" if row.version.approval.as_deref() == Some("PendingManualApproval") => {
                Some(Role::Look)
            }
            "approval" | "description" => Some(Role::Dim),
            "commit" => Some(Role::Series4),
            _ => None,
        },
    }
    .draw(cx, area);
}

/// Critical findings need somebody; high ones a look.
fn scan_sign(cx: &Cx<'_, '_>, image: &Image) -> (&'static str, Role) {
    let has = |severity: &str| image.findings.iter().any(|(s, n)| s == severity && *n > 0);
    if has("CRITICAL") {
        (cx.glyphs().act, Role::Act)
    } else if has("HIGH") {
        (cx.glyphs().look, Role::Look)
    } else {
        (" ", Role::Dim)
    }
}

fn images(cx: &mut Cx<'_, '_>, area: Rect) {
    let (title, after) = title(cx);
    let room = &cx.model.versions;
    ListPane {
        pane: Pane::VersionList,
        title,
        after,
        noun: "image",
        what: "images",
        items: room.images.items(),
        columns: IMAGE_COLUMNS,
        list: &room.image_list,
        own_order: "",
        condition: &Condition::of(&room.images),
        empty: Empty::new("No images in the ECR repositories of this Region.")
            .key(Command::Refresh, "looks again"),
        sign: &scan_sign,
        tint: &|_, column, _| matches!(column, "digest" | "findings").then_some(Role::Dim),
    }
    .draw(cx, area);
}

fn refs(cx: &mut Cx<'_, '_>, area: Rect) {
    let (title, after) = title(cx);
    let room = &cx.model.versions;
    let repository = room.repository.value();
    let rows = repository.map(ref_rows).unwrap_or_default();
    let head = repository.and_then(|r| r.head.branch.as_deref());
    ListPane {
        pane: Pane::VersionList,
        title,
        after,
        noun: "branch or tag",
        what: "the repository",
        items: &rows,
        columns: REF_COLUMNS,
        list: &room.refs,
        own_order: "",
        condition: &Condition::of(&room.repository),
        empty: Empty::new("No branches and no tags yet."),
        sign: &|cx, row: &RefRow<'_>| {
            if row.kind == "branch" && head == Some(row.name) {
                (cx.glyphs().moving, Role::Strong)
            } else {
                (" ", Role::Dim)
            }
        },
        tint: &|_, column, _: &Cell| match column {
            "commit" => Some(Role::Series4),
            "kind" | "track" => Some(Role::Dim),
            _ => None,
        },
    }
    .draw(cx, area);
}
