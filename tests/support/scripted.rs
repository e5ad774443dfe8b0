//! Sources that answer what a test tells them to, and note when they were asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use flightdeck::domain::alarm::Alarm;
use flightdeck::domain::cost::{Budget, MonthToDate};
use flightdeck::domain::endpoint::Endpoint;
use flightdeck::domain::identity::Identity;
use flightdeck::domain::insights::{InsightsQuery, LogAnomaly, QueryResults, SavedQuery};
use flightdeck::domain::lineage::code::Code;
use flightdeck::domain::lineage::difference::Between;
use flightdeck::domain::lineage::{Record, Thing};
use flightdeck::domain::log::{EventPage, LogGroup, LogLine, LogQuery, LogStream, LogTarget};
use flightdeck::domain::metric::VariantMetrics;
use flightdeck::domain::registry::{Image, ModelGroup};
use flightdeck::domain::repository::Repository;
use flightdeck::domain::run::{Run, RunKind};
use flightdeck::domain::source_error::{Answer, ErrorKind, Partial, SourceError};
use flightdeck::domain::usage::ApiUsage;
use flightdeck::sources::{
    AccountSources, AlarmSource, CostSource, EndpointSource, IdentitySource, InsightsSource,
    LineageSource, LiveTail, LogSource, MetricSource, RegistrySource, RunSource, Sources,
    UsageMeter, VersionSource,
};
use jiff::Timestamp;
use jiff::civil::Date;
use tokio::time::Instant;

/// Answers in their order; the last one again and again. Without any: `Missing`.
pub struct Script<T>(Mutex<VecDeque<Answer<T>>>);

impl<T> Default for Script<T> {
    fn default() -> Self {
        Self(Mutex::new(VecDeque::new()))
    }
}

impl<T: Clone> Script<T> {
    pub fn then(&self, answer: Answer<T>) -> &Self {
        self.0.lock().unwrap().push_back(answer);
        self
    }

    /// This one, and none that was scripted before.
    pub fn only(&self, answer: Answer<T>) {
        *self.0.lock().unwrap() = VecDeque::from([answer]);
    }

    fn next(&self) -> Answer<T> {
        let mut answers = self.0.lock().unwrap();
        match answers.len() {
            0 => Err(nothing_scripted()),
            1 => answers[0].clone(),
            _ => answers.pop_front().unwrap(),
        }
    }
}

fn nothing_scripted() -> SourceError {
    SourceError::new("script", ErrorKind::Missing, "nothing scripted")
}

/// Every port at once.
pub struct Scripted {
    pub runs: Script<Vec<Run>>,
    pub details: Script<Run>,
    pub endpoints: Script<Vec<Endpoint>>,
    pub metrics: Script<Vec<VariantMetrics>>,
    pub alarms: Script<Vec<Alarm>>,
    pub groups: Script<Vec<LogGroup>>,
    pub streams: Script<Vec<LogStream>>,
    pub lines: Script<Vec<LogLine>>,
    /// Ids of queries that are started.
    pub queries: Script<String>,
    pub results: Script<QueryResults>,
    pub stops: Script<()>,
    pub saved: Script<Vec<SavedQuery>>,
    pub anomalies: Script<Vec<LogAnomaly>>,
    pub costs: Script<MonthToDate>,
    pub budgets: Script<Vec<Budget>>,
    pub models: Script<Vec<ModelGroup>>,
    pub images: Script<Vec<Image>>,
    pub identity: Script<Identity>,
    /// What the account says of single things of a lineage, and the repository of commits.
    pub records: Mutex<Vec<Record>>,
    pub code: Mutex<Code>,
    pub repository: Script<Repository>,
    /// What was asked, and how many seconds after the start (by tokio's clock).
    asked: Mutex<Vec<(String, u64)>>,
    pub log_queries: Mutex<Vec<LogQuery>>,
    started: Instant,
}

impl Scripted {
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            runs: Script::default(),
            details: Script::default(),
            endpoints: Script::default(),
            metrics: Script::default(),
            alarms: Script::default(),
            groups: Script::default(),
            streams: Script::default(),
            lines: Script::default(),
            queries: Script::default(),
            results: Script::default(),
            stops: Script::default(),
            saved: Script::default(),
            anomalies: Script::default(),
            costs: Script::default(),
            budgets: Script::default(),
            models: Script::default(),
            images: Script::default(),
            identity: Script::default(),
            repository: Script::default(),
            records: Mutex::default(),
            code: Mutex::default(),
            asked: Mutex::default(),
            log_queries: Mutex::default(),
            started: Instant::now(),
        })
    }

    pub fn sources(self: &Arc<Self>) -> Sources {
        Sources {
            account: Some(AccountSources {
                region: "eu-west-1".into(),
                runs: self.clone(),
                endpoints: self.clone(),
                metrics: self.clone(),
                alarms: self.clone(),
                logs: self.clone(),
                insights: self.clone(),
                costs: self.clone(),
                registry: self.clone(),
                lineage: self.clone(),
                identity: self.clone(),
                usage: self.clone(),
            }),
            account_error: None,
            versions: self.clone(),
            versions_named: false,
        }
    }

    fn note(&self, what: &str) {
        let second = self.started.elapsed().as_secs();
        self.asked.lock().unwrap().push((what.to_owned(), second));
    }

    /// The seconds at which `what` was asked.
    pub fn asked_at(&self, what: &str) -> Vec<u64> {
        self.asked
            .lock()
            .unwrap()
            .iter()
            .filter(|(name, _)| name == what)
            .map(|(_, second)| *second)
            .collect()
    }
}

#[async_trait]
impl RunSource for Scripted {
    async fn runs(&self, kind: RunKind, _: Option<Timestamp>, _: usize) -> Answer<Vec<Run>> {
        self.note(kind.key());
        self.runs.next().map(|mut answer| {
            answer.value.retain(|run| run.kind == kind);
            answer
        })
    }

    async fn describe_run(&self, run: &Run) -> Answer<Run> {
        self.note(&format!("describe {}", run.name));
        self.details.next()
    }
}

#[async_trait]
impl EndpointSource for Scripted {
    async fn endpoints(&self) -> Answer<Vec<Endpoint>> {
        self.note("endpoints");
        self.endpoints.next()
    }
}

#[async_trait]
impl MetricSource for Scripted {
    async fn endpoint_metrics(
        &self,
        _: &[(String, String)],
        _: Timestamp,
    ) -> Answer<Vec<VariantMetrics>> {
        self.note("metrics");
        self.metrics.next()
    }
}

#[async_trait]
impl AlarmSource for Scripted {
    async fn alarms(&self) -> Answer<Vec<Alarm>> {
        self.note("alarms");
        self.alarms.next()
    }
}

#[async_trait]
impl LogSource for Scripted {
    async fn log_groups(&self) -> Answer<Vec<LogGroup>> {
        self.note("log groups");
        self.groups.next()
    }

    async fn log_streams(&self, group: &str, _: Option<&str>) -> Answer<Vec<LogStream>> {
        self.note(&format!("streams {group}"));
        self.streams.next()
    }

    async fn log_events(&self, query: &LogQuery) -> Answer<Vec<LogLine>> {
        self.note("lines");
        self.log_queries.lock().unwrap().push(query.clone());
        self.lines.next()
    }

    async fn log_page(&self, query: &LogQuery, _: Option<&str>) -> Result<EventPage, SourceError> {
        let lines = self.log_events(query).await?.value;
        Ok(EventPage { lines, next: None })
    }

    async fn live_tail(&self, _: &[LogTarget], _: Option<&str>) -> Result<LiveTail, SourceError> {
        Err(SourceError::new(
            "logs:StartLiveTail",
            ErrorKind::NotInRegion,
            "polled only",
        ))
    }
}

#[async_trait]
impl InsightsSource for Scripted {
    async fn start_query(&self, query: &InsightsQuery) -> Result<String, SourceError> {
        self.note(&format!("query {}", query.text));
        self.queries.next().map(|partial| partial.value)
    }

    async fn query_results(&self, id: &str) -> Result<QueryResults, SourceError> {
        self.note(&format!("results {id}"));
        self.results.next().map(|partial| partial.value)
    }

    async fn stop_query(&self, id: &str) -> Result<(), SourceError> {
        self.note(&format!("stop {id}"));
        self.stops.next().map(|_| ())
    }

    async fn saved_queries(&self) -> Answer<Vec<SavedQuery>> {
        self.note("saved queries");
        self.saved.next()
    }

    async fn anomalies(&self) -> Answer<Vec<LogAnomaly>> {
        self.note("anomalies");
        self.anomalies.next()
    }
}

#[async_trait]
impl CostSource for Scripted {
    async fn month_to_date(&self, _: Date, refresh: bool) -> Answer<MonthToDate> {
        self.note(if refresh { "costs anew" } else { "costs" });
        self.costs.next()
    }

    async fn budgets(&self) -> Answer<Vec<Budget>> {
        self.note("budgets");
        self.budgets.next()
    }
}

#[async_trait]
impl RegistrySource for Scripted {
    async fn model_groups(&self) -> Answer<Vec<ModelGroup>> {
        self.note("models");
        self.models.next()
    }

    async fn images(&self) -> Answer<Vec<Image>> {
        self.note("images");
        self.images.next()
    }
}

#[async_trait]
impl IdentitySource for Scripted {
    async fn identity(&self) -> Answer<Identity> {
        self.note("identity");
        self.identity.next()
    }
}

impl UsageMeter for Scripted {
    fn usage(&self) -> ApiUsage {
        ApiUsage::default()
    }
}

impl VersionSource for Scripted {
    fn fingerprint(&self) -> Result<u64, SourceError> {
        self.note("fingerprint");
        Ok(1)
    }

    fn snapshot(&self, _: usize) -> Answer<Repository> {
        self.note("snapshot");
        self.repository.next()
    }

    fn code(&self, _: &[String], _: &[String]) -> Answer<Code> {
        Ok(Partial::whole(self.code.lock().unwrap().clone()))
    }

    fn between(&self, _: &str, _: &str) -> Answer<Between> {
        Ok(Partial::whole(Between::default()))
    }
}

#[async_trait]
impl LineageSource for Scripted {
    async fn record(&self, thing: &Thing) -> Answer<Vec<Record>> {
        self.note("lineage");
        let records = self.records.lock().unwrap();
        let of_it = records.iter().filter(|record| record.thing == *thing);
        Ok(Partial::whole(of_it.cloned().collect()))
    }
}

/// A whole answer.
pub fn whole<T>(value: T) -> Answer<T> {
    Ok(Partial::whole(value))
}

pub fn failed<T>(kind: ErrorKind) -> Answer<T> {
    Err(SourceError::new("script", kind, "as scripted"))
}
