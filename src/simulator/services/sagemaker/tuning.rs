//! Hyperparameter tuning jobs and the training jobs they start.

use super::super::call::{Call, Reply};
use super::listing::{BY_NAME, Row, job, jobs, reply};
use super::training::{self, status};
use super::{not_found, resource_not_found};
use crate::simulator::moment::Moment;
use crate::simulator::scenario::spec::{StepKind, Tuning};
use crate::simulator::wire::value::{Value, map};
use crate::simulator::world::jobs::JobRun;
use crate::simulator::world::plan::EndKind;

fn is_tuning(job: &JobRun) -> bool {
    job.kind == StepKind::Tuning
}

pub fn list(call: &Call<'_>) -> Reply {
    let now = call.now();
    let rows = jobs(call, is_tuning);
    reply(
        call,
        "HyperParameterTuningJobSummaries",
        BY_NAME,
        rows,
        |job| {
            let (statuses, objectives) = counters(&children(call, &job.name), now);
            map! {
                "HyperParameterTuningJobName" => job.name.as_str(),
                "HyperParameterTuningJobArn" => arn(call, &job.name),
                "HyperParameterTuningJobStatus" => status(job, now),
                "Strategy" => "Bayesian",
                "CreationTime" => job.span.start,
                "HyperParameterTuningEndTime" => job.span.ended(now),
                "LastModifiedTime" => job.span.changed(now),
                "TrainingJobStatusCounters" => statuses,
                "ObjectiveStatusCounters" => objectives,
                "ResourceLimits" => job.job.tuning.as_ref().map(limits),
            }
        },
    )
}

pub fn describe(call: &Call<'_>) -> Reply {
    let now = call.now();
    let job = job(call, "HyperParameterTuningJobName", is_tuning)?;
    let Some(tuning) = &job.job.tuning else {
        return Err(not_found());
    };
    let account = call.account();
    let plan = &job.job;
    let children = children(call, &job.name);
    let (statuses, objectives) = counters(&children, now);
    let best = children
        .iter()
        .filter(|c| c.span.outcome(now) == Some(EndKind::Succeeded))
        .max_by(|a, b| objective(a, tuning).total_cmp(&objective(b, tuning)));
    Ok(map! {
        "HyperParameterTuningJobName" => job.name.as_str(),
        "HyperParameterTuningJobArn" => arn(call, &job.name),
        "HyperParameterTuningJobConfig" => map! {
            "Strategy" => "Bayesian",
            "HyperParameterTuningJobObjective" => map! { "Type" => "Maximize", "MetricName" => tuning.objective.as_str() },
            "ResourceLimits" => limits(tuning),
            "ParameterRanges" => map! {
                "IntegerParameterRanges" => Value::List(Vec::new()),
                "ContinuousParameterRanges" => Value::list(tuning.ranges.iter().map(|(name, [low, high])| map! {
                    "Name" => name.as_str(),
                    "MinValue" => low.to_string(),
                    "MaxValue" => high.to_string(),
                    "ScalingType" => "Logarithmic",
                })),
                "CategoricalParameterRanges" => Value::List(Vec::new()),
            },
            "TrainingJobEarlyStoppingType" => "Auto",
        },
        "TrainingJobDefinition" => map! {
            "StaticHyperParameters" => Value::texts(job.hyperparameters.clone()),
            "AlgorithmSpecification" => map! {
                "TrainingImage" => account.image(&plan.image),
                "TrainingInputMode" => "File",
            },
            "RoleArn" => account.role(&format!("sagemaker-{}-execution", job.team)),
            "OutputDataConfig" => map! { "S3OutputPath" => account.s3(plan.output.as_deref().unwrap_or("tuning")) },
            "ResourceConfig" => map! {
                "InstanceType" => plan.instance.as_str(),
                "InstanceCount" => plan.count,
                "VolumeSizeInGB" => plan.volume_gb,
            },
            "StoppingCondition" => map! { "MaxRuntimeInSeconds" => (plan.max_runtime * 60.0) as i64 },
            "EnableNetworkIsolation" => false,
            "EnableInterContainerTrafficEncryption" => false,
            "EnableManagedSpotTraining" => plan.spot.is_some(),
        },
        "HyperParameterTuningJobStatus" => status(job, now),
        "CreationTime" => job.span.start,
        "HyperParameterTuningEndTime" => job.span.ended(now),
        "LastModifiedTime" => job.span.changed(now),
        "TrainingJobStatusCounters" => statuses,
        "ObjectiveStatusCounters" => objectives,
        "BestTrainingJob" => best.map(|c| summary(call, c, tuning)),
        "FailureReason" => job.span.reason(call.view.spec(), now),
    })
}

pub fn training_jobs(call: &Call<'_>) -> Reply {
    let name = call.required("HyperParameterTuningJobName")?;
    let job = job(call, "HyperParameterTuningJobName", is_tuning).map_err(|_| {
        resource_not_found(format!(
            "Amazon SageMaker can't find a tuning job with the name '{name}'."
        ))
    })?;
    let Some(tuning) = &job.job.tuning else {
        return Err(not_found());
    };
    let now = call.now();
    let children = children(call, name);
    let rows = children
        .iter()
        .map(|child| Row {
            name: &child.name,
            created: child.span.start,
            modified: child.span.changed(now),
            status: status(child, now),
            item: *child,
        })
        .collect();
    reply(
        call,
        "TrainingJobSummaries",
        BY_NAME,
        rows,
        |child: &JobRun| summary(call, child, tuning),
    )
}

fn summary(call: &Call<'_>, child: &JobRun, tuning: &Tuning) -> Value {
    let now = call.now();
    let outcome = child.span.outcome(now);
    let tuned = tuning
        .ranges
        .keys()
        .filter_map(|name| Some((name.clone(), child.hyperparameters.get(name)?.clone())));
    map! {
        "TrainingJobName" => child.name.as_str(),
        "TrainingJobArn" => training::arn(call, &child.name),
        "CreationTime" => child.span.start,
        "TrainingStartTime" => Some(child.work_start()).filter(|at| *at <= now),
        "TrainingEndTime" => child.span.ended(now),
        "TrainingJobStatus" => status(child, now),
        "TunedHyperParameters" => Value::texts(tuned),
        "FailureReason" => child.span.reason(call.view.spec(), now),
        "FinalHyperParameterTuningJobObjectiveMetric" => (outcome == Some(EndKind::Succeeded)).then(|| map! {
            "MetricName" => tuning.objective.as_str(),
            "Value" => objective(child, tuning),
        }),
        "ObjectiveStatus" => match outcome {
            None => "Pending",
            Some(EndKind::Succeeded) => "Succeeded",
            Some(_) => "Failed",
        },
    }
}

fn objective(child: &JobRun, tuning: &Tuning) -> f64 {
    child
        .metrics()
        .into_iter()
        .find(|(name, _)| *name == tuning.objective)
        .map_or(0.0, |(_, value)| value)
}

fn children<'c>(call: &'c Call<'_>, tuning: &str) -> Vec<&'c JobRun> {
    let of_tuning =
        |j: &&JobRun| j.tuning.as_deref() == Some(tuning) && j.span.has_started(call.now());
    call.view.world.jobs.iter().filter(of_tuning).collect()
}

fn counters(children: &[&JobRun], now: Moment) -> (Value, Value) {
    let count = |kind| {
        children
            .iter()
            .filter(|c| c.span.outcome(now) == kind)
            .count()
    };
    let completed = count(Some(EndKind::Succeeded));
    let failed = count(Some(EndKind::Failed));
    let moving = count(None);
    (
        map! {
            "Completed" => completed,
            "InProgress" => moving,
            "RetryableError" => 0_i64,
            "NonRetryableError" => failed,
            "Stopped" => count(Some(EndKind::Stopped)),
        },
        map! { "Succeeded" => completed, "Pending" => moving, "Failed" => failed },
    )
}

fn limits(tuning: &Tuning) -> Value {
    map! {
        "MaxNumberOfTrainingJobs" => tuning.jobs,
        "MaxParallelTrainingJobs" => tuning.parallel,
    }
}

fn arn(call: &Call<'_>, name: &str) -> String {
    call.account()
        .arn("sagemaker", &format!("hyper-parameter-tuning-job/{name}"))
}
