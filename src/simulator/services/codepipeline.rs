//! AWS CodePipeline.

use super::call::{Call, Reply};
use crate::simulator::logs::streams::build_group;
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
        "GetPipelineState" => state(call),
        "ListPipelineExecutions" => executions(call),
        "GetPipelineExecution" => get_execution(call),
        "ListActionExecutions" => actions(call),
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

fn state(call: &Call<'_>) -> Reply {
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

fn actions(call: &Call<'_>) -> Reply {
    let (index, delivery) = find(call, "pipelineName")?;
    let limit = call.limit("maxResults", 100, 100)?;
    let filter = call.input.get("filter");
    let wanted = filter
        .and_then(|f| {
            f.get("pipelineExecutionId").or_else(|| {
                f.get("latestInPipelineExecution")?
                    .get("pipelineExecutionId")
            })
        })
        .and_then(serde_json::Value::as_str);
    let mut all: Vec<(&DeliveryRun, &ActionRun)> = runs(call, index)
        .into_iter()
        .filter(|r| wanted.is_none_or(|id| r.id == id))
        .flat_map(|run| run.actions.iter().map(move |action| (run, action)))
        .filter(|(_, action)| action.span.has_started(call.now()))
        .collect();
    all.sort_by_key(|(_, action)| std::cmp::Reverse(action.span.start));
    let (page, token) = call.page(all, limit);
    Ok(map! {
        "actionExecutionDetails" => Value::list(page.into_iter().map(|(run, found)| {
            detail(call, delivery, run, found)
        })),
        "nextToken" => token,
    })
}

fn detail(call: &Call<'_>, delivery: &Delivery, run: &DeliveryRun, found: &ActionRun) -> Value {
    let account = call.account();
    let stage = &delivery.stages[found.stage];
    let action = &stage.actions[found.action];
    let configuration = action
        .project
        .as_ref()
        .map(|project| Value::texts([("ProjectName", project.as_str())]));
    let log = found
        .build
        .as_deref()
        .and_then(|b| b.split_once(':'))
        .map(|(project, uuid)| {
            account.arn(
                "logs",
                &format!("log-group:{}:log-stream:{uuid}", build_group(project)),
            )
        });
    map! {
        "pipelineExecutionId" => run.id.as_str(),
        "actionExecutionId" => found.id.as_str(),
        "pipelineVersion" => 7_i64,
        "stageName" => stage.name.as_str(),
        "actionName" => action.name.as_str(),
        "startTime" => found.span.start,
        "lastUpdateTime" => found.span.ended(call.now()).unwrap_or(found.span.start),
        "status" => action_status(call, run, found),
        "input" => map! {
            "actionTypeId" => map! {
                "category" => action.category.as_str(),
                "owner" => "AWS",
                "provider" => action.provider.as_str(),
                "version" => "1",
            },
            "configuration" => configuration,
            "region" => account.spec.account.region.as_str(),
            "inputArtifacts" => Value::List(Vec::new()),
        },
        "output" => map! {
            "outputArtifacts" => Value::List(Vec::new()),
            "executionResult" => map! {
                "externalExecutionId" => found.build.as_deref(),
                "externalExecutionSummary" => summary(call, action, found),
                "externalExecutionUrl" => found.build.as_deref().map(|b| build_url(call, b)),
                "errorDetails" => error_details(call, found),
                "logStreamARN" => log,
            },
        },
    }
}
