//! Why a run failed: the step, and the words nearest to the root of it.

use crate::domain::run::{Run, RunKind, RunStatus};

use super::super::reason;
use super::links::pipeline_job;

pub struct Cause<'a> {
    pub step: Option<&'a str>,
    /// The service's own words, in full.
    pub text: Option<&'a str>,
    /// The run below that failed, where it is known.
    pub job: Option<&'a Run>,
}

impl<'a> Cause<'a> {
    /// `below` are the failed runs that this one started, by whatever ways, newest last.
    pub fn of(run: &'a Run, below: &[&'a Run]) -> Self {
        let failed = run.failed_step();
        let job = below
            .iter()
            .find(|job| failed.is_some_and(|s| s.resource_arn.as_deref() == Some(&*job.arn)))
            .or(below.first())
            .copied();
        let step = if has_steps(run.kind) {
            failed
                .map(|s| s.name.as_str())
                .or(run.current_step.as_deref())
                .or_else(|| pipeline_job(&job?.name).map(|(_, step)| step))
        } else {
            None
        };
        let texts = [
            failed.and_then(|s| s.reason.as_deref()),
            job.and_then(|j| j.failed_step()?.reason.as_deref()),
            job.and_then(|j| j.reason.as_deref()),
            run.reason.as_deref(),
        ];
        let told = texts.into_iter().flatten().find(|t| !reason::is_generic(t));
        Self {
            step,
            text: told.or(run.reason.as_deref().filter(|t| !t.trim().is_empty())),
            job,
        }
    }

    pub fn reason(&self, status: RunStatus) -> String {
        let text = self.text.unwrap_or(match status {
            RunStatus::TimedOut => "timed out",
            RunStatus::SucceededWithIssues => "done, but with failures",
            _ => "failed, no reason given",
        });
        reason::of_step(self.step.unwrap_or_default(), text)
    }
}

/// Whether the step's name tells more than the run's own.
fn has_steps(kind: RunKind) -> bool {
    matches!(
        kind,
        RunKind::SagemakerPipeline
            | RunKind::StepFunctions
            | RunKind::Codepipeline
            | RunKind::Codebuild
    )
}
