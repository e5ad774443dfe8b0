//! All sources asked at once: what findings are made of.

use crate::domain::alarm::Alarm;
use crate::domain::cost::Budget;
use crate::domain::identity::Identity;
use crate::domain::registry::ModelGroup;
use crate::domain::repository::Repository;
use crate::domain::run::{Run, RunKind};
use crate::domain::source_error::{ErrorKind, SourceError};
use crate::findings::{self, Facts, Finding};

use super::Desk;
use super::ask::{self, Got};
use super::endpoints::{self, Known};

/// Runs older than this say nothing about now, but how long they usually take.
const HISTORY_DAYS: i64 = 14;
/// Runs of each kind that are looked at.
const RUNS: usize = 2000;
/// Failed runs whose cause is fetched.
const CAUSES: usize = 20;
/// No rule looks at commits; the branches say what is ahead.
const LOG: usize = 1;

/// The state of the account and of the repository, as far as they could be had.
pub struct Everything {
    pub identity: Got<Identity>,
    pub runs: Got<Vec<Run>>,
    pub endpoints: Got<(Vec<Known>, Vec<Alarm>)>,
    pub budgets: Got<Vec<Budget>>,
    pub models: Got<Vec<ModelGroup>>,
    pub repository: Got<Repository>,
    /// Why the account could not be opened at all.
    pub account: Option<SourceError>,
    /// That there is no repository here: worth a word, but nothing failed.
    pub no_repository: Vec<SourceError>,
}

impl Everything {
    pub async fn gather(desk: &Desk<'_>) -> Self {
        let account = ask::account(desk.sources);
        let from_account = async {
            let Ok(account) = &account else {
                return (
                    Got::nothing(),
                    Got::nothing(),
                    Got::nothing(),
                    Got::nothing(),
                    Got::nothing(),
                );
            };
            let since = desk
                .clock
                .now()
                .checked_sub(jiff::SignedDuration::from_hours(24 * HISTORY_DAYS))
                .ok();
            let runs = async {
                let mut got = ask::runs(account, &RunKind::ALL, since, RUNS, true).await;
                if let Some(runs) = &mut got.value {
                    let recent = super::runs::recent(desk);
                    let wanted = |run: &Run| run.status.is_failure() && recent(run);
                    got.missing
                        .extend(ask::describe(account, runs, wanted, CAUSES).await);
                }
                got
            };
            let budgets = async { Got::from(account.costs.budgets().await) };
            let models = async { Got::from(account.registry.model_groups().await) };
            tokio::join!(
                ask::identity(account),
                runs,
                endpoints::gather(account, desk, &[]),
                budgets,
                models,
            )
        };
        let ((identity, runs, endpoints, budgets, models), mut repository) =
            tokio::join!(from_account, ask::repository(desk.sources, LOG));
        let is_none = !desk.sources.versions_named
            && repository.value.is_none()
            && repository
                .missing
                .iter()
                .all(|error| error.kind == ErrorKind::Missing);
        let no_repository = match is_none {
            true => std::mem::take(&mut repository.missing),
            false => Vec::new(),
        };
        Self {
            identity,
            runs,
            endpoints,
            budgets,
            models,
            repository,
            account: account.err(),
            no_repository,
        }
    }

    pub fn findings(&self, desk: &Desk<'_>) -> Vec<Finding> {
        let (known, alarms) = match &self.endpoints.value {
            Some((known, alarms)) => (known.as_slice(), alarms.as_slice()),
            None => (&[][..], &[][..]),
        };
        findings::all(&Facts {
            now: desk.clock.now(),
            thresholds: desk.thresholds,
            runs: self.runs.value.as_deref().unwrap_or_default(),
            endpoints: known.iter().map(Known::facts).collect(),
            alarms,
            budgets: self.budgets.value.as_deref().unwrap_or_default(),
            month: None,
            identity: self.identity.value.as_ref(),
            identity_failure: self.account.as_ref().or(self.identity.missing.first()),
            repository: self.repository.value.as_ref(),
            models: self.models.value.as_deref().unwrap_or_default(),
        })
    }

    /// Everything that is missing, in the order of asking.
    pub fn missing(&self) -> Vec<SourceError> {
        self.account
            .iter()
            .chain(&self.identity.missing)
            .chain(&self.runs.missing)
            .chain(&self.endpoints.missing)
            .chain(&self.budgets.missing)
            .chain(&self.models.missing)
            .chain(&self.repository.missing)
            .cloned()
            .collect()
    }
}
