use serde_json::Value;

use super::super::seen;
use super::moment;
use crate::support::account::Account;
use crate::support::doubles::{REGIONS, shared};

fn lines(stdout: &str) -> Vec<Value> {
    stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn every_event_of_the_groups_in_the_order_of_time() {
    let account = Account::of(shared());
    for seeded in REGIONS {
        let seen = seen(&seeded);
        let mut theirs = Vec::new();
        let mut arguments = vec!["logs"];
        for group in seen["logs"].as_array().unwrap() {
            let name = group["group"].as_str().unwrap();
            arguments.push(name);
            for event in group["events"].as_array().unwrap() {
                let message = event["message"].as_str().unwrap();
                let stream = event["stream"].as_str().unwrap();
                theirs.push((event["at_ms"].as_i64().unwrap(), name, stream, message));
            }
        }
        arguments.extend(["--since", "3h", "--json", "--region", seeded.region]);
        let ended = account.flightdeck(&arguments);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let got = lines(&ended.stdout);
        let mut ours: Vec<_> = got
            .iter()
            .map(|line| {
                let text = |member: &str| line[member].as_str().unwrap();
                let at: jiff::Timestamp = text("at").parse().unwrap();
                (
                    at.as_millisecond(),
                    text("group"),
                    text("stream"),
                    text("message"),
                )
            })
            .collect();
        assert!(
            ours.is_sorted_by_key(|line| line.0),
            "not in the order of time"
        );
        ours.sort_unstable();
        theirs.sort_unstable();
        assert_eq!(ours.len(), theirs.len());
        assert_eq!(ours, theirs);
    }
}

#[test]
fn one_stream_by_its_prefix_and_a_filter() {
    let account = Account::of(shared());
    let group = "/aws/sagemaker/TrainingJobs";
    let prefix = "churn-train-1-0005/algo-2";
    let arguments = [
        "logs",
        group,
        "--since",
        "3h",
        "--stream-prefix",
        prefix,
        "--filter",
        "epoch=7",
        "--json",
    ];
    let ended = account.flightdeck(&arguments);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let got = lines(&ended.stdout);
    assert!(!got.is_empty());
    for line in got {
        assert!(
            line["stream"].as_str().unwrap().starts_with(prefix),
            "{line}"
        );
        assert!(
            line["message"].as_str().unwrap().contains("epoch=7"),
            "{line}"
        );
        assert!(moment(&line["at"]).is_some());
    }
}

#[test]
fn no_control_reaches_the_terminal() {
    let account = Account::of(shared());
    let ended = account.flightdeck(&["logs", "/aws/sagemaker/TrainingJobs", "--since", "3h"]);
    assert!(
        ended.stdout.contains("red"),
        "the line with controls is shown"
    );
    let controls: Vec<char> = ended
        .stdout
        .chars()
        .filter(|c| (c.is_control() && *c != '\n') || ('\u{202a}'..='\u{202e}').contains(c))
        .collect();
    assert_eq!(controls, Vec::<char>::new());
}

#[test]
fn a_group_that_is_not_there_is_told_from_an_empty_one() {
    let ended = Account::of(shared()).flightdeck(&["logs", "/no/such/group", "--json"]);
    assert_eq!(ended.code, Some(3));
    assert_eq!(ended.stdout, "");
    assert!(ended.stderr.contains("/no/such/group"), "{}", ended.stderr);
}

#[test]
fn the_lines_of_a_run_are_those_of_its_streams() {
    let account = Account::of(shared());
    let group = "/aws/sagemaker/TrainingJobs";
    let job = "churn-train-1-0005";
    let prefix = format!("{job}/");
    let by_prefix = [
        "logs",
        group,
        "--since",
        "3h",
        "--stream-prefix",
        &prefix,
        "--json",
    ];
    let by_prefix = account.flightdeck(&by_prefix);
    let by_run = account.flightdeck(&["logs", "--run", job, "--since", "3h", "--json"]);
    assert_eq!(by_run.code, Some(0), "{}", by_run.stderr);
    assert!(!lines(&by_run.stdout).is_empty());
    assert_eq!(by_run.stdout, by_prefix.stdout);
}

#[test]
fn a_query_finds_what_a_search_finds() {
    let account = Account::of(shared());
    let group = "/aws/sagemaker/TrainingJobs";
    let query = "fields @message | filter @message like /epoch=7/ | limit 10000";
    let asked = account.flightdeck(&[
        "logs",
        group,
        "--since",
        "3h",
        "--insights",
        query,
        "--json",
    ]);
    assert_eq!(asked.code, Some(0), "{}", asked.stderr);
    assert!(asked.stderr.contains("scanned"), "{}", asked.stderr);
    let found = account.flightdeck(&[
        "logs",
        group,
        "--since",
        "3h",
        "--pattern",
        "epoch=7",
        "--json",
    ]);
    let told = |stdout: &str, member: &str| {
        let mut told: Vec<String> = lines(stdout)
            .iter()
            .map(|line| line[member].as_str().unwrap().to_owned())
            .collect();
        told.sort();
        told
    };
    let rows = told(&asked.stdout, "@message");
    assert!(!rows.is_empty());
    assert_eq!(rows, told(&found.stdout, "message"));
}
