//! Everything that happens in the account, planned ahead: what is seen of it depends on the clock alone.

pub mod deliveries;
pub mod jobs;
pub mod machines;
pub mod packages;
pub mod pipelines;
pub mod plan;
pub mod work;

use std::collections::HashMap;

use deliveries::DeliveryRun;
use jobs::JobRun;
use machines::{MachineRun, Started};
use packages::Package;
use pipelines::PipelineRun;
use plan::{Horizon, Span};
use work::{BuildRun, GlueRun, Invocation};

use super::dice::Dice;
use super::moment::SECOND;
use super::scenario::spec::{Spec, StepKind};

/// The plan, up to a horizon; a later horizon adds to it and changes nothing.
/// Every list is in the order of its things' starts.
pub struct World {
    pub horizon: Horizon,
    pub pipelines: Vec<PipelineRun>,
    pub jobs: Vec<JobRun>,
    pub machines: Vec<MachineRun>,
    pub deliveries: Vec<DeliveryRun>,
    pub builds: Vec<BuildRun>,
    pub glue: Vec<GlueRun>,
    pub invocations: Vec<Invocation>,
    pub packages: Vec<Package>,
    jobs_by_name: HashMap<String, usize>,
}

impl World {
    pub fn plan(spec: &Spec, dice: Dice, horizon: Horizon) -> Self {
        let mut started = Started::default();
        let mut pipelines = Vec::new();
        for pipeline in 0..spec.pipelines.len() {
            let (runs, jobs) = pipelines::plan(spec, pipeline, horizon, dice);
            pipelines.extend(runs);
            started.jobs.extend(jobs);
        }
        by_start(&mut pipelines, |run| &run.span);
        for job in &spec.jobs {
            started
                .jobs
                .extend(jobs::standalone(spec, job, horizon, dice));
        }
        let mut machines: Vec<MachineRun> = (0..spec.state_machines.len())
            .flat_map(|machine| machines::plan(spec, machine, horizon, dice, &mut started))
            .collect();
        by_start(&mut machines, |run| &run.span);
        let mut builds: Vec<BuildRun> = (0..spec.builds.len())
            .flat_map(|project| work::builds(spec, project, horizon, dice))
            .collect();
        let mut deliveries: Vec<DeliveryRun> = (0..spec.deliveries.len())
            .flat_map(|delivery| deliveries::plan(spec, delivery, horizon, dice, &mut builds))
            .collect();
        by_start(&mut deliveries, |run| &run.span);
        by_start(&mut builds, |run| &run.span);
        let Started {
            mut jobs,
            mut glue,
            mut invocations,
        } = started;
        for job in 0..spec.glue_jobs.len() {
            glue.extend(work::glue_runs(spec, job, horizon, dice));
        }
        by_start(&mut glue, |run| &run.span);
        invocations.extend(pipelines.iter().flat_map(|run| lambda_steps(spec, run)));
        by_start(&mut invocations, |call| &call.span);
        by_start(&mut jobs, |job| &job.span);
        let jobs_by_name = jobs
            .iter()
            .enumerate()
            .map(|(index, job)| (job.name.clone(), index))
            .collect();
        let packages = (0..spec.model_groups.len())
            .flat_map(|group| packages::plan(spec, group, &pipelines, horizon, dice))
            .collect();
        Self {
            horizon,
            pipelines,
            jobs,
            machines,
            deliveries,
            builds,
            glue,
            invocations,
            packages,
            jobs_by_name,
        }
    }

    pub fn job(&self, name: &str) -> Option<&JobRun> {
        self.jobs_by_name.get(name).map(|index| &self.jobs[*index])
    }
}

fn by_start<T>(items: &mut [T], span: impl Fn(&T) -> &Span) {
    items.sort_by_key(|item| span(item).start);
}

fn lambda_steps(spec: &Spec, run: &PipelineRun) -> Vec<Invocation> {
    let plan = run.plan(spec);
    run.steps
        .iter()
        .filter(|s| plan.steps[s.step].kind == StepKind::Lambda)
        .filter_map(|s| {
            let span = Span {
                start: s.span.start.plus(SECOND / 3),
                ..s.span.clone()
            };
            let function = plan.steps[s.step].function.as_ref()?;
            Some(Invocation::new(function, span, run.dice.of(function)))
        })
        .collect()
}
