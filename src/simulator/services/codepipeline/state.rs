//! GetPipelineState: the newest of every stage and action.

use super::super::call::{Call, Reply};
use super::{action_status, age, build_url, commit, error_details, find, runs, summary};
use crate::simulator::scenario::spec::Action;
use crate::simulator::wire::value::{Value, map};
use crate::simulator::world::deliveries::{ActionRun, DeliveryRun};

pub fn state(call: &Call<'_>) -> Reply {
    let (index, delivery) = find(call, "name")?;
    let runs = runs(call, index);
    let (created, changed) = age(call, delivery);
    let stages = delivery.stages.iter().enumerate().map(|(stage_index, stage)| {
        let inside = |run: &&&DeliveryRun| run.actions.iter().any(|a| a.stage == stage_index && a.span.has_started(call.now()));
        let latest = runs.iter().find(inside);
        map! {
            "stageName" => stage.name.as_str(),
            "inboundTransitionState" => (stage_index > 0).then(|| map! { "enabled" => true }),
            "actionStates" => Value::list(stage.actions.iter().enumerate().map(|(action_index, action)| {
                let newest = runs.iter().find_map(|run| {
                    let found = run.actions.iter().find(|a| {
                        a.stage == stage_index && a.action == action_index && a.span.has_started(call.now())
                    })?;
                    Some((*run, found))
                });
                action_state(call, action, newest)
            })),
            "latestExecution" => latest.map(|run| map! {
                "pipelineExecutionId" => run.id.as_str(),
                "status" => stage_status(call, run, stage_index),
                "type" => "STANDARD",
            }),
        }
    });
    Ok(map! {
        "pipelineName" => delivery.name.as_str(),
        "pipelineVersion" => 7_i64,
        "stageStates" => Value::list(stages),
        "created" => created,
        "updated" => changed,
    })
}

fn stage_status(call: &Call<'_>, run: &DeliveryRun, stage: usize) -> &'static str {
    let plan = &call.view.spec().deliveries[run.delivery].stages[stage];
    let actions: Vec<&ActionRun> = run.actions.iter().filter(|a| a.stage == stage).collect();
    let all = |wanted| {
        actions
            .iter()
            .filter(|a| action_status(call, run, a) == wanted)
            .count()
    };
    if all("Failed") > 0 {
        "Failed"
    } else if all("Abandoned") > 0 {
        "Cancelled"
    } else if all("Succeeded") == plan.actions.len() {
        "Succeeded"
    } else {
        "InProgress"
    }
}

fn action_state(
    call: &Call<'_>,
    action: &Action,
    newest: Option<(&DeliveryRun, &ActionRun)>,
) -> Value {
    let source = newest
        .filter(|_| action.category == "Source")
        .map(|(run, found)| {
            let commit = commit(call, run);
            map! {
                "revisionId" => commit.id.as_str(),
                "revisionChangeId" => commit.id.as_str(),
                "created" => found.span.start,
            }
        });
    map! {
        "actionName" => action.name.as_str(),
        "currentRevision" => source,
        "latestExecution" => newest.map(|(run, found)| {
            let status = action_status(call, run, found);
            let waiting = action.category == "Approval" && status == "InProgress";
            map! {
                "actionExecutionId" => found.id.as_str(),
                "status" => status,
                "summary" => summary(call, action, found),
                "lastStatusChange" => found.span.ended(call.now()).unwrap_or(found.span.start),
                "token" => waiting.then(|| run.dice.of("token").uuid()),
                "lastUpdatedBy" => (action.category == "Approval" && !waiting).then(|| {
                    format!("arn:aws:sts::{}:assumed-role/ml-engineer/{}", call.view.spec().account.id, run.by)
                }),
                "externalExecutionId" => found.build.as_deref(),
                "externalExecutionUrl" => found.build.as_deref().map(|b| build_url(call, b)),
                "errorDetails" => error_details(call, found),
            }
        }),
    }
}
