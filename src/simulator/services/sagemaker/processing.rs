//! Processing jobs; quality checks of pipelines are processing jobs too.

use super::super::call::{Call, Reply};
use super::listing::{OLDEST_FIRST, job, jobs, reply};
use super::training::status;
use crate::simulator::moment::Moment;
use crate::simulator::scenario::spec::StepKind;
use crate::simulator::wire::value::{Value, map};
use crate::simulator::world::jobs::JobRun;
use crate::simulator::world::plan::EndKind;

fn is_processing(job: &JobRun) -> bool {
    job.kind == StepKind::Processing || job.is_check()
}

pub fn list(call: &Call<'_>) -> Reply {
    let now = call.now();
    let rows = jobs(call, is_processing);
    reply(call, "ProcessingJobSummaries", OLDEST_FIRST, rows, |job| {
        map! {
            "ProcessingJobName" => job.name.as_str(),
            "ProcessingJobArn" => arn(call, &job.name),
            "CreationTime" => job.span.start,
            "ProcessingEndTime" => job.span.ended(now),
            "LastModifiedTime" => job.span.changed(now),
            "ProcessingJobStatus" => status(job, now),
            "FailureReason" => job.span.reason(call.view.spec(), now),
            "ExitMessage" => exit_message(job, now),
        }
    })
}

pub fn describe(call: &Call<'_>) -> Reply {
    let now = call.now();
    let job = job(call, "ProcessingJobName", is_processing)?;
    let account = call.account();
    let plan = &job.job;
    let s3_input = |name: &str, key: &str| {
        map! {
            "InputName" => name,
            "AppManaged" => false,
            "S3Input" => map! {
                "S3Uri" => account.s3(key),
                "LocalPath" => format!("/opt/ml/processing/{}", if name == "code" { "input/code" } else { name }),
                "S3DataType" => "S3Prefix",
                "S3InputMode" => "File",
                "S3DataDistributionType" => "FullyReplicated",
                "S3CompressionType" => "None",
            },
        }
    };
    let output = account.s3(plan.output.as_deref().unwrap_or("output"));
    Ok(map! {
        "ProcessingInputs" => Value::list(plan.inputs.iter().map(|(n, key)| s3_input(n, key))),
        "ProcessingOutputConfig" => map! { "Outputs" => Value::list([map! {
            "OutputName" => "output",
            "S3Output" => map! {
                "S3Uri" => format!("{output}/{}", job.name),
                "LocalPath" => "/opt/ml/processing/output",
                "S3UploadMode" => "EndOfJob",
            },
            "AppManaged" => false,
        }]) },
        "ProcessingJobName" => job.name.as_str(),
        "ProcessingResources" => map! { "ClusterConfig" => map! {
            "InstanceCount" => plan.count,
            "InstanceType" => plan.instance.as_str(),
            "VolumeSizeInGB" => plan.volume_gb,
        } },
        "StoppingCondition" => map! { "MaxRuntimeInSeconds" => (plan.max_runtime * 60.0) as i64 },
        "AppSpecification" => map! {
            "ImageUri" => account.image(&plan.image),
            "ContainerEntrypoint" => (!plan.command.is_empty()).then(|| Value::list(&plan.command)),
        },
        "Environment" => (!plan.env.is_empty()).then(|| Value::texts(plan.env.clone())),
        "RoleArn" => account.role(&format!("sagemaker-{}-execution", job.team)),
        "ProcessingJobArn" => arn(call, &job.name),
        "ProcessingJobStatus" => status(job, now),
        "ExitMessage" => exit_message(job, now),
        "FailureReason" => job.span.reason(call.view.spec(), now),
        "ProcessingEndTime" => job.span.ended(now),
        "ProcessingStartTime" => Some(job.work_start()).filter(|at| *at <= now),
        "LastModifiedTime" => job.span.changed(now),
        "CreationTime" => job.span.start,
    })
}

fn arn(call: &Call<'_>, name: &str) -> String {
    call.account()
        .arn("sagemaker", &format!("processing-job/{name}"))
}

fn exit_message(job: &JobRun, now: Moment) -> Option<&'static str> {
    match job.span.outcome(now)? {
        EndKind::Succeeded if job.is_check() => {
            Some("Completed: Job completed successfully with no violations.")
        }
        EndKind::Failed => Some("See job logs for more information"),
        _ => None,
    }
}
