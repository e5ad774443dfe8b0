//! Batch transform jobs.

use aws_sdk_sagemaker::operation::describe_transform_job::DescribeTransformJobOutput;
use aws_sdk_sagemaker::types::{SortBy, TransformJobSummary};

use super::jobs::{ended_at, instances, newest, settings};
use super::{Sagemaker, api};
use crate::domain::run::{Run, RunKind};
use crate::domain::source_error::Answer;
use crate::sources::aws::runs::{Wanted, blank, fact};
use crate::sources::aws::text::reason;
use crate::sources::aws::time::optional;
use crate::sources::aws::{log_targets, run_status};

impl Sagemaker {
    pub async fn transform_jobs(&self, wanted: Wanted) -> Answer<Vec<Run>> {
        newest!(
            self.list_transform_jobs,
            "ListTransformJobs",
            SortBy,
            transform_job_summaries,
            wanted,
            listed_job
        )
    }

    pub async fn describe_transform_job(&self, run: &Run) -> Answer<Run> {
        let send = self
            .client
            .describe_transform_job()
            .transform_job_name(&run.id)
            .send();
        self.described_with_tags(run, api("DescribeTransformJob"), send, described_job)
            .await
    }
}

fn listed_job(job: &TransformJobSummary) -> Run {
    let raw = job.transform_job_status().map_or("", |s| s.as_str());
    let status = run_status::job(raw);
    let name = job.transform_job_name().unwrap_or_default();
    Run {
        status,
        raw_status: raw.to_owned(),
        started_at: optional(job.creation_time()),
        ended_at: ended_at(status, job.transform_end_time(), job.last_modified_time()),
        reason: reason(job.failure_reason()),
        logs: vec![log_targets::transform(name)],
        ..blank(
            RunKind::TransformJob,
            name,
            job.transform_job_arn().unwrap_or_default(),
        )
    }
}

fn described_job(run: &Run, job: &DescribeTransformJobOutput) -> Run {
    let raw = job.transform_job_status().map_or("", |s| s.as_str());
    let status = run_status::job(raw);
    let mut facts = Vec::new();
    fact(&mut facts, "model", job.model_name());
    if let Some(resources) = job.transform_resources() {
        fact(
            &mut facts,
            "instances",
            instances(
                resources.instance_type().map(|t| t.as_str()),
                resources.instance_count(),
            ),
        );
    }
    let input = job
        .transform_input()
        .and_then(|i| i.data_source())
        .and_then(|s| s.s3_data_source());
    fact(&mut facts, "input", input.and_then(|s| s.s3_uri()));
    fact(
        &mut facts,
        "output",
        job.transform_output().and_then(|o| o.s3_output_path()),
    );
    settings(&mut facts, "env ", job.environment());
    Run {
        status,
        raw_status: raw.to_owned(),
        started_at: optional(job.creation_time()).or(run.started_at),
        ended_at: optional(job.transform_end_time()).or(run.ended_at),
        reason: reason(job.failure_reason()),
        parent: job.auto_ml_job_arn().map(str::to_owned),
        facts,
        ..run.clone()
    }
}
