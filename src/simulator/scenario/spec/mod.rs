//! What stands in a scenario file. `scenarios/README.md` explains each entry to its writers.
//!
//! Times are minutes: `at` and `from` count from simulated minute 0 (negative is before), the rest are durations.

mod runs;
mod serving;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use runs::*;
pub use serving::*;

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
    #[serde(default)]
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

#[derive(Clone, Debug, Default, Deserialize)]
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

fn two_weeks() -> u32 {
    14
}

fn late() -> f64 {
    0.6
}

fn one() -> f64 {
    1.0
}

fn demo_repository() -> String {
    "churn".into()
}

fn monthly() -> String {
    "MONTHLY".into()
}
