//! The whole program in one process: real loop, real pollers, keys from a text, a screen in memory.

mod lineage;
mod taking;

use std::sync::Arc;

use flightdeck::cli::headless::Headless;
use flightdeck::domain::clock::FixedClock;
use flightdeck::domain::endpoint::{Endpoint, EndpointKind, Variant};
use flightdeck::domain::identity::Identity;
use flightdeck::domain::log::{LogGroup, LogLine, LogTarget};
use flightdeck::domain::run::{Run, RunKind, RunStatus};
use flightdeck::domain::source_error::{ErrorKind, SourceError};
use flightdeck::keys::Keymap;
use flightdeck::pollers::{Cadences, Outlet, Settings};
use flightdeck::store::model::{self, Model};
use flightdeck::theme::Theme;
use jiff::Timestamp;

use crate::support::scripted::{Scripted, failed, whole};

fn now() -> Timestamp {
    "2026-11-24T13:00:00Z".parse().unwrap()
}

fn minutes_ago(minutes: i64) -> Option<Timestamp> {
    Some(now() - jiff::SignedDuration::from_mins(minutes))
}

fn job(name: &str, status: RunStatus, started: i64) -> Run {
    Run {
        kind: RunKind::TrainingJob,
        name: name.into(),
        family: name.into(),
        id: name.into(),
        arn: format!("arn:aws:sagemaker:eu-west-1:123456789012:training-job/{name}"),
        status,
        raw_status: format!("{status:?}"),
        started_at: minutes_ago(started),
        ended_at: status.is_terminal().then(now),
        reason: status
            .is_failure()
            .then(|| "AlgorithmError: ExecuteUserScriptError: exit code 1".into()),
        parent: None,
        attempt: 1,
        cost_usd: None,
        current_step: None,
        steps: Vec::new(),
        detailed: true,
        logs: vec![LogTarget::prefixed(
            "/aws/sagemaker/TrainingJobs",
            format!("{name}/"),
        )],
        facts: vec![("instance".into(), "1 × ml.g5.2xlarge".into())],
        commit: None,
        metrics: Vec::new(),
    }
}

fn lines() -> Vec<LogLine> {
    (0..40)
        .map(|i| LogLine {
            group: "/aws/sagemaker/TrainingJobs".into(),
            stream: "churn-b/algo-1".into(),
            at: now() - jiff::SignedDuration::from_secs(100 - i),
            ingested_at: None,
            message: if i == 30 {
                "ERROR CUDA out of memory".into()
            } else {
                format!("epoch={i} loss=0.5")
            },
            event_id: Some(i.to_string()),
        })
        .collect()
}

fn account() -> Arc<Scripted> {
    account_with(lines())
}

fn account_with(lines: Vec<LogLine>) -> Arc<Scripted> {
    let sources = Scripted::new();
    sources.identity.then(whole(Identity {
        account: "123456789012".into(),
        arn: "arn:aws:sts::123456789012:assumed-role/ReadOnly/alice".into(),
        expires_at: None,
    }));
    sources.runs.then(whole(vec![
        job("churn-a", RunStatus::Succeeded, 90),
        job("churn-b", RunStatus::Failed, 60),
        job("reco-c", RunStatus::Running, 30),
    ]));
    sources.endpoints.then(whole(vec![Endpoint {
        name: "churn-prod".into(),
        arn: "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/churn-prod".into(),
        kind: EndpointKind::RealTime,
        status: "InService".into(),
        config: "churn-prod-7".into(),
        created_at: minutes_ago(6000),
        changed_at: minutes_ago(600),
        failure_reason: None,
        variants: vec![Variant {
            name: "blue".into(),
            ..Variant::default()
        }],
        detailed: true,
        data_capture: None,
    }]));
    sources.metrics.then(whole(Vec::new()));
    sources.alarms.then(whole(Vec::new()));
    sources.budgets.then(whole(Vec::new()));
    sources.costs.then(failed(ErrorKind::OverBudget));
    sources.models.then(whole(Vec::new()));
    sources.images.then(whole(Vec::new()));
    sources.repository.then(whole(Default::default()));
    sources.groups.then(whole(vec![LogGroup {
        name: "/aws/sagemaker/TrainingJobs".into(),
        stored_bytes: Some(1 << 20),
        retention_days: None,
        created_at: None,
    }]));
    sources.lines.then(whole(lines));
    sources
}

async fn open(sources: Arc<Scripted>, size: (u16, u16)) -> Headless {
    open_with(sources, size, Outlet::default()).await
}

async fn open_with(sources: Arc<Scripted>, size: (u16, u16), outlet: Outlet) -> Headless {
    let settings = model::Settings {
        region: Some("eu-west-1".into()),
        ..model::Settings::default()
    };
    let pollers = Settings {
        cadences: Cadences::default(),
        history_days: 14,
        run_limit: 100,
        log_limit: 100,
        seed: 1,
        spool_folder: None,
        outlet,
        clock: Arc::new(FixedClock(now())),
    };
    let opened = sources.sources();
    let mut program = Headless::start(
        Model::new(now(), settings),
        Theme::default(),
        Keymap::builtin("default").unwrap(),
        async move { opened },
        pollers,
        size,
    )
    .unwrap();
    program.settle().await.unwrap();
    program
}

#[track_caller]
fn assert_shows(program: &Headless, texts: &[&str]) {
    let screen = program.screen();
    for text in texts {
        assert!(screen.contains(text), "no {text:?} in\n{screen}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_digit_reaches_every_screen() {
    for size in [(80, 24), (120, 40), (200, 60)] {
        let mut program = open(account(), size).await;
        assert_shows(&program, &["alice@ReadOnly", "eu-west-1"]);
        for (key, text) in [
            ("2", "churn-b"),
            ("3", "churn-prod"),
            ("4", "/aws/sagemaker/TrainingJobs"),
            ("5", "over budget"),
            ("6", "Commits"),
            ("1", "churn-b"),
        ] {
            program.press(key).await.unwrap();
            assert_shows(&program, &[text]);
        }
    }
}

// The clock runs: the reader of the lines is a thread of its own, which a paused one would not wait for.
#[tokio::test]
async fn from_the_failed_run_to_its_first_error_line_in_three_keys_and_back() {
    let mut program = open(account(), (80, 24)).await;
    program.press("2je").await.unwrap();
    assert_shows(&program, &["ERROR CUDA out of memory"]);
    program.press("<esc>").await.unwrap();
    assert_shows(&program, &["churn-a", "churn-b", "reco-c"]);
    program.press("y").await.unwrap();
    assert_eq!(program.runtime.surface().copied, ["churn-b"]);
}

#[tokio::test(start_paused = true)]
async fn a_filter_narrows_the_list_and_says_so() {
    let mut program = open(account(), (120, 40)).await;
    program.press("2/reco<enter>").await.unwrap();
    assert_shows(&program, &["reco-c", "reco"]);
    assert!(!program.screen().contains("churn-a"));
    program.press("<esc>").await.unwrap();
    assert_shows(&program, &["churn-a"]);
}

#[tokio::test(start_paused = true)]
async fn denied_says_what_is_missing_and_the_rest_still_shows() {
    let sources = account();
    let denied = Scripted::new();
    denied.endpoints.then(Err(SourceError::new(
        "sagemaker:ListEndpoints",
        ErrorKind::Denied,
        "not allowed to call sagemaker:ListEndpoints",
    )
    .with_hint("grant sagemaker:ListEndpoints to ReadOnly")));
    let mut opened = sources.sources();
    if let Some(account) = &mut opened.account {
        account.endpoints = denied;
    }
    let mut program = Headless::start(
        Model::new(now(), model::Settings::default()),
        Theme::default(),
        Keymap::builtin("default").unwrap(),
        async move { opened },
        Settings {
            cadences: Cadences::default(),
            history_days: 14,
            run_limit: 100,
            log_limit: 100,
            seed: 1,
            spool_folder: None,
            outlet: Default::default(),
            clock: Arc::new(FixedClock(now())),
        },
        (120, 40),
    )
    .unwrap();
    program.press("3").await.unwrap();
    assert_shows(&program, &["denied", "grant sagemaker:ListEndpoints"]);
    program.press("2").await.unwrap();
    assert_shows(&program, &["churn-b"]);
}

#[tokio::test(start_paused = true)]
async fn quitting_ends_the_loop() {
    let mut program = open(account(), (80, 24)).await;
    program.press("q").await.unwrap();
    assert!(program.runtime.quits());
}

#[tokio::test(start_paused = true)]
async fn any_size_is_survived() {
    let mut program = open(account(), (80, 24)).await;
    for size in [(1, 1), (20, 5), (39, 8), (99, 30), (200, 60)] {
        for keys in [
            "1", "2", "2<enter>", "3", "4<enter>", "5", "6", "?", "<esc>", ":", "<esc>",
        ] {
            program.resize(size.0, size.1).await.unwrap();
            program.press(keys).await.unwrap();
        }
    }
}
