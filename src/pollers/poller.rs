//! A source asked again and again: sooner when it is looked at, later when it fails.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

use crate::store::effect::Interest;
use crate::store::msg::Msg;

use super::backoff::Backoff;
use super::cadence::Cadence;
use super::deliver;
use super::fetch::Fetch;

/// Ends when the other end of `interest` or `out` is dropped.
pub async fn run(
    fetch: Arc<dyn Fetch>,
    cadence: Cadence,
    mut interest: watch::Receiver<Interest>,
    mut poll_now: mpsc::Receiver<()>,
    mut backoff: Backoff,
    out: mpsc::Sender<Msg>,
) {
    let mut last: Option<(Instant, std::time::Duration)> = None;
    let mut failure = None;
    loop {
        let due = match (last, cadence.period(*interest.borrow_and_update())) {
            // Never asked: at once, if anybody looks.
            (None, Some(_)) => Some(Instant::now()),
            (Some((at, wait)), Some(_)) => Some(at + wait),
            (_, None) => None,
        };
        tokio::select! {
            () = wait_until(due) => {}
            asked = poll_now.recv() => {
                if asked.is_none() {
                    return;
                }
            }
            changed = interest.changed() => {
                if changed.is_err() {
                    return;
                }
                // What was due in minutes may be due now; what failed keeps its backoff.
                if let (Some((at, wait)), None) = (last, failure)
                    && let Some(period) = cadence.period(*interest.borrow())
                {
                    last = Some((at, wait.min(period)));
                }
                continue;
            }
        }
        let data = fetch.fetch().await;
        failure = data.as_ref().and_then(|d| d.failure()).map(|e| e.kind);
        if let Some(data) = data
            && !deliver(&out, data).await
        {
            return;
        }
        let period = cadence
            .period(*interest.borrow())
            .unwrap_or(cadence.shown());
        last = Some((Instant::now(), backoff.next(period, failure)));
    }
}

async fn wait_until(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => std::future::pending().await,
    }
}
