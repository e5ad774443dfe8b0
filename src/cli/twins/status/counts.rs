//! The figures of each screen. What is not known is `null`, never 0.

use serde_json::{Map, Value, json};

use crate::cli::twins::endpoints::Known;
use crate::domain::alarm::Alarm;
use crate::domain::cost::{Budget, MonthToDate};
use crate::domain::endpoint::Health;
use crate::domain::log::LogGroup;
use crate::domain::registry::{Image, ModelGroup};
use crate::domain::repository::{OutputState, Repository};
use crate::domain::run::{Run, RunStatus};
use crate::findings::{Finding, Severity};

type Counts = Map<String, Value>;

fn counts<const N: usize>(figures: [(&str, Value); N]) -> Counts {
    figures
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// How many of the items there are, `null` where the items are not known.
fn count<T>(items: Option<&[T]>, wanted: impl Fn(&T) -> bool) -> Value {
    match items {
        Some(items) => json!(items.iter().filter(|item| wanted(item)).count()),
        None => Value::Null,
    }
}

pub fn deck(findings: &[Finding]) -> Counts {
    let of = |severity| count(Some(findings), |f: &Finding| f.severity == severity);
    counts([
        ("critical", of(Severity::Critical)),
        ("warning", of(Severity::Warning)),
        ("info", of(Severity::Info)),
    ])
}

pub fn runs(runs: Option<&[Run]>, recent: &impl Fn(&Run) -> bool) -> Counts {
    counts([
        ("total", count(runs, |_| true)),
        (
            "running",
            count(runs, |r| {
                matches!(r.status, RunStatus::Running | RunStatus::Stopping)
            }),
        ),
        ("queued", count(runs, |r| r.status == RunStatus::Queued)),
        (
            "failed_lately",
            count(runs, |r| r.status.is_failure() && recent(r)),
        ),
    ])
}

pub fn endpoints(known: Option<&(Vec<Known>, Vec<Alarm>)>) -> Counts {
    let endpoints = known.map(|(known, _)| known.as_slice());
    let of = |health| count(endpoints, |known: &Known| known.health.health == health);
    counts([
        ("total", count(endpoints, |_| true)),
        ("critical", of(Health::Critical)),
        ("warn", of(Health::Warn)),
        ("unknown", of(Health::Unknown)),
        ("ok", of(Health::Ok)),
        (
            "alarms",
            count(known.map(|(_, alarms)| alarms.as_slice()), |a: &Alarm| {
                a.is_alarming()
            }),
        ),
    ])
}

pub fn logs(groups: Option<&[LogGroup]>) -> Counts {
    counts([("groups", count(groups, |_| true))])
}

pub fn costs(month: Option<&MonthToDate>, budgets: Option<&[Budget]>) -> Counts {
    let total = month.map(MonthToDate::total);
    let forecast = month.and_then(|m| Some(m.total() + m.forecast.as_ref()?.mean));
    counts([
        ("month_to_date", json!(total)),
        ("forecast", json!(forecast)),
        ("unit", json!(month.map(|m| m.unit.as_str()))),
        ("budgets", count(budgets, |_| true)),
    ])
}

pub fn versions(
    repository: Option<&Repository>,
    models: Option<&[ModelGroup]>,
    images: Option<&[Image]>,
) -> Counts {
    let data = repository.and_then(|r| r.data.as_ref());
    let outputs = data.map(|d| d.outputs.as_slice());
    let tree = repository.map(|r| &r.worktree);
    let versions = models.map(|groups| {
        groups
            .iter()
            .flat_map(|group| &group.versions)
            .collect::<Vec<_>>()
    });
    counts([
        (
            "branch",
            json!(repository.and_then(|r| r.head.branch.as_deref())),
        ),
        (
            "changed_files",
            json!(tree.map(|t| t.staged.len() + t.unstaged.len() + t.untracked.len())),
        ),
        ("outputs", count(outputs, |_| true)),
        (
            "changed_outputs",
            count(outputs, |o| {
                matches!(o.state, OutputState::Modified | OutputState::Uncommitted)
            }),
        ),
        ("model_versions", count(versions.as_deref(), |_| true)),
        (
            "pending_approval",
            count(versions.as_deref(), |v| {
                v.approval.as_deref() == Some("PendingManualApproval")
            }),
        ),
        ("images", count(images, |_| true)),
    ])
}
