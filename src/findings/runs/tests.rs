#![allow(clippy::unwrap_used, clippy::panic)]

use jiff::{SignedDuration, Timestamp};

use crate::domain::run::{Run, RunKind, RunStatus, Step};
use crate::findings::rules::Thresholds;
use crate::findings::{Facts, Finding, Severity, all};

use RunKind::{Codebuild, SagemakerPipeline, StepFunctions, TrainingJob};
use RunStatus::{Failed, Queued, Running, Stopped, Succeeded, SucceededWithIssues, TimedOut};

fn now() -> Timestamp {
    "2026-11-22T14:00:00Z".parse().unwrap()
}

/// A run that started so many minutes ago; over after ten minutes if it is over.
fn run(kind: RunKind, name: &str, status: RunStatus, started: i64) -> Run {
    let start = now() - SignedDuration::from_mins(started);
    Run {
        kind,
        name: name.into(),
        family: name.split(" #").next().unwrap().into(),
        id: name.split(" #").last().unwrap().into(),
        arn: format!("arn:{name}"),
        status,
        raw_status: format!("{status:?}"),
        started_at: Some(start),
        ended_at: status
            .is_terminal()
            .then(|| start + SignedDuration::from_mins(10)),
        reason: None,
        parent: None,
        attempt: 1,
        cost_usd: None,
        current_step: None,
        steps: Vec::new(),
        detailed: false,
        logs: Vec::new(),
        facts: Vec::new(),
        commit: None,
        metrics: Vec::new(),
    }
}

fn because(mut run: Run, reason: &str) -> Run {
    run.reason = Some(reason.into());
    run
}

fn with_step(mut run: Run, name: &str, reason: Option<&str>, resource: Option<&str>) -> Run {
    run.steps.push(Step {
        name: name.into(),
        kind: "Training".into(),
        status: Failed,
        raw_status: "Failed".into(),
        started_at: None,
        ended_at: None,
        reason: reason.map(str::to_owned),
        resource_arn: resource.map(str::to_owned),
        attempt: 1,
        logs: Vec::new(),
        depends_on: Vec::new(),
    });
    run
}

fn judge(runs: &[Run]) -> Vec<Finding> {
    all(&Facts {
        runs,
        ..Facts::new(now(), &Thresholds::default())
    })
}

/// Names and reasons.
fn told(runs: &[Run]) -> Vec<(String, String)> {
    judge(runs)
        .into_iter()
        .map(|f| (f.name, f.reason))
        .collect()
}

fn one(name: &str, reason: &str) -> Vec<(String, String)> {
    vec![(name.into(), reason.into())]
}

#[test]
fn a_pipeline_and_its_job_are_one_story() {
    let generic = "Step failure: One or multiple steps failed.";
    let pipeline = because(run(SagemakerPipeline, "churn #212", Failed, 60), generic);
    let oom = "AlgorithmError: CUDA out of memory, exit code: 1";
    // By the ARN that the job names.
    let mut job = because(run(TrainingJob, "some-job", Failed, 50), oom);
    job.parent = Some(pipeline.arn.clone());
    assert_eq!(
        told(&[job, pipeline.clone()]),
        one("churn #212", "CUDA out of memory")
    );
    // By the step that names the job.
    let job = because(run(TrainingJob, "some-job", Failed, 50), oom);
    let described = with_step(pipeline.clone(), "Train", None, Some("arn:some-job"));
    assert_eq!(
        told(&[job, described]),
        one("churn #212", "Train: CUDA out of memory")
    );
    // By the name that SageMaker gives the jobs of a pipeline.
    let job = because(run(TrainingJob, "pipelines-212-Train-Ab3", Failed, 50), oom);
    assert_eq!(
        told(&[job, pipeline]),
        one("churn #212", "Train: CUDA out of memory")
    );
}

#[test]
fn three_levels_deep() {
    let top = run(StepFunctions, "nightly #1", Failed, 70);
    let mut pipeline = run(SagemakerPipeline, "churn #2", Failed, 60);
    pipeline.parent = Some(top.arn.clone());
    let quota = "ResourceLimitExceeded: The account-level service limit 'ml.g5.12xlarge for training job usage' is 0 Instances, with current utilization of 0 Instances and a request delta of 1 Instances.";
    let mut job = because(run(TrainingJob, "job", Failed, 50), quota);
    job.parent = Some(pipeline.arn.clone());
    let found = judge(&[top, pipeline, job]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].name, "nightly #1");
    assert_eq!(found[0].reason, "quota 0 of ml.g5.12xlarge");
    assert!(found[0].next_steps[1].contains("service-quotas"));
    assert!(found[0].evidence.contains(&quota.to_owned()));
}

#[test]
fn a_later_success_ends_the_trouble() {
    let failed = |id: &str, at| run(SagemakerPipeline, &format!("churn #{id}"), Failed, at);
    let good = |id: &str, at| run(SagemakerPipeline, &format!("churn #{id}"), Succeeded, at);
    assert!(told(&[failed("1", 60), good("2", 30)]).is_empty());
    assert_eq!(told(&[good("1", 60), failed("2", 30)]).len(), 1);
    // The child of a failure that is over is over as well.
    let mut job = run(TrainingJob, "job", Failed, 55);
    job.parent = Some("arn:churn #1".into());
    assert!(told(&[failed("1", 60), job, good("2", 30)]).is_empty());
    // Another family's success says nothing.
    let other = run(SagemakerPipeline, "reco #1", Succeeded, 30);
    assert_eq!(told(&[failed("1", 60), other]).len(), 1);
    // Jobs whose names end in the time of day are one family.
    assert!(
        told(&[
            run(TrainingJob, "xgb-2026-11-22-10-00-00-123", Failed, 60),
            run(TrainingJob, "xgb-2026-11-22-11-00-00-123", Succeeded, 30),
        ])
        .is_empty()
    );
}

#[test]
fn failures_in_a_row_are_one_finding() {
    let found = judge(&[
        because(run(SagemakerPipeline, "churn #3", Failed, 30), "boom"),
        run(SagemakerPipeline, "churn #9", Stopped, 50),
        because(run(SagemakerPipeline, "churn #2", Failed, 90), "boom"),
        because(run(SagemakerPipeline, "churn #1", Failed, 150), "boom"),
        run(SagemakerPipeline, "churn #0", Succeeded, 500),
        run(SagemakerPipeline, "churn #4", Running, 5),
    ]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].name, "churn #3");
    assert_eq!(found[0].reason, "boom, 3rd in a row");
    assert_eq!(found[0].severity, Severity::Critical);
    for expected in [
        "3rd failure in a row",
        "before: churn #2 2026-11-22T12:30:00Z",
        "last good: churn #0 2026-11-22T05:40:00Z",
        "under way again: churn #4 2026-11-22T13:55:00Z",
    ] {
        assert!(
            found[0].evidence.contains(&expected.to_owned()),
            "{expected}: {:?}",
            found[0].evidence
        );
    }
}

#[test]
fn a_step_that_failed_in_a_run_that_goes_on() {
    let running = with_step(
        run(SagemakerPipeline, "churn #1", Running, 60),
        "Train",
        Some("CUDA out of memory"),
        Some("arn:job"),
    );
    let job = run(TrainingJob, "job", Failed, 50);
    let found = judge(&[running.clone(), job.clone()]);
    assert_eq!(found[0].reason, "Train: CUDA out of memory");
    assert!(
        found[0]
            .evidence
            .contains(&"the run itself goes on".to_owned())
    );
    // It is being retried: nobody is needed.
    let mut retried = running;
    retried.steps[0].status = Running;
    assert!(told(&[retried, job]).is_empty());
}

#[test]
fn other_ends() {
    for (run, expected) in [
        (run(TrainingJob, "a", TimedOut, 60), one("a", "timed out")),
        (
            run(TrainingJob, "a", Failed, 60),
            one("a", "failed, no reason given"),
        ),
        (
            run(SagemakerPipeline, "a", SucceededWithIssues, 60),
            one("a", "done, but with failures"),
        ),
        (run(TrainingJob, "a", Stopped, 60), Vec::new()),
        // Nobody's trouble any more.
        (run(TrainingJob, "a", Failed, 24 * 60 + 60), Vec::new()),
        (
            with_step(
                run(Codebuild, "deploy #3", Failed, 60),
                "BUILD",
                Some(
                    "COMMAND_EXECUTION_ERROR: Error while executing command: pytest -q. Reason: exit status 1",
                ),
                None,
            ),
            one("deploy #3", "BUILD: pytest -q: exit status 1"),
        ),
    ] {
        assert_eq!(told(&[run]), expected);
    }
}

#[test]
fn stuck() {
    let history = |minutes: i64| -> Vec<Run> {
        (1..4)
            .map(|n| {
                let mut run = run(
                    SagemakerPipeline,
                    &format!("churn #{n}"),
                    Succeeded,
                    n * 3000,
                );
                run.ended_at = Some(run.started_at.unwrap() + SignedDuration::from_mins(minutes));
                run
            })
            .collect()
    };
    let with = |status, started, usual: Option<i64>| {
        let mut runs = usual.map(history).unwrap_or_default();
        let mut run = run(SagemakerPipeline, "churn #9", status, started);
        run.current_step = Some("Train".into());
        runs.push(run);
        let mut told = told(&runs);
        told.pop().map(|(_, reason)| reason)
    };
    assert_eq!(with(Running, 300, None), None);
    assert_eq!(
        with(Running, 430, None).as_deref(),
        Some("Train: running for 7h10m")
    );
    assert_eq!(
        with(Running, 430, Some(40)).as_deref(),
        Some("Train: running for 7h10m, usually 40m")
    );
    // It always takes that long.
    assert_eq!(with(Running, 430, Some(400)), None);
    assert_eq!(with(Queued, 20, None), None);
    assert_eq!(
        with(Queued, 45, None).as_deref(),
        Some("Train: queued for 45m")
    );
    // The job of a stuck pipeline is told of by the pipeline.
    let pipeline = run(SagemakerPipeline, "churn #9", Running, 500);
    let mut job = run(TrainingJob, "job", Running, 490);
    job.parent = Some(pipeline.arn.clone());
    assert_eq!(told(&[job, pipeline]).len(), 1);
}

#[test]
fn a_circle_of_parents_ends() {
    let mut a = run(TrainingJob, "a", Failed, 60);
    let mut b = run(TrainingJob, "b", Failed, 60);
    a.parent = Some(b.arn.clone());
    b.parent = Some(a.arn.clone());
    assert!(told(&[a, b]).len() <= 2);
}

#[test]
fn runs_without_times_or_arns() {
    let mut bare = run(RunKind::Glue, "etl", Failed, 60);
    bare.arn = String::new();
    bare.started_at = None;
    bare.ended_at = None;
    let mut other = bare.clone();
    other.id = "2".into();
    other.ended_at = Some(now());
    // A failure that nobody knows the time of is not called recent.
    assert_eq!(told(&[bare, other]).len(), 1);
}
