//! What serves: endpoints, their variants and incidents, and the alarms over them.

use serde::Deserialize;

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

fn one() -> f64 {
    1.0
}

fn single() -> u32 {
    1
}

fn endpoint_namespace() -> String {
    "AWS/SageMaker".into()
}
