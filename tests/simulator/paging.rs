//! Lists are read to their end, page by page, by the SDK's own paginators.

use std::collections::HashSet;

use aws_sdk_sagemaker::types::{SortBy, SortOrder, TrainingJobStatus};

use super::clients::{config, sagemaker, simulator_at};

#[tokio::test]
async fn more_than_a_hundred_training_jobs_come_once_each() {
    let client = sagemaker(0.0);
    let jobs = client
        .list_training_jobs()
        .max_results(100)
        .into_paginator()
        .items()
        .send()
        .try_collect()
        .await
        .unwrap();
    assert!(jobs.len() > 200, "{}", jobs.len());
    let names: HashSet<&str> = jobs.iter().filter_map(|j| j.training_job_name()).collect();
    assert_eq!(names.len(), jobs.len());
}

#[tokio::test]
async fn the_default_page_has_ten() {
    let page = sagemaker(0.0).list_training_jobs().send().await.unwrap();
    assert_eq!(page.training_job_summaries().len(), 10);
    assert!(page.next_token().is_some());
}

#[tokio::test]
async fn filters_and_order_are_honoured() {
    let client = sagemaker(0.0);
    let failed = client
        .list_training_jobs()
        .status_equals(TrainingJobStatus::Failed)
        .name_contains("-TRAIN-")
        .sort_by(SortBy::CreationTime)
        .sort_order(SortOrder::Descending)
        .max_results(100)
        .send()
        .await
        .unwrap();
    let jobs = failed.training_job_summaries();
    assert!(jobs.len() >= 4, "{}", jobs.len());
    assert!(
        jobs.iter()
            .all(|j| j.training_job_status() == Some(&TrainingJobStatus::Failed))
    );
    let times: Vec<f64> = jobs
        .iter()
        .map(|j| j.creation_time().unwrap().as_secs_f64())
        .collect();
    assert!(times.is_sorted_by(|a, b| a >= b));
}

#[tokio::test]
async fn pages_do_not_shift_while_the_account_moves() {
    use std::sync::Arc;

    use flightdeck::simulator::{Scenario, SimClock, Simulator};

    let page_at = |minutes: f64| {
        let at = super::clients::start() + jiff::SignedDuration::from_secs_f64(minutes * 60.0);
        let scenario = Scenario::builtin("working-day").unwrap();
        let clock = Arc::new(SimClock::fixed(at));
        let simulator = Simulator::new(
            scenario,
            super::clients::SEED,
            clock,
            super::clients::start(),
        );
        aws_sdk_sagemaker::Client::new(&config(&simulator))
    };
    let list = |client: &aws_sdk_sagemaker::Client, token: Option<String>| {
        client
            .list_training_jobs()
            .sort_by(SortBy::CreationTime)
            .sort_order(SortOrder::Descending)
            .max_results(100)
            .set_next_token(token)
            .send()
    };
    let first = list(&page_at(0.0), None).await.unwrap();
    let token = first.next_token().map(str::to_owned);
    let second = list(&page_at(0.0), token.clone()).await.unwrap();
    // Hours later new jobs stand before the old ones; the second page is still the second page.
    let later = list(&page_at(600.0), token).await.unwrap();
    assert_eq!(
        second.training_job_summaries(),
        later.training_job_summaries()
    );
}

#[tokio::test]
async fn executions_of_state_machines_page_too() {
    let simulator = simulator_at(0.0);
    let client = aws_sdk_sfn::Client::new(&config(&simulator));
    let machines = client.list_state_machines().send().await.unwrap();
    let machine = machines.state_machines()[0].state_machine_arn().to_owned();
    let runs = client
        .list_executions()
        .state_machine_arn(machine)
        .max_results(30)
        .into_paginator()
        .items()
        .send()
        .try_collect()
        .await
        .unwrap();
    assert!(runs.len() > 100, "{}", runs.len());
}
