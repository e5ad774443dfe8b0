//! The screens' tail: follows log targets for as long as somebody listens.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{mpsc, watch};

use crate::domain::clock::Clock;
use crate::domain::log::{LogLine, LogQuery, LogTarget, TailMode};
use crate::domain::source_error::{ErrorKind, Partial, SourceError};
use crate::sources::LogSource;
use crate::store::effect::Interest;
use crate::store::msg::{Data, LogPage, Msg, TailNews};

use super::backoff::Backoff;
use super::cadence::Cadence;
use super::deliver;
use super::following::{Batch, Tailer, Turn, Window};

/// Pages of one target that are read to catch up after an outage: a million lines, or a hundred megabytes. More than
/// the screen keeps; what is older can be scrolled back to.
const CATCH_UP_PAGES: usize = 100;

pub struct Tail {
    pub source: Arc<dyn LogSource>,
    pub session: u64,
    pub targets: Vec<LogTarget>,
    pub first: usize,
    pub mode: watch::Receiver<TailMode>,
    pub cadence: Cadence,
    pub interest: watch::Receiver<Interest>,
    /// For the jitter.
    pub backoff: Backoff,
    pub clock: Arc<dyn Clock>,
    pub out: mpsc::Sender<Msg>,
}

pub async fn run(tail: Tail) {
    let windows = tail
        .targets
        .iter()
        .map(|target| Window::newest(target.clone(), tail.first).giving_up_after(CATCH_UP_PAGES))
        .collect();
    let mut tailer = Tailer::new(
        &*tail.source,
        &*tail.clock,
        windows,
        tail.cadence,
        tail.interest,
    )
    .with_jitter(tail.backoff)
    .switched_by(tail.mode);
    while let Some(batch) = tailer.next().await {
        if !deliver(&tail.out, told(tail.session, batch)).await {
            return;
        }
    }
}

/// What the turns brought, as one message; it fails only if all of them did.
fn told(session: u64, batch: Batch) -> Data {
    let failed = |turn: &Turn| turn.failure.is_some() && turn.fresh.is_empty();
    let all_failed = batch.is_poll && batch.turns.iter().all(failed);
    let mut fresh = Vec::new();
    let mut news = TailNews {
        live: batch.live,
        ..TailNews::default()
    };
    let mut missing: Vec<SourceError> = Vec::new();
    for turn in batch.turns {
        fresh.extend(turn.fresh);
        news.gaps.extend(turn.gaps);
        missing.extend(turn.missing);
        missing.extend(turn.failure);
    }
    fresh.sort_by_key(|fresh| fresh.line.at);
    news.late = fresh
        .iter()
        .enumerate()
        .filter(|(_, fresh)| fresh.late)
        .map(|(index, _)| index)
        .collect();
    let answer = match neediest(&missing) {
        Some(error) if all_failed => Err(error.clone()),
        _ => Ok(Partial {
            value: fresh.into_iter().map(|fresh| fresh.line).collect(),
            // Streams that do not exist yet are no gap.
            missing: missing
                .into_iter()
                .filter(|e| e.kind != ErrorKind::Missing)
                .collect(),
        }),
    };
    Data::LogLines {
        session,
        page: LogPage::Newer,
        answer,
        news,
    }
}

/// What needs somebody before what only needs time.
fn neediest(errors: &[SourceError]) -> Option<&SourceError> {
    errors
        .iter()
        .find(|e| e.kind != ErrorKind::Missing)
        .or(errors.first())
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
    let mut lines: Vec<LogLine> = Vec::new();
    let mut failure = None;
    let mut reached = None;
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
            Ok(partial) => {
                // Where it was cut, or something failed, more may be missing before the first line.
                if partial.value.len() >= limit || !partial.missing.is_empty() {
                    let first = partial.value.iter().map(|line| line.at).min();
                    reached = reached.max(Some(first.unwrap_or(before)));
                }
                lines.extend(partial.value.into_iter().filter(|line| {
                    line.event_id
                        .as_ref()
                        .is_none_or(|id| ids.insert(id.clone()))
                }));
            }
            Err(error) if error.kind == ErrorKind::Missing => {}
            Err(error) => {
                reached = Some(before);
                failure = Some(error);
            }
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
            news: TailNews {
                reached,
                ..TailNews::default()
            },
        },
    )
    .await;
}
