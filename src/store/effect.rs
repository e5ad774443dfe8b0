//! What `update` wants done outside: data, carried out by the runtime, answered by messages.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::history::Ask;
use crate::domain::insights::InsightsQuery;
use crate::domain::lineage::{Record, Thing};
use crate::domain::log::{LogTarget, TailMode};
use crate::domain::run::{Run, RunKind};
use crate::lineage::Rules;

use super::log_ask::{LogAsk, LogOrigin};

/// Everything that is polled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SourceId {
    Identity,
    Runs(RunKind),
    Endpoints,
    Metrics,
    Alarms,
    LogGroups,
    Costs,
    Budgets,
    ModelGroups,
    Images,
    Repository,
}

impl SourceId {
    /// The name in config and messages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Runs(kind) => kind.short(),
            Self::Endpoints => "endpoints",
            Self::Metrics => "metrics",
            Self::Alarms => "alarms",
            Self::LogGroups => "log groups",
            Self::Costs => "costs",
            Self::Budgets => "budgets",
            Self::ModelGroups => "model registry",
            Self::Images => "images",
            Self::Repository => "git",
        }
    }
}

/// How much a source matters right now: decides its cadence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Interest {
    Hidden,
    Visible,
    Focused,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Effect {
    Quit,
    Suspend,
    Redraw,
    /// Ask now, whatever the cadence says.
    Poll(Vec<SourceId>),
    /// What is on screen from now on; sources not named are hidden.
    Interest(Vec<(SourceId, Interest)>),
    /// Variants to fetch metrics for, as (endpoint, variant).
    WatchVariants(Vec<(String, String)>),
    DescribeRun(Box<Run>),
    /// Asks for the lineage of a thing, beyond what lists tell.
    TraceLineage {
        session: u64,
        root: Thing,
        known: Vec<Record>,
        rules: Rules,
    },
    /// What revisions mean in the repository, and what commits hold.
    AskCode {
        revisions: Vec<String>,
        commits: Vec<String>,
    },
    /// What lies between two commits.
    Between {
        from: String,
        to: String,
    },
    LoadStreams {
        group: String,
        prefix: Option<String>,
    },
    /// Replaces the tail under way.
    StartTail {
        session: u64,
        targets: Vec<LogTarget>,
        /// Lines on the first screen.
        first: usize,
        mode: TailMode,
    },
    /// The tail under way goes on in another way. Live Tail costs money: asked for on purpose.
    SetTailMode(TailMode),
    /// Replaces the lines on screen by those of another origin. Those of an answer stand in front of the ones before.
    OpenLog {
        session: u64,
        origin: LogOrigin,
        /// Text held in memory; what is older goes to disk.
        max_bytes: usize,
    },
    /// For the reader of the lines on screen.
    Log {
        session: u64,
        ask: Box<LogAsk>,
    },
    /// The lines of a session are no longer needed.
    CloseLog {
        session: u64,
    },
    /// Costs money by what it scans: asked for on purpose.
    StartQuery {
        number: u64,
        query: Box<InsightsQuery>,
    },
    StopQuery {
        number: u64,
    },
    LoadSavedQueries,
    LoadAnomalies,
    LoadOlder {
        session: u64,
        targets: Vec<LogTarget>,
        before: Timestamp,
        limit: usize,
    },
    /// Walk the history; the number comes back with what is told.
    WalkHistory(u64),
    /// For the reader of the history.
    History(Box<Ask>),
    /// Costs money: asked for on purpose.
    RefreshCosts,
    Copy {
        text: String,
        what: String,
    },
    OpenUrl(String),
}
