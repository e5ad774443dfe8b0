//! Watches the repository: a look when the system tells of a change and a cheap one every few seconds, for it does
//! not tell of all; the whole only when something changed.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use crate::domain::source_error::{ErrorKind, SourceError};
use crate::sources::VersionSource;
use crate::store::effect::Interest;
use crate::store::msg::{Data, Msg};

use super::backoff::Backoff;
use super::cadence::Cadence;
use super::fetch::Fetch;
use super::poller;
use super::watching::Watching;

struct Repository {
    source: Arc<dyn VersionSource>,
    log_limit: usize,
    seen: tokio::sync::Mutex<Option<u64>>,
    watching: Arc<Watching>,
}

#[async_trait::async_trait]
impl Fetch for Repository {
    async fn fetch(&self) -> Option<Data> {
        let mut seen = self.seen.lock().await;
        let (source, before, limit) = (self.source.clone(), *seen, self.log_limit);
        let watching = self.watching.clone();
        let looked = tokio::task::spawn_blocking(move || {
            let fingerprint = match source.fingerprint() {
                Ok(fingerprint) => fingerprint,
                Err(error) => return (None, Data::Repository(Err(error))),
            };
            if before == Some(fingerprint) {
                let waits_for = source.waits_for();
                return (before, Data::RepositoryUnchanged { waits_for });
            }
            let answer = source.snapshot(limit);
            watching.set(source.watched());
            let known = answer.is_ok().then_some(fingerprint);
            (known, Data::Repository(answer))
        })
        .await;
        let (fingerprint, data) = match looked {
            Ok(looked) => looked,
            Err(_) => {
                let error = SourceError::new(
                    "git",
                    ErrorKind::ServerFault,
                    "reading the repository failed unexpectedly; see the log file",
                );
                (None, Data::Repository(Err(error)))
            }
        };
        *seen = fingerprint;
        Some(data)
    }
}

pub async fn run(
    source: Arc<dyn VersionSource>,
    log_limit: usize,
    cadence: Cadence,
    interest: watch::Receiver<Interest>,
    (ask_now, poll_now): (mpsc::Sender<()>, mpsc::Receiver<()>),
    backoff: Backoff,
    out: mpsc::Sender<Msg>,
) {
    let watching = Arc::new(Watching::new());
    let fetch = Arc::new(Repository {
        source,
        log_limit,
        seen: tokio::sync::Mutex::new(None),
        watching: watching.clone(),
    });
    // Whichever ends first ends both.
    tokio::select! {
        () = poller::run(fetch, cadence, interest, poll_now, backoff, out) => {}
        () = watching.wake(ask_now) => {}
    }
}
