//! What lies between two versions of a model: in code, parameters, data, metrics and image.

use serde::{Deserialize, Serialize};

use crate::domain::repository::FileChange;

/// One end of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// `churn-prod / blue`, `main`, `HEAD`.
    pub label: String,
    /// Full hex; `None` where it is not known.
    pub commit: Option<String>,
    /// As served; `None` for what serves nothing.
    pub image: Option<String>,
    /// `churn v14`.
    pub model: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    Model,
    Code,
    Params,
    Data,
    Metrics,
    Image,
}

impl Area {
    pub fn key(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Code => "code",
            Self::Params => "params",
            Self::Data => "data",
            Self::Metrics => "metrics",
            Self::Image => "image",
        }
    }
}

/// One thing that is not the same; an empty side has it not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub area: Area,
    /// A path, a parameter, a metric.
    pub what: String,
    pub from: String,
    pub to: String,
    /// `+0.004`, `+12 KiB`.
    pub delta: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    pub from: Side,
    pub to: Side,
    pub changes: Vec<Change>,
    /// What could not be compared, a sentence each.
    pub gaps: Vec<String>,
}

/// What Git says of two commits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Between {
    pub files: Vec<FileChange>,
    /// Commits that the second has and the first has not.
    pub commits: usize,
    /// And the other way round.
    pub commits_back: usize,
}
