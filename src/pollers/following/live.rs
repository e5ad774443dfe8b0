//! The Live Tail side of a follower: its session, and which lines it told.

use tokio::time::Instant;

use crate::domain::log::{LiveState, LiveUpdate, LogGap};
use crate::domain::source_error::SourceError;
use crate::sources::LiveTail;

use super::Turn;
use super::merge::{Merge, Verdict};
use super::pace::Pace;

/// The Live Tail side.
pub struct Live {
    pub merge: Merge,
    /// Sessions are opened; otherwise it only remembers what the last ones told.
    pub wanted: bool,
    pub session: Option<(LiveTail, LiveState)>,
    /// Of the sessions before, in US dollars.
    pub spent_usd: f64,
    pub open_due: Instant,
    pub failures: Pace,
    pub unseen_since: Option<Instant>,
    /// The last refusal that was told.
    pub told: Option<SourceError>,
}

impl Live {
    pub fn start() -> Self {
        Self {
            merge: Merge::default(),
            wanted: true,
            session: None,
            spent_usd: 0.0,
            open_due: Instant::now(),
            failures: Pace::default(),
            unseen_since: None,
            told: None,
        }
    }

    /// Of what was polled, what the sessions did not tell.
    pub fn leave_out_known(&mut self, turn: &mut Turn) {
        let mut forgotten: Option<LogGap> = None;
        turn.fresh
            .retain(|fresh| match self.merge.polled(&fresh.line) {
                Verdict::New => true,
                Verdict::Known => false,
                Verdict::Forgotten => {
                    let gap = forgotten.get_or_insert_with(|| LogGap {
                        group: fresh.line.group.clone(),
                        after: fresh.line.at,
                        before: fresh.line.at,
                        why: "too much was told live to know whether these were among it"
                            .to_owned(),
                    });
                    gap.before = gap.before.max(fresh.line.at);
                    false
                }
            });
        turn.gaps.extend(forgotten);
    }
}

/// The next update of a session, if there is one.
pub async fn told(session: Option<&mut LiveTail>) -> Option<Result<LiveUpdate, SourceError>> {
    match session {
        Some(session) => session.updates.recv().await,
        None => std::future::pending().await,
    }
}
