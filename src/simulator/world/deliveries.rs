//! Executions of CodePipeline pipelines, and the builds that they start.

use super::plan::{EndKind, Ending, Horizon, Span, lasting, occurrences, trouble};
use super::work::BuildRun;
use crate::simulator::dice::Dice;
use crate::simulator::moment::SECOND;
use crate::simulator::scenario::spec::Spec;

#[derive(Clone, Debug)]
pub struct DeliveryRun {
    /// Index into the scenario's deliveries.
    pub delivery: usize,
    pub id: String,
    pub span: Span,
    pub actions: Vec<ActionRun>,
    /// Index from the newest of the demo repository's commits.
    pub commit: usize,
    pub by: String,
    pub dice: Dice,
}

#[derive(Clone, Debug)]
pub struct ActionRun {
    /// Indices of its stage and of the action within it.
    pub stage: usize,
    pub action: usize,
    pub id: String,
    pub span: Span,
    /// `project:uuid` of its build.
    pub build: Option<String>,
}

pub fn plan(
    spec: &Spec,
    delivery: usize,
    horizon: Horizon,
    dice: Dice,
    builds: &mut Vec<BuildRun>,
) -> Vec<DeliveryRun> {
    let plan = &spec.deliveries[delivery];
    let dice = dice.of("delivery").of(&plan.name);
    let mut runs = Vec::new();
    for run in occurrences(&plan.schedule, &plan.runs, horizon, dice) {
        let dice = dice.at(i64::from(run.number));
        let failing = trouble(run.story, plan.trouble, &plan.troubles, dice);
        let commit = run
            .story
            .and_then(|s| s.commit)
            .unwrap_or(plan.schedule.last.abs_diff(run.number) as usize * 5 % 23);
        let mut at = run.at.plus(SECOND);
        let mut ending = Ending::succeeded();
        let mut waiting = false;
        let mut actions = Vec::new();
        'stages: for (stage_index, stage) in plan.stages.iter().enumerate() {
            for (action_index, action) in stage.actions.iter().enumerate() {
                let dice = dice.of(&action.name);
                let mut length = lasting(action.minutes, run.story, dice).max(2 * SECOND);
                if let Some((_, name)) = failing.filter(|(part, _)| *part == action.name) {
                    (ending, length) = Ending::of(spec, Some(name), length);
                }
                waiting = run.story.and_then(|s| s.waits.as_ref()) == Some(&action.name);
                let span = Span {
                    start: at,
                    end: (!waiting).then(|| at.plus(length)),
                    ending: ending.clone(),
                };
                let project = action.project.as_ref();
                let build = project
                    .and_then(|name| spec.builds.iter().position(|b| b.name == *name))
                    .map(|project| {
                        let uuid = dice.of("build").uuid();
                        builds.push(BuildRun {
                            project,
                            number: 1000 + run.number,
                            uuid: uuid.clone(),
                            span: Span {
                                start: at.plus(SECOND),
                                end: Some(at.plus(length - SECOND / 2)),
                                ending: ending.clone(),
                            },
                            initiator: format!("codepipeline/{}", plan.name),
                            commit,
                            dice: dice.of("build"),
                        });
                        format!("{}:{uuid}", spec.builds[project].name)
                    });
                actions.push(ActionRun {
                    stage: stage_index,
                    action: action_index,
                    id: dice.of("action").uuid(),
                    span,
                    build,
                });
                at = at.plus(length + SECOND);
                if waiting || ending.kind != EndKind::Succeeded {
                    break 'stages;
                }
            }
        }
        runs.push(DeliveryRun {
            delivery,
            id: dice.of("id").uuid(),
            span: Span {
                start: run.at,
                end: (!waiting).then_some(at),
                ending,
            },
            actions,
            commit,
            by: run
                .story
                .and_then(|s| s.by.clone())
                .unwrap_or_else(|| "alice".into()),
            dice,
        });
    }
    runs
}
