//! Log groups and streams: which there are, and what stands in them.

use super::event::Event;
use super::requests;
use super::script::Script;
use super::template::Facts;
use crate::simulator::account::View;
use crate::simulator::dice::Dice;
use crate::simulator::moment::{DAY, HOUR, Moment, SECOND};
use crate::simulator::scenario::spec::StepKind;
use crate::simulator::services::history;
use crate::simulator::world::jobs::JobRun;
use crate::simulator::world::plan::Span;
use crate::simulator::world::work::{BuildRun, GlueRun, Invocation};

pub const TRAINING: &str = "/aws/sagemaker/TrainingJobs";
pub const PROCESSING: &str = "/aws/sagemaker/ProcessingJobs";
pub const TRANSFORM: &str = "/aws/sagemaker/TransformJobs";
pub const GLUE_OUTPUT: &str = "/aws-glue/jobs/output";
pub const GLUE_ERROR: &str = "/aws-glue/jobs/error";
const ENDPOINTS: &str = "/aws/sagemaker/Endpoints/";
const BUILDS: &str = "/aws/codebuild/";
const LAMBDA: &str = "/aws/lambda/";
const MACHINES: &str = "/aws/vendedlogs/states/";

/// One stream, ready to be read.
pub struct Stream<'a> {
    pub name: String,
    /// When its first event is written, and its last where it has one.
    pub first: Moment,
    pub last: Option<Moment>,
    pub dice: Dice,
    source: Source<'a>,
}

enum Source<'a> {
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

/// The names of the groups that exist at the view's moment, in order.
pub fn groups(view: &View<'_>) -> Vec<String> {
    let spec = view.spec();
    let mut all: Vec<String> = [TRAINING, PROCESSING, TRANSFORM, GLUE_OUTPUT, GLUE_ERROR]
        .into_iter()
        .map(str::to_owned)
        .collect();
    for (index, endpoint) in spec.endpoints.iter().enumerate() {
        if view.served(index, 0).since() <= view.now {
            all.push(format!("{ENDPOINTS}{}", endpoint.name));
        }
    }
    all.extend(spec.builds.iter().map(|b| format!("{BUILDS}{}", b.name)));
    all.extend(spec.state_machines.iter().map(|m| machine_group(&m.name)));
    let mut functions: Vec<&str> = view
        .world
        .invocations
        .iter()
        .filter(|i| i.span.has_started(view.now))
        .map(|i| i.function.as_str())
        .collect();
    functions.sort_unstable();
    functions.dedup();
    all.extend(functions.into_iter().map(|f| format!("{LAMBDA}{f}")));
    all.sort();
    all
}

pub fn machine_group(machine: &str) -> String {
    format!("{MACHINES}{machine}-Logs")
}

pub fn build_group(project: &str) -> String {
    format!("{BUILDS}{project}")
}

/// The streams of a group that have begun, in no order; `None` for a group that does not exist.
pub fn streams<'a>(view: &'a View<'_>, group: &str) -> Option<Vec<Stream<'a>>> {
    if !groups(view).iter().any(|g| g == group) {
        return None;
    }
    let mut all = Vec::new();
    match group {
        TRAINING | PROCESSING | TRANSFORM => {
            for job in &view.world.jobs {
                if log_group(job.kind) == Some(group) && job.work_start() <= view.now {
                    job_streams(job, &mut all);
                }
            }
        }
        GLUE_OUTPUT | GLUE_ERROR => {
            let output = group == GLUE_OUTPUT;
            for run in view
                .world
                .glue
                .iter()
                .filter(|r| r.span.has_started(view.now))
            {
                all.push(Stream {
                    name: format!("{}-driver", run.id),
                    first: run
                        .span
                        .start
                        .plus(20 * SECOND)
                        .min(run.span.end.unwrap_or(run.span.start)),
                    last: run.span.end,
                    dice: run.dice.of(if output { "output" } else { "error" }),
                    source: Source::Glue(run, output),
                });
            }
        }
        _ => other_streams(view, group, &mut all),
    }
    all.retain(|s| s.first <= view.now);
    Some(all)
}

/// The group of a job's log; `None` for kinds without one.
pub fn log_group(kind: StepKind) -> Option<&'static str> {
    match kind {
        StepKind::Training => Some(TRAINING),
        StepKind::Processing | StepKind::QualityCheck => Some(PROCESSING),
        StepKind::Transform => Some(TRANSFORM),
        _ => None,
    }
}

fn job_streams<'a>(job: &'a JobRun, all: &mut Vec<Stream<'a>>) {
    let first = job.work_start();
    if job.span.end.is_some_and(|end| end <= first) {
        return;
    }
    for host in 1..=job.job.count {
        let dice = job.dice.of("host").at(i64::from(host));
        let name = if job.kind == StepKind::Transform {
            format!("{}/i-{}-{}", job.name, dice.hex(17), first.seconds())
        } else {
            format!(
                "{}/algo-{host}-{}",
                job.name,
                first.seconds() + i64::from(host) - 1
            )
        };
        all.push(Stream {
            name,
            first,
            last: job.span.end,
            dice,
            source: Source::Job(job, host),
        });
    }
}

fn other_streams<'a>(view: &'a View<'_>, group: &str, all: &mut Vec<Stream<'a>>) {
    let spec = view.spec();
    let root = view.account.dice;
    if let Some(name) = group.strip_prefix(ENDPOINTS) {
        let Some(index) = spec.endpoints.iter().position(|e| e.name == name) else {
            return;
        };
        for (v, variant) in spec.endpoints[index].variants.iter().enumerate() {
            let first = view.served(index, v).since();
            for instance in 0..variant.instances.max(1) as usize {
                let dice = root
                    .of("container")
                    .of(name)
                    .of(&variant.name)
                    .at(instance as i64);
                let host = if variant.max_concurrency.is_some() {
                    dice.hex(32)
                } else {
                    format!("i-{}", dice.hex(17))
                };
                all.push(Stream {
                    name: format!("{}/{host}", variant.name),
                    first: first.max(view.world.horizon.from),
                    last: None,
                    dice,
                    source: Source::Container {
                        endpoint: index,
                        variant: v,
                        instance,
                    },
                });
            }
        }
    } else if let Some(name) = group.strip_prefix(BUILDS) {
        let ours = view
            .world
            .builds
            .iter()
            .filter(|b| spec.builds[b.project].name == name);
        all.extend(
            ours.filter(|b| b.span.has_started(view.now))
                .map(|build| Stream {
                    name: build.uuid.clone(),
                    first: build.span.start.plus(9 * SECOND),
                    last: build.span.end,
                    dice: build.dice,
                    source: Source::Build(build),
                }),
        );
    } else if let Some(name) = group.strip_prefix(LAMBDA) {
        call_streams(view, name, root, all);
    } else if let Some(machine) = spec
        .state_machines
        .iter()
        .position(|m| machine_group(&m.name) == group)
    {
        machine_streams(view, machine, root, all);
    }
}

/// One stream of a function each day.
fn call_streams<'a>(view: &'a View<'_>, function: &str, root: Dice, all: &mut Vec<Stream<'a>>) {
    let mut day: Vec<&Invocation> = Vec::new();
    let mut flush = |calls: Vec<&'a Invocation>| {
        let (Some(first), Some(last)) = (calls.first(), calls.last()) else {
            return;
        };
        let dice = root
            .of("lambda")
            .of(function)
            .at(first.span.start.day().0 / DAY);
        all.push(Stream {
            name: format!(
                "{}/[$LATEST]{}",
                first.span.start.format("%Y/%m/%d"),
                dice.hex(32)
            ),
            first: first.span.start,
            last: last.span.end.map(|end| end.plus(1)),
            dice,
            source: Source::Calls(calls),
        });
    };
    for call in view
        .world
        .invocations
        .iter()
        .filter(|i| i.function == function && i.span.has_started(view.now))
    {
        if day
            .first()
            .is_some_and(|first| first.span.start.day() != call.span.start.day())
        {
            flush(std::mem::take(&mut day));
        }
        day.push(call);
    }
    flush(day);
}

/// One stream of a state machine each hour in which something happened.
fn machine_streams<'a>(view: &'a View<'_>, machine: usize, root: Dice, all: &mut Vec<Stream<'a>>) {
    let name = &view.spec().state_machines[machine].name;
    let mut hours: Vec<Moment> = view
        .world
        .machines
        .iter()
        .filter(|r| r.machine == machine && r.span.has_started(view.now))
        .flat_map(|run| {
            let from = run.span.start.0.div_euclid(HOUR);
            let until = run
                .span
                .end
                .map_or(view.now, |end| end.min(view.now))
                .0
                .div_euclid(HOUR);
            (from..=until).map(|hour| Moment(hour * HOUR))
        })
        .collect();
    hours.sort_unstable();
    hours.dedup();
    for hour in hours {
        let dice = root.of("machine log").of(name).at(hour.0 / HOUR);
        all.push(Stream {
            name: format!(
                "states/{name}/{}/{}",
                hour.format("%Y-%m-%d-%H-00"),
                dice.hex(8)
            ),
            first: hour,
            last: Some(hour.plus(HOUR)),
            dice,
            source: Source::Machine { machine, hour },
        });
    }
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
