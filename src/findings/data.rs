//! Data versions that others cannot get, or that the code at hand does not match.

use crate::domain::repository::{DataVersions, Output, OutputState};

use super::reason::fit;
use super::{Facts, Finding, REASON_LIMIT, Severity, Subject};

/// More outputs with the same trouble than this become one row.
const MOST_ROWS: usize = 3;

pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(data) = facts.repository.and_then(|r| r.data.as_ref()) else {
        return Vec::new();
    };
    let mut findings = problems(data);
    let mut groups: Vec<(Trouble, Vec<&Output>)> = Vec::new();
    for output in &data.outputs {
        let Some(trouble) = trouble(output) else {
            continue;
        };
        match groups.iter_mut().find(|(known, _)| *known == trouble) {
            Some((_, outputs)) => outputs.push(output),
            None => groups.push((trouble, vec![output])),
        }
    }
    for (trouble, outputs) in groups {
        if outputs.len() > MOST_ROWS {
            findings.extend(row(trouble, &outputs));
        } else {
            findings.extend(outputs.iter().filter_map(|output| row(trouble, &[output])));
        }
    }
    findings
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Trouble {
    /// Part of the finding's id.
    key: &'static str,
    severity: Severity,
    reason: &'static str,
    next: &'static str,
}

/// The worst thing to say of an output.
fn trouble(output: &Output) -> Option<Trouble> {
    let unpushed = output.in_remote == Some(false);
    let uncached = output.in_cache == Some(false);
    let say = |key, severity, reason, next| {
        Some(Trouble {
            key,
            severity,
            reason,
            next,
        })
    };
    match output.state {
        OutputState::Modified => say(
            "modified",
            Severity::Warning,
            "changed, not committed to DVC",
            "dvc commit (or dvc add), then dvc push",
        ),
        OutputState::Deleted if uncached && unpushed => say(
            "lost",
            Severity::Warning,
            "gone: not in cache, not in remote",
            "dvc repro, or bring the cache back",
        ),
        _ if uncached && unpushed => say(
            "unsaved",
            Severity::Warning,
            "not in cache, not pushed",
            "dvc commit, then dvc push",
        ),
        OutputState::Uncommitted if unpushed => say(
            "uncommitted-unpushed",
            Severity::Warning,
            "changed, not pushed",
            "dvc push, then git commit",
        ),
        OutputState::Uncommitted => say(
            "uncommitted",
            Severity::Info,
            "changed, not committed to Git",
            "git commit the lock file",
        ),
        _ if unpushed => say("unpushed", Severity::Warning, "not pushed", "dvc push"),
        OutputState::Deleted => say(
            "deleted",
            Severity::Info,
            "not in the workspace",
            if uncached { "dvc pull" } else { "dvc checkout" },
        ),
        OutputState::NotProduced => say(
            "not-produced",
            Severity::Info,
            "declared, never produced",
            "dvc repro",
        ),
        OutputState::Clean if uncached && output.in_remote.is_none() => {
            say("uncached", Severity::Info, "not in cache", "dvc commit")
        }
        OutputState::Clean | OutputState::Unknown => None,
    }
}

/// One row for the outputs, which share their trouble.
fn row(trouble: Trouble, outputs: &[&Output]) -> Option<Finding> {
    let first = outputs.first()?;
    let (id, name) = if outputs.len() == 1 {
        (
            format!("data:{}:{}", trouble.key, first.path),
            first.path.clone(),
        )
    } else {
        (
            format!("data:{}", trouble.key),
            format!("{} and {} more", first.path, outputs.len() - 1),
        )
    };
    Some(Finding {
        id,
        severity: trouble.severity,
        subject: Subject::Data {
            path: first.path.clone(),
        },
        category: "data".into(),
        name,
        reason: fit(trouble.reason, REASON_LIMIT),
        since: None,
        evidence: outputs.iter().map(|output| evidence(output)).collect(),
        next_steps: vec![trouble.next.to_owned(), "v data versions".to_owned()],
    })
}

/// `data/features.parquet (stage features): HEAD 4f21…, lock 9ab3…, not in remote`.
fn evidence(output: &Output) -> String {
    let mut parts = Vec::new();
    if let Some(hash) = &output.head_hash {
        parts.push(format!("HEAD {hash}"));
    }
    if let Some(hash) = &output.lock_hash {
        parts.push(format!("lock {hash}"));
    }
    match output.in_cache {
        Some(true) => parts.push("in cache".into()),
        Some(false) => parts.push("not in cache".into()),
        None => {}
    }
    match output.in_remote {
        Some(true) => parts.push("in remote".into()),
        Some(false) => parts.push("not in remote".into()),
        None => {}
    }
    format!(
        "{} (stage {}): {}",
        output.path,
        output.stage,
        parts.join(", ")
    )
}

fn problems(data: &DataVersions) -> Vec<Finding> {
    data.problems
        .iter()
        .map(|(path, what)| Finding {
            id: format!("data:problem:{path}"),
            severity: Severity::Warning,
            subject: Subject::Data { path: path.clone() },
            category: "data".into(),
            name: path.clone(),
            reason: fit(what, REASON_LIMIT),
            since: None,
            evidence: vec![format!("{path}: {what}")],
            next_steps: vec!["mend the file; dvc status tells more".into()],
        })
        .collect()
}
