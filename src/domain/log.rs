//! Log groups, streams and lines.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Which log streams belong to a thing: one group, and names or a prefix within it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LogTarget {
    pub group: String,
    /// Exactly these streams; empty means all, or those of the prefix.
    pub streams: Vec<String>,
    /// `job/`: with the slash, so that `job-1` does not bring `job-10` along.
    pub prefix: Option<String>,
}

impl LogTarget {
    pub fn group(group: impl Into<String>) -> Self {
        Self {
            group: group.into(),
            streams: Vec::new(),
            prefix: None,
        }
    }

    pub fn prefixed(group: impl Into<String>, prefix: impl Into<String>) -> Self {
        Self {
            group: group.into(),
            streams: Vec::new(),
            prefix: Some(prefix.into()),
        }
    }

    pub fn streams(group: impl Into<String>, streams: Vec<String>) -> Self {
        Self {
            group: group.into(),
            streams,
            prefix: None,
        }
    }

    /// What the containers of an endpoint write.
    pub fn of_endpoint(name: &str) -> Self {
        Self::group(format!("/aws/sagemaker/Endpoints/{name}"))
    }

    /// What the containers of one variant of it write.
    pub fn of_variant(endpoint: &str, variant: &str) -> Self {
        Self {
            prefix: Some(format!("{variant}/")),
            ..Self::of_endpoint(endpoint)
        }
    }

    /// Whether a line is one of the target's.
    pub fn has(&self, line: &LogLine) -> bool {
        self.group == line.group
            && match &self.prefix {
                Some(prefix) => line.stream.starts_with(prefix.as_str()),
                None => self.streams.is_empty() || self.streams.contains(&line.stream),
            }
    }

    /// `group` or `group:prefix` for titles.
    pub fn label(&self) -> String {
        match (&self.prefix, self.streams.as_slice()) {
            (Some(prefix), _) => format!("{}:{}", self.group, prefix.trim_end_matches('/')),
            (None, []) => self.group.clone(),
            (None, [one]) => format!("{}:{one}", self.group),
            (None, many) => format!("{} ({} streams)", self.group, many.len()),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogGroup {
    pub name: String,
    pub stored_bytes: Option<i64>,
    /// Days; `None` keeps for ever.
    pub retention_days: Option<i32>,
    pub created_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogStream {
    pub group: String,
    pub name: String,
    /// Up to an hour behind, says AWS.
    pub last_event_at: Option<Timestamp>,
}

/// One event of CloudWatch Logs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    pub group: String,
    pub stream: String,
    pub at: Timestamp,
    pub ingested_at: Option<Timestamp>,
    pub message: String,
    pub event_id: Option<String>,
}

/// What to read of a target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogQuery {
    pub target: LogTarget,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
    /// A CloudWatch filter pattern, passed on as it is.
    pub pattern: Option<String>,
    /// Stop after so many events; the newest ones when `newest_first`.
    pub limit: usize,
    pub newest_first: bool,
}

/// One page of events, ascending in time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventPage {
    pub lines: Vec<LogLine>,
    /// Where the next page begins. A page may be empty and still not the last.
    pub next: Option<String>,
}

/// How a log is followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TailMode {
    /// Asked every few seconds: free, complete, works everywhere.
    #[default]
    Polling,
    /// Live Tail: told within a second or two, paid by the minute. Polled besides, more rarely, for what it leaves out.
    Live,
}

/// What a Live Tail session told at once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LiveUpdate {
    /// Without an event id.
    pub lines: Vec<LogLine>,
    /// More came in a second than a session tells: these are some of them.
    pub sampled: bool,
    /// US dollars that the session has cost so far, by list price.
    pub spent_usd: f64,
}

/// Where a live tail stands.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LiveState {
    /// When the session was opened.
    pub since: Timestamp,
    /// The last update was a sample.
    pub sampled: bool,
    /// US dollars that the tail has cost, all its sessions together.
    pub spent_usd: f64,
}

/// A stretch of a followed log in which lines may be missing, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogGap {
    pub group: String,
    /// What is up to here was read.
    pub after: Timestamp,
    /// What is from here on was read.
    pub before: Timestamp,
    pub why: String,
}

impl LogGap {
    /// The gap as a row among the lines, for those who show nothing but lines.
    pub fn as_line(&self) -> LogLine {
        LogLine {
            group: self.group.clone(),
            stream: String::new(),
            at: self.before,
            ingested_at: None,
            message: format!(
                "--- lines from {} on may be missing here: {} ---",
                self.after, self.why
            ),
            event_id: Some(format!("gap {} {} {}", self.group, self.after, self.before)),
        }
    }
}

/// The level a line tells of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}
