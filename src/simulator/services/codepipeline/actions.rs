//! ListActionExecutions: every action of one run, or of all.

use super::super::call::{Call, Reply};
use super::{action_status, build_url, error_details, find, runs, summary};
use crate::simulator::logs::groups::build_group;
use crate::simulator::scenario::spec::Delivery;
use crate::simulator::wire::value::{Value, map};
use crate::simulator::world::deliveries::{ActionRun, DeliveryRun};

pub fn actions(call: &Call<'_>) -> Reply {
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
