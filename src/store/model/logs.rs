//! Log groups to choose from, and the lines on screen.

mod asked;
mod beside;
mod filtering;
mod sheet;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::freshness::Fetched;
use crate::domain::insights::SavedQuery;
use crate::domain::log::{LiveState, LogGap, LogGroup, LogStream, TailMode};
use crate::domain::metric_definition::MetricDefinition;
use crate::logs::ask::Generation;
use crate::logs::expression::Expression;
use crate::logs::key::LineKey;
use crate::logs::mask::Masker;
use crate::logs::told::{Progress, Source, Window};

use super::super::list::ListState;
use super::super::log_ask::LogOrigin;

pub use asked::{Asked, FormField, Phase, QueryForm};
pub use beside::{CurvesAsked, CurvesSeen, Spread, SpreadAsked, came};
pub use filtering::{LineFilter, Passing, PassingAsked, Spot, Unfiltered};
pub use sheet::{Anomalies, RowLines, Sheet, SheetColumn, SheetKind, SheetRow};

#[derive(Clone, Debug, Default)]
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
    /// Finds secrets in lines.
    pub masker: Arc<Masker>,
    /// Secrets are shown: asked for on purpose.
    pub reveal: bool,
    /// Shows how the lines spread over time.
    pub histogram: bool,
    /// Shows the curves of the numbers in the lines.
    pub curves: bool,
    /// Structured lines are shown as they were written.
    pub raw: bool,
    /// Curves that the config defines.
    pub metrics: Vec<MetricDefinition>,
    /// The query of Logs Insights whose answer is on screen.
    pub asked: Option<Box<Asked>>,
    /// Tables in place of the lines, the last one in front.
    pub sheets: Vec<Sheet>,
    /// Queries asked so far, the newest last.
    pub asked_before: Vec<String>,
    /// Queries that are saved in the account.
    pub saved: Fetched<Vec<SavedQuery>>,
}

impl LogsRoom {
    /// The table in front.
    pub fn sheet(&self) -> Option<&Sheet> {
        self.sheets.last()
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineTime {
    #[default]
    Local,
    Utc,
    /// How long ago.
    Age,
    /// How long after the shown line above.
    Since,
    Hidden,
}

/// Lines on screen: followed targets, files, or a pipe. The reader holds them all; here is what is near the cursor.
#[derive(Clone, Debug)]
pub struct Tail {
    pub session: u64,
    /// `churn-train #212 / Train`, or the group's name.
    pub title: String,
    pub origin: LogOrigin,
    /// How asking AWS for lines goes; the lines themselves are the reader's.
    pub polled: Fetched<()>,
    /// When the last answer came, whether it brought lines or not.
    pub polled_at: Option<Timestamp>,
    /// How AWS is asked from now on.
    pub mode: TailMode,
    /// What has been said about the price of Live Tail.
    pub price: Price,
    /// The Live Tail session, while there is one.
    pub live: Option<LiveState>,
    /// Lines handed to the reader so far.
    pub delivered: u64,
    /// How far the reader has come.
    pub progress: Progress,
    /// The lines around the cursor, more than fit on the screen.
    pub window: Window,
    /// Streams and files seen so far, in the order in which they were seen: their place is their colour.
    pub sources: Vec<Source>,
    /// Keeps the newest line in view.
    pub follow: bool,
    /// The line under the cursor, when not following.
    pub cursor: Option<LineKey>,
    /// First line on screen, when not following.
    pub top: Option<LineKey>,
    /// What is being typed.
    pub input: Option<LineInput>,
    /// Lines that must stay or leave, in the order in which they were typed.
    pub filters: Vec<LineFilter>,
    /// The filters are off for a moment.
    pub unfiltered: Option<Unfiltered>,
    /// Where to stay while filters change: the line may be hidden for a while.
    pub held: Option<Spot>,
    pub passing: Passing,
    pub search: Option<Search>,
    /// Older lines are being loaded.
    pub loading_older: bool,
    /// The gap they belong into, where they are not older than all.
    pub filling: Option<LogGap>,
    /// Stretches in which lines may be missing and that have not been filled.
    pub gaps: Vec<LogGap>,
    /// There is nothing older.
    pub at_start: bool,
    /// Go to the first error as soon as lines are there.
    pub seek_error: bool,
    /// Questions so far; each answer carries the number of its own.
    pub generation: Generation,
    /// Of the last view asked for.
    pub view_asked: Generation,
    /// Of the last window asked for.
    pub window_asked: Generation,
    /// What to do with the window that was asked for, as soon as it comes.
    pub landing: Option<Landing>,
    /// Of the line looked for, and what to say when there is none.
    pub finding: Option<(Generation, Sought)>,
    pub spread: Spread,
    pub curves: CurvesSeen,
    /// What is taken away.
    pub taking: Taking,
    pub fold: Fold,
    /// Lines to come back to, with what was noted about them.
    pub bookmarks: BTreeMap<LineKey, String>,
}

/// Which blocks of lines are folded to one.
#[derive(Clone, Debug, Default)]
pub struct Fold {
    pub all: bool,
    /// Lines of blocks that are not as all of them are.
    pub turned: BTreeSet<LineKey>,
}

/// Whether Live Tail may cost what it costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Price {
    #[default]
    Untold,
    Told(Timestamp),
    Agreed,
}

/// Lines on their way to the clipboard or into a file.
#[derive(Clone, Debug, Default)]
pub struct Taking {
    /// Where the selection began; it goes to the cursor.
    pub from: Option<LineKey>,
    /// The copy that was asked for.
    pub copying: Option<Generation>,
    /// The export that was asked for.
    pub exporting: Option<Generation>,
    /// What is left of a copy too large for one piece.
    pub rest: Option<CopyRest>,
}

#[derive(Clone, Debug)]
pub struct CopyRest {
    /// `1,204 lines`.
    pub what: String,
    /// The next one last.
    pub pieces: Vec<String>,
    pub of: usize,
    /// Where the cursor was: elsewhere one means other lines.
    pub cursor: Option<LineKey>,
}

/// Where the cursor goes in a new window: to its anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Landing {
    /// The screen moves no more than needed.
    Nearest,
    /// The line stands a third below the top: one sees what led to it.
    Centred,
    /// It stands below so many shown lines, as before: other lines are shown around it.
    Kept(usize),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sought {
    Match,
    Error {
        forward: bool,
    },
    /// The oldest error: the cause rather than its echo.
    FirstError,
}

/// A line of text above the screen's last row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineInput {
    pub kind: InputKind,
    pub text: String,
    /// Why the text means nothing yet, and what to type instead.
    pub problem: Option<String>,
    /// Where the cursor stood before, to go back to.
    pub origin: Option<LineKey>,
    /// The filter that is typed anew, by its place in the chain.
    pub edits: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputKind {
    Find,
    Keep,
    Drop,
    Time,
    /// The name of a file to write.
    Export,
    /// What to remember about a line.
    Note,
}

#[derive(Clone, Debug)]
pub struct Search {
    pub text: String,
    pub expression: Expression,
    pub generation: Generation,
    /// Shown lines that pass, and whether all have been looked at.
    pub matches: Option<(u64, bool)>,
    /// No line was there to be found: it is looked for again when there is one.
    pub early: bool,
}

impl Tail {
    pub fn new(session: u64, title: String, origin: LogOrigin) -> Self {
        Self {
            session,
            title,
            origin,
            polled: Fetched::default(),
            polled_at: None,
            mode: TailMode::Polling,
            price: Price::Untold,
            live: None,
            delivered: 0,
            progress: Progress::default(),
            window: Window::default(),
            sources: Vec::new(),
            follow: true,
            cursor: None,
            top: None,
            input: None,
            filters: Vec::new(),
            unfiltered: None,
            held: None,
            passing: Passing::default(),
            search: None,
            loading_older: false,
            filling: None,
            gaps: Vec::new(),
            at_start: false,
            seek_error: false,
            generation: 0,
            view_asked: 0,
            window_asked: 0,
            landing: None,
            finding: None,
            spread: Spread::default(),
            curves: CurvesSeen::default(),
            taking: Taking::default(),
            fold: Fold::default(),
            bookmarks: BTreeMap::new(),
        }
    }

    /// Where the cursor's line stands in the window; the last line while following.
    pub fn cursor_index(&self) -> Option<usize> {
        let last = self.window.lines.len().checked_sub(1)?;
        match self.cursor {
            Some(key) if !self.follow => Some(self.index_at(key).min(last)),
            _ => Some(last),
        }
    }

    /// When the cursor's line was written, or the nearest line before it whose time is known; in milliseconds since 1970.
    pub fn cursor_time(&self) -> Option<i64> {
        let known = self.window.lines.get(..=self.cursor_index()?)?;
        known.iter().rev().find_map(|line| line.at_ms)
    }

    /// Where the screen begins in the window, if it does not follow.
    pub fn top_index(&self) -> Option<usize> {
        let last = self.window.lines.len().checked_sub(1)?;
        self.top
            .filter(|_| !self.follow)
            .map(|key| self.index_at(key).min(last))
    }

    /// The first line at or after a key.
    fn index_at(&self, key: LineKey) -> usize {
        self.window.lines.partition_point(|line| line.key < key)
    }

    /// The cursor's line; the newest one while following.
    pub fn cursor_key(&self) -> Option<LineKey> {
        self.window.lines.get(self.cursor_index()?).map(|l| l.key)
    }

    /// First and last line of the selection.
    pub fn selection(&self) -> Option<(LineKey, LineKey)> {
        let (from, to) = (self.taking.from?, self.cursor_key()?);
        Some((from.min(to), from.max(to)))
    }

    /// Filters that decide which lines are shown.
    pub fn filters_on(&self) -> impl Iterator<Item = &LineFilter> {
        let filtered = self.unfiltered.is_none();
        self.filters.iter().filter(move |f| filtered && f.on)
    }

    /// Everything asked for has been answered.
    pub fn is_settled(&self) -> bool {
        let Progress {
            lines,
            visible,
            duplicates,
            dropped,
            done,
            ..
        } = self.progress;
        self.window.generation == self.window_asked
            // The first lines are counted a moment before they are shown.
            && (visible == 0 || !self.window.lines.is_empty())
            && self.landing.is_none()
            && self.finding.is_none()
            && self.spread.is_settled(&self.progress)
            && self.curves.is_settled(&self.progress)
            && self.passing.is_settled()
            && self.taking.copying.is_none()
            && self.taking.exporting.is_none()
            && done
            && lines + duplicates + dropped >= self.delivered
            && self
                .search
                .as_ref()
                .is_none_or(|search| search.matches.is_some_and(|(_, done)| done))
    }
}
