//! AWS CodePipeline.

mod actions;
mod state;

use super::call::{Call, Reply};
use crate::simulator::moment::{DAY, Moment};
use crate::simulator::repository::Commit;
use crate::simulator::scenario::spec::{Action, Delivery};
use crate::simulator::wire::error::ApiError;
use crate::simulator::wire::value::{Value, map};
use crate::simulator::world::deliveries::{ActionRun, DeliveryRun};
use crate::simulator::world::plan::EndKind;

pub fn answer(call: &Call<'_>) -> Option<Reply> {
    Some(match call.operation {
        "ListPipelines" => list(call),
        "GetPipelineState" => state::state(call),
        "ListPipelineExecutions" => executions(call),
        "GetPipelineExecution" => get_execution(call),
        "ListActionExecutions" => actions::actions(call),
        _ => return None,
    })
}

fn age(call: &Call<'_>, delivery: &Delivery) -> (Moment, Moment) {
    let dice = call.account().dice.of("delivery age").of(&delivery.name);
    let back = |days: f64| call.account().start.plus(-(days * DAY as f64) as i64);
    (
        back(dice.of("created").between(100.0, 300.0)),
        back(dice.of("changed").between(5.0, 60.0)),
    )
}

fn list(call: &Call<'_>) -> Reply {
    let limit = call.limit("maxResults", 1000, 1000)?;
    let (page, token) = call.page(call.view.spec().deliveries.iter().collect(), limit);
    Ok(map! {
        "pipelines" => Value::list(page.into_iter().map(|delivery| {
            let (created, changed) = age(call, delivery);
            map! {
                "name" => delivery.name.as_str(),
                "version" => 7_i64,
                "pipelineType" => "V2",
                "executionMode" => "SUPERSEDED",
                "created" => created,
                "updated" => changed,
            }
        })),
        "nextToken" => token,
    })
}

fn find<'c>(call: &Call<'c>, member: &str) -> Result<(usize, &'c Delivery), ApiError> {
    let name = call.required(member)?;
    let mut deliveries = call.view.spec().deliveries.iter().enumerate();
    deliveries.find(|(_, d)| d.name == name).ok_or_else(|| {
        ApiError::new(
            "PipelineNotFoundException",
            format!(
                "Account '{}' does not have a pipeline with name '{name}'",
                call.view.spec().account.id
            ),
        )
    })
}

/// The runs of a delivery that have begun, newest first.
fn runs<'c>(call: &'c Call<'_>, delivery: usize) -> Vec<&'c DeliveryRun> {
    let all = call.view.world.deliveries.iter();
    let mut runs: Vec<_> = all
        .filter(|r| r.delivery == delivery && r.span.has_started(call.now()))
        .collect();
    runs.reverse();
    runs
}

fn status(call: &Call<'_>, run: &DeliveryRun) -> &'static str {
    let newer = call.view.world.deliveries.iter().any(|r| {
        r.delivery == run.delivery
            && r.span.start > run.span.start
            && r.span.has_started(call.now())
    });
    match run.span.outcome(call.now()) {
        None if newer && run.span.end.is_none() => "Superseded",
        None => "InProgress",
        Some(EndKind::Succeeded) => "Succeeded",
        Some(EndKind::Stopped) => "Stopped",
        Some(EndKind::Failed | EndKind::TimedOut) => "Failed",
    }
}

fn action_status(call: &Call<'_>, run: &DeliveryRun, action: &ActionRun) -> &'static str {
    match action.span.outcome(call.now()) {
        None if status(call, run) == "Superseded" => "Abandoned",
        None => "InProgress",
        Some(EndKind::Succeeded) => "Succeeded",
        Some(EndKind::Stopped) => "Abandoned",
        Some(EndKind::Failed | EndKind::TimedOut) => "Failed",
    }
}

fn executions(call: &Call<'_>) -> Reply {
    let (index, _) = find(call, "pipelineName")?;
    let limit = call.limit("maxResults", 100, 100)?;
    let (page, token) = call.page(runs(call, index), limit);
    Ok(map! {
        "pipelineExecutionSummaries" => Value::list(page.into_iter().map(|run| {
            let commit = commit(call, run);
            map! {
                "pipelineExecutionId" => run.id.as_str(),
                "status" => status(call, run),
                "startTime" => run.span.start,
                "lastUpdateTime" => updated(call, run),
                "sourceRevisions" => Value::list([map! {
                    "actionName" => "Checkout",
                    "revisionId" => commit.id.as_str(),
                    "revisionSummary" => serde_json::json!({ "ProviderType": "GitHub", "CommitMessage": commit.summary() }).to_string(),
                    "revisionUrl" => commit_url(call, run, &commit),
                }]),
                "trigger" => trigger(call, run),
                "executionMode" => "SUPERSEDED",
                "executionType" => "STANDARD",
            }
        })),
        "nextToken" => token,
    })
}

fn commit(call: &Call<'_>, run: &DeliveryRun) -> Commit {
    let plan = &call.view.spec().deliveries[run.delivery];
    call.account().commit(&plan.repository, run.commit)
}

fn commit_url(call: &Call<'_>, run: &DeliveryRun, commit: &Commit) -> String {
    let repository = &call.view.spec().deliveries[run.delivery].repository;
    format!("https://github.com/acme/{repository}/commit/{}", commit.id)
}

fn trigger(call: &Call<'_>, run: &DeliveryRun) -> Value {
    map! {
        "triggerType" => "StartPipelineExecution",
        "triggerDetail" => format!("arn:aws:sts::{}:assumed-role/ml-engineer/{}", call.view.spec().account.id, run.by),
    }
}

fn updated(call: &Call<'_>, run: &DeliveryRun) -> Moment {
    let now = call.now();
    let moments = run
        .actions
        .iter()
        .flat_map(|a| [Some(a.span.start), a.span.end])
        .flatten();
    moments
        .filter(|at| *at <= now)
        .max()
        .unwrap_or(run.span.start)
}

fn get_execution(call: &Call<'_>) -> Reply {
    let (index, delivery) = find(call, "pipelineName")?;
    let id = call.required("pipelineExecutionId")?;
    let runs = runs(call, index);
    let run = runs.iter().find(|r| r.id == id).ok_or_else(|| {
        ApiError::new(
            "PipelineExecutionNotFoundException",
            format!("The pipeline execution '{id}' does not exist"),
        )
    })?;
    let commit = commit(call, run);
    Ok(map! { "pipelineExecution" => map! {
        "pipelineName" => delivery.name.as_str(),
        "pipelineVersion" => 7_i64,
        "pipelineExecutionId" => id,
        "status" => status(call, run),
        "artifactRevisions" => Value::list([map! {
            "name" => "SourceArtifact",
            "revisionId" => commit.id.as_str(),
            "revisionSummary" => commit.summary(),
            "created" => commit.at,
            "revisionUrl" => commit_url(call, run, &commit),
        }]),
        "trigger" => trigger(call, run),
        "executionMode" => "SUPERSEDED",
        "executionType" => "STANDARD",
    } })
}

fn build_url(call: &Call<'_>, build: &str) -> String {
    let region = &call.view.spec().account.region;
    let project = build.split(':').next().unwrap_or_default();
    format!(
        "https://{region}.console.aws.amazon.com/codesuite/codebuild/projects/{project}/build/{build}/view"
    )
}

fn summary(call: &Call<'_>, action: &Action, found: &ActionRun) -> Option<String> {
    if action.category == "Approval" {
        return action.summary.clone();
    }
    match found.span.outcome(call.now())? {
        EndKind::Succeeded => Some(format!("{} succeeded", action.name)),
        _ => Some(format!("{} failed", action.name)),
    }
}

fn error_details(call: &Call<'_>, found: &ActionRun) -> Option<Value> {
    let reason = found.span.reason(call.view.spec(), call.now())?;
    Some(map! { "code" => "JobFailed", "message" => reason })
}
