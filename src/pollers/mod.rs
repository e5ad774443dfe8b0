//! One task per source, speaking only in messages.
//!
//! The runtime holds the handle; when it drops, every task ends.

pub mod backoff;
pub mod cadence;
mod describer;
mod fetch;
pub mod following;
mod history;
pub mod lineage;
mod log_curves;
mod log_passing;
mod log_patterns;
mod log_query;
mod log_reader;
mod log_tail;
mod poller;
mod supervisor;
pub mod together;
mod versions;
mod watching;

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use crate::domain::clock::Clock;
use crate::domain::history::Ask;
use crate::domain::insights::InsightsQuery;
use crate::domain::lineage::{Record, Thing};
use crate::domain::log::{LogTarget, TailMode};
use crate::domain::run::Run;
use crate::lineage::Rules;
use crate::sources::Sources;
use crate::store::effect::{Interest, SourceId};
use crate::store::log_ask::{LogAsk, LogOrigin};
use crate::store::msg::{Data, Msg};

pub use cadence::Cadences;
pub use log_reader::Outlet;

/// The longest that an end waits for AWS.
const PARTING: Duration = Duration::from_secs(3);

/// What the runtime asks of the pollers.
#[derive(Debug)]
enum Control {
    Interest(Vec<(SourceId, Interest)>),
    Poll(Vec<SourceId>),
    Variants(Vec<(String, String)>),
    Describe(Box<Run>),
    Trace {
        session: u64,
        root: Thing,
        known: Vec<Record>,
        rules: Rules,
    },
    Code {
        revisions: Vec<String>,
        commits: Vec<String>,
    },
    Between {
        from: String,
        to: String,
    },
    LoadStreams {
        group: String,
        prefix: Option<String>,
    },
    StartTail {
        session: u64,
        targets: Vec<LogTarget>,
        first: usize,
        mode: TailMode,
    },
    TailMode(TailMode),
    LoadOlder {
        session: u64,
        targets: Vec<LogTarget>,
        before: Timestamp,
        limit: usize,
    },
    RefreshCosts,
    StartQuery {
        number: u64,
        query: Box<InsightsQuery>,
    },
    StopQuery {
        number: u64,
    },
    LoadSavedQueries,
    LoadAnomalies,
    /// Answered when no query runs any more.
    Finish(oneshot::Sender<()>),
    History(history::Request),
}

/// What pollers need besides the sources.
#[derive(Clone)]
pub struct Settings {
    pub cadences: Cadences,
    /// Runs that started longer ago are not listed, in days.
    pub history_days: i64,
    /// Runs of one kind at most.
    pub run_limit: usize,
    /// Commits of the log at most.
    pub log_limit: usize,
    /// Where log lines go that are no longer held in memory; `None` gives them up.
    pub spool_folder: Option<PathBuf>,
    pub outlet: Outlet,
    /// For the jitter.
    pub seed: u64,
    pub clock: Arc<dyn Clock>,
}

/// Dropping it ends every poller.
#[derive(Debug)]
pub struct Pollers {
    control: mpsc::UnboundedSender<Control>,
    lines: mpsc::UnboundedSender<log_reader::Request>,
    task: tokio::task::AbortHandle,
}

impl Drop for Pollers {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Pollers {
    /// Starts when `connect` has answered; what is asked before then waits.
    pub fn start(
        connect: impl Future<Output = Sources> + Send + 'static,
        settings: Settings,
        out: mpsc::Sender<Msg>,
    ) -> Self {
        let (lines, asked) = mpsc::unbounded_channel();
        // Needs no source: it ends when the handle drops.
        tokio::spawn(log_reader::run(
            asked,
            settings.spool_folder.clone(),
            settings.outlet.clone(),
            out.clone(),
        ));
        let (control, requests) = mpsc::unbounded_channel();
        let task = tokio::spawn(supervisor::run(connect, settings, requests, out)).abort_handle();
        Self {
            control,
            lines,
            task,
        }
    }

    /// Stops the queries that run, which would go on and cost unseen. Waits for some seconds at most.
    pub async fn finish(self) {
        let (done, finished) = oneshot::channel();
        self.send(Control::Finish(done));
        let _ = tokio::time::timeout(PARTING, finished).await;
    }

    fn send(&self, control: Control) {
        // The supervisor is gone only while the program ends.
        let _ = self.control.send(control);
    }

    pub fn set_interest(&self, wanted: Vec<(SourceId, Interest)>) {
        self.send(Control::Interest(wanted));
    }

    pub fn poll_now(&self, sources: Vec<SourceId>) {
        self.send(Control::Poll(sources));
    }

    pub fn watch_variants(&self, variants: Vec<(String, String)>) {
        self.send(Control::Variants(variants));
    }

    pub fn describe(&self, run: Box<Run>) {
        self.send(Control::Describe(run));
    }

    /// Replaces the lineage that is being traced.
    pub fn trace_lineage(&self, session: u64, root: Thing, known: Vec<Record>, rules: Rules) {
        self.send(Control::Trace {
            session,
            root,
            known,
            rules,
        });
    }

    pub fn ask_code(&self, revisions: Vec<String>, commits: Vec<String>) {
        self.send(Control::Code { revisions, commits });
    }

    pub fn compare(&self, from: String, to: String) {
        self.send(Control::Between { from, to });
    }

    pub fn load_streams(&self, group: String, prefix: Option<String>) {
        self.send(Control::LoadStreams { group, prefix });
    }

    pub fn start_tail(&self, session: u64, targets: Vec<LogTarget>, first: usize, mode: TailMode) {
        self.send(Control::StartTail {
            session,
            targets,
            first,
            mode,
        });
    }

    pub fn set_tail_mode(&self, mode: TailMode) {
        self.send(Control::TailMode(mode));
    }

    pub fn open_log(&self, session: u64, origin: LogOrigin, max_bytes: usize) {
        let request = log_reader::Request::Open {
            session,
            origin,
            max_bytes,
        };
        let _ = self.lines.send(request);
    }

    pub fn ask_log(&self, session: u64, ask: Box<LogAsk>) {
        let _ = self.lines.send(log_reader::Request::Ask { session, ask });
    }

    pub fn load_older(
        &self,
        session: u64,
        targets: Vec<LogTarget>,
        before: Timestamp,
        limit: usize,
    ) {
        self.send(Control::LoadOlder {
            session,
            targets,
            before,
            limit,
        });
    }

    pub fn close_log(&self, session: u64) {
        let _ = self.lines.send(log_reader::Request::Close { session });
    }

    pub fn start_query(&self, number: u64, query: Box<InsightsQuery>) {
        self.send(Control::StartQuery { number, query });
    }

    pub fn stop_query(&self, number: u64) {
        self.send(Control::StopQuery { number });
    }

    pub fn load_saved_queries(&self) {
        self.send(Control::LoadSavedQueries);
    }

    pub fn load_anomalies(&self) {
        self.send(Control::LoadAnomalies);
    }

    pub fn walk_history(&self, walk: u64) {
        self.send(Control::History(history::Request::Walk(walk)));
    }

    pub fn ask_history(&self, ask: Box<Ask>) {
        self.send(Control::History(history::Request::Ask(ask)));
    }

    pub fn refresh_costs(&self) {
        self.send(Control::RefreshCosts);
    }
}

/// Hands an answer over; `false` when nobody listens any more.
async fn deliver(out: &mpsc::Sender<Msg>, data: Data) -> bool {
    out.send(Msg::Data(Box::new(data))).await.is_ok()
}
