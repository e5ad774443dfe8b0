//! Links into the AWS console.

use super::arn::Arn;
use super::endpoint::Endpoint;
use super::run::{Run, RunKind};

fn host(region: &str) -> String {
    let domain = if region.starts_with("cn-") {
        "amazonaws.cn"
    } else if region.starts_with("us-gov-") {
        "amazonaws-us-gov.com"
    } else {
        "aws.amazon.com"
    };
    format!("https://{region}.console.{domain}")
}

/// Where the console shows this run.
pub fn run_url(run: &Run, region: &str) -> String {
    let base = host(region);
    match run.kind {
        RunKind::SagemakerPipeline => format!(
            "{base}/sagemaker/home?region={region}#/pipelines/{}/executions/{}",
            run.family, run.id
        ),
        RunKind::TrainingJob => format!("{base}/sagemaker/home?region={region}#/jobs/{}", run.id),
        RunKind::ProcessingJob => format!(
            "{base}/sagemaker/home?region={region}#/processing-jobs/{}",
            run.id
        ),
        RunKind::TransformJob => format!(
            "{base}/sagemaker/home?region={region}#/transform-jobs/{}",
            run.id
        ),
        RunKind::TuningJob => format!(
            "{base}/sagemaker/home?region={region}#/hyper-tuning-jobs/{}",
            run.id
        ),
        RunKind::StepFunctions => format!(
            "{base}/states/home?region={region}#/v2/executions/details/{}",
            run.arn
        ),
        RunKind::Codepipeline => format!(
            "{base}/codesuite/codepipeline/pipelines/{}/executions/{}/timeline?region={region}",
            run.family, run.id
        ),
        RunKind::Codebuild => {
            let account = Arn::parse(&run.arn).map_or("", |a| a.account);
            format!(
                "{base}/codesuite/codebuild/{account}/projects/{}/build/{}?region={region}",
                run.family,
                percent_encode(&run.id)
            )
        }
        RunKind::Glue => format!(
            "{base}/gluestudio/home?region={region}#/job/{}/run/{}",
            run.family, run.id
        ),
    }
}

pub fn endpoint_url(endpoint: &Endpoint, region: &str) -> String {
    format!(
        "{}/sagemaker/home?region={region}#/endpoints/{}",
        host(region),
        endpoint.name
    )
}

/// The console writes `/` in a log group as `$252F`.
pub fn log_group_url(group: &str, region: &str) -> String {
    format!(
        "{}/cloudwatch/home?region={region}#logsV2:log-groups/log-group/{}",
        host(region),
        percent_encode(group).replace('%', "$25")
    )
}

pub fn costs_url() -> &'static str {
    "https://us-east-1.console.aws.amazon.com/costmanagement/home#/cost-explorer"
}

pub fn model_group_url(group: &str, region: &str) -> String {
    format!(
        "{}/sagemaker/home?region={region}#/model-packages/{group}",
        host(region)
    )
}

fn percent_encode(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                (b as char).to_string()
            }
            _ => format!("%{b:02X}"),
        })
        .collect()
}
