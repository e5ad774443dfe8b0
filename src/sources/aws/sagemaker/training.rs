//! Training jobs.

use aws_sdk_sagemaker::operation::describe_training_job::DescribeTrainingJobOutput;
use aws_sdk_sagemaker::types::{
    ResourceConfig, SecondaryStatusTransition, SortBy, TrainingJobSummary,
};

use super::jobs::{ended_at, instances, newest, settings, span};
use super::{Sagemaker, api, exact};
use crate::domain::metric_definition::MetricDefinition;
use crate::domain::run::{Run, RunKind, RunStatus, Step};
use crate::domain::source_error::Answer;
use crate::sources::aws::runs::{Wanted, blank, blank_step, fact};
use crate::sources::aws::text::reason;
use crate::sources::aws::time::optional;
use crate::sources::aws::{log_targets, run_status};

impl Sagemaker {
    pub async fn training_jobs(&self, wanted: Wanted) -> Answer<Vec<Run>> {
        newest!(
            self.list_training_jobs,
            "ListTrainingJobs",
            SortBy,
            training_job_summaries,
            wanted,
            listed_job
        )
    }

    pub async fn describe_training_job(&self, run: &Run) -> Answer<Run> {
        let send = self
            .client
            .describe_training_job()
            .training_job_name(&run.id)
            .send();
        self.described_with_tags(run, api("DescribeTrainingJob"), send, described_job)
            .await
    }
}

fn listed_job(job: &TrainingJobSummary) -> Run {
    let raw = job.training_job_status().map_or("", |s| s.as_str());
    let secondary = job.secondary_status().map_or("", |s| s.as_str());
    let status = run_status::training(raw, secondary);
    let name = job.training_job_name().unwrap_or_default();
    Run {
        status,
        raw_status: raw.to_owned(),
        started_at: optional(job.creation_time()),
        ended_at: ended_at(status, job.training_end_time(), job.last_modified_time()),
        current_step: status.is_moving().then(|| secondary.to_owned()),
        logs: vec![log_targets::training(name)],
        ..blank(
            RunKind::TrainingJob,
            name,
            job.training_job_arn().unwrap_or_default(),
        )
    }
}

fn described_job(run: &Run, job: &DescribeTrainingJobOutput) -> Run {
    let raw = job.training_job_status().map_or("", |s| s.as_str());
    let secondary = job.secondary_status().map_or("", |s| s.as_str());
    let status = run_status::training(raw, secondary);
    let steps = phases(job.secondary_status_transitions(), status);
    let mut facts = Vec::new();
    let last = job.secondary_status_transitions().last();
    if status.is_moving() {
        fact(&mut facts, "now", last.and_then(|t| t.status_message()));
    }
    if let Some(resources) = job.resource_config() {
        fact(&mut facts, "instances", fleet(resources));
    }
    let algorithm = job.algorithm_specification();
    fact(
        &mut facts,
        "image",
        algorithm.and_then(|a| a.training_image().or(a.algorithm_name())),
    );
    fact(
        &mut facts,
        "billable",
        job.billable_time_in_seconds().map(span),
    );
    fact(&mut facts, "spot", spot(job));
    for metric in job.final_metric_data_list() {
        if let (Some(name), Some(value)) = (metric.metric_name(), metric.value()) {
            fact(&mut facts, name, Some(exact(value)));
        }
    }
    settings(&mut facts, "", job.hyper_parameters());
    for channel in job.input_data_config() {
        let source = channel.data_source().and_then(|s| s.s3_data_source());
        let label = format!("input {}", channel.channel_name().unwrap_or_default());
        fact(&mut facts, &label, source.and_then(|s| s.s3_uri()));
    }
    fact(
        &mut facts,
        "model",
        job.model_artifacts().and_then(|m| m.s3_model_artifacts()),
    );
    fact(&mut facts, "role", job.role_arn());
    settings(&mut facts, "env ", job.environment());
    Run {
        status,
        raw_status: raw.to_owned(),
        started_at: optional(job.creation_time()).or(run.started_at),
        ended_at: ended_at(status, job.training_end_time(), job.last_modified_time()),
        reason: reason(job.failure_reason()).or_else(|| {
            (status == RunStatus::TimedOut)
                .then(|| reason(last.and_then(|t| t.status_message())))
                .flatten()
        }),
        parent: job
            .tuning_job_arn()
            .or(job.auto_ml_job_arn())
            .map(str::to_owned),
        current_step: status.is_moving().then(|| secondary.to_owned()),
        steps,
        facts,
        metrics: metrics(job),
        ..run.clone()
    }
}

/// Those of built-in algorithms among them, which the service fills in.
fn metrics(job: &DescribeTrainingJobOutput) -> Vec<MetricDefinition> {
    let algorithm = job.algorithm_specification();
    let definitions = algorithm.map_or(&[][..], |a| a.metric_definitions());
    definitions
        .iter()
        .map(|definition| MetricDefinition {
            name: definition.name().unwrap_or_default().to_owned(),
            regex: definition.regex().unwrap_or_default().to_owned(),
        })
        .collect()
}

fn fleet(resources: &ResourceConfig) -> Option<String> {
    let groups = resources.instance_groups();
    if groups.is_empty() {
        let chosen = resources
            .selected_instance_type()
            .or(resources.instance_type());
        return instances(
            chosen.map(|t| t.as_str()),
            resources
                .selected_instance_count()
                .or(resources.instance_count()),
        );
    }
    let groups: Vec<String> = groups
        .iter()
        .filter_map(|g| instances(g.instance_type().map(|t| t.as_str()), g.instance_count()))
        .collect();
    Some(groups.join(" + "))
}

/// What managed spot saved, by the official formula, and how often it was interrupted.
fn spot(job: &DescribeTrainingJobOutput) -> Option<String> {
    if job.enable_managed_spot_training() != Some(true) {
        return None;
    }
    let saved = match (
        job.billable_time_in_seconds(),
        job.training_time_in_seconds(),
    ) {
        (Some(billable), Some(training)) if training > 0 => {
            let saved = (1.0 - f64::from(billable) / f64::from(training)) * 100.0;
            format!("saved {saved:.0} %")
        }
        _ => "managed spot".to_owned(),
    };
    let interrupted = job
        .secondary_status_transitions()
        .iter()
        .filter(|t| t.status().is_some_and(|s| s.as_str() == "Interrupted"))
        .count();
    Some(match interrupted {
        0 => saved,
        n => format!("{saved}, interrupted {n}×"),
    })
}

/// Whether the message of a phase tells why the job ended or paused; that of any other tells what the phase does.
fn tells_why(phase: &str) -> bool {
    matches!(
        phase,
        "Failed" | "Interrupted" | "Stopped" | "MaxRuntimeExceeded" | "MaxWaitTimeExceeded"
    )
}

/// The phases of the job; the last one takes the job's own state.
fn phases(transitions: &[SecondaryStatusTransition], job: RunStatus) -> Vec<Step> {
    let last = transitions.len().saturating_sub(1);
    transitions
        .iter()
        .enumerate()
        .map(|(index, phase)| {
            let raw = phase.status().map_or("", |s| s.as_str());
            let status = match raw {
                _ if index == last => job,
                "Interrupted" => RunStatus::Stopped,
                _ => RunStatus::Succeeded,
            };
            Step {
                status,
                raw_status: raw.to_owned(),
                started_at: optional(phase.start_time()),
                ended_at: optional(phase.end_time()),
                reason: reason(phase.status_message()).filter(|_| tells_why(raw)),
                depends_on: index
                    .checked_sub(1)
                    .and_then(|before| transitions.get(before))
                    .and_then(|before| before.status())
                    .map(|s| vec![s.as_str().to_owned()])
                    .unwrap_or_default(),
                ..blank_step(raw, "Phase")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use aws_sdk_sagemaker::types::SecondaryStatus;

    use super::*;

    #[test]
    fn what_a_phase_does_is_no_reason_for_a_failure() {
        let phase = |status: SecondaryStatus, message: &str| {
            SecondaryStatusTransition::builder()
                .status(status)
                .status_message(message)
                .build()
        };
        let starting = phase(SecondaryStatus::Starting, "Preparing the instances");
        let broken_off = phases(std::slice::from_ref(&starting), RunStatus::Failed);
        assert_eq!(broken_off.last().unwrap().reason, None);
        let failed = phase(SecondaryStatus::Failed, "Training job failed");
        let told = phases(&[starting, failed], RunStatus::Failed);
        assert_eq!(
            told.last().unwrap().reason.as_deref(),
            Some("Training job failed")
        );
    }
}
