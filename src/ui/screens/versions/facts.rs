//! What there is to say of one model version, image, branch or tag.

use ratatui::layout::Rect;

use crate::domain::console;
use crate::domain::registry::{Image, ModelVersion};
use crate::domain::repository::Repository;
use crate::store::model::Model;
use crate::store::tables::versions::{RefRow, model_rows};
use crate::theme::Role;
use crate::ui::cx::Cx;
use crate::ui::format;
use crate::ui::layout::cut_top;
use crate::ui::widgets::facts::{Fact, facts};
use crate::ui::widgets::notes::{down, prose};

use super::{approval_sign, scan_sign};

/// How far HEAD is ahead of a commit, in words; `None` where the commit is not in the log that was read.
fn behind_head(repository: &Repository, commit: &str) -> Option<String> {
    let place = repository
        .log
        .iter()
        .position(|c| c.id.starts_with(commit))?;
    Some(match place {
        0 => "HEAD".to_owned(),
        1 => "1 commit behind HEAD".to_owned(),
        n => format!("{n} commits behind HEAD"),
    })
}

/// Whether two ids, full or short, name the same commit.
fn same_commit(a: &str, b: &str) -> bool {
    a.len() >= 7 && b.len() >= 7 && (a.starts_with(b) || b.starts_with(a))
}

pub fn models_of(model: &Model, commit: &str) -> String {
    let names: Vec<String> = model_rows(model.versions.models.items())
        .iter()
        .filter(|row| {
            row.version
                .commit
                .as_deref()
                .is_some_and(|c| same_commit(c, commit))
        })
        .map(|row| match row.version.version {
            Some(n) => format!("{} v{n}", row.version.group),
            None => row.version.group.clone(),
        })
        .collect();
    names.join(", ")
}

/// A first line in a role, then an empty one.
pub fn lead(cx: &mut Cx<'_, '_>, room: &mut Rect, role: Role, line: &str, most: u16) {
    down(room, |room| prose(cx, room, role, line, most));
}

pub fn gap(room: &mut Rect) {
    *room = cut_top(*room, 1).1;
}

/// Runs that were made from a commit.
pub fn runs_of(model: &Model, commit: &str) -> String {
    let runs: Vec<&str> = model
        .runs
        .all
        .iter()
        .filter(|run| {
            run.commit
                .as_deref()
                .is_some_and(|c| same_commit(c, commit))
        })
        .map(|run| run.name.as_str())
        .take(6)
        .collect();
    runs.join(", ")
}

pub fn model(cx: &mut Cx<'_, '_>, area: Rect, version: &ModelVersion) -> u16 {
    let mut room = area;
    let (glyph, role) = approval_sign(cx, version.approval.as_deref());
    let strong = if role == Role::Dim { Role::Text } else { role };
    let approval = version.approval.as_deref().unwrap_or("no approval state");
    lead(cx, &mut room, strong, &format!("{glyph} {approval}"), 1);
    if let Some(description) = &version.description {
        lead(cx, &mut room, Role::Text, description, 3);
    }
    gap(&mut room);
    let repository = cx.model.versions.repository.value();
    let place = match (&version.commit, repository) {
        (Some(commit), Some(repository)) => behind_head(repository, commit)
            .unwrap_or_else(|| "not in the log read from this repository".to_owned()),
        _ => String::new(),
    };
    let commit = match &version.commit {
        Some(commit) => commit.clone(),
        None if version.detailed => "not recorded".to_owned(),
        None => String::new(),
    };
    let region = cx.model.settings.region.as_deref().unwrap_or("us-east-1");
    let mut list = vec![
        Fact::new("status", version.status.clone()),
        Fact::new(
            "created",
            version
                .created_at
                .map(|at| cx.time_and_age(at))
                .unwrap_or_default(),
        ),
        Fact::new("commit", commit).role(Role::Series4).one_line(),
        Fact::new("place", place),
        Fact::new("serves", served_by(cx.model, &version.arn)).role(Role::Strong),
    ];
    for image in &version.images {
        list.push(Fact::new("image", image.clone()));
    }
    let is_known = |key: &str, value: &str| {
        let commit = version.commit.as_deref();
        key.eq_ignore_ascii_case("commit") && commit.is_some_and(|c| c.starts_with(value))
    };
    for (key, value) in version.metadata.iter().filter(|(k, v)| !is_known(k, v)) {
        list.push(Fact::new(key, value.clone()));
    }
    list.push(Fact::new("ARN", version.arn.clone()).role(Role::Dim));
    let link = console::model_group_url(&version.group, region);
    list.push(Fact::new("console", link).role(Role::Dim));
    down(&mut room, |room| facts(cx, room, &list));
    room.y - area.y
}

/// Endpoints and variants that run this model package.
fn served_by(model: &Model, arn: &str) -> String {
    let names: Vec<String> = model
        .endpoints
        .rows
        .iter()
        .flat_map(|row| {
            row.endpoint
                .variants
                .iter()
                .filter(|v| v.model_package_arn.as_deref() == Some(arn))
                .map(|v| format!("{}/{}", row.endpoint.name, v.name))
        })
        .collect();
    names.join(", ")
}

pub fn image(cx: &mut Cx<'_, '_>, area: Rect, image: &Image) -> u16 {
    let mut room = area;
    let (glyph, role) = scan_sign(cx, image);
    if image.findings.is_empty() {
        lead(cx, &mut room, Role::Dim, "No scan findings are known.", 1);
    }
    for (severity, count) in image.findings.iter().take(6) {
        let role = match severity.as_str() {
            "CRITICAL" | "HIGH" => role,
            _ => Role::Dim,
        };
        let line = format!("{glyph} {count:>4} {}", severity.to_lowercase());
        lead(cx, &mut room, role, &line, 1);
    }
    gap(&mut room);
    let time = |at: Option<jiff::Timestamp>| at.map(|at| cx.time_and_age(at)).unwrap_or_default();
    let size = image
        .size_bytes
        .and_then(|n| u64::try_from(n).ok())
        .map(format::bytes)
        .unwrap_or_default();
    let list = [
        Fact::new("repository", image.repository.clone()),
        Fact::new("tags", image.tags.join(", ")),
        Fact::new("pushed", time(image.pushed_at)),
        Fact::new("last pulled", time(image.last_pulled_at)),
        Fact::new("size", size),
        Fact::new("models", models_with(cx.model, image)).role(Role::Strong),
        Fact::new("digest", image.digest.clone())
            .role(Role::Dim)
            .one_line(),
    ];
    down(&mut room, |room| facts(cx, room, &list));
    room.y - area.y
}

/// Model versions whose containers use this image, by digest or tag.
fn models_with(model: &Model, image: &Image) -> String {
    let is_this = |uri: &str| {
        uri.ends_with(&image.digest)
            || image
                .tags
                .iter()
                .any(|tag| uri.ends_with(&format!("/{}:{tag}", image.repository)))
    };
    let names: Vec<String> = model_rows(model.versions.models.items())
        .iter()
        .filter(|row| row.version.images.iter().any(|uri| is_this(uri)))
        .map(|row| match row.version.version {
            Some(n) => format!("{} v{n}", row.version.group),
            None => row.version.group.clone(),
        })
        .collect();
    names.join(", ")
}

pub fn reference(cx: &mut Cx<'_, '_>, area: Rect, row: &RefRow<'_>) -> u16 {
    let mut room = area;
    let model = cx.model;
    let repository = model.versions.repository.value();
    let commit = repository.and_then(|r| r.log.iter().find(|c| c.id == row.commit));
    let tag = repository
        .filter(|_| row.kind == "tag")
        .and_then(|r| r.tags.iter().find(|t| t.name == row.name));
    let kind = match tag {
        Some(tag) if tag.annotated => "annotated tag",
        Some(_) => "lightweight tag",
        None => row.kind,
    };
    let list = [
        Fact::new("kind", kind),
        Fact::new("upstream", row.track.clone()),
        Fact::new("commit", row.commit.to_owned())
            .role(Role::Series4)
            .one_line(),
        Fact::new(
            "place",
            repository
                .and_then(|r| behind_head(r, row.commit))
                .unwrap_or_default(),
        ),
        Fact::new(
            "summary",
            commit.map(|c| c.summary.clone()).unwrap_or_default(),
        ),
        Fact::new(
            "author",
            commit.map(|c| c.author.clone()).unwrap_or_default(),
        ),
        Fact::new(
            "when",
            commit
                .and_then(|c| c.at)
                .map(|at| cx.time_and_age(at))
                .unwrap_or_default(),
        ),
        Fact::new("models", models_of(model, row.commit)).role(Role::Strong),
    ];
    down(&mut room, |room| facts(cx, room, &list));
    if let Some(message) = tag.and_then(|t| t.message.as_deref()) {
        gap(&mut room);
        lead(cx, &mut room, Role::Text, message, 6);
    }
    room.y - area.y
}
