//! What can be a version of something, in JSON and text.

use jiff::Timestamp;
use serde::Serialize;

use crate::cli::table::Table;
use crate::cli::twins::text;
use crate::domain::registry::{Image, ModelGroup, ModelVersion};
use crate::domain::repository::{
    Branch, Commit, FileChange, Output, Repository, Tag, WorktreeState, short_id,
};

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum VersionItem<'a> {
    Repository {
        path: &'a str,
        /// `null` when detached.
        branch: Option<&'a str>,
        commit: Option<&'a str>,
        operation: Option<&'a str>,
        /// Whether the commits below reach the first one.
        log_complete: bool,
        /// `null` where DVC is not in use; else its root below `path`.
        dvc_root: Option<&'a str>,
    },
    Worktree {
        clean: bool,
        bare: bool,
        staged: &'a [FileChange],
        unstaged: &'a [FileChange],
        untracked: &'a [String],
        conflicted: &'a [String],
    },
    Branch(&'a Branch),
    Tag(&'a Tag),
    Commit(&'a Commit),
    Output(&'a Output),
    /// A file of DVC that could not be read.
    DataProblem {
        path: &'a str,
        what: &'a str,
    },
    ModelGroup {
        name: &'a str,
        arn: &'a str,
        status: &'a str,
        created_at: Option<Timestamp>,
        versions: usize,
    },
    ModelVersion(&'a ModelVersion),
    Image(&'a Image),
}

impl<'a> VersionItem<'a> {
    pub fn of_git(repository: &'a Repository) -> Vec<Self> {
        let head = &repository.head;
        let data = repository.data.as_ref();
        let mut items = vec![
            Self::Repository {
                path: &repository.path,
                branch: head.branch.as_deref(),
                commit: head.commit.as_deref(),
                operation: head.operation.as_deref(),
                log_complete: repository.log_complete,
                dvc_root: data.map(|data| data.dvc_root.as_str()),
            },
            Self::of_worktree(&repository.worktree),
        ];
        items.extend(repository.branches.iter().map(Self::Branch));
        items.extend(repository.tags.iter().map(Self::Tag));
        items.extend(repository.log.iter().map(Self::Commit));
        if let Some(data) = data {
            items.extend(data.outputs.iter().map(Self::Output));
            items.extend(
                data.problems
                    .iter()
                    .map(|(path, what)| Self::DataProblem { path, what }),
            );
        }
        items
    }

    fn of_worktree(tree: &'a WorktreeState) -> Self {
        Self::Worktree {
            clean: tree.is_clean(),
            bare: tree.bare,
            staged: &tree.staged,
            unstaged: &tree.unstaged,
            untracked: &tree.untracked,
            conflicted: &tree.conflicted,
        }
    }

    pub fn of_group(group: &'a ModelGroup) -> Vec<Self> {
        let mut items = vec![Self::ModelGroup {
            name: &group.name,
            arn: &group.arn,
            status: &group.status,
            created_at: group.created_at,
            versions: group.versions.len(),
        }];
        items.extend(group.versions.iter().map(Self::ModelVersion));
        items
    }

    /// Type, name, id, time and what else there is to say.
    fn cells(&self) -> [String; 5] {
        let row = |kind: &str, name: &str, id: &str, at: Option<Timestamp>, what: String| {
            [
                kind.to_owned(),
                name.to_owned(),
                id.to_owned(),
                text::time(at),
                what,
            ]
        };
        match self {
            Self::Repository {
                path,
                branch,
                commit,
                operation,
                ..
            } => row(
                "repository",
                path,
                commit.map_or("", short_id),
                None,
                [branch.unwrap_or("detached"), operation.unwrap_or("")]
                    .join(" ")
                    .trim_end()
                    .to_owned(),
            ),
            Self::Worktree {
                clean,
                staged,
                unstaged,
                untracked,
                conflicted,
                ..
            } => row(
                "worktree",
                if *clean { "clean" } else { "changed" },
                "",
                None,
                if *clean {
                    String::new()
                } else {
                    format!(
                        "{} staged, {} unstaged, {} untracked, {} conflicts",
                        staged.len(),
                        unstaged.len(),
                        untracked.len(),
                        conflicted.len()
                    )
                },
            ),
            Self::Branch(branch) => row(
                if branch.remote { "remote" } else { "branch" },
                &branch.name,
                short_id(&branch.commit),
                None,
                match (&branch.upstream, branch.ahead, branch.behind) {
                    (Some(upstream), Some(ahead), Some(behind)) => {
                        format!("{upstream} +{ahead} -{behind}")
                    }
                    (Some(upstream), ..) => upstream.clone(),
                    (None, ..) => String::new(),
                },
            ),
            Self::Tag(tag) => row(
                "tag",
                &tag.name,
                short_id(&tag.commit),
                None,
                tag.message
                    .as_deref()
                    .and_then(|m| m.lines().next())
                    .unwrap_or_default()
                    .to_owned(),
            ),
            Self::Commit(commit) => row(
                "commit",
                &commit.author,
                commit.short(),
                commit.at,
                commit.summary.clone(),
            ),
            Self::Output(output) => row(
                "output",
                &output.path,
                output
                    .lock_hash
                    .as_deref()
                    .or(output.head_hash.as_deref())
                    .map_or("", short_id),
                None,
                [
                    output.state.key().replace('_', " "),
                    crate::store::tables::versions::where_stored(output),
                    text::bytes(output.size_bytes),
                ]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(", "),
            ),
            Self::DataProblem { path, what } => row("problem", path, "", None, (*what).to_owned()),
            Self::ModelGroup {
                name,
                created_at,
                versions,
                ..
            } => row(
                "model",
                name,
                "",
                *created_at,
                format!("{versions} versions"),
            ),
            Self::ModelVersion(version) => row(
                "version",
                &match version.version {
                    Some(n) => format!("{} v{n}", version.group),
                    None => version.group.clone(),
                },
                version.commit.as_deref().map_or("", short_id),
                version.created_at,
                version
                    .approval
                    .as_deref()
                    .unwrap_or(&version.status)
                    .to_owned(),
            ),
            Self::Image(image) => row(
                "image",
                &match image.tags.first() {
                    Some(tag) => format!("{}:{tag}", image.repository),
                    None => image.repository.clone(),
                },
                short_id(
                    image
                        .digest
                        .strip_prefix("sha256:")
                        .unwrap_or(&image.digest),
                ),
                image.pushed_at,
                text::bytes(image.size_bytes.and_then(|n| u64::try_from(n).ok())),
            ),
        }
    }
}

pub fn table(items: &[VersionItem<'_>]) -> Table {
    let mut table = Table::new(&["type", "name", "id", "when", "what"]);
    for item in items {
        table.row(item.cells());
    }
    table
}
