//! Paid calls: metrics and costs.

use std::sync::atomic::{AtomicUsize, Ordering};

use aws_smithy_cbor::Encoder;
use aws_smithy_types::DateTime;
use serde_json::json;

use crate::domain::source_error::ErrorKind;
use crate::sources::aws::ledger::Caps;
use crate::sources::aws::testing::{Network, Reply};

#[tokio::test]
async fn metrics_come_by_cbor_and_are_paid() {
    let network = Network::new(|_| {
        let mut body = Encoder::new(Vec::new());
        body.begin_map()
            .str("MetricDataResults")
            .array(1)
            .begin_map();
        body.str("Id").str("v0s4");
        body.str("Timestamps").array(2);
        body.timestamp(&DateTime::from_secs(1_795_000_060));
        body.timestamp(&DateTime::from_secs(1_795_000_000));
        body.str("Values")
            .array(2)
            .double(90_000.0)
            .double(80_000.0);
        body.str("StatusCode").str("Complete").end().end();
        Reply::cbor(body.into_writer())
    });
    let sources = network.connect().await;
    let now = "2026-11-22T12:00:00Z".parse().unwrap();
    let variants = [("churn".to_owned(), "blue".to_owned())];
    let told = sources
        .metrics
        .endpoint_metrics(&variants, now)
        .await
        .unwrap();
    let latency: Vec<f64> = told.value[0]
        .latency_p99_ms
        .points
        .iter()
        .map(|p| p.1)
        .collect();
    assert_eq!(latency, [80.0, 90.0]);
    // Eight series of seven metrics: two statistics of one metric cost as much as one.
    assert!((sources.usage.usage().spent_today_usd - 0.00007).abs() < 1e-9);
    assert_eq!(network.operations(), ["GetMetricData"]);
}

#[tokio::test]
async fn without_percentiles_the_plain_metrics_remain() {
    let asked = AtomicUsize::new(0);
    let network = Network::new(move |_| match asked.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::page(500),
        _ => {
            let mut body = Encoder::new(Vec::new());
            body.begin_map().str("MetricDataResults").array(0).end();
            Reply::cbor(body.into_writer())
        }
    });
    let sources = network.connect().await;
    let variants = [("churn".to_owned(), "blue".to_owned())];
    let now = "2026-11-22T12:00:00Z".parse().unwrap();
    let told = sources
        .metrics
        .endpoint_metrics(&variants, now)
        .await
        .unwrap();
    assert_eq!(told.value.len(), 1);
    assert!(told.missing[0].what.starts_with("no latency percentiles"));
}

#[tokio::test]
async fn past_the_cap_nothing_leaves() {
    let network = Network::new(|_| Reply::json(&json!({})));
    let caps = Caps {
        cost_explorer_requests_per_day: 0,
        ..Caps::default()
    };
    let sources = network.connect_with(caps).await;
    let today = "2026-11-22".parse().unwrap();
    let error = sources.costs.month_to_date(today, true).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::OverBudget);
    assert!(network.asked().is_empty());
}

#[tokio::test]
async fn cost_explorer_is_asked_once_and_old_figures_outlive_a_failure() {
    let asked = AtomicUsize::new(0);
    let network = Network::new(move |request| match request.operation.as_str() {
        "GetCostAndUsage" if asked.fetch_add(1, Ordering::SeqCst) >= 2 => {
            Reply::error(400, "AccessDeniedException", "no")
        }
        "GetCostAndUsage" => {
            assert_eq!(
                request.input["TimePeriod"],
                json!({"Start": "2026-12-01", "End": "2026-12-02"})
            );
            let amount = json!({"UnblendedCost": {"Amount": "1.5", "Unit": "USD"}});
            let first = request.input["NextPageToken"].is_null();
            let mut body = json!({"ResultsByTime": [{"TimePeriod": {"Start": "2026-12-01", "End": "2026-12-02"},
                "Estimated": true, "Groups": [{"Keys": [if first { "AWS Glue" } else { "Amazon SageMaker" }], "Metrics": amount}]}]});
            if first {
                body["NextPageToken"] = "p2".into();
            }
            Reply::json(&body)
        }
        "GetCostForecast" => Reply::error(400, "DataUnavailableException", "too young"),
        other => panic!("{other}"),
    });
    let sources = network.connect().await;
    let first_of_month = "2026-12-01".parse().unwrap();
    let ask = |refresh| sources.costs.month_to_date(first_of_month, refresh);
    let fresh = ask(false).await.unwrap();
    assert!((fresh.value.total() - 3.0).abs() < 1e-9, "both pages");
    assert!(fresh.value.estimated && fresh.value.forecast.is_none());
    assert!(fresh.missing.is_empty(), "no forecast is no failure");
    assert_eq!(ask(false).await.unwrap(), fresh);
    assert_eq!(network.asked().len(), 3);
    assert!((sources.usage.usage().spent_today_usd - 0.03).abs() < 1e-9);
    let stale = ask(true).await.unwrap();
    assert_eq!(stale.value, fresh.value);
    assert_eq!(stale.missing[0].kind, ErrorKind::Denied);
}
