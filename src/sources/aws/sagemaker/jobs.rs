//! What the four kinds of jobs have in common.

use std::collections::HashMap;
use std::future::Future;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::DateTime;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use jiff::Timestamp;

use crate::domain::run::{Run, RunStatus};
use crate::domain::source_error::{Answer, Partial, SourceError};
use crate::sources::aws::api::Api;
use crate::sources::aws::runs::{ended, fact};
use crate::sources::aws::text::masked;
use crate::sources::aws::time::optional;

use super::Sagemaker;
use super::tags::Origin;

/// Largest page that the List operations give.
pub const PAGE: i32 = 100;

/// Reads a list of jobs, newest first, as far as wanted. A macro, for the SDK gives each list types of its own under
/// the same words.
macro_rules! newest {
    ($sagemaker:ident . $list:ident, $operation:literal, $sort:ident, $summaries:ident, $wanted:ident, $run:ident) => {{
        let api = $crate::sources::aws::sagemaker::api($operation);
        let listed = $crate::sources::aws::paging::read($wanted.limit, |token| async move {
            let send = $sagemaker
                .client
                .$list()
                .max_results($crate::sources::aws::sagemaker::jobs::PAGE)
                .sort_by($sort::CreationTime)
                .sort_order(aws_sdk_sagemaker::types::SortOrder::Descending)
                .set_creation_time_after($wanted.since.map($crate::sources::aws::time::datetime))
                .set_next_token(token)
                .send();
            let answer = $sagemaker.session.call(api, send).await?;
            let runs = answer.$summaries().iter().map($run).collect();
            Ok($crate::sources::aws::paging::Page::new(
                runs,
                answer.next_token.clone(),
            ))
        })
        .await?;
        Ok($wanted.finish(api, listed, Vec::new()))
    }};
}
pub(super) use newest;

impl Sagemaker {
    /// Describes a job and reads its tags at the same time.
    pub(super) async fn described_with_tags<O, E>(
        &self,
        run: &Run,
        api: Api,
        send: impl Future<Output = Result<O, SdkError<E, HttpResponse>>>,
        with: impl FnOnce(&Run, &O) -> Run,
    ) -> Answer<Run>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let (job, origin) = tokio::join!(self.session.call(api, send), self.origin(&run.arn));
        Ok(with_origin(with(run, &job?), origin))
    }
}

/// When a job ended: as it says, else when it last changed if it is over (one that never began to work has no end).
pub fn ended_at(
    status: RunStatus,
    end: Option<&DateTime>,
    changed: Option<&DateTime>,
) -> Option<Timestamp> {
    optional(end).or_else(|| ended(status, optional(changed)))
}

/// Hyperparameters or environment variables, secrets masked, in the order of their names.
pub fn settings(
    facts: &mut Vec<(String, String)>,
    prefix: &str,
    values: Option<&HashMap<String, String>>,
) {
    let mut values: Vec<_> = values.into_iter().flatten().collect();
    values.sort();
    for (name, value) in values {
        // The SDK for Python writes strings as JSON strings.
        let plain = serde_json::from_str::<String>(value).unwrap_or_else(|_| value.clone());
        fact(
            facts,
            &format!("{prefix}{name}"),
            Some(masked(name, &plain)),
        );
    }
}

/// `ml.m5.xlarge × 2`.
pub fn instances(kind: Option<&str>, count: Option<i32>) -> Option<String> {
    let kind = kind?;
    Some(match count {
        Some(count) => format!("{kind} × {count}"),
        None => kind.to_owned(),
    })
}

/// Seconds as `1 h 05 min`, `4 min 10 s`.
pub fn span(seconds: i32) -> String {
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, s) => format!("{m} min {s:02} s"),
        (h, m, _) => format!("{h} h {m:02} min"),
    }
}

/// The described run, with what its tags tell, or that they could not be read.
pub fn with_origin(mut run: Run, origin: Result<Origin, SourceError>) -> Partial<Run> {
    run.detailed = true;
    let mut missing = Vec::new();
    match origin {
        Ok(origin) => {
            run.commit = run.commit.or(origin.commit);
            run.parent = run.parent.or(origin.pipeline_execution);
        }
        Err(error) => missing.push(error),
    }
    Partial {
        value: run,
        missing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_well() {
        assert_eq!(span(9), "9 s");
        assert_eq!(span(250), "4 min 10 s");
        assert_eq!(span(3900), "1 h 05 min");
    }

    #[test]
    fn settings_are_sorted_unquoted_and_masked() {
        let values = HashMap::from([
            ("epochs".to_owned(), "10".to_owned()),
            ("db_password".to_owned(), "hunter2".to_owned()),
            ("loss".to_owned(), "\"mse\"".to_owned()),
        ]);
        let mut facts = Vec::new();
        settings(&mut facts, "", Some(&values));
        let facts: Vec<_> = facts
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        assert_eq!(
            facts,
            [("db_password", "***"), ("epochs", "10"), ("loss", "mse")]
        );
    }
}
