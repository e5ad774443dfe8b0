//! Runs: lists past page one, and one with all that is known of it.

use serde_json::{Value, json};

use crate::domain::run::{Run, RunKind, RunStatus};
use crate::domain::source_error::ErrorKind;
use crate::sources::aws::runs::blank;
use crate::sources::aws::testing::{Asked, Network, Reply};

/// A page of `all` things, a hundred at a time, as `make` writes them under `field`.
pub fn page(asked: &Asked, all: usize, field: &str, make: impl Fn(usize) -> Value) -> Reply {
    let from: usize = asked.token().map_or(0, |t| t.parse().unwrap());
    let to = (from + 100).min(all);
    let mut body = json!({field: (from..to).map(make).collect::<Vec<_>>()});
    if to < all {
        body["NextToken"] = to.to_string().into();
    }
    Reply::json(&body)
}

pub fn training_job(n: usize) -> Value {
    json!({"TrainingJobName": format!("train-{n:03}"), "TrainingJobStatus": "Completed",
        "TrainingJobArn": format!("arn:aws:sagemaker:eu-west-1:123456789012:training-job/train-{n:03}"),
        "CreationTime": 1_795_000_000 + n, "TrainingEndTime": 1_795_000_600 + n})
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
async fn what_was_fixed_when_a_run_began_is_asked_for_once() {
    let network = Network::new(|asked| match asked.operation.as_str() {
        "DescribePipelineDefinitionForExecution" => {
            Reply::json(&json!({"PipelineDefinition": json!({"Steps": [
            {"Name": "Train", "Type": "Training", "Arguments": {}},
            {"Name": "Register", "Type": "RegisterModel", "DependsOn": ["Train"]}]}).to_string()}))
        }
        "ListPipelineParametersForExecution" => {
            Reply::json(&json!({"PipelineParameters": [{"Name": "CommitId", "Value": "a1b2c3d"}]}))
        }
        _ => Reply::json(&json!({"PipelineExecutionStatus": "Executing"})),
    });
    let sources = network.connect().await;
    let arn = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/churn/execution/abc";
    let run = blank(RunKind::SagemakerPipeline, "churn", arn);
    let first = sources.runs.describe_run(&run).await.unwrap();
    let second = sources.runs.describe_run(&run).await.unwrap();
    assert_eq!(first, second);
    assert_eq!(second.value.steps[1].depends_on, ["Train"]);
    let count = |operation: &str| {
        let asked = network.asked();
        asked.iter().filter(|a| a.operation == operation).count()
    };
    assert_eq!(count("DescribePipelineExecution"), 2);
    assert_eq!(count("ListPipelineExecutionSteps"), 2);
    assert_eq!(count("DescribePipelineDefinitionForExecution"), 1);
    assert_eq!(count("ListPipelineParametersForExecution"), 1);
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
