//! What can be a version of something, in JSON.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::domain::history::Marks;
use crate::domain::registry::{Image, ModelGroup, ModelVersion};
use crate::domain::repository::{
    Branch, Commit, FileChange, LinkedWorktree, Output, Repository, RevRange, Submodule, Tag,
    WorktreeState,
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
    LinkedWorktree(&'a LinkedWorktree),
    Submodule(&'a Submodule),
    /// What `--rev` asked for.
    Range {
        from: &'a str,
        to: &'a str,
        /// All of them, also those that are not listed.
        commits: usize,
        files: usize,
        added: usize,
        removed: usize,
        /// Why the files are not all listed or counted.
        note: Option<&'a str>,
    },
    /// A file that differs between the two.
    Change {
        path: &'a str,
        old_path: Option<&'a str>,
        change: &'a str,
        kind: &'a str,
        added: Option<usize>,
        removed: Option<usize>,
        /// `data`, `params`, `metrics`, `stages` by its name; else null.
        dvc: Option<&'static str>,
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

/// What of DVC a file is.
fn dvc_word(path: &str) -> Option<&'static str> {
    let mut marks = Marks::default();
    marks.note(path);
    match marks {
        Marks { data: true, .. } => Some("data"),
        Marks { params: true, .. } => Some("params"),
        Marks { metrics: true, .. } => Some("metrics"),
        Marks { stages: true, .. } => Some("stages"),
        _ => None,
    }
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
        items.extend(repository.worktrees.iter().map(Self::LinkedWorktree));
        items.extend(repository.submodules.iter().map(Self::Submodule));
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

    pub fn of_range(range: &'a RevRange) -> Vec<Self> {
        let comparison = &range.comparison;
        let mut items = vec![Self::Range {
            from: &range.from,
            to: &range.to,
            commits: range.count,
            files: comparison.total,
            added: comparison.added,
            removed: comparison.removed,
            note: comparison.note.as_deref(),
        }];
        items.extend(range.commits.iter().map(Self::Commit));
        items.extend(comparison.files.iter().map(|file| Self::Change {
            path: &file.path,
            old_path: file.old_path.as_deref(),
            change: file.change.key(),
            kind: file.kind.key(),
            added: file.added,
            removed: file.removed,
            dvc: dvc_word(&file.path),
        }));
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
