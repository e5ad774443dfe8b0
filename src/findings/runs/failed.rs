//! Failed runs of the last hours, one row for each family that did not succeed since.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use crate::domain::run::{Run, RunStatus};

use super::super::reason::fit;
use super::super::{Facts, Finding, REASON_LIMIT, Severity, Subject};
use super::cause::Cause;
use super::family::{Families, is_success, start};
use super::links::Links;

/// Earlier failures named in the evidence.
const EARLIER_SHOWN: usize = 4;

pub fn findings(facts: &Facts<'_>, links: &Links, families: &Families<'_>) -> Vec<Finding> {
    let runs = facts.runs;
    let mut below: HashMap<usize, Vec<&Run>> = HashMap::new();
    let mut candidates = Vec::new();
    let mut seen = HashSet::new();
    for (index, run) in runs.iter().enumerate() {
        if !needs_somebody(run.status) {
            continue;
        }
        let root = links.root(index);
        if root != index && run.status.is_failure() {
            below.entry(root).or_default().push(run);
        }
        // A run that goes on after a step failed is told of as well.
        let tells = root == index || runs[root].status.is_moving();
        if tells && seen.insert(root) {
            candidates.push(root);
        }
    }
    for jobs in below.values_mut() {
        jobs.sort_by_key(|job| std::cmp::Reverse(ended(job)));
    }
    let newest = facts.thresholds.failed_hours.saturating_mul(3600);
    let mut told = HashSet::new();
    candidates.sort_by_key(|&index| std::cmp::Reverse(ended(&runs[index])));
    candidates
        .into_iter()
        .filter_map(|index| {
            let run = &runs[index];
            let jobs = below.get(&index).map_or(&[][..], Vec::as_slice);
            let at = match run.status.is_moving() {
                true => jobs.first().and_then(|job| ended(job)),
                false => ended(run),
            };
            let age = facts.now.as_second() - at?.as_second();
            if age > newest || (run.status.is_moving() && !is_still_failed(run, jobs)) {
                return None;
            }
            let story = Story::of(index, runs, families);
            if story.recovered || !told.insert(story.newest) {
                return None;
            }
            Some(finding(run, at, jobs, &story))
        })
        .collect()
}

fn needs_somebody(status: RunStatus) -> bool {
    status.is_failure() || status == RunStatus::SucceededWithIssues
}

fn ended(run: &Run) -> Option<Timestamp> {
    run.ended_at.or(run.started_at)
}

/// Whether the failure below was not retried: a described run says so by its steps.
fn is_still_failed(run: &Run, jobs: &[&Run]) -> bool {
    if run.steps.is_empty() {
        return !jobs.is_empty();
    }
    run.failed_step().is_some()
}

/// What the family of a failed run went through before and after.
struct Story<'a> {
    /// A later run went well.
    recovered: bool,
    /// Failures in a row up to now, this one included.
    in_a_row: usize,
    /// The earlier ones of them, newest first.
    earlier: Vec<&'a Run>,
    last_success: Option<&'a Run>,
    /// A later run that is under way.
    next: Option<&'a Run>,
    /// Index of the family's newest failed run: one row tells of all.
    newest: usize,
}

impl<'a> Story<'a> {
    fn of(index: usize, runs: &'a [Run], families: &Families<'_>) -> Self {
        let run = &runs[index];
        let mut story = Self {
            recovered: false,
            in_a_row: 1,
            earlier: Vec::new(),
            last_success: None,
            next: None,
            newest: index,
        };
        let members = families.members(index);
        let place = members.iter().position(|&m| m == index).unwrap_or(0);
        let (later, rest) = members.split_at(place);
        for &member in later {
            let other = &runs[member];
            if is_success(other.status) && start(other) > start(run) {
                story.recovered = true;
            } else if other.status.is_moving() && start(other) > start(run) {
                story.next = Some(other);
            } else if other.status.is_failure() && story.newest == index {
                story.newest = member;
            }
        }
        for &member in rest.iter().skip(1) {
            let other = &runs[member];
            if is_success(other.status) {
                story.last_success = Some(other);
                break;
            } else if other.status.is_failure() {
                story.in_a_row += 1;
                story.earlier.push(other);
            }
        }
        story
    }
}

fn finding(run: &Run, at: Option<Timestamp>, jobs: &[&Run], story: &Story<'_>) -> Finding {
    let cause = Cause::of(run, jobs);
    let mut reason = cause.reason();
    if story.in_a_row > 1 {
        let longer = format!("{reason}, {} in a row", ordinal(story.in_a_row));
        if fit(&longer, REASON_LIMIT) == longer {
            reason = longer;
        }
    }
    Finding {
        id: format!("run-failed:{}:{}", run.kind.key(), run.key()),
        severity: if run.status.is_failure() {
            Severity::Critical
        } else {
            Severity::Warning
        },
        subject: Subject::Run { key: run.key() },
        category: "run".into(),
        name: run.name.clone(),
        reason,
        since: at,
        evidence: evidence(run, &cause, story),
        next_steps: next_steps(run, &cause),
    }
}

fn evidence(run: &Run, cause: &Cause<'_>, story: &Story<'_>) -> Vec<String> {
    let mut evidence = Vec::new();
    if let Some(text) = cause.text {
        evidence.push(text.to_owned());
    }
    if run.status.is_moving() {
        evidence.push("the run itself goes on".into());
    }
    if run.attempt > 1 {
        evidence.push(format!("attempt {}", run.attempt));
    }
    if story.in_a_row > 1 {
        evidence.push(format!("{} failure in a row", ordinal(story.in_a_row)));
    }
    for earlier in story.earlier.iter().take(EARLIER_SHOWN) {
        evidence.push(format!("before: {} {}", earlier.name, when(earlier)));
    }
    if let Some(good) = story.last_success {
        evidence.push(match &good.commit {
            Some(commit) => format!(
                "last good: {} {} at commit {}",
                good.name,
                when(good),
                crate::domain::repository::short_id(commit)
            ),
            None => format!("last good: {} {}", good.name, when(good)),
        });
    }
    if let Some(next) = story.next {
        evidence.push(format!("under way again: {} {}", next.name, when(next)));
    }
    let job = cause
        .job
        .map(|job| format!("{} {}", job.kind.short(), job.name));
    match (cause.step, job) {
        (Some(step), Some(job)) => evidence.push(format!("step {step}: {job}")),
        (Some(step), None) => evidence.push(format!("step {step}")),
        (None, Some(job)) => evidence.push(job),
        (None, None) => {}
    }
    evidence
}

fn when(run: &Run) -> String {
    start(run).map_or(String::new(), |at| format!("{at:.0}"))
}

fn next_steps(run: &Run, cause: &Cause<'_>) -> Vec<String> {
    let mut steps = vec!["e first error".to_owned()];
    let text = cause.plain.as_str();
    let advice = if text.starts_with("quota ") {
        Some(
            "ask for the quota: aws service-quotas request-service-quota-increase --service-code sagemaker",
        )
    } else if text.contains("out of memory") {
        Some("a smaller batch, or an instance type with more memory")
    } else if text.starts_with("denied:") || text == "access denied" {
        Some("give the run's role the missing permission")
    } else if text.starts_with("no capacity") {
        Some("try again, or another instance type or Region")
    } else if text.contains("max run time") || text.contains("timed out") {
        Some("raise the time limit, or find what hangs in the logs")
    } else {
        None
    };
    steps.extend(advice.map(str::to_owned));
    steps.push("l logs".to_owned());
    if run.commit.is_some() {
        steps.push("v versions: the commit it ran".to_owned());
    }
    steps.push("o console".to_owned());
    steps
}

/// `2nd`, `11th`, `23rd`.
fn ordinal(n: usize) -> String {
    let ending = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}
