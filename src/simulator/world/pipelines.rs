//! Executions of SageMaker pipelines, planned step by step.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::jobs::JobRun;
use super::plan::{EndKind, Ending, Horizon, Occurrence, Span, lasting, occurrences, trouble};
use crate::simulator::dice::Dice;
use crate::simulator::moment::{DAY, MINUTE, Moment, SECOND};
use crate::simulator::scenario::spec::{Job, Pipeline, Spec, Step, StepKind};

/// One execution with every step planned.
#[derive(Clone, Debug)]
pub struct PipelineRun {
    /// Index into the scenario's pipelines.
    pub pipeline: usize,
    pub number: u32,
    /// Twelve letters and digits, the end of its ARN.
    pub id: String,
    pub span: Span,
    pub steps: Vec<StepRun>,
    pub by: String,
    /// Index from the newest of the demo repository's commits.
    pub commit: Option<usize>,
    pub parameters: BTreeMap<String, String>,
    pub dice: Dice,
}

/// One step of an execution that was, is or will be run.
#[derive(Clone, Debug)]
pub struct StepRun {
    /// Index into the pipeline's steps.
    pub step: usize,
    pub span: Span,
    /// The name of its job, once there is one.
    pub job: Option<String>,
    /// The execution whose result was taken.
    pub cached_from: Option<String>,
    pub outcome: Option<bool>,
    /// Number and text of the item, for steps inside a `ForEach`.
    pub iteration: Option<(usize, String)>,
}

impl PipelineRun {
    pub fn plan<'a>(&self, spec: &'a Spec) -> &'a Pipeline {
        &spec.pipelines[self.pipeline]
    }
}

/// Plans all executions of one pipeline, and the jobs that they start.
pub fn plan(
    spec: &Spec,
    pipeline: usize,
    horizon: Horizon,
    dice: Dice,
) -> (Vec<PipelineRun>, Vec<JobRun>) {
    let plan = &spec.pipelines[pipeline];
    let dice = dice.of("pipeline").of(&plan.name);
    let shared: Vec<Option<Arc<Job>>> = plan
        .steps
        .iter()
        .map(|s| s.job.clone().map(Arc::new))
        .collect();
    let mut jobs = Vec::new();
    let runs = occurrences(&plan.schedule, &plan.runs, horizon, dice)
        .into_iter()
        .map(|occurrence| {
            Planner {
                spec,
                plan,
                shared: &shared,
                dice: dice.at(i64::from(occurrence.number)),
                id: execution_id(dice, occurrence.number),
                previous: execution_id(dice, occurrence.number.saturating_sub(1)),
                occurrence,
                jobs: &mut jobs,
            }
            .execution(pipeline)
        })
        .collect();
    (runs, jobs)
}

fn execution_id(dice: Dice, number: u32) -> String {
    dice.at(i64::from(number)).of("id").lower(12)
}

struct Planner<'a> {
    spec: &'a Spec,
    plan: &'a Pipeline,
    shared: &'a [Option<Arc<Job>>],
    dice: Dice,
    id: String,
    previous: String,
    occurrence: Occurrence<'a>,
    jobs: &'a mut Vec<JobRun>,
}

impl Planner<'_> {
    fn execution(mut self, pipeline: usize) -> PipelineRun {
        let start = self.occurrence.at;
        let story = self.occurrence.story;
        let failing = trouble(story, self.plan.trouble, &self.plan.troubles, self.dice);
        let mut parameters = self.plan.parameters.clone();
        if let Some(story) = story {
            parameters.extend(story.parameters.clone());
        }
        let mut steps: Vec<StepRun> = Vec::new();
        // The end of the first failure: nothing starts after it.
        let mut broken: Option<(Moment, Ending)> = None;
        let mut waiting = false;
        for (index, step) in self.plan.steps.iter().enumerate() {
            let Some(ready) = self.ready(step, start, &steps) else {
                continue;
            };
            if broken.as_ref().is_some_and(|(at, _)| ready >= *at) {
                continue;
            }
            let failure = failing
                .filter(|(part, _)| *part == step.name)
                .map(|(_, f)| f);
            let mut run = self.step(index, step, ready, failure, &parameters);
            if story.and_then(|s| s.waits.as_ref()) == Some(&step.name) {
                run.span.end = None;
                waiting = true;
            }
            if run.span.ending.kind != EndKind::Succeeded && broken.is_none() {
                let at = run.span.end.unwrap_or(ready);
                broken = Some((at, run.span.ending.clone()));
            }
            let iterations = self.iterations(index, step, &run, &parameters);
            steps.push(run);
            steps.extend(iterations);
        }
        let last = steps
            .iter()
            .filter_map(|s| s.span.end)
            .max()
            .unwrap_or(start);
        PipelineRun {
            pipeline,
            number: self.occurrence.number,
            span: Span {
                start,
                end: (!waiting).then(|| last.plus(3 * SECOND)),
                ending: broken.map_or_else(Ending::succeeded, |(_, ending)| ending),
            },
            steps,
            by: story
                .and_then(|s| s.by.clone())
                .unwrap_or_else(|| self.plan.by.clone()),
            commit: story.and_then(|s| s.commit),
            parameters,
            dice: self.dice,
            id: self.id,
        }
    }

    /// When the step can start; `None` when it never can.
    fn ready(&self, step: &Step, start: Moment, done: &[StepRun]) -> Option<Moment> {
        let mut ready = start.plus(4 * SECOND);
        for name in step.after.iter().chain(&step.branch) {
            let before = done
                .iter()
                .find(|s| s.iteration.is_none() && self.plan.steps[s.step].name == *name)?;
            if before.span.ending.kind != EndKind::Succeeded {
                return None;
            }
            if step.branch.as_ref() == Some(name) && before.outcome != Some(step.when) {
                return None;
            }
            ready = ready.max(before.span.end?.plus(2 * SECOND));
        }
        Some(ready)
    }

    fn step(
        &mut self,
        index: usize,
        step: &Step,
        start: Moment,
        failure: Option<&str>,
        parameters: &BTreeMap<String, String>,
    ) -> StepRun {
        let story = self.occurrence.story;
        let dice = self.dice.of(&step.name);
        let told = story.is_some_and(|s| s.cached.contains(&step.name));
        let cached = failure.is_none() && (told || dice.of("cache").chance(step.cache));
        let mut length = if cached {
            1_400
        } else {
            lasting(step.minutes, story, dice).max(SECOND)
        };
        let mut ending = Ending::succeeded();
        let mut refused = false;
        if let Some(name) = failure {
            refused = self.spec.failures.get(name).is_some_and(|f| f.at_create);
            (ending, length) = Ending::of(self.spec, Some(name), length);
            length = length.max(4 * SECOND);
        }
        if step.kind == StepKind::Fail {
            ending.kind = EndKind::Failed;
        }
        let span = Span {
            start,
            end: Some(start.plus(length)),
            ending,
        };
        let outcome = (step.kind == StepKind::Condition).then(|| {
            story
                .and_then(|s| s.outcome)
                .unwrap_or_else(|| dice.of("outcome").chance(step.chance))
        });
        let job = if cached || refused || step.kind == StepKind::ForEach {
            None
        } else {
            self.start_job(index, &step.name, &span, dice, parameters)
        };
        StepRun {
            step: index,
            span,
            job,
            cached_from: cached.then(|| self.previous.clone()),
            outcome,
            iteration: None,
        }
    }

    /// The steps inside a `ForEach`: one for each item, two at a time.
    fn iterations(
        &mut self,
        index: usize,
        step: &Step,
        whole: &StepRun,
        parameters: &BTreeMap<String, String>,
    ) -> Vec<StepRun> {
        let (Some(inner), Some(end)) = (&step.inner, whole.span.end) else {
            return Vec::new();
        };
        let rounds = step.items.len().div_ceil(2).max(1) as i64;
        let slot = end.since(whole.span.start) / rounds;
        let items = step.items.iter().enumerate();
        items
            .map(|(n, item)| {
                let dice = self.dice.of(inner).at(n as i64);
                let start = whole
                    .span
                    .start
                    .plus((n as i64 / 2) * slot)
                    .plus(2 * SECOND);
                let length = ((slot - 4 * SECOND) as f64 * dice.between(0.7, 1.0)) as i64;
                let span = Span {
                    start,
                    end: Some(start.plus(length.max(SECOND))),
                    ending: Ending::succeeded(),
                };
                let job = self.start_job(index, inner, &span, dice, parameters);
                StepRun {
                    step: index,
                    span,
                    job,
                    cached_from: None,
                    outcome: None,
                    iteration: Some((n, item.clone())),
                }
            })
            .collect()
    }

    fn start_job(
        &mut self,
        index: usize,
        step_name: &str,
        span: &Span,
        dice: Dice,
        parameters: &BTreeMap<String, String>,
    ) -> Option<String> {
        let job = self.shared[index].as_ref()?;
        let kind = match self.plan.steps[index].kind {
            StepKind::ForEach => StepKind::Processing,
            kind => kind,
        };
        let suffix = dice.of("job").mixed_case(10);
        let name = if kind == StepKind::Tuning {
            // Tuning jobs have at most 32 characters.
            format!("{}-{step_name}-{suffix}", self.id)
        } else {
            format!("pipelines-{}-{step_name}-{suffix}", self.id)
        };
        let mut hyperparameters = job.hyperparameters.clone();
        for (parameter, value) in parameters {
            let name = kebab(parameter);
            if let Some(own) = hyperparameters.get_mut(&name) {
                own.clone_from(value);
            }
        }
        let run = JobRun {
            kind,
            name: name.clone(),
            job: Arc::clone(job),
            span: Span {
                start: span.start.plus(SECOND),
                end: span.end.map(|end| end.plus(-SECOND)),
                ending: span.ending.clone(),
            },
            team: self.plan.team.clone(),
            execution: Some((self.plan.name.clone(), self.id.clone())),
            tuning: None,
            hyperparameters,
            dice: dice.of("job"),
        };
        if kind == StepKind::Tuning {
            self.jobs
                .extend(super::jobs::tuning_children(&run, self.spec));
        }
        self.jobs.push(run);
        Some(name)
    }
}

/// `BatchSize` as hyperparameters spell it: `batch-size`.
fn kebab(name: &str) -> String {
    let mut out = String::new();
    for (i, c) in name.chars().enumerate() {
        if c.is_ascii_uppercase() && i > 0 {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// When the pipeline itself was made, and last changed: both before the horizon.
pub fn pipeline_age(dice: Dice, name: &str, horizon: Horizon) -> (Moment, Moment) {
    let dice = dice.of("age").of(name);
    let changed = horizon
        .start
        .plus(-(dice.of("changed").between(1.0, 12.0) * DAY as f64) as i64);
    let created = horizon
        .from
        .plus(-(dice.of("created").between(40.0, 300.0) * DAY as f64) as i64);
    (created, changed.plus(-(changed.0 % MINUTE)))
}
