//! From a row to its log lines.

use super::*;

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
fn the_groups_stand_on_the_one_whose_lines_are_shown() {
    use crate::domain::log::LogGroup;
    let group = |name: &str| LogGroup {
        name: name.into(),
        stored_bytes: None,
        retention_days: None,
        created_at: None,
    };
    let mut bench = Bench::new();
    let groups = vec![group("/aws/first"), group("/aws/sagemaker/TrainingJobs")];
    bench.data(Data::LogGroups(Ok(Partial::whole(groups))));
    bench.press(&[Command::GoRuns]);
    bench.runs(&three_runs());
    bench.press(&[Command::ShowLogs]);
    assert_eq!(
        bench.model.logs.list.selected.as_deref(),
        Some("/aws/sagemaker/TrainingJobs")
    );
}
