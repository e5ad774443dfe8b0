//! Training jobs.

use super::super::call::{Call, Reply};
use super::lineage;
use super::listing::{OLDEST_FIRST, job, jobs, reply};
use crate::simulator::moment::{Moment, SECOND};
use crate::simulator::scenario::spec::StepKind;
use crate::simulator::wire::value::{Value, map};
use crate::simulator::world::jobs::{JobRun, Phase};
use crate::simulator::world::plan::EndKind;

fn is_training(job: &JobRun) -> bool {
    job.kind == StepKind::Training
}

pub fn list(call: &Call<'_>) -> Reply {
    let now = call.now();
    let rows = jobs(call, is_training);
    reply(call, "TrainingJobSummaries", OLDEST_FIRST, rows, |job| {
        map! {
            "TrainingJobName" => job.name.as_str(),
            "TrainingJobArn" => arn(call, &job.name),
            "CreationTime" => job.span.start,
            "TrainingEndTime" => job.span.ended(now),
            "LastModifiedTime" => job.span.changed(now),
            "TrainingJobStatus" => status(job, now),
            "SecondaryStatus" => secondary_status(job, now),
        }
    })
}

pub fn describe(call: &Call<'_>) -> Reply {
    let now = call.now();
    let job = job(call, "TrainingJobName", is_training)?;
    let account = call.account();
    let plan = &job.job;
    let started = Some(job.work_start()).filter(|at| *at <= now);
    let ended = job.span.ended(now);
    let output = account.s3(plan.output.as_deref().unwrap_or("models"));
    let training_seconds = started
        .zip(ended)
        .map(|(from, until)| until.since(from).max(0) / SECOND);
    let billable = training_seconds.map(|s| (s as f64 * (1.0 - plan.spot.unwrap_or(0.0))) as i64);
    let outcome = job.span.outcome(now);
    let metrics = (outcome == Some(EndKind::Succeeded)).then(|| {
        Value::list(job.metrics().into_iter().map(|(name, value)| {
            map! {
                "MetricName" => name,
                "Value" => value,
                "Timestamp" => ended,
            }
        }))
    });
    let max_runtime = (plan.max_runtime * 60.0) as i64;
    Ok(map! {
        "TrainingJobName" => job.name.as_str(),
        "TrainingJobArn" => arn(call, &job.name),
        "TuningJobArn" => job.tuning.as_ref().map(|t| account.arn("sagemaker", &format!("hyper-parameter-tuning-job/{t}"))),
        "ModelArtifacts" => map! { "S3ModelArtifacts" => format!("{output}/{}/output/model.tar.gz", job.name) },
        "TrainingJobStatus" => status(job, now),
        "SecondaryStatus" => secondary_status(job, now),
        "FailureReason" => job.span.reason(call.view.spec(), now),
        "HyperParameters" => Value::texts(job.hyperparameters.clone()),
        "AlgorithmSpecification" => map! {
            "TrainingImage" => account.image(&plan.image),
            "TrainingInputMode" => "File",
            "MetricDefinitions" => Value::list(plan.metrics.keys().map(|name| map! {
                "Name" => name.as_str(),
                "Regex" => format!("{}=([0-9.]+)", name.rsplit(':').next().unwrap_or(name)),
            })),
            "EnableSageMakerMetricsTimeSeries" => true,
        },
        "RoleArn" => account.role(&format!("sagemaker-{}-execution", job.team)),
        "InputDataConfig" => Value::list(inputs(call, job).into_iter().map(|(channel, uri)| map! {
            "ChannelName" => channel,
            "DataSource" => map! { "S3DataSource" => map! {
                "S3DataType" => "S3Prefix",
                "S3Uri" => uri,
                "S3DataDistributionType" => "FullyReplicated",
            } },
            "CompressionType" => "None",
            "RecordWrapperType" => "None",
        })),
        "OutputDataConfig" => map! { "KmsKeyId" => "", "S3OutputPath" => output, "CompressionType" => "GZIP" },
        "ResourceConfig" => map! {
            "InstanceType" => plan.instance.as_str(),
            "InstanceCount" => plan.count,
            "VolumeSizeInGB" => plan.volume_gb,
        },
        "StoppingCondition" => map! {
            "MaxRuntimeInSeconds" => max_runtime,
            "MaxWaitTimeInSeconds" => plan.spot.map(|_| max_runtime * 2),
        },
        "CreationTime" => job.span.start,
        "TrainingStartTime" => started,
        "TrainingEndTime" => ended,
        "LastModifiedTime" => job.span.changed(now),
        "SecondaryStatusTransitions" => transitions(job, now),
        "FinalMetricDataList" => metrics,
        "EnableNetworkIsolation" => false,
        "EnableInterContainerTrafficEncryption" => false,
        "EnableManagedSpotTraining" => plan.spot.is_some(),
        "CheckpointConfig" => plan.spot.map(|_| map! {
            "S3Uri" => account.s3(&format!("checkpoints/{}", job.name)),
            "LocalPath" => "/opt/ml/checkpoints",
        }),
        "TrainingTimeInSeconds" => training_seconds,
        "BillableTimeInSeconds" => billable,
        "Environment" => (!plan.env.is_empty()).then(|| Value::texts(plan.env.clone())),
        "ProfilingStatus" => "Disabled",
    })
}

/// Channels and their addresses; a job of the demo repository reads its features as DVC keeps them.
fn inputs(call: &Call<'_>, job: &JobRun) -> Vec<(String, String)> {
    let account = call.account();
    let mut inputs: Vec<(String, String)> = job
        .job
        .inputs
        .iter()
        .map(|(channel, key)| (channel.clone(), account.s3(key)))
        .collect();
    if let Some(hash) = lineage::features_of(call, job) {
        inputs.push(("features".to_owned(), lineage::address(call, &hash)));
    }
    inputs
}

pub fn arn(call: &Call<'_>, name: &str) -> String {
    call.account()
        .arn("sagemaker", &format!("training-job/{name}"))
}

/// A job that ran out of its time counts as stopped; only the secondary status tells.
pub fn status(job: &JobRun, now: Moment) -> &'static str {
    match job.span.outcome(now) {
        None => "InProgress",
        Some(EndKind::Succeeded) => "Completed",
        Some(EndKind::Failed) => "Failed",
        Some(EndKind::Stopped | EndKind::TimedOut) => "Stopped",
    }
}

fn secondary_status(job: &JobRun, now: Moment) -> &'static str {
    match job.span.outcome(now) {
        Some(EndKind::Succeeded) => "Completed",
        Some(EndKind::Failed) => "Failed",
        Some(EndKind::Stopped) => "Stopped",
        Some(EndKind::TimedOut) => "MaxRuntimeExceeded",
        None => job
            .phases()
            .iter()
            .rfind(|p| p.start <= now)
            .map_or("Starting", |p| p.status),
    }
}

fn transitions(job: &JobRun, now: Moment) -> Value {
    let mut shown: Vec<Phase> = job.phases();
    // What fails or is stopped does not come to uploading; it ends instead.
    let last = match job.span.ending.kind {
        EndKind::Succeeded => Phase {
            status: "Completed",
            start: job.full_end(),
            end: job.full_end(),
            message: "Training job completed",
        },
        kind => {
            shown.pop();
            Phase {
                status: match kind {
                    EndKind::Failed => "Failed",
                    EndKind::TimedOut => "MaxRuntimeExceeded",
                    _ => "Stopped",
                },
                start: job.full_end(),
                end: job.full_end(),
                message: match kind {
                    EndKind::Failed => "Training job failed",
                    EndKind::TimedOut => {
                        "Training job runtime exceeded MaxRuntimeInSeconds provided"
                    }
                    _ => "Training job stopped",
                },
            }
        }
    };
    shown.push(last);
    Value::list(shown.iter().filter(|p| p.start <= now).map(|phase| {
        map! {
            "Status" => phase.status,
            "StartTime" => phase.start,
            "EndTime" => Some(phase.end).filter(|end| *end <= now),
            "StatusMessage" => phase.message,
        }
    }))
}
