//! SageMaker jobs: training, processing, transform and tuning, inside pipelines and outside.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::plan::{EndKind, Ending, Horizon, Span, lasting, occurrences, trouble};
use crate::simulator::dice::Dice;
use crate::simulator::moment::{MINUTE, Moment, SECOND};
use crate::simulator::scenario::spec::{Job, Spec, StandaloneJob, StepKind};

/// One job with its whole life planned.
#[derive(Clone, Debug)]
pub struct JobRun {
    pub kind: StepKind,
    pub name: String,
    pub job: Arc<Job>,
    /// `start` is the creation.
    pub span: Span,
    pub team: String,
    /// The pipeline execution it belongs to: pipeline's name and execution's id.
    pub execution: Option<(String, String)>,
    /// The tuning job that started it.
    pub tuning: Option<String>,
    pub hyperparameters: BTreeMap<String, String>,
    pub dice: Dice,
}

/// One entry of a training job's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phase {
    pub status: &'static str,
    pub start: Moment,
    pub end: Moment,
    pub message: &'static str,
}

impl JobRun {
    pub fn is_check(&self) -> bool {
        self.kind == StepKind::QualityCheck
    }

    /// When its containers start: capacity has been found and the image is there.
    pub fn work_start(&self) -> Moment {
        self.phases()
            .iter()
            .find(|p| p.status == "Downloading")
            .map_or(self.span.start, |p| p.start)
    }

    /// How far the work is, from 0 to 1, as it would be if nothing failed.
    pub fn full_end(&self) -> Moment {
        self.span.end.unwrap_or(self.span.start.plus(60 * MINUTE))
    }

    /// What a training job goes through, with every end planned.
    pub fn phases(&self) -> Vec<Phase> {
        let (start, end) = (self.span.start, self.full_end());
        let whole = end.since(start).max(1);
        let share = |fraction: f64, most: i64| ((whole as f64 * fraction) as i64).min(most);
        let mut at = start;
        let mut phases = Vec::new();
        let mut push = |status, until: Moment, message| {
            phases.push(Phase {
                status,
                start: at,
                end: until,
                message,
            });
            at = until;
            until
        };
        let started = push(
            "Starting",
            start.plus(share(0.06, 50 * SECOND)),
            "Starting the training job",
        );
        let pending =
            (self.job.pending * self.dice.of("pending").between(0.6, 1.4) * MINUTE as f64) as i64;
        let found = push(
            "Pending",
            started.plus(share(0.05, 20 * SECOND) + pending.min(whole / 5)),
            if pending > 2 * MINUTE {
                "Insufficient capacity error from EC2 while launching instances, retrying!"
            } else {
                "Preparing the instances for training"
            },
        );
        let mut ready = push(
            "Downloading",
            found.plus(share(0.07, 75 * SECOND)),
            "Downloading the training image",
        );
        let training_end = if self.span.ending.kind == EndKind::Succeeded {
            end.plus(-share(0.03, 25 * SECOND))
        } else {
            end.plus(-share(0.01, 4 * SECOND))
        };
        for n in 0..self.job.interruptions {
            let left = training_end.since(ready);
            let chance = self.dice.of("reclaimed").at(i64::from(n));
            let reclaimed = ready.plus((left as f64 * chance.between(0.25, 0.5)) as i64);
            push(
                "Training",
                reclaimed,
                "Training image download completed. Training in progress.",
            );
            let again = push(
                "Interrupted",
                reclaimed.plus((left as f64 * 0.05) as i64),
                "Training job interrupted: Spot capacity was reclaimed",
            );
            ready = push(
                "Restarting",
                again.plus((left as f64 * 0.05) as i64),
                "Restarting the training job from its last checkpoint",
            );
        }
        push(
            "Training",
            training_end,
            "Training image download completed. Training in progress.",
        );
        push("Uploading", end, "Uploading generated training model");
        phases
    }

    /// Final metrics of a success: each of the spec's, with some noise.
    pub fn metrics(&self) -> Vec<(String, f64)> {
        self.job
            .metrics
            .iter()
            .map(|(name, centre)| {
                let noise = self.dice.of("metric").of(name).normal();
                let value = centre * (1.0 + 0.006 * noise.clamp(-2.5, 2.5));
                (name.clone(), (value * 10_000.0).round() / 10_000.0)
            })
            .collect()
    }
}

/// The jobs of a tuning job: equal slots, so many at a time.
pub fn tuning_children(parent: &JobRun, spec: &Spec) -> Vec<JobRun> {
    let Some(tuning) = &parent.job.tuning else {
        return Vec::new();
    };
    let rounds = i64::from(tuning.jobs.div_ceil(tuning.parallel.max(1))).max(1);
    let begin = parent.span.start.plus(25 * SECOND);
    let slot = parent.full_end().since(begin) / rounds;
    let mut job = parent.job.as_ref().clone();
    job.tuning = None;
    let job = Arc::new(job);
    (0..tuning.jobs)
        .map(|n| {
            let dice = parent.dice.of("trial").at(i64::from(n));
            let start = begin
                .plus(i64::from(n / tuning.parallel.max(1)) * slot)
                .plus((dice.unit() * 9.0) as i64 * SECOND);
            let length = (slot as f64 * dice.of("length").between(0.78, 0.97)) as i64;
            let failing = dice.of("fails").chance(tuning.trouble);
            let (ending, length) = if failing {
                let name = "nan-loss";
                (
                    Ending::by_failure(name, spec.failures.get(name)),
                    length / 2,
                )
            } else {
                (Ending::succeeded(), length)
            };
            let mut hyperparameters = job.hyperparameters.clone();
            for (name, [low, high]) in &tuning.ranges {
                let value = dice.of(name).between(*low, *high);
                hyperparameters.insert(name.clone(), format!("{value:.6}"));
            }
            hyperparameters.insert("_tuning_objective_metric".into(), tuning.objective.clone());
            JobRun {
                kind: StepKind::Training,
                name: format!("{}-{:03}-{}", parent.name, n + 1, dice.hex(8)),
                job: Arc::clone(&job),
                span: Span {
                    start,
                    end: Some(start.plus(length).min(parent.full_end())),
                    ending,
                },
                team: parent.team.clone(),
                execution: parent.execution.clone(),
                tuning: Some(parent.name.clone()),
                hyperparameters,
                dice,
            }
        })
        .collect()
}

/// The runs of a job that belongs to no pipeline.
pub fn standalone(spec: &Spec, plan: &StandaloneJob, horizon: Horizon, dice: Dice) -> Vec<JobRun> {
    let dice = dice.of("job").of(&plan.name);
    let job = Arc::new(plan.job.clone());
    occurrences(&plan.schedule, &plan.runs, horizon, dice)
        .into_iter()
        .map(|run| {
            let dice = dice.at(i64::from(run.number));
            let failing = trouble(run.story, plan.trouble, &plan.troubles, dice);
            let length = lasting(plan.minutes, run.story, dice);
            let (ending, length) = Ending::of(spec, failing.map(|(_, name)| name), length);
            JobRun {
                kind: plan.kind,
                name: format!(
                    "{}-{}-{:03}",
                    plan.name,
                    run.at.format("%Y-%m-%d-%H-%M-%S"),
                    dice.of("millis").index(1000)
                ),
                hyperparameters: job.hyperparameters.clone(),
                job: Arc::clone(&job),
                span: Span {
                    start: run.at,
                    end: Some(run.at.plus(length)),
                    ending,
                },
                team: plan.team.clone(),
                execution: None,
                tuning: None,
                dice,
            }
        })
        .collect()
}
