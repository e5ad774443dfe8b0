//! Sources made of plain values: what they hold, they answer.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use flightdeck::domain::alarm::Alarm;
use flightdeck::domain::cost::{Budget, MonthToDate};
use flightdeck::domain::endpoint::Endpoint;
use flightdeck::domain::identity::Identity;
use flightdeck::domain::insights::{
    InsightsQuery, LogAnomaly, QueryResults, QueryState, SavedQuery,
};
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

pub fn error(source: &str, what: &str) -> SourceError {
    SourceError::new(source, ErrorKind::ServerFault, what)
}

/// What one account and one repository hold.
#[derive(Clone)]
pub struct Fake {
    pub runs: Vec<Run>,
    /// What a describe call says, by name.
    pub details: BTreeMap<String, Run>,
    pub endpoints: Vec<Endpoint>,
    pub metrics: Vec<VariantMetrics>,
    pub alarms: Vec<Alarm>,
    pub groups: Vec<LogGroup>,
    pub lines: Vec<LogLine>,
    /// What an Insights query answers in the end.
    pub results: QueryResults,
    pub month: Option<MonthToDate>,
    pub budgets: Vec<Budget>,
    pub models: Vec<ModelGroup>,
    pub images: Vec<Image>,
    pub identity: Identity,
    pub repository: Repository,
    /// What the repository says of commits.
    pub code: Code,
    pub between: Between,
    /// What the account says of single things.
    pub records: Vec<Record>,
    /// What fails instead of answering, by the name of the port's function (`runs:glue` for one kind).
    pub failing: BTreeMap<String, SourceError>,
    /// Names of what was asked.
    pub asked: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    pub fn sources(&self) -> Sources {
        let fake = Arc::new(self.clone());
        Sources {
            account: Some(AccountSources {
                region: "eu-west-1".into(),
                runs: fake.clone(),
                endpoints: fake.clone(),
                metrics: fake.clone(),
                alarms: fake.clone(),
                logs: fake.clone(),
                insights: fake.clone(),
                costs: fake.clone(),
                registry: fake.clone(),
                lineage: fake.clone(),
                identity: fake.clone(),
                usage: fake.clone(),
            }),
            account_error: None,
            versions: fake,
            versions_named: false,
        }
    }

    pub fn fail(&mut self, port: &str, error: SourceError) {
        self.failing.insert(port.to_owned(), error);
    }

    /// Everything but Git says that there are no credentials.
    pub fn lose_credentials(&mut self) {
        for port in [
            "runs",
            "describe",
            "endpoints",
            "metrics",
            "alarms",
            "groups",
            "lines",
            "month",
            "budgets",
            "models",
            "images",
            "identity",
        ] {
            let lost =
                SourceError::new(port, ErrorKind::NoCredentials, "no credentials were found");
            self.fail(port, lost.with_hint("aws sso login"));
        }
    }

    pub fn asked(&self, name: &str) -> usize {
        self.asked
            .lock()
            .unwrap()
            .iter()
            .filter(|a| *a == name)
            .count()
    }

    fn answer<T: Clone>(&self, port: &str, value: &T) -> Answer<T> {
        self.asked.lock().unwrap().push(port.to_owned());
        match self.failing.get(port) {
            Some(error) => Err(error.clone()),
            None => Ok(Partial::whole(value.clone())),
        }
    }
}

#[async_trait]
impl RunSource for Fake {
    async fn runs(
        &self,
        kind: RunKind,
        since: Option<Timestamp>,
        limit: usize,
    ) -> Answer<Vec<Run>> {
        let mut runs: Vec<Run> = self
            .runs
            .iter()
            .filter(|run| run.kind == kind && (since.is_none() || run.started_at >= since))
            .cloned()
            .collect();
        runs.sort_by_key(|run| std::cmp::Reverse(run.started_at));
        let mut missing = Vec::new();
        if runs.len() > limit {
            runs.truncate(limit);
            missing.push(SourceError::new(
                kind.key(),
                ErrorKind::Missing,
                format!("only {limit} are read, there are more"),
            ));
        }
        self.answer(&format!("runs:{}", kind.key()), &())?;
        Ok(Partial {
            value: self.answer("runs", &runs)?.value,
            missing,
        })
    }

    async fn describe_run(&self, run: &Run) -> Answer<Run> {
        let described = self.details.get(&run.name).unwrap_or(run);
        self.answer(&format!("describe:{}", run.name), &())?;
        self.answer("describe", described)
    }
}

#[async_trait]
impl EndpointSource for Fake {
    async fn endpoints(&self) -> Answer<Vec<Endpoint>> {
        self.answer("endpoints", &self.endpoints)
    }
}

#[async_trait]
impl MetricSource for Fake {
    async fn endpoint_metrics(
        &self,
        variants: &[(String, String)],
        _: Timestamp,
    ) -> Answer<Vec<VariantMetrics>> {
        let of_these: Vec<VariantMetrics> = self
            .metrics
            .iter()
            .filter(|m| variants.contains(&(m.endpoint.clone(), m.variant.clone())))
            .cloned()
            .collect();
        self.answer("metrics", &of_these)
    }
}

#[async_trait]
impl AlarmSource for Fake {
    async fn alarms(&self) -> Answer<Vec<Alarm>> {
        self.answer("alarms", &self.alarms)
    }
}

#[async_trait]
impl LogSource for Fake {
    async fn log_groups(&self) -> Answer<Vec<LogGroup>> {
        self.answer("groups", &self.groups)
    }

    async fn log_streams(&self, _: &str, _: Option<&str>) -> Answer<Vec<LogStream>> {
        self.answer("streams", &Vec::new())
    }

    async fn log_events(&self, query: &LogQuery) -> Answer<Vec<LogLine>> {
        let prefix = query.target.prefix.as_deref().unwrap_or_default();
        let mut lines: Vec<LogLine> = self
            .lines
            .iter()
            .filter(|l| l.group == query.target.group && l.stream.starts_with(prefix))
            .filter(|l| query.since.is_none_or(|since| l.at >= since))
            .filter(|l| query.until.is_none_or(|until| l.at <= until))
            .filter(|l| query.pattern.as_ref().is_none_or(|p| l.message.contains(p)))
            .cloned()
            .collect();
        lines.sort_by_key(|l| l.at);
        if query.newest_first {
            lines.drain(..lines.len().saturating_sub(query.limit));
        } else {
            lines.truncate(query.limit);
        }
        self.answer(&format!("lines:{}", query.target.group), &())?;
        self.answer("lines", &lines)
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

/// A query is complete at the second question; its id is its text.
#[async_trait]
impl InsightsSource for Fake {
    async fn start_query(&self, query: &InsightsQuery) -> Result<String, SourceError> {
        let asked = format!(
            "query {} of {} from {} for {:?} bytes",
            query.text,
            query.groups.join(" "),
            query.from,
            query.expected_bytes
        );
        self.answer(&asked, &())?;
        self.answer("query", &query.text).map(|answer| answer.value)
    }

    async fn query_results(&self, id: &str) -> Result<QueryResults, SourceError> {
        let mut results = self.results.clone();
        self.answer(&format!("results {id}"), &())?;
        if self.asked(&format!("results {id}")) == 1 {
            results.state = QueryState::Running;
            results.rows.clear();
        }
        self.answer("results", &results).map(|answer| answer.value)
    }

    async fn saved_queries(&self) -> Answer<Vec<SavedQuery>> {
        self.answer("saved queries", &Vec::new())
    }

    async fn stop_query(&self, id: &str) -> Result<(), SourceError> {
        self.answer(&format!("stop {id}"), &()).map(|_| ())
    }

    async fn anomalies(&self) -> Answer<Vec<LogAnomaly>> {
        self.answer("anomalies", &Vec::new())
    }
}

#[async_trait]
impl CostSource for Fake {
    async fn month_to_date(&self, today: Date, refresh: bool) -> Answer<MonthToDate> {
        self.answer(&format!("month {today} {refresh}"), &())?;
        match &self.month {
            Some(month) => self.answer("month", month),
            None => Err(error("ce:GetCostAndUsage", "no month")),
        }
    }

    async fn budgets(&self) -> Answer<Vec<Budget>> {
        self.answer("budgets", &self.budgets)
    }
}

#[async_trait]
impl RegistrySource for Fake {
    async fn model_groups(&self) -> Answer<Vec<ModelGroup>> {
        self.answer("models", &self.models)
    }

    async fn images(&self) -> Answer<Vec<Image>> {
        self.answer("images", &self.images)
    }
}

#[async_trait]
impl IdentitySource for Fake {
    async fn identity(&self) -> Answer<Identity> {
        self.answer("identity", &self.identity)
    }
}

impl UsageMeter for Fake {
    fn usage(&self) -> ApiUsage {
        ApiUsage::default()
    }
}

impl VersionSource for Fake {
    fn fingerprint(&self) -> Result<u64, SourceError> {
        Ok(0)
    }

    fn snapshot(&self, log_limit: usize) -> Answer<Repository> {
        let mut repository = self.repository.clone();
        repository.log.truncate(log_limit);
        self.answer("repository", &repository)
    }

    fn code(&self, _: &[String], _: &[String]) -> Answer<Code> {
        self.answer("code", &self.code)
    }

    fn between(&self, _: &str, _: &str) -> Answer<Between> {
        self.answer("between", &self.between)
    }
}

#[async_trait]
impl LineageSource for Fake {
    async fn record(&self, thing: &Thing) -> Answer<Vec<Record>> {
        let records = self.records.iter().filter(|record| record.thing == *thing);
        self.answer("record", &records.cloned().collect())
    }
}
