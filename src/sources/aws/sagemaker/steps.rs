//! Steps of a pipeline execution: the rows that the service gives, laid over the graph of the definition.

use aws_sdk_sagemaker::types::{PipelineExecutionStep, PipelineExecutionStepMetadata};

use super::dag::Node;
use crate::domain::run::{RunStatus, Step};
use crate::sources::aws::runs::blank_step;
use crate::sources::aws::text::reason;
use crate::sources::aws::time::optional;
use crate::sources::aws::{log_targets, run_status};

/// What a step's metadata names: its kind, the ARN that does the work, words of its own.
#[derive(Default)]
struct Work<'a> {
    kind: &'static str,
    arn: Option<&'a str>,
    words: Option<String>,
}

/// One row as a step.
pub fn step(row: &PipelineExecutionStep) -> Step {
    let raw = row.step_status().map_or("", |s| s.as_str());
    let reused = row.cache_hit_result().is_some() || row.selective_execution_result().is_some();
    let status = match run_status::pipeline_step(raw) {
        RunStatus::Succeeded if reused => RunStatus::Cached,
        status => status,
    };
    let work = row.metadata().map(work).unwrap_or_default();
    let mut name = row.step_name().unwrap_or_default().to_owned();
    if let Some(index) = row.iteration_context().and_then(|i| i.index()) {
        name = format!("{name}[{index}]");
    }
    Step {
        status,
        raw_status: raw.to_owned(),
        started_at: optional(row.start_time()),
        ended_at: optional(row.end_time()),
        reason: reason(row.failure_reason()).or(work.words),
        resource_arn: work.arn.map(str::to_owned),
        attempt: row
            .attempt_count()
            .and_then(|n| u32::try_from(n).ok())
            .map_or(1, |n| n.max(1)),
        logs: work.arn.and_then(log_targets::of_arn).into_iter().collect(),
        ..blank_step(&name, work.kind)
    }
}

/// Rows over nodes. A node without a row was skipped when the run is over, else it waits.
///
/// `rows_known`: whether the rows could be read at all; without them nothing is claimed.
pub fn overlay(nodes: &[Node], rows: Vec<Step>, run: RunStatus, rows_known: bool) -> Vec<Step> {
    let mut steps = rows;
    for node in nodes {
        let iterations = format!("{}[", node.name);
        let mut found = false;
        for step in steps
            .iter_mut()
            .filter(|step| step.name == node.name || step.name.starts_with(&iterations))
        {
            found = true;
            step.depends_on.clone_from(&node.depends_on);
            if !node.kind.is_empty() {
                step.kind.clone_from(&node.kind);
            }
        }
        if !found {
            steps.push(Step {
                status: match (rows_known, run.is_terminal()) {
                    (false, _) => RunStatus::Unknown,
                    (true, true) => RunStatus::Skipped,
                    (true, false) => RunStatus::Queued,
                },
                depends_on: node.depends_on.clone(),
                ..blank_step(&node.name, &node.kind)
            });
        }
    }
    let place = |name: &str| {
        nodes
            .iter()
            .position(|node| node.name == name)
            .unwrap_or(usize::MAX)
    };
    // In the order of start; what has not started follows in the order of the definition.
    steps.sort_by_key(|step| {
        (
            step.started_at.is_none(),
            step.started_at,
            place(&step.name),
        )
    });
    steps
}

fn work(metadata: &PipelineExecutionStepMetadata) -> Work<'_> {
    let of = |kind, arn| Work {
        kind,
        arn,
        words: None,
    };
    let said = |kind, words: Option<&str>| Work {
        kind,
        arn: None,
        words: reason(words),
    };
    if let Some(m) = metadata.training_job() {
        of("Training", m.arn())
    } else if let Some(m) = metadata.processing_job() {
        of("Processing", m.arn())
    } else if let Some(m) = metadata.transform_job() {
        of("Transform", m.arn())
    } else if let Some(m) = metadata.tuning_job() {
        of("Tuning", m.arn())
    } else if let Some(m) = metadata.model() {
        of("Model", m.arn())
    } else if let Some(m) = metadata.register_model() {
        of("RegisterModel", m.arn())
    } else if let Some(m) = metadata.quality_check() {
        Work {
            words: reason(m.violation_report()).map(|at| format!("violations: {at}")),
            ..of("QualityCheck", m.check_job_arn())
        }
    } else if let Some(m) = metadata.clarify_check() {
        Work {
            words: reason(m.violation_report()).map(|at| format!("violations: {at}")),
            ..of("ClarifyCheck", m.check_job_arn())
        }
    } else if let Some(m) = metadata.condition() {
        let outcome = m.outcome().map(|o| format!("outcome {}", o.as_str()));
        said("Condition", outcome.as_deref())
    } else if let Some(m) = metadata.lambda() {
        of("Lambda", m.arn())
    } else if let Some(m) = metadata.callback() {
        said("Callback", m.sqs_queue_url())
    } else if let Some(m) = metadata.emr() {
        said("EMR", m.log_file_path())
    } else if let Some(m) = metadata.emr_serverless() {
        said("EMRServerless", m.log_file_path())
    } else if let Some(m) = metadata.fail() {
        said("Fail", m.error_message())
    } else if let Some(m) = metadata.auto_ml_job() {
        of("AutoML", m.arn())
    } else if let Some(m) = metadata.endpoint() {
        of("Endpoint", m.arn())
    } else if let Some(m) = metadata.endpoint_config() {
        of("EndpointConfig", m.arn())
    } else if let Some(m) = metadata.inference_component() {
        of("InferenceComponent", m.arn())
    } else if let Some(m) = metadata.job() {
        of("Job", m.arn())
    } else if metadata.for_each().is_some() {
        of("ForEach", None)
    } else if metadata.cleanup().is_some() {
        of("Cleanup", None)
    } else if metadata.lineage().is_some() {
        of("Lineage", None)
    } else if metadata.athena().is_some() {
        of("Athena", None)
    } else {
        Work::default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use aws_sdk_sagemaker::types::{CacheHitResult, StepStatus, TrainingJobStepMetadata};
    use aws_smithy_types::DateTime;

    fn node(name: &str, depends_on: &[&str]) -> Node {
        Node {
            name: name.into(),
            kind: "Training".into(),
            depends_on: depends_on.iter().map(|d| (*d).to_owned()).collect(),
        }
    }

    fn row(name: &str, status: StepStatus, start: i64) -> PipelineExecutionStep {
        PipelineExecutionStep::builder()
            .step_name(name)
            .step_status(status)
            .start_time(DateTime::from_secs(start))
            .build()
    }

    #[test]
    fn a_cache_hit_is_not_work_done() {
        let mut row = row("Train", StepStatus::Succeeded, 1);
        row.cache_hit_result = Some(CacheHitResult::builder().build());
        assert_eq!(step(&row).status, RunStatus::Cached);
    }

    #[test]
    fn a_training_step_knows_its_log_streams() {
        let mut row = row("Train", StepStatus::Executing, 1);
        row.metadata = Some(
            PipelineExecutionStepMetadata::builder()
                .training_job(
                    TrainingJobStepMetadata::builder()
                        .arn("arn:aws:sagemaker:eu-west-1:123456789012:training-job/pipelines-x-Train")
                        .build(),
                )
                .build(),
        );
        let step = step(&row);
        assert_eq!(step.kind, "Training");
        assert_eq!(step.logs[0].prefix.as_deref(), Some("pipelines-x-Train/"));
    }

    #[test]
    fn what_has_no_row_waits_or_was_skipped() {
        let nodes = [node("A", &[]), node("B", &["A"]), node("C", &["B"])];
        let rows = || vec![step(&row("A", StepStatus::Failed, 5))];
        let over = overlay(&nodes, rows(), RunStatus::Failed, true);
        let states: Vec<_> = over.iter().map(|s| s.status).collect();
        assert_eq!(
            states,
            [RunStatus::Failed, RunStatus::Skipped, RunStatus::Skipped]
        );
        let moving = overlay(&nodes, rows(), RunStatus::Running, true);
        assert_eq!(moving[1].status, RunStatus::Queued);
        assert_eq!(moving[2].depends_on, ["B"]);
        let unknown = overlay(&nodes, Vec::new(), RunStatus::Succeeded, false);
        assert!(unknown.iter().all(|s| s.status == RunStatus::Unknown));
    }

    #[test]
    fn steps_stand_in_the_order_of_start() {
        let nodes = [node("A", &[]), node("B", &[]), node("C", &[])];
        let rows = vec![
            step(&row("B", StepStatus::Succeeded, 1)),
            step(&row("A", StepStatus::Executing, 2)),
        ];
        let names: Vec<String> = overlay(&nodes, rows, RunStatus::Running, true)
            .into_iter()
            .map(|s| s.name)
            .collect();
        assert_eq!(names, ["B", "A", "C"]);
    }
}
