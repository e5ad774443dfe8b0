//! Before a training: what would make its result impossible to repeat, with the evidence and what mends it.

use crate::domain::repository::{DriftKind, FileChange, OutputState, Repository};

use super::reason::fit;
use super::{Facts, Finding, REASON_LIMIT, Severity, Subject};

/// One reason why a run started now could not be repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocker {
    /// `code`, `params`, `lock`, `data`, `conflict`.
    pub key: &'static str,
    /// A few words.
    pub what: String,
    /// Files, parameters, outputs: one a line.
    pub evidence: Vec<String>,
    /// The command that mends it.
    pub mend: &'static str,
}

/// Everything that stands in the way; empty when a run can be repeated from what is committed and pushed.
pub fn blockers(repository: &Repository) -> Vec<Blocker> {
    let mut found = Vec::new();
    found.extend(conflicts(repository));
    found.extend(code(repository));
    found.extend(drift(repository, DriftKind::Param));
    found.extend(drift(repository, DriftKind::Dependency));
    found.extend(data(repository));
    found
}

/// The findings that no other rule has: changed code, and locks that are out of date.
pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(repository) = facts.repository else {
        return Vec::new();
    };
    let branch = repository.head.branch.as_deref().unwrap_or("HEAD");
    let rules = [
        (code(repository), Severity::Info),
        (drift(repository, DriftKind::Param), Severity::Warning),
        (drift(repository, DriftKind::Dependency), Severity::Warning),
    ];
    rules
        .into_iter()
        .filter_map(|(blocker, severity)| Some((blocker?, severity)))
        .map(|(blocker, severity)| {
            let mut evidence = vec!["a run started now can't be reproduced".to_owned()];
            evidence.extend(blocker.evidence);
            Finding {
                id: format!("repository:{}", blocker.key),
                severity,
                subject: Subject::Repository,
                category: "git".into(),
                name: branch.to_owned(),
                reason: fit(&blocker.what, REASON_LIMIT),
                since: None,
                evidence,
                next_steps: vec![blocker.mend.to_owned(), "v versions".to_owned()],
            }
        })
        .collect()
}

fn conflicts(repository: &Repository) -> Option<Blocker> {
    let files = &repository.worktree.conflicted;
    let operation = repository.head.operation.as_deref();
    if files.is_empty() && operation.is_none() {
        return None;
    }
    Some(Blocker {
        key: "conflict",
        what: match operation {
            Some(operation) => format!("{operation} under way"),
            None => counted(files.len(), "conflict", "conflicts"),
        },
        evidence: files.clone(),
        mend: "git status",
    })
}

/// Names of files that decide a result, and are not told by a rule of their own.
fn is_code(path: &str) -> bool {
    const SUFFIXES: [&str; 14] = [
        ".py", ".ipynb", ".r", ".jl", ".sh", ".sql", ".scala", ".java", ".rs", ".cpp", ".cu", ".c",
        ".toml", ".cfg",
    ];
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    SUFFIXES.iter().any(|suffix| name.ends_with(suffix))
        || name.starts_with("requirements")
        || name.starts_with("dockerfile")
        || matches!(
            name.as_str(),
            "environment.yml" | "environment.yaml" | "uv.lock"
        )
}

fn code(repository: &Repository) -> Option<Blocker> {
    let tree = &repository.worktree;
    let changed = |changes: &[FileChange]| -> Vec<String> {
        changes.iter().map(|change| change.path.clone()).collect()
    };
    let mut files = changed(&tree.staged);
    files.extend(changed(&tree.unstaged));
    files.extend(tree.untracked.iter().cloned());
    files.retain(|path| is_code(path));
    files.sort_unstable();
    files.dedup();
    let what = match files.as_slice() {
        [] => return None,
        [one] => format!("{} not committed", one.rsplit('/').next().unwrap_or(one)),
        many => format!("{} code files not committed", many.len()),
    };
    Some(Blocker {
        key: "code",
        what,
        evidence: files,
        mend: "git commit",
    })
}

fn drift(repository: &Repository, kind: DriftKind) -> Option<Blocker> {
    let all = repository.data.iter().flat_map(|data| &data.drift);
    let found: Vec<_> = all.filter(|drift| drift.kind == kind).collect();
    let first = found.first()?;
    let others = found.len() - 1;
    let what = match (kind, others) {
        (DriftKind::Param, 0) => format!("{} changed since the lock", first.what),
        (DriftKind::Param, _) => format!("{} params changed since the lock", found.len()),
        (DriftKind::Dependency, 0) => format!("lock of {} is out of date", first.stage),
        (DriftKind::Dependency, _) => {
            let mut stages: Vec<&str> = found.iter().map(|drift| drift.stage.as_str()).collect();
            stages.dedup();
            match stages.as_slice() {
                [one] => format!("lock of {one} is out of date"),
                many => format!("locks of {} stages out of date", many.len()),
            }
        }
    };
    Some(Blocker {
        key: match kind {
            DriftKind::Param => "params",
            DriftKind::Dependency => "lock",
        },
        what,
        evidence: found
            .iter()
            .map(|d| format!("stage {}: {} {} -> {}", d.stage, d.what, d.then, d.now))
            .collect(),
        mend: "dvc repro, then git commit dvc.lock",
    })
}

/// Data that nobody else can get, or that no lock names.
fn data(repository: &Repository) -> Option<Blocker> {
    let outputs = repository.data.iter().flat_map(|data| &data.outputs);
    let found: Vec<String> = outputs
        .filter_map(|output| {
            let why = match output.state {
                OutputState::Modified => "changed, not committed to DVC",
                OutputState::Uncommitted => "its lock is not committed to Git",
                _ if output.in_remote == Some(false) => "not pushed",
                _ => return None,
            };
            Some(format!("{}: {why}", output.path))
        })
        .collect();
    if found.is_empty() {
        return None;
    }
    Some(Blocker {
        key: "data",
        what: counted(found.len(), "output not saved", "outputs not saved"),
        evidence: found,
        mend: "dvc commit, dvc push, git commit dvc.lock",
    })
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::repository::{DataVersions, Drift, WorktreeState};

    fn change(path: &str) -> FileChange {
        FileChange {
            path: path.into(),
            change: "modified".into(),
        }
    }

    #[test]
    fn a_clean_tree_stands_in_no_way() {
        assert!(blockers(&Repository::default()).is_empty());
    }

    #[test]
    fn what_cannot_be_repeated_is_named_with_what_mends_it() {
        let drift = |kind, what: &str| Drift {
            stage: "train".into(),
            kind,
            what: what.into(),
            then: "1".into(),
            now: "2".into(),
        };
        let repository = Repository {
            worktree: WorktreeState {
                unstaged: vec![change("src/train.py"), change("README.md")],
                untracked: vec!["notebooks/".into(), "src/new.py".into()],
                ..WorktreeState::default()
            },
            data: Some(DataVersions {
                drift: vec![
                    drift(DriftKind::Param, "train.lr"),
                    drift(DriftKind::Dependency, "data/f"),
                    drift(DriftKind::Dependency, "src/train.py"),
                ],
                ..DataVersions::default()
            }),
            ..Repository::default()
        };
        let found: Vec<(&str, String)> = blockers(&repository)
            .into_iter()
            .map(|blocker| (blocker.key, blocker.what))
            .collect();
        let found: Vec<(&str, &str)> = found.iter().map(|(key, what)| (*key, &**what)).collect();
        assert_eq!(
            found,
            [
                ("code", "2 code files not committed"),
                ("params", "train.lr changed since the lock"),
                ("lock", "lock of train is out of date"),
            ]
        );
    }
}
