//! What asking each source means.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use crate::domain::clock::Clock;
use crate::domain::run::RunKind;
use crate::sources::AccountSources;
use crate::store::effect::SourceId;
use crate::store::msg::Data;

use super::Settings;

/// One question; `None` when there is nothing to ask for yet.
#[async_trait]
pub trait Fetch: Send + Sync {
    async fn fetch(&self) -> Option<Data>;
}

/// A source of the account.
pub struct AccountFetch {
    pub source: SourceId,
    pub account: AccountSources,
    pub settings: Settings,
    /// For metrics: which variants there are.
    pub variants: watch::Receiver<Vec<(String, String)>>,
}

impl AccountFetch {
    async fn runs(&self, kind: RunKind) -> Data {
        let since = days_before(&*self.settings.clock, self.settings.history_days);
        let answer = self
            .account
            .runs
            .runs(kind, since, self.settings.run_limit)
            .await;
        Data::Runs { kind, answer }
    }
}

fn days_before(clock: &dyn Clock, days: i64) -> Option<Timestamp> {
    clock
        .now()
        .checked_sub(SignedDuration::from_hours(days.checked_mul(24)?))
        .ok()
}

#[async_trait]
impl Fetch for AccountFetch {
    async fn fetch(&self) -> Option<Data> {
        let account = &self.account;
        let clock = &self.settings.clock;
        Some(match self.source {
            SourceId::Identity => Data::Identity(account.identity.identity().await),
            SourceId::Runs(kind) => self.runs(kind).await,
            SourceId::Endpoints => Data::Endpoints(account.endpoints.endpoints().await),
            SourceId::Metrics => {
                let variants = self.variants.borrow().clone();
                if variants.is_empty() {
                    return None;
                }
                Data::Metrics(
                    account
                        .metrics
                        .endpoint_metrics(&variants, clock.now())
                        .await,
                )
            }
            SourceId::Alarms => Data::Alarms(account.alarms.alarms().await),
            SourceId::LogGroups => Data::LogGroups(account.logs.log_groups().await),
            SourceId::Costs => {
                let today = clock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
                Data::Costs(account.costs.month_to_date(today, false).await)
            }
            SourceId::Budgets => Data::Budgets(account.costs.budgets().await),
            SourceId::ModelGroups => Data::ModelGroups(account.registry.model_groups().await),
            SourceId::Images => Data::Images(account.registry.images().await),
            // Asked by `versions`: it blocks.
            SourceId::Repository => return None,
        })
    }
}

/// Cost Explorer asked anew: on purpose, since it costs money.
pub async fn refresh_costs(account: &AccountSources, clock: &Arc<dyn Clock>) -> Data {
    let today = clock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let answer = account.costs.month_to_date(today, true).await;
    Data::Costs(answer)
}
