//! AWS Glue: jobs and their runs.

use super::call::{Call, Reply};
use crate::simulator::moment::{DAY, SECOND};
use crate::simulator::scenario::spec::GlueJob;
use crate::simulator::wire::error::ApiError;
use crate::simulator::wire::value::{Value, map};
use crate::simulator::world::plan::EndKind;
use crate::simulator::world::work::GlueRun;

pub fn answer(call: &Call<'_>) -> Option<Reply> {
    Some(match call.operation {
        "GetJobs" => jobs(call),
        "ListJobs" => names(call),
        "GetJobRuns" => runs(call),
        "GetJobRun" => run(call),
        _ => return None,
    })
}

fn names(call: &Call<'_>) -> Reply {
    let limit = call.limit("MaxResults", 100, 1000)?;
    let names = call
        .view
        .spec()
        .glue_jobs
        .iter()
        .map(|j| j.name.as_str())
        .collect();
    let (page, token) = call.page(names, limit);
    Ok(map! { "JobNames" => Value::list(page), "NextToken" => token })
}

fn jobs(call: &Call<'_>) -> Reply {
    let limit = call.limit("MaxResults", 100, 1000)?;
    let (page, token) = call.page(call.view.spec().glue_jobs.iter().collect(), limit);
    Ok(map! {
        "Jobs" => Value::list(page.into_iter().map(|job| describe(call, job))),
        "NextToken" => token,
    })
}

fn describe(call: &Call<'_>, job: &GlueJob) -> Value {
    let account = call.account();
    let dice = account.dice.of("glue job").of(&job.name);
    let back = |days: f64| account.start.plus(-(days * DAY as f64) as i64);
    map! {
        "Name" => job.name.as_str(),
        "JobMode" => "SCRIPT",
        "JobRunQueuingEnabled" => false,
        "Description" => job.description.as_str(),
        "Role" => account.role(&format!("glue-{}", job.team)),
        "CreatedOn" => back(dice.of("created").between(60.0, 300.0)),
        "LastModifiedOn" => back(dice.of("changed").between(3.0, 50.0)),
        "ExecutionProperty" => map! { "MaxConcurrentRuns" => 2_i64 },
        "Command" => map! {
            "Name" => "glueetl",
            "ScriptLocation" => account.s3(&job.script),
            "PythonVersion" => "3",
        },
        "DefaultArguments" => Value::texts(arguments(job)),
        "MaxRetries" => 0_i64,
        "AllocatedCapacity" => capacity(job) as i64,
        "Timeout" => 480_i64,
        "MaxCapacity" => capacity(job),
        "WorkerType" => job.worker.as_str(),
        "NumberOfWorkers" => job.workers,
        "GlueVersion" => "5.0",
        "ExecutionClass" => "STANDARD",
    }
}

fn arguments(job: &GlueJob) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = job.arguments.clone().into_iter().collect();
    all.push(("--enable-metrics".into(), "true".into()));
    all.push(("--job-language".into(), "python".into()));
    all
}

/// In data processing units.
fn capacity(job: &GlueJob) -> f64 {
    let each = match job.worker.as_str() {
        "G.2X" => 2.0,
        "G.4X" => 4.0,
        "G.8X" => 8.0,
        _ => 1.0,
    };
    each * f64::from(job.workers)
}

fn find<'c>(call: &Call<'c>) -> Result<(usize, &'c GlueJob), ApiError> {
    let name = call.required("JobName")?;
    let mut jobs = call.view.spec().glue_jobs.iter().enumerate();
    jobs.find(|(_, j)| j.name == name).ok_or_else(|| {
        ApiError::new(
            "EntityNotFoundException",
            format!("Failed to find job {name}. Please check the name and try again."),
        )
    })
}

fn runs(call: &Call<'_>) -> Reply {
    let (index, _) = find(call)?;
    let limit = call.limit("MaxResults", 100, 200)?;
    let all = call.view.world.glue.iter();
    let mut runs: Vec<&GlueRun> = all
        .filter(|r| r.job == index && r.span.has_started(call.now()))
        .collect();
    runs.reverse();
    let (page, token) = call.page(runs, limit);
    Ok(map! {
        "JobRuns" => Value::list(page.into_iter().map(|r| describe_run(call, r))),
        "NextToken" => token,
    })
}

fn run(call: &Call<'_>) -> Reply {
    let (index, job) = find(call)?;
    let id = call.required("RunId")?;
    let found = call
        .view
        .world
        .glue
        .iter()
        .find(|r| r.job == index && r.id == id && r.span.has_started(call.now()));
    let run = found.ok_or_else(|| {
        ApiError::new(
            "EntityNotFoundException",
            format!("Job run {id} of job {} not found.", job.name),
        )
    })?;
    Ok(map! { "JobRun" => describe_run(call, run) })
}

fn describe_run(call: &Call<'_>, run: &GlueRun) -> Value {
    let now = call.now();
    let job = &call.view.spec().glue_jobs[run.job];
    let ended = run.span.ended(now);
    let working = run.span.start.plus(22 * SECOND);
    let state = match run.span.outcome(now) {
        None if now < working => "STARTING",
        None => "RUNNING",
        Some(EndKind::Succeeded) => "SUCCEEDED",
        Some(EndKind::Failed) => "FAILED",
        Some(EndKind::Stopped) => "STOPPED",
        Some(EndKind::TimedOut) => "TIMEOUT",
    };
    let seconds = ended.unwrap_or(now).since(working).max(0) / SECOND;
    map! {
        "Id" => run.id.as_str(),
        "Attempt" => 0_i64,
        "JobName" => job.name.as_str(),
        "JobMode" => "SCRIPT",
        "JobRunQueuingEnabled" => false,
        "StartedOn" => run.span.start,
        "LastModifiedOn" => run.span.changed(now),
        "CompletedOn" => ended,
        "JobRunState" => state,
        "Arguments" => Value::texts(job.arguments.clone()),
        "ErrorMessage" => run.span.reason(call.view.spec(), now),
        "PredecessorRuns" => Value::List(Vec::new()),
        "AllocatedCapacity" => capacity(job) as i64,
        "ExecutionTime" => seconds,
        "Timeout" => 480_i64,
        "MaxCapacity" => capacity(job),
        "WorkerType" => job.worker.as_str(),
        "NumberOfWorkers" => job.workers,
        "LogGroupName" => "/aws-glue/jobs",
        "GlueVersion" => "5.0",
        "DPUSeconds" => ended.map(|_| seconds as f64 * capacity(job)),
        "ExecutionClass" => "STANDARD",
    }
}
