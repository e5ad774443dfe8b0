//! SageMaker endpoints: what serves, with which weights, on what.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndpointKind {
    RealTime,
    Serverless,
    Async,
    InferenceComponents,
    /// The config could not be read.
    Unknown,
}

impl EndpointKind {
    pub fn key(self) -> &'static str {
        match self {
            Self::RealTime => "real_time",
            Self::Serverless => "serverless",
            Self::Async => "async",
            Self::InferenceComponents => "inference_components",
            Self::Unknown => "unknown",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    Critical,
    Warn,
    Unknown,
    Ok,
}

impl Health {
    pub fn key(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Warn => "warn",
            Self::Unknown => "unknown",
            Self::Ok => "ok",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Endpoint {
    pub name: String,
    pub arn: String,
    pub kind: EndpointKind,
    /// `InService`, `Updating`, `RollingBack` ...: an open set.
    pub status: String,
    pub config: String,
    pub created_at: Option<Timestamp>,
    pub changed_at: Option<Timestamp>,
    pub failure_reason: Option<String>,
    pub variants: Vec<Variant>,
    /// Whether `config`, `kind` and `variants` come from describe calls.
    pub detailed: bool,
    pub data_capture: Option<bool>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Variant {
    pub name: String,
    pub model: Option<String>,
    pub model_package_arn: Option<String>,
    /// The image digest in use, where the service resolved it.
    pub image: Option<String>,
    pub weight: Option<f64>,
    pub desired_weight: Option<f64>,
    pub instances: Option<i32>,
    pub desired_instances: Option<i32>,
    pub instance_type: Option<String>,
    /// Serverless: memory in MB.
    pub memory_mb: Option<i32>,
    /// Serverless: maximum concurrency.
    pub max_concurrency: Option<i32>,
    /// `Creating`, `Baking` ... while a deployment runs.
    pub status: Option<String>,
    pub shadow: bool,
}
