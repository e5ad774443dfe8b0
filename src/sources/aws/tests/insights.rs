//! Logs Insights over the wire: what is asked, what it costs, when it is refused.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::domain::insights::{InsightsQuery, QueryState};
use crate::domain::source_error::ErrorKind;
use crate::sources::aws::Caps;
use crate::sources::aws::testing::{Network, Reply};

const GB: u64 = 1 << 30;

fn query(expected_bytes: Option<u64>) -> InsightsQuery {
    InsightsQuery {
        groups: vec!["/a".into(), "/b".into()],
        from: "2026-11-22T10:00:00Z".parse().unwrap(),
        until: "2026-11-22T12:00:00Z".parse().unwrap(),
        text: "stats count(*) by @logStream".into(),
        limit: Some(50),
        expected_bytes,
    }
}

/// Scans 20 GB in each of two answers; then it is complete.
fn insights() -> Network {
    let asked = AtomicUsize::new(0);
    Network::new(move |call| match call.operation.as_str() {
        "StartQuery" => Reply::json(&json!({"queryId": "q-1"})),
        "StopQuery" => Reply::error(400, "InvalidParameterException", "Query is not running"),
        "GetQueryResults" => {
            let n = asked.fetch_add(1, Ordering::SeqCst) as u64 + 1;
            Reply::json(&json!({
                "status": if n == 1 { "Running" } else { "Complete" },
                "statistics": {"recordsMatched": 2.0, "recordsScanned": 9.0, "bytesScanned": (20 * GB * n) as f64},
                "results": [
                    [{"field": "@logStream", "value": "a"}, {"field": "@ptr", "value": "x"}],
                    [{"field": "n", "value": "7"}, {"field": "@logStream", "value": "b"}],
                ],
            }))
        }
        other => panic!("{other}"),
    })
}

#[tokio::test]
async fn a_query_from_start_to_end_and_what_it_cost() {
    let network = insights();
    let sources = network.connect().await;
    let id = sources
        .insights
        .start_query(&query(Some(GB)))
        .await
        .unwrap();
    let asked = &network.asked()[0].input;
    assert_eq!(asked["logGroupNames"], json!(["/a", "/b"]));
    assert_eq!(
        (&asked["startTime"], &asked["limit"]),
        (&json!(1_795_341_600), &json!(50))
    );
    let running = sources.insights.query_results(&id).await.unwrap();
    assert_eq!(running.state, QueryState::Running);
    assert!((sources.usage.usage().spent_today_usd - 0.1).abs() < 1e-9);
    let over = sources.insights.query_results(&id).await.unwrap();
    assert_eq!(over.state, QueryState::Complete);
    assert_eq!(over.columns, ["@logStream", "n"]);
    assert_eq!(
        over.rows,
        [
            [Some("a".to_owned()), None],
            [Some("b".to_owned()), Some("7".to_owned())]
        ]
    );
    assert!((over.scan.usd() - 0.2).abs() < 1e-9);
    assert!(
        (sources.usage.usage().spent_today_usd - 0.2).abs() < 1e-9,
        "each byte once"
    );
    // One that is over already needs no stop.
    sources.insights.stop_query(&id).await.unwrap();
}

#[tokio::test]
async fn past_the_cap_nothing_starts_and_what_runs_is_told_to_stop() {
    let network = insights();
    let caps = Caps {
        daily_usd: 0.05,
        ..Caps::default()
    };
    let sources = network.connect_with(caps).await;
    let refused = sources
        .insights
        .start_query(&query(Some(11 * GB)))
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::OverBudget);
    assert!(refused.hint.unwrap().contains("shorter time"));
    assert!(network.asked().is_empty(), "nothing left the machine");
    let id = sources
        .insights
        .start_query(&query(Some(GB)))
        .await
        .unwrap();
    let running = sources.insights.query_results(&id).await.unwrap_err();
    assert_eq!(running.kind, ErrorKind::OverBudget);
    assert!(
        (sources.usage.usage().spent_today_usd - 0.1).abs() < 1e-9,
        "booked all the same"
    );
}

#[tokio::test]
async fn a_query_that_cannot_be_read_and_too_many_of_them() {
    for (code, kind, words) in [
        (
            "MalformedQueryException",
            ErrorKind::Malformed,
            "unexpected symbol",
        ),
        (
            "LimitExceededException",
            ErrorKind::Throttled,
            "too many Logs Insights queries",
        ),
    ] {
        let network = Network::new(move |_| Reply::error(400, code, "unexpected symbol found |"));
        let sources = network.connect().await;
        let error = sources
            .insights
            .start_query(&query(None))
            .await
            .unwrap_err();
        assert_eq!(error.kind, kind);
        assert!(error.what.contains(words), "{}", error.what);
    }
}

#[tokio::test]
async fn a_mistake_is_quoted_where_the_service_found_it() {
    let refused = |start: i64| {
        Network::new(move |_| Reply {
            status: 400,
            ..Reply::json(&json!({
                "__type": "MalformedQueryException",
                "message": "unexpected symbol",
                "queryCompileError": {
                    "message": "unexpected symbol",
                    "location": {"startCharOffset": start, "endCharOffset": start + 3},
                },
            }))
        })
    };
    for (start, hint) in [
        (6, "look at character 7: count(*) by @logStream"),
        (99, "it ends too early: something is missing at its end"),
    ] {
        let sources = refused(start).connect().await;
        let error = sources
            .insights
            .start_query(&query(None))
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::Malformed);
        assert_eq!(error.hint.as_deref(), Some(hint));
    }
}

#[tokio::test]
async fn saved_queries_are_those_of_this_language_by_name() {
    let network = Network::new(|call| match call.input["nextToken"].as_str() {
        None => Reply::json(&json!({
            "queryDefinitions": [{"name": "slow", "queryString": "filter ms > 500"}],
            "nextToken": "t",
        })),
        Some(_) => Reply::json(&json!({
            "queryDefinitions": [{"name": "errors", "queryString": "filter @message like /E/"}],
        })),
    });
    let sources = network.connect().await;
    let saved = sources.insights.saved_queries().await.unwrap().value;
    let names: Vec<&str> = saved.iter().map(|saved| saved.name.as_str()).collect();
    assert_eq!(names, ["errors", "slow"]);
    assert_eq!(saved[1].query, "filter ms > 500");
    assert_eq!(network.asked()[0].input["queryLanguage"], json!("CWLI"));
}

#[tokio::test]
async fn anomalies_name_their_groups() {
    let network = Network::new(|_| {
        Reply::json(&json!({"anomalies": [{
            "anomalyId": "a-1", "patternId": "p", "anomalyDetectorArn": "arn",
            "patternString": "ERROR <*>", "description": "50.0% increase", "priority": "HIGH",
            "firstSeen": 1_795_000_000_000_i64, "lastSeen": 1_795_000_060_000_i64, "active": true,
            "state": "Active", "histogram": {}, "logSamples": [], "patternTokens": [],
            "logGroupArnList": ["arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/f:*"],
        }]}))
    });
    let sources = network.connect().await;
    let anomalies = sources.insights.anomalies().await.unwrap().value;
    assert_eq!(anomalies[0].groups, ["/aws/lambda/f"]);
    assert_eq!(anomalies[0].pattern, "ERROR <*>");
    assert!(anomalies[0].is_active && anomalies[0].last_seen > anomalies[0].first_seen);
}
