//! What the repository knows of the commits that a lineage names.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a written revision means in the repository at hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Revision {
    /// Full hex.
    Commit(String),
    /// Cut too short: more than one commit begins like this.
    Ambiguous,
    Unknown,
}

/// How far a commit is from the tip of a branch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Distance {
    /// The branch, or `HEAD`.
    pub of: String,
    /// Commits of the branch that it has not.
    pub behind: usize,
    /// Commits of its own that the branch has not.
    pub ahead: usize,
    /// Among those behind, the commits that changed data which DVC tracks; models, metrics and plots are results,
    /// not data. `None` where there were too many to look at.
    pub data_versions: Option<usize>,
}

/// An output of DVC at a commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataAt {
    pub path: String,
    /// The address of its stage, or its `.dvc` file.
    pub stage: String,
    /// `out`, `metric`, `plot`.
    pub role: String,
    pub hash: String,
    pub size_bytes: Option<u64>,
    /// Where the default remote keeps it, if that is in S3: `s3://bucket/path/files/md5/ab/cd…`.
    pub remote_uri: Option<String>,
}

/// What a commit holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CommitFacts {
    /// Full hex.
    pub id: String,
    pub summary: String,
    pub author: String,
    pub at: Option<Timestamp>,
    pub data: Vec<DataAt>,
    /// As the lock files record them: `train.lr` and its value.
    pub params: BTreeMap<String, String>,
    /// From the metrics files: `metrics.json: auc`.
    pub metrics: BTreeMap<String, f64>,
    pub distance: Option<Distance>,
}

/// What is known of the repository.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Code {
    /// Whether there is a repository to ask.
    pub has_repository: bool,
    /// By revision as written.
    pub revisions: BTreeMap<String, Revision>,
    /// By full id.
    pub commits: BTreeMap<String, CommitFacts>,
    pub head: Option<String>,
}

impl Code {
    /// Takes in what a later question found.
    pub fn extend(&mut self, other: Self) {
        self.has_repository |= other.has_repository;
        self.revisions.extend(other.revisions);
        self.commits.extend(other.commits);
        self.head = other.head.or(self.head.take());
    }

    /// The facts of a revision as written.
    pub fn commit(&self, written: &str) -> Option<&CommitFacts> {
        match self.revisions.get(written) {
            Some(Revision::Commit(id)) => self.commits.get(id),
            _ => self.commits.get(written),
        }
    }
}

/// A model that a training produced, or a checkpoint: a result, not the data it was made from.
pub fn is_model(path: &str) -> bool {
    const SUFFIXES: [&str; 15] = [
        ".pt",
        ".pth",
        ".pkl",
        ".joblib",
        ".onnx",
        ".h5",
        ".keras",
        ".safetensors",
        ".ckpt",
        ".bst",
        ".cbm",
        ".gguf",
        ".tflite",
        ".mlmodel",
        ".xgb",
    ];
    let lower = path.to_ascii_lowercase();
    SUFFIXES.iter().any(|suffix| lower.ends_with(suffix))
        || lower
            .split('/')
            .any(|part| matches!(part, "model" | "models" | "checkpoints"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_results() {
        assert!(is_model("models/churn.bin"));
        assert!(is_model("out/churn.PT"));
        assert!(!is_model("data/features.parquet"));
        assert!(!is_model("data/modelled.csv"));
    }
}
