//! The store as a table: a model, messages, what is left and what is asked for.

use jiff::Timestamp;

use super::*;
use crate::domain::endpoint::{Endpoint, EndpointKind, Variant};
use crate::domain::log::{LogLine, LogTarget};
use crate::domain::run::{Run, RunKind, RunStatus, Step};
use crate::domain::source_error::{ErrorKind, Partial, SourceError};
use crate::keys::command::Command;
use crate::store::effect::SourceId;
use crate::store::model::Settings;
use crate::store::model::nav::Screen;
use crate::store::msg::{Data, LogPage, TailNews};
use crate::store::rows;

fn t(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn run(name: &str, status: RunStatus, started: i64) -> Run {
    Run {
        kind: RunKind::TrainingJob,
        name: name.into(),
        family: name.into(),
        id: name.into(),
        arn: format!("arn:aws:sagemaker:eu-west-1:123456789012:training-job/{name}"),
        status,
        raw_status: "raw".into(),
        started_at: Some(t(started)),
        ended_at: None,
        reason: None,
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
        facts: Vec::new(),
        commit: None,
    }
}

fn step(name: &str, status: RunStatus) -> Step {
    Step {
        name: name.into(),
        kind: "Training".into(),
        status,
        raw_status: "raw".into(),
        started_at: None,
        ended_at: None,
        reason: None,
        resource_arn: None,
        attempt: 1,
        logs: vec![LogTarget::prefixed("group", format!("{name}/"))],
        depends_on: Vec::new(),
    }
}

struct Bench {
    model: Model,
    second: i64,
}

impl Bench {
    fn new() -> Self {
        Self {
            model: Model::new(t(0), Settings::default()),
            second: 0,
        }
    }

    fn send(&mut self, msg: Msg) -> Vec<Effect> {
        self.second += 1;
        update(&mut self.model, t(self.second), msg)
    }

    fn data(&mut self, data: Data) -> Vec<Effect> {
        self.send(Msg::Data(Box::new(data)))
    }

    fn press(&mut self, commands: &[Command]) -> Vec<Effect> {
        commands
            .iter()
            .flat_map(|c| self.send(Msg::Command(*c)))
            .collect()
    }

    fn type_text(&mut self, text: &str) {
        for c in text.chars() {
            self.send(Msg::Text(c));
        }
    }

    fn runs(&mut self, runs: &[Run]) -> Vec<Effect> {
        self.data(Data::Runs {
            kind: RunKind::TrainingJob,
            answer: Ok(Partial::whole(runs.to_vec())),
        })
    }

    fn shown_runs(&self) -> Vec<String> {
        rows::ids(&self.model, Pane::RunList)
            .into_iter()
            .map(|id| id.rsplit('/').next().unwrap().to_owned())
            .collect()
    }

    fn selected_run(&self) -> Option<&str> {
        rows::selected_run(&self.model).map(|r| r.name.as_str())
    }
}

fn three_runs() -> Vec<Run> {
    vec![
        run("a", RunStatus::Succeeded, 10),
        run("b", RunStatus::Failed, 20),
        run("c", RunStatus::Running, 30),
    ]
}

#[test]
fn runs_stand_newest_first_and_a_refresh_keeps_the_selection() {
    let mut bench = Bench::new();
    bench.press(&[Command::GoRuns]);
    bench.runs(&three_runs());
    assert_eq!(bench.shown_runs(), ["c", "b", "a"]);
    bench.press(&[Command::Down]);
    assert_eq!(bench.selected_run(), Some("b"));
    let mut more = three_runs();
    more.push(run("d", RunStatus::Queued, 40));
    bench.runs(&more);
    assert_eq!(bench.shown_runs(), ["d", "c", "b", "a"]);
    assert_eq!(bench.selected_run(), Some("b"));
}

#[test]
fn a_failure_keeps_the_last_good_data_and_its_age() {
    use crate::domain::freshness::Freshness;
    let mut bench = Bench::new();
    bench.runs(&three_runs());
    let good_at = bench.model.now;
    let error = SourceError::new(
        "sagemaker:ListTrainingJobs",
        ErrorKind::Throttled,
        "slow down",
    );
    bench.data(Data::Runs {
        kind: RunKind::TrainingJob,
        answer: Err(error.clone()),
    });
    assert_eq!(bench.model.runs.all.len(), 3);
    let fetched = &bench.model.runs.by_kind[&RunKind::TrainingJob];
    assert_eq!(
        fetched.freshness(),
        Freshness::Stale {
            at: good_at,
            why: &error
        }
    );
}

#[test]
fn the_same_answer_again_is_nothing_to_draw() {
    let mut bench = Bench::new();
    bench.runs(&three_runs());
    bench.model.changed = false;
    bench.runs(&three_runs());
    assert!(!bench.model.changed);
    bench.runs(&three_runs()[..2]);
    assert!(bench.model.changed);
}

#[test]
fn a_filter_survives_refresh_and_back_clears_it() {
    let mut bench = Bench::new();
    bench.press(&[Command::GoRuns]);
    bench.runs(&three_runs());
    bench.press(&[Command::Filter]);
    assert_eq!(contexts(&bench.model), [Context::Input]);
    bench.type_text("status:failed");
    bench.press(&[Command::Submit]);
    assert_eq!(bench.shown_runs(), ["b"]);
    bench.runs(&three_runs());
    assert_eq!(bench.shown_runs(), ["b"]);
    bench.press(&[Command::Back]);
    assert_eq!(bench.shown_runs(), ["c", "b", "a"]);
    assert_eq!(bench.model.nav.screen, Screen::Runs);
}

#[test]
fn drilling_into_logs_and_back_returns_to_the_same_row_filter_and_order() {
    let mut bench = Bench::new();
    bench.press(&[Command::GoRuns]);
    bench.runs(&three_runs());
    bench.press(&[Command::SortNext, Command::SortReverse, Command::Filter]);
    bench.type_text("!status:failed");
    bench.press(&[Command::Submit, Command::Down]);
    let before = (bench.shown_runs(), bench.model.runs.list.clone());
    let effects = bench.press(&[Command::ShowLogs]);
    assert_eq!(bench.model.nav.screen, Screen::Logs);
    assert!(
        effects
            .iter()
            .any(|e| matches!(e, Effect::StartTail { targets, .. }
        if targets[0].prefix.as_deref() == Some("a/"))),
        "{effects:?}"
    );
    bench.press(&[Command::Back]);
    assert_eq!(bench.model.nav.screen, Screen::Runs);
    assert_eq!((bench.shown_runs(), bench.model.runs.list.clone()), before);
}

#[test]
fn logs_of_a_failed_run_open_at_the_first_error_of_the_failed_step() {
    let mut bench = Bench::new();
    let mut failed = run("pipeline", RunStatus::Failed, 10);
    failed.logs.clear();
    failed.steps = vec![
        step("Prepare", RunStatus::Succeeded),
        step("Train", RunStatus::Failed),
    ];
    bench.press(&[Command::GoRuns]);
    bench.runs(&[failed]);
    let effects = bench.press(&[Command::ShowError]);
    assert!(
        effects
            .iter()
            .any(|e| matches!(e, Effect::StartTail { targets, .. }
        if targets == &[LogTarget::prefixed("group", "Train/")])),
        "{effects:?}"
    );
    let session = bench.model.logs.sessions;
    let line = |second: i64, text: &str| LogLine {
        group: "group".into(),
        stream: "Train/algo-1".into(),
        at: t(second),
        ingested_at: None,
        message: text.into(),
        event_id: Some(second.to_string()),
    };
    bench.data(Data::LogLines {
        session,
        page: LogPage::Newer,
        answer: Ok(Partial::whole(vec![
            line(1, "epoch=1"),
            line(2, "RuntimeError: CUDA out of memory"),
            line(3, "ERROR exiting"),
        ])),
        news: TailNews::default(),
    });
    let tail = bench.model.logs.tail.as_ref().unwrap();
    let store = tail.lines.value().unwrap();
    let cursor = store
        .get(store.index_of(tail.cursor.unwrap()).unwrap())
        .unwrap();
    assert_eq!(&*cursor.message, "RuntimeError: CUDA out of memory");
    assert!(!tail.follow);
}

#[test]
fn logs_of_a_run_not_described_yet_open_when_it_is() {
    let mut bench = Bench::new();
    let mut pipeline = run("p", RunStatus::Stopped, 10);
    pipeline.detailed = false;
    pipeline.logs.clear();
    bench.press(&[Command::GoRuns]);
    bench.runs(&[pipeline.clone()]);
    bench.press(&[Command::ShowLogs]);
    assert_eq!(bench.model.nav.screen, Screen::Runs);
    pipeline.detailed = true;
    pipeline.steps = vec![step("Train", RunStatus::Stopped)];
    let effects = bench.data(Data::RunDetail {
        key: pipeline.key(),
        answer: Ok(Partial::whole(pipeline)),
    });
    assert_eq!(bench.model.nav.screen, Screen::Logs);
    assert!(
        effects
            .iter()
            .any(|e| matches!(e, Effect::StartTail { .. }))
    );
}

#[test]
fn lines_of_an_older_tail_are_dropped() {
    let mut bench = Bench::new();
    bench.press(&[Command::GoRuns]);
    bench.runs(&three_runs());
    bench.press(&[
        Command::ShowLogs,
        Command::Back,
        Command::Down,
        Command::ShowLogs,
    ]);
    let answer = Ok(Partial::whole(vec![LogLine {
        group: "g".into(),
        stream: "s".into(),
        at: t(1),
        ingested_at: None,
        message: "old".into(),
        event_id: None,
    }]));
    bench.data(Data::LogLines {
        session: 1,
        page: LogPage::Newer,
        answer,
        news: TailNews::default(),
    });
    assert_eq!(bench.model.logs.sessions, 2);
    assert!(
        bench
            .model
            .logs
            .tail
            .as_ref()
            .unwrap()
            .lines
            .value()
            .is_none()
    );
}

#[test]
fn only_what_is_on_screen_is_polled_at_screen_rate() {
    let mut bench = Bench::new();
    let effects = bench.press(&[Command::GoEndpoints]);
    let Some(Effect::Interest(wanted)) = effects.last() else {
        panic!("{effects:?}")
    };
    let sources: Vec<_> = wanted.iter().map(|(s, _)| *s).collect();
    assert_eq!(
        sources,
        [SourceId::Endpoints, SourceId::Metrics, SourceId::Alarms]
    );
    assert_eq!(bench.press(&[Command::Down]), []);
}

#[test]
fn endpoints_ask_for_the_metrics_of_their_variants() {
    let mut bench = Bench::new();
    let endpoint = Endpoint {
        name: "churn-prod".into(),
        arn: "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/churn-prod".into(),
        kind: EndpointKind::RealTime,
        status: "InService".into(),
        config: "c".into(),
        created_at: None,
        changed_at: None,
        failure_reason: None,
        variants: vec![Variant {
            name: "blue".into(),
            ..Variant::default()
        }],
        detailed: true,
        data_capture: None,
    };
    let effects = bench.data(Data::Endpoints(Ok(Partial::whole(vec![endpoint]))));
    assert_eq!(
        effects,
        [Effect::WatchVariants(vec![(
            "churn-prod".into(),
            "blue".into()
        )])]
    );
    bench.press(&[Command::GoEndpoints, Command::Open]);
    let effects = bench.press(&[Command::ShowLogs]);
    assert!(
        effects
            .iter()
            .any(|e| matches!(e, Effect::StartTail { targets, .. }
        if targets == &[LogTarget::prefixed("/aws/sagemaker/Endpoints/churn-prod", "blue/")]))
    );
}

#[test]
fn an_expired_session_is_a_finding_and_costs_no_data() {
    let mut bench = Bench::new();
    bench.runs(&three_runs());
    let error = SourceError::new("sts:GetCallerIdentity", ErrorKind::Expired, "token expired")
        .with_hint("aws sso login --profile acme");
    bench.data(Data::Identity(Err(error)));
    assert_eq!(bench.model.runs.all.len(), 3);
    let finding = bench
        .model
        .findings
        .iter()
        .find(|f| f.category == "credentials")
        .expect("a finding");
    assert!(
        finding
            .next_steps
            .iter()
            .any(|s| s.contains("aws sso login")),
        "{finding:?}"
    );
}

#[test]
fn the_palette_goes_to_a_run_by_name() {
    let mut bench = Bench::new();
    bench.runs(&three_runs());
    bench.press(&[Command::Palette]);
    bench.type_text("run b");
    bench.press(&[Command::Submit]);
    assert_eq!(bench.model.nav.screen, Screen::Runs);
    assert_eq!(bench.selected_run(), Some("b"));
    assert!(bench.model.nav.popups.is_empty());
}

#[test]
fn back_unwinds_popups_first_and_never_leaves_the_first_screen() {
    let mut bench = Bench::new();
    bench.press(&[Command::GoRuns, Command::Help, Command::Back]);
    assert_eq!(bench.model.nav.screen, Screen::Runs);
    bench.press(&[Command::Back, Command::Back, Command::Back]);
    assert_eq!(bench.model.nav.screen, Screen::Deck);
}

#[test]
fn every_command_is_safe_on_an_empty_model_on_every_screen() {
    for screen in Screen::ALL {
        for pane in screen.panes() {
            for &command in Command::ALL {
                let mut bench = Bench::new();
                navigate::go(&mut bench.model, screen);
                bench.model.nav.focus = *pane;
                bench.press(&[command, Command::Back]);
            }
        }
    }
}

proptest::proptest! {
    /// Any sequence of commands and text over some data: no panic, and the selection is a row that exists.
    #[test]
    fn no_sequence_of_commands_breaks_the_store(
        steps in proptest::collection::vec((0..Command::ALL.len(), proptest::option::of(".")), 0..60)
    ) {
        let mut bench = Bench::new();
        bench.runs(&three_runs());
        for (index, text) in steps {
            bench.press(&[Command::ALL[index]]);
            if let Some(text) = text {
                bench.send(Msg::Paste(text));
            }
            let ids = rows::ids(&bench.model, Pane::RunList);
            if let Some(selected) = &bench.model.runs.list.selected {
                proptest::prop_assert!(ids.is_empty() || ids.contains(selected));
            }
        }
    }
}

#[test]
fn a_place_named_at_the_start_is_gone_to_when_its_data_comes() {
    let mut bench = Bench::new();
    bench.send(Msg::Go {
        screen: Screen::Runs,
        name: Some("b".into()),
    });
    assert_eq!(bench.model.nav.screen, Screen::Runs);
    bench.runs(&three_runs());
    assert_eq!(bench.selected_run(), Some("b"));
    assert_eq!(bench.model.nav.focus, Pane::RunDetail);
    bench.press(&[Command::Back, Command::Down]);
    bench.runs(&three_runs());
    assert_eq!(bench.selected_run(), Some("a"));
}

#[test]
fn a_fresh_failure_is_described_even_where_the_list_tells_no_end() {
    let mut bench = Bench::new();
    let mut failed = run("p", RunStatus::Failed, -600);
    failed.detailed = false;
    let mut old = run("old", RunStatus::Failed, -200_000);
    old.detailed = false;
    let effects = bench.runs(&[failed.clone(), old]);
    assert_eq!(effects, [Effect::DescribeRun(Box::new(failed))]);
}

#[test]
fn an_opened_run_stands_on_the_step_that_failed() {
    let mut bench = Bench::new();
    let mut failed = run("p", RunStatus::Failed, 10);
    failed.steps = vec![
        step("Prepare", RunStatus::Succeeded),
        step("Train", RunStatus::Failed),
        step("Register", RunStatus::Skipped),
    ];
    bench.press(&[Command::GoRuns]);
    bench.runs(&[failed]);
    bench.press(&[Command::Open]);
    let shown = rows::selected_step(&bench.model).map(|s| s.name.as_str());
    assert_eq!(shown, Some("Train"));
    bench.press(&[Command::Up]);
    let shown = rows::selected_step(&bench.model).map(|s| s.name.as_str());
    assert_eq!(shown, Some("Prepare"));
}

#[test]
fn the_open_run_is_described_again_at_the_pace_of_the_config() {
    let mut bench = Bench::new();
    bench.model.settings.open_run_seconds = 20;
    let moving = run("p", RunStatus::Running, 0);
    bench.press(&[Command::GoRuns]);
    bench.runs(std::slice::from_ref(&moving));
    bench.data(Data::RunDetail {
        key: moving.key(),
        answer: Ok(Partial::whole(moving.clone())),
    });
    let ticks = (1..60).find(|_| !bench.send(Msg::Tick).is_empty());
    assert_eq!(ticks, Some(20));
}
