//! One followed group: what is asked next, and which lines are new.

use std::collections::HashMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::domain::log::{LogLine, LogQuery};
use crate::domain::source_error::{ErrorKind, SourceError};

use super::{INTERVAL, MOST_BACKOFF, WAITING};

/// Events are read again for so long: what was ingested late has an older time than what is already shown.
const OVERLAP: SignedDuration = SignedDuration::from_secs(60);
/// Where nothing comes (or nothing matches), no more than this is searched again.
const MOST_OVERLAP: SignedDuration = SignedDuration::from_mins(5);
/// Lines of one answer.
const PAGE: usize = 10_000;
const MOST_PAGE: usize = 1_000_000;

pub struct Followed {
    query: LogQuery,
    /// Nothing older is shown.
    first: Timestamp,
    /// Where the next question starts.
    from: Timestamp,
    /// The newest line seen that is not ahead of the clock.
    newest: Timestamp,
    /// Lines of the window that were shown already, and when they happened.
    seen: HashMap<String, Timestamp>,
    /// The last answer was full.
    more: bool,
    /// Failures in a row, and what the last of them was.
    failures: u32,
    failure: Option<SourceError>,
}

impl Followed {
    pub fn new(query: LogQuery, since: Timestamp) -> Self {
        Self {
            query: LogQuery {
                limit: PAGE,
                ..query
            },
            first: since,
            from: since,
            newest: since,
            seen: HashMap::new(),
            more: false,
            failures: 0,
            failure: None,
        }
    }

    pub fn name(&self) -> &str {
        &self.query.target.group
    }

    pub fn next_query(&mut self) -> LogQuery {
        self.query.since = Some(self.from);
        self.query.clone()
    }

    /// The last answer was full: there is more to be had at once.
    pub fn has_more(&self) -> bool {
        self.more
    }

    pub fn pause(&self) -> Duration {
        match &self.failure {
            None => INTERVAL,
            Some(error) if error.kind == ErrorKind::Missing => WAITING,
            Some(_) => {
                let factor = 2u32.saturating_pow(self.failures.min(8));
                INTERVAL.saturating_mul(factor).min(MOST_BACKOFF)
            }
        }
    }

    /// Takes note of a failure; whether it is worth telling.
    pub fn failed(&mut self, error: &SourceError) -> bool {
        self.failures = self.failures.saturating_add(1);
        self.more = false;
        let is_new = self.failure.as_ref().is_none_or(|last| {
            (last.kind, last.what.as_str()) != (error.kind, error.what.as_str())
        });
        self.failure = Some(error.clone());
        is_new
    }

    /// After a failure: how many there were.
    pub fn recovered(&mut self) -> Option<String> {
        let failure = self.failure.take()?;
        let failures = std::mem::take(&mut self.failures);
        // That a group appears is no recovery.
        (failure.kind != ErrorKind::Missing).then(|| match failures {
            1 => "1 failure".to_owned(),
            n => format!("{n} failures"),
        })
    }

    /// The lines that were not shown yet, and the window of the next question.
    pub fn take(&mut self, lines: Vec<LogLine>, now: Timestamp) -> Vec<LogLine> {
        let is_full = lines.len() >= self.query.limit;
        let last = lines.iter().map(|line| line.at).max();
        // A clock ahead of ours must not push the window past what is still to come.
        let newest = last.map_or(self.newest, |at| at.min(now));
        self.newest = self.newest.max(newest);
        let mut same = HashMap::<String, usize>::new();
        let fresh = lines
            .into_iter()
            .filter(|line| {
                let key = key_of(line, &mut same);
                self.seen.insert(key, line.at).is_none()
            })
            .collect();
        self.more = is_full;
        match last {
            Some(last) if is_full => {
                if last > self.from {
                    self.from = last;
                } else if self.query.limit < MOST_PAGE {
                    // More lines in one millisecond than an answer holds.
                    self.query.limit *= 2;
                } else {
                    self.from = after(last);
                }
                let kept = before(last, OVERLAP);
                self.seen.retain(|_, at| *at >= kept);
            }
            _ => {
                self.query.limit = PAGE;
                let overlapping = before(self.newest, OVERLAP);
                let searched = before(now, MOST_OVERLAP);
                self.from = overlapping.max(searched).max(self.first);
                let from = self.from;
                self.seen.retain(|_, at| *at >= from);
            }
        }
        fresh
    }
}

fn before(at: Timestamp, span: SignedDuration) -> Timestamp {
    at.checked_sub(span).unwrap_or(Timestamp::MIN)
}

fn after(at: Timestamp) -> Timestamp {
    at.checked_add(SignedDuration::from_millis(1))
        .unwrap_or(Timestamp::MAX)
}

/// The event id; where there is none, the line itself, and how many like it came before in the answer.
fn key_of(line: &LogLine, same: &mut HashMap<String, usize>) -> String {
    if let Some(id) = &line.event_id {
        return id.clone();
    }
    let text = format!("{}\0{}\0{}", line.stream, line.at, line.message);
    let count = same.entry(text.clone()).or_default();
    *count += 1;
    format!("{text}\0{count}")
}
