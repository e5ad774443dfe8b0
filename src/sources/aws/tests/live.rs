//! Live Tail over the wire: frames of the event stream, its price, and how a session ends.

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use serde_json::{Value, json};

use crate::domain::log::LogTarget;
use crate::domain::source_error::ErrorKind;
use crate::sources::aws::Caps;
use crate::sources::aws::testing::{Network, Reply};

const GROUP: &str = "/aws/sagemaker/TrainingJobs";

fn frame(message_type: &str, name: &str, payload: &Value) -> Vec<u8> {
    let header = |name: &str, value: &str| {
        Header::new(
            name.to_owned(),
            HeaderValue::String(value.to_owned().into()),
        )
    };
    let kind = if message_type == "event" {
        ":event-type"
    } else {
        ":exception-type"
    };
    let message = Message::new(payload.to_string().into_bytes())
        .add_header(header(":message-type", message_type))
        .add_header(header(kind, name))
        .add_header(header(":content-type", "application/json"));
    let mut bytes = Vec::new();
    write_message_to(&message, &mut bytes).unwrap();
    bytes
}

fn update(streams: &[&str], sampled: bool) -> Vec<u8> {
    let events: Vec<Value> = streams
        .iter()
        .map(|stream| json!({
            "logGroupIdentifier": format!("123456789012:{GROUP}"), "logStreamName": stream,
            "message": "epoch=1", "timestamp": 1_795_000_000_000_i64, "ingestionTime": 1_795_000_000_900_i64,
        }))
        .collect();
    let update = json!({"sessionMetadata": {"sampled": sampled}, "sessionResults": events});
    frame("event", "sessionUpdate", &update)
}

/// A session of two updates, which ends with `last`.
fn network(last: Vec<u8>) -> Network {
    Network::new(move |asked| match asked.operation.as_str() {
        "DescribeLogGroups" => Reply::json(&json!({"logGroups": [
            {"logGroupName": format!("{GROUP}2"), "arn": "arn:other:*"},
            {"logGroupName": GROUP, "arn": format!("arn:aws:logs:eu-west-1:123456789012:log-group:{GROUP}:*")},
        ]})),
        "StartLiveTail" => {
            let mut body = frame("event", "initial-response", &json!({}));
            body.extend(frame("event", "sessionStart", &json!({"sessionId": "s"})));
            body.extend(update(&["job-1/a", "job-10/a"], false));
            body.extend(update(&[], true));
            body.extend(&last);
            Reply {
                kind: "application/vnd.amazon.eventstream",
                body,
                ..Reply::json(&Value::Null)
            }
        }
        other => panic!("{other}"),
    })
}

fn job() -> Vec<LogTarget> {
    vec![LogTarget::prefixed(GROUP, "job-1/")]
}

#[tokio::test]
async fn lines_samples_and_the_end_after_three_hours() {
    let timeout = json!({"message": "Session timed out"});
    let network = network(frame("exception", "SessionTimeoutException", &timeout));
    let sources = network.connect().await;
    let mut tail = sources.logs.live_tail(&job(), Some("epoch")).await.unwrap();
    let asked = network.asked().pop().unwrap();
    let arn = format!("arn:aws:logs:eu-west-1:123456789012:log-group:{GROUP}");
    assert_eq!(
        asked.input["logGroupIdentifiers"],
        json!([arn]),
        "without the star"
    );
    assert_eq!(asked.input["logStreamNamePrefixes"], json!(["job-1/"]));
    assert_eq!(asked.input["logEventFilterPattern"], "epoch");
    let first = tail.updates.recv().await.unwrap().unwrap();
    assert_eq!(first.lines.len(), 1, "another job's line is left out");
    assert_eq!(
        (first.lines[0].group.as_str(), first.sampled),
        (GROUP, false)
    );
    assert!((first.spent_usd - 0.01).abs() < 1e-9);
    let second = tail.updates.recv().await.unwrap().unwrap();
    assert!(second.lines.is_empty() && second.sampled);
    let end = tail.updates.recv().await.unwrap().unwrap_err();
    assert!(end.what.contains("three hours"), "{}", end.what);
    assert!(tail.updates.recv().await.is_none());
    assert!((sources.usage.usage().spent_today_usd - 0.01).abs() < 1e-9);
}

#[tokio::test]
async fn a_stream_that_breaks_off_is_told() {
    let sources = network(Vec::new()).connect().await;
    let mut tail = sources.logs.live_tail(&job(), None).await.unwrap();
    let mut last = None;
    while let Some(update) = tail.updates.recv().await {
        last = Some(update);
    }
    assert_eq!(last.unwrap().unwrap_err().kind, ErrorKind::Offline);
}

#[tokio::test]
async fn past_the_cap_no_session_is_opened() {
    let network = network(Vec::new());
    let caps = Caps {
        daily_usd: 0.005,
        ..Caps::default()
    };
    let sources = network.connect_with(caps).await;
    let refused = sources.logs.live_tail(&job(), None).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::OverBudget);
    assert!(network.asked().is_empty());
}

#[tokio::test]
async fn too_many_sessions_and_too_many_groups() {
    let network = Network::new(|asked| match asked.operation.as_str() {
        "DescribeLogGroups" => {
            Reply::json(&json!({"logGroups": [{"logGroupName": GROUP, "logGroupArn": "arn:g"}]}))
        }
        _ => Reply::error(400, "LimitExceededException", "15"),
    });
    let sources = network.connect().await;
    let error = sources.logs.live_tail(&job(), None).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Throttled);
    assert!(
        error.what.contains("too many Live Tail sessions"),
        "{}",
        error.what
    );
    assert_eq!(network.operations().len(), 2, "asked once");
    let many: Vec<LogTarget> = (0..11).map(|n| LogTarget::group(n.to_string())).collect();
    let error = sources.logs.live_tail(&many, None).await.unwrap_err();
    assert!(error.what.contains("10 log groups"), "{}", error.what);
}
