//! Each service's word for a state, in the one vocabulary. A word that is not known stays visible as it is.

use crate::domain::run::RunStatus;

/// SageMaker pipeline executions.
pub fn pipeline(raw: &str) -> RunStatus {
    match raw {
        "Executing" => RunStatus::Running,
        "Stopping" => RunStatus::Stopping,
        "Stopped" => RunStatus::Stopped,
        "Failed" => RunStatus::Failed,
        "Succeeded" => RunStatus::Succeeded,
        "CompletedWithFailures" => RunStatus::SucceededWithIssues,
        _ => RunStatus::Unknown,
    }
}

/// Steps of SageMaker pipeline executions.
pub fn pipeline_step(raw: &str) -> RunStatus {
    match raw {
        "Starting" => RunStatus::Queued,
        other => pipeline(other),
    }
}

/// SageMaker training, processing, transform and tuning jobs.
pub fn job(raw: &str) -> RunStatus {
    match raw {
        "InProgress" | "Deleting" => RunStatus::Running,
        "Stopping" => RunStatus::Stopping,
        "Stopped" => RunStatus::Stopped,
        "Completed" => RunStatus::Succeeded,
        "CompletedWithViolations" => RunStatus::SucceededWithIssues,
        "Failed" | "DeleteFailed" => RunStatus::Failed,
        "Pending" => RunStatus::Queued,
        _ => RunStatus::Unknown,
    }
}

/// A training job's secondary status tells waiting from working, and a time limit from a person who stopped it.
pub fn training(raw: &str, secondary: &str) -> RunStatus {
    match (job(raw), secondary) {
        (
            RunStatus::Running,
            "Starting" | "Pending" | "LaunchingMLInstances" | "PreparingTrainingStack",
        ) => RunStatus::Queued,
        (
            RunStatus::Stopped | RunStatus::Failed | RunStatus::Succeeded,
            "MaxRuntimeExceeded" | "MaxWaitTimeExceeded",
        ) => RunStatus::TimedOut,
        (status, _) => status,
    }
}

pub fn step_functions(raw: &str) -> RunStatus {
    match raw {
        "RUNNING" => RunStatus::Running,
        "PENDING_REDRIVE" => RunStatus::Queued,
        "SUCCEEDED" => RunStatus::Succeeded,
        "FAILED" => RunStatus::Failed,
        "TIMED_OUT" => RunStatus::TimedOut,
        "ABORTED" => RunStatus::Stopped,
        _ => RunStatus::Unknown,
    }
}

/// CodePipeline executions, stages and actions.
pub fn codepipeline(raw: &str) -> RunStatus {
    match raw {
        "InProgress" => RunStatus::Running,
        "Succeeded" => RunStatus::Succeeded,
        "Failed" => RunStatus::Failed,
        "Stopping" => RunStatus::Stopping,
        "Stopped" | "Cancelled" | "Abandoned" => RunStatus::Stopped,
        "Superseded" | "Skipped" => RunStatus::Skipped,
        _ => RunStatus::Unknown,
    }
}

/// CodeBuild builds and phases.
pub fn codebuild(raw: &str) -> RunStatus {
    match raw {
        "IN_PROGRESS" => RunStatus::Running,
        "QUEUED" => RunStatus::Queued,
        "SUCCEEDED" => RunStatus::Succeeded,
        "FAILED" | "FAULT" | "CLIENT_ERROR" => RunStatus::Failed,
        "TIMED_OUT" => RunStatus::TimedOut,
        "STOPPED" => RunStatus::Stopped,
        _ => RunStatus::Unknown,
    }
}

/// Glue job runs.
pub fn glue(raw: &str) -> RunStatus {
    match raw {
        "STARTING" | "WAITING" => RunStatus::Queued,
        "RUNNING" => RunStatus::Running,
        "STOPPING" => RunStatus::Stopping,
        "STOPPED" => RunStatus::Stopped,
        "SUCCEEDED" => RunStatus::Succeeded,
        "FAILED" | "ERROR" => RunStatus::Failed,
        "TIMEOUT" | "EXPIRED" => RunStatus::TimedOut,
        _ => RunStatus::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_words_are_unknown_everywhere() {
        for map in [
            pipeline,
            pipeline_step,
            job,
            step_functions,
            codepipeline,
            codebuild,
            glue,
        ] {
            assert_eq!(map("InventedIn2027"), RunStatus::Unknown);
        }
    }

    #[test]
    fn waiting_for_capacity_is_not_running() {
        assert_eq!(training("InProgress", "Pending"), RunStatus::Queued);
        assert_eq!(training("InProgress", "Training"), RunStatus::Running);
        assert_eq!(
            training("Stopped", "MaxWaitTimeExceeded"),
            RunStatus::TimedOut
        );
        assert_eq!(training("Stopped", "Stopped"), RunStatus::Stopped);
    }

    #[test]
    fn services_agree_on_the_end() {
        assert_eq!(pipeline("Succeeded"), RunStatus::Succeeded);
        assert_eq!(job("Completed"), RunStatus::Succeeded);
        assert_eq!(step_functions("SUCCEEDED"), RunStatus::Succeeded);
        assert_eq!(codebuild("FAULT"), RunStatus::Failed);
        assert_eq!(glue("TIMEOUT"), RunStatus::TimedOut);
        assert_eq!(codepipeline("Superseded"), RunStatus::Skipped);
    }
}
