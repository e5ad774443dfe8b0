//! What stands in a scenario file. `scenarios/README.md` explains each entry to its writers.
//!
//! Times are minutes: `at` and `from` count from simulated minute 0 (negative is before), the rest are durations.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    pub title: String,
    pub account: Account,
    /// Texts of failures, by the name that runs use.
    #[serde(default)]
    pub failures: BTreeMap<String, Failure>,
    /// Log profiles, over those of `scenarios/log-profiles.toml`.
    #[serde(default)]
    pub logs: BTreeMap<String, LogProfile>,
    #[serde(default)]
    pub pipelines: Vec<Pipeline>,
    #[serde(default)]
    pub jobs: Vec<StandaloneJob>,
    #[serde(default)]
    pub state_machines: Vec<StateMachine>,
    #[serde(default)]
    pub deliveries: Vec<Delivery>,
    #[serde(default)]
    pub builds: Vec<BuildProject>,
    #[serde(default)]
    pub glue_jobs: Vec<GlueJob>,
    #[serde(default)]
    pub endpoints: Vec<Endpoint>,
    #[serde(default)]
    pub alarms: Vec<Alarm>,
    #[serde(default)]
    pub model_groups: Vec<ModelGroup>,
    #[serde(default)]
    pub images: Vec<ImageRepository>,
    pub costs: Costs,
    #[serde(default)]
    pub budgets: Vec<Budget>,
    #[serde(default)]
    pub faults: Vec<Fault>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Twelve digits.
    pub id: String,
    pub alias: String,
    pub region: String,
    /// The role that the caller has assumed, and the session's name.
    pub role: String,
    pub session: String,
    pub bucket: String,
    /// How far the past goes back from minute 0.
    #[serde(default = "two_weeks")]
    pub history_days: u32,
}

fn two_weeks() -> u32 {
    14
}

/// When a thing runs, again and again.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// The number of the newest run at minute 0; earlier and later ones count from it.
    pub last: u32,
    /// Minutes from one start to the next; needs `at`, the start of run `last`.
    pub every: Option<f64>,
    pub at: Option<f64>,
    /// `02:00`: every day at this time, UTC.
    pub daily: Option<String>,
    /// Other runs than `last` start up to this many minutes later.
    #[serde(default)]
    pub jitter: f64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    pub reason: String,
    /// How much of the step's time passes before it fails.
    #[serde(default = "late")]
    pub after: f64,
    /// The service refuses to create the job: no job, no logs, and the step fails at once.
    #[serde(default)]
    pub at_create: bool,
    /// `Failed`, `MaxRuntimeExceeded` or `Stopped`.
    #[serde(default)]
    pub outcome: FailureOutcome,
    /// The last lines of the log.
    #[serde(default)]
    pub log: Vec<String>,
    /// The short error name, where the service has one (Step Functions).
    #[serde(default)]
    pub error: Option<String>,
}

fn late() -> f64 {
    0.6
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum FailureOutcome {
    #[default]
    Failed,
    MaxRuntimeExceeded,
    Stopped,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogProfile {
    /// The first lines, a fraction of a second apart.
    #[serde(default)]
    pub head: Vec<String>,
    #[serde(default)]
    pub body: Vec<LogRepeat>,
    /// The last lines of a success.
    #[serde(default)]
    pub tail: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogRepeat {
    /// Seconds from one line to the next.
    pub every: f64,
    pub text: String,
    /// The share of the body in which it appears.
    #[serde(default)]
    pub from: f64,
    #[serde(default = "one")]
    pub to: f64,
}

fn one() -> f64 {
    1.0
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pipeline {
    pub name: String,
    #[serde(default)]
    pub display_name: Option<String>,
    pub description: String,
    pub team: String,
    pub schedule: Schedule,
    /// Who starts it.
    pub by: String,
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
    /// How likely a run without its own story fails, and the ways it can (`Step:failure`).
    #[serde(default)]
    pub trouble: f64,
    #[serde(default)]
    pub troubles: Vec<String>,
    pub steps: Vec<Step>,
    #[serde(default)]
    pub runs: Vec<Story>,
}

/// What one particular run does differently.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    pub number: u32,
    /// `Step:failure`.
    pub fail: Option<String>,
    /// Its start, when not on schedule.
    pub at: Option<f64>,
    /// Who started it, when not the pipeline's own starter.
    pub by: Option<String>,
    /// The outcome of its conditions, when not left to chance.
    pub outcome: Option<bool>,
    /// How much longer its steps take.
    #[serde(default = "one")]
    pub slow: f64,
    /// Steps whose result was found in the cache.
    #[serde(default)]
    pub cached: Vec<String>,
    /// Index from the newest of the demo repository's commits on `main`.
    pub commit: Option<usize>,
    /// It stops here for good: a step, state or action that waits for somebody.
    pub waits: Option<String>,
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub name: String,
    #[serde(default)]
    pub display_name: Option<String>,
    pub kind: StepKind,
    pub minutes: f64,
    /// The steps it waits for.
    #[serde(default)]
    pub after: Vec<String>,
    /// The condition it hangs on, and the outcome that lets it run.
    #[serde(default)]
    pub branch: Option<String>,
    #[serde(default = "yes")]
    pub when: bool,
    /// How likely the result is found in the cache.
    #[serde(default)]
    pub cache: f64,
    /// How likely a condition is true.
    #[serde(default = "one")]
    pub chance: f64,
    /// What a condition compares, in words.
    #[serde(default)]
    pub condition: Option<String>,
    #[serde(default)]
    pub job: Option<Job>,
    /// The items of a `ForEach`, and the name of the processing step done for each (`job` says how).
    #[serde(default)]
    pub items: Vec<String>,
    #[serde(default)]
    pub inner: Option<String>,
    /// The function of a `Lambda` step.
    #[serde(default)]
    pub function: Option<String>,
    /// The group of a `RegisterModel` step.
    #[serde(default)]
    pub group: Option<String>,
    /// The text of a `Fail` step.
    #[serde(default)]
    pub message: Option<String>,
}

fn yes() -> bool {
    true
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum StepKind {
    Processing,
    Training,
    Tuning,
    Transform,
    QualityCheck,
    Condition,
    Model,
    RegisterModel,
    Lambda,
    Fail,
    ForEach,
}

impl StepKind {
    /// The name in pipeline definitions.
    pub fn name(self) -> &'static str {
        match self {
            Self::Processing => "Processing",
            Self::Training => "Training",
            Self::Tuning => "Tuning",
            Self::Transform => "Transform",
            Self::QualityCheck => "QualityCheck",
            Self::Condition => "Condition",
            Self::Model => "Model",
            Self::RegisterModel => "RegisterModel",
            Self::Lambda => "Lambda",
            Self::Fail => "Fail",
            Self::ForEach => "ForEach",
        }
    }
}

/// What a SageMaker job runs on, with, and what it prints.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    pub instance: String,
    #[serde(default = "single")]
    pub count: u32,
    #[serde(default = "thirty")]
    pub volume_gb: u32,
    /// `repository:tag` in the account's ECR, or a full URI.
    pub image: String,
    pub log: String,
    #[serde(default)]
    pub command: Vec<String>,
    #[serde(default)]
    pub hyperparameters: BTreeMap<String, String>,
    /// Channel or input name to a key in the account's bucket.
    #[serde(default)]
    pub inputs: BTreeMap<String, String>,
    /// A key in the account's bucket.
    #[serde(default)]
    pub output: Option<String>,
    /// The share saved by managed spot capacity.
    #[serde(default)]
    pub spot: Option<f64>,
    /// How often the spot capacity is reclaimed.
    #[serde(default)]
    pub interruptions: u32,
    /// Minutes spent waiting for capacity.
    #[serde(default)]
    pub pending: f64,
    #[serde(default = "day_of_minutes")]
    pub max_runtime: f64,
    /// Final metrics of a success, each with its centre.
    #[serde(default)]
    pub metrics: BTreeMap<String, f64>,
    #[serde(default)]
    pub tuning: Option<Tuning>,
    #[serde(default)]
    pub env: BTreeMap<String, String>,
}

fn single() -> u32 {
    1
}
fn thirty() -> u32 {
    30
}
fn day_of_minutes() -> f64 {
    1440.0
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tuning {
    pub jobs: u32,
    pub parallel: u32,
    /// One of the job's `metrics`.
    pub objective: String,
    /// Hyperparameter to its range.
    pub ranges: BTreeMap<String, [f64; 2]>,
    /// How likely one of its training jobs fails.
    #[serde(default)]
    pub trouble: f64,
}

/// A job outside any pipeline.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandaloneJob {
    pub name: String,
    pub kind: StepKind,
    pub team: String,
    pub schedule: Schedule,
    pub minutes: f64,
    pub job: Job,
    #[serde(default)]
    pub trouble: f64,
    #[serde(default)]
    pub troubles: Vec<String>,
    #[serde(default)]
    pub runs: Vec<Story>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateMachine {
    pub name: String,
    pub team: String,
    pub description: String,
    pub schedule: Schedule,
    pub states: Vec<State>,
    /// How likely a `Choice` goes on to the next state; else it goes to the last.
    #[serde(default = "one")]
    pub chance: f64,
    #[serde(default)]
    pub trouble: f64,
    #[serde(default)]
    pub troubles: Vec<String>,
    #[serde(default)]
    pub runs: Vec<Story>,
    /// The input of its executions, JSON.
    #[serde(default = "empty_object")]
    pub input: String,
}

fn empty_object() -> String {
    "{}".into()
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    pub name: String,
    /// `Task`, `Choice`, `Wait`, `Pass` or `Succeed`.
    pub kind: String,
    #[serde(default)]
    pub minutes: f64,
    /// `sagemaker:createTrainingJob.sync`, `lambda:invoke` ...
    #[serde(default)]
    pub resource: Option<String>,
    /// The function or Glue job it calls; the prefix of the name of a training job.
    #[serde(default)]
    pub target: Option<String>,
    /// What a training job runs on.
    #[serde(default)]
    pub job: Option<Job>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    pub name: String,
    /// Where its code is; `churn` is the demo repository.
    #[serde(default = "demo_repository")]
    pub repository: String,
    pub schedule: Schedule,
    pub stages: Vec<Stage>,
    #[serde(default)]
    pub trouble: f64,
    #[serde(default)]
    pub troubles: Vec<String>,
    #[serde(default)]
    pub runs: Vec<Story>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    pub name: String,
    pub actions: Vec<Action>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    pub name: String,
    /// `Source`, `Build`, `Test`, `Approval`, `Deploy` or `Invoke`.
    pub category: String,
    pub provider: String,
    pub minutes: f64,
    /// The project of a CodeBuild action.
    #[serde(default)]
    pub project: Option<String>,
    #[serde(default)]
    pub summary: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BuildProject {
    pub name: String,
    /// Where its code is; `churn` is the demo repository.
    #[serde(default = "demo_repository")]
    pub repository: String,
    /// `None`: it is only built by deliveries.
    #[serde(default)]
    pub schedule: Option<Schedule>,
    pub minutes: f64,
    pub image: String,
    #[serde(default = "small_build")]
    pub compute: String,
    pub log: String,
    #[serde(default)]
    pub trouble: f64,
    #[serde(default)]
    pub troubles: Vec<String>,
    #[serde(default)]
    pub runs: Vec<Story>,
}

fn small_build() -> String {
    "BUILD_GENERAL1_MEDIUM".into()
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GlueJob {
    pub name: String,
    pub team: String,
    pub description: String,
    /// `None`: only state machines start it.
    #[serde(default)]
    pub schedule: Option<Schedule>,
    pub minutes: f64,
    pub worker: String,
    pub workers: u32,
    pub script: String,
    pub log: String,
    #[serde(default)]
    pub arguments: BTreeMap<String, String>,
    #[serde(default)]
    pub trouble: f64,
    #[serde(default)]
    pub troubles: Vec<String>,
    #[serde(default)]
    pub runs: Vec<Story>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    pub name: String,
    pub team: String,
    pub config: String,
    /// The beginning of its creation and of its last update.
    pub created: f64,
    pub updated: f64,
    /// Minutes that the last of these takes.
    #[serde(default)]
    pub deploying: f64,
    /// Invocations a minute at the busiest time of day, all variants together.
    pub per_minute: f64,
    #[serde(default)]
    pub data_capture: bool,
    /// A bucket key: makes it an asynchronous endpoint.
    #[serde(default)]
    pub async_output: Option<String>,
    pub variants: Vec<Variant>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    pub name: String,
    pub model: String,
    #[serde(default)]
    pub group: Option<String>,
    #[serde(default)]
    pub version: Option<u32>,
    pub image: String,
    #[serde(default)]
    pub instance: Option<String>,
    #[serde(default = "single")]
    pub instances: u32,
    #[serde(default)]
    pub memory_mb: Option<u32>,
    #[serde(default)]
    pub max_concurrency: Option<u32>,
    #[serde(default = "one")]
    pub weight: f64,
    /// When it began to take traffic; with the endpoint when left out.
    #[serde(default)]
    pub since: Option<f64>,
    /// Milliseconds in the container.
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// The share of 5XX and 4XX answers.
    #[serde(default)]
    pub errors: f64,
    #[serde(default)]
    pub client_errors: f64,
    /// The share of cold starts, and how long the model takes to set up (serverless).
    #[serde(default)]
    pub cold: f64,
    #[serde(default)]
    pub setup_ms: f64,
    /// Percent of one vCPU times their number at the busiest time of day.
    #[serde(default)]
    pub cpu: f64,
    #[serde(default)]
    pub memory: f64,
    #[serde(default)]
    pub gpu: f64,
    pub log: String,
    #[serde(default)]
    pub incidents: Vec<Incident>,
}

/// A time in which a variant is not well.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    pub from: f64,
    /// Minutes until it is at its worst.
    #[serde(default = "one")]
    pub ramp: f64,
    /// `None`: it does not end by itself.
    #[serde(default)]
    pub until: Option<f64>,
    /// The share of 5XX at its worst.
    #[serde(default)]
    pub errors: f64,
    /// How much slower at its worst.
    #[serde(default = "one")]
    pub latency: f64,
    /// Percentage points of memory added at its worst.
    #[serde(default)]
    pub memory: f64,
    /// The failure whose log lines its errors print.
    #[serde(default)]
    pub failure: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alarm {
    pub name: String,
    pub description: String,
    pub endpoint: String,
    #[serde(default)]
    pub variant: Option<String>,
    pub metric: String,
    #[serde(default = "endpoint_namespace")]
    pub namespace: String,
    /// `Sum`, `Average`, `Maximum` or `p99`.
    pub statistic: String,
    /// `GreaterThanThreshold`, `LessThanThreshold` ...
    pub comparison: String,
    pub threshold: f64,
    /// Seconds.
    pub period: u32,
    pub periods: u32,
    pub datapoints: u32,
    /// `notBreaching`, `missing`, `breaching` or `ignore`.
    pub missing: String,
    #[serde(default)]
    pub actions_disabled: bool,
}

fn endpoint_namespace() -> String {
    "AWS/SageMaker".into()
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelGroup {
    pub name: String,
    /// Where its code is; `churn` is the demo repository.
    #[serde(default = "demo_repository")]
    pub repository: String,
    pub team: String,
    pub description: String,
    /// The newest version at minute 0.
    pub last: u32,
    /// The newest version that was approved; later ones wait for somebody.
    pub approved: u32,
    #[serde(default)]
    pub rejected: Vec<u32>,
    /// Why, by version.
    #[serde(default)]
    pub notes: BTreeMap<String, String>,
    pub image: String,
    pub model_format: String,
    /// The metric told in the description, and its centre.
    pub metric: String,
    pub metric_value: f64,
    /// Version to index from the newest of the demo repository's commits on `main`.
    #[serde(default)]
    pub commits: BTreeMap<String, usize>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageRepository {
    pub name: String,
    /// Tags of the images, newest first, and the days since each was pushed.
    pub images: Vec<Image>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    #[serde(default)]
    pub tags: Vec<String>,
    pub days: f64,
    pub megabytes: f64,
    /// Severity to number of findings.
    #[serde(default)]
    pub findings: BTreeMap<String, u32>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Costs {
    /// Dollars from the first of the month to minute 0.
    pub month_to_date: f64,
    /// Dollars for the whole month as forecast at minute 0, and the half width of the interval.
    pub forecast: f64,
    pub forecast_spread: f64,
    /// Service to its share of the whole.
    pub services: BTreeMap<String, f64>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    pub name: String,
    pub limit: f64,
    /// Dollars at minute 0, and forecast for the period.
    pub actual: f64,
    pub forecast: f64,
    /// `MONTHLY`, `QUARTERLY` ...
    #[serde(default = "monthly")]
    pub time_unit: String,
}

fn demo_repository() -> String {
    "churn".into()
}

fn monthly() -> String {
    "MONTHLY".into()
}

/// A fault that comes by itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The IAM prefix (`sagemaker`); all when left out.
    #[serde(default)]
    pub service: Option<String>,
    #[serde(default)]
    pub operation: Option<String>,
    /// `throttle`, `deny`, `expire`, `delay`, `cut_off` or `garbage`.
    pub kind: String,
    /// For `delay`.
    #[serde(default)]
    pub milliseconds: u64,
    #[serde(default)]
    pub from: Option<f64>,
    #[serde(default)]
    pub until: Option<f64>,
    /// Only so many requests.
    #[serde(default)]
    pub times: Option<u32>,
}
