//! boto3, with AWS's own service models, must be able to parse every answer over HTTP.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::sync::{Arc, mpsc};

use flightdeck::simulator::{Scenario, SimClock, Simulator, serve};

use jiff::SignedDuration;

use super::clients::{SEED, start};
use crate::support::{source_folder, venv};

/// Every operation that the account answers.
const OPERATIONS: &[&str] = &[
    "budgets:DescribeBudgets",
    "ce:GetCostAndUsage",
    "ce:GetCostForecast",
    "cloudwatch:DescribeAlarms",
    "cloudwatch:GetMetricData",
    "cloudwatch:GetMetricStatistics",
    "cloudwatch:ListMetrics",
    "codebuild:BatchGetBuilds",
    "codebuild:ListBuilds",
    "codebuild:ListBuildsForProject",
    "codebuild:ListProjects",
    "codepipeline:GetPipelineExecution",
    "codepipeline:GetPipelineState",
    "codepipeline:ListActionExecutions",
    "codepipeline:ListPipelineExecutions",
    "codepipeline:ListPipelines",
    "ecr:DescribeImageScanFindings",
    "ecr:DescribeImages",
    "ecr:DescribeRepositories",
    "glue:GetJobRun",
    "glue:GetJobRuns",
    "glue:GetJobs",
    "glue:ListJobs",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "logs:DescribeQueryDefinitions",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:GetQueryResults",
    "logs:ListAnomalies",
    "logs:StartLiveTail",
    "logs:StartQuery",
    "logs:StopQuery",
    "sagemaker:BatchDescribeModelPackage",
    "sagemaker:DescribeEndpoint",
    "sagemaker:DescribeEndpointConfig",
    "sagemaker:DescribeHyperParameterTuningJob",
    "sagemaker:DescribeModel",
    "sagemaker:DescribeModelPackage",
    "sagemaker:DescribePipeline",
    "sagemaker:DescribePipelineDefinitionForExecution",
    "sagemaker:DescribePipelineExecution",
    "sagemaker:DescribeProcessingJob",
    "sagemaker:DescribeTrainingJob",
    "sagemaker:DescribeTransformJob",
    "sagemaker:ListEndpoints",
    "sagemaker:ListHyperParameterTuningJobs",
    "sagemaker:ListModelPackageGroups",
    "sagemaker:ListModelPackages",
    "sagemaker:ListModels",
    "sagemaker:ListPipelineExecutionSteps",
    "sagemaker:ListPipelineExecutions",
    "sagemaker:ListPipelineParametersForExecution",
    "sagemaker:ListPipelines",
    "sagemaker:ListProcessingJobs",
    "sagemaker:ListTags",
    "sagemaker:ListTrainingJobs",
    "sagemaker:ListTrainingJobsForHyperParameterTuningJob",
    "sagemaker:ListTransformJobs",
    "stepfunctions:DescribeExecution",
    "stepfunctions:DescribeStateMachine",
    "stepfunctions:GetExecutionHistory",
    "stepfunctions:ListExecutions",
    "stepfunctions:ListStateMachines",
    "sts:GetCallerIdentity",
];

#[derive(serde::Deserialize)]
struct Verdict {
    asked: BTreeMap<String, u32>,
    violations: Vec<String>,
    refused: BTreeMap<String, String>,
}

/// The working day with a past of three days: the judge looks at every single thing there is.
fn short_simulator_at(minutes: f64) -> Arc<Simulator> {
    let day = include_str!("../../scenarios/working-day.toml");
    let short = day.replace("history_days = 14", "history_days = 3");
    assert_ne!(day, short);
    let at = start() + SignedDuration::from_secs_f64(minutes * 60.0);
    let scenario = Scenario::parse("working-day.toml", &short).unwrap();
    Simulator::new(scenario, SEED, Arc::new(SimClock::fixed(at)), start())
}

/// Serves the account in the background for as long as the runtime that is given back lives.
fn served(minutes: f64) -> (tokio::runtime::Runtime, SocketAddr) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let (told, address) = mpsc::channel();
    runtime.spawn(async move {
        let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        serve(short_simulator_at(minutes), anywhere, |at| {
            told.send(at).unwrap()
        })
        .await
    });
    let address = address.recv().unwrap();
    (runtime, address)
}

#[test]
fn aws_own_models_parse_every_answer() {
    let python = venv::python("moto").unwrap_or_else(|why| panic!("{why}"));
    let (_runtime, address) = served(12.0);
    let now = start() + SignedDuration::from_mins(12);
    let said = venv::output(
        Command::new(python)
            .arg(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/simulator/walk.py"
            ))
            .arg(source_folder())
            .args([format!("http://{address}"), now.to_string()]),
    )
    .unwrap_or_else(|why| panic!("{why}"));
    let verdict: Verdict = serde_json::from_str(&said).unwrap();
    assert_eq!(verdict.violations, Vec::<String>::new());
    let unasked: Vec<&&str> = OPERATIONS
        .iter()
        .filter(|operation| !verdict.asked.contains_key(**operation))
        .collect();
    assert!(unasked.is_empty(), "nobody asked {unasked:?}");
    // What the judge asks beyond that is refused in the account's own words.
    for (operation, code) in &verdict.refused {
        assert!(!OPERATIONS.contains(&operation.as_str()), "{operation}");
        assert_eq!(code, "UnknownOperationException", "{operation}");
    }
}
