//! Asking sources at the same time, and keeping what answers when others fail.

use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::alarm::Alarm;
use crate::domain::identity::Identity;
use crate::domain::repository::{Repository, RevRange};
use crate::domain::run::{Run, RunKind};
use crate::domain::source_error::{Answer, ErrorKind, Partial, SourceError};
use crate::pollers::together::together;
use crate::sources::{AccountSources, Sources, VersionSource};
use crate::store::tables::runs::own_order;

/// Describe calls under way at a time; the governor below decides how many leave in a second.
const DESCRIBING: usize = 8;

/// What came of a question: perhaps something, perhaps with parts missing.
#[derive(Debug)]
pub struct Got<T> {
    pub value: Option<T>,
    pub missing: Vec<SourceError>,
}

impl<T> From<Answer<T>> for Got<T> {
    fn from(answer: Answer<T>) -> Self {
        match answer {
            Ok(Partial { value, missing }) => Self {
                value: Some(value),
                missing,
            },
            Err(error) => Self {
                value: None,
                missing: vec![error],
            },
        }
    }
}

impl<T> Got<T> {
    /// Not asked: there is nothing, and nothing is missing.
    pub fn nothing() -> Self {
        Self {
            value: None,
            missing: Vec::new(),
        }
    }

    /// Hands what is missing over, and the value out.
    pub fn into_value(self, partial: &mut Vec<SourceError>) -> Option<T> {
        partial.extend(self.missing);
        self.value
    }
}

/// The account's sources, or why there are none.
pub fn account(sources: &Sources) -> Result<&AccountSources, SourceError> {
    sources.account.as_ref().ok_or_else(|| {
        sources.account_error.clone().unwrap_or_else(|| {
            SourceError::new("aws", ErrorKind::NoCredentials, "no AWS account is open")
        })
    })
}

pub async fn identity(account: &AccountSources) -> Got<Identity> {
    account.identity.identity().await.into()
}

pub async fn alarms(account: &AccountSources) -> Got<Vec<Alarm>> {
    account.alarms.alarms().await.into()
}

/// Runs of all `kinds`, asked for at once; newest first.
///
/// `limit` holds for each kind. When it was `chosen` by the user, lists that it cut are whole enough.
pub async fn runs(
    account: &AccountSources,
    kinds: &[RunKind],
    since: Option<Timestamp>,
    limit: usize,
    chosen: bool,
) -> Got<Vec<Run>> {
    let source = &account.runs;
    let answers = together(kinds.iter().map(|&kind| source.runs(kind, since, limit))).await;
    let mut got = Got {
        value: Some(Vec::new()),
        missing: Vec::new(),
    };
    for answer in answers {
        let Got { value, missing } = Got::from(answer);
        let cut = chosen && value.as_ref().is_some_and(|runs| runs.len() >= limit);
        got.missing.extend(
            missing
                .into_iter()
                .filter(|error| !(cut && error.kind == ErrorKind::Missing)),
        );
        got.value
            .get_or_insert_default()
            .extend(value.into_iter().flatten());
    }
    got.value.get_or_insert_default().sort_by(own_order);
    got
}

/// Replaces the runs that `wanted` picks by what a describe call says of them.
pub async fn describe(
    account: &AccountSources,
    runs: &mut [Run],
    wanted: impl Fn(&Run) -> bool,
    most: usize,
) -> Vec<SourceError> {
    let picked: Vec<usize> = runs
        .iter()
        .enumerate()
        .filter(|(_, run)| !run.detailed && wanted(run))
        .map(|(index, _)| index)
        .take(most)
        .collect();
    let mut missing: Vec<SourceError> = Vec::new();
    for chunk in picked.chunks(DESCRIBING) {
        let source = &account.runs;
        let answers = together(chunk.iter().map(|&index| source.describe_run(&runs[index]))).await;
        for (answer, &index) in answers.into_iter().zip(chunk) {
            let got = Got::from(answer);
            if let Some(run) = got.value {
                runs[index] = run;
            }
            for error in got.missing {
                if !missing.contains(&error) {
                    missing.push(error);
                }
            }
        }
    }
    missing
}

/// Git and DVC, on a thread that may wait for the disk.
pub async fn repository(sources: &Sources, log_limit: usize) -> Got<Repository> {
    versions(sources, move |versions| versions.snapshot(log_limit)).await
}

/// The commits between two revisions, and what differs.
pub async fn range(sources: &Sources, rev: String, log_limit: usize) -> Got<RevRange> {
    versions(sources, move |versions| versions.range(&rev, log_limit)).await
}

async fn versions<T: Send + 'static>(
    sources: &Sources,
    ask: impl FnOnce(&dyn VersionSource) -> Answer<T> + Send + 'static,
) -> Got<T> {
    let versions = Arc::clone(&sources.versions);
    match tokio::task::spawn_blocking(move || ask(&*versions)).await {
        Ok(answer) => answer.into(),
        Err(_) => Err(SourceError::new(
            "git",
            ErrorKind::Malformed,
            "the repository could not be read",
        ))
        .into(),
    }
}
