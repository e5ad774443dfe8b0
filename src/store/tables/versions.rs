//! Data, models, images, and branches with tags.

use crate::domain::registry::{Image, ModelGroup, ModelVersion};
use crate::domain::repository::{Output, Repository, short_id};

use super::super::table::{Cell, Column, Row};
use super::{left, right};

pub const DATA_COLUMNS: &[Column] = &[
    left("path", "path", 16, 60, 0),
    left("state", "state", 12, 12, 0),
    left("head", "HEAD", 8, 8, 4),
    left("lock", "lock", 8, 8, 3),
    right("size", "size", 9, 2),
    left("stage", "stage", 8, 30, 5),
    left("where", "where", 12, 24, 1),
];

pub const MODEL_COLUMNS: &[Column] = &[
    left("name", "model", 14, 44, 0),
    left("approval", "approval", 14, 22, 0),
    left("commit", "commit", 7, 7, 2),
    right("created", "created", 12, 1),
    left("description", "description", 10, 60, 3),
];

pub const IMAGE_COLUMNS: &[Column] = &[
    left("name", "image", 18, 60, 0),
    left("digest", "digest", 12, 12, 2),
    right("size", "size", 9, 3),
    right("pushed", "pushed", 12, 1),
    left("findings", "scan", 10, 30, 4),
];

pub const REF_COLUMNS: &[Column] = &[
    left("name", "name", 14, 44, 0),
    left("kind", "kind", 7, 7, 2),
    left("commit", "commit", 7, 7, 0),
    left("track", "upstream", 10, 34, 1),
];

impl Row for Output {
    fn id(&self) -> String {
        self.path.clone()
    }

    fn cell(&self, column: &str) -> Cell {
        let hash = |hash: &Option<String>| {
            Cell::optional(hash.as_deref(), |h| {
                Cell::text(h.get(..8).unwrap_or(h).to_owned())
            })
        };
        match column {
            "path" => Cell::name(&self.path),
            "state" => Cell::text(self.state.key().replace('_', " ")),
            "head" => hash(&self.head_hash),
            "lock" => hash(&self.lock_hash),
            "size" => Cell::optional(self.size_bytes, Cell::Bytes),
            "stage" => Cell::name(&self.stage),
            "where" => Cell::text(where_stored(self)),
            _ => Cell::Empty,
        }
    }
}

/// `cache, remote`; `not in cache` where an object is missing.
pub fn where_stored(output: &Output) -> String {
    let mut places = Vec::new();
    match output.in_cache {
        Some(true) => places.push("cache"),
        Some(false) => places.push("not in cache"),
        None => {}
    }
    match output.in_remote {
        Some(true) => places.push("remote"),
        Some(false) => places.push("not pushed"),
        None => {}
    }
    places.join(", ")
}

pub struct ModelRow<'a> {
    pub version: &'a ModelVersion,
}

/// Versions of all groups, newest first.
pub fn model_rows(groups: &[ModelGroup]) -> Vec<ModelRow<'_>> {
    let mut rows: Vec<_> = groups
        .iter()
        .flat_map(|group| &group.versions)
        .map(|version| ModelRow { version })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.version.created_at));
    rows
}

impl Row for ModelRow<'_> {
    fn id(&self) -> String {
        self.version.arn.clone()
    }

    fn cell(&self, column: &str) -> Cell {
        let version = self.version;
        match column {
            "name" => Cell::name(match version.version {
                Some(n) => format!("{} v{n}", version.group),
                None => version.group.clone(),
            }),
            "approval" => Cell::text(version.approval.as_deref().unwrap_or(&version.status)),
            "commit" => Cell::optional(version.commit.as_deref(), |c| Cell::text(short_id(c))),
            "created" => Cell::optional(version.created_at, Cell::Time),
            "description" => Cell::optional(version.description.as_deref(), Cell::text),
            _ => Cell::Empty,
        }
    }
}

impl Row for Image {
    fn id(&self) -> String {
        format!("{}@{}", self.repository, self.digest)
    }

    fn cell(&self, column: &str) -> Cell {
        match column {
            "name" => Cell::name(match self.tags.first() {
                Some(tag) => format!("{}:{tag}", self.repository),
                None => self.repository.clone(),
            }),
            "digest" => {
                let hex = self.digest.strip_prefix("sha256:").unwrap_or(&self.digest);
                Cell::text(hex.get(..12).unwrap_or(hex))
            }
            "size" => Cell::optional(
                self.size_bytes.and_then(|n| u64::try_from(n).ok()),
                Cell::Bytes,
            ),
            "pushed" => Cell::optional(self.pushed_at, Cell::Time),
            "findings" => Cell::text(
                self.findings
                    .iter()
                    .map(|(severity, count)| format!("{count} {}", severity.to_lowercase()))
                    .collect::<Vec<_>>()
                    .join(", "),
            ),
            _ => Cell::Empty,
        }
    }
}

/// A branch, a tag, another working tree or a submodule.
pub struct RefRow<'a> {
    pub name: &'a str,
    pub kind: &'static str,
    pub commit: &'a str,
    /// `origin/main ↑2 ↓1`
    pub track: String,
}

/// Local branches, remote ones, tags, then other working trees and submodules.
pub fn ref_rows(repository: &Repository) -> Vec<RefRow<'_>> {
    let branches = |remote: bool| {
        repository
            .branches
            .iter()
            .filter(move |b| b.remote == remote)
            .map(|b| RefRow {
                name: &b.name,
                kind: if b.remote { "remote" } else { "branch" },
                commit: &b.commit,
                track: match (&b.upstream, b.ahead, b.behind) {
                    (Some(upstream), Some(ahead), Some(behind)) => {
                        format!("{upstream} ↑{ahead} ↓{behind}")
                    }
                    (Some(upstream), ..) => upstream.clone(),
                    (None, ..) => String::new(),
                },
            })
    };
    branches(false)
        .chain(branches(true))
        .chain(repository.tags.iter().map(|t| RefRow {
            name: &t.name,
            kind: "tag",
            commit: &t.commit,
            track: String::new(),
        }))
        .chain(repository.worktrees.iter().map(|it| RefRow {
            name: &it.name,
            kind: "tree",
            commit: it.commit.as_deref().unwrap_or_default(),
            track: {
                let branch = it.branch.as_deref().unwrap_or("detached");
                let state = match (it.gone, it.locked) {
                    (true, _) => " (gone)",
                    (false, true) => " (locked)",
                    (false, false) => "",
                };
                format!("{branch}{state} {}", it.path)
            },
        }))
        .chain(repository.submodules.iter().map(|it| RefRow {
            name: &it.path,
            kind: "module",
            commit: it.recorded.as_deref().unwrap_or_default(),
            track: it.state.clone(),
        }))
        .collect()
}

impl Row for RefRow<'_> {
    fn id(&self) -> String {
        format!("{}:{}", self.kind, self.name)
    }

    fn cell(&self, column: &str) -> Cell {
        match column {
            "name" => Cell::name(self.name),
            "kind" => Cell::text(self.kind),
            "commit" => Cell::text(short_id(self.commit)),
            "track" => Cell::text(&self.track),
            _ => Cell::Empty,
        }
    }
}
