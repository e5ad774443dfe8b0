//! Logs: streams by prefix, pages, patterns, and lines that come as time passes.

use aws_sdk_cloudwatchlogs::Client;
use jiff::SignedDuration;

use super::clients::{config, simulator_at, start};

const TRAINING: &str = "/aws/sagemaker/TrainingJobs";
const SERVING: &str = "/aws/sagemaker/Endpoints/churn-prod";

fn client(minutes: f64) -> Client {
    Client::new(&config(&simulator_at(minutes)))
}

fn millis(minutes: i64) -> i64 {
    (start() + SignedDuration::from_mins(minutes)).as_millisecond()
}

async fn events(
    minutes: i64,
    group: &str,
    since: i64,
    pattern: Option<&str>,
) -> Vec<aws_sdk_cloudwatchlogs::types::FilteredLogEvent> {
    let pages = client(minutes as f64)
        .filter_log_events()
        .log_group_name(group)
        .start_time(millis(since))
        .set_filter_pattern(pattern.map(str::to_owned))
        .limit(700)
        .into_paginator()
        .send()
        .try_collect()
        .await
        .unwrap();
    pages
        .into_iter()
        .flat_map(|page| page.events.unwrap_or_default())
        .collect()
}

#[tokio::test]
async fn logs_grow() {
    let early = events(0, TRAINING, -5, None).await;
    let late = events(1, TRAINING, -5, None).await;
    assert!(early.len() > 50 && late.len() > early.len());
    // What was there stays there, with its id.
    let ids: std::collections::HashSet<&str> = late.iter().filter_map(|e| e.event_id()).collect();
    assert!(early.iter().all(|e| ids.contains(e.event_id().unwrap())));
}

#[tokio::test]
async fn the_failed_training_tells_why() {
    let lines = events(0, TRAINING, -80, Some("\"CUDA out of memory\"")).await;
    assert!(
        lines
            .iter()
            .any(|l| l.message().unwrap().starts_with("torch.OutOfMemoryError"))
    );
    let stream = lines[0].log_stream_name().unwrap();
    let (job, rest) = stream.split_once('/').unwrap();
    assert!(
        job.starts_with("pipelines-") && rest.starts_with("algo-1-"),
        "{stream}"
    );
}

#[tokio::test]
async fn green_prints_errors_only_when_it_is_bad() {
    let pattern = Some("KeyError");
    assert!(events(2, SERVING, -60, pattern).await.is_empty());
    let bad = events(20, SERVING, -60, pattern).await;
    assert!(bad.len() > 10, "{}", bad.len());
    assert!(
        bad.iter()
            .all(|e| e.log_stream_name().unwrap().starts_with("green/"))
    );
}

#[tokio::test]
async fn a_prefix_names_the_streams_of_one_job() {
    let client = client(0.0);
    let all = client
        .describe_log_streams()
        .log_group_name(TRAINING)
        .log_stream_name_prefix("reco-ablation-")
        .send()
        .await
        .unwrap();
    let streams = all.log_streams();
    assert!(!streams.is_empty());
    assert!(
        streams
            .iter()
            .all(|s| s.log_stream_name().unwrap().starts_with("reco-ablation-"))
    );
}

#[tokio::test]
async fn following_one_stream_ends_with_the_same_token() {
    let client = client(0.0);
    let streams = client
        .describe_log_streams()
        .log_group_name(SERVING)
        .log_stream_name_prefix("green/")
        .send()
        .await
        .unwrap();
    let stream = streams.log_streams()[0]
        .log_stream_name()
        .unwrap()
        .to_owned();
    let page = |token: Option<String>| {
        client
            .get_log_events()
            .log_group_name(SERVING)
            .log_stream_name(&stream)
            .start_from_head(true)
            .limit(100)
            .set_next_token(token)
            .send()
    };
    let first = page(None).await.unwrap();
    assert_eq!(first.events().len(), 100);
    let mut token = first.next_forward_token().map(str::to_owned);
    for _ in 0..200 {
        let next = page(token.clone()).await.unwrap();
        let new = next.next_forward_token().map(str::to_owned);
        if new == token {
            assert!(next.events().is_empty());
            return;
        }
        token = new;
    }
    panic!("the end of the stream was never reached");
}

#[tokio::test]
async fn the_newest_lines_can_come_first() {
    let page = client(0.0)
        .filter_log_events()
        .log_group_name(SERVING)
        .start_time(millis(-600))
        .start_from_head(false)
        .limit(20)
        .send()
        .await
        .unwrap();
    let times: Vec<i64> = page.events().iter().filter_map(|e| e.timestamp()).collect();
    assert_eq!(times.len(), 20);
    assert!(times.is_sorted_by(|a, b| a >= b));
    assert!(times[0] > millis(-2));
}

#[tokio::test]
async fn a_group_nobody_wrote_to_is_not_there() {
    let error = client(0.0)
        .filter_log_events()
        .log_group_name("/aws/sagemaker/Endpoints/reco-canary")
        .send()
        .await
        .unwrap_err();
    assert!(error.into_service_error().is_resource_not_found_exception());
}
