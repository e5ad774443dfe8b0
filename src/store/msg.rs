//! Everything that can happen, as data: log it, compare it, replay it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::alarm::Alarm;
use crate::domain::cost::{Budget, MonthToDate};
use crate::domain::endpoint::Endpoint;
use crate::domain::history;
use crate::domain::identity::Identity;
use crate::domain::insights::{LogAnomaly, SavedQuery};
use crate::domain::lineage::code::Code;
use crate::domain::lineage::difference::Between;
use crate::domain::lineage::{Thing, Trace};
use crate::domain::log::{LiveState, LogGap, LogGroup, LogLine, LogStream};
use crate::domain::metric::VariantMetrics;
use crate::domain::registry::{Image, ModelGroup};
use crate::domain::repository::Repository;
use crate::domain::run::{Run, RunKind};
use crate::domain::source_error::{Answer, Partial, SourceError};
use crate::domain::usage::ApiUsage;
use crate::keys::command::Command;
use crate::logs::told::Told;

use super::log_ask::LogOrigin;
use super::model::nav::{Pane, Screen};
use super::query_news::QueryNews;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Msg {
    /// A chord was resolved.
    Command(Command),
    /// Chords typed so far, and what could follow: shown as a hint. Empty when the sequence ended.
    Pending(Vec<PendingKey>),
    /// A character for the open text field.
    Text(char),
    Paste(String),
    /// A click, already translated to what lies there.
    Click(Hit),
    /// The wheel, in rows; negative is up.
    Wheel {
        pane: Pane,
        rows: i32,
    },
    Resize {
        columns: u16,
        rows: u16,
    },
    /// Once a second while an age is on screen.
    Tick,
    /// To a screen, and there to the endpoint, run or log group of this name as soon as it is known.
    Go {
        screen: Screen,
        name: Option<String>,
    },
    /// Shows files or a pipe, and nothing else.
    OpenLog {
        title: String,
        origin: LogOrigin,
    },
    Data(Box<Data>),
    /// Something to tell the user.
    Notice(Notice),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingKey {
    pub chord: String,
    pub leads_to: String,
}

/// What lies under the mouse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hit {
    Screen(Screen),
    /// A row of a pane, counted from the top of what is shown.
    Row {
        pane: Pane,
        row: usize,
    },
    Pane(Pane),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Data {
    /// The account was opened, in this Region.
    Connected {
        region: String,
    },
    Identity(Answer<Identity>),
    Runs {
        kind: RunKind,
        answer: Answer<Vec<Run>>,
    },
    RunDetail {
        /// `Run::key` of the run that was asked for.
        key: String,
        answer: Answer<Run>,
    },
    Endpoints(Answer<Vec<Endpoint>>),
    Metrics(Answer<Vec<VariantMetrics>>),
    Alarms(Answer<Vec<Alarm>>),
    LogGroups(Answer<Vec<LogGroup>>),
    LogStreams {
        group: String,
        answer: Answer<Vec<LogStream>>,
    },
    /// Lines for the tail numbered `session`; those of an older session are dropped.
    LogLines {
        session: u64,
        page: LogPage,
        answer: Answer<Vec<LogLine>>,
        news: TailNews,
    },
    /// What the reader of the lines on screen tells; those of an older session are dropped.
    LogTold {
        session: u64,
        told: Told,
    },
    /// What the query of this number has to tell; those of an older one are dropped.
    Query {
        number: u64,
        news: QueryNews,
    },
    SavedQueries(Answer<Vec<SavedQuery>>),
    Anomalies(Answer<Vec<LogAnomaly>>),
    Costs(Answer<MonthToDate>),
    Budgets(Answer<Vec<Budget>>),
    ModelGroups(Answer<Vec<ModelGroup>>),
    Images(Answer<Vec<Image>>),
    Repository(Answer<Repository>),
    /// For the lineage numbered `session`; those of an older one are dropped.
    Lineage {
        session: u64,
        /// As the repository resolved it, where it is a commit.
        root: Thing,
        trace: Box<Partial<Trace>>,
        /// Nothing more will come.
        done: bool,
    },
    Code(Answer<Code>),
    Between {
        from: String,
        to: String,
        answer: Answer<Between>,
    },
    /// Looked again: what is known still holds.
    RepositoryUnchanged {
        /// What is under way, whose end is waited for.
        waits_for: Option<String>,
    },
    /// What the walk of this number, or the history as a whole, tells.
    History {
        walk: u64,
        told: Box<history::Told>,
    },
    Usage(ApiUsage),
    /// The account could not be opened at all, or a poller died.
    SourceDown(SourceError),
}

impl Data {
    /// Why the source failed, if it did: decides when it is asked again.
    pub fn failure(&self) -> Option<&SourceError> {
        match self {
            Self::Identity(answer) => answer.as_ref().err(),
            Self::Runs { answer, .. } => answer.as_ref().err(),
            Self::RunDetail { answer, .. } => answer.as_ref().err(),
            Self::Endpoints(answer) => answer.as_ref().err(),
            Self::Metrics(answer) => answer.as_ref().err(),
            Self::Alarms(answer) => answer.as_ref().err(),
            Self::LogGroups(answer) => answer.as_ref().err(),
            Self::LogStreams { answer, .. } => answer.as_ref().err(),
            Self::LogLines { answer, .. } => answer.as_ref().err(),
            Self::SavedQueries(answer) => answer.as_ref().err(),
            Self::Anomalies(answer) => answer.as_ref().err(),
            Self::Costs(answer) => answer.as_ref().err(),
            Self::Budgets(answer) => answer.as_ref().err(),
            Self::ModelGroups(answer) => answer.as_ref().err(),
            Self::Images(answer) => answer.as_ref().err(),
            Self::Repository(answer) => answer.as_ref().err(),
            Self::Code(answer) => answer.as_ref().err(),
            Self::Between { answer, .. } => answer.as_ref().err(),
            Self::SourceDown(error) => Some(error),
            Self::Connected { .. }
            | Self::LogTold { .. }
            | Self::Query { .. }
            | Self::RepositoryUnchanged { .. }
            | Self::History { .. }
            | Self::Lineage { .. }
            | Self::Usage(_) => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogPage {
    /// The first screen of a tail, or what came since.
    Newer,
    /// Asked for by scrolling back.
    Older,
}

/// What a tail has to say besides its lines.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TailNews {
    /// Lines of the answer, by their place in it, that happened before others which were shown already.
    pub late: Vec<usize>,
    /// Where lines may be missing.
    pub gaps: Vec<LogGap>,
    /// Of older lines: from here on none is missing; `None` if that is so from the start.
    pub reached: Option<Timestamp>,
    /// The Live Tail session, while there is one.
    pub live: Option<LiveState>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoticeLevel {
    Info,
    Warn,
    Error,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub level: NoticeLevel,
    pub text: String,
}

impl Notice {
    pub fn info(text: impl Into<String>) -> Self {
        Self {
            level: NoticeLevel::Info,
            text: text.into(),
        }
    }

    pub fn warn(text: impl Into<String>) -> Self {
        Self {
            level: NoticeLevel::Warn,
            text: text.into(),
        }
    }

    pub fn error(text: impl Into<String>) -> Self {
        Self {
            level: NoticeLevel::Error,
            text: text.into(),
        }
    }
}
