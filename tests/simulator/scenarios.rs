//! Scenarios that people write themselves.

use std::sync::Arc;

use flightdeck::simulator::{Scenario, ScenarioError, SimClock, Simulator};
use jiff::SignedDuration;

use super::clients::{config, start};

/// The example of `scenarios/README.md`.
fn example() -> String {
    let readme = include_str!("../../scenarios/README.md");
    let (_, from) = readme.split_once("```toml\n").unwrap();
    from.split_once("```").unwrap().0.to_owned()
}

fn load(text: &str) -> Result<Scenario, ScenarioError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    std::fs::write(&file, text).unwrap();
    Scenario::load(&file)
}

fn client(scenario: Scenario, minutes: i64) -> aws_sdk_sagemaker::Client {
    let at = start() + SignedDuration::from_mins(minutes);
    let simulator = Simulator::new(scenario, 1, Arc::new(SimClock::fixed(at)), start());
    assert_eq!(simulator.region(), "us-east-1");
    let once = config(&simulator)
        .into_builder()
        .retry_config(aws_smithy_types::retry::RetryConfig::disabled())
        .build();
    aws_sdk_sagemaker::Client::new(&once)
}

#[tokio::test]
async fn the_example_of_the_readme_plays() {
    let scenario = load(&example()).unwrap();
    assert_eq!(scenario.title(), "One pipeline");
    let runs = client(scenario.clone(), 0)
        .list_pipeline_executions()
        .pipeline_name("hello")
        .max_results(100)
        .send()
        .await
        .unwrap();
    let newest = &runs.pipeline_execution_summaries()[0];
    assert_eq!(newest.pipeline_execution_display_name(), Some("20"));
    assert!(
        newest
            .pipeline_execution_arn()
            .unwrap()
            .contains("111122223333")
    );
    let quiet = client(scenario.clone(), 9).list_endpoints().send().await;
    assert!(quiet.unwrap().endpoints().is_empty());
    assert!(client(scenario, 10).list_endpoints().send().await.is_err());
}

#[test]
fn mistakes_are_told_with_file_and_line() {
    let misspelt = example().replace("minutes = 12", "minuts = 12");
    let error = load(&misspelt).unwrap_err();
    let line = misspelt
        .lines()
        .position(|l| l.starts_with("minuts"))
        .unwrap()
        + 1;
    assert_eq!(error.line, Some(line), "{error}");
    assert!(error.file.ends_with("mine.toml"), "{error}");
    assert!(error.to_string().contains("minuts"), "{error}");
}

#[test]
fn names_that_mean_nothing_are_told() {
    for (from, to, wanted) in [
        (
            "log = \"processing\"",
            "log = \"nope\"",
            "log profile 'nope'",
        ),
        ("kind = \"throttle\"", "kind = \"explode\"", "'explode'"),
        ("service = \"sagemaker\"", "service = \"sage\"", "'sage'"),
        ("id = \"111122223333\"", "id = \"1111\"", "twelve digits"),
        (
            "every = 60, at = -5",
            "every = 60",
            "daily, or every and at",
        ),
    ] {
        let error = load(&example().replace(from, to)).unwrap_err();
        assert!(error.message.contains(wanted), "{error}");
    }
}

#[test]
fn a_file_that_is_not_there_is_an_error() {
    let error = Scenario::load(std::path::Path::new("/nowhere/at-all.toml")).unwrap_err();
    assert_eq!(error.line, None);
}

#[test]
fn the_default_is_one_of_the_names() {
    assert!(Scenario::names().contains(&flightdeck::simulator::DEFAULT_SCENARIO));
}
