//! The same seed gives the same account, byte for byte, at the same simulated minute.

use std::sync::{Arc, Mutex};

use flightdeck::domain::clock::Clock;
use flightdeck::simulator::{Scenario, Simulator};
use hyper::body::Bytes;
use jiff::{SignedDuration, Timestamp};

use super::clients::start;

/// Says what it is told.
#[derive(Debug)]
struct Hand(Mutex<Timestamp>);

impl Hand {
    fn set(&self, minutes: i64) {
        *self.0.lock().unwrap() = start() + SignedDuration::from_mins(minutes);
    }
}

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

fn account(seed: u64) -> (Arc<Simulator>, Arc<Hand>) {
    let hand = Arc::new(Hand(Mutex::new(start())));
    let scenario = Scenario::builtin("working-day").unwrap();
    (Simulator::new(scenario, seed, hand.clone(), start()), hand)
}

fn ask(simulator: &Simulator, target: &str, body: &str) -> Bytes {
    let request = http::Request::post("/")
        .header("x-amz-target", target)
        .header("content-type", "application/x-amz-json-1.1")
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap();
    let response = simulator.respond(request);
    assert_eq!(response.status(), 200, "{target}");
    response.into_body()
}

const QUESTIONS: [(&str, &str); 7] = [
    ("SageMaker.ListTrainingJobs", r#"{"MaxResults": 100}"#),
    (
        "SageMaker.ListPipelineExecutions",
        r#"{"PipelineName": "churn-train", "MaxResults": 100}"#,
    ),
    ("SageMaker.ListModelPackages", r#"{"MaxResults": 100}"#),
    ("AWSGlue.GetJobRuns", r#"{"JobName": "churn-feature-etl"}"#),
    (
        "Logs_20140328.FilterLogEvents",
        r#"{"logGroupName": "/aws/sagemaker/Endpoints/churn-prod", "startTime": 1763904000000}"#,
    ),
    ("GraniteServiceVersion20100801.DescribeAlarms", "{}"),
    (
        "AWSInsightsIndexService.GetCostAndUsage",
        r#"{"TimePeriod": {"Start": "2025-11-01", "End": "2025-11-24"}, "Granularity": "DAILY", "Metrics": ["UnblendedCost"]}"#,
    ),
];

fn everything(simulator: &Simulator) -> Vec<Bytes> {
    QUESTIONS
        .iter()
        .map(|(target, body)| ask(simulator, target, body))
        .collect()
}

#[test]
fn the_way_to_a_minute_does_not_matter() {
    let (straight, hand) = account(7);
    hand.set(200);
    let at_once = everything(&straight);
    let (wandering, hand) = account(7);
    for minutes in [0, 3, 9, 4000, 31, 200] {
        hand.set(minutes);
        everything(&wandering);
    }
    for ((question, _), (a, b)) in QUESTIONS
        .iter()
        .zip(at_once.iter().zip(everything(&wandering)))
    {
        assert_eq!(a, &b, "{question}");
    }
}

#[test]
fn another_seed_is_another_account() {
    let (one, _) = account(7);
    let (other, _) = account(8);
    for ((question, _), (a, b)) in QUESTIONS
        .iter()
        .zip(everything(&one).iter().zip(everything(&other)))
    {
        assert_ne!(a, &b, "{question}");
    }
}
