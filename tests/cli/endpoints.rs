use flightdeck::cli::Exit;
use serde_json::json;

use super::account::team;
use super::{ask, fake};

#[tokio::test]
async fn an_endpoint_in_json() {
    let got = ask("endpoints --json", &team().sources()).await;
    insta::assert_snapshot!(got.out);
}

#[tokio::test]
async fn endpoints_as_text() {
    let got = ask("endpoints", &team().sources()).await;
    insta::assert_snapshot!(got.out);
}

#[tokio::test]
async fn only_those_named() {
    let sources = team().sources();
    let got = ask("endpoints --json --name churn-prod", &sources).await;
    assert_eq!((got.each("name").len(), got.exit), (1, Exit::Fine));
    let got = ask("endpoints --json --name nobody", &sources).await;
    assert_eq!((got.each("name").len(), got.exit), (0, Exit::Partial));
    assert_eq!(got.json()["partial"][0]["kind"], "missing");
}

#[tokio::test]
async fn without_metrics_the_endpoint_is_there_and_its_health_unknown() {
    let mut team = team();
    team.fail(
        "metrics",
        fake::error("cloudwatch:GetMetricData", "it broke"),
    );
    let got = ask("endpoints --json", &team.sources()).await;
    assert_eq!(got.exit, Exit::Partial);
    assert_eq!(got.each("health"), ["unknown"]);
    assert_eq!(got.each("reasons"), [json!(["no metrics yet"])]);
    assert_eq!(got.each("variants")[0][0]["p99_ms"], json!(null));
}

#[tokio::test]
async fn without_alarms_the_metrics_still_judge() {
    let mut team = team();
    team.fail(
        "alarms",
        fake::error("cloudwatch:DescribeAlarms", "it broke"),
    );
    let got = ask("endpoints --json", &team.sources()).await;
    assert_eq!(got.exit, Exit::Partial);
    assert_eq!(got.each("health"), ["critical"]);
}
