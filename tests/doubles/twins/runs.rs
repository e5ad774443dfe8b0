use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::super::seen;
use super::{Twin, moment};
use crate::support::account::Account;
use crate::support::doubles::{EMPTY_REGION, REGIONS, shared};

/// What makes a run the same run.
fn key(run: &Value) -> (String, String) {
    let text = |name: &str| run[name].as_str().unwrap().to_owned();
    (text("kind"), text("id"))
}

/// The one word for each service's own.
fn word(raw: &str) -> &'static str {
    match raw {
        "Completed" | "Succeeded" | "SUCCEEDED" => "succeeded",
        "Failed" | "FAILED" => "failed",
        "InProgress" | "Executing" | "RUNNING" => "running",
        "Stopped" | "ABORTED" | "Cancelled" => "stopped",
        "Stopping" => "stopping",
        "Superseded" => "skipped",
        "Paused" => "unknown",
        other => panic!("the doubles were not seeded with {other}"),
    }
}

fn compare(twin: &Twin, seen: &[Value]) {
    let theirs: BTreeMap<_, _> = seen.iter().map(|run| (key(run), run)).collect();
    let ours: BTreeMap<_, _> = twin.items().iter().map(|run| (key(run), run)).collect();
    assert_eq!(ours.len(), twin.items().len(), "a run is listed twice");
    let missing: Vec<_> = theirs
        .keys()
        .filter(|key| !ours.contains_key(key))
        .collect();
    let invented: Vec<_> = ours
        .keys()
        .filter(|key| !theirs.contains_key(key))
        .collect();
    assert!(
        missing.is_empty() && invented.is_empty(),
        "missing {missing:?}\ninvented {invented:?}"
    );
    for (key, theirs) in theirs {
        let ours = ours[&key];
        for name in ["raw_status", "name", "arn", "family"] {
            if let Some(expected) = theirs.get(name) {
                assert_eq!(ours[name], *expected, "{name} of {ours}");
            }
        }
        let raw = theirs["raw_status"].as_str().unwrap();
        assert_eq!(ours["status"], word(raw), "{ours}");
        assert_eq!(
            moment(&ours["started_at"]),
            theirs["started_at"].as_i64(),
            "start of {ours}"
        );
        // Only the list of SageMaker's pipelines tells no end; a describe call may have.
        if key.0 != "sagemaker_pipeline" && theirs.get("ended_at").is_some() {
            assert_eq!(
                moment(&ours["ended_at"]),
                theirs["ended_at"].as_i64(),
                "end of {ours}"
            );
        }
    }
}

#[test]
fn runs_of_every_kind_past_page_one_in_both_regions() {
    let account = Account::of(shared());
    for seeded in REGIONS {
        let seen = seen(&seeded);
        let twin = Twin::ask(&account, seeded.region, &["runs"]);
        compare(&twin, seen["runs"].as_array().unwrap());
        assert_eq!(twin.whole["account"], "123456789012");
        let starts: Vec<_> = twin
            .items()
            .iter()
            .map(|run| moment(&run["started_at"]))
            .collect();
        assert!(starts.is_sorted_by(|a, b| a >= b), "newest first");
        let failed = twin
            .items()
            .iter()
            .find(|run| run["kind"] == "training_job" && run["status"] == "failed");
        let reason = failed.unwrap()["reason"].as_str().unwrap_or("none");
        assert!(reason.contains("CUDA out of memory"), "reason: {reason}");
    }
}

#[test]
fn one_kind_and_one_state_only() {
    let account = Account::of(shared());
    let command = ["runs", "--kind", "training_job", "--status", "failed"];
    let twin = Twin::ask(&account, REGIONS[0].region, &command);
    assert_eq!(twin.items().len(), 25, "every tenth of 250");
    let kinds: BTreeSet<_> = twin.items().iter().map(key).map(|(kind, _)| kind).collect();
    assert_eq!(kinds.len(), 1);
}

#[test]
fn a_region_without_runs_is_empty_not_broken() {
    let twin = Twin::ask(&Account::of(shared()), EMPTY_REGION, &["runs"]);
    assert_eq!(twin.items().len(), 0);
    assert_eq!(twin.failures(), []);
}

#[test]
fn moto_alone_will_do() {
    let account = Account::at(&shared().moto.url);
    let seen = account.boto3(REGIONS[0].region, &["runs"]);
    let twin = Twin::ask(&account, REGIONS[0].region, &["runs"]);
    compare(&twin, seen["runs"].as_array().unwrap());
}
