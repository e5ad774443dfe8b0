//! The pollers on paused time: when they ask, what they do after a failure, and when they end.

mod curves;
mod queries;
mod repository;
mod soak;

use std::sync::Arc;
use std::time::Duration;

use flightdeck::domain::clock::FixedClock;
use flightdeck::domain::log::{LogLine, LogTarget, TailMode};
use flightdeck::domain::run::{Run, RunKind, RunStatus};
use flightdeck::domain::source_error::ErrorKind;
use flightdeck::pollers::{Cadences, Pollers, Settings};
use flightdeck::store::effect::{Interest, SourceId};
use flightdeck::store::msg::{Data, LogPage, Msg};
use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::support::scripted::{Scripted, failed, whole};

struct Bench {
    sources: Arc<Scripted>,
    pollers: Pollers,
    messages: mpsc::Receiver<Msg>,
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

impl Bench {
    fn start(sources: Arc<Scripted>) -> Self {
        let settings = Settings {
            cadences: Cadences::default(),
            history_days: 14,
            run_limit: 100,
            log_limit: 100,
            seed: 7,
            spool_folder: None,
            outlet: Default::default(),
            clock: Arc::new(FixedClock(at(10))),
        };
        let (out, messages) = mpsc::channel(1024);
        let opened = sources.sources();
        let pollers = Pollers::start(async move { opened }, settings, out);
        Self {
            sources,
            pollers,
            messages,
        }
    }

    /// Lets the paused clock run for so long; what comes out is read, so that nobody waits for room.
    async fn pass(&mut self, seconds: u64) -> Vec<Data> {
        let mut data = Vec::new();
        let end = tokio::time::Instant::now() + Duration::from_secs(seconds);
        loop {
            tokio::select! {
                message = self.messages.recv() => match message {
                    Some(Msg::Data(one)) => data.push(*one),
                    Some(_) => {}
                    None => return data,
                },
                () = tokio::time::sleep_until(end) => return data,
            }
        }
    }
}

fn gaps(seconds: &[u64]) -> Vec<u64> {
    seconds.windows(2).map(|w| w[1] - w[0]).collect()
}

#[tokio::test(start_paused = true)]
async fn a_visible_source_is_asked_at_its_cadence_and_a_hidden_one_seldom() {
    let sources = Scripted::new();
    sources.alarms.then(whole(Vec::new()));
    sources.images.then(whole(Vec::new()));
    let mut bench = Bench::start(sources);
    bench
        .pollers
        .set_interest(vec![(SourceId::Alarms, Interest::Visible)]);
    bench.pass(600).await;
    let shown = gaps(&bench.sources.asked_at("alarms"));
    assert!(
        shown.len() >= 16 && shown.iter().all(|g| (24..=36).contains(g)),
        "{shown:?}"
    );
    assert!(
        bench.sources.asked_at("images").is_empty(),
        "images are asked only when looked at"
    );
    bench.pollers.set_interest(Vec::new());
    let before = bench.sources.asked_at("alarms").len();
    bench.pass(600).await;
    let hidden = gaps(&bench.sources.asked_at("alarms")[before..]);
    assert!(hidden.iter().all(|g| (48..=72).contains(g)), "{hidden:?}");
}

#[tokio::test(start_paused = true)]
async fn throttling_doubles_the_wait_and_success_ends_it() {
    let sources = Scripted::new();
    for _ in 0..5 {
        sources.alarms.then(failed(ErrorKind::Throttled));
    }
    sources.alarms.then(whole(Vec::new()));
    let mut bench = Bench::start(sources);
    bench
        .pollers
        .set_interest(vec![(SourceId::Alarms, Interest::Visible)]);
    bench.pass(2400).await;
    let waits = gaps(&bench.sources.asked_at("alarms"));
    for (wait, expected) in waits.iter().zip([30, 120, 240, 300, 300, 30, 30]) {
        let (low, high) = (expected * 8 / 10 - 1, expected * 12 / 10 + 1);
        assert!((low..=high).contains(wait), "{waits:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_asks_at_once_even_in_backoff() {
    let sources = Scripted::new();
    sources.alarms.then(failed(ErrorKind::Denied));
    let mut bench = Bench::start(sources);
    bench
        .pollers
        .set_interest(vec![(SourceId::Alarms, Interest::Visible)]);
    bench.pass(10).await;
    assert_eq!(bench.sources.asked_at("alarms").len(), 1);
    bench.pollers.poll_now(vec![SourceId::Alarms]);
    bench.pass(1).await;
    assert_eq!(bench.sources.asked_at("alarms").len(), 2);
}

#[tokio::test(start_paused = true)]
async fn metrics_wait_for_variants() {
    let sources = Scripted::new();
    sources.metrics.then(whole(Vec::new()));
    let mut bench = Bench::start(sources);
    bench
        .pollers
        .set_interest(vec![(SourceId::Metrics, Interest::Focused)]);
    bench.pass(120).await;
    assert!(bench.sources.asked_at("metrics").is_empty());
    bench
        .pollers
        .watch_variants(vec![("churn-prod".into(), "blue".into())]);
    bench.pass(1).await;
    assert_eq!(bench.sources.asked_at("metrics").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_repository_is_read_whole_only_when_it_changed() {
    let sources = Scripted::new();
    sources.repository.then(whole(Default::default()));
    let mut bench = Bench::start(sources);
    bench
        .pollers
        .set_interest(vec![(SourceId::Repository, Interest::Focused)]);
    let data = bench.pass(60).await;
    assert_eq!(bench.sources.asked_at("snapshot").len(), 1);
    assert!(bench.sources.asked_at("fingerprint").len() > 10);
    assert!(data.contains(&Data::RepositoryUnchanged { waits_for: None }));
}

fn line(second: i64, id: &str) -> LogLine {
    LogLine {
        group: "g".into(),
        stream: "s".into(),
        at: at(second),
        ingested_at: None,
        message: id.into(),
        event_id: Some(id.into()),
    }
}

fn shown(data: &[Data]) -> Vec<String> {
    data.iter()
        .filter_map(|d| match d {
            Data::LogLines {
                page: LogPage::Newer,
                answer: Ok(answer),
                ..
            } => Some(answer.value.iter().map(|l| l.message.clone())),
            _ => None,
        })
        .flatten()
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_tail_loses_no_late_line_and_shows_none_twice() {
    let sources = Scripted::new();
    sources
        .lines
        .then(whole(vec![line(1, "a"), line(5, "b")]))
        .then(failed(ErrorKind::Offline))
        .then(whole(vec![line(5, "b"), line(6, "c")]))
        // A line of second 4 that came in after the one of second 6.
        .then(whole(vec![line(4, "late"), line(5, "b"), line(6, "c")]))
        .then(whole(vec![line(6, "c"), line(6, "same moment")]));
    let mut bench = Bench::start(sources);
    bench
        .pollers
        .set_interest(vec![(SourceId::LogGroups, Interest::Focused)]);
    bench
        .pollers
        .start_tail(1, vec![LogTarget::group("g")], 500, TailMode::Polling);
    let data = bench.pass(120).await;
    assert_eq!(shown(&data), ["a", "b", "c", "late", "same moment"]);
    let queries = bench.sources.log_queries.lock().unwrap();
    assert!(
        queries[0].newest_first,
        "the first screen is the newest lines"
    );
    assert!(
        queries.iter().any(|q| q.since == Some(at(6 - 60))),
        "each question begins a minute before the newest line"
    );
}

#[tokio::test(start_paused = true)]
async fn a_tail_waits_for_a_group_that_is_not_there_yet() {
    let sources = Scripted::new();
    sources
        .lines
        .then(failed(ErrorKind::Missing))
        .then(failed(ErrorKind::Missing))
        .then(whole(vec![line(1, "hello")]));
    let mut bench = Bench::start(sources);
    bench
        .pollers
        .set_interest(vec![(SourceId::LogGroups, Interest::Focused)]);
    bench
        .pollers
        .start_tail(1, vec![LogTarget::group("g")], 10, TailMode::Polling);
    let data = bench.pass(20).await;
    assert_eq!(shown(&data), ["hello"]);
}

#[tokio::test(start_paused = true)]
async fn the_run_asked_for_last_is_described() {
    let sources = Scripted::new();
    sources.details.then(failed(ErrorKind::Throttled));
    let mut bench = Bench::start(sources);
    let run = Run {
        kind: RunKind::TrainingJob,
        name: "job".into(),
        family: "job".into(),
        id: "job".into(),
        arn: "arn:job".into(),
        status: RunStatus::Running,
        raw_status: "InProgress".into(),
        started_at: None,
        ended_at: None,
        reason: None,
        parent: None,
        attempt: 1,
        cost_usd: None,
        current_step: None,
        steps: Vec::new(),
        detailed: false,
        logs: Vec::new(),
        facts: Vec::new(),
        commit: None,
        metrics: Vec::new(),
    };
    bench.pollers.describe(Box::new(run));
    let data = bench.pass(5).await;
    assert_eq!(bench.sources.asked_at("describe job"), [0]);
    assert!(data.iter().any(
        |d| matches!(d, Data::RunDetail { key, answer: Err(e) } if key == "arn:job" && e.kind == ErrorKind::Throttled)
    ));
}

#[tokio::test(start_paused = true)]
async fn dropping_the_handle_ends_every_poller() {
    let sources = Scripted::new();
    sources.alarms.then(whole(Vec::new()));
    let bench = Bench::start(sources.clone());
    bench
        .pollers
        .set_interest(vec![(SourceId::Alarms, Interest::Visible)]);
    let Bench {
        pollers,
        mut messages,
        ..
    } = bench;
    drop(pollers);
    // The channel closes when the last sender, a poller's, is gone.
    while messages.recv().await.is_some() {}
    let before = sources.asked_at("alarms").len();
    tokio::time::sleep(Duration::from_secs(300)).await;
    assert_eq!(sources.asked_at("alarms").len(), before);
}
