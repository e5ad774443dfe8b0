//! Runs of every orchestrator: which service answers for which kind.

use std::collections::HashSet;

use async_trait::async_trait;
use jiff::Timestamp;

use super::api::Api;
use super::codebuild::Codebuild;
use super::codepipeline::Codepipeline;
use super::glue::Glue;
use super::paging::{Listed, more_than, summed_up};
use super::sagemaker::Sagemaker;
use super::session::Session;
use super::step_functions::StepFunctions;
use crate::domain::run::{Run, RunKind, RunStatus, Step};
use crate::domain::source_error::{Answer, Partial, SourceError};
use crate::sources::RunSource;

pub struct Runs {
    sagemaker: Sagemaker,
    step_functions: StepFunctions,
    codepipeline: Codepipeline,
    codebuild: Codebuild,
    glue: Glue,
}

impl Runs {
    pub fn new(session: &Session, sagemaker: Sagemaker) -> Self {
        Self {
            sagemaker,
            step_functions: StepFunctions::new(session.clone()),
            codepipeline: Codepipeline::new(session.clone()),
            codebuild: Codebuild::new(session.clone()),
            glue: Glue::new(session.clone()),
        }
    }
}

#[async_trait]
impl RunSource for Runs {
    async fn runs(
        &self,
        kind: RunKind,
        since: Option<Timestamp>,
        limit: usize,
    ) -> Answer<Vec<Run>> {
        let wanted = Wanted { since, limit };
        match kind {
            RunKind::SagemakerPipeline => self.sagemaker.pipeline_runs(wanted).await,
            RunKind::TrainingJob => self.sagemaker.training_jobs(wanted).await,
            RunKind::ProcessingJob => self.sagemaker.processing_jobs(wanted).await,
            RunKind::TransformJob => self.sagemaker.transform_jobs(wanted).await,
            RunKind::TuningJob => self.sagemaker.tuning_jobs(wanted).await,
            RunKind::StepFunctions => self.step_functions.runs(wanted).await,
            RunKind::Codepipeline => self.codepipeline.runs(wanted).await,
            RunKind::Codebuild => self.codebuild.runs(wanted).await,
            RunKind::Glue => self.glue.runs(wanted).await,
        }
    }

    async fn describe_run(&self, run: &Run) -> Answer<Run> {
        match run.kind {
            RunKind::SagemakerPipeline => self.sagemaker.describe_pipeline_run(run).await,
            RunKind::TrainingJob => self.sagemaker.describe_training_job(run).await,
            RunKind::ProcessingJob => self.sagemaker.describe_processing_job(run).await,
            RunKind::TransformJob => self.sagemaker.describe_transform_job(run).await,
            RunKind::TuningJob => self.sagemaker.describe_tuning_job(run).await,
            RunKind::StepFunctions => self.step_functions.describe(run).await,
            RunKind::Codepipeline => self.codepipeline.describe(run).await,
            RunKind::Codebuild => self.codebuild.describe(run).await,
            RunKind::Glue => self.glue.describe(run).await,
        }
    }
}

/// How far back and how many.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub since: Option<Timestamp>,
    pub limit: usize,
}

impl Wanted {
    /// Whether a page of a newest-first list shows that what follows is older than wanted.
    ///
    /// Not every endpoint keeps the order asked for: only a page that does keep it counts.
    pub fn is_past(self, starts: &[Option<Timestamp>]) -> bool {
        let Some(since) = self.since else {
            return false;
        };
        let descending = starts.windows(2).all(|pair| pair[0] >= pair[1]);
        let really = starts.len() > 1 && starts.first() > starts.last();
        descending
            && really
            && starts
                .last()
                .copied()
                .flatten()
                .is_some_and(|at| at < since)
    }

    /// Puts runs in order, without doubles, those of the time wanted, not more than wanted.
    pub fn finish(
        self,
        api: Api,
        listed: Listed<Run>,
        mut missing: Vec<SourceError>,
    ) -> Partial<Vec<Run>> {
        let mut seen = HashSet::new();
        let mut runs: Vec<Run> = listed
            .items
            .into_iter()
            .filter(|run| match (self.since, run.started_at) {
                (Some(since), Some(at)) => at >= since,
                _ => true,
            })
            .filter(|run| seen.insert(run.key()))
            .collect();
        runs.sort_by(|a, b| {
            b.started_at
                .cmp(&a.started_at)
                .then_with(|| a.name.cmp(&b.name))
        });
        missing.extend(listed.failure);
        if runs.len() > self.limit || listed.more {
            runs.truncate(self.limit);
            missing.push(more_than(api, self.limit));
        }
        Partial {
            value: runs,
            missing,
        }
    }
}

/// Puts together what the families (pipelines, state machines, jobs) answered.
///
/// # Errors
/// When every family failed: that is a failure and not an empty list.
pub fn gather(
    api: Api,
    wanted: Wanted,
    answers: Vec<Result<Listed<Run>, SourceError>>,
    mut missing: Vec<SourceError>,
) -> Answer<Vec<Run>> {
    let mut whole = Listed {
        items: Vec::new(),
        more: false,
        failure: None,
    };
    let mut failures = Vec::new();
    let asked = answers.len();
    for answer in answers {
        match answer {
            Ok(listed) => {
                whole.items.extend(listed.items);
                whole.more |= listed.more;
                missing.extend(listed.failure);
            }
            Err(error) => failures.push(error),
        }
    }
    if asked > 0 && failures.len() == asked {
        return Err(failures.swap_remove(0));
    }
    missing.extend(failures);
    Ok(wanted.finish(api, whole, summed_up(missing)))
}

/// A run of which nothing is known but what it is.
pub fn blank(kind: RunKind, name: &str, arn: &str) -> Run {
    Run::blank(kind, name, arn)
}

/// A step of which nothing is known but its name.
pub fn blank_step(name: &str, kind: &str) -> Step {
    Step {
        name: name.to_owned(),
        kind: kind.to_owned(),
        status: RunStatus::Unknown,
        raw_status: String::new(),
        started_at: None,
        ended_at: None,
        reason: None,
        resource_arn: None,
        attempt: 1,
        logs: Vec::new(),
        depends_on: Vec::new(),
    }
}

/// A run without an end whose service gives the time of its last change: the end, once it is over.
pub fn ended(status: RunStatus, changed: Option<Timestamp>) -> Option<Timestamp> {
    changed.filter(|_| status.is_terminal())
}

/// Adds a line to the facts unless there is nothing to say.
pub fn fact(facts: &mut Vec<(String, String)>, label: &str, value: Option<impl ToString>) {
    if let Some(value) = value.map(|value| value.to_string())
        && !value.is_empty()
    {
        facts.push((label.to_owned(), value));
    }
}

/// Fills in what follows from the steps: where it is, why it failed, where its lines are.
pub fn settle_steps(run: &mut Run) {
    let failed = run.failed_step().cloned();
    let moving = run
        .steps
        .iter()
        .find(|step| matches!(step.status, RunStatus::Running | RunStatus::Stopping))
        .or_else(|| {
            run.steps
                .iter()
                .find(|step| step.status == RunStatus::Queued && step.started_at.is_some())
        });
    if let Some(step) = failed.as_ref().or(moving) {
        run.current_step = Some(step.name.clone());
    }
    if let Some(reason) = failed.and_then(|step| step.reason) {
        run.reason = Some(reason);
    }
    for step in &run.steps {
        for target in &step.logs {
            if !run.logs.contains(target) {
                run.logs.push(target.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const LIST: Api = Api::new("sagemaker", "ListTrainingJobs");

    fn at(minute: i64) -> Option<Timestamp> {
        Some(Timestamp::from_second(minute * 60).unwrap())
    }

    fn run(name: &str, minute: i64) -> Run {
        Run {
            started_at: at(minute),
            ..blank(RunKind::TrainingJob, name, &format!("arn:{name}"))
        }
    }

    #[test]
    fn runs_are_sorted_deduped_and_cut() {
        let wanted = Wanted {
            since: at(2),
            limit: 2,
        };
        let runs = [
            run("a", 1),
            run("b", 2),
            run("c", 9),
            run("c", 9),
            run("d", 5),
        ];
        let listed = Listed {
            items: runs.into(),
            more: false,
            failure: None,
        };
        let partial = wanted.finish(LIST, listed, Vec::new());
        let names: Vec<&str> = partial.value.iter().map(|r| r.name.as_str()).collect();
        assert_eq!(names, ["c", "d"]);
        assert!(partial.missing[0].what.contains("only 2"));
    }

    #[test]
    fn only_a_list_that_keeps_its_order_is_cut_short() {
        let wanted = Wanted {
            since: at(5),
            limit: 100,
        };
        assert!(wanted.is_past(&[at(9), at(6), at(4)]));
        assert!(!wanted.is_past(&[at(9), at(6)]));
        assert!(!wanted.is_past(&[at(1), at(2), at(3)]), "oldest first");
        assert!(!wanted.is_past(&[at(1), at(1)]), "order unknown");
    }

    #[test]
    fn the_first_failure_gives_the_reason() {
        let mut run = run("p", 1);
        for (name, status, reason) in [
            ("Prepare", RunStatus::Succeeded, None),
            ("Train", RunStatus::Failed, Some("exit code 137")),
            ("Evaluate", RunStatus::Failed, Some("later")),
        ] {
            run.steps.push(Step {
                status,
                reason: reason.map(str::to_owned),
                ..blank_step(name, "Training")
            });
        }
        settle_steps(&mut run);
        assert_eq!(run.current_step.as_deref(), Some("Train"));
        assert_eq!(run.reason.as_deref(), Some("exit code 137"));
    }
}
