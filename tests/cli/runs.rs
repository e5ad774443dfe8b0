use flightdeck::cli::Exit;
use flightdeck::domain::run::{RunKind, RunStatus};
use serde_json::{Value, json};

use super::account::{run, team};
use super::{ask, fake};

#[tokio::test]
async fn a_run_in_json() {
    let got = ask(
        "runs --json --kind sagemaker_pipeline --limit 2",
        &team().sources(),
    )
    .await;
    insta::assert_snapshot!(got.out);
}

#[tokio::test]
async fn runs_of_all_kinds_newest_first() {
    let got = ask("runs --json", &team().sources()).await;
    assert_eq!(
        got.each("name"),
        [
            "reco-nightly #88",
            "pipelines-212-Train-x7",
            "churn-train #212",
            "解約予測-deploy #31",
            "etl #jr_1",
            "churn-train #211",
        ]
    );
    // Glue gives no ARN: that is null, not an empty text.
    assert_eq!(got.each("arn")[4], Value::Null);
}

#[tokio::test]
async fn text_is_aligned_by_width() {
    let got = ask("runs", &team().sources()).await;
    assert_eq!(got.exit, Exit::Fine);
    insta::assert_snapshot!(got.out);
}

#[tokio::test]
async fn filters() {
    let sources = team().sources();
    for (line, count) in [
        ("runs --json --status failed", 2),
        ("runs --json --status failed,running", 3),
        ("runs --json --kind glue --kind codebuild", 2),
        ("runs --json --since 24h", 4),
        ("runs --json --since 2026-11-22T13:00:00Z", 1),
        ("runs --json --limit 3", 3),
        ("runs --json --status failed --limit 1", 1),
        ("runs --json --kind tuning_job", 0),
    ] {
        let got = ask(line, &sources).await;
        assert_eq!(got.each("name").len(), count, "{line}");
        assert_eq!(got.exit, Exit::Fine, "{line}");
    }
    let none = ask("runs --kind tuning_job", &sources).await;
    assert_eq!(
        (none.out.as_str(), none.err.as_str()),
        ("", "flightdeck: there are none\n")
    );
}

#[tokio::test]
async fn all_of_250_jobs_are_listed_and_a_cut_list_says_so() {
    let mut team = team();
    team.runs = (0..250)
        .map(|n| {
            let name = format!("job-{n}");
            run(
                RunKind::TrainingJob,
                &name,
                RunStatus::Succeeded,
                "2026-01-01T00:00:00Z",
                5,
            )
        })
        .collect();
    let got = ask("runs --json", &team.sources()).await;
    assert_eq!((got.each("name").len(), got.exit), (250, Exit::Fine));
    // A limit that was asked for is no failure.
    let got = ask("runs --json --limit 100", &team.sources()).await;
    assert_eq!((got.each("name").len(), got.exit), (100, Exit::Fine));
    // One that was reached without being asked for is.
    let many = (0..10_001).map(|n| {
        let name = format!("job-{n}");
        run(
            RunKind::TrainingJob,
            &name,
            RunStatus::Succeeded,
            "2026-01-01T00:00:00Z",
            5,
        )
    });
    team.runs = many.collect();
    let got = ask("runs --json", &team.sources()).await;
    assert_eq!((got.each("name").len(), got.exit), (10_000, Exit::Partial));
    assert_eq!(got.json()["partial"][0]["kind"], "missing");
}

#[tokio::test]
async fn one_failing_kind_never_loses_the_others() {
    let mut team = team();
    team.fail("runs:glue", fake::error("glue:GetJobRuns", "it broke"));
    let got = ask("runs --json", &team.sources()).await;
    assert_eq!(got.exit, Exit::Partial);
    assert_eq!(got.each("name").len(), 5);
    assert_eq!(
        got.json()["partial"],
        json!([{
            "source": "glue:GetJobRuns",
            "kind": "server_fault",
            "what": "it broke",
            "hint": null
        }])
    );
    assert_eq!(got.err, "flightdeck: glue:GetJobRuns: it broke\n");
}

#[tokio::test]
async fn what_is_described() {
    let team = team();
    let sources = team.sources();
    // The cause of what failed lately is worth a call.
    ask("runs --json", &sources).await;
    assert_eq!(team.asked("describe:churn-train #212"), 1);
    assert_eq!(team.asked("describe"), 1);
    // What moves or failed, on request: the running one, the failed one and its job.
    ask("runs --json --describe", &sources).await;
    assert_eq!(team.asked("describe"), 4);
    // With steps, everything that is listed.
    let got = ask("runs --json --steps --limit 3", &sources).await;
    assert_eq!(team.asked("describe"), 7);
    assert_eq!(got.each("steps")[2][1]["name"], "Train");
    assert_eq!(got.each("cost_usd")[2], 4.12);
    assert_eq!(got.each("steps")[0], json!([]));
}

#[tokio::test]
async fn a_describe_that_fails_is_told_and_keeps_the_run() {
    let mut team = team();
    team.fail(
        "describe",
        fake::error("sagemaker:DescribeTrainingJob", "slow down"),
    );
    let got = ask("runs --json --steps", &team.sources()).await;
    assert_eq!(got.each("name").len(), 6);
    // Six failures with the same words are one.
    assert_eq!(got.json()["partial"].as_array().unwrap().len(), 1);
    assert_eq!(got.exit, Exit::Partial);
}
