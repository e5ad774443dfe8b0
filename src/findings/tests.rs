#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::LazyLock;

use jiff::Timestamp;

use super::*;
use crate::domain::alarm::Alarm;
use crate::domain::cost::{Budget, Money};
use crate::domain::identity::Identity;
use crate::domain::registry::{ModelGroup, ModelVersion};
use crate::domain::repository::{
    Branch, DataVersions, FileChange, Head, Output, OutputState, Repository,
};
use crate::domain::source_error::{ErrorKind, SourceError};
use rules::Thresholds;

fn now() -> Timestamp {
    "2026-11-22T14:00:00Z".parse().unwrap()
}

/// Severity, name and reason of all findings.
fn told<'a>(fill: impl FnOnce(&mut Facts<'a>)) -> Vec<String> {
    static THRESHOLDS: LazyLock<Thresholds> = LazyLock::new(Thresholds::default);
    let mut facts = Facts::new(now(), &THRESHOLDS);
    fill(&mut facts);
    let found = all(&facts);
    for finding in &found {
        assert!(finding.reason.chars().count() <= REASON_LIMIT);
        assert!(!finding.next_steps.is_empty(), "{}", finding.id);
    }
    found
        .iter()
        .map(|f| format!("{} {}: {}", f.severity.key(), f.name, f.reason))
        .collect()
}

#[test]
fn nothing_known_is_nothing_wrong() {
    assert_eq!(told(|_| {}), Vec::<String>::new());
}

proptest::proptest! {
    /// Whatever names, numbers and texts an account has.
    #[test]
    fn every_reason_fits_its_row(text in "(?s).{0,80}", word in "[a-z ,:;-]{0,60}", amount: f64) {
        let budgets = [Budget {
            name: text.clone(),
            budget_type: "COST".into(),
            time_unit: "MONTHLY".into(),
            limit: Some(Money::usd(1.0)),
            actual: Some(Money::usd(amount)),
            forecast: Some(Money::usd(amount.abs())),
        }];
        let alarm = |metric: Option<&str>| Alarm {
            name: text.clone(),
            state: "ALARM".into(),
            reason: Some(word.clone()),
            metric: metric.map(str::to_owned),
            dimensions: vec![("of".into(), text.clone())],
            arn: String::new(),
            since: None,
            namespace: None,
            actions_enabled: true,
        };
        let alarms = [alarm(Some(&word)), alarm(None)];
        static THRESHOLDS: LazyLock<Thresholds> = LazyLock::new(Thresholds::default);
        let mut facts = Facts::new(now(), &THRESHOLDS);
        facts.budgets = &budgets;
        facts.alarms = &alarms;
        for finding in all(&facts) {
            let reason = &finding.reason;
            proptest::prop_assert!(reason.chars().count() <= REASON_LIMIT, "{reason:?}");
            proptest::prop_assert!(!reason.chars().any(char::is_control), "{reason:?}");
            proptest::prop_assert!(!reason.ends_with([' ', ',', ':', ';', '(']), "{reason:?}");
        }
    }
}

#[test]
fn budgets() {
    let budget = |kind: &str, actual: f64, forecast: Option<f64>| {
        [Budget {
            name: "ml".into(),
            budget_type: kind.into(),
            time_unit: "MONTHLY".into(),
            limit: Some(Money::usd(100.0)),
            actual: Some(Money::usd(actual)),
            forecast: forecast.map(Money::usd),
        }]
    };
    for (budgets, expected) in [
        (budget("COST", 50.0, Some(90.0)), None),
        (
            budget("COST", 92.0, Some(118.0)),
            Some("warning ml: 92 % used, forecast 118 %"),
        ),
        (
            budget("COST", 50.0, Some(130.0)),
            Some("warning ml: 50 % used, forecast 130 %"),
        ),
        (budget("COST", 92.0, None), Some("warning ml: 92 % used")),
        (
            budget("COST", 104.0, Some(99.0)),
            Some("critical ml: 104 % used"),
        ),
        // Of a utilisation more is better.
        (budget("RI_UTILIZATION", 99.0, None), None),
    ] {
        let found = told(|facts| facts.budgets = &budgets);
        assert_eq!(found.first().map(String::as_str), expected);
    }
}

#[test]
fn credentials() {
    let identity = |expires: Option<&str>| Identity {
        account: "1".into(),
        arn: "arn".into(),
        expires_at: expires.map(|at| at.parse().unwrap()),
    };
    for (identity, expected) in [
        (identity(None), None),
        (identity(Some("2026-11-22T15:00:00Z")), None),
        (
            identity(Some("2026-11-22T14:12:30Z")),
            Some("warning AWS session: session ends in 12m"),
        ),
        (
            identity(Some("2026-11-22T13:59:00Z")),
            Some("warning AWS session: session expired"),
        ),
    ] {
        let found = told(|facts| facts.identity = Some(&identity));
        assert_eq!(found.first().map(String::as_str), expected);
    }
    for (kind, expected) in [
        (
            ErrorKind::NoCredentials,
            Some("warning AWS session: no credentials found"),
        ),
        (
            ErrorKind::Expired,
            Some("warning AWS session: session expired"),
        ),
        // That the service cannot be reached is said elsewhere.
        (ErrorKind::Offline, None),
    ] {
        let error = SourceError::new("sts", kind, "why").with_hint("aws sso login --profile x");
        let found = told(|facts| facts.identity_failure = Some(&error));
        assert_eq!(found.first().map(String::as_str), expected);
    }
}

fn output(path: &str, state: OutputState, cache: Option<bool>, remote: Option<bool>) -> Output {
    Output {
        path: path.into(),
        stage: "s".into(),
        role: "out".into(),
        head_hash: Some("aa".into()),
        lock_hash: Some("bb".into()),
        size_bytes: None,
        files: None,
        state,
        in_cache: cache,
        in_remote: remote,
    }
}

fn with_outputs(outputs: Vec<Output>) -> Repository {
    Repository {
        data: Some(DataVersions {
            outputs,
            ..DataVersions::default()
        }),
        ..Repository::default()
    }
}

#[test]
fn data_versions() {
    use OutputState::{Clean, Deleted, Modified, NotProduced, Uncommitted, Unknown};
    for (state, cache, remote, expected) in [
        (Clean, Some(true), Some(true), None),
        (Clean, None, None, None),
        (Unknown, None, None, None),
        (
            Modified,
            Some(true),
            Some(true),
            Some("warning d: changed, not committed to DVC"),
        ),
        (
            Uncommitted,
            Some(true),
            Some(false),
            Some("warning d: changed, not pushed"),
        ),
        (
            Uncommitted,
            Some(true),
            Some(true),
            Some("info d: changed, not committed to Git"),
        ),
        (
            Clean,
            Some(true),
            Some(false),
            Some("warning d: not pushed"),
        ),
        (
            Clean,
            Some(false),
            Some(false),
            Some("warning d: not in cache, not pushed"),
        ),
        // `dvc pull` brings it.
        (Clean, Some(false), Some(true), None),
        (Clean, Some(false), None, Some("info d: not in cache")),
        (
            Deleted,
            Some(false),
            Some(false),
            Some("warning d: gone: not in cache, not in remote"),
        ),
        (
            Deleted,
            Some(true),
            Some(true),
            Some("info d: not in the workspace"),
        ),
        (
            NotProduced,
            None,
            None,
            Some("info d: declared, never produced"),
        ),
    ] {
        let repository = with_outputs(vec![output("d", state, cache, remote)]);
        let found = told(|facts| facts.repository = Some(&repository));
        assert_eq!(
            found.first().map(String::as_str),
            expected,
            "{state:?} {cache:?} {remote:?}"
        );
    }
}

#[test]
fn many_outputs_with_the_same_trouble_are_one_row() {
    let many = |n: usize| {
        with_outputs(
            (0..n)
                .map(|i| {
                    output(
                        &format!("d{i}"),
                        OutputState::Clean,
                        Some(true),
                        Some(false),
                    )
                })
                .collect(),
        )
    };
    let (few, lots) = (many(3), many(40));
    assert_eq!(told(|facts| facts.repository = Some(&few)).len(), 3);
    assert_eq!(
        told(|facts| facts.repository = Some(&lots)),
        ["warning d0 and 39 more: not pushed"]
    );
}

#[test]
fn files_of_dvc_that_cannot_be_read() {
    let mut repository = with_outputs(Vec::new());
    repository.data.as_mut().unwrap().problems = vec![(
        "dvc.yaml:12".into(),
        "mapping values are not allowed here".into(),
    )];
    assert_eq!(
        told(|facts| facts.repository = Some(&repository)),
        ["warning dvc.yaml:12: mapping values are not allowed here"]
    );
}

#[test]
fn the_working_tree() {
    let change = |path: &str| FileChange {
        path: path.into(),
        change: "modified".into(),
    };
    let mut repository = Repository {
        head: Head {
            branch: Some("main".into()),
            commit: None,
            operation: Some("rebase".into()),
        },
        branches: vec![Branch {
            name: "main".into(),
            commit: "c".into(),
            remote: false,
            upstream: Some("origin/main".into()),
            ahead: Some(1),
            behind: Some(3),
            is_head: true,
        }],
        ..Repository::default()
    };
    repository.worktree.conflicted = vec!["a".into(), "b".into()];
    repository.worktree.unstaged = vec![change("sub/params.yaml"), change("src/train.py")];
    repository.worktree.staged = vec![change("sub/params.yaml")];
    assert_eq!(
        told(|facts| facts.repository = Some(&repository)),
        [
            "warning main: rebase: 2 conflicts",
            "warning main: params.yaml not committed",
            "info main: train.py not committed",
            "info main: 1 commit not pushed",
        ]
    );
    // An uncommitted output says it already.
    let mut repository = with_outputs(vec![output(
        "d",
        OutputState::Uncommitted,
        Some(true),
        Some(true),
    )]);
    repository.worktree.unstaged = vec![change("dvc.lock")];
    assert_eq!(
        told(|facts| facts.repository = Some(&repository)),
        ["info d: changed, not committed to Git"]
    );
}

#[test]
fn model_versions() {
    let version = |n: i32, approval: &str, status: &str| ModelVersion {
        group: "churn".into(),
        version: Some(n),
        arn: format!("arn/{n}"),
        status: status.into(),
        approval: Some(approval.into()),
        created_at: None,
        description: None,
        commit: None,
        images: Vec::new(),
        metadata: Vec::new(),
        detailed: true,
    };
    let pending = |n| version(n, "PendingManualApproval", "Completed");
    let approved = |n| version(n, "Approved", "Completed");
    for (versions, expected) in [
        (vec![approved(3), pending(2)], None),
        (
            vec![pending(3), approved(2)],
            Some("info churn: v3 waits for approval"),
        ),
        (
            vec![pending(4), version(3, "Rejected", "Completed"), pending(2)],
            Some("info churn: v4 and 1 more wait for approval"),
        ),
        (
            vec![version(3, "PendingManualApproval", "Failed"), approved(2)],
            Some("warning churn: v3 failed"),
        ),
        (Vec::new(), None),
    ] {
        let groups = [ModelGroup {
            name: "churn".into(),
            arn: "arn".into(),
            created_at: None,
            status: "Completed".into(),
            versions,
        }];
        let found = told(|facts| facts.models = &groups);
        assert_eq!(found.first().map(String::as_str), expected);
    }
}
