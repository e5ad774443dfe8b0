//! What runs: pipelines, jobs, state machines, deliveries, builds, Glue jobs.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Schedule;

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

fn one() -> f64 {
    1.0
}

fn yes() -> bool {
    true
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

fn empty_object() -> String {
    "{}".into()
}

fn small_build() -> String {
    "BUILD_GENERAL1_MEDIUM".into()
}

fn demo_repository() -> String {
    "churn".into()
}
