//! The end by a signal, where something is to be tidied up before.

use std::future::{Future, pending};
use std::io;

use tokio::signal::unix::{SignalKind, signal};

use super::open::Kept;

/// Does the work of the demo, and removes what was made for it even if a signal ends the work. The process then
/// ends as that signal would have ended it, so that a shell or a script sees what happened.
pub async fn tidied<T>(
    keep: Kept,
    work: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<T> {
    let ended = tokio::select! {
        biased;
        done = work => Ok(done),
        kind = asked_to_end() => Err(kind),
    };
    keep.remove();
    match ended {
        Ok(done) => done,
        Err(kind) => {
            signal_hook::low_level::emulate_default_handler(kind.as_raw_value())?;
            Err(io::Error::other("ended by a signal").into())
        }
    }
}

/// Waits for one of the signals that ask a program to end. From now on they no longer end it by themselves.
async fn asked_to_end() -> SignalKind {
    let next = |kind: SignalKind| async move {
        match signal(kind) {
            Ok(mut signals) => {
                signals.recv().await;
            }
            // Without a handler the signal ends the process by itself.
            Err(_) => pending().await,
        }
        kind
    };
    tokio::select! {
        kind = next(SignalKind::interrupt()) => kind,
        kind = next(SignalKind::terminate()) => kind,
        kind = next(SignalKind::hangup()) => kind,
    }
}
