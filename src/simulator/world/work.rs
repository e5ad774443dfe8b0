//! Work outside SageMaker: Glue job runs, CodeBuild builds and Lambda invocations.

use super::plan::{Ending, Horizon, Span, lasting, occurrences, trouble};
use crate::simulator::dice::Dice;
use crate::simulator::scenario::spec::Spec;

#[derive(Clone, Debug)]
pub struct GlueRun {
    /// Index into the scenario's Glue jobs.
    pub job: usize,
    /// `jr_` and 64 hexadecimal digits.
    pub id: String,
    pub span: Span,
    pub dice: Dice,
}

impl GlueRun {
    pub fn new(job: usize, span: Span, dice: Dice) -> Self {
        Self {
            job,
            id: format!("jr_{}", dice.of("id").hex(64)),
            span,
            dice,
        }
    }
}

pub fn glue_runs(spec: &Spec, job: usize, horizon: Horizon, dice: Dice) -> Vec<GlueRun> {
    let plan = &spec.glue_jobs[job];
    let Some(schedule) = &plan.schedule else {
        return Vec::new();
    };
    let dice = dice.of("glue").of(&plan.name);
    occurrences(schedule, &plan.runs, horizon, dice)
        .into_iter()
        .map(|run| {
            let dice = dice.at(i64::from(run.number));
            let failing = trouble(run.story, plan.trouble, &plan.troubles, dice);
            let length = lasting(plan.minutes, run.story, dice);
            let (ending, length) = Ending::of(spec, failing.map(|(_, name)| name), length);
            let span = Span {
                start: run.at,
                end: Some(run.at.plus(length)),
                ending,
            };
            GlueRun::new(job, span, dice)
        })
        .collect()
}

#[derive(Clone, Debug)]
pub struct BuildRun {
    /// Index into the scenario's build projects.
    pub project: usize,
    pub number: u32,
    pub uuid: String,
    pub span: Span,
    /// `codepipeline/deploy-churn`, or who pushed.
    pub initiator: String,
    /// Index from the newest of the demo repository's commits.
    pub commit: usize,
    pub dice: Dice,
}

pub fn builds(spec: &Spec, project: usize, horizon: Horizon, dice: Dice) -> Vec<BuildRun> {
    let plan = &spec.builds[project];
    let Some(schedule) = &plan.schedule else {
        return Vec::new();
    };
    let dice = dice.of("build").of(&plan.name);
    occurrences(schedule, &plan.runs, horizon, dice)
        .into_iter()
        .map(|run| {
            let dice = dice.at(i64::from(run.number));
            let failing = trouble(run.story, plan.trouble, &plan.troubles, dice);
            let length = lasting(plan.minutes, run.story, dice);
            let (ending, length) = Ending::of(spec, failing.map(|(_, name)| name), length);
            BuildRun {
                project,
                number: run.number,
                uuid: dice.of("uuid").uuid(),
                span: Span {
                    start: run.at,
                    end: Some(run.at.plus(length)),
                    ending,
                },
                initiator: run
                    .story
                    .and_then(|s| s.by.clone())
                    .unwrap_or_else(|| "GitHub-Hookshot/8d7a1c2".into()),
                commit: run
                    .story
                    .and_then(|s| s.commit)
                    .unwrap_or((schedule.last.saturating_sub(run.number)) as usize / 2),
                dice,
            }
        })
        .collect()
}

/// One call of a Lambda function.
#[derive(Clone, Debug)]
pub struct Invocation {
    pub function: String,
    pub request_id: String,
    pub span: Span,
    pub dice: Dice,
}

impl Invocation {
    pub fn new(function: &str, span: Span, dice: Dice) -> Self {
        Self {
            function: function.to_owned(),
            request_id: dice.of("request").uuid(),
            span,
            dice,
        }
    }
}
