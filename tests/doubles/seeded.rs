//! The stage itself: boto3 sees in each Region what was seeded there, and nothing in another.

use super::seen;
use crate::support::account::Account;
use crate::support::doubles::{EMPTY_REGION, REGIONS, shared};

#[test]
fn boto3_sees_the_seeded_account_in_each_region() {
    let account = Account::of(shared());
    for seeded in REGIONS {
        let seen = seen(&seeded);
        let runs = seen["runs"].as_array().unwrap();
        let jobs: Vec<_> = runs
            .iter()
            .filter(|run| run["kind"] == "training_job")
            .collect();
        assert_eq!(jobs.len(), seeded.training_jobs);
        let of_this_region = format!(":{}:", seeded.region);
        for run in runs {
            assert!(
                run["arn"]
                    .as_str()
                    .is_none_or(|arn| arn.contains(&of_this_region)),
                "{run}"
            );
        }
        for kind in flightdeck::domain::run::RunKind::ALL {
            assert!(
                runs.iter().any(|run| run["kind"] == kind.key()),
                "no {}",
                kind.key()
            );
        }
        for status in ["Completed", "Failed", "InProgress", "Stopped", "Paused"] {
            assert!(
                jobs.iter().any(|job| job["raw_status"] == status),
                "no {status}"
            );
        }
        assert_eq!(
            seen["endpoints"].as_array().unwrap().len(),
            5 + 2 * seeded.seed as usize
        );
        assert_eq!(seen["alarms"].as_array().unwrap().len(), 2);
        assert_eq!(
            seen["versions"]["groups"][0]["versions"]
                .as_array()
                .unwrap()
                .len(),
            105
        );
        assert_eq!(seen["logs"].as_array().unwrap().len(), 2);
    }
    let nothing = account.boto3(EMPTY_REGION, &["runs", "endpoints", "alarms"]);
    for topic in ["runs", "endpoints", "alarms"] {
        assert_eq!(nothing[topic].as_array().unwrap().len(), 0, "{topic}");
    }
}

#[test]
fn costs_and_budgets_are_those_seeded() {
    let seen = seen(&REGIONS[0]);
    assert_eq!(seen["identity"]["account"], "123456789012");
    assert_eq!(seen["costs"]["budgets"].as_array().unwrap().len(), 2);
    let cells = seen["costs"]["cells"].as_array().unwrap();
    assert_eq!(cells.len() % 3, 0, "three services each day");
    assert_eq!(cells[0]["service"], "Amazon SageMaker");
}

#[test]
fn the_judge_finds_what_a_double_gets_wrong() {
    let judged = Account::of(shared()).judged("eu-west-1");
    let violations: Vec<_> = judged["violations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v.as_str().unwrap())
        .collect();
    let found = |text: &str| violations.iter().any(|v| v.contains(text));
    // A text where the protocol has a number, a state that AWS does not have, a member left out.
    assert!(found("is no time of this protocol"), "{violations:#?}");
    assert!(found("'Mending' is none of the values"), "{violations:#?}");
    assert!(found("ProcessingResources is required"), "{violations:#?}");
    assert_eq!(judged["refused"]["ListPipelineExecutionSteps"], "500");
    assert!(judged["asked"]["sagemaker:DescribeEndpoint"].as_i64() > Some(5));
}
