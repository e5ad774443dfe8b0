//! Executions of Step Functions state machines.

use std::sync::Arc;

use super::jobs::JobRun;
use super::plan::{EndKind, Ending, Horizon, Span, lasting, occurrences, trouble};
use super::work::{GlueRun, Invocation};
use crate::simulator::dice::Dice;
use crate::simulator::moment::{Moment, SECOND};
use crate::simulator::scenario::spec::{Spec, StateMachine, StepKind};

#[derive(Clone, Debug)]
pub struct MachineRun {
    /// Index into the scenario's state machines.
    pub machine: usize,
    pub number: u32,
    /// The end of its ARN.
    pub name: String,
    pub span: Span,
    pub visits: Vec<Visit>,
}

/// One state that was, is or will be entered.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Index into the machine's states.
    pub state: usize,
    pub span: Span,
    /// The training job, Glue run or Lambda request that does the work.
    pub work: Option<String>,
}

/// What executions start elsewhere.
#[derive(Default)]
pub struct Started {
    pub jobs: Vec<JobRun>,
    pub glue: Vec<GlueRun>,
    pub invocations: Vec<Invocation>,
}

pub fn plan(
    spec: &Spec,
    machine: usize,
    horizon: Horizon,
    dice: Dice,
    started: &mut Started,
) -> Vec<MachineRun> {
    let plan = &spec.state_machines[machine];
    let root = dice;
    let dice = dice.of("machine").of(&plan.name);
    let mut runs = Vec::new();
    for run in occurrences(&plan.schedule, &plan.runs, horizon, dice) {
        let dice = dice.at(i64::from(run.number));
        let failing = trouble(run.story, plan.trouble, &plan.troubles, dice);
        let goes_on = run
            .story
            .and_then(|s| s.outcome)
            .unwrap_or_else(|| dice.of("choice").chance(plan.chance));
        let mut at = run.at.plus(60);
        let mut visits: Vec<Visit> = Vec::new();
        let mut ending = Ending::succeeded();
        let mut index = 0;
        while let Some(state) = plan.states.get(index) {
            let dice = dice.of(&state.name);
            let mut length = lasting(state.minutes, run.story, dice).max(40);
            if let Some((_, name)) = failing.filter(|(part, _)| *part == state.name) {
                (ending, length) = Ending::of(spec, Some(name), length);
            }
            let span = Span {
                start: at,
                end: Some(at.plus(length)),
                ending: ending.clone(),
            };
            let work = work(spec, plan, index, &span, root, dice, started);
            visits.push(Visit {
                state: index,
                span,
                work,
            });
            at = at.plus(length + 30);
            if ending.kind != EndKind::Succeeded {
                break;
            }
            let last = plan.states.len() - 1;
            index = if state.kind == "Choice" && !goes_on && index < last {
                last
            } else {
                index + 1
            };
        }
        runs.push(MachineRun {
            machine,
            number: run.number,
            name: run.number.to_string(),
            span: Span {
                start: run.at,
                end: Some(at.plus(20)),
                ending,
            },
            visits,
        });
    }
    runs
}

fn work(
    spec: &Spec,
    plan: &StateMachine,
    state: usize,
    span: &Span,
    root: Dice,
    dice: Dice,
    started: &mut Started,
) -> Option<String> {
    let state = &plan.states[state];
    let target = state.target.as_ref()?;
    let service = state.resource.as_deref()?.split(':').next()?;
    let inner = Span {
        start: span.start.plus(SECOND / 2),
        end: span
            .end
            .map(|end: Moment| end.plus(-SECOND / 4).max(span.start.plus(SECOND / 2))),
        ending: span.ending.clone(),
    };
    match service {
        "sagemaker" => {
            let job = Arc::new(state.job.clone()?);
            let name = format!("{target}-{}", dice.of("job").lower(8));
            started.jobs.push(JobRun {
                kind: StepKind::Training,
                name: name.clone(),
                hyperparameters: job.hyperparameters.clone(),
                job,
                span: inner,
                team: plan.team.clone(),
                execution: None,
                tuning: None,
                dice: dice.of("job"),
            });
            Some(name)
        }
        "glue" => {
            let job = spec.glue_jobs.iter().position(|j| j.name == *target)?;
            let run = GlueRun::new(job, inner, root.of(target).at(span.start.0));
            let id = run.id.clone();
            started.glue.push(run);
            Some(id)
        }
        "lambda" => {
            let invocation = Invocation::new(target, inner, dice.of("lambda"));
            let id = invocation.request_id.clone();
            started.invocations.push(invocation);
            Some(id)
        }
        _ => None,
    }
}
