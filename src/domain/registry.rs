//! The SageMaker model registry and ECR images.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelVersion {
    pub group: String,
    /// `None` for an unversioned package.
    pub version: Option<i32>,
    pub arn: String,
    /// `Completed`, `Pending`, `Failed` ...
    pub status: String,
    /// `Approved`, `PendingManualApproval`, `Rejected`; `None` where the service gives none.
    pub approval: Option<String>,
    pub created_at: Option<Timestamp>,
    pub description: Option<String>,
    /// From `MetadataProperties.CommitId`, customer metadata or tags; full or short.
    pub commit: Option<String>,
    /// Image URIs of its containers.
    pub images: Vec<String>,
    /// Customer metadata, in the order of the service.
    pub metadata: Vec<(String, String)>,
    /// Whether `commit`, `images` and `metadata` come from a describe call.
    pub detailed: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelGroup {
    pub name: String,
    pub arn: String,
    pub created_at: Option<Timestamp>,
    pub status: String,
    /// Newest first.
    pub versions: Vec<ModelVersion>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Image {
    pub repository: String,
    pub digest: String,
    pub tags: Vec<String>,
    pub pushed_at: Option<Timestamp>,
    pub size_bytes: Option<i64>,
    pub last_pulled_at: Option<Timestamp>,
    /// Severity and count, worst first, where a scan was made.
    pub findings: Vec<(String, i32)>,
}
