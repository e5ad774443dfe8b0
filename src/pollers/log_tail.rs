//! Follows log targets by polling: nothing lost to late events, nothing shown twice.
//!
//! CloudWatch sorts by the event's own time, and events come in late. So each question starts before the
//! newest line: a little before it every time, a minute before it every few times.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{mpsc, watch};

use crate::domain::log::{LogLine, LogQuery, LogTarget};
use crate::domain::source_error::{Answer, ErrorKind, Partial, SourceError};
use crate::sources::LogSource;
use crate::store::effect::Interest;
use crate::store::msg::{Data, LogPage, Msg};

use super::backoff::Backoff;
use super::cadence::Cadence;
use super::deliver;

const OVERLAP: SignedDuration = SignedDuration::from_secs(10);
const LONG_OVERLAP: SignedDuration = SignedDuration::from_secs(60);
/// Every so many questions the long overlap is taken.
const LONG_EVERY: u32 = 8;
/// Lines of one question.
const PAGE: usize = 10_000;

pub struct Tail {
    pub source: Arc<dyn LogSource>,
    pub session: u64,
    pub targets: Vec<LogTarget>,
    pub first: usize,
    pub cadence: Cadence,
    pub interest: watch::Receiver<Interest>,
    pub backoff: Backoff,
    pub out: mpsc::Sender<Msg>,
}

/// Where one target has been read up to.
#[derive(Default)]
struct Reading {
    newest: Option<Timestamp>,
    /// Ids of the overlap window.
    seen: HashMap<String, Timestamp>,
}

pub async fn run(mut tail: Tail) {
    let mut readings: Vec<Reading> = tail.targets.iter().map(|_| Reading::default()).collect();
    let mut questions = 0_u32;
    loop {
        let answer = ask_all(&tail, &mut readings, questions).await;
        questions = questions.wrapping_add(1);
        let failure = answer.as_ref().err().map(|e| e.kind);
        let more = matches!(&answer, Ok(partial) if partial.value.len() >= PAGE);
        let data = Data::LogLines {
            session: tail.session,
            page: LogPage::Newer,
            answer,
        };
        if !deliver(&tail.out, data).await {
            return;
        }
        if more {
            continue;
        }
        let period = tail
            .cadence
            .period(*tail.interest.borrow_and_update())
            .unwrap_or(tail.cadence.shown());
        // A group that is not there yet may be there in a moment: the container is starting.
        let failure = failure.filter(|kind| *kind != ErrorKind::Missing);
        let wait = tail.backoff.next(period, failure);
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            changed = tail.interest.changed() => {
                if changed.is_err() {
                    return;
                }
            }
        }
    }
}

/// Asks every target at once; it fails only if all of them do.
async fn ask_all(tail: &Tail, readings: &mut [Reading], questions: u32) -> Answer<Vec<LogLine>> {
    let mut asked = tokio::task::JoinSet::new();
    for (index, target) in tail.targets.iter().enumerate() {
        let query = next_query(target, &readings[index], tail.first, questions);
        let source = tail.source.clone();
        asked.spawn(async move { (index, source.log_events(&query).await) });
    }
    let mut lines = Vec::new();
    let mut missing: Vec<SourceError> = Vec::new();
    let mut answered = 0;
    while let Some(done) = asked.join_next().await {
        let Ok((index, answer)) = done else { continue };
        match answer {
            Ok(partial) => {
                answered += 1;
                missing.extend(partial.missing);
                lines.extend(readings[index].take_new(partial.value));
            }
            Err(error) => missing.push(error),
        }
    }
    if answered == 0
        && let Some(error) = worst(&missing)
    {
        return Err(error.clone());
    }
    lines.sort_by_key(|line| line.at);
    Ok(Partial {
        value: lines,
        // Streams that do not exist yet are no gap.
        missing: missing
            .into_iter()
            .filter(|e| e.kind != ErrorKind::Missing)
            .collect(),
    })
}

/// What needs somebody before what only needs time.
fn worst(errors: &[SourceError]) -> Option<&SourceError> {
    errors
        .iter()
        .find(|e| e.kind != ErrorKind::Missing)
        .or(errors.first())
}

fn next_query(target: &LogTarget, reading: &Reading, first: usize, questions: u32) -> LogQuery {
    let base = LogQuery {
        target: target.clone(),
        since: None,
        until: None,
        pattern: None,
        limit: first,
        newest_first: true,
    };
    let Some(newest) = reading.newest else {
        return base;
    };
    let overlap = if questions.is_multiple_of(LONG_EVERY) {
        LONG_OVERLAP
    } else {
        OVERLAP
    };
    LogQuery {
        since: newest.checked_sub(overlap).ok(),
        limit: PAGE,
        newest_first: false,
        ..base
    }
}

impl Reading {
    /// The lines not seen before.
    fn take_new(&mut self, lines: Vec<LogLine>) -> Vec<LogLine> {
        let new: Vec<LogLine> = lines
            .into_iter()
            .filter(|line| match &line.event_id {
                Some(id) => self.seen.insert(id.clone(), line.at).is_none(),
                None => true,
            })
            .collect();
        self.newest = new.iter().map(|l| l.at).max().max(self.newest);
        if let Some(horizon) = self
            .newest
            .and_then(|at| at.checked_sub(LONG_OVERLAP * 2).ok())
        {
            self.seen.retain(|_, at| *at >= horizon);
        }
        new
    }
}

/// Lines before `before`, for scrolling back.
pub async fn older(
    source: Arc<dyn LogSource>,
    session: u64,
    targets: Vec<LogTarget>,
    before: Timestamp,
    limit: usize,
    out: mpsc::Sender<Msg>,
) {
    let mut lines = Vec::new();
    let mut failure = None;
    let mut ids = HashSet::new();
    for target in targets {
        let query = LogQuery {
            target,
            since: None,
            // Lines of the same millisecond may be missing still.
            until: before.checked_add(SignedDuration::from_millis(1)).ok(),
            pattern: None,
            limit,
            newest_first: true,
        };
        match source.log_events(&query).await {
            Ok(partial) => lines.extend(partial.value.into_iter().filter(|line| {
                line.event_id
                    .as_ref()
                    .is_none_or(|id| ids.insert(id.clone()))
            })),
            Err(error) if error.kind == ErrorKind::Missing => {}
            Err(error) => failure = Some(error),
        }
    }
    let answer = match failure {
        Some(error) if lines.is_empty() => Err(error),
        failure => Ok(Partial {
            value: lines,
            missing: failure.into_iter().collect(),
        }),
    };
    deliver(
        &out,
        Data::LogLines {
            session,
            page: LogPage::Older,
            answer,
        },
    )
    .await;
}
