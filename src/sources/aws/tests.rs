//! The adapters over the wire of a scripted AWS: paging, failures, money, protocols.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aws_smithy_cbor::Encoder;
use aws_smithy_types::DateTime;
use serde_json::{Value, json};

use super::ledger::Caps;
use super::runs::blank;
use super::testing::{Asked, Network, Reply};
use crate::domain::log::{LogQuery, LogTarget};
use crate::domain::run::{Run, RunKind, RunStatus};
use crate::domain::source_error::{ErrorKind, SourceError};

/// A page of `all` things, a hundred at a time, as `make` writes them under `field`.
fn page(asked: &Asked, all: usize, field: &str, make: impl Fn(usize) -> Value) -> Reply {
    let from: usize = asked.token().map_or(0, |t| t.parse().unwrap());
    let to = (from + 100).min(all);
    let mut body = json!({field: (from..to).map(make).collect::<Vec<_>>()});
    if to < all {
        body["NextToken"] = to.to_string().into();
    }
    Reply::json(&body)
}

fn training_job(n: usize) -> Value {
    json!({"TrainingJobName": format!("train-{n:03}"), "TrainingJobStatus": "Completed",
        "TrainingJobArn": format!("arn:aws:sagemaker:eu-west-1:123456789012:training-job/train-{n:03}"),
        "CreationTime": 1_795_000_000 + n, "TrainingEndTime": 1_795_000_600 + n})
}

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

#[tokio::test]
async fn all_pages_are_read_newest_first() {
    let network = Network::new(|asked| page(asked, 250, "TrainingJobSummaries", training_job));
    let sources = network.connect().await;
    let since = "2026-11-01T00:00:00Z".parse().unwrap();
    let runs = sources
        .runs
        .runs(RunKind::TrainingJob, Some(since), 1000)
        .await
        .unwrap();
    assert_eq!(runs.value.len(), 250);
    assert_eq!(runs.value[0].name, "train-249");
    assert!(runs.missing.is_empty());
    let asked = network.asked();
    assert_eq!(asked.len(), 3);
    for request in &asked {
        assert_eq!(request.input["MaxResults"], 100);
        assert_eq!(request.input["SortOrder"], "Descending");
        assert!(request.input["CreationTimeAfter"].is_number());
        assert!(
            request
                .header("user-agent")
                .unwrap()
                .contains("app/flightdeck")
        );
    }
}

#[tokio::test]
async fn the_limit_ends_the_reading_and_is_told() {
    let network = Network::new(|asked| page(asked, 250, "TrainingJobSummaries", training_job));
    let sources = network.connect().await;
    let runs = sources
        .runs
        .runs(RunKind::TrainingJob, None, 100)
        .await
        .unwrap();
    assert_eq!(runs.value.len(), 100);
    assert_eq!(runs.missing.len(), 1);
    assert_eq!(network.asked().len(), 1);
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

#[tokio::test]
async fn a_pipeline_run_keeps_what_could_be_had() {
    let network = Network::new(|asked| match asked.operation.as_str() {
        "DescribePipelineExecution" => Reply::json(&json!({
            "PipelineExecutionStatus": "Failed", "CreationTime": 1_795_000_000, "LastModifiedTime": 1_795_000_100,
            "FailureReason": "Step failure: One or multiple steps failed."})),
        "ListPipelineExecutionSteps" => Reply::json(&json!({"PipelineExecutionSteps": [
            {"StepName": "Train", "StepStatus": "Failed", "FailureReason": "AlgorithmError: exit code 137",
             "StartTime": 1_795_000_010, "EndTime": 1_795_000_090, "AttemptCount": 2,
             "Metadata": {"TrainingJob": {"Arn": "arn:aws:sagemaker:eu-west-1:123456789012:training-job/pipelines-abc-Train"}}}]})),
        "DescribePipelineDefinitionForExecution" => {
            Reply::json(&json!({"PipelineDefinition": json!({"Steps": [
            {"Name": "Train", "Type": "Training", "Arguments": {}},
            {"Name": "Register", "Type": "RegisterModel", "Arguments": {"m": {"Get": "Steps.Train.ModelArtifacts"}}}]}).to_string()}))
        }
        _ => Reply::error(400, "AccessDeniedException", "no"),
    });
    let sources = network.connect().await;
    let arn = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/churn/execution/abc";
    let run = Run {
        id: "abc".into(),
        ..blank(RunKind::SagemakerPipeline, "churn", arn)
    };
    let told = sources.runs.describe_run(&run).await.unwrap();
    assert_eq!(told.missing.len(), 1);
    assert_eq!(told.missing[0].kind, ErrorKind::Denied);
    let run = told.value;
    assert!(run.detailed);
    assert_eq!(run.status, RunStatus::Failed);
    assert_eq!(run.reason.as_deref(), Some("AlgorithmError: exit code 137"));
    assert_eq!(run.current_step.as_deref(), Some("Train"));
    assert_eq!(
        run.duration_s("2026-11-22T12:00:00Z".parse().unwrap()),
        Some(100)
    );
    assert_eq!(run.steps[0].attempt, 2);
    assert_eq!(run.steps[1].status, RunStatus::Skipped);
    assert_eq!(run.steps[1].depends_on, ["Train"]);
    assert_eq!(run.logs[0].prefix.as_deref(), Some("pipelines-abc-Train/"));
}

#[tokio::test]
async fn one_failing_family_leaves_the_others() {
    let network = Network::new(|asked| match asked.operation.as_str() {
        "ListPipelines" => Reply::json(
            &json!({"PipelineSummaries": [{"PipelineName": "a"}, {"PipelineName": "b"},
            {"PipelineName": "old", "LastExecutionTime": 1_000_000_000}]}),
        ),
        _ if asked.input["PipelineName"] == "a" => Reply::error(
            400,
            "AccessDeniedException",
            "not authorized to perform: x:Y",
        ),
        _ => Reply::json(
            &json!({"PipelineExecutionSummaries": [{"StartTime": 1_795_000_000, "PipelineExecutionStatus": "Executing",
            "PipelineExecutionArn": "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/b/execution/x1", "PipelineExecutionDisplayName": "nightly"}]}),
        ),
    });
    let sources = network.connect().await;
    let since = "2026-11-01T00:00:00Z".parse().unwrap();
    let runs = sources
        .runs
        .runs(RunKind::SagemakerPipeline, Some(since), 100)
        .await
        .unwrap();
    assert_eq!(runs.value.len(), 1);
    assert_eq!(runs.value[0].name, "b #nightly");
    assert_eq!(runs.value[0].id, "x1");
    assert_eq!(runs.missing.len(), 1);
    assert_eq!(network.asked().len(), 3, "the old pipeline is not asked");
}

#[tokio::test]
async fn an_endpoint_that_cannot_be_described_keeps_its_row() {
    let describes = AtomicUsize::new(0);
    let network = Network::new(move |asked| match asked.operation.as_str() {
        "ListEndpoints" => Reply::json(&json!({"Endpoints": [
            {"EndpointName": "bad", "EndpointStatus": "Creating"}, {"EndpointName": "good", "EndpointStatus": "InService"}]})),
        "DescribeEndpoint" if asked.input["EndpointName"] == "bad" => Reply::error(
            400,
            "ValidationException",
            "Could not find endpoint \"bad\".",
        ),
        "DescribeEndpoint" => Reply::json(
            &json!({"EndpointStatus": "InService", "EndpointConfigName": "cfg",
            "ProductionVariants": [{"VariantName": "blue", "CurrentWeight": 0.9, "DesiredWeight": 0.9, "CurrentInstanceCount": 2,
                "DeployedImages": [{"SpecifiedImage": "i:1", "ResolvedImage": "i@sha256:1"}]}]}),
        ),
        "DescribeEndpointConfig" => {
            describes.fetch_add(1, Ordering::SeqCst);
            assert_eq!(describes.load(Ordering::SeqCst), 1, "configs do not change");
            Reply::json(
                &json!({"ProductionVariants": [{"VariantName": "blue", "ModelName": "m", "InstanceType": "ml.m5.large"}]}),
            )
        }
        "DescribeModel" => Reply::json(
            &json!({"PrimaryContainer": {"ModelPackageName": "arn:aws:sagemaker:eu-west-1:123456789012:model-package/churn/7"}}),
        ),
        other => panic!("{other}"),
    });
    let sources = network.connect().await;
    for _ in 0..2 {
        let told = sources.endpoints.endpoints().await.unwrap();
        let [bad, good] = told.value.as_slice() else {
            panic!("{told:?}")
        };
        assert!(!bad.detailed && bad.status == "Creating");
        assert!(told.missing[0].what.starts_with("bad: "));
        let variant = &good.variants[0];
        assert_eq!(variant.weight, Some(0.9));
        assert_eq!(variant.image.as_deref(), Some("i@sha256:1"));
        assert!(
            variant
                .model_package_arn
                .as_ref()
                .unwrap()
                .ends_with("churn/7")
        );
    }
}

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
    assert_eq!(network.operations(), ["GetCallerIdentity", "GetMetricData"]);
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
    assert_eq!(network.operations(), ["GetCallerIdentity"]);
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
    assert_eq!(network.asked().len(), 4);
    assert!((sources.usage.usage().spent_today_usd - 0.03).abs() < 1e-9);
    let stale = ask(true).await.unwrap();
    assert_eq!(stale.value, fresh.value);
    assert_eq!(stale.missing[0].kind, ErrorKind::Denied);
}

#[tokio::test]
async fn glue_is_signed_and_read_like_any_other() {
    let network = Network::new(|asked| match asked.operation.as_str() {
        "GetJobs" => Reply::json(&json!({"Jobs": [{"Name": "features"}]})),
        "GetJobRuns" if asked.token().is_none() => {
            Reply::json(&json!({"NextToken": "n", "JobRuns": [
            {"Id": "jr_1", "JobName": "features", "JobRunState": "WAITING", "StartedOn": 1_795_000_000.25}]}))
        }
        "GetJobRuns" => Reply::json(&json!({"JobRuns": [
            {"Id": "jr_0", "JobName": "features", "JobRunState": "FAILED", "StartedOn": 1_794_000_000, "ErrorMessage": "OOM"}]})),
        other => panic!("{other}"),
    });
    let sources = network.connect().await;
    let runs = sources.runs.runs(RunKind::Glue, None, 100).await.unwrap();
    let states: Vec<_> = runs
        .value
        .iter()
        .map(|r| (r.id.as_str(), r.status))
        .collect();
    assert_eq!(
        states,
        [("jr_1", RunStatus::Queued), ("jr_0", RunStatus::Failed)]
    );
    let request = &network.asked()[0];
    assert_eq!(request.uri, "https://glue.eu-west-1.amazonaws.com/");
    assert_eq!(request.header("x-amz-target"), Some("AWSGlue.GetJobs"));
    assert!(
        request
            .header("user-agent")
            .unwrap()
            .contains("app/flightdeck")
    );
    let signature = request.header("authorization").unwrap();
    assert!(
        signature.contains("/eu-west-1/glue/aws4_request"),
        "{signature}"
    );
}

#[tokio::test(start_paused = true)]
async fn glue_fails_like_any_other() {
    let network = Network::new(|_| {
        Reply::error(
            400,
            "com.amazonaws.glue#ThrottlingException",
            "Rate exceeded",
        )
    });
    let sources = network.connect().await;
    let error = sources
        .runs
        .runs(RunKind::Glue, None, 100)
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Throttled);
    assert_eq!(network.asked().len(), 3);
    let network = Network::new(|_| Reply::page(500));
    let sources = network.connect().await;
    let error = sources
        .runs
        .runs(RunKind::Glue, None, 100)
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotInRegion);
    assert_eq!(network.asked().len(), 1);
}

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
async fn the_newest_versions_are_described_and_then_known() {
    let network = Network::new(|asked| match asked.operation.as_str() {
        "ListModelPackageGroups" => Reply::json(
            &json!({"ModelPackageGroupSummaryList": [{"ModelPackageGroupName": "churn", "ModelPackageGroupStatus": "Completed"}]}),
        ),
        "ListModelPackages" => page(asked, 30, "ModelPackageSummaryList", |n| {
            json!({"ModelPackageGroupName": "churn", "ModelPackageVersion": n + 1, "ModelPackageStatus": "Completed",
                "ModelApprovalStatus": "PendingManualApproval", "ModelPackageArn": format!("arn:aws:sagemaker:eu-west-1:123456789012:model-package/churn/{}", n + 1)})
        }),
        "DescribeModelPackage" => Reply::json(
            &json!({"ModelPackageStatus": "Completed", "ModelApprovalStatus": "PendingManualApproval",
            "MetadataProperties": {"CommitId": "0a1b2c3"}, "CustomerMetadataProperties": {"auc": "0.91", "api_token": "hush"},
            "InferenceSpecification": {"Containers": [{"Image": "i:1"}]}}),
        ),
        other => panic!("{other}"),
    });
    let sources = network.connect().await;
    let told = sources.registry.model_groups().await.unwrap();
    let versions = &told.value[0].versions;
    assert_eq!(versions.len(), 30);
    assert_eq!(versions[0].version, Some(30));
    assert_eq!(versions.iter().filter(|v| v.detailed).count(), 10);
    assert_eq!(versions[0].commit.as_deref(), Some("0a1b2c3"));
    assert!(
        versions[0]
            .metadata
            .contains(&("api_token".into(), "***".into()))
    );
    let before = network.asked().len();
    sources.registry.model_groups().await.unwrap();
    assert_eq!(network.asked().len(), before + 2, "lists only");
}

#[tokio::test]
async fn a_training_job_tells_its_spot_savings_its_commit_and_its_parent() {
    let network = Network::new(|asked| match asked.operation.as_str() {
        "DescribeTrainingJob" => Reply::json(&json!({
            "TrainingJobStatus": "Failed", "SecondaryStatus": "Failed", "CreationTime": 1_795_000_000, "TrainingEndTime": 1_795_000_500,
            "FailureReason": "AlgorithmError: exit code: 137", "EnableManagedSpotTraining": true,
            "TrainingTimeInSeconds": 1000, "BillableTimeInSeconds": 320,
            "ResourceConfig": {"InstanceType": "ml.g5.xlarge", "InstanceCount": 2, "VolumeSizeInGB": 1},
            "HyperParameters": {"lr": "\"0.1\"", "wandb_api_key": "x"},
            "SecondaryStatusTransitions": [
                {"Status": "Starting", "StartTime": 1_795_000_000, "EndTime": 1_795_000_060},
                {"Status": "Interrupted", "StartTime": 1_795_000_060, "EndTime": 1_795_000_070, "StatusMessage": "capacity"},
                {"Status": "Training", "StartTime": 1_795_000_070, "EndTime": 1_795_000_500, "StatusMessage": "Training"}]})),
        _ => Reply::json(
            &json!({"Tags": [{"Key": "git-commit", "Value": "abc"}, {"Key": "sagemaker:pipeline-execution-arn", "Value": "arn:p"}]}),
        ),
    });
    let sources = network.connect().await;
    let run = blank(
        RunKind::TrainingJob,
        "t",
        "arn:aws:sagemaker:eu-west-1:123456789012:training-job/t",
    );
    let run = sources.runs.describe_run(&run).await.unwrap().value;
    let fact = |name: &str| run.facts.iter().find(|f| f.0 == name).map(|f| f.1.as_str());
    assert_eq!(fact("spot"), Some("saved 68 %, interrupted 1×"));
    assert_eq!(fact("instances"), Some("ml.g5.xlarge × 2"));
    assert_eq!(fact("lr"), Some("0.1"));
    assert_eq!(fact("wandb_api_key"), Some("***"));
    assert_eq!(run.commit.as_deref(), Some("abc"));
    assert_eq!(run.parent.as_deref(), Some("arn:p"));
    assert_eq!(run.steps[2].status, RunStatus::Failed);
    assert_eq!(
        run.reason.as_deref(),
        Some("AlgorithmError: exit code: 137")
    );
}

#[tokio::test]
async fn identity_comes_from_sts() {
    let network = Network::new(|asked| panic!("{}", asked.operation));
    let sources = network.connect().await;
    let identity = sources.identity.identity().await.unwrap().value;
    assert_eq!(identity.account, "123456789012");
    assert_eq!(identity.short(), "alice@ReadOnly");
    assert_eq!(sources.region, "eu-west-1");
}
