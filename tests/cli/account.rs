//! One team's account: a failing pipeline, an endpoint with a bad variant, a budget nearly used, changed data.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use flightdeck::domain::alarm::Alarm;
use flightdeck::domain::cost::{Budget, CostCell, Forecast, Money, MonthToDate};
use flightdeck::domain::endpoint::{Endpoint, EndpointKind, Variant};
use flightdeck::domain::identity::Identity;
use flightdeck::domain::insights::{QueryResults, QueryState, Scan};
use flightdeck::domain::log::{LogGroup, LogLine};
use flightdeck::domain::metric::{Series, VariantMetrics};
use flightdeck::domain::registry::{Image, ModelGroup, ModelVersion};
use flightdeck::domain::repository::{
    Branch, Commit, DataVersions, FileChange, Head, Output, OutputState, Repository, Tag,
    WorktreeState,
};
use flightdeck::domain::run::{Run, RunKind, RunStatus, Step};
use jiff::{SignedDuration, Timestamp};

use super::fake::Fake;
use super::{at, now};

const HEAD: &str = "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678";
const ACCOUNT: &str = "arn:aws:sagemaker:eu-west-1:123456789012";

pub fn run(kind: RunKind, name: &str, status: RunStatus, start: &str, minutes: i64) -> Run {
    let started = at(start);
    Run {
        kind,
        name: name.into(),
        family: name.split(" #").next().unwrap().into(),
        id: name.replace(" #", "-"),
        arn: format!("{ACCOUNT}:{}/{}", kind.key(), name.replace(" #", "/")),
        status,
        raw_status: format!("{status:?}"),
        started_at: Some(started),
        ended_at: status
            .is_terminal()
            .then(|| started + SignedDuration::from_mins(minutes)),
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

pub fn step(name: &str, status: RunStatus, reason: Option<&str>) -> Step {
    Step {
        name: name.into(),
        kind: "Training".into(),
        status,
        raw_status: format!("{status:?}"),
        started_at: Some(at("2026-11-22T12:42:00Z")),
        ended_at: Some(at("2026-11-22T13:20:00Z")),
        reason: reason.map(str::to_owned),
        resource_arn: None,
        attempt: 1,
        logs: Vec::new(),
        depends_on: vec!["Prepare".into()],
    }
}

pub fn line(group: &str, stream: &str, at: Timestamp, message: &str, id: u32) -> LogLine {
    LogLine {
        group: group.into(),
        stream: stream.into(),
        at,
        ingested_at: Some(at + SignedDuration::from_secs(2)),
        message: message.into(),
        event_id: Some(format!("{id:020}")),
    }
}

fn series(value: impl Fn(i64) -> f64) -> Series {
    // Whole minutes up to the one before the last.
    let newest = at("2026-11-22T14:00:00Z");
    Series::new(
        (0..60)
            .map(|back| (newest - SignedDuration::from_mins(back), value(back)))
            .collect(),
    )
}

fn runs() -> (Vec<Run>, BTreeMap<String, Run>) {
    use RunKind::{Codebuild, Glue, SagemakerPipeline, TrainingJob};
    use RunStatus::{Failed, Running, Succeeded};
    let failed = run(
        SagemakerPipeline,
        "churn-train #212",
        Failed,
        "2026-11-22T12:42:00Z",
        38,
    );
    let mut described = failed.clone();
    described.detailed = true;
    described.current_step = Some("Train".into());
    described.cost_usd = Some(4.12);
    described.commit = Some(HEAD.into());
    described.steps = vec![
        step("Prepare", Succeeded, None),
        step(
            "Train",
            Failed,
            Some(
                "AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage \"torch.cuda.OutOfMemoryError: CUDA out of memory\"",
            ),
        ),
    ];
    let mut job = run(
        TrainingJob,
        "pipelines-212-Train-x7",
        Failed,
        "2026-11-22T12:50:00Z",
        30,
    );
    job.parent = Some(failed.arn.clone());
    job.reason = Some("AlgorithmError: exit code 1".into());
    let mut glue = run(Glue, "etl #jr_1", Succeeded, "2026-11-21T02:00:00Z", 25);
    glue.arn = String::new();
    (
        vec![
            failed,
            job,
            run(
                SagemakerPipeline,
                "churn-train #211",
                Succeeded,
                "2026-11-20T12:00:00Z",
                72,
            ),
            run(
                Codebuild,
                "解約予測-deploy #31",
                Succeeded,
                "2026-11-22T09:00:00Z",
                9,
            ),
            run(
                SagemakerPipeline,
                "reco-nightly #88",
                Running,
                "2026-11-22T13:50:00Z",
                0,
            ),
            glue,
        ],
        BTreeMap::from([("churn-train #212".to_owned(), described)]),
    )
}

fn endpoint() -> Endpoint {
    let variant = |name: &str, weight: f64, model: &str| Variant {
        name: name.into(),
        model: Some(model.into()),
        weight: Some(weight),
        desired_weight: Some(weight),
        instances: Some(2),
        desired_instances: Some(2),
        instance_type: Some("ml.m5.xlarge".into()),
        ..Variant::default()
    };
    Endpoint {
        name: "churn-prod".into(),
        arn: format!("{ACCOUNT}:endpoint/churn-prod"),
        kind: EndpointKind::RealTime,
        status: "InService".into(),
        config: "churn-prod-v15".into(),
        created_at: Some(at("2026-10-01T08:00:00Z")),
        changed_at: Some(at("2026-11-22T13:48:00Z")),
        failure_reason: None,
        variants: vec![
            variant("blue", 90.0, "churn-v14"),
            variant("green", 10.0, "churn-v15"),
        ],
        detailed: true,
        data_capture: Some(false),
    }
}

fn metrics() -> Vec<VariantMetrics> {
    let of = |variant: &str, requests: f64, errors: fn(i64) -> f64| VariantMetrics {
        endpoint: "churn-prod".into(),
        variant: variant.into(),
        invocations: series(|_| requests),
        errors_5xx: series(errors),
        latency_p50_ms: series(|_| 12.0),
        latency_p99_ms: series(|_| 84.0),
        cpu_percent: series(|_| 120.0),
        memory_percent: series(|_| 41.0),
        ..VariantMetrics::default()
    };
    vec![
        of("blue", 180.0, |_| 0.0),
        of("green", 20.0, |back| if back < 10 { 2.0 } else { 0.0 }),
    ]
}

fn repository() -> Repository {
    Repository {
        path: "/repo/churn".into(),
        head: Head {
            branch: Some("main".into()),
            commit: Some(HEAD.into()),
            operation: None,
        },
        branches: vec![Branch {
            name: "main".into(),
            commit: HEAD.into(),
            remote: false,
            upstream: Some("origin/main".into()),
            ahead: Some(2),
            behind: Some(0),
            is_head: true,
        }],
        tags: vec![Tag {
            name: "churn@v15".into(),
            commit: HEAD.into(),
            annotated: true,
            message: Some("fifteen\n".into()),
        }],
        log: vec![
            Commit {
                id: HEAD.into(),
                parents: vec!["9d1e44b000000000000000000000000000000000".into()],
                author: "Alice".into(),
                at: Some(at("2026-11-22T12:30:00Z")),
                summary: "tune lr, new features".into(),
            },
            Commit {
                id: "9d1e44b000000000000000000000000000000000".into(),
                parents: Vec::new(),
                author: "Bob".into(),
                at: Some(at("2026-11-20T10:00:00Z")),
                summary: "first".into(),
            },
        ],
        log_complete: true,
        worktrees: Vec::new(),
        submodules: Vec::new(),
        worktree: WorktreeState {
            unstaged: vec![FileChange {
                path: "dvc.lock".into(),
                change: "modified".into(),
            }],
            ..WorktreeState::default()
        },
        data: Some(DataVersions {
            dvc_root: String::new(),
            outputs: vec![Output {
                path: "data/features.parquet".into(),
                stage: "features".into(),
                role: "out".into(),
                head_hash: Some("4f2100000000000000000000000000aa".into()),
                lock_hash: Some("9ab300000000000000000000000000bb".into()),
                size_bytes: Some(48_200_000),
                files: None,
                state: OutputState::Uncommitted,
                in_cache: Some(true),
                in_remote: Some(false),
            }],
            drift: Vec::new(),
            problems: Vec::new(),
        }),
    }
}

fn month() -> MonthToDate {
    let cell = |day: &str, service: &str, amount: f64| CostCell {
        day: day.parse().unwrap(),
        service: service.into(),
        amount,
    };
    MonthToDate {
        from: "2026-11-01".parse().unwrap(),
        to: "2026-11-22".parse().unwrap(),
        unit: "USD".into(),
        cells: vec![
            cell("2026-11-20", "Amazon SageMaker", 300.5),
            cell("2026-11-21", "Amazon SageMaker", 310.25),
            cell("2026-11-21", "AWS Glue", 12.0),
        ],
        estimated: true,
        forecast: Some(Forecast {
            mean: 2000.0,
            low: Some(1900.0),
            high: None,
        }),
        asked_at: at("2026-11-22T10:00:00Z"),
    }
}

pub fn team() -> Fake {
    let (runs, details) = runs();
    Fake {
        runs,
        details,
        endpoints: vec![endpoint()],
        metrics: metrics(),
        alarms: vec![Alarm {
            name: "churn-prod-5xx".into(),
            arn: "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:churn-prod-5xx".into(),
            state: "OK".into(),
            reason: None,
            since: Some(at("2026-11-20T00:00:00Z")),
            namespace: Some("AWS/SageMaker".into()),
            metric: Some("Invocation5XXErrors".into()),
            dimensions: vec![("EndpointName".into(), "churn-prod".into())],
            actions_enabled: true,
        }],
        groups: vec![LogGroup {
            name: "/aws/sagemaker/TrainingJobs".into(),
            stored_bytes: Some(1),
            retention_days: None,
            created_at: None,
        }],
        results: QueryResults {
            state: QueryState::Complete,
            columns: vec!["@timestamp".into(), "n".into()],
            rows: vec![
                vec![Some("2026-11-22 13:57:07.500".into()), Some("12".into())],
                vec![Some("2026-11-22 13:58:07.500".into()), None],
            ],
            scan: Scan {
                records_matched: 2,
                records_scanned: 40,
                bytes_scanned: 3 << 30,
            },
        },
        lines: vec![
            line(
                "g1",
                "job/algo-1",
                now() - SignedDuration::from_mins(5),
                "epoch=1",
                1,
            ),
            line(
                "g1",
                "job/algo-1",
                now() - SignedDuration::from_mins(3),
                "Traceback (most recent call last):\n  File \"t.py\"\x1b[31m\r\nValueError: bad",
                2,
            ),
            line(
                "g2",
                "other",
                now() - SignedDuration::from_mins(4),
                "between",
                3,
            ),
            line(
                "g1",
                "job/algo-1",
                now() - SignedDuration::from_hours(3),
                "long ago",
                4,
            ),
        ],
        month: Some(month()),
        budgets: vec![Budget {
            name: "ml-platform".into(),
            budget_type: "COST".into(),
            time_unit: "MONTHLY".into(),
            limit: Some(Money::usd(7000.0)),
            actual: Some(Money::usd(6412.0)),
            forecast: Some(Money::usd(8260.0)),
        }],
        models: vec![ModelGroup {
            name: "churn".into(),
            arn: format!("{ACCOUNT}:model-package-group/churn"),
            created_at: Some(at("2026-01-01T00:00:00Z")),
            status: "Completed".into(),
            versions: vec![ModelVersion {
                group: "churn".into(),
                version: Some(16),
                arn: format!("{ACCOUNT}:model-package/churn/16"),
                status: "Completed".into(),
                approval: Some("PendingManualApproval".into()),
                created_at: Some(at("2026-11-22T11:00:00Z")),
                description: None,
                commit: Some(HEAD.into()),
                images: vec!["123456789012.dkr.ecr.eu-west-1.amazonaws.com/churn:1".into()],
                metadata: vec![("auc".into(), "0.912".into())],
                detailed: true,
            }],
        }],
        images: vec![Image {
            repository: "churn".into(),
            digest: "sha256:0123456789abcdef".into(),
            tags: vec!["1".into()],
            pushed_at: Some(at("2026-11-19T00:00:00Z")),
            size_bytes: Some(2_000_000_000),
            last_pulled_at: None,
            findings: vec![("HIGH".into(), 2)],
        }],
        identity: Identity {
            account: "123456789012".into(),
            arn: "arn:aws:sts::123456789012:assumed-role/ReadOnly/alice".into(),
            expires_at: Some(at("2026-11-22T14:55:00Z")),
        },
        repository: repository(),
        code: Default::default(),
        between: Default::default(),
        records: Vec::new(),
        failing: BTreeMap::new(),
        asked: Arc::new(Mutex::new(Vec::new())),
    }
}
