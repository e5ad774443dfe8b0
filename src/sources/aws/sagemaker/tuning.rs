//! Hyperparameter tuning jobs; their steps are the training jobs they start.

use aws_sdk_sagemaker::operation::describe_hyper_parameter_tuning_job::DescribeHyperParameterTuningJobOutput;
use aws_sdk_sagemaker::types::{
    HyperParameterTrainingJobSummary, HyperParameterTuningJobSortByOptions,
    HyperParameterTuningJobSummary, SortOrder, TrainingJobSortByOptions,
};

use super::jobs::{PAGE, ended_at, newest, settings};
use super::{Sagemaker, api, exact};
use crate::domain::run::{Run, RunKind, Step};
use crate::domain::source_error::{Answer, Partial};
use crate::sources::aws::paging::{Page, read};
use crate::sources::aws::runs::{Wanted, blank, blank_step, fact};
use crate::sources::aws::text::reason;
use crate::sources::aws::time::optional;
use crate::sources::aws::{log_targets, run_status};

/// Training jobs of a tuning job that are listed as its steps.
const CHILDREN: usize = 500;

impl Sagemaker {
    pub async fn tuning_jobs(&self, wanted: Wanted) -> Answer<Vec<Run>> {
        newest!(
            self.list_hyper_parameter_tuning_jobs,
            "ListHyperParameterTuningJobs",
            HyperParameterTuningJobSortByOptions,
            hyper_parameter_tuning_job_summaries,
            wanted,
            listed_job
        )
    }

    pub async fn describe_tuning_job(&self, run: &Run) -> Answer<Run> {
        let send = self
            .client
            .describe_hyper_parameter_tuning_job()
            .hyper_parameter_tuning_job_name(&run.id)
            .send();
        let (described, children) = tokio::join!(
            self.described_with_tags(
                run,
                api("DescribeHyperParameterTuningJob"),
                send,
                described_job
            ),
            self.tuning_children(&run.id),
        );
        let mut described = described?;
        match children {
            Ok(children) => {
                described.value.steps = children.value;
                described.missing.extend(children.missing);
            }
            Err(error) => described.missing.push(error),
        }
        Ok(described)
    }

    async fn tuning_children(&self, job: &str) -> Answer<Vec<Step>> {
        let api = api("ListTrainingJobsForHyperParameterTuningJob");
        let listed = read(CHILDREN, |token| async move {
            let send = self
                .client
                .list_training_jobs_for_hyper_parameter_tuning_job()
                .hyper_parameter_tuning_job_name(job)
                .max_results(PAGE)
                .sort_by(TrainingJobSortByOptions::CreationTime)
                .sort_order(SortOrder::Ascending)
                .set_next_token(token)
                .send();
            let answer = self.session.call(api, send).await?;
            let jobs = answer.training_job_summaries();
            Ok(Page::new(
                jobs.iter().map(child).collect(),
                answer.next_token.clone(),
            ))
        })
        .await?;
        let mut partial: Partial<Vec<Step>> = listed.into_partial(api, CHILDREN);
        partial.value.sort_by_key(|step| step.started_at);
        Ok(partial)
    }
}

fn listed_job(job: &HyperParameterTuningJobSummary) -> Run {
    let raw = job
        .hyper_parameter_tuning_job_status()
        .map_or("", |s| s.as_str());
    let status = run_status::job(raw);
    let name = job.hyper_parameter_tuning_job_name().unwrap_or_default();
    Run {
        status,
        raw_status: raw.to_owned(),
        started_at: optional(job.creation_time()),
        ended_at: ended_at(
            status,
            job.hyper_parameter_tuning_end_time(),
            job.last_modified_time(),
        ),
        logs: vec![log_targets::tuning(name)],
        ..blank(
            RunKind::TuningJob,
            name,
            job.hyper_parameter_tuning_job_arn().unwrap_or_default(),
        )
    }
}

fn child(job: &HyperParameterTrainingJobSummary) -> Step {
    let raw = job.training_job_status().map_or("", |s| s.as_str());
    let name = job.training_job_name().unwrap_or_default();
    Step {
        status: run_status::job(raw),
        raw_status: raw.to_owned(),
        started_at: optional(job.training_start_time().or(job.creation_time())),
        ended_at: optional(job.training_end_time()),
        reason: reason(job.failure_reason()),
        resource_arn: job.training_job_arn().map(str::to_owned),
        logs: vec![log_targets::training(name)],
        ..blank_step(name, "Training")
    }
}

fn described_job(run: &Run, job: &DescribeHyperParameterTuningJobOutput) -> Run {
    let raw = job
        .hyper_parameter_tuning_job_status()
        .map_or("", |s| s.as_str());
    let status = run_status::job(raw);
    let mut facts = Vec::new();
    if let Some(config) = job.hyper_parameter_tuning_job_config() {
        fact(
            &mut facts,
            "strategy",
            config.strategy().map(|s| s.as_str()),
        );
        let objective = config.hyper_parameter_tuning_job_objective();
        fact(
            &mut facts,
            "objective",
            objective.and_then(|o| o.metric_name()),
        );
    }
    if let Some(counters) = job.training_job_status_counters() {
        let failed = counters.retryable_error().unwrap_or_default()
            + counters.non_retryable_error().unwrap_or_default();
        fact(
            &mut facts,
            "training jobs",
            Some(format!(
                "{} completed, {} in progress, {failed} failed, {} stopped",
                counters.completed().unwrap_or_default(),
                counters.in_progress().unwrap_or_default(),
                counters.stopped().unwrap_or_default(),
            )),
        );
    }
    if let Some(best) = job.best_training_job() {
        fact(&mut facts, "best", best.training_job_name());
        let metric = best.final_hyper_parameter_tuning_job_objective_metric();
        if let Some((name, value)) = metric.and_then(|m| m.metric_name().zip(m.value())) {
            fact(&mut facts, name, Some(exact(value)));
        }
        settings(&mut facts, "best ", best.tuned_hyper_parameters());
    }
    Run {
        status,
        raw_status: raw.to_owned(),
        started_at: optional(job.creation_time()).or(run.started_at),
        ended_at: ended_at(
            status,
            job.hyper_parameter_tuning_end_time(),
            job.last_modified_time(),
        ),
        reason: reason(job.failure_reason()),
        facts,
        ..run.clone()
    }
}
