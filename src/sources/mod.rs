//! The ports: what Flightdeck asks of the world, in the words of the domain.
//!
//! Adapters live below (`aws`, `git`); nobody else names a foreign type.

#[cfg(feature = "aws")]
pub mod aws;
pub mod dvc;
pub mod git;
pub mod gto;
pub mod history;

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use tokio::sync::mpsc;

pub use crate::domain::source_error::{Answer, ErrorKind, Partial, SourceError};
pub use history::HistorySource;

use crate::domain::alarm::Alarm;
use crate::domain::cost::{Budget, MonthToDate};
use crate::domain::endpoint::Endpoint;
use crate::domain::identity::Identity;
use crate::domain::insights::{InsightsQuery, LogAnomaly, QueryResults, SavedQuery};
use crate::domain::lineage::code::Code;
use crate::domain::lineage::difference::Between;
use crate::domain::lineage::{Record, Thing};
use crate::domain::log::{
    EventPage, LiveUpdate, LogGroup, LogLine, LogQuery, LogStream, LogTarget,
};
use crate::domain::metric::VariantMetrics;
use crate::domain::registry::{Image, ModelGroup};
use crate::domain::repository::{Repository, RevRange};
use crate::domain::run::{Run, RunKind};
use crate::domain::usage::ApiUsage;

/// Runs of every orchestrator.
#[async_trait]
pub trait RunSource: Send + Sync {
    /// All runs of a kind started at or after `since`, newest first, past page one, at most `limit`.
    ///
    /// Reaching `limit` while there is more is a `missing` entry, so that nobody takes the list for whole.
    async fn runs(&self, kind: RunKind, since: Option<Timestamp>, limit: usize)
    -> Answer<Vec<Run>>;

    /// The same run with steps, log targets, facts and reason filled in (`detailed` is set).
    async fn describe_run(&self, run: &Run) -> Answer<Run>;
}

#[async_trait]
pub trait EndpointSource: Send + Sync {
    /// All endpoints with config and variants, by name.
    async fn endpoints(&self) -> Answer<Vec<Endpoint>>;
}

#[async_trait]
pub trait MetricSource: Send + Sync {
    /// The last hour before `now` of every variant given as (endpoint, variant), in one batched call
    /// (or as few as the limit of 500 queries a call allows).
    async fn endpoint_metrics(
        &self,
        variants: &[(String, String)],
        now: Timestamp,
    ) -> Answer<Vec<VariantMetrics>>;
}

#[async_trait]
pub trait AlarmSource: Send + Sync {
    async fn alarms(&self) -> Answer<Vec<Alarm>>;
}

#[async_trait]
pub trait LogSource: Send + Sync {
    async fn log_groups(&self) -> Answer<Vec<LogGroup>>;

    /// Streams of a group, those with the newest events first; with a prefix, by name.
    async fn log_streams(&self, group: &str, prefix: Option<&str>) -> Answer<Vec<LogStream>>;

    /// Events in ascending order of time, every page of them up to `query.limit`.
    /// A group or stream that does not exist yet is an error of kind `Missing`.
    async fn log_events(&self, query: &LogQuery) -> Answer<Vec<LogLine>>;

    /// One page of events in ascending order of time: the first one, or the one that `token` (`EventPage::next` of
    /// the page before, for the same query) leads to. At most `query.limit` events; `newest_first` is not heeded.
    async fn log_page(
        &self,
        query: &LogQuery,
        token: Option<&str>,
    ) -> Result<EventPage, SourceError>;

    /// Opens a Live Tail session on at most ten groups. It costs money by the minute, which is booked as it goes on;
    /// past the spending cap it is refused, or ends.
    async fn live_tail(
        &self,
        targets: &[LogTarget],
        pattern: Option<&str>,
    ) -> Result<LiveTail, SourceError>;
}

/// A Live Tail session; dropping it closes the session.
#[derive(Debug)]
pub struct LiveTail {
    /// About one a second, also when there is nothing to tell. An error is the last one: the session has ended.
    pub updates: mpsc::Receiver<Result<LiveUpdate, SourceError>>,
}

/// Queries where the logs are. They cost money by what they scan.
#[async_trait]
pub trait InsightsSource: Send + Sync {
    /// Starts a query; the answer is its id. Refused when what it is expected to scan would pass the spending cap.
    async fn start_query(&self, query: &InsightsQuery) -> Result<String, SourceError>;

    /// Where the query stands. What it scanned since the last question is booked; past the spending cap the answer is
    /// an error of kind `OverBudget`, and the query should be stopped.
    async fn query_results(&self, id: &str) -> Result<QueryResults, SourceError>;

    /// Stops a query; one that is over already is no error.
    async fn stop_query(&self, id: &str) -> Result<(), SourceError>;

    /// The queries that are saved in the account, by name.
    async fn saved_queries(&self) -> Answer<Vec<SavedQuery>>;

    /// What the account's anomaly detectors noticed, newest first.
    async fn anomalies(&self) -> Answer<Vec<LogAnomaly>>;
}

#[async_trait]
pub trait CostSource: Send + Sync {
    /// Month to date by service and by day, and the forecast. Costs money: answers are cached for hours,
    /// `refresh` asks again all the same.
    async fn month_to_date(&self, today: Date, refresh: bool) -> Answer<MonthToDate>;

    async fn budgets(&self) -> Answer<Vec<Budget>>;
}

#[async_trait]
pub trait RegistrySource: Send + Sync {
    /// Model package groups with their versions, newest first.
    async fn model_groups(&self) -> Answer<Vec<ModelGroup>>;

    async fn images(&self) -> Answer<Vec<Image>>;
}

/// What single things of a lineage say of themselves: asked when somebody opens one, never polled.
#[async_trait]
pub trait LineageSource: Send + Sync {
    /// What the thing's own describe calls tell, with `whole` set; for an address in S3 also who made it.
    ///
    /// A thing that does not exist is an error of kind `Missing`.
    async fn record(&self, thing: &Thing) -> Answer<Vec<Record>>;
}

#[async_trait]
pub trait IdentitySource: Send + Sync {
    async fn identity(&self) -> Answer<Identity>;
}

/// What this process and its siblings have asked of AWS.
pub trait UsageMeter: Send + Sync {
    fn usage(&self) -> ApiUsage;
}

/// Git and DVC. Blocking: call it from a blocking thread.
pub trait VersionSource: Send + Sync {
    /// Changes whenever `snapshot` could answer something else; cheap enough for every few seconds.
    fn fingerprint(&self) -> Result<u64, SourceError>;

    /// Branches, tags, the newest `log_limit` commits, the working tree, and DVC's outputs.
    fn snapshot(&self, log_limit: usize) -> Answer<Repository>;

    /// The commits between two revisions (`A..B`), at most `limit`, and the files that differ.
    fn range(&self, rev: &str, _limit: usize) -> Answer<RevRange> {
        let what = format!("{rev}: there is no history to look in");
        Err(SourceError::new("git", ErrorKind::Missing, what))
    }

    /// What changes when `snapshot` could answer something else, to be told of by the system: Git's own files and
    /// DVC's, never the data. Known after the first snapshot.
    fn watched(&self) -> Vec<Watched> {
        Vec::new()
    }

    /// What the last look waits for before it believes what it sees: `rebase in progress`.
    fn waits_for(&self) -> Option<String> {
        None
    }

    /// All of its commits, and what may be asked about them; `None` where there is nothing to walk.
    fn history(&self) -> Option<Arc<dyn HistorySource>> {
        None
    }

    /// What revisions as written mean here, and what commits (full ids) hold: data, parameters, metrics, and how far
    /// they are from the main branch.
    fn code(&self, revisions: &[String], commits: &[String]) -> Answer<Code>;

    /// What lies between two commits (full ids).
    fn between(&self, from: &str, to: &str) -> Answer<Between>;
}

/// A file or folder whose changes matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    pub path: PathBuf,
    /// With everything in it.
    pub recursive: bool,
}

/// Every source of one account and Region, and of one repository.
#[derive(Clone)]
pub struct Sources {
    pub account: Option<AccountSources>,
    /// Why `account` is `None` (no `aws` feature, damaged AWS config).
    pub account_error: Option<SourceError>,
    pub versions: Arc<dyn VersionSource>,
    /// Somebody said where the repository is: that there is none is then a failure, and not a fact.
    pub versions_named: bool,
}

/// The sources that speak AWS.
#[derive(Clone)]
pub struct AccountSources {
    /// As resolved: `eu-west-1`.
    pub region: String,
    pub runs: Arc<dyn RunSource>,
    pub endpoints: Arc<dyn EndpointSource>,
    pub metrics: Arc<dyn MetricSource>,
    pub alarms: Arc<dyn AlarmSource>,
    pub logs: Arc<dyn LogSource>,
    pub insights: Arc<dyn InsightsSource>,
    pub costs: Arc<dyn CostSource>,
    pub registry: Arc<dyn RegistrySource>,
    pub lineage: Arc<dyn LineageSource>,
    pub identity: Arc<dyn IdentitySource>,
    pub usage: Arc<dyn UsageMeter>,
}
