//! SageMaker Pipelines: executions, and one of them with all that is known of it.

use aws_sdk_sagemaker::operation::describe_pipeline_execution::DescribePipelineExecutionOutput;
use aws_sdk_sagemaker::types::{
    PipelineExecutionSummary, SortOrder, SortPipelineExecutionsBy, SortPipelinesBy,
};
use jiff::Timestamp;

use super::frozen::Frozen;
use super::jobs::PAGE;
use super::steps::{overlay, step};
use super::tags::is_commit_key;
use super::{Sagemaker, api};
use crate::domain::arn::name_of;
use crate::domain::run::{Run, RunKind, Step};
use crate::domain::source_error::{Answer, Partial, SourceError};
use crate::sources::aws::paging::{Listed, Page, each, read};
use crate::sources::aws::run_status;
use crate::sources::aws::runs::{Wanted, blank, ended, fact, gather, settle_steps};
use crate::sources::aws::text::{masked, reason};
use crate::sources::aws::time::{datetime, optional};

const PIPELINES: usize = 1000;
pub(super) const STEPS: usize = 2000;
/// Pipelines whose executions are asked for at the same time.
const WIDTH: usize = 8;

struct Pipeline {
    name: String,
    last_execution: Option<Timestamp>,
}

impl Sagemaker {
    pub async fn pipeline_runs(&self, wanted: Wanted) -> Answer<Vec<Run>> {
        let pipelines = self.pipelines().await?;
        let api = api("ListPipelineExecutions");
        // A pipeline that last ran before the time asked for has nothing to tell.
        let names: Vec<String> = pipelines
            .value
            .into_iter()
            .filter(|pipeline| match (wanted.since, pipeline.last_execution) {
                (Some(since), Some(last)) => last >= since,
                _ => true,
            })
            .map(|pipeline| pipeline.name)
            .collect();
        let answers = each(names, WIDTH, |name| {
            let this = self.clone();
            async move { this.executions(&name, wanted).await }
        })
        .await;
        gather(api, wanted, answers, pipelines.missing)
    }

    async fn pipelines(&self) -> Answer<Vec<Pipeline>> {
        let api = api("ListPipelines");
        let listed = read(PIPELINES, |token| async move {
            let send = self
                .client
                .list_pipelines()
                .max_results(PAGE)
                .sort_by(SortPipelinesBy::CreationTime)
                .sort_order(SortOrder::Descending)
                .set_next_token(token)
                .send();
            let answer = self.session.call(api, send).await?;
            let pipelines = answer.pipeline_summaries().iter().map(|p| Pipeline {
                name: p.pipeline_name().unwrap_or_default().to_owned(),
                last_execution: optional(p.last_execution_time()),
            });
            Ok(Page::new(pipelines.collect(), answer.next_token.clone()))
        })
        .await?;
        Ok(listed.into_partial(api, PIPELINES))
    }

    async fn executions(&self, pipeline: &str, wanted: Wanted) -> Result<Listed<Run>, SourceError> {
        read(wanted.limit, |token| async move {
            let send = self
                .client
                .list_pipeline_executions()
                .pipeline_name(pipeline)
                .max_results(PAGE)
                .sort_by(SortPipelineExecutionsBy::CreationTime)
                .sort_order(SortOrder::Descending)
                .set_created_after(wanted.since.map(datetime))
                .set_next_token(token)
                .send();
            let answer = self
                .session
                .call(api("ListPipelineExecutions"), send)
                .await?;
            let runs = answer
                .pipeline_execution_summaries()
                .iter()
                .map(|execution| listed_run(pipeline, execution));
            Ok(Page::new(runs.collect(), answer.next_token.clone()))
        })
        .await
    }

    /// What it does and with what, and how far it is, at the same time; only the first must be answered.
    pub async fn describe_pipeline_run(&self, run: &Run) -> Answer<Run> {
        let execution = self
            .client
            .describe_pipeline_execution()
            .pipeline_execution_arn(&run.arn)
            .send();
        let (execution, rows, frozen) = tokio::join!(
            self.session
                .call(api("DescribePipelineExecution"), execution),
            self.step_rows(&run.arn),
            self.frozen(&run.arn),
        );
        let execution = execution?;
        let mut missing = frozen.missing;
        let rows = kept(rows, &mut missing);
        let Frozen { dag, parameters } = frozen.value;
        let mut described = described_run(run, &execution, &parameters);
        let rows_known = rows.is_some();
        described.steps = overlay(
            &dag.nodes,
            rows.unwrap_or_default(),
            described.status,
            rows_known,
        );
        settle_steps(&mut described);
        described.commit = parameters
            .iter()
            .find(|(name, _)| is_commit_key(name))
            .map(|(_, value)| value.clone())
            .or(dag.commit);
        if described.commit.is_none() {
            // Best effort: a pipeline without tags is no gap in the answer.
            described.commit = self.origin(&run.arn).await.unwrap_or_default().commit;
        }
        Ok(Partial {
            value: described,
            missing,
        })
    }

    pub(super) async fn step_rows(&self, arn: &str) -> Answer<Vec<Step>> {
        let api = api("ListPipelineExecutionSteps");
        let listed = read(STEPS, |token| async move {
            let send = self
                .client
                .list_pipeline_execution_steps()
                .pipeline_execution_arn(arn)
                .max_results(PAGE)
                .sort_order(SortOrder::Ascending)
                .set_next_token(token)
                .send();
            let answer = self.session.call(api, send).await?;
            let steps = answer.pipeline_execution_steps().iter().map(step);
            Ok(Page::new(steps.collect(), answer.next_token.clone()))
        })
        .await?;
        Ok(listed.into_partial(api, STEPS))
    }
}

/// The value, with its gaps noted; nothing when it could not be had.
pub(super) fn kept<T>(answer: Answer<T>, missing: &mut Vec<SourceError>) -> Option<T> {
    match answer {
        Ok(partial) => {
            missing.extend(partial.missing);
            Some(partial.value)
        }
        Err(error) => {
            missing.push(error);
            None
        }
    }
}

/// `churn-train #212`. Many name their executions after the pipeline: once is enough.
fn named(pipeline: &str, display: &str) -> String {
    let display = display
        .strip_prefix(pipeline)
        .map(|rest| rest.trim_start_matches(['-', '_', ' ', '#']))
        .filter(|rest| !rest.is_empty())
        .unwrap_or(display);
    format!("{pipeline} #{display}")
}

/// The same of an execution's ARN.
pub(super) fn run_name(arn: &str, display: &str) -> Option<String> {
    let (_, rest) = arn.split_once(":pipeline/")?;
    let (pipeline, _) = rest.split_once('/')?;
    Some(named(pipeline, display))
}

fn listed_run(pipeline: &str, execution: &PipelineExecutionSummary) -> Run {
    let arn = execution.pipeline_execution_arn().unwrap_or_default();
    let id = name_of(arn);
    let raw = execution
        .pipeline_execution_status()
        .map_or("", |s| s.as_str());
    let display = execution.pipeline_execution_display_name().unwrap_or(id);
    Run {
        name: named(pipeline, display),
        family: pipeline.to_owned(),
        id: id.to_owned(),
        status: run_status::pipeline(raw),
        raw_status: raw.to_owned(),
        started_at: optional(execution.start_time()),
        reason: reason(execution.pipeline_execution_failure_reason()),
        ..blank(RunKind::SagemakerPipeline, pipeline, arn)
    }
}

fn described_run(
    run: &Run,
    execution: &DescribePipelineExecutionOutput,
    parameters: &[(String, String)],
) -> Run {
    let raw = execution
        .pipeline_execution_status()
        .map_or("", |s| s.as_str());
    let status = run_status::pipeline(raw);
    let mut facts = Vec::new();
    for (name, value) in parameters {
        fact(&mut facts, name, Some(masked(name, value)));
    }
    fact(
        &mut facts,
        "description",
        execution.pipeline_execution_description(),
    );
    fact(
        &mut facts,
        "pipeline version",
        execution.pipeline_version_id(),
    );
    let starter = execution.created_by();
    let identity = starter.and_then(|c| c.iam_identity()).and_then(|i| i.arn());
    fact(
        &mut facts,
        "started by",
        starter.and_then(|c| c.user_profile_name()).or(identity),
    );
    fact(
        &mut facts,
        "parallel steps",
        execution
            .parallelism_configuration()
            .and_then(|p| p.max_parallel_execution_steps()),
    );
    Run {
        status,
        raw_status: raw.to_owned(),
        started_at: optional(execution.creation_time()).or(run.started_at),
        ended_at: ended(status, optional(execution.last_modified_time())),
        reason: reason(execution.failure_reason()),
        detailed: true,
        logs: Vec::new(),
        facts,
        ..run.clone()
    }
}
