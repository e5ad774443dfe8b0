//! Names in a scenario must mean something: the first that does not is told.

use super::spec::{Pipeline, Schedule, Spec, StepKind, Story};
use crate::simulator::faults::FaultKind;
use crate::simulator::wire::service::Service;

pub fn check(spec: &Spec) -> Result<(), String> {
    let numbers =
        spec.account.id.len() == 12 && spec.account.id.bytes().all(|b| b.is_ascii_digit());
    ensure(numbers, || {
        format!("account.id: '{}' is not twelve digits", spec.account.id)
    })?;
    for pipeline in &spec.pipelines {
        check_pipeline(spec, pipeline)?;
    }
    for job in &spec.jobs {
        schedule(&job.name, &job.schedule)?;
        profile(spec, &job.name, &job.job.log)?;
        stories(spec, &job.name, &[&job.name], &job.troubles, &job.runs)?;
    }
    for machine in &spec.state_machines {
        let names: Vec<&str> = machine.states.iter().map(|s| s.name.as_str()).collect();
        schedule(&machine.name, &machine.schedule)?;
        stories(
            spec,
            &machine.name,
            &names,
            &machine.troubles,
            &machine.runs,
        )?;
        for job in machine.states.iter().filter_map(|s| s.job.as_ref()) {
            profile(spec, &machine.name, &job.log)?;
        }
    }
    for delivery in &spec.deliveries {
        let actions = delivery.stages.iter().flat_map(|s| &s.actions);
        let names: Vec<&str> = actions.clone().map(|a| a.name.as_str()).collect();
        schedule(&delivery.name, &delivery.schedule)?;
        stories(
            spec,
            &delivery.name,
            &names,
            &delivery.troubles,
            &delivery.runs,
        )?;
        for project in actions.filter_map(|a| a.project.as_ref()) {
            ensure(spec.builds.iter().any(|b| b.name == *project), || {
                format!("{}: there is no build project '{project}'", delivery.name)
            })?;
        }
    }
    for build in &spec.builds {
        if let Some(times) = &build.schedule {
            schedule(&build.name, times)?;
        }
        profile(spec, &build.name, &build.log)?;
        stories(
            spec,
            &build.name,
            &[&build.name],
            &build.troubles,
            &build.runs,
        )?;
    }
    for job in &spec.glue_jobs {
        if let Some(times) = &job.schedule {
            schedule(&job.name, times)?;
        }
        profile(spec, &job.name, &job.log)?;
        stories(spec, &job.name, &[&job.name], &job.troubles, &job.runs)?;
    }
    check_serving(spec)?;
    for fault in &spec.faults {
        let known = FaultKind::named(&fault.kind, fault.milliseconds).is_some();
        ensure(known, || {
            format!("faults: '{}' is not a kind of fault", fault.kind)
        })?;
        if let Some(service) = &fault.service {
            ensure(Service::of_iam_prefix(service).is_some(), || {
                format!("faults: there is no service '{service}'")
            })?;
        }
    }
    Ok(())
}

fn check_serving(spec: &Spec) -> Result<(), String> {
    for endpoint in &spec.endpoints {
        ensure(!endpoint.variants.is_empty(), || {
            format!("{}: an endpoint needs a variant", endpoint.name)
        })?;
        for variant in &endpoint.variants {
            profile(spec, &endpoint.name, &variant.log)?;
            for name in variant.incidents.iter().filter_map(|i| i.failure.as_ref()) {
                failure(spec, &endpoint.name, name)?;
            }
        }
    }
    for alarm in &spec.alarms {
        let known = spec.endpoints.iter().any(|e| e.name == alarm.endpoint);
        ensure(known, || {
            format!("{}: there is no endpoint '{}'", alarm.name, alarm.endpoint)
        })?;
    }
    Ok(())
}

fn check_pipeline(spec: &Spec, pipeline: &Pipeline) -> Result<(), String> {
    let here = &pipeline.name;
    schedule(here, &pipeline.schedule)?;
    let mut names: Vec<&str> = Vec::new();
    for step in &pipeline.steps {
        for before in step.after.iter().chain(&step.branch) {
            ensure(names.contains(&before.as_str()), || {
                format!("{here}.{}: step '{before}' must stand before it", step.name)
            })?;
        }
        let works = matches!(
            step.kind,
            StepKind::Processing
                | StepKind::Training
                | StepKind::Tuning
                | StepKind::Transform
                | StepKind::QualityCheck
        );
        ensure(!works || step.job.is_some(), || {
            format!(
                "{here}.{}: a {} step needs a job",
                step.name,
                step.kind.name()
            )
        })?;
        if let Some(job) = &step.job {
            profile(spec, here, &job.log)?;
            ensure(
                step.kind != StepKind::Tuning || job.tuning.is_some(),
                || format!("{here}.{}: a Tuning step needs job.tuning", step.name),
            )?;
        }
        if let Some(group) = &step.group {
            ensure(spec.model_groups.iter().any(|g| g.name == *group), || {
                format!("{here}.{}: there is no model group '{group}'", step.name)
            })?;
        }
        names.push(&step.name);
    }
    stories(spec, here, &names, &pipeline.troubles, &pipeline.runs)
}

fn schedule(here: &str, schedule: &Schedule) -> Result<(), String> {
    match (&schedule.daily, schedule.every, schedule.at) {
        (Some(daily), None, None) => ensure(daily.parse::<jiff::civil::Time>().is_ok(), || {
            format!("{here}.schedule: '{daily}' is not a time of day")
        }),
        (None, Some(every), Some(_)) => ensure(every >= 1.0, || {
            format!("{here}.schedule: every must be at least one minute")
        }),
        _ => Err(format!(
            "{here}.schedule: give either daily, or every and at"
        )),
    }
}

fn stories(
    spec: &Spec,
    here: &str,
    parts: &[&str],
    troubles: &[String],
    runs: &[Story],
) -> Result<(), String> {
    for trouble in troubles
        .iter()
        .chain(runs.iter().filter_map(|r| r.fail.as_ref()))
    {
        let (part, name) = trouble
            .split_once(':')
            .ok_or_else(|| format!("{here}: '{trouble}' should be 'part:failure'"))?;
        ensure(parts.contains(&part), || {
            format!("{here}: there is no '{part}' to fail")
        })?;
        failure(spec, here, name)?;
    }
    for part in runs.iter().flat_map(|r| r.cached.iter().chain(&r.waits)) {
        ensure(parts.contains(&part.as_str()), || {
            format!("{here}: there is no '{part}'")
        })?;
    }
    Ok(())
}

fn failure(spec: &Spec, here: &str, name: &str) -> Result<(), String> {
    ensure(spec.failures.contains_key(name), || {
        format!("{here}: there is no failure '{name}'")
    })
}

fn profile(spec: &Spec, here: &str, name: &str) -> Result<(), String> {
    ensure(spec.logs.contains_key(name), || {
        format!("{here}: there is no log profile '{name}'")
    })
}

fn ensure(holds: bool, message: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(message()) }
}
