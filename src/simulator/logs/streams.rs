//! What stands in log streams.

use super::event::Event;
use super::requests;
use super::script::Script;
use super::template::Facts;
use crate::simulator::account::View;
use crate::simulator::dice::Dice;
use crate::simulator::moment::{HOUR, Moment};
use crate::simulator::services::history;
use crate::simulator::world::jobs::JobRun;
use crate::simulator::world::plan::Span;
use crate::simulator::world::work::{BuildRun, GlueRun, Invocation};

/// One stream, ready to be read.
pub struct Stream<'a> {
    pub name: String,
    /// When its first event is written, and its last where it has one.
    pub first: Moment,
    pub last: Option<Moment>,
    pub dice: Dice,
    pub(super) source: Source<'a>,
}

/// Where its lines come from.
pub enum Source<'a> {
    Job(&'a JobRun, u32),
    Build(&'a BuildRun),
    Glue(&'a GlueRun, bool),
    Container {
        endpoint: usize,
        variant: usize,
        instance: usize,
    },
    Calls(Vec<&'a Invocation>),
    Machine {
        machine: usize,
        hour: Moment,
    },
}

impl Stream<'_> {
    /// The events of `from..until` that have been ingested at the view's moment, in order.
    pub fn events(&self, view: &View<'_>, from: Moment, until: Moment) -> Vec<Event> {
        let mut out = Vec::new();
        let until = until
            .min(view.now.plus(1))
            .min(self.last.map_or(until, |l| l.plus(1)));
        let from = from.max(self.first);
        if from < until {
            self.generate(view, from, until, &mut out);
            out.retain(|e| e.ingested <= view.now);
        }
        out
    }

    fn generate(&self, view: &View<'_>, from: Moment, until: Moment, out: &mut Vec<Event>) {
        let spec = view.spec();
        match &self.source {
            Source::Job(job, host) => {
                let host = format!("algo-{host}");
                let hyperparameters =
                    serde_json::to_string(&job.hyperparameters).unwrap_or_default();
                let arguments = arguments(job);
                let epochs = ["epochs", "num_round"]
                    .iter()
                    .find_map(|name| job.hyperparameters.get(*name)?.parse().ok())
                    .unwrap_or(10.0);
                let facts = Facts {
                    job: &job.name,
                    host: &host,
                    instance: &job.job.instance,
                    hyperparameters: &hyperparameters,
                    arguments: &arguments,
                    epochs,
                    ..self.facts(spec.account.bucket.as_str())
                };
                self.script(view, &job.job.log, &job.span, facts, from, until, out);
            }
            Source::Build(build) => {
                let plan = &spec.builds[build.project];
                let facts = Facts {
                    job: &plan.name,
                    epochs: 40.0,
                    ..self.facts(&spec.account.bucket)
                };
                self.script(view, &plan.log, &build.span, facts, from, until, out);
            }
            Source::Glue(run, output) => {
                let plan = &spec.glue_jobs[run.job];
                let profile = if *output {
                    format!("{}-output", plan.log)
                } else {
                    plan.log.clone()
                };
                let facts = Facts {
                    job: &plan.name,
                    epochs: 14.0,
                    ..self.facts(&spec.account.bucket)
                };
                self.script(view, &profile, &run.span, facts, from, until, out);
            }
            Source::Container {
                endpoint,
                variant,
                instance,
            } => {
                requests::serving(
                    spec,
                    &view.served(*endpoint, *variant),
                    *instance,
                    from,
                    until,
                    out,
                );
            }
            Source::Calls(calls) => {
                for call in calls {
                    requests::invocation(spec, call, from, until, out);
                }
                out.sort_by_key(|e| (e.at, e.number));
            }
            Source::Machine { machine, hour } => {
                let until = until.min(hour.plus(HOUR));
                let runs = view.world.machines.iter().filter(|r| r.machine == *machine);
                for run in
                    runs.filter(|r| r.span.start < until && r.span.end.is_none_or(|e| e >= from))
                {
                    history::log_events(view, run, from.max(*hour), until, out);
                }
                out.sort_by_key(|e| (e.at, e.number));
            }
        }
    }

    fn facts<'b>(&self, bucket: &'b str) -> Facts<'b> {
        Facts {
            at: self.first,
            progress: 0.0,
            dice: self.dice,
            job: "",
            host: "",
            instance: "",
            bucket,
            hyperparameters: "{}",
            arguments: "",
            epochs: 10.0,
            status: 200,
            millis: 140.0,
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "what a script needs, and the window"
    )]
    fn script(
        &self,
        view: &View<'_>,
        profile: &str,
        span: &Span,
        facts: Facts<'_>,
        from: Moment,
        until: Moment,
        out: &mut Vec<Event>,
    ) {
        let spec = view.spec();
        let Some(profile) = spec.logs.get(profile) else {
            return;
        };
        Script {
            profile,
            failure: span
                .ending
                .failure
                .as_ref()
                .and_then(|name| spec.failures.get(name)),
            from: self.first,
            until: span.end.unwrap_or(self.first.plus(HOUR)),
            dice: self.dice,
            facts,
        }
        .events(from, until, out);
    }
}

/// Hyperparameters as a training script gets them.
fn arguments(job: &JobRun) -> String {
    job.hyperparameters
        .iter()
        .filter(|(name, _)| !name.starts_with("sagemaker_") && !name.starts_with('_'))
        .map(|(name, value)| format!("--{name} {value}"))
        .collect::<Vec<_>>()
        .join(" ")
}
