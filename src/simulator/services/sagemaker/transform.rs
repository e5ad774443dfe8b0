//! Batch transform jobs.

use super::super::call::{Call, Reply};
use super::listing::{NEWEST_FIRST, job, jobs, reply};
use super::training::status;
use crate::simulator::scenario::spec::StepKind;
use crate::simulator::wire::value::map;
use crate::simulator::world::jobs::JobRun;

fn is_transform(job: &JobRun) -> bool {
    job.kind == StepKind::Transform
}

pub fn list(call: &Call<'_>) -> Reply {
    let now = call.now();
    let rows = jobs(call, is_transform);
    reply(call, "TransformJobSummaries", NEWEST_FIRST, rows, |job| {
        map! {
            "TransformJobName" => job.name.as_str(),
            "TransformJobArn" => arn(call, &job.name),
            "CreationTime" => job.span.start,
            "TransformEndTime" => job.span.ended(now),
            "LastModifiedTime" => job.span.changed(now),
            "TransformJobStatus" => status(job, now),
            "FailureReason" => job.span.reason(call.view.spec(), now),
        }
    })
}

pub fn describe(call: &Call<'_>) -> Reply {
    let now = call.now();
    let job = job(call, "TransformJobName", is_transform)?;
    let account = call.account();
    let plan = &job.job;
    let input = plan.inputs.values().next().map_or("input", String::as_str);
    let model = plan.image.split(':').next().unwrap_or("model");
    Ok(map! {
        "TransformJobName" => job.name.as_str(),
        "TransformJobArn" => arn(call, &job.name),
        "TransformJobStatus" => status(job, now),
        "FailureReason" => job.span.reason(call.view.spec(), now),
        "ModelName" => format!("{model}-batch"),
        "MaxConcurrentTransforms" => 4_i64,
        "MaxPayloadInMB" => 6_i64,
        "BatchStrategy" => "MultiRecord",
        "TransformInput" => map! {
            "DataSource" => map! { "S3DataSource" => map! { "S3DataType" => "S3Prefix", "S3Uri" => account.s3(input) } },
            "ContentType" => "application/jsonlines",
            "CompressionType" => "None",
            "SplitType" => "Line",
        },
        "TransformOutput" => map! {
            "S3OutputPath" => account.s3(plan.output.as_deref().unwrap_or("output")),
            "Accept" => "application/jsonlines",
            "AssembleWith" => "Line",
            "KmsKeyId" => "",
        },
        "TransformResources" => map! {
            "InstanceType" => plan.instance.as_str(),
            "InstanceCount" => plan.count,
        },
        "CreationTime" => job.span.start,
        "TransformStartTime" => Some(job.work_start()).filter(|at| *at <= now),
        "TransformEndTime" => job.span.ended(now),
        "DataProcessing" => map! { "InputFilter" => "$", "OutputFilter" => "$", "JoinSource" => "None" },
    })
}

fn arn(call: &Call<'_>, name: &str) -> String {
    call.account()
        .arn("sagemaker", &format!("transform-job/{name}"))
}
