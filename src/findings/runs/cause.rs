//! Why a run failed: the step, and the words nearest to the root of it.

use crate::domain::run::{Run, RunKind, RunStatus};

use super::super::reason;
use super::links::pipeline_job;

pub struct Cause<'a> {
    pub step: Option<&'a str>,
    /// The service's own words, in full.
    pub text: Option<&'a str>,
    /// The same in plain words, not cut.
    pub plain: String,
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
        let text = told.or(run.reason.as_deref().filter(|t| !t.trim().is_empty()));
        Self {
            step,
            text,
            plain: text.map_or_else(|| without_words(run.status).to_owned(), reason::plain),
            job,
        }
    }

    /// Fits a row.
    pub fn reason(&self) -> String {
        reason::with_step(self.step.unwrap_or_default(), &self.plain)
    }
}

fn without_words(status: RunStatus) -> &'static str {
    match status {
        RunStatus::TimedOut => "timed out",
        RunStatus::SucceededWithIssues => "done, but with failures",
        _ => "failed, no reason given",
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
