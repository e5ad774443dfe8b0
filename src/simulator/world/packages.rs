//! Versions of the model registry: the pipelines register them.

use super::pipelines::PipelineRun;
use super::plan::{EndKind, Horizon};
use crate::simulator::dice::Dice;
use crate::simulator::moment::{DAY, Moment};
use crate::simulator::scenario::spec::{Spec, StepKind};

#[derive(Clone, Debug)]
pub struct Package {
    /// Index into the scenario's model groups.
    pub group: usize,
    pub version: u32,
    pub created: Moment,
    /// Index into the executions; `None` when its execution is older than the history.
    pub run: Option<usize>,
    /// The training job whose model it is.
    pub training_job: Option<String>,
    /// Index from the newest of the demo repository's commits.
    pub commit: usize,
    pub dice: Dice,
}

/// Every version of a group, oldest first.
pub fn plan(
    spec: &Spec,
    group: usize,
    runs: &[PipelineRun],
    horizon: Horizon,
    dice: Dice,
) -> Vec<Package> {
    let plan = &spec.model_groups[group];
    let dice = dice.of("group").of(&plan.name);
    let registrations: Vec<(usize, Moment)> = runs
        .iter()
        .enumerate()
        .filter_map(|(index, run)| Some((index, registered(spec, run, &plan.name)?)))
        .collect();
    let before = registrations
        .iter()
        .filter(|(_, at)| *at <= horizon.start)
        .count();
    // Version `last` is the newest at minute 0; a group cannot start below version 1.
    let skip = before.saturating_sub(plan.last as usize);
    let first = plan.last as usize + 1 - (before - skip);
    let commit = |version: u32, run: Option<&PipelineRun>| {
        plan.commits
            .get(&version.to_string())
            .copied()
            .or_else(|| run.and_then(|r| r.commit))
            .unwrap_or((plan.last.saturating_sub(version) as usize * 3 + 2).min(30))
    };
    let old = (1..first as u32).map(|version| Package {
        group,
        version,
        created: horizon
            .from
            .plus(-i64::from(first as u32 - version) * 5 * DAY)
            .plus((dice.at(i64::from(version)).unit() * DAY as f64) as i64),
        run: None,
        training_job: None,
        commit: commit(version, None),
        dice: dice.at(i64::from(version)),
    });
    let new = registrations
        .iter()
        .skip(skip)
        .enumerate()
        .map(|(n, (index, at))| {
            let version = (first + n) as u32;
            Package {
                group,
                version,
                created: *at,
                run: Some(*index),
                training_job: training_job(spec, &runs[*index]),
                commit: commit(version, Some(&runs[*index])),
                dice: dice.at(i64::from(version)),
            }
        });
    old.chain(new).collect()
}

/// When the execution registers a version of the group, if it does.
fn registered(spec: &Spec, run: &PipelineRun, group: &str) -> Option<Moment> {
    let plan = run.plan(spec);
    let step = run
        .steps
        .iter()
        .find(|s| plan.steps[s.step].group.as_deref() == Some(group))?;
    (step.span.ending.kind == EndKind::Succeeded).then_some(step.span.end?)
}

fn training_job(spec: &Spec, run: &PipelineRun) -> Option<String> {
    let plan = run.plan(spec);
    run.steps
        .iter()
        .rfind(|s| plan.steps[s.step].kind == StepKind::Training)
        .and_then(|s| s.job.clone())
}
