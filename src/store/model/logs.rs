//! Log groups to choose from, and the tail on screen.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::domain::freshness::Fetched;
use crate::domain::log::{LiveState, LogGroup, LogStream, LogTarget};
use crate::logs::store::LogStore;

use super::super::list::ListState;

#[derive(Clone, Debug)]
pub struct LogsRoom {
    pub groups: Fetched<Vec<LogGroup>>,
    /// Streams by group, loaded when a group is opened.
    pub streams: BTreeMap<String, Fetched<Vec<LogStream>>>,
    /// The group whose streams are listed instead of the groups.
    pub open_group: Option<String>,
    /// Groups, or the streams of the open group.
    pub list: ListState,
    pub tail: Option<Tail>,
    /// Numbers the tails, so that lines of an older one are told apart.
    pub sessions: u64,
    pub wrap: bool,
    pub time: LineTime,
    /// Columns scrolled to the right when not wrapping.
    pub left: usize,
}

impl Default for LogsRoom {
    fn default() -> Self {
        Self {
            groups: Fetched::default(),
            streams: BTreeMap::new(),
            open_group: None,
            list: ListState::default(),
            tail: None,
            sessions: 0,
            wrap: false,
            time: LineTime::Local,
            left: 0,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineTime {
    #[default]
    Local,
    Utc,
    Hidden,
}

/// One or more targets being followed.
#[derive(Clone, Debug)]
pub struct Tail {
    pub session: u64,
    /// `churn-train #212 / Train`, or the group's name.
    pub title: String,
    pub targets: Vec<LogTarget>,
    pub lines: Fetched<LogStore>,
    /// Keeps the newest line in view.
    pub follow: bool,
    /// What the lines are filtered by (words, `!word`): as typed.
    pub filter: String,
    /// The line under the cursor, by its sequence number in the store.
    pub cursor: Option<u64>,
    /// First line shown, by sequence number, when not following.
    pub top: Option<u64>,
    /// Older lines are being loaded.
    pub loading_older: bool,
    /// There is nothing older.
    pub at_start: bool,
    /// Go to the first error as soon as lines are there.
    pub seek_error: bool,
    /// When the last answer came, whether it brought lines or not.
    pub polled_at: Option<Timestamp>,
    /// The Live Tail session, while there is one.
    pub live: Option<LiveState>,
}
