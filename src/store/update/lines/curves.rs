//! The curves of the numbers in the lines: those that lines name, and those that the config and the jobs define.

use crate::domain::log::LogTarget;
use crate::domain::metric_definition::MetricDefinition;
use crate::domain::run::{Run, RunKind};
use crate::logs::told::Curves;

use super::super::super::effect::Effect;
use super::super::super::log_ask::LogAsk;
use super::super::super::model::Model;
use super::super::super::model::logs::{CurvesAsked, Tail};
use super::super::super::msg::Notice;
use super::super::data;
use super::ask;

/// Where every training job writes, each to streams that begin with its name.
const TRAINING_GROUP: &str = "/aws/sagemaker/TrainingJobs";

/// Jobs of one tail that are asked for their definitions; those of one tuning job have the same.
const MOST_JOBS: usize = 4;

/// Asks for the curves when they are wanted, of other lines or by other definitions; ends them when they are not.
pub fn keep(model: &mut Model) -> Vec<Effect> {
    if !model.logs.curves {
        return end(model).into_iter().collect();
    }
    let Some(tail) = &model.logs.tail else {
        return Vec::new();
    };
    let jobs: Vec<Run> = jobs(tail).iter().map(|job| run(model, job)).collect();
    let mut definitions = model.logs.metrics.clone();
    let mut effects = Vec::new();
    for job in jobs {
        let key = job.key();
        let detail = model.runs.details.get(&key).and_then(|d| d.value());
        for definition in detail.map_or(&[][..], |run| &run.metrics) {
            if !definitions.contains(definition) {
                definitions.push(definition.clone());
            }
        }
        let unknown = detail.is_none();
        let curves = model.logs.tail.as_mut().map(|tail| &mut tail.curves);
        if unknown && curves.is_some_and(|curves| curves.described.insert(key)) {
            effects.extend(data::describe(model, &job));
        }
    }
    effects.extend(of(model, definitions));
    effects
}

fn end(model: &mut Model) -> Option<Effect> {
    let tail = model.logs.tail.as_mut()?;
    tail.curves.asked.take()?;
    tail.curves.shown = None;
    Some(ask(tail, LogAsk::CurvesNoMore))
}

fn of(model: &mut Model, definitions: Vec<MetricDefinition>) -> Option<Effect> {
    let tail = model.logs.tail.as_mut()?;
    let before = tail.curves.asked.as_ref();
    let defined = before.is_some_and(|asked| asked.definitions == definitions);
    if defined && before.is_some_and(|asked| asked.view == tail.view_asked) {
        return None;
    }
    tail.generation += 1;
    let generation = tail.generation;
    tail.curves.asked = Some(CurvesAsked {
        generation,
        view: tail.view_asked,
        definitions: definitions.clone(),
    });
    let effect = ask(
        tail,
        LogAsk::Curves {
            generation,
            definitions: definitions.clone(),
        },
    );
    if !defined && let Some(bad) = definitions.iter().find_map(|d| d.compile().err()) {
        model.notices.push(model.now, Notice::warn(bad.to_string()));
    }
    Some(effect)
}

/// The training jobs that write what is on screen.
fn jobs(tail: &Tail) -> Vec<String> {
    let mut jobs: Vec<String> = Vec::new();
    let training = |target: &&LogTarget| target.group == TRAINING_GROUP;
    for target in tail.origin.targets().iter().filter(training) {
        for name in target.prefix.iter().chain(&target.streams) {
            let job = name.split_once('/').map(|(job, _)| job);
            if let Some(job) = job.filter(|job| !jobs.iter().any(|known| known == job)) {
                jobs.push(job.to_owned());
            }
        }
    }
    jobs.truncate(MOST_JOBS);
    jobs
}

/// The job as it is listed; one that is not, by its name alone.
fn run(model: &Model, job: &str) -> Run {
    let mut all = model.runs.all.iter();
    let listed = all.find(|run| run.kind == RunKind::TrainingJob && run.id == job);
    listed
        .cloned()
        .unwrap_or_else(|| Run::blank(RunKind::TrainingJob, job, ""))
}

pub fn receive(model: &mut Model, curves: Curves) {
    let Some(tail) = &mut model.logs.tail else {
        return;
    };
    let asked = tail.curves.asked.as_ref();
    if asked.is_some_and(|asked| asked.generation == curves.generation) {
        tail.curves.shown = Some(curves);
    }
}
