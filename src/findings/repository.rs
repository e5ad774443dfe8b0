//! The state of the working tree that makes results hard to repeat.

use crate::domain::repository::{OutputState, Repository};

use super::reason::fit;
use super::{Facts, Finding, REASON_LIMIT, Severity, Subject};

pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(repository) = facts.repository else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    findings.extend(interrupted(repository));
    findings.extend(uncommitted(repository));
    findings.extend(unpushed(repository));
    findings
}

fn row(
    repository: &Repository,
    key: &str,
    severity: Severity,
    reason: &str,
    evidence: Vec<String>,
    next: &str,
) -> Finding {
    Finding {
        id: format!("repository:{key}"),
        severity,
        subject: Subject::Repository,
        category: "git".into(),
        name: repository
            .head
            .branch
            .clone()
            .unwrap_or_else(|| "HEAD".to_owned()),
        reason: fit(reason, REASON_LIMIT),
        since: None,
        evidence,
        next_steps: vec![next.to_owned(), "v versions".to_owned()],
    }
}

fn interrupted(repository: &Repository) -> Option<Finding> {
    let conflicts = &repository.worktree.conflicted;
    let reason = match (&repository.head.operation, conflicts.len()) {
        (None, 0) => return None,
        (Some(operation), 0) => format!("{operation} under way"),
        (Some(operation), 1) => format!("{operation}: 1 conflict"),
        (Some(operation), n) => format!("{operation}: {n} conflicts"),
        (None, 1) => "1 conflict".to_owned(),
        (None, n) => format!("{n} conflicts"),
    };
    Some(row(
        repository,
        "operation",
        Severity::Warning,
        &reason,
        conflicts.clone(),
        "git status",
    ))
}

/// Files that say which data and parameters a result was made with.
fn is_version_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, "dvc.yaml" | "dvc.lock" | "params.yaml") || name.ends_with(".dvc")
}

fn uncommitted(repository: &Repository) -> Option<Finding> {
    // The data rules name each output whose lock differs from HEAD; the lock itself would say it twice.
    let told = repository.data.as_ref().is_some_and(|data| {
        data.outputs
            .iter()
            .any(|o| o.state == OutputState::Uncommitted)
    });
    let tree = &repository.worktree;
    let mut files: Vec<&str> = tree
        .staged
        .iter()
        .chain(&tree.unstaged)
        .map(|change| change.path.as_str())
        .filter(|path| is_version_file(path))
        .filter(|path| !(told && (path.ends_with("dvc.lock") || path.ends_with(".dvc"))))
        .collect();
    files.sort_unstable();
    files.dedup();
    let reason = match files.as_slice() {
        [] => return None,
        [one] => format!("{} not committed", one.rsplit('/').next().unwrap_or(one)),
        many => format!("{} version files not committed", many.len()),
    };
    Some(row(
        repository,
        "uncommitted",
        Severity::Warning,
        &reason,
        files.iter().map(|f| (*f).to_owned()).collect(),
        "git commit: runs started now cannot be repeated",
    ))
}

fn unpushed(repository: &Repository) -> Option<Finding> {
    let branch = repository.branches.iter().find(|b| b.is_head)?;
    let ahead = branch.ahead.filter(|n| *n > 0)?;
    let upstream = branch.upstream.as_deref()?;
    let commits = if ahead == 1 { "commit" } else { "commits" };
    let mut evidence = vec![format!("{ahead} {commits} that {upstream} lacks")];
    if let Some(behind) = branch.behind.filter(|n| *n > 0) {
        evidence.push(format!("{behind} behind {upstream}"));
    }
    Some(row(
        repository,
        "unpushed",
        Severity::Info,
        &format!("{ahead} {commits} not pushed"),
        evidence,
        "git push",
    ))
}
