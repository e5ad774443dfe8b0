//! Following on paused time: nothing twice, nothing lost, errors told and survived.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use flightdeck::cli::Exit;
use flightdeck::cli::args::TwinCommand;
use flightdeck::cli::logs::logs;
use flightdeck::cli::twins::{Desk, Io};
use flightdeck::domain::clock::Clock;
use flightdeck::domain::log::{EventPage, LogGroup, LogLine, LogQuery, LogStream, LogTarget};
use flightdeck::domain::source_error::{Answer, ErrorKind, Partial, SourceError};
use flightdeck::findings::rules::Thresholds;
use flightdeck::lineage::Rules;
use flightdeck::logs::mask::Masker;
use flightdeck::sources::{LiveTail, LogSource, Sources};
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::support::unruly::{PausedClock, Unruly};

use super::account::{line, team};
use super::{Outcome, command, now};

/// Tokio's paused clock, as time of day.
#[derive(Clone, Copy, Debug)]
struct Paused(Instant);

impl Clock for Paused {
    fn now(&self) -> Timestamp {
        now() + SignedDuration::try_from(self.0.elapsed()).unwrap()
    }
}

/// A log group that grows: each line can be read from a certain second on.
struct Growing {
    clock: Paused,
    /// Seconds from the start when it is ingested, and the line.
    lines: Vec<(i64, LogLine)>,
    /// Failures from a second up to another.
    failures: Vec<(i64, i64, SourceError)>,
    asked: Mutex<Vec<(i64, LogQuery)>>,
}

impl Growing {
    fn second(&self) -> i64 {
        self.clock.now().as_second() - now().as_second()
    }

    /// Seconds at which it was asked.
    fn asked_at(&self) -> Vec<i64> {
        self.asked.lock().unwrap().iter().map(|a| a.0).collect()
    }
}

#[async_trait]
impl LogSource for Growing {
    async fn log_groups(&self) -> Answer<Vec<LogGroup>> {
        Ok(Partial::whole(Vec::new()))
    }

    async fn log_streams(&self, _: &str, _: Option<&str>) -> Answer<Vec<LogStream>> {
        Ok(Partial::whole(Vec::new()))
    }

    async fn log_events(&self, _: &LogQuery) -> Answer<Vec<LogLine>> {
        panic!("a follower asks for pages")
    }

    async fn log_page(
        &self,
        query: &LogQuery,
        token: Option<&str>,
    ) -> Result<EventPage, SourceError> {
        let second = self.second();
        self.asked.lock().unwrap().push((second, query.clone()));
        if let Some((.., error)) = self
            .failures
            .iter()
            .find(|(from, to, _)| (*from..*to).contains(&second))
        {
            return Err(error.clone());
        }
        let mut lines: Vec<LogLine> = self
            .lines
            .iter()
            .filter(|(from, line)| *from <= second && Some(line.at) >= query.since)
            .map(|(_, line)| line.clone())
            .collect();
        lines.sort_by_key(|line| line.at);
        let start: usize = token.map_or(0, |token| token.parse().unwrap());
        let end = lines.len().min(start + query.limit);
        Ok(EventPage {
            next: (end < lines.len()).then(|| end.to_string()),
            lines: lines[start..end].to_vec(),
        })
    }

    async fn live_tail(&self, _: &[LogTarget], _: Option<&str>) -> Result<LiveTail, SourceError> {
        Err(SourceError::new(
            "logs:StartLiveTail",
            ErrorKind::NotInRegion,
            "polled only",
        ))
    }
}

/// `at`: seconds from the start, of the event and of its ingestion.
fn event(at: i64, ingested: i64, id: u32) -> (i64, LogLine) {
    let time = now() + SignedDuration::from_secs(at);
    let line = LogLine {
        ingested_at: Some(now() + SignedDuration::from_secs(ingested)),
        ..line("g1", "s", time, &format!("line {id}"), id)
    };
    (ingested, line)
}

async fn follow(growing: Growing, seconds: u64) -> (Outcome, Arc<Growing>) {
    let clock = growing.clock;
    let growing = Arc::new(growing);
    let outcome = follow_in("logs g1 --follow", growing.clone(), &clock, seconds).await;
    (outcome, growing)
}

async fn follow_in(
    line: &str,
    source: Arc<dyn LogSource>,
    clock: &dyn Clock,
    seconds: u64,
) -> Outcome {
    let mut sources: Sources = team().sources();
    sources.account.as_mut().unwrap().logs = source;
    let TwinCommand::Logs(args) = command(line) else {
        panic!("logs");
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let desk = Desk {
        sources: &sources,
        clock,
        thresholds: &Thresholds::default(),
        masker: &Masker::default(),
        lineage: &Rules::default(),
    };
    let mut io = Io {
        out: &mut out,
        err: &mut err,
    };
    let stop = tokio::time::sleep(Duration::from_secs(seconds));
    let exit = logs(&args, &desk, &mut io, stop).await;
    Outcome {
        exit,
        out: String::from_utf8(out).unwrap(),
        err: String::from_utf8(err).unwrap(),
    }
}

fn growing(lines: Vec<(i64, LogLine)>) -> Growing {
    Growing {
        clock: Paused(Instant::now()),
        lines,
        failures: Vec::new(),
        asked: Mutex::default(),
    }
}

fn shown(outcome: &Outcome) -> Vec<&str> {
    outcome
        .out
        .lines()
        .map(|line| line.split("line ").nth(1).unwrap())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn each_line_once_and_the_late_ones_too() {
    let lines = vec![
        event(-10, -5, 1),
        event(3, 4, 2),
        event(30, 31, 3),
        // Ingested 50 seconds after a newer line was shown.
        event(-20, 80, 4),
        event(82, 83, 5),
    ];
    let (outcome, _) = follow(growing(lines), 120).await;
    assert_eq!(outcome.exit, Exit::Fine);
    assert_eq!(shown(&outcome), ["1", "2", "3", "4", "5"]);
    assert_eq!(outcome.err, "");
}

#[tokio::test(start_paused = true)]
async fn a_sender_with_a_fast_clock_hides_nobody() {
    let lines = vec![
        // An hour ahead of everybody else.
        event(3600, 1, 1),
        event(100, 101, 2),
    ];
    let (outcome, _) = follow(growing(lines), 110).await;
    assert_eq!(shown(&outcome), ["1", "2"]);
}

#[tokio::test(start_paused = true)]
async fn a_flood_is_read_to_its_end_without_waiting() {
    let lines = (0..25_000)
        .map(|n| event(-100 + n64(n) / 1000, 0, n))
        .collect();
    let (outcome, growing) = follow(growing(lines), 1).await;
    let ids: HashSet<&str> = shown(&outcome).into_iter().collect();
    assert_eq!(ids.len(), 25_000);
    assert_eq!(outcome.out.lines().count(), 25_000);
    assert!(growing.asked_at().iter().all(|second| *second == 0));
}

fn n64(n: u32) -> i64 {
    i64::from(n)
}

#[tokio::test(start_paused = true)]
async fn more_lines_in_one_instant_than_an_answer_holds() {
    let lines = (0..25_000).map(|n| event(-5, 0, n)).collect();
    let (outcome, _) = follow(growing(lines), 1).await;
    assert_eq!(outcome.out.lines().count(), 25_000);
}

#[tokio::test(start_paused = true)]
async fn failures_are_told_once_and_slow_it_down() {
    let throttled = SourceError::new("logs:FilterLogEvents", ErrorKind::Throttled, "slow down");
    let mut growing = growing(vec![event(0, 1, 1), event(20, 21, 2), event(70, 71, 3)]);
    growing.failures = vec![(10, 60, throttled)];
    let (outcome, growing) = follow(growing, 100).await;
    assert_eq!(shown(&outcome), ["1", "2", "3"]);
    assert_eq!(
        outcome.err,
        "flightdeck: g1: slow down\nflightdeck: g1 is back after 4 failures\n"
    );
    let during: Vec<i64> = growing
        .asked_at()
        .into_iter()
        .filter(|second| (10..70).contains(second))
        .collect();
    // Waits of 4, 8, 16 and 30 seconds.
    assert_eq!(during[..5], [10, 14, 22, 38, 68]);
}

#[tokio::test(start_paused = true)]
async fn a_group_that_is_not_there_yet_is_waited_for() {
    let missing = SourceError::new("logs:FilterLogEvents", ErrorKind::Missing, "no such group");
    let mut growing = growing(vec![event(24, 25, 1)]);
    growing.failures = vec![(0, 25, missing)];
    let (outcome, growing) = follow(growing, 40).await;
    assert_eq!(shown(&outcome), ["1"]);
    assert_eq!(outcome.err, "flightdeck: g1: nothing there yet, waiting\n");
    assert_eq!(growing.asked_at()[..4], [0, 4, 12, 22]);
}

#[tokio::test(start_paused = true)]
async fn what_can_never_come_is_not_waited_for() {
    let denied = SourceError::new("logs:FilterLogEvents", ErrorKind::Denied, "you may not")
        .with_hint("logs:FilterLogEvents");
    let mut growing = growing(Vec::new());
    growing.failures = vec![(0, 1000, denied)];
    let (outcome, growing) = follow(growing, 500).await;
    assert_eq!(outcome.exit, Exit::Partial);
    assert_eq!(growing.asked_at(), [0]);
    assert_eq!(
        outcome.err,
        "flightdeck: g1: you may not (logs:FilterLogEvents)\n"
    );
}

#[tokio::test(start_paused = true)]
async fn a_quiet_group_is_not_searched_from_the_start_for_ever() {
    let (_, growing) = follow(growing(vec![event(0, 0, 1)]), 7200).await;
    let asked = growing.asked.lock().unwrap();
    let (second, last) = asked.last().unwrap();
    let back = now().as_second() + second - last.since.unwrap().as_second();
    assert!(back <= 335, "searched {back} seconds back");
    assert!(!last.newest_first);
}

#[tokio::test(start_paused = true)]
async fn through_bad_weather_every_event_once() {
    for seed in [3, 4] {
        let clock = PausedClock::start();
        let logs = Unruly::new(clock, seed, 1200);
        let line = "logs calm busy --follow --json --since 2h";
        let got = follow_in(line, logs.clone(), &clock, 1800).await;
        let mut ids: Vec<String> = got
            .out
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
            .map(|line| line["event_id"].as_str().unwrap().to_owned())
            .collect();
        ids.sort();
        assert!(ids == logs.ids(), "{} of {}", ids.len(), logs.ids().len());
        assert!(got.out.contains(r#""late":true"#));
        assert!(got.err.contains("is back after"), "{}", got.err);
    }
}

#[tokio::test(start_paused = true)]
async fn live_tail_through_bad_weather_every_event_once() {
    let clock = PausedClock::start();
    let logs = Unruly::new(clock, 4, 900);
    let got = follow_in(
        "logs calm busy --live --json --since 2h",
        logs.clone(),
        &clock,
        1500,
    )
    .await;
    let mut messages: Vec<String> = got
        .out
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|line| line["message"].as_str().unwrap().to_owned())
        .collect();
    let mut all = logs.messages();
    messages.sort();
    all.sort();
    assert!(messages == all, "{} of {}", messages.len(), all.len());
    assert!(
        got.err.contains("Live Tail listens, for $0.01 a minute"),
        "{}",
        got.err
    );
    assert!(got.err.contains("polling goes on"), "{}", got.err);
}

#[tokio::test(start_paused = true)]
async fn without_live_tail_polling_goes_on_and_that_is_said_once() {
    let growing = growing(vec![event(3, 4, 1), event(400, 401, 2)]);
    let clock = growing.clock;
    let got = follow_in("logs g1 --live", Arc::new(growing), &clock, 900).await;
    assert_eq!(shown(&got), ["1", "2"]);
    assert_eq!(got.err, "flightdeck: polled only\n");
}
