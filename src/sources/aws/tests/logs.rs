//! Log events, on endpoints that differ in what they understand.

use serde_json::{Value, json};

use crate::domain::log::{LogQuery, LogTarget};
use crate::domain::source_error::ErrorKind;
use crate::sources::aws::testing::{Network, Reply};

fn query(limit: usize, newest_first: bool) -> LogQuery {
    LogQuery {
        target: LogTarget::prefixed("/aws/sagemaker/TrainingJobs", "job-1/"),
        since: None,
        until: None,
        pattern: None,
        limit,
        newest_first,
    }
}

/// An endpoint that cuts at the limit from the beginning, and does not say that there is more.
#[tokio::test]
async fn a_cut_that_is_not_told_is_noticed() {
    let network = Network::new(|asked| {
        if asked.operation == "DescribeLogStreams" {
            return Reply::json(&json!({"logStreams": [{"logStreamName": "job-1/algo-1"}]}));
        }
        let limit = usize::try_from(asked.input["limit"].as_u64().unwrap()).unwrap();
        Reply::json(&json!({"events": (0..300.min(limit)).map(event).collect::<Vec<_>>()}))
    });
    assert_eq!(messages(&network, &query(2, true)).await, [298, 299]);
}

/// A group whose streams write at the same moments, read in pages of two.
#[tokio::test]
async fn events_of_the_same_moment_do_not_hide_the_order() {
    let network = Network::new(|asked| {
        if asked.operation == "DescribeLogStreams" {
            return Reply::json(&json!({"logStreams": [{"logStreamName": "job-1/algo-1"}]}));
        }
        let page: usize = asked.token().map_or(0, |t| t.parse().unwrap());
        let mut body = json!({"events": [event(page), event(page)]});
        if page < 40 {
            body["nextToken"] = (page + 1).to_string().into();
        }
        Reply::json(&body)
    });
    assert_eq!(messages(&network, &query(2, true)).await, [40, 40]);
}

fn event(n: usize) -> Value {
    json!({"logStreamName": "job-1/algo-1", "timestamp": 1_795_000_000_000_i64 + i64::try_from(n).unwrap(), "message": n.to_string(), "eventId": n.to_string()})
}

/// A group with one stream of 300 events, ten to a page, every second page empty. `tail`: can start at the end.
fn log_network(tail: bool) -> Network {
    Network::new(move |asked| {
        if asked.operation == "DescribeLogStreams" {
            return Reply::json(&json!({"logStreams": [{"logStreamName": "job-1/algo-1"}]}));
        }
        assert_eq!(asked.input["logStreamNames"], json!(["job-1/algo-1"]));
        let page: usize = asked.token().map_or(0, |t| t.parse().unwrap());
        let from_tail = tail && asked.input["startFromHead"] == false || page >= 1000;
        let number = page % 1000;
        let events: Vec<Value> = if number % 2 == 1 {
            Vec::new()
        } else if from_tail {
            (0..10).map(|i| event(299 - number / 2 * 10 - i)).collect()
        } else {
            (0..10).map(|i| event(number / 2 * 10 + i)).collect()
        };
        let mut body = json!({"events": events});
        if number < 58 {
            body["nextToken"] = (number + 1 + if from_tail { 1000 } else { 0 })
                .to_string()
                .into();
        }
        Reply::json(&body)
    })
}

async fn messages(network: &Network, query: &LogQuery) -> Vec<usize> {
    let sources = network.connect().await;
    let told = sources.logs.log_events(query).await.unwrap();
    assert!(told.missing.is_empty(), "{:?}", told.missing);
    told.value
        .iter()
        .map(|l| l.message.parse().unwrap())
        .collect()
}

#[tokio::test]
async fn empty_pages_do_not_end_a_log() {
    let network = log_network(false);
    assert_eq!(
        messages(&network, &query(1000, false)).await,
        (0..300).collect::<Vec<_>>()
    );
    assert_eq!(
        messages(&network, &query(25, false)).await,
        (0..25).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn the_newest_lines_are_read_from_the_end_where_that_is_possible() {
    let network = log_network(true);
    assert_eq!(
        messages(&network, &query(15, true)).await,
        (285..300).collect::<Vec<_>>()
    );
    assert_eq!(
        network.asked().len(),
        1 + 3,
        "streams, and three pages of which one is empty"
    );
}

#[tokio::test]
async fn the_newest_lines_are_found_where_the_end_cannot_be_asked_for() {
    let network = log_network(false);
    assert_eq!(
        messages(&network, &query(15, true)).await,
        (285..300).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn a_stream_that_has_yet_to_come_is_missing() {
    let network = Network::new(|asked| match asked.operation.as_str() {
        "DescribeLogStreams" => Reply::json(&json!({"logStreams": []})),
        other => panic!("{other}"),
    });
    let sources = network.connect().await;
    let error = sources
        .logs
        .log_events(&query(10, false))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Missing);
    let network = Network::new(|_| {
        Reply::error(
            400,
            "ResourceNotFoundException",
            "The specified log group does not exist.",
        )
    });
    let sources = network.connect().await;
    let error = sources
        .logs
        .log_events(&query(10, false))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Missing);
}

#[tokio::test]
async fn a_page_leads_to_the_next_and_names_its_streams() {
    let network = log_network(false);
    let sources = network.connect().await;
    let first = sources
        .logs
        .log_page(&query(10_000, false), None)
        .await
        .unwrap();
    assert_eq!(first.lines.len(), 10);
    let second = sources
        .logs
        .log_page(&query(10_000, false), first.next.as_deref())
        .await
        .unwrap();
    assert!(
        second.lines.is_empty() && second.next.is_some(),
        "an empty page is not the last"
    );
}

/// A question may name a hundred streams: beyond that the prefix goes along, and is checked.
#[tokio::test]
async fn more_streams_than_can_be_named() {
    let network = Network::new(|asked| {
        if asked.operation == "DescribeLogStreams" {
            let streams: Vec<Value> = (0..101)
                .map(|n| json!({"logStreamName": format!("job-1/algo-{n}")}))
                .collect();
            return Reply::json(&json!({"logStreams": streams}));
        }
        assert_eq!(asked.input["logStreamNamePrefix"], "job-1/");
        assert!(asked.input.get("logStreamNames").is_none());
        let other = json!({"logStreamName": "job-10/x", "timestamp": 1_795_000_000_000_i64, "message": "no"});
        Reply::json(&json!({"events": [event(1), other]}))
    });
    let sources = network.connect().await;
    let page = sources
        .logs
        .log_page(&query(10_000, false), None)
        .await
        .unwrap();
    assert_eq!(page.lines.len(), 1);
}
