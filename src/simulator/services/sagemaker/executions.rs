//! Executions of pipelines, their steps and parameters.

use super::super::call::{Call, Reply};
use super::listing::{NEWEST_FIRST, Row, reply};
use super::{pipelines, resource_not_found};
use crate::simulator::moment::SECOND;
use crate::simulator::scenario::spec::{Step, StepKind};
use crate::simulator::wire::error::ApiError;
use crate::simulator::wire::value::{Members, Value, map};
use crate::simulator::world::pipelines::{PipelineRun, StepRun};
use crate::simulator::world::plan::{EndKind, Span};

pub fn list(call: &Call<'_>) -> Reply {
    let pipeline = pipelines::find(call, call.required("PipelineName")?)?;
    let spec = call.view.spec();
    let rows = call
        .view
        .world
        .pipelines
        .iter()
        .filter(|r| r.plan(spec).name == pipeline.name && r.span.has_started(call.now()))
        .map(|run| Row {
            name: &run.id,
            created: run.span.start,
            modified: run.span.changed(call.now()),
            status: status(&run.span, call),
            item: run,
        })
        .collect();
    reply(
        call,
        "PipelineExecutionSummaries",
        NEWEST_FIRST,
        rows,
        |run| {
            map! {
                "PipelineExecutionArn" => arn(call, run),
                "StartTime" => run.span.start,
                "PipelineExecutionStatus" => status(&run.span, call),
                "PipelineExecutionDescription" => description(run),
                "PipelineExecutionDisplayName" => display_name(run),
                "PipelineExecutionFailureReason" => failure(call, run),
            }
        },
    )
}

pub fn describe(call: &Call<'_>) -> Reply {
    let run = find(call)?;
    let plan = run.plan(call.view.spec());
    let account = call.account();
    let identity = map! {
        "IamIdentity" => map! {
            "Arn" => format!(
                "arn:aws:sts::{}:assumed-role/{}/{}",
                account.spec.account.id,
                if run.by == "scheduler" { "sagemaker-scheduler" } else { "ml-engineer" },
                run.by
            ),
            "PrincipalId" => format!("AROA{}:{}", account.dice.of(&run.by).mixed_case(17).to_ascii_uppercase(), run.by),
        },
    };
    Ok(map! {
        "PipelineArn" => pipelines::arn(call, &plan.name),
        "PipelineExecutionArn" => arn(call, run),
        "PipelineExecutionDisplayName" => display_name(run),
        "PipelineExecutionStatus" => status(&run.span, call),
        "PipelineExecutionDescription" => description(run),
        "PipelineExperimentConfig" => map! {
            "ExperimentName" => plan.name.as_str(),
            "TrialName" => run.id.as_str(),
        },
        "FailureReason" => failure(call, run),
        "CreationTime" => run.span.start,
        "LastModifiedTime" => run.span.changed(call.now()),
        "CreatedBy" => identity.clone(),
        "LastModifiedBy" => identity,
        "RoleArn" => pipelines::role(call, plan),
    })
}

pub fn steps(call: &Call<'_>) -> Reply {
    let run = find(call)?;
    let now = call.now();
    let mut steps: Vec<&StepRun> = run
        .steps
        .iter()
        .filter(|s| s.span.has_started(now))
        .collect();
    steps.sort_by_key(|s| s.span.start);
    if call.text("SortOrder") != Some("Ascending") {
        steps.reverse();
    }
    let limit = call.limit("MaxResults", 20, 100)?;
    let (page, token) = call.page(steps, limit);
    Ok(map! {
        "PipelineExecutionSteps" => Value::list(page.into_iter().map(|s| step(call, run, s))),
        "NextToken" => token,
    })
}

fn step(call: &Call<'_>, run: &PipelineRun, step: &StepRun) -> Value {
    let now = call.now();
    let spec = call.view.spec();
    let plan = &run.plan(spec).steps[step.step];
    let status = match step.span.outcome(now) {
        Some(EndKind::Succeeded) => "Succeeded",
        Some(EndKind::Stopped) => "Stopped",
        Some(EndKind::Failed | EndKind::TimedOut) => "Failed",
        None if now.since(step.span.start) < 15 * SECOND && step.job.is_some() => "Starting",
        None => "Executing",
    };
    let reason = match plan.kind {
        StepKind::Fail => step.span.ended(now).and(plan.message.as_deref()),
        _ => step.span.reason(spec, now),
    };
    let inner = step.iteration.as_ref();
    let own_name = |name: &Option<String>| name.as_deref().unwrap_or(&plan.name).to_owned();
    map! {
        "StepName" => if inner.is_some() { own_name(&plan.inner) } else { plan.name.clone() },
        "StepDisplayName" => plan.display_name.as_deref(),
        "StartTime" => step.span.start,
        "EndTime" => step.span.ended(now),
        "StepStatus" => status,
        "CacheHitResult" => step.cached_from.as_ref().map(|source| map! {
            "SourcePipelineExecutionArn" => call.account().arn(
                "sagemaker",
                &format!("pipeline/{}/execution/{source}", run.plan(spec).name),
            ),
        }),
        "FailureReason" => reason,
        "Metadata" => metadata(call, run, step, plan),
        "AttemptCount" => 1_i64,
        "IterationContext" => inner.map(|(index, item)| map! {
            "ParentStepName" => plan.name.as_str(),
            "Index" => *index,
            "Item" => item.as_str(),
        }),
    }
}

/// What the step works with: one key, and none while it is not known yet.
fn metadata(call: &Call<'_>, run: &PipelineRun, step: &StepRun, plan: &Step) -> Option<Value> {
    let account = call.account();
    let now = call.now();
    let job_arn = |kind: &str| {
        let name = step.job.as_ref()?;
        (step.span.start.plus(SECOND) <= now)
            .then(|| map! { "Arn" => account.arn("sagemaker", &format!("{kind}/{name}")) })
    };
    let ended = step.span.outcome(now) == Some(EndKind::Succeeded);
    let mut members = Members::default();
    match plan.kind {
        StepKind::ForEach if step.iteration.is_some() => {
            members.put("ProcessingJob", job_arn("processing-job")?);
        }
        StepKind::Training => members.put("TrainingJob", job_arn("training-job")?),
        StepKind::Processing => members.put("ProcessingJob", job_arn("processing-job")?),
        StepKind::Transform => members.put("TransformJob", job_arn("transform-job")?),
        StepKind::Tuning => members.put("TuningJob", job_arn("hyper-parameter-tuning-job")?),
        StepKind::QualityCheck => members.put("QualityCheck", quality_check(call, step, plan)?),
        StepKind::Condition => {
            let outcome = step.span.ended(now).and(step.outcome)?;
            members.put("Condition", map! { "Outcome" => if outcome { "True" } else { "False" } });
        }
        StepKind::Model if ended => members.put(
            "Model",
            map! { "Arn" => account.arn("sagemaker", &format!("model/pipelines-{}-{}", run.id, plan.name.to_lowercase())) },
        ),
        StepKind::RegisterModel if ended => {
            let index = call.view.world.pipelines.iter().position(|r| r.id == run.id);
            let package = call.view.world.packages.iter().find(|p| p.run.is_some() && p.run == index)?;
            let group = &call.view.spec().model_groups[package.group].name;
            members.put(
                "RegisterModel",
                map! { "Arn" => account.arn("sagemaker", &format!("model-package/{group}/{}", package.version)) },
            );
        }
        StepKind::Lambda => members.put(
            "Lambda",
            map! { "Arn" => account.arn("lambda", &format!("function:{}", plan.function.as_deref()?)) },
        ),
        StepKind::Fail => members.put("Fail", map! { "ErrorMessage" => plan.message.as_deref()? }),
        StepKind::ForEach => members.put("ForEach", for_each(call, run, step, plan)),
        StepKind::Model | StepKind::RegisterModel => return None,
    }
    Some(Value::Map(members))
}

fn quality_check(call: &Call<'_>, step: &StepRun, plan: &Step) -> Option<Value> {
    let account = call.account();
    let name = step.job.as_ref()?;
    let output = account.s3(plan.job.as_ref()?.output.as_deref().unwrap_or("monitor"));
    Some(map! {
        "CheckType" => "DATA_QUALITY",
        "CalculatedBaselineStatistics" => format!("{output}/{name}/statistics.json"),
        "CalculatedBaselineConstraints" => format!("{output}/{name}/constraints.json"),
        "CheckJobArn" => account.arn("sagemaker", &format!("processing-job/{name}")),
        "SkipCheck" => false,
        "RegisterNewBaseline" => true,
    })
}

fn for_each(call: &Call<'_>, run: &PipelineRun, step: &StepRun, plan: &Step) -> Value {
    let now = call.now();
    let inside: Vec<&StepRun> = run
        .steps
        .iter()
        .filter(|s| s.step == step.step && s.iteration.is_some())
        .collect();
    let count = |kind| {
        inside
            .iter()
            .filter(|s| s.span.outcome(now) == Some(kind))
            .count()
    };
    let status = match step.span.outcome(now) {
        Some(EndKind::Succeeded) => Some("Succeeded"),
        Some(EndKind::Stopped) => Some("Stopped"),
        Some(_) => Some("Failed"),
        None => None,
    };
    map! {
        "Status" => status,
        "InputItemCount" => plan.items.len(),
        "TotalStepCount" => inside.len(),
        "SucceededStepCount" => count(EndKind::Succeeded),
        "FailedStepCount" => count(EndKind::Failed),
        "StoppedStepCount" => count(EndKind::Stopped),
    }
}

pub fn parameters(call: &Call<'_>) -> Reply {
    let run = find(call)?;
    let limit = call.limit("MaxResults", 10, 100)?;
    let (page, token) = call.page(run.parameters.iter().collect(), limit);
    Ok(map! {
        "PipelineParameters" => Value::list(page.into_iter().map(|(name, value)| map! {
            "Name" => name,
            "Value" => value,
        })),
        "NextToken" => token,
    })
}

/// The execution whose ARN the call names.
pub fn find<'c>(call: &'c Call<'_>) -> Result<&'c PipelineRun, ApiError> {
    let wanted = call.required("PipelineExecutionArn")?;
    let id = wanted.rsplit('/').next().unwrap_or(wanted);
    call.view
        .world
        .pipelines
        .iter()
        .find(|r| r.id == id && r.span.has_started(call.now()) && arn(call, r) == wanted)
        .ok_or_else(|| {
            resource_not_found(format!(
                "Pipeline execution with ARN {wanted} does not exist."
            ))
        })
}

pub fn arn(call: &Call<'_>, run: &PipelineRun) -> String {
    let name = &run.plan(call.view.spec()).name;
    call.account().arn(
        "sagemaker",
        &format!("pipeline/{name}/execution/{}", run.id),
    )
}

/// The number of the run: names of executions have only letters, digits and dashes.
fn display_name(run: &PipelineRun) -> String {
    run.number.to_string()
}

fn description(run: &PipelineRun) -> String {
    if run.by == "scheduler" {
        "Started by EventBridge Scheduler".to_owned()
    } else {
        format!("Started by {}", run.by)
    }
}

fn failure(call: &Call<'_>, run: &PipelineRun) -> Option<String> {
    run.span.ended(call.now())?;
    match run.span.ending.kind {
        EndKind::Succeeded => None,
        EndKind::Stopped => Some("Step failure: one or multiple steps were stopped.".to_owned()),
        EndKind::Failed | EndKind::TimedOut => {
            Some("Step failure: One or multiple steps failed.".to_owned())
        }
    }
}

fn status(span: &Span, call: &Call<'_>) -> &'static str {
    match span.outcome(call.now()) {
        None => "Executing",
        Some(EndKind::Succeeded) => "Succeeded",
        Some(EndKind::Stopped) => "Stopped",
        Some(EndKind::Failed | EndKind::TimedOut) => "Failed",
    }
}
