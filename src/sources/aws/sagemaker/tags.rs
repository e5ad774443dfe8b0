//! Tags of a resource: the commit it was made from, and the run that made it.

use aws_sdk_sagemaker::types::Tag;

use super::{Sagemaker, api};
use crate::domain::source_error::SourceError;

/// What tags tell of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Origin {
    pub commit: Option<String>,
    /// The pipeline execution that started it.
    pub pipeline_execution: Option<String>,
}

impl Sagemaker {
    pub(super) async fn origin(&self, arn: &str) -> Result<Origin, SourceError> {
        let send = self
            .client
            .list_tags()
            .resource_arn(arn)
            .max_results(100)
            .send();
        let answer = self.session.call(api("ListTags"), send).await?;
        Ok(origin(answer.tags()))
    }
}

fn origin(tags: &[Tag]) -> Origin {
    let mut origin = Origin::default();
    for tag in tags {
        let (Some(key), Some(value)) = (tag.key(), tag.value()) else {
            continue;
        };
        if is_commit_key(key) {
            origin.commit.get_or_insert_with(|| value.to_owned());
        } else if key == "sagemaker:pipeline-execution-arn" {
            origin.pipeline_execution = Some(value.to_owned());
        }
    }
    origin
}

/// `git-commit`, `git:commit`, `GitCommit`, `CommitId` ...: the names in use for the commit of a run.
pub fn is_commit_key(key: &str) -> bool {
    let plain: String = key
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase();
    matches!(
        plain.as_str(),
        "gitcommit"
            | "commit"
            | "commitid"
            | "commitsha"
            | "gitsha"
            | "gitcommitid"
            | "gitcommitsha"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_name_commit_and_parent() {
        let tag = |key: &str, value: &str| Tag::builder().key(key).value(value).build();
        let found = origin(&[
            tag("team", "churn"),
            tag("git:commit", "abc123"),
            tag("sagemaker:pipeline-execution-arn", "arn:x"),
        ]);
        assert_eq!(found.commit.as_deref(), Some("abc123"));
        assert_eq!(found.pipeline_execution.as_deref(), Some("arn:x"));
    }

    #[test]
    fn many_spellings_name_a_commit() {
        for key in [
            "git-commit",
            "git:commit",
            "GitCommit",
            "CommitId",
            "git_sha",
        ] {
            assert!(is_commit_key(key), "{key}");
        }
        assert!(!is_commit_key("committee"));
    }
}
