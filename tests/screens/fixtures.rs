//! A working day of two teams, as a model. Everything is written out: no clock, no chance.

use flightdeck::domain::alarm::Alarm;
use flightdeck::domain::cost::{Budget, CostCell, Forecast, Money, MonthToDate};
use flightdeck::domain::endpoint::{Endpoint, EndpointKind, Health, Variant};
use flightdeck::domain::freshness::Fetched;
use flightdeck::domain::identity::Identity;
use flightdeck::domain::log::{LogGroup, LogLine, LogTarget};
use flightdeck::domain::metric::{Series, VariantMetrics};
use flightdeck::domain::registry::{Image, ModelGroup, ModelVersion};
use flightdeck::domain::repository::{
    Branch, Commit, DataVersions, FileChange, Head, Output, OutputState, Repository, Tag,
    WorktreeState,
};
use flightdeck::domain::run::{Run, RunKind, RunStatus, Step};
use flightdeck::domain::source_error::{ErrorKind, SourceError};
use flightdeck::domain::usage::ApiUsage;
use flightdeck::findings::endpoint::{EndpointHealth, HealthReason};
use flightdeck::findings::{Finding, Severity, Subject};
use flightdeck::logs::store::LogStore;
use flightdeck::store::model::endpoints::EndpointRow;
use flightdeck::store::model::logs::Tail;
use flightdeck::store::model::{Model, Settings};
use jiff::{SignedDuration, Timestamp};

pub fn at(text: &str) -> Timestamp {
    format!("2026-11-{text}:00Z").parse().unwrap()
}

pub fn now() -> Timestamp {
    "2026-11-22T14:02:07Z".parse().unwrap()
}

pub fn ago(seconds: i64) -> Timestamp {
    now()
        .checked_sub(SignedDuration::from_secs(seconds))
        .unwrap()
}

/// Nothing known yet.
pub fn blank() -> Model {
    let settings = Settings {
        profile: Some("acme-ml-prod".into()),
        region: Some("eu-west-1".into()),
        ..Settings::default()
    };
    Model::new(now(), settings)
}

/// Everything there is, with trouble.
pub fn day() -> Model {
    let mut model = blank();
    model.account.identity = Fetched::fresh(ago(40), identity());
    model.account.usage = ApiUsage {
        calls_last_minute: 14,
        spent_today_usd: 0.03,
        cap_today_usd: 1.0,
    };
    runs(&mut model);
    endpoints(&mut model);
    costs(&mut model);
    versions(&mut model);
    logs(&mut model);
    model.findings = findings();
    model.deck.list.selected = Some(model.findings[0].id.clone());
    model
}

pub fn identity() -> Identity {
    Identity {
        account: "123456789012".into(),
        arn: "arn:aws:sts::123456789012:assumed-role/ReadOnly/alice".into(),
        expires_at: Some(at("22T14:54")),
    }
}

pub fn step(
    name: &str,
    kind: &str,
    status: RunStatus,
    times: [Option<&str>; 2],
    after: &[&str],
) -> Step {
    Step {
        name: name.into(),
        kind: kind.into(),
        status,
        raw_status: format!("{status:?}"),
        started_at: times[0].map(at),
        ended_at: times[1].map(at),
        reason: None,
        resource_arn: None,
        attempt: 1,
        logs: Vec::new(),
        depends_on: after.iter().map(|s| (*s).to_owned()).collect(),
    }
}

pub fn run(kind: RunKind, name: &str, status: RunStatus, start: &str, end: Option<&str>) -> Run {
    let family = name.split(" #").next().unwrap_or(name).to_owned();
    Run {
        kind,
        name: name.into(),
        id: name.replace(" #", "-"),
        arn: format!(
            "arn:aws:sagemaker:eu-west-1:123456789012:{}/{}",
            kind.key(),
            name.replace(" #", "/execution/")
        ),
        family,
        status,
        raw_status: format!("{status:?}"),
        started_at: Some(at(start)),
        ended_at: end.map(at),
        reason: None,
        parent: None,
        attempt: 1,
        cost_usd: None,
        current_step: None,
        steps: Vec::new(),
        detailed: true,
        logs: Vec::new(),
        facts: Vec::new(),
        commit: None,
    }
}

/// The pipeline run that fails for lack of memory.
pub fn failed_run() -> Run {
    use RunStatus::{Failed, Queued, Succeeded};
    let mut failed = run(
        RunKind::SagemakerPipeline,
        "churn-train #212",
        Failed,
        "22T12:42",
        Some("22T13:20"),
    );
    failed.reason = Some("Step failure: One or multiple steps failed.".into());
    failed.current_step = Some("Train".into());
    failed.cost_usd = Some(4.12);
    failed.commit = Some("a1b2c3d4e5f60718293a4b5c6d7e8f9012345678".into());
    failed.steps = vec![
        step(
            "Prepare",
            "Processing",
            Succeeded,
            [Some("22T12:42"), Some("22T12:51")],
            &[],
        ),
        step(
            "Features",
            "Processing",
            Succeeded,
            [Some("22T12:51"), Some("22T13:04")],
            &["Prepare"],
        ),
        step(
            "Baseline",
            "QualityCheck",
            Succeeded,
            [Some("22T12:51"), Some("22T12:57")],
            &["Prepare"],
        ),
        step(
            "Train",
            "Training",
            Failed,
            [Some("22T13:04"), Some("22T13:20")],
            &["Features"],
        ),
        step(
            "Evaluate",
            "Processing",
            Queued,
            [None, None],
            &["Train", "Baseline"],
        ),
        step(
            "Register",
            "RegisterModel",
            Queued,
            [None, None],
            &["Evaluate"],
        ),
    ];
    failed.steps[3].reason = Some(
        "ClientError: AlgorithmError: torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate \
         23.10 GiB (GPU 0; 22.04 GiB total capacity) on algo-1, exit code: 1"
            .into(),
    );
    failed.steps[3].resource_arn =
        Some("arn:aws:sagemaker:eu-west-1:123456789012:training-job/pipelines-212-Train-x7".into());
    failed.steps[3].logs = vec![LogTarget::prefixed(
        "/aws/sagemaker/TrainingJobs",
        "pipelines-212-Train-x7/",
    )];
    failed.facts = vec![
        ("instance".into(), "ml.g5.2xlarge × 1".into()),
        ("batch_size".into(), "512".into()),
        ("input".into(), "s3://acme-ml/churn/features/4f21/".into()),
        ("started by".into(), "EventBridge rule churn-nightly".into()),
    ];
    failed.logs = failed.steps[3].logs.clone();
    failed
}

fn runs(model: &mut Model) {
    use RunKind as K;
    use RunStatus::{Failed, Queued, Running, Stopped, Succeeded, SucceededWithIssues};
    let mut moving = run(
        K::SagemakerPipeline,
        "churn-train #213",
        Running,
        "22T13:41",
        None,
    );
    moving.current_step = Some("Train".into());
    moving.steps = vec![
        step(
            "Prepare",
            "Processing",
            Succeeded,
            [Some("22T13:41"), Some("22T13:49")],
            &[],
        ),
        step(
            "Features",
            "Processing",
            Succeeded,
            [Some("22T13:49"), Some("22T13:55")],
            &["Prepare"],
        ),
        step(
            "Train",
            "Training",
            Running,
            [Some("22T13:55"), None],
            &["Features"],
        ),
        step("Evaluate", "Processing", Queued, [None, None], &["Train"]),
    ];
    let mut reco = run(
        K::StepFunctions,
        "reco-nightly #88",
        Running,
        "22T13:50",
        None,
    );
    reco.current_step = Some("Evaluate".into());
    let mut quota = run(
        K::TrainingJob,
        "reco-ranker-2026-11-22-09-14-55-318",
        Failed,
        "22T09:14",
        Some("22T09:15"),
    );
    quota.reason = Some(
        "ResourceLimitExceeded: The account-level service limit 'ml.p4d.24xlarge for training job usage' is 0"
            .into(),
    );
    let mut issues = run(
        K::TransformJob,
        "churn-batch-score",
        SucceededWithIssues,
        "22T06:00",
        Some("22T06:31"),
    );
    issues.reason = Some("12 of 40,000 records were rejected".into());
    let all = vec![
        run(
            K::Codebuild,
            "churn-image:build-77",
            Queued,
            "22T14:01",
            None,
        ),
        reco,
        moving,
        failed_run(),
        quota,
        issues,
        run(
            K::SagemakerPipeline,
            "reco-train #87",
            Succeeded,
            "22T02:00",
            Some("22T03:12"),
        ),
        run(
            K::Glue,
            "features-etl jr_5d1f",
            Succeeded,
            "22T01:10",
            Some("22T01:58"),
        ),
        run(
            K::Codepipeline,
            "deploy-churn #31",
            Succeeded,
            "21T17:40",
            Some("21T17:49"),
        ),
        run(
            K::ProcessingJob,
            "churn-monitor-data-quality-20261121",
            Succeeded,
            "21T16:00",
            Some("21T16:07"),
        ),
        run(
            K::TuningJob,
            "reco-hpo-11",
            Stopped,
            "20T10:00",
            Some("20T15:45"),
        ),
        run(
            K::SagemakerPipeline,
            "churn-train #211",
            Succeeded,
            "20T12:40",
            Some("20T14:02"),
        ),
    ];
    for kind in K::ALL {
        let mine = all.iter().filter(|r| r.kind == kind).cloned().collect();
        model
            .runs
            .by_kind
            .insert(kind, Fetched::fresh(ago(12), mine));
    }
    model.runs.list.selected = Some(failed_run().key());
    model.runs.list.index = 3;
    model.runs.steps.selected = Some("3:Train".into());
    model
        .runs
        .details
        .insert(failed_run().key(), Fetched::fresh(ago(75), failed_run()));
    model.runs.all = all;
}

/// An hour of minutes that ends now.
fn series(value: impl Fn(usize) -> f64) -> Series {
    Series::new(
        (0..60)
            .map(|i| (ago(3600 - i as i64 * 60), value(i)))
            .collect(),
    )
}

fn metrics(endpoint: &str, variant: &str, rpm: f64, p99: f64, bad: bool) -> VariantMetrics {
    let wave = |i: usize| ((i * 7919) % 13) as f64 / 13.0;
    VariantMetrics {
        endpoint: endpoint.into(),
        variant: variant.into(),
        invocations: series(|i| (rpm * (0.9 + 0.2 * wave(i))).round()),
        errors_5xx: series(|i| {
            if bad && i > 46 {
                (rpm * 0.07 * (1.0 + wave(i) / 3.0)).round()
            } else {
                0.0
            }
        }),
        latency_p50_ms: series(|i| p99 / 3.0 * (0.95 + 0.1 * wave(i))),
        latency_p99_ms: series(|i| {
            p99 * (0.9 + 0.2 * wave(i)) * if bad && i > 46 { 3.4 } else { 1.0 }
        }),
        ..VariantMetrics::default()
    }
}

fn variant(name: &str, weight: f64, instances: i32) -> Variant {
    Variant {
        name: name.into(),
        model: Some(format!("churn-{name}-model-2026-11")),
        weight: Some(weight),
        desired_weight: Some(weight),
        instances: Some(instances),
        desired_instances: Some(instances),
        instance_type: Some("ml.m5.xlarge".into()),
        ..Variant::default()
    }
}

fn endpoint(name: &str, kind: EndpointKind, status: &str, variants: Vec<Variant>) -> Endpoint {
    Endpoint {
        name: name.into(),
        arn: format!("arn:aws:sagemaker:eu-west-1:123456789012:endpoint/{name}"),
        kind,
        status: status.into(),
        config: format!("{name}-config-15"),
        created_at: Some(at("02T09:00")),
        changed_at: Some(at("22T13:48")),
        failure_reason: None,
        variants,
        detailed: true,
        data_capture: Some(true),
    }
}

fn row(
    endpoint: Endpoint,
    health: Health,
    reasons: Vec<HealthReason>,
    metrics: Vec<Option<VariantMetrics>>,
) -> EndpointRow {
    EndpointRow {
        endpoint,
        health: EndpointHealth { health, reasons },
        metrics,
        alarms: Vec::new(),
    }
}

fn reason(health: Health, text: &str, variant: Option<&str>, since: &str) -> HealthReason {
    HealthReason {
        health,
        text: text.into(),
        variant: variant.map(str::to_owned),
        since: Some(at(since)),
    }
}

pub fn alarm(name: &str, state: &str, since: &str) -> Alarm {
    Alarm {
        name: name.into(),
        arn: format!("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:{name}"),
        state: state.into(),
        reason: Some(
            "Threshold Crossed: 3 datapoints were greater than the threshold (5.0).".into(),
        ),
        since: Some(at(since)),
        namespace: Some("AWS/SageMaker".into()),
        metric: Some("Invocation5XXErrors".into()),
        dimensions: vec![("EndpointName".into(), "churn-prod".into())],
        actions_enabled: true,
    }
}

fn endpoints(model: &mut Model) {
    let mut churn = endpoint(
        "churn-prod",
        EndpointKind::RealTime,
        "InService",
        vec![variant("blue", 90.0, 3), variant("green", 10.0, 1)],
    );
    churn.variants[1].model_package_arn =
        Some("arn:aws:sagemaker:eu-west-1:123456789012:model-package/churn/15".into());
    let mut bad = row(
        churn,
        Health::Critical,
        vec![
            reason(
                Health::Critical,
                "5xx 7.2 % of 81 requests/min",
                Some("green"),
                "22T13:51",
            ),
            reason(
                Health::Warn,
                "p99 310 ms, was 92 ms",
                Some("green"),
                "22T13:52",
            ),
        ],
        vec![
            Some(metrics("churn-prod", "blue", 730.0, 84.0, false)),
            Some(metrics("churn-prod", "green", 81.0, 92.0, true)),
        ],
    );
    bad.alarms = vec![
        alarm("churn-prod-5xx", "ALARM", "22T13:53"),
        alarm("churn-prod-p99-latency", "OK", "20T08:11"),
        alarm("churn-prod-cpu", "INSUFFICIENT_DATA", "22T11:00"),
    ];
    let mut serverless = variant("main", 1.0, 0);
    serverless.instances = None;
    serverless.desired_instances = None;
    serverless.instance_type = None;
    serverless.memory_mb = Some(4096);
    serverless.max_concurrency = Some(20);
    let mut scaling = variant("main", 1.0, 2);
    scaling.desired_instances = Some(4);
    let rows = vec![
        bad,
        row(
            endpoint(
                "reco-prod",
                EndpointKind::RealTime,
                "Updating",
                vec![scaling],
            ),
            Health::Warn,
            vec![reason(
                Health::Warn,
                "updating for 74 min",
                None,
                "22T12:48",
            )],
            vec![Some(metrics("reco-prod", "main", 2210.0, 31.0, false))],
        ),
        row(
            endpoint(
                "fraud-serverless",
                EndpointKind::Serverless,
                "InService",
                vec![serverless],
            ),
            Health::Ok,
            Vec::new(),
            vec![Some(metrics(
                "fraud-serverless",
                "main",
                12.0,
                210.0,
                false,
            ))],
        ),
        row(
            endpoint(
                "ltv-async",
                EndpointKind::Async,
                "InService",
                vec![variant("main", 1.0, 1)],
            ),
            Health::Ok,
            Vec::new(),
            vec![None],
        ),
    ];
    let room = &mut model.endpoints;
    room.endpoints = Fetched::fresh(ago(22), rows.iter().map(|r| r.endpoint.clone()).collect());
    let known = rows
        .iter()
        .flat_map(|r| r.metrics.iter().flatten().cloned())
        .collect();
    room.metrics = Fetched::fresh(ago(35), known);
    room.alarms = Fetched::fresh(ago(35), rows[0].alarms.clone());
    room.rows = rows;
    room.list.selected = Some("churn-prod".into());
    room.variants.selected = Some("green".into());
}

fn costs(model: &mut Model) {
    let services = [
        ("Amazon SageMaker", 180.0),
        ("EC2 - Other", 41.0),
        ("Amazon Simple Storage Service", 22.0),
        ("AmazonCloudWatch", 13.5),
        ("AWS Glue", 9.0),
        ("Amazon EC2 Container Registry (ECR)", 2.2),
        ("AWS Step Functions", 0.3),
    ];
    let mut cells = Vec::new();
    for day in 1..=22i8 {
        for (i, (service, amount)) in services.iter().enumerate() {
            let wave = 0.7 + ((usize::try_from(day).unwrap() * 31 + i * 17) % 11) as f64 / 16.0;
            cells.push(CostCell {
                day: jiff::civil::date(2026, 11, day),
                service: (*service).into(),
                amount: amount * wave * if day > 18 { 1.35 } else { 1.0 },
            });
        }
    }
    let month = MonthToDate {
        from: jiff::civil::date(2026, 11, 1),
        to: jiff::civil::date(2026, 11, 23),
        unit: "USD".into(),
        cells,
        estimated: true,
        forecast: Some(Forecast {
            mean: 2130.0,
            low: Some(1820.0),
            high: Some(2440.0),
        }),
        asked_at: at("22T11:20"),
    };
    let budget = |name: &str, limit: f64, actual: f64, forecast: f64| Budget {
        name: name.into(),
        budget_type: "COST".into(),
        time_unit: "MONTHLY".into(),
        limit: Some(Money::usd(limit)),
        actual: Some(Money::usd(actual)),
        forecast: Some(Money::usd(forecast)),
    };
    model.costs.budgets = Fetched::fresh(
        ago(1500),
        vec![
            budget("ml-platform", 7000.0, 6440.0, 8260.0),
            budget("experiments", 1200.0, 402.0, 560.0),
        ],
    );
    model.costs.month = Fetched::fresh(ago(9700), month);
    model.costs.services.selected = Some("Amazon SageMaker".into());
    model.costs.days.selected = Some("2026-11-20".into());
    model.costs.budget_list.selected = Some("ml-platform".into());
}

const HEAD: &str = "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678";

fn commit(id: &str, author: &str, when: &str, summary: &str) -> Commit {
    let mut full = id.to_owned();
    full.extend(std::iter::repeat_n('0', 40 - id.len()));
    Commit {
        id: full,
        parents: vec!["77aa0011".into()],
        author: author.into(),
        at: Some(at(when)),
        summary: summary.into(),
    }
}

fn output(path: &str, stage: &str, state: OutputState, remote: bool) -> Output {
    Output {
        path: path.into(),
        stage: stage.into(),
        role: "out".into(),
        head_hash: Some("4f21aa90c0ffee00123456789abcdef0".into()),
        lock_hash: Some(if state == OutputState::Uncommitted {
            "77e0bb12c0ffee00123456789abcdef0".into()
        } else {
            "4f21aa90c0ffee00123456789abcdef0".into()
        }),
        size_bytes: Some(1_842_003_112),
        files: Some(12),
        state,
        in_cache: Some(true),
        in_remote: Some(remote),
    }
}

pub fn repository() -> Repository {
    let mut log = vec![commit(
        HEAD,
        "Alice Meyer",
        "22T09:12",
        "tune lr, new features",
    )];
    log.extend([
        commit(
            "9d1e44b",
            "Bob Okafor",
            "21T18:40",
            "Merge branch 'feature/calibration'",
        ),
        commit(
            "52c0aa1",
            "Bob Okafor",
            "21T11:05",
            "calibrate probabilities with isotonic regression",
        ),
        commit(
            "0be71f3",
            "Chiyo Tanaka",
            "20T16:22",
            "データ検証を追加 (validate ages and plans)",
        ),
        commit(
            "f00dcafe",
            "Alice Meyer",
            "19T10:00",
            "pin torch 2.9; smaller image",
        ),
        commit(
            "1234abc",
            "dependabot[bot]",
            "18T08:15",
            "Bump pyarrow from 21.0.0 to 22.0.0",
        ),
    ]);
    let branch = |name: &str, commit: &str, remote: bool, head: bool| Branch {
        name: name.into(),
        commit: commit.into(),
        remote,
        upstream: head.then(|| "origin/main".into()),
        ahead: head.then_some(2),
        behind: head.then_some(0),
        is_head: head,
    };
    let second = log[1].id.clone();
    Repository {
        path: "/home/alice/churn".into(),
        head: Head {
            branch: Some("main".into()),
            commit: Some(HEAD.into()),
            operation: None,
        },
        branches: vec![
            branch("main", HEAD, false, true),
            branch("feature/calibration", &second, false, false),
            branch("origin/main", &second, true, false),
        ],
        tags: vec![Tag {
            name: "churn@v1.15.0".into(),
            commit: second,
            annotated: true,
            message: Some("v15: calibrated".into()),
        }],
        log,
        log_complete: true,
        worktree: WorktreeState {
            bare: false,
            staged: Vec::new(),
            unstaged: vec![
                FileChange {
                    path: "params.yaml".into(),
                    change: "modified".into(),
                },
                FileChange {
                    path: "src/train.py".into(),
                    change: "modified".into(),
                },
            ],
            untracked: vec!["notebooks/scratch.ipynb".into()],
            conflicted: Vec::new(),
        },
        data: Some(DataVersions {
            dvc_root: String::new(),
            outputs: vec![
                output(
                    "data/features.parquet",
                    "featurize",
                    OutputState::Modified,
                    false,
                ),
                output("data/raw", "data/raw.dvc", OutputState::Clean, true),
                output("models/churn.pt", "train", OutputState::Uncommitted, false),
                output("metrics.json", "evaluate", OutputState::Clean, true),
                output("reports/roc.csv", "evaluate", OutputState::Deleted, true),
            ],
            problems: vec![(
                "sub/dvc.yaml:14".into(),
                "unknown key `cmds`, expected `cmd`".into(),
            )],
        }),
    }
}

fn versions(model: &mut Model) {
    let version = |n: i32, approval: &str, created: &str, commit: Option<&str>| ModelVersion {
        group: "churn".into(),
        version: Some(n),
        arn: format!("arn:aws:sagemaker:eu-west-1:123456789012:model-package/churn/{n}"),
        status: "Completed".into(),
        approval: Some(approval.into()),
        created_at: Some(at(created)),
        description: Some("gradient boosting on 90 days".into()),
        commit: commit.map(str::to_owned),
        images: vec!["123456789012.dkr.ecr.eu-west-1.amazonaws.com/churn-serve:2026-11-20".into()],
        metadata: vec![
            ("auc".into(), "0.912".into()),
            ("dvc-data".into(), "4f21aa90".into()),
        ],
        detailed: true,
    };
    let room = &mut model.versions;
    room.repository = Fetched::fresh(ago(3), repository());
    room.models = Fetched::fresh(
        ago(65),
        vec![ModelGroup {
            name: "churn".into(),
            arn: "arn:aws:sagemaker:eu-west-1:123456789012:model-package-group/churn".into(),
            created_at: None,
            status: "Completed".into(),
            versions: vec![
                version(16, "PendingManualApproval", "22T10:30", Some("a1b2c3d")),
                version(15, "Approved", "21T19:00", Some("9d1e44b")),
                version(14, "Rejected", "14T12:00", None),
            ],
        }],
    );
    let image = |name: &str, tag: &str, findings: &[(&str, i32)]| Image {
        repository: name.into(),
        digest: "sha256:0f3a9b7c11223344556677889900aabbccddeeff00112233445566778899aabb".into(),
        tags: vec![tag.into()],
        pushed_at: Some(at("20T11:00")),
        size_bytes: Some(4_120_555_000),
        last_pulled_at: Some(at("22T13:46")),
        findings: findings
            .iter()
            .map(|(s, n)| ((*s).to_owned(), *n))
            .collect(),
    };
    room.images = Fetched::fresh(
        ago(300),
        vec![
            image(
                "churn-serve",
                "2026-11-20",
                &[("CRITICAL", 1), ("HIGH", 4), ("MEDIUM", 31)],
            ),
            image("churn-train", "cuda12", &[("HIGH", 2)]),
            image("reco-serve", "latest", &[]),
        ],
    );
    room.commits.selected = Some(HEAD.into());
    room.data.selected = Some("data/features.parquet".into());
    room.model_list.selected =
        Some("arn:aws:sagemaker:eu-west-1:123456789012:model-package/churn/15".into());
    room.image_list.selected = Some(format!(
        "churn-serve@{}",
        "sha256:0f3a9b7c11223344556677889900aabbccddeeff00112233445566778899aabb"
    ));
    room.refs.selected = Some("tag:churn@v1.15.0".into());
}

pub fn line(seconds_ago: i64, stream: &str, message: &str) -> LogLine {
    LogLine {
        group: "/aws/sagemaker/TrainingJobs".into(),
        stream: stream.into(),
        at: ago(seconds_ago),
        ingested_at: None,
        message: message.into(),
        event_id: None,
    }
}

pub fn tail_of(lines: impl IntoIterator<Item = LogLine>) -> Tail {
    let mut store = LogStore::new(1 << 20);
    store.extend(lines);
    Tail {
        session: 1,
        title: "churn-train #212 / Train".into(),
        targets: vec![LogTarget::prefixed(
            "/aws/sagemaker/TrainingJobs",
            "pipelines-212-Train-x7/",
        )],
        lines: Fetched::fresh(ago(4), store),
        follow: true,
        filter: String::new(),
        cursor: None,
        top: None,
        loading_older: false,
        at_start: false,
        seek_error: false,
        polled_at: Some(ago(4)),
    }
}

pub fn training_lines() -> Vec<LogLine> {
    let job = "pipelines-212-Train-x7";
    let (one, two) = (format!("{job}/algo-1-1763"), format!("{job}/algo-2-1763"));
    let mut lines: Vec<LogLine> = (0..40i64)
        .map(|i| {
            let stream = if i % 3 == 2 { &two } else { &one };
            line(
                3000 - i * 10,
                stream,
                &format!(
                    "2026-11-22 13:1{} INFO train.loop epoch={} step={} loss={:.4} lr=3.0e-4 gpu_mem=19.{}GiB throughput=412 samples/s",
                    i % 10, i / 10, i * 50, 0.71 - i as f64 * 0.01, i % 10
                ),
            )
        })
        .collect();
    lines.extend([
        line(2590, &one, "\x1b[33mWARNING\x1b[0m:root:memory fragmentation 31 %, consider \x1b[1mexpandable_segments\x1b[0m"),
        line(2580, &two, "検証データ: 顧客 12,000 人 ✓ 欠損なし 👩‍🔬"),
        line(2570, &one, "Traceback (most recent call last):\n  File \"train.py\", line 88, in <module>\n    main()"),
        line(2570, &one, "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 23.10 GiB (GPU 0; 22.04 GiB total capacity; 19.87 GiB already allocated; 1.12 GiB free; 20.01 GiB reserved in total by PyTorch)"),
        line(2560, &two, "DEBUG nccl: rank 1 lost contact with rank 0"),
        line(2550, &one, "evil \x1b]0;title\x07 \u{202e}txt.exe \x1b[2J tab\there"),
    ]);
    lines
}

fn logs(model: &mut Model) {
    let group = |name: &str, bytes: i64, days: Option<i32>| LogGroup {
        name: name.into(),
        stored_bytes: Some(bytes),
        retention_days: days,
        created_at: None,
    };
    model.logs.groups = Fetched::fresh(
        ago(120),
        vec![
            group("/aws/sagemaker/TrainingJobs", 48_210_000_000, None),
            group("/aws/sagemaker/ProcessingJobs", 9_120_000_000, Some(90)),
            group(
                "/aws/sagemaker/Endpoints/churn-prod",
                1_200_000_000,
                Some(30),
            ),
            group("/aws/codebuild/churn-image", 88_000_000, Some(14)),
            group("/aws-glue/jobs/output", 3_400_000, None),
        ],
    );
    model.logs.list.selected = Some("/aws/sagemaker/TrainingJobs".into());
    model.logs.tail = Some(tail_of(training_lines()));
}

fn finding(
    severity: Severity,
    category: &str,
    name: &str,
    reason: &str,
    since: Option<&str>,
    next: &str,
    subject: Subject,
) -> Finding {
    Finding {
        id: format!("{category}:{name}"),
        severity,
        subject,
        category: category.into(),
        name: name.into(),
        reason: reason.into(),
        since: since.map(at),
        evidence: vec!["asked 23.1 GiB, card has 22.0 GiB (ml.g5.2xlarge)".into()],
        next_steps: vec![next.into()],
    }
}

pub fn findings() -> Vec<Finding> {
    use Severity::{Critical, Info, Warning};
    vec![
        finding(
            Critical,
            "endpoint",
            "churn-prod / green",
            "5xx 7.2 % since 13:51",
            Some("22T13:51"),
            "read its logs; shift traffic back to blue",
            Subject::Endpoint {
                name: "churn-prod".into(),
                variant: Some("green".into()),
            },
        ),
        finding(
            Critical,
            "run",
            "churn-train #212",
            "Train: CUDA out of memory",
            Some("22T13:20"),
            "batch_size 512 to 384, or ml.g5.4xlarge",
            Subject::Run {
                key: failed_run().key(),
            },
        ),
        finding(
            Warning,
            "budget",
            "ml-platform",
            "92 % used, forecast 118 %",
            None,
            "see which service moved",
            Subject::Budget {
                name: "ml-platform".into(),
            },
        ),
        finding(
            Warning,
            "data",
            "data/features.parquet",
            "changed, not pushed",
            None,
            "dvc repro featurize, then dvc push",
            Subject::Data {
                path: "data/features.parquet".into(),
            },
        ),
        finding(
            Info,
            "model",
            "churn v16",
            "waits for approval",
            Some("22T10:30"),
            "compare with v15",
            Subject::ModelVersion { arn: "x".into() },
        ),
    ]
}

pub fn denied() -> SourceError {
    SourceError::new(
        "sagemaker:ListEndpoints",
        ErrorKind::Denied,
        "User: arn:aws:sts::123456789012:assumed-role/ReadOnly/alice is not authorized to perform: sagemaker:ListEndpoints",
    )
    .with_hint("add sagemaker:ListEndpoints to the role ReadOnly")
}

pub fn offline() -> SourceError {
    SourceError::new(
        "sagemaker:ListEndpoints",
        ErrorKind::Offline,
        "no answer from sagemaker.eu-west-1.amazonaws.com within 5 s",
    )
}

pub fn throttled() -> SourceError {
    SourceError::new("glue:GetJobRuns", ErrorKind::Throttled, "Rate exceeded")
}

pub fn expired() -> SourceError {
    SourceError::new(
        "sts:GetCallerIdentity",
        ErrorKind::Expired,
        "The security token included in the request is expired",
    )
    .with_hint("aws sso login --profile acme-ml-prod")
}
