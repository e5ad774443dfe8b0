//! Log groups and streams: which there are.

use super::streams::{Source, Stream};
use crate::simulator::account::View;
use crate::simulator::dice::Dice;
use crate::simulator::moment::{DAY, HOUR, Moment, SECOND};
use crate::simulator::scenario::spec::StepKind;
use crate::simulator::world::jobs::JobRun;
use crate::simulator::world::work::Invocation;

pub const TRAINING: &str = "/aws/sagemaker/TrainingJobs";
pub const PROCESSING: &str = "/aws/sagemaker/ProcessingJobs";
pub const TRANSFORM: &str = "/aws/sagemaker/TransformJobs";
pub const GLUE_OUTPUT: &str = "/aws-glue/jobs/output";
pub const GLUE_ERROR: &str = "/aws-glue/jobs/error";
const ENDPOINTS: &str = "/aws/sagemaker/Endpoints/";
const BUILDS: &str = "/aws/codebuild/";
const LAMBDA: &str = "/aws/lambda/";
const MACHINES: &str = "/aws/vendedlogs/states/";

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
