//! CodePipeline executions; their steps are the actions of the stages.

use aws_sdk_codepipeline::Client;
use aws_sdk_codepipeline::types::{
    ActionExecutionDetail, ActionExecutionFilter, PipelineExecutionSummary,
};

use super::api::Api;
use super::client::{Lazy, client};
use super::paging::{Listed, Page, each, read};
use super::run_status;
use super::runs::{Wanted, blank, blank_step, ended, fact, gather, settle_steps};
use super::session::Session;
use super::text::{masked, reason};
use super::time::optional;
use crate::domain::arn::Arn;
use crate::domain::log::LogTarget;
use crate::domain::run::{Run, RunKind, Step};
use crate::domain::source_error::{Answer, Partial, SourceError};

const LIST_PIPELINES: Api = Api::new("codepipeline", "ListPipelines");
const LIST_EXECUTIONS: Api = Api::new("codepipeline", "ListPipelineExecutions");
const GET_EXECUTION: Api = Api::new("codepipeline", "GetPipelineExecution");
const LIST_ACTIONS: Api = Api::new("codepipeline", "ListActionExecutions");
const PIPELINES: usize = 1000;
const ACTIONS: usize = 1000;
const WIDTH: usize = 6;

#[derive(Clone)]
pub struct Codepipeline {
    session: Session,
    client: Lazy<Client>,
}

impl Codepipeline {
    pub fn new(session: Session) -> Self {
        Self {
            client: client!(aws_sdk_codepipeline, session),
            session,
        }
    }

    pub async fn runs(&self, wanted: Wanted) -> Answer<Vec<Run>> {
        let pipelines = self.pipelines().await?;
        let answers = each(pipelines.value, WIDTH, |name| {
            let this = self.clone();
            async move { this.executions(&name, wanted).await }
        })
        .await;
        gather(LIST_EXECUTIONS, wanted, answers, pipelines.missing)
    }

    async fn pipelines(&self) -> Answer<Vec<String>> {
        let listed = read(PIPELINES, |token| async move {
            let send = self.client.list_pipelines().set_next_token(token).send();
            let answer = self.session.call(LIST_PIPELINES, send).await?;
            let names = answer
                .pipelines()
                .iter()
                .filter_map(|p| p.name().map(str::to_owned));
            Ok(Page::new(names.collect(), answer.next_token.clone()))
        })
        .await?;
        Ok(listed.into_partial(LIST_PIPELINES, PIPELINES))
    }

    async fn executions(&self, pipeline: &str, wanted: Wanted) -> Result<Listed<Run>, SourceError> {
        read(wanted.limit, |token| async move {
            let send = self
                .client
                .list_pipeline_executions()
                .pipeline_name(pipeline)
                .max_results(100)
                .set_next_token(token)
                .send();
            let answer = self.session.call(LIST_EXECUTIONS, send).await?;
            let runs: Vec<Run> = answer
                .pipeline_execution_summaries()
                .iter()
                .map(|execution| listed_run(pipeline, execution))
                .collect();
            let starts: Vec<_> = runs.iter().map(|run| run.started_at).collect();
            Ok(Page {
                enough: wanted.is_past(&starts),
                ..Page::new(runs, answer.next_token.clone())
            })
        })
        .await
    }

    pub async fn describe(&self, run: &Run) -> Answer<Run> {
        let send = self
            .client
            .get_pipeline_execution()
            .pipeline_name(&run.family)
            .pipeline_execution_id(&run.id)
            .send();
        let (execution, actions) = tokio::join!(
            self.session.call(GET_EXECUTION, send),
            self.actions(&run.family, &run.id),
        );
        let execution = execution?.pipeline_execution;
        let mut described = run.clone();
        described.detailed = true;
        let mut missing = Vec::new();
        if let Some(execution) = execution {
            let raw = execution.status().map_or("", |s| s.as_str());
            described.status = run_status::codepipeline(raw);
            described.raw_status = raw.to_owned();
            described.reason = reason(execution.status_summary());
            described.facts.clear();
            let facts = &mut described.facts;
            let trigger = execution.trigger();
            fact(
                facts,
                "trigger",
                trigger.and_then(|t| t.trigger_type()).map(|t| t.as_str()),
            );
            fact(
                facts,
                "started by",
                trigger.and_then(|t| t.trigger_detail()),
            );
            fact(
                facts,
                "mode",
                execution.execution_mode().map(|m| m.as_str()),
            );
            for revision in execution.artifact_revisions() {
                let label = format!("source {}", revision.name().unwrap_or_default());
                fact(facts, &label, revision.revision_summary());
                if described.commit.is_none() {
                    described.commit = revision.revision_id().map(str::to_owned);
                }
            }
            for variable in execution.variables() {
                if let (Some(name), Some(value)) = (variable.name(), variable.resolved_value()) {
                    fact(facts, name, Some(masked(name, value)));
                }
            }
        }
        match actions {
            Ok(actions) => {
                described.steps = actions.value;
                missing.extend(actions.missing);
            }
            Err(error) => missing.push(error),
        }
        described.logs.clear();
        settle_steps(&mut described);
        Ok(Partial {
            value: described,
            missing,
        })
    }

    async fn actions(&self, pipeline: &str, execution: &str) -> Answer<Vec<Step>> {
        let listed = read(ACTIONS, |token| async move {
            let send = self
                .client
                .list_action_executions()
                .pipeline_name(pipeline)
                .filter(
                    ActionExecutionFilter::builder()
                        .pipeline_execution_id(execution)
                        .build(),
                )
                .max_results(100)
                .set_next_token(token)
                .send();
            let answer = self.session.call(LIST_ACTIONS, send).await?;
            Ok(Page::new(
                answer.action_execution_details().to_vec(),
                answer.next_token.clone(),
            ))
        })
        .await?
        .into_partial(LIST_ACTIONS, ACTIONS);
        Ok(listed.map(steps))
    }
}

fn listed_run(pipeline: &str, execution: &PipelineExecutionSummary) -> Run {
    let id = execution.pipeline_execution_id().unwrap_or_default();
    let raw = execution.status().map_or("", |s| s.as_str());
    let status = run_status::codepipeline(raw);
    let short = id.get(..8).unwrap_or(id);
    Run {
        name: format!("{pipeline} #{short}"),
        family: pipeline.to_owned(),
        id: id.to_owned(),
        status,
        raw_status: raw.to_owned(),
        started_at: optional(execution.start_time()),
        ended_at: ended(status, optional(execution.last_update_time())),
        reason: reason(execution.status_summary()),
        commit: execution
            .source_revisions()
            .iter()
            .find_map(|revision| revision.revision_id())
            .map(str::to_owned),
        ..blank(RunKind::Codepipeline, pipeline, "")
    }
}

/// Actions in the order of start; each waits for the actions of the stage before.
fn steps(mut actions: Vec<ActionExecutionDetail>) -> Vec<Step> {
    actions.sort_by_key(|action| {
        (
            optional(action.start_time()),
            optional(action.last_update_time()),
        )
    });
    let mut stages: Vec<&str> = Vec::new();
    for action in &actions {
        let stage = action.stage_name().unwrap_or_default();
        if !stages.contains(&stage) {
            stages.push(stage);
        }
    }
    let label = |action: &ActionExecutionDetail| {
        format!(
            "{}/{}",
            action.stage_name().unwrap_or_default(),
            action.action_name().unwrap_or_default()
        )
    };
    let before = |action: &ActionExecutionDetail| {
        let stage = action.stage_name().unwrap_or_default();
        let place = stages.iter().position(|name| *name == stage)?;
        let before = stages.get(place.checked_sub(1)?)?;
        let mut names: Vec<String> = actions
            .iter()
            .filter(|other| other.stage_name() == Some(before))
            .map(label)
            .collect();
        names.dedup();
        Some(names)
    };
    actions
        .iter()
        .map(|action| step(action, &label(action), before(action).unwrap_or_default()))
        .collect()
}

fn step(action: &ActionExecutionDetail, name: &str, depends_on: Vec<String>) -> Step {
    let raw = action.status().map_or("", |s| s.as_str());
    let status = run_status::codepipeline(raw);
    let kind = action
        .input()
        .and_then(|input| input.action_type_id())
        .map_or("", |kind| kind.provider());
    let result = action.output().and_then(|output| output.execution_result());
    let external = result.and_then(|r| r.external_execution_id());
    let error = result.and_then(|r| r.error_details());
    let words = error
        .and_then(|e| reason(e.message()).or_else(|| reason(e.code())))
        .or_else(|| {
            reason(result.and_then(|r| r.external_execution_summary()))
                .filter(|_| status.is_failure())
        });
    let told = result
        .and_then(|r| r.log_stream_arn())
        .and_then(stream_of_arn);
    Step {
        status,
        raw_status: raw.to_owned(),
        started_at: optional(action.start_time()),
        ended_at: ended(status, optional(action.last_update_time())),
        reason: words,
        resource_arn: external
            .filter(|id| id.starts_with("arn:"))
            .map(str::to_owned),
        logs: told
            .or_else(|| external.and_then(|id| logs_of(kind, id)))
            .into_iter()
            .collect(),
        depends_on,
        ..blank_step(name, kind)
    }
}

/// A CodeBuild action names its build `project:uuid`; others may name an ARN.
fn logs_of(provider: &str, external: &str) -> Option<LogTarget> {
    if provider == "CodeBuild" {
        let (project, stream) = external.split_once(':')?;
        return Some(LogTarget::streams(
            format!("/aws/codebuild/{project}"),
            vec![stream.to_owned()],
        ));
    }
    super::log_targets::of_arn(external)
}

/// `arn:...:log-group:GROUP:log-stream:STREAM`.
fn stream_of_arn(arn: &str) -> Option<LogTarget> {
    let rest = Arn::parse(arn)?.resource.strip_prefix("log-group:")?;
    let (group, stream) = rest.split_once(":log-stream:")?;
    Some(LogTarget::streams(group, vec![stream.to_owned()]))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use aws_sdk_codepipeline::types::{
        ActionCategory, ActionExecutionInput, ActionExecutionOutput, ActionExecutionResult,
        ActionExecutionStatus, ActionOwner, ActionTypeId,
    };
    use aws_smithy_types::DateTime;

    fn action(stage: &str, name: &str, start: i64, provider: &str) -> ActionExecutionDetail {
        ActionExecutionDetail::builder()
            .stage_name(stage)
            .action_name(name)
            .start_time(DateTime::from_secs(start))
            .status(ActionExecutionStatus::Succeeded)
            .input(
                ActionExecutionInput::builder()
                    .action_type_id(
                        ActionTypeId::builder()
                            .category(ActionCategory::Build)
                            .owner(ActionOwner::Aws)
                            .provider(provider)
                            .version("1")
                            .build()
                            .unwrap(),
                    )
                    .build(),
            )
            .output(
                ActionExecutionOutput::builder()
                    .execution_result(
                        ActionExecutionResult::builder()
                            .external_execution_id("images:1b2c")
                            .build(),
                    )
                    .build(),
            )
            .build()
    }

    #[test]
    fn actions_come_in_order_and_wait_for_the_stage_before() {
        let steps = steps(vec![
            action("Deploy", "Endpoint", 30, "Lambda"),
            action("Build", "Image", 20, "CodeBuild"),
            action("Source", "Git", 10, "GitHub"),
        ]);
        let names: Vec<&str> = steps.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["Source/Git", "Build/Image", "Deploy/Endpoint"]);
        assert_eq!(steps[2].depends_on, ["Build/Image"]);
        assert_eq!(steps[1].logs[0].label(), "/aws/codebuild/images:1b2c");
        assert!(steps[0].logs.is_empty());
    }

    #[test]
    fn a_log_stream_arn_is_taken_apart() {
        let target = stream_of_arn(
            "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/codepipeline/x:log-stream:a/b",
        );
        assert_eq!(target.unwrap().label(), "/aws/codepipeline/x:a/b");
    }
}
