//! Starts the pollers, passes requests on to them, and reports one that dies.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use crate::domain::lineage::{Record, Thing};
use crate::domain::log::TailMode;
use crate::domain::run::RunKind;
use crate::domain::source_error::{ErrorKind, SourceError};
use crate::domain::usage::ApiUsage;
use crate::lineage::Rules;
use crate::sources::{AccountSources, Sources, UsageMeter, VersionSource};
use crate::store::effect::{Interest, SourceId};
use crate::store::msg::{Data, Msg};

use super::backoff::Backoff;
use super::fetch::{AccountFetch, Fetch, refresh_costs};
use super::lineage::Tracer;
use super::{
    Control, Settings, deliver, describer, history, log_query, log_tail, poller, versions,
};

/// How often the counters of the first line are looked at.
const USAGE_PERIOD: Duration = Duration::from_secs(2);

/// The handle of one poller.
struct Handle {
    interest: watch::Sender<Interest>,
    poll_now: mpsc::Sender<()>,
}

struct Supervisor {
    settings: Settings,
    out: mpsc::Sender<Msg>,
    account: Option<AccountSources>,
    /// For what is asked once, and not polled.
    sources: Option<Sources>,
    /// The lineage being traced.
    tracing: Option<tokio::task::AbortHandle>,
    handles: HashMap<SourceId, Handle>,
    variants: watch::Sender<Vec<(String, String)>>,
    describe: Option<mpsc::UnboundedSender<Box<crate::domain::run::Run>>>,
    tail: Option<tokio::task::AbortHandle>,
    /// To the reader of the history.
    history: Option<mpsc::UnboundedSender<history::Request>>,
    /// How the tail under way follows.
    tail_mode: watch::Sender<TailMode>,
    /// Whether the Logs screen is shown: a hidden tail is polled slowly.
    tail_interest: watch::Sender<Interest>,
    /// Stops the queries under way, by their numbers.
    queries: HashMap<u64, mpsc::Sender<()>>,
    tasks: JoinSet<&'static str>,
    names: HashMap<tokio::task::Id, &'static str>,
}

pub async fn run(
    connect: impl Future<Output = Sources> + Send + 'static,
    settings: Settings,
    mut requests: mpsc::UnboundedReceiver<Control>,
    out: mpsc::Sender<Msg>,
) {
    let sources = connect.await;
    let mut supervisor = Supervisor {
        settings,
        out,
        account: None,
        sources: None,
        tracing: None,
        handles: HashMap::new(),
        variants: watch::Sender::new(Vec::new()),
        describe: None,
        tail: None,
        history: None,
        tail_mode: watch::Sender::new(TailMode::Polling),
        tail_interest: watch::Sender::new(Interest::Hidden),
        queries: HashMap::new(),
        tasks: JoinSet::new(),
        names: HashMap::new(),
    };
    supervisor.start(sources).await;
    loop {
        tokio::select! {
            request = requests.recv() => match request {
                Some(request) => supervisor.obey(request),
                None => return,
            },
            Some(ended) = supervisor.tasks.join_next_with_id(),
                if !supervisor.tasks.is_empty() => supervisor.ended(ended).await,
        }
    }
}

impl Supervisor {
    async fn start(&mut self, sources: Sources) {
        self.sources = Some(sources.clone());
        let (handle, interest, poll_now) = handle();
        let ask_now = handle.poll_now.clone();
        self.handles.insert(SourceId::Repository, handle);
        let (ask, asked) = mpsc::unbounded_channel();
        self.history = Some(ask);
        self.spawn(
            "git history",
            history::run(sources.versions.clone(), asked, self.out.clone()),
        );
        self.spawn(
            "git",
            versions::run(
                sources.versions,
                self.settings.log_limit,
                self.settings.cadences.of(SourceId::Repository),
                interest,
                (ask_now, poll_now),
                Backoff::new(self.settings.seed),
                self.out.clone(),
            ),
        );
        if let Some(error) = sources.account_error {
            deliver(&self.out, Data::Identity(Err(error.clone()))).await;
            deliver(&self.out, Data::SourceDown(error)).await;
        }
        if let Some(account) = sources.account {
            let region = account.region.clone();
            deliver(&self.out, Data::Connected { region }).await;
            self.start_account(account);
        }
    }

    fn start_account(&mut self, account: AccountSources) {
        let runs = RunKind::ALL.into_iter().map(SourceId::Runs);
        let others = [
            SourceId::Identity,
            SourceId::Endpoints,
            SourceId::Metrics,
            SourceId::Alarms,
            SourceId::LogGroups,
            SourceId::Costs,
            SourceId::Budgets,
            SourceId::ModelGroups,
            SourceId::Images,
        ];
        for (index, source) in others.into_iter().chain(runs).enumerate() {
            let fetch: Arc<dyn Fetch> = Arc::new(AccountFetch {
                source,
                account: account.clone(),
                settings: self.settings.clone(),
                variants: self.variants.subscribe(),
            });
            let (handle, interest, poll_now) = handle();
            self.handles.insert(source, handle);
            let cadence = self.settings.cadences.of(source);
            let seed = self.settings.seed.wrapping_add(index as u64 * 7919);
            self.spawn(
                source.label(),
                poller::run(
                    fetch,
                    cadence,
                    interest,
                    poll_now,
                    Backoff::new(seed),
                    self.out.clone(),
                ),
            );
        }
        let (describe, requests) = mpsc::unbounded_channel();
        self.describe = Some(describe);
        self.spawn(
            "describer",
            describer::run(account.runs.clone(), requests, self.out.clone()),
        );
        self.spawn(
            "usage",
            watch_usage(account.usage.clone(), self.out.clone()),
        );
        self.account = Some(account);
    }

    fn spawn(&mut self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        let handle = self.tasks.spawn(async move {
            task.await;
            name
        });
        self.names.insert(handle.id(), name);
    }

    fn obey(&mut self, request: Control) {
        match request {
            Control::Interest(wanted) => self.set_interest(&wanted),
            Control::Poll(sources) => {
                for source in sources {
                    self.poll_now(source);
                }
            }
            Control::Variants(variants) => {
                let changed = self.variants.send_if_modified(|known| {
                    let changed = *known != variants;
                    *known = variants;
                    changed
                });
                if changed {
                    self.poll_now(SourceId::Metrics);
                }
            }
            Control::Describe(run) => {
                if let Some(describe) = &self.describe {
                    let _ = describe.send(run);
                }
            }
            Control::History(request) => {
                if let Some(history) = &self.history {
                    let _ = history.send(request);
                }
            }
            Control::Trace {
                session,
                root,
                known,
                rules,
            } => self.trace(session, root, known, rules),
            Control::Code { revisions, commits } => {
                self.ask_code(move |versions| Data::Code(versions.code(&revisions, &commits)))
            }
            Control::Between { from, to } => self.ask_code(move |versions| {
                let answer = versions.between(&from, &to);
                Data::Between { from, to, answer }
            }),
            other => self.obey_account(other),
        }
    }

    /// Traces a lineage, telling after every step what is known by then.
    fn trace(&mut self, session: u64, root: Thing, known: Vec<Record>, rules: Rules) {
        if let Some(before) = self.tracing.take() {
            before.abort();
        }
        let Some(sources) = &self.sources else {
            return;
        };
        let mut tracer = Tracer::new(sources, root, known, rules);
        let out = self.out.clone();
        let handle = self.tasks.spawn(async move {
            loop {
                let done = !tracer.step().await;
                let data = Data::Lineage {
                    session,
                    root: tracer.root().clone(),
                    trace: Box::new(tracer.answer()),
                    done,
                };
                if !deliver(&out, data).await || done {
                    return "lineage";
                }
            }
        });
        self.names.insert(handle.id(), "lineage");
        self.tracing = Some(handle);
    }

    /// A question to the repository, on a thread that may wait for the disk.
    fn ask_code(&mut self, ask: impl FnOnce(&dyn VersionSource) -> Data + Send + 'static) {
        let Some(sources) = &self.sources else {
            return;
        };
        let versions = Arc::clone(&sources.versions);
        let out = self.out.clone();
        self.spawn("git", async move {
            if let Ok(data) = tokio::task::spawn_blocking(move || ask(&*versions)).await {
                deliver(&out, data).await;
            }
        });
    }

    /// Requests that need an account; without one the state on screen already says why.
    fn obey_account(&mut self, request: Control) {
        let Some(account) = self.account.clone() else {
            return;
        };
        let out = self.out.clone();
        match request {
            Control::LoadStreams { group, prefix } => self.spawn("streams", async move {
                let answer = account.logs.log_streams(&group, prefix.as_deref()).await;
                deliver(&out, Data::LogStreams { group, answer }).await;
            }),
            Control::StartTail {
                session,
                targets,
                first,
                mode,
            } => {
                self.stop_tail();
                self.tail_mode = watch::Sender::new(mode);
                let tail = log_tail::Tail {
                    source: account.logs,
                    session,
                    targets,
                    first,
                    mode: self.tail_mode.subscribe(),
                    cadence: self.settings.cadences.log_tail,
                    interest: self.tail_interest.subscribe(),
                    backoff: Backoff::new(self.settings.seed.wrapping_add(session)),
                    clock: self.settings.clock.clone(),
                    out,
                };
                let handle = self.tasks.spawn(async move {
                    log_tail::run(tail).await;
                    "log tail"
                });
                self.names.insert(handle.id(), "log tail");
                self.tail = Some(handle);
            }
            Control::TailMode(mode) => {
                self.tail_mode.send_replace(mode);
            }
            Control::LoadOlder {
                session,
                targets,
                before,
                limit,
            } => self.spawn(
                "older lines",
                log_tail::older(account.logs, session, targets, before, limit, out),
            ),
            Control::RefreshCosts => {
                let clock = self.settings.clock.clone();
                self.spawn("costs", async move {
                    let data = refresh_costs(&account, &clock).await;
                    deliver(&out, data).await;
                });
            }
            Control::StartQuery { number, query } => {
                self.queries.retain(|_, stop| !stop.is_closed());
                let (stop, stopped) = mpsc::channel(1);
                self.queries.insert(number, stop);
                let query = log_query::Query {
                    source: account.insights,
                    number,
                    query: *query,
                    stop: stopped,
                    backoff: Backoff::new(self.settings.seed.wrapping_add(number)),
                    out,
                };
                self.spawn("query", log_query::run(query));
            }
            Control::StopQuery { number } => {
                if let Some(stop) = self.queries.get(&number) {
                    // Full means that one wishes so already.
                    let _ = stop.try_send(());
                }
            }
            Control::Finish(done) => {
                let queries: Vec<_> = self.queries.drain().map(|(_, stop)| stop).collect();
                self.spawn("last queries", async move {
                    for stop in &queries {
                        let _ = stop.try_send(());
                    }
                    for stop in &queries {
                        stop.closed().await;
                    }
                    let _ = done.send(());
                });
            }
            Control::LoadSavedQueries => self.spawn("saved queries", async move {
                let answer = account.insights.saved_queries().await;
                deliver(&out, Data::SavedQueries(answer)).await;
            }),
            Control::LoadAnomalies => self.spawn("anomalies", async move {
                let answer = account.insights.anomalies().await;
                deliver(&out, Data::Anomalies(answer)).await;
            }),
            Control::Interest(_)
            | Control::Poll(_)
            | Control::Variants(_)
            | Control::Describe(_)
            | Control::History(_)
            | Control::Trace { .. }
            | Control::Code { .. }
            | Control::Between { .. } => {}
        }
    }

    fn set_interest(&mut self, wanted: &[(SourceId, Interest)]) {
        for (source, handle) in &self.handles {
            let interest = wanted
                .iter()
                .find(|(other, _)| other == source)
                .map_or(Interest::Hidden, |(_, interest)| *interest);
            handle.interest.send_if_modified(|known| {
                let changed = *known != interest;
                *known = interest;
                changed
            });
        }
        let logs_shown = wanted.iter().any(|(s, _)| *s == SourceId::LogGroups);
        let interest = if logs_shown {
            Interest::Focused
        } else {
            Interest::Hidden
        };
        self.tail_interest.send_if_modified(|known| {
            let changed = *known != interest;
            *known = interest;
            changed
        });
    }

    fn poll_now(&self, source: SourceId) {
        if let Some(handle) = self.handles.get(&source) {
            // Full means that one is asked for already.
            let _ = handle.poll_now.try_send(());
        }
    }

    fn stop_tail(&mut self) {
        if let Some(tail) = self.tail.take() {
            tail.abort();
        }
    }

    /// A task that panicked is told of; one that ended or was stopped is not.
    async fn ended(
        &mut self,
        ended: Result<(tokio::task::Id, &'static str), tokio::task::JoinError>,
    ) {
        match ended {
            Ok((id, _)) => {
                self.names.remove(&id);
            }
            Err(error) => {
                let name = self.names.remove(&error.id()).unwrap_or("a poller");
                if error.is_panic() {
                    tracing::error!(name, "poller panicked");
                    let error = SourceError::new(
                        name,
                        ErrorKind::ServerFault,
                        "stopped unexpectedly: its data will not be refreshed",
                    )
                    .with_hint("restart flightdeck; the log file says more");
                    deliver(&self.out, Data::SourceDown(error)).await;
                }
            }
        }
    }
}

fn handle() -> (Handle, watch::Receiver<Interest>, mpsc::Receiver<()>) {
    let (interest, seen) = watch::channel(Interest::Hidden);
    let (poll_now, asked) = mpsc::channel(1);
    (Handle { interest, poll_now }, seen, asked)
}

/// Passes the counters on when they change.
async fn watch_usage(meter: Arc<dyn UsageMeter>, out: mpsc::Sender<Msg>) {
    let mut last: Option<ApiUsage> = None;
    loop {
        let usage = meter.usage();
        if last != Some(usage) {
            last = Some(usage);
            if !deliver(&out, Data::Usage(usage)).await {
                return;
            }
        }
        tokio::time::sleep(USAGE_PERIOD).await;
    }
}
