//! Processing jobs, those of monitors and Clarify included.

use aws_sdk_sagemaker::operation::describe_processing_job::DescribeProcessingJobOutput;
use aws_sdk_sagemaker::types::{ProcessingJobSummary, SortBy};

use super::jobs::{ended_at, instances, newest, settings};
use super::{Sagemaker, api};
use crate::domain::run::{Run, RunKind, RunStatus};
use crate::domain::source_error::Answer;
use crate::sources::aws::runs::{Wanted, blank, fact};
use crate::sources::aws::text::reason;
use crate::sources::aws::time::optional;
use crate::sources::aws::{log_targets, run_status};

impl Sagemaker {
    pub async fn processing_jobs(&self, wanted: Wanted) -> Answer<Vec<Run>> {
        newest!(
            self.list_processing_jobs,
            "ListProcessingJobs",
            SortBy,
            processing_job_summaries,
            wanted,
            listed_job
        )
    }

    pub async fn describe_processing_job(&self, run: &Run) -> Answer<Run> {
        let send = self
            .client
            .describe_processing_job()
            .processing_job_name(&run.id)
            .send();
        self.described_with_tags(run, api("DescribeProcessingJob"), send, described_job)
            .await
    }
}

/// A monitor says in the exit message that it found violations.
fn state(raw: &str, exit_message: Option<&str>) -> RunStatus {
    match run_status::job(raw) {
        RunStatus::Succeeded
            if exit_message.is_some_and(|m| m.contains("CompletedWithViolations")) =>
        {
            RunStatus::SucceededWithIssues
        }
        status => status,
    }
}

fn listed_job(job: &ProcessingJobSummary) -> Run {
    let raw = job.processing_job_status().map_or("", |s| s.as_str());
    let status = state(raw, job.exit_message());
    let name = job.processing_job_name().unwrap_or_default();
    Run {
        status,
        raw_status: raw.to_owned(),
        started_at: optional(job.creation_time()),
        ended_at: ended_at(status, job.processing_end_time(), job.last_modified_time()),
        reason: reason(job.failure_reason()).or_else(|| reason(job.exit_message())),
        logs: vec![log_targets::processing(name)],
        ..blank(
            RunKind::ProcessingJob,
            name,
            job.processing_job_arn().unwrap_or_default(),
        )
    }
}

fn described_job(run: &Run, job: &DescribeProcessingJobOutput) -> Run {
    let raw = job.processing_job_status().map_or("", |s| s.as_str());
    let status = state(raw, job.exit_message());
    let mut facts = Vec::new();
    if let Some(cluster) = job.processing_resources().and_then(|r| r.cluster_config()) {
        let chosen = cluster.selected_instance_type().or(cluster.instance_type());
        fact(
            &mut facts,
            "instances",
            instances(
                chosen.map(|t| t.as_str()),
                cluster
                    .selected_instance_count()
                    .or(cluster.instance_count()),
            ),
        );
    }
    if let Some(app) = job.app_specification() {
        fact(&mut facts, "image", app.image_uri());
        let mut command: Vec<&str> = app
            .container_entrypoint()
            .iter()
            .map(String::as_str)
            .collect();
        // Arguments can hold secrets; the program's name cannot.
        command.truncate(3);
        fact(&mut facts, "command", Some(command.join(" ")));
    }
    for input in job.processing_inputs() {
        let label = format!("input {}", input.input_name().unwrap_or_default());
        fact(
            &mut facts,
            &label,
            input.s3_input().and_then(|s| s.s3_uri()),
        );
    }
    for output in job
        .processing_output_config()
        .iter()
        .flat_map(|c| c.outputs())
    {
        let label = format!("output {}", output.output_name().unwrap_or_default());
        fact(
            &mut facts,
            &label,
            output.s3_output().and_then(|s| s.s3_uri()),
        );
    }
    fact(&mut facts, "monitor", job.monitoring_schedule_arn());
    fact(&mut facts, "role", job.role_arn());
    settings(&mut facts, "env ", job.environment());
    Run {
        status,
        raw_status: raw.to_owned(),
        started_at: optional(job.creation_time()).or(run.started_at),
        ended_at: ended_at(status, job.processing_end_time(), job.last_modified_time()),
        reason: reason(job.failure_reason()).or_else(|| reason(job.exit_message())),
        parent: job
            .training_job_arn()
            .or(job.auto_ml_job_arn())
            .map(str::to_owned),
        facts,
        ..run.clone()
    }
}
