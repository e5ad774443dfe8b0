//! Wakes the look at the repository soon after Git or DVC wrote something.
//!
//! Only what is named is watched, never the data: a training run that writes gigabytes wakes nobody.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::{Notify, mpsc};

use crate::sources::Watched;

/// So long nothing more must happen: Git writes several files for one command.
const QUIET: Duration = Duration::from_millis(100);

/// Quiets waited for at most, and as many afterwards: a long rebase is looked at now and then.
const QUIETS: u32 = 5;

#[derive(Debug)]
pub struct Watching {
    state: Mutex<State>,
    woken: Arc<Notify>,
}

#[derive(Debug, Default)]
struct State {
    watcher: Option<RecommendedWatcher>,
    watched: BTreeMap<PathBuf, bool>,
}

impl Watching {
    pub fn new() -> Self {
        Self {
            state: Mutex::default(),
            woken: Arc::new(Notify::new()),
        }
    }

    /// Watches these and nothing else. Blocking. Where that does not work the slow look has to do.
    pub fn set(&self, wanted: Vec<Watched>) {
        let wanted: BTreeMap<PathBuf, bool> = wanted
            .into_iter()
            .map(|it| (it.path, it.recursive))
            .collect();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State { watcher, watched } = &mut *state;
        if watcher.is_none() {
            let woken = self.woken.clone();
            *watcher = notify::recommended_watcher(move |event| {
                if matters(&event) {
                    woken.notify_one();
                }
            })
            .inspect_err(|error| tracing::warn!(%error, "files are not watched"))
            .ok();
        }
        let Some(watcher) = watcher else {
            return;
        };
        watched.retain(|path, recursive| {
            // A file that was replaced is another one.
            let stays = wanted.get(path) == Some(recursive) && path.is_dir();
            if !stays {
                let _ = watcher.unwatch(path);
            }
            stays
        });
        for (path, recursive) in wanted {
            if watched.contains_key(&path) {
                continue;
            }
            let mode = if recursive {
                RecursiveMode::Recursive
            } else {
                RecursiveMode::NonRecursive
            };
            match watcher.watch(&path, mode) {
                Ok(()) => {
                    watched.insert(path, recursive);
                }
                // Many of them are not there.
                Err(error) => tracing::debug!(path = %path.display(), %error, "not watched"),
            }
        }
    }

    /// Asks for a poll after each burst of changes; ends when nobody takes it.
    pub async fn wake(&self, poll_now: mpsc::Sender<()>) {
        loop {
            self.woken.notified().await;
            for _ in 0..QUIETS {
                let more = tokio::time::timeout(QUIET, self.woken.notified()).await;
                if more.is_err() {
                    break;
                }
            }
            // Full means that one is asked for already.
            if let Err(mpsc::error::TrySendError::Closed(())) = poll_now.try_send(()) {
                return;
            }
            tokio::time::sleep(QUIET * QUIETS).await;
        }
    }
}

/// Reading is no change, and a lock file alone is none yet.
fn matters(event: &notify::Result<notify::Event>) -> bool {
    match event {
        Ok(event) => {
            let is_lock = |path: &PathBuf| {
                let git = path.components().any(|part| part.as_os_str() == ".git");
                git && path.extension().is_some_and(|ending| ending == "lock")
            };
            // Without a path: something was missed.
            !matches!(event.kind, EventKind::Access(_))
                && (event.paths.is_empty() || !event.paths.iter().all(is_lock))
        }
        Err(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind, RenameMode};

    #[test]
    fn reading_and_locks_wake_nobody() {
        let event = |kind, paths: &[&str]| {
            let mut event = notify::Event::new(kind);
            for path in paths {
                event = event.add_path(path.into());
            }
            matters(&Ok(event))
        };
        let opened = EventKind::Access(AccessKind::Open(AccessMode::Any));
        let created = EventKind::Create(CreateKind::File);
        let renamed = EventKind::Modify(ModifyKind::Name(RenameMode::Both));
        assert!(!event(opened, &[".git/HEAD"]));
        assert!(!event(created, &[".git/index.lock"]));
        assert!(event(renamed, &[".git/index.lock", ".git/index"]));
        assert!(event(created, &[".git/MERGE_HEAD"]));
        assert!(event(created, &["dvc.lock"]));
        assert!(event(EventKind::Other, &[]));
    }
}
