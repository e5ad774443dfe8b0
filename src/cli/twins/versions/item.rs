//! What can be a version of something, in JSON.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::domain::registry::{Image, ModelGroup, ModelVersion};
use crate::domain::repository::{
    Branch, Commit, FileChange, Output, Repository, Tag, WorktreeState,
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
    ModelVersion {
        group: &'a str,
        version: Option<i32>,
        arn: &'a str,
        status: &'a str,
        approval: Option<&'a str>,
        created_at: Option<Timestamp>,
        description: Option<&'a str>,
        commit: Option<&'a str>,
        images: &'a [String],
        metadata: Map<String, Value>,
    },
    Image {
        repository: &'a str,
        digest: &'a str,
        tags: &'a [String],
        pushed_at: Option<Timestamp>,
        size_bytes: Option<i64>,
        last_pulled_at: Option<Timestamp>,
        /// Count by severity.
        findings: Map<String, Value>,
    },
}

fn map<V: Clone + Into<Value>>(pairs: &[(String, V)]) -> Map<String, Value> {
    pairs
        .iter()
        .map(|(name, value)| (name.clone(), value.clone().into()))
        .collect()
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
        items.extend(group.versions.iter().map(Self::of_version));
        items
    }

    fn of_version(version: &'a ModelVersion) -> Self {
        Self::ModelVersion {
            group: &version.group,
            version: version.version,
            arn: &version.arn,
            status: &version.status,
            approval: version.approval.as_deref(),
            created_at: version.created_at,
            description: version.description.as_deref(),
            commit: version.commit.as_deref(),
            images: &version.images,
            metadata: map(&version.metadata),
        }
    }

    pub fn of_image(image: &'a Image) -> Self {
        Self::Image {
            repository: &image.repository,
            digest: &image.digest,
            tags: &image.tags,
            pushed_at: image.pushed_at,
            size_bytes: image.size_bytes,
            last_pulled_at: image.last_pulled_at,
            findings: map(&image.findings),
        }
    }
}
