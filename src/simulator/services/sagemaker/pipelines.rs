//! ListPipelines and DescribePipeline.

use super::super::call::{Call, Reply};
use super::listing::{NEWEST_FIRST, Row, reply};
use super::{definition, resource_not_found};
use crate::simulator::scenario::spec::Pipeline;
use crate::simulator::wire::error::ApiError;
use crate::simulator::wire::value::{Value, map};
use crate::simulator::world::pipelines::pipeline_age;

pub fn list(call: &Call<'_>) -> Reply {
    let account = call.account();
    let prefix = call.text("PipelineNamePrefix").unwrap_or_default();
    let rows = call
        .view
        .spec()
        .pipelines
        .iter()
        .filter(|p| p.name.starts_with(prefix))
        .map(|pipeline| {
            let (created, modified) =
                pipeline_age(account.dice, &pipeline.name, call.view.world.horizon);
            Row {
                name: &pipeline.name,
                created,
                modified,
                status: "Active",
                item: pipeline,
            }
        })
        .collect();
    reply(call, "PipelineSummaries", NEWEST_FIRST, rows, |p| {
        summary(call, p)
    })
}

fn summary(call: &Call<'_>, pipeline: &Pipeline) -> Value {
    let account = call.account();
    let (created, modified) = pipeline_age(account.dice, &pipeline.name, call.view.world.horizon);
    let spec = call.view.spec();
    let last = call
        .view
        .world
        .pipelines
        .iter()
        .rfind(|r| r.plan(spec).name == pipeline.name && r.span.has_started(call.now()));
    map! {
        "PipelineArn" => arn(call, &pipeline.name),
        "PipelineName" => pipeline.name.as_str(),
        "PipelineDisplayName" => pipeline.display_name.as_deref().map(display_name),
        "PipelineDescription" => pipeline.description.as_str(),
        "RoleArn" => role(call, pipeline),
        "CreationTime" => created,
        "LastModifiedTime" => modified,
        "LastExecutionTime" => last.map(|r| r.span.start),
    }
}

pub fn describe(call: &Call<'_>) -> Reply {
    let pipeline = find(call, call.required("PipelineName")?)?;
    let account = call.account();
    let (created, modified) = pipeline_age(account.dice, &pipeline.name, call.view.world.horizon);
    let spec = call.view.spec();
    let last = call
        .view
        .world
        .pipelines
        .iter()
        .rfind(|r| r.plan(spec).name == pipeline.name && r.span.has_started(call.now()));
    Ok(map! {
        "PipelineArn" => arn(call, &pipeline.name),
        "PipelineName" => pipeline.name.as_str(),
        "PipelineDisplayName" => pipeline.display_name.as_deref().map(display_name),
        "PipelineDefinition" => definition::write(call, pipeline),
        "PipelineDescription" => pipeline.description.as_str(),
        "RoleArn" => role(call, pipeline),
        "PipelineStatus" => "Active",
        "CreationTime" => created,
        "LastModifiedTime" => modified,
        "LastRunTime" => last.map(|r| r.span.start),
        "CreatedBy" => map! {},
        "LastModifiedBy" => map! {},
    })
}

/// A pipeline by name or ARN.
pub fn find<'a>(call: &Call<'a>, name: &str) -> Result<&'a Pipeline, ApiError> {
    let short = name.rsplit('/').next().unwrap_or(name);
    let account = call.account();
    account
        .spec
        .pipelines
        .iter()
        .find(|p| p.name == short)
        .ok_or_else(|| {
            resource_not_found(format!("Pipeline '{}' does not exist.", arn(call, short)))
        })
}

/// Display names have the same letters as names: no spaces.
fn display_name(text: &str) -> String {
    text.split([' ', ','])
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

pub fn arn(call: &Call<'_>, name: &str) -> String {
    call.account().arn("sagemaker", &format!("pipeline/{name}"))
}

pub fn role(call: &Call<'_>, pipeline: &Pipeline) -> String {
    call.account()
        .role(&format!("sagemaker-{}-execution", pipeline.team))
}
