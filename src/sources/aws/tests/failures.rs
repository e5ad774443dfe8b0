//! What goes wrong on the wire, and what is told of it.

use std::time::Duration;

use serde_json::{Value, json};

use super::runs::{page, training_job};
use crate::domain::run::RunKind;
use crate::domain::source_error::{ErrorKind, SourceError};
use crate::sources::aws::testing::{Network, Reply};

async fn failure_of(reply: Reply) -> (SourceError, usize) {
    let network = Network::new(move |_| reply.clone());
    let sources = network.connect().await;
    let error = sources
        .runs
        .runs(RunKind::TrainingJob, None, 500)
        .await
        .unwrap_err();
    (error, network.asked().len())
}

#[tokio::test(start_paused = true)]
async fn a_throttle_is_tried_again_and_then_told() {
    let (error, attempts) =
        failure_of(Reply::error(400, "ThrottlingException", "Rate exceeded")).await;
    assert_eq!(error.kind, ErrorKind::Throttled);
    assert_eq!(error.source_name, "sagemaker:ListTrainingJobs");
    assert_eq!(attempts, 3);
}

#[tokio::test]
async fn a_denial_names_the_action_and_is_not_tried_again() {
    let (error, attempts) = failure_of(Reply::error(
        400,
        "AccessDeniedException",
        "User: arn:aws:iam::123456789012:user/a is not authorized to perform: sagemaker:ListTrainingJobs because no identity-based policy allows it",
    ))
    .await;
    assert_eq!(error.kind, ErrorKind::Denied);
    assert!(error.hint.unwrap().contains("sagemaker:ListTrainingJobs"));
    assert_eq!(attempts, 1);
}

#[tokio::test]
async fn an_expired_session_comes_with_the_command_that_mends_it() {
    let (error, _) = failure_of(Reply::error(
        400,
        "ExpiredTokenException",
        "The security token included in the request is expired",
    ))
    .await;
    assert_eq!(error.kind, ErrorKind::Expired);
    assert_eq!(error.hint.as_deref(), Some("aws sso login"));
}

#[tokio::test]
async fn garbage_is_never_shown() {
    for reply in [
        Reply::page(200),
        Reply::page(500),
        Reply::page(404),
        Reply {
            body: vec![0xff, 0x00, 0x13],
            ..Reply::json(&Value::Null)
        },
    ] {
        let status = reply.status;
        let (error, attempts) = failure_of(reply).await;
        assert_eq!(attempts, 1, "status {status} is final");
        let expected = match status {
            200 => ErrorKind::Malformed,
            _ => ErrorKind::NotInRegion,
        };
        assert_eq!(error.kind, expected, "status {status}");
        assert!(!error.what.contains("secret") && !error.what.contains('<'));
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_fault_is_tried_again() {
    let (error, attempts) = failure_of(Reply::error(500, "InternalFailure", "oops")).await;
    assert_eq!(error.kind, ErrorKind::ServerFault);
    assert_eq!(attempts, 3);
}

#[tokio::test(start_paused = true)]
async fn a_silent_service_is_given_up_in_time() {
    let start = tokio::time::Instant::now();
    let (error, _) = failure_of(Reply {
        after: Duration::from_secs(3600),
        ..Reply::json(&json!({}))
    })
    .await;
    assert_eq!(error.kind, ErrorKind::Offline);
    assert!(start.elapsed() <= Duration::from_secs(31));
}

#[tokio::test(start_paused = true)]
async fn a_slow_service_is_waited_for() {
    let network = Network::new(|asked| Reply {
        after: Duration::from_secs(5),
        ..page(asked, 150, "TrainingJobSummaries", training_job)
    });
    let sources = network.connect().await;
    let runs = sources
        .runs
        .runs(RunKind::TrainingJob, None, 500)
        .await
        .unwrap();
    assert_eq!(runs.value.len(), 150);
    assert_eq!(network.asked().len(), 2);
}

#[tokio::test]
async fn what_an_endpoint_does_not_have_is_not_asked_again() {
    let network = Network::new(|asked| match asked.operation.as_str() {
        "ListTransformJobs" => Reply::error(400, "UnknownOperationException", ""),
        _ => Reply::json(&json!({})),
    });
    let sources = network.connect().await;
    let ask = |kind| sources.runs.runs(kind, None, 10);
    ask(RunKind::TrainingJob).await.unwrap();
    for _ in 0..3 {
        let error = ask(RunKind::TransformJob).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotInRegion);
    }
    assert_eq!(
        network.operations(),
        ["ListTrainingJobs", "ListTransformJobs"]
    );
}
