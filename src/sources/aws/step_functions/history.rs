//! The events of an execution, told as visits of states.

use std::collections::HashMap;

use aws_sdk_sfn::types::HistoryEvent;
use serde_json::Value;

use crate::domain::run::{RunStatus, Step};
use crate::sources::aws::log_targets;
use crate::sources::aws::runs::blank_step;
use crate::sources::aws::text::reason;
use crate::sources::aws::time::timestamp;

struct Visit {
    step: Step,
    open: bool,
    failed: bool,
}

/// Visits in the order of entry. An event belongs to the visit of the event before it in its own branch, so parallel
/// branches do not mix.
pub fn steps(mut events: Vec<HistoryEvent>, execution: RunStatus) -> Vec<Step> {
    events.sort_by_key(HistoryEvent::id);
    let mut visits: Vec<Visit> = Vec::new();
    let mut visit_of: HashMap<i64, usize> = HashMap::new();
    for event in &events {
        let before = visit_of.get(&event.previous_event_id()).copied();
        let kind = event.r#type().as_str();
        if let Some(details) = event.state_entered_event_details() {
            let mut step = blank_step(
                details.name(),
                kind.strip_suffix("StateEntered").unwrap_or(kind),
            );
            step.started_at = timestamp(event.timestamp());
            step.depends_on = before
                .and_then(|index| visits.get(index))
                .map(|visit| visit.step.name.clone())
                .into_iter()
                .collect();
            visit_of.insert(event.id(), visits.len());
            visits.push(Visit {
                step,
                open: true,
                failed: false,
            });
            continue;
        }
        let Some(index) = before else { continue };
        let mut owner = index;
        if let Some(details) = event.state_exited_event_details() {
            // The exit of a Parallel or Map follows an event of one of its branches.
            let named = |visit: &Visit| visit.step.name == details.name();
            if !visits.get(index).is_some_and(named) {
                owner = visits
                    .iter()
                    .rposition(|visit| visit.open && named(visit))
                    .unwrap_or(index);
            }
            if let Some(visit) = visits.get_mut(owner) {
                visit.open = false;
                visit.step.ended_at = timestamp(event.timestamp());
            }
        } else if let Some(visit) = visits.get_mut(index) {
            happened(visit, event, kind);
        }
        visit_of.insert(event.id(), owner);
    }
    visits
        .into_iter()
        .map(|visit| closed(visit, execution))
        .collect()
}

/// What an event within a visit adds to it.
fn happened(visit: &mut Visit, event: &HistoryEvent, kind: &str) {
    if let Some(failure) = failure(event) {
        visit.failed = true;
        visit.step.reason = failure;
        visit.step.ended_at = timestamp(event.timestamp());
        if kind.ends_with("TimedOut") {
            visit.step.raw_status = "TIMED_OUT".to_owned();
        }
    } else if kind.ends_with("Scheduled") && visit.failed {
        // Scheduled again after a failure: a retry.
        visit.failed = false;
        visit.step.reason = None;
        visit.step.ended_at = None;
        visit.step.raw_status.clear();
        visit.step.attempt += 1;
    }
    let started = event
        .task_submitted_event_details()
        .and_then(|details| details.output())
        .or_else(|| {
            event
                .task_scheduled_event_details()
                .map(|details| details.parameters())
        })
        .and_then(|data| serde_json::from_str(data).ok())
        .and_then(|data: Value| work(&data))
        .or_else(|| {
            event
                .lambda_function_scheduled_event_details()
                .map(|details| details.resource().to_owned())
        });
    if let Some(arn) = started {
        visit.step.logs = log_targets::of_arn(&arn).into_iter().collect();
        visit.step.resource_arn = Some(arn);
    }
}

/// The ARN of the job or function that a task started; nothing else is read of the data.
fn work(data: &Value) -> Option<String> {
    [
        "TrainingJobArn",
        "ProcessingJobArn",
        "TransformJobArn",
        "HyperParameterTuningJobArn",
        "PipelineExecutionArn",
        "ExecutionArn",
        "FunctionName",
    ]
    .iter()
    .find_map(|name| data.get(name)?.as_str())
    .filter(|arn| arn.starts_with("arn:"))
    .map(str::to_owned)
}

/// Error and cause, where the event is a failure of any kind; the inner value is empty when it gives no words.
fn failure(event: &HistoryEvent) -> Option<Option<String>> {
    macro_rules! told {
        ($($details:ident),+ $(,)?) => {
            $(if let Some(details) = event.$details() {
                return Some(words(details.error(), details.cause()));
            })+
        };
    }
    told!(
        task_failed_event_details,
        task_timed_out_event_details,
        task_submit_failed_event_details,
        task_start_failed_event_details,
        lambda_function_failed_event_details,
        lambda_function_timed_out_event_details,
        lambda_function_schedule_failed_event_details,
        lambda_function_start_failed_event_details,
        activity_failed_event_details,
        activity_timed_out_event_details,
        activity_schedule_failed_event_details,
        map_run_failed_event_details,
        evaluation_failed_event_details,
        execution_failed_event_details,
    );
    None
}

/// `States.TaskFailed: exit code 1`; a cause that is the description of a SageMaker job says it in `FailureReason`.
pub fn words(error: Option<&str>, cause: Option<&str>) -> Option<String> {
    let cause = cause.map(|cause| {
        serde_json::from_str::<Value>(cause)
            .ok()
            .and_then(|data| {
                ["FailureReason", "errorMessage"]
                    .iter()
                    .find_map(|name| data.get(name)?.as_str().map(str::to_owned))
            })
            .unwrap_or_else(|| cause.to_owned())
    });
    match (reason(error), reason(cause.as_deref())) {
        (Some(error), Some(cause)) => Some(format!("{error}: {cause}")),
        (error, cause) => error.or(cause),
    }
}

fn closed(visit: Visit, execution: RunStatus) -> Step {
    let mut step = visit.step;
    step.status = match (visit.open, visit.failed) {
        // Failed, and a Catch led on from there.
        (false, true) => RunStatus::SucceededWithIssues,
        (false, false) => RunStatus::Succeeded,
        (true, true) if step.raw_status == "TIMED_OUT" => RunStatus::TimedOut,
        (true, true) => RunStatus::Failed,
        (true, false) if execution.is_moving() => RunStatus::Running,
        (true, false) if execution == RunStatus::TimedOut => RunStatus::TimedOut,
        (true, false) => RunStatus::Stopped,
    };
    step
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use aws_sdk_sfn::types::{
        ExecutionFailedEventDetails, HistoryEventType, StateEnteredEventDetails,
        StateExitedEventDetails, TaskFailedEventDetails, TaskScheduledEventDetails,
        TaskSubmittedEventDetails, builders::HistoryEventBuilder,
    };
    use aws_smithy_types::DateTime;

    fn event(id: i64, before: i64, kind: HistoryEventType) -> HistoryEventBuilder {
        HistoryEvent::builder()
            .id(id)
            .previous_event_id(before)
            .timestamp(DateTime::from_secs(id))
            .r#type(kind)
    }

    fn entered(id: i64, before: i64, kind: HistoryEventType, name: &str) -> HistoryEvent {
        event(id, before, kind)
            .state_entered_event_details(
                StateEnteredEventDetails::builder()
                    .name(name)
                    .build()
                    .unwrap(),
            )
            .build()
            .unwrap()
    }

    fn exited(id: i64, before: i64, kind: HistoryEventType, name: &str) -> HistoryEvent {
        event(id, before, kind)
            .state_exited_event_details(
                StateExitedEventDetails::builder()
                    .name(name)
                    .build()
                    .unwrap(),
            )
            .build()
            .unwrap()
    }

    fn scheduled(id: i64, before: i64) -> HistoryEvent {
        event(id, before, HistoryEventType::TaskScheduled)
            .task_scheduled_event_details(
                TaskScheduledEventDetails::builder()
                    .resource_type("sagemaker")
                    .resource("createTrainingJob.sync")
                    .region("eu-west-1")
                    .parameters("{}")
                    .build()
                    .unwrap(),
            )
            .build()
            .unwrap()
    }

    fn failed(id: i64, before: i64) -> HistoryEvent {
        event(id, before, HistoryEventType::TaskFailed)
            .task_failed_event_details(
                TaskFailedEventDetails::builder()
                    .resource_type("sagemaker")
                    .resource("createTrainingJob.sync")
                    .error("States.TaskFailed")
                    .cause(r#"{"FailureReason": "exit code 137"}"#)
                    .build()
                    .unwrap(),
            )
            .build()
            .unwrap()
    }

    #[test]
    fn a_retry_is_one_visit_with_two_attempts() {
        let steps = steps(
            vec![
                entered(2, 1, HistoryEventType::TaskStateEntered, "Train"),
                scheduled(3, 2),
                failed(4, 3),
                scheduled(5, 4),
                event(6, 5, HistoryEventType::TaskSubmitted)
                    .task_submitted_event_details(
                        TaskSubmittedEventDetails::builder()
                            .resource_type("sagemaker")
                            .resource("createTrainingJob.sync")
                            .output(r#"{"TrainingJobArn": "arn:aws:sagemaker:eu-west-1:123456789012:training-job/t-1"}"#)
                            .build()
                            .unwrap(),
                    )
                    .build()
                    .unwrap(),
            ],
            RunStatus::Running,
        );
        assert_eq!(steps.len(), 1);
        assert_eq!(steps[0].attempt, 2);
        assert_eq!(steps[0].status, RunStatus::Running);
        assert_eq!(steps[0].logs[0].prefix.as_deref(), Some("t-1/"));
    }

    #[test]
    fn a_failure_stops_its_siblings_and_keeps_its_words() {
        let steps = steps(
            vec![
                entered(2, 1, HistoryEventType::ParallelStateEntered, "Both"),
                event(3, 2, HistoryEventType::ParallelStateStarted)
                    .build()
                    .unwrap(),
                entered(4, 3, HistoryEventType::TaskStateEntered, "A"),
                entered(5, 3, HistoryEventType::TaskStateEntered, "B"),
                scheduled(6, 5),
                failed(7, 6),
                event(8, 7, HistoryEventType::ExecutionFailed)
                    .execution_failed_event_details(
                        ExecutionFailedEventDetails::builder()
                            .error("States.TaskFailed")
                            .cause(r#"{"FailureReason": "exit code 137"}"#)
                            .build(),
                    )
                    .build()
                    .unwrap(),
            ],
            RunStatus::Failed,
        );
        let told: Vec<_> = steps
            .iter()
            .map(|s| (s.name.as_str(), s.status, s.depends_on.join("")))
            .collect();
        assert_eq!(
            told,
            [
                ("Both", RunStatus::Stopped, String::new()),
                ("A", RunStatus::Stopped, "Both".into()),
                ("B", RunStatus::Failed, "Both".into()),
            ]
        );
        assert_eq!(
            steps[2].reason.as_deref(),
            Some("States.TaskFailed: exit code 137")
        );
    }

    #[test]
    fn a_caught_failure_is_an_issue_and_the_exit_of_a_parallel_finds_its_state() {
        let steps = steps(
            vec![
                entered(2, 1, HistoryEventType::ParallelStateEntered, "Both"),
                entered(3, 2, HistoryEventType::TaskStateEntered, "A"),
                scheduled(4, 3),
                failed(5, 4),
                exited(6, 5, HistoryEventType::TaskStateExited, "A"),
                event(7, 6, HistoryEventType::ParallelStateSucceeded)
                    .build()
                    .unwrap(),
                exited(8, 7, HistoryEventType::ParallelStateExited, "Both"),
                entered(9, 8, HistoryEventType::PassStateEntered, "Done"),
                exited(10, 9, HistoryEventType::PassStateExited, "Done"),
            ],
            RunStatus::Succeeded,
        );
        let states: Vec<_> = steps.iter().map(|s| s.status).collect();
        assert_eq!(
            states,
            [
                RunStatus::Succeeded,
                RunStatus::SucceededWithIssues,
                RunStatus::Succeeded
            ]
        );
        assert_eq!(steps[2].depends_on, ["Both"]);
    }
}
