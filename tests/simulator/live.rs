//! Live Tail of the simulated account: what a session tells is what a search finds afterwards.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::types::StartLiveTailResponseStream as Told;
use flightdeck::domain::clock::Clock;
use flightdeck::simulator::{Scenario, SimClock, Simulator};
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::clients::{SEED, config, start};

const SERVING: &str = "/aws/sagemaker/Endpoints/churn-prod";

/// Tokio's paused clock as the one on the wall.
#[derive(Debug)]
struct Paused(Instant);

impl Clock for Paused {
    fn now(&self) -> Timestamp {
        start() + SignedDuration::try_from(self.0.elapsed()).unwrap()
    }
}

fn running() -> (Arc<Simulator>, Client) {
    let clock = SimClock::running(Arc::new(Paused(Instant::now())), start(), 1.0);
    let scenario = Scenario::builtin("working-day").unwrap();
    let simulator = Simulator::new(scenario, SEED, Arc::new(clock), start());
    let client = Client::new(&config(&simulator));
    (simulator, client)
}

fn arn(simulator: &Simulator, group: &str) -> String {
    let (region, account) = (simulator.region(), simulator.account());
    format!("arn:aws:logs:{region}:{account}:log-group:{group}")
}

#[tokio::test(start_paused = true)]
async fn each_second_what_was_ingested() {
    let (simulator, client) = running();
    let session = client
        .start_live_tail()
        .log_group_identifiers(arn(&simulator, SERVING));
    let mut events = session.send().await.unwrap().response_stream;
    assert!(matches!(
        events.recv().await.unwrap(),
        Some(Told::SessionStart(_))
    ));
    let mut told = Vec::new();
    let began = Instant::now();
    for _ in 0..120 {
        let Some(Told::SessionUpdate(update)) = events.recv().await.unwrap() else {
            panic!("an update every second");
        };
        assert!(!update.session_metadata().unwrap().sampled());
        for event in update.session_results() {
            told.push((
                event.timestamp().unwrap(),
                event.message().unwrap().to_owned(),
            ));
        }
    }
    assert_eq!(began.elapsed(), Duration::from_secs(120));
    drop(events);
    let found = client
        .filter_log_events()
        .log_group_name(SERVING)
        .start_time(start().as_millisecond() - 60_000)
        .send()
        .await
        .unwrap();
    let began = start().as_millisecond();
    let ended = began + 120_000;
    let found: HashSet<(i64, String)> = found
        .events()
        .iter()
        .filter(|e| (began + 1..=ended).contains(&e.ingestion_time().unwrap()))
        .map(|e| (e.timestamp().unwrap(), e.message().unwrap().to_owned()))
        .collect();
    assert!(found.len() > 20, "{}", found.len());
    assert_eq!(told.iter().cloned().collect::<HashSet<_>>(), found);
}

#[tokio::test(start_paused = true)]
async fn fifteen_sessions_and_no_more_until_one_ends() {
    let (simulator, client) = running();
    let open = || {
        client
            .start_live_tail()
            .log_group_identifiers(arn(&simulator, SERVING))
            .send()
    };
    let mut sessions = Vec::new();
    for _ in 0..15 {
        sessions.push(open().await.unwrap());
    }
    let refused = open().await.unwrap_err().into_service_error();
    assert!(refused.is_limit_exceeded_exception(), "{refused:?}");
    sessions.pop();
    tokio::time::sleep(Duration::from_secs(2)).await;
    open().await.unwrap();
}

#[tokio::test]
async fn what_a_session_may_not_be_asked_for() {
    let (simulator, client) = running();
    let good = arn(&simulator, SERVING);
    let star = client
        .start_live_tail()
        .log_group_identifiers(format!("{good}:*"));
    let error = star.send().await.unwrap_err().into_service_error();
    assert!(error.is_invalid_parameter_exception(), "{error:?}");
    let nowhere = client
        .start_live_tail()
        .log_group_identifiers(arn(&simulator, "/nope"));
    let error = nowhere.send().await.unwrap_err().into_service_error();
    assert!(error.is_resource_not_found_exception(), "{error:?}");
}
