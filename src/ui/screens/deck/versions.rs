//! How the code, the data and the models stand, in a few lines.

use ratatui::layout::Rect;

use super::mini::mini;
use crate::domain::repository::{OutputState, Repository, short_id};
use crate::lineage::serving;
use crate::store::model::nav::Screen;
use crate::store::tables::versions::model_rows;
use crate::theme::Role;
use crate::ui::condition::Condition;
use crate::ui::cx::Cx;
use crate::ui::layout::margin;
use crate::ui::widgets::notes::{down, without_data};
use crate::ui::{format, text};

pub fn versions_pane(cx: &mut Cx<'_, '_>, area: Rect) {
    let model = cx.model;
    let condition = Condition::all([
        (Some("git"), model.repository_freshness()),
        (Some("models"), model.versions.models.freshness()),
    ]);
    let note = model
        .versions
        .repository
        .value()
        .map(|repository| format!(" · {}", head_words(repository)))
        .unwrap_or_default();
    let note = match model.has_no_repository() {
        true => " · no repository here".to_owned(),
        false => note,
    };
    let inner = mini(cx, area, Screen::Versions, note, &condition);
    if !condition.has_data() {
        return without_data(cx, inner, &condition, "versions");
    }
    let mut room = margin(inner, 1);
    for (role, line) in version_lines(cx, usize::from(room.height)) {
        let style = cx.style(role);
        let line = text::cut_end(&line, usize::from(room.width), cx.glyphs().ellipsis);
        down(&mut room, |room| {
            cx.pen.text(room.x, room.y, room.width, &line, style);
            1
        });
    }
}

/// `main @ a1b2c3d`, or what is under way.
pub fn head_words(repository: &Repository) -> String {
    let head = &repository.head;
    let commit = head.commit.as_deref().map_or("no commit yet", short_id);
    let name = head.branch.as_deref().unwrap_or("detached");
    match &head.operation {
        Some(operation) => format!("{name} @ {commit} ({operation} under way)"),
        None => format!("{name} @ {commit}"),
    }
}

/// What differs from what is committed and pushed, then the newest commits and models.
fn version_lines(cx: &Cx<'_, '_>, most: usize) -> Vec<(Role, String)> {
    let mut lines = Vec::new();
    if let Some(repository) = cx.model.versions.repository.value() {
        lines.push(worktree_line(cx, repository));
        if let Some(line) = data_line(cx, repository) {
            lines.push(line);
        }
    }
    for serving in serving_lines(cx) {
        lines.push((Role::Text, serving));
    }
    if let Some(row) = model_rows(cx.model.versions.models.items()).first() {
        let version = row.version;
        let number = version
            .version
            .map(|n| format!(" v{n}"))
            .unwrap_or_default();
        let approval = version.approval.as_deref().unwrap_or(&version.status);
        let commit = version.commit.as_deref().map_or("no commit", short_id);
        lines.push((
            Role::Text,
            format!(
                "newest model {}{number} · {approval} · {commit}",
                version.group
            ),
        ));
    }
    if let Some(repository) = cx.model.versions.repository.value() {
        let room = most.saturating_sub(lines.len());
        lines.extend(
            repository
                .log
                .iter()
                .take(room)
                .map(|commit| (Role::Dim, format!("{}  {}", commit.short(), commit.summary))),
        );
    }
    lines
}

/// What is in production, the variants furthest behind first, as far as there is room for them.
const SERVING_LINES: usize = 2;

fn serving_lines(cx: &Cx<'_, '_>) -> Vec<String> {
    let mut serving: Vec<_> = cx
        .model
        .lineage
        .serving
        .iter()
        .filter(|serving| serving.distance.is_some())
        .collect();
    serving.sort_by_key(|s| std::cmp::Reverse(s.distance.as_ref().map(|d| d.behind)));
    serving
        .into_iter()
        .take(SERVING_LINES)
        .filter_map(|s| {
            let distance = serving::distance_words(s.distance.as_ref()?);
            let model = s.model.as_deref().unwrap_or("a model");
            Some(format!(
                "{}/{} serves {model}, {distance}",
                s.endpoint, s.variant
            ))
        })
        .collect()
}

fn worktree_line(cx: &Cx<'_, '_>, repository: &Repository) -> (Role, String) {
    let tree = &repository.worktree;
    let mut parts: Vec<String> = [
        (tree.conflicted.len(), "conflict"),
        (tree.staged.len(), "staged"),
        (tree.unstaged.len(), "changed"),
        (tree.untracked.len(), "untracked"),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, word)| format!("{n} {word}"))
    .collect();
    let dirty = !parts.is_empty();
    if parts.is_empty() {
        parts.push("working tree clean".to_owned());
    }
    if let Some(branch) = repository.branches.iter().find(|b| b.is_head)
        && let (Some(upstream), Some(ahead), Some(behind)) =
            (&branch.upstream, branch.ahead, branch.behind)
    {
        parts.push(match (ahead, behind) {
            (0, 0) => format!("level with {upstream}"),
            (ahead, 0) => format!("{ahead} ahead of {upstream}"),
            (0, behind) => format!("{behind} behind {upstream}"),
            (ahead, behind) => format!("{ahead} ahead of and {behind} behind {upstream}"),
        });
    }
    let glyph = if dirty {
        cx.glyphs().moving
    } else {
        cx.glyphs().good
    };
    (Role::Text, format!("{glyph} {}", parts.join(" · ")))
}

fn data_line(cx: &Cx<'_, '_>, repository: &Repository) -> Option<(Role, String)> {
    let outputs = &repository.data.as_ref()?.outputs;
    let changed = outputs
        .iter()
        .filter(|o| !matches!(o.state, OutputState::Clean | OutputState::Unknown))
        .count();
    let unpushed = outputs
        .iter()
        .filter(|o| o.in_remote == Some(false))
        .count();
    Some(if changed + unpushed == 0 {
        let all = format::counted(outputs.len(), "data output");
        (
            Role::Text,
            format!("{} {all}, nothing changed", cx.glyphs().good),
        )
    } else {
        let of = outputs.len();
        (
            Role::Look,
            format!(
                "{} data: {changed} of {of} changed, {unpushed} not pushed",
                cx.glyphs().look
            ),
        )
    })
}
