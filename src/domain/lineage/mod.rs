//! Lineage: the things between what serves and what it was made from, and what is said of each.

pub mod code;
pub mod difference;
pub mod graph;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use self::code::Code;
use super::arn::Arn;
use super::repository::short_id;

/// One thing of a lineage. Two names of the same thing are one value: ids in full wherever they are known.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Thing {
    Endpoint {
        name: String,
    },
    Variant {
        endpoint: String,
        name: String,
    },
    /// An endpoint config.
    Config {
        name: String,
    },
    Model {
        name: String,
    },
    /// A version of the model registry, or an unversioned model package.
    ModelVersion {
        arn: String,
    },
    /// An execution of a SageMaker pipeline.
    Execution {
        arn: String,
    },
    TrainingJob {
        name: String,
    },
    ProcessingJob {
        name: String,
    },
    /// A run of CodePipeline or CodeBuild. `key` is `Run::key`.
    Delivery {
        key: String,
    },
    /// `registry/repository@sha256:…`, or with its tag where nobody told the digest.
    Image {
        uri: String,
    },
    /// Full hex where the repository knows it, else as it was written.
    Commit {
        id: String,
    },
    /// A version of data by its content: DVC's hash, with `.dir` for a directory.
    Data {
        hash: String,
    },
    /// An S3 object or prefix.
    Object {
        uri: String,
    },
}

impl Thing {
    /// The word in JSON and filters.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Endpoint { .. } => "endpoint",
            Self::Variant { .. } => "variant",
            Self::Config { .. } => "config",
            Self::Model { .. } => "model",
            Self::ModelVersion { .. } => "model_version",
            Self::Execution { .. } => "execution",
            Self::TrainingJob { .. } => "training_job",
            Self::ProcessingJob { .. } => "processing_job",
            Self::Delivery { .. } => "delivery",
            Self::Image { .. } => "image",
            Self::Commit { .. } => "commit",
            Self::Data { .. } => "data",
            Self::Object { .. } => "object",
        }
    }

    /// Identifies it across refreshes, and in JSON.
    pub fn id(&self) -> String {
        let kind = self.kind();
        match self {
            Self::Variant { endpoint, name } => format!("{kind}:{endpoint}/{name}"),
            Self::Endpoint { name }
            | Self::Config { name }
            | Self::Model { name }
            | Self::TrainingJob { name }
            | Self::ProcessingJob { name } => format!("{kind}:{name}"),
            Self::ModelVersion { arn } | Self::Execution { arn } => format!("{kind}:{arn}"),
            Self::Delivery { key } => format!("{kind}:{key}"),
            Self::Image { uri } | Self::Object { uri } => format!("{kind}:{uri}"),
            Self::Commit { id } => format!("{kind}:{id}"),
            Self::Data { hash } => format!("{kind}:{hash}"),
        }
    }

    /// What people call it, as far as its identity tells.
    pub fn name(&self) -> String {
        match self {
            Self::Variant { endpoint, name } => format!("{endpoint} / {name}"),
            Self::Endpoint { name }
            | Self::Config { name }
            | Self::Model { name }
            | Self::TrainingJob { name }
            | Self::ProcessingJob { name } => name.clone(),
            Self::ModelVersion { arn } => version_name(arn),
            Self::Execution { arn } => execution_name(arn),
            Self::Delivery { key } => key.clone(),
            Self::Image { uri } => image_name(uri),
            Self::Commit { id } => short_id(id).to_owned(),
            Self::Data { hash } => hash.get(..8).unwrap_or(hash).to_owned(),
            Self::Object { uri } => uri.clone(),
        }
    }

    /// The thing that an ARN of SageMaker names.
    pub fn of_arn(text: &str) -> Option<Self> {
        let arn = Arn::parse(text)?;
        let (kind, rest) = arn.resource.split_once('/')?;
        let name = || rest.to_owned();
        if arn.service != "sagemaker" {
            return None;
        }
        match kind {
            "endpoint" => Some(Self::Endpoint { name: name() }),
            "endpoint-config" => Some(Self::Config { name: name() }),
            "model" => Some(Self::Model { name: name() }),
            "model-package" => Some(Self::ModelVersion {
                arn: text.to_owned(),
            }),
            "pipeline" if rest.contains("/execution/") => Some(Self::Execution {
                arn: text.to_owned(),
            }),
            "training-job" => Some(Self::TrainingJob { name: name() }),
            "processing-job" => Some(Self::ProcessingJob { name: name() }),
            _ => None,
        }
    }
}

/// `churn v14` of `…:model-package/churn/14`.
fn version_name(arn: &str) -> String {
    let resource = Arn::parse(arn).map_or(arn, |arn| arn.resource);
    let path = resource.strip_prefix("model-package/").unwrap_or(resource);
    match path.rsplit_once('/') {
        Some((group, version)) => format!("{group} v{version}"),
        None => path.to_owned(),
    }
}

/// `churn-train / abc123` of `…:pipeline/churn-train/execution/abc123`.
fn execution_name(arn: &str) -> String {
    let resource = Arn::parse(arn).map_or(arn, |arn| arn.resource);
    let path = resource.strip_prefix("pipeline/").unwrap_or(resource);
    path.replace("/execution/", " / ")
}

/// `churn-serve@sha256:1a2b3c4d` of a whole URI.
fn image_name(uri: &str) -> String {
    let short = match uri.split_once('/') {
        Some((host, rest)) if host.contains('.') => rest,
        _ => uri,
    };
    match short.split_once("@sha256:") {
        Some((repository, digest)) => {
            format!("{repository}@{}", digest.get(..12).unwrap_or(digest))
        }
        None => short.to_owned(),
    }
}

/// What one source says of one thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub thing: Thing,
    /// What people call it, where that is more than its identity: `churn-train #212`.
    pub name: Option<String>,
    /// A few words on its state: `Approved`, `failed`, a commit's summary.
    pub note: String,
    pub at: Option<Timestamp>,
    /// Empty where it has none.
    pub arn: String,
    pub clues: Vec<Clue>,
    /// Whether this is all that its own describe call tells; what a list tells is less.
    pub whole: bool,
}

impl Record {
    /// Nothing but its name is known.
    pub fn bare(thing: Thing) -> Self {
        Self {
            thing,
            name: None,
            note: String::new(),
            at: None,
            arn: String::new(),
            clues: Vec::new(),
            whole: false,
        }
    }
}

/// Everything gathered for one lineage so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    pub records: Vec<Record>,
    pub code: Code,
}

/// Something that may lead from one thing to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clue {
    /// It was made from, or runs, `origin`; `why` says where that stands.
    From {
        origin: Thing,
        why: String,
    },
    /// It led to `product`.
    Into {
        product: Thing,
        why: String,
    },
    /// A name and a value that somebody gave it: it may hold a commit.
    Setting(Setting),
    /// An image as written, and its digest where the service resolved it.
    Image {
        uri: String,
        digest: Option<String>,
    },
    /// A channel of a job.
    Reads {
        channel: String,
        uri: String,
    },
    Writes {
        uri: String,
    },
    /// Where a model's archive lies.
    ModelData {
        uri: String,
    },
    /// The ETag or MD5 of an object.
    ContentHash {
        hash: String,
    },
    Metric {
        name: String,
        value: f64,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    pub place: Place,
    pub name: String,
    pub value: String,
}

/// Where a setting stands. In the order in which they are believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// `MetadataProperties` of a model package: made for this.
    MetadataProperties,
    Tag,
    Metadata,
    /// The revision that a build or a delivery checked out.
    SourceRevision,
    /// An annotation of an image's manifest.
    Label,
    Parameter,
    Environment,
    Hyperparameter,
    ImageTag,
}

impl Place {
    /// `tag`, `environment variable`: what stands before a name.
    pub fn words(self) -> &'static str {
        match self {
            Self::MetadataProperties => "MetadataProperties",
            Self::Tag => "tag",
            Self::Metadata => "customer metadata",
            Self::SourceRevision => "source revision",
            Self::Label => "image annotation",
            Self::Parameter => "pipeline parameter",
            Self::Environment => "environment variable",
            Self::Hyperparameter => "hyperparameter",
            Self::ImageTag => "image tag",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_name_things_and_things_have_names() {
        let sagemaker = |rest: &str| format!("arn:aws:sagemaker:eu-west-1:123456789012:{rest}");
        for (arn, kind, name) in [
            ("model-package/churn/14", "model_version", "churn v14"),
            ("model-package/plain", "model_version", "plain"),
            (
                "pipeline/churn-train/execution/ab12",
                "execution",
                "churn-train / ab12",
            ),
            ("training-job/t-1", "training_job", "t-1"),
            ("endpoint/e", "endpoint", "e"),
        ] {
            let thing = Thing::of_arn(&sagemaker(arn));
            assert_eq!(
                thing.map(|t| (t.kind(), t.name())),
                Some((kind, name.to_owned()))
            );
        }
        assert_eq!(Thing::of_arn(&sagemaker("pipeline/churn-train")), None);
        assert_eq!(Thing::of_arn("arn:aws:s3:::bucket/key"), None);
        let image = "1.dkr.ecr.eu-west-1.amazonaws.com/team/serve@sha256:0123456789abcdef";
        let name = Thing::Image { uri: image.into() }.name();
        assert_eq!(name, "team/serve@0123456789ab");
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_a_name(text in ".*") {
            for thing in [
                Thing::ModelVersion { arn: text.clone() },
                Thing::Execution { arn: text.clone() },
                Thing::Image { uri: text.clone() },
                Thing::Commit { id: text.clone() },
                Thing::Data { hash: text.clone() },
            ] {
                let _ = (thing.name(), thing.id());
            }
            let _ = Thing::of_arn(&text);
        }
    }
}
