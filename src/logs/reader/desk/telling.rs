//! How far things are, told now and then.

use std::time::Duration;

use crate::logs::ask::Generation;
use crate::logs::told::{Progress, Told};

use super::Desk;

/// Between two progress messages.
const PROGRESS_EVERY: Duration = Duration::from_millis(30);

/// Which search, how many lines pass it, and whether that is all.
pub(super) type Counts = Option<(Generation, u64, bool)>;

impl Desk {
    /// The end of something is told at once if nothing was told just before.
    pub(super) fn progress_due(&self, progress: &Progress, counts: Counts) -> Duration {
        let since = self
            .progress_at
            .map_or(Duration::ZERO, |at| at + PROGRESS_EVERY);
        if progress.done && counts.is_none_or(|(_, _, done)| done) {
            return since;
        }
        since.max(self.busy_since + PROGRESS_EVERY)
    }

    pub(super) fn tell_progress(&mut self) {
        let now = self.now();
        let (progress, counts) = (self.progress(), self.counts());
        if self.progress_due(&progress, counts) > now {
            return;
        }
        if progress != self.progress {
            self.progress_at = Some(now);
            self.progress = progress.clone();
            self.told.push(Told::Progress(progress));
        }
        if counts != self.counted {
            self.progress_at = Some(now);
            self.counted = counts;
            if let Some((generation, matches, done)) = counts {
                self.told.push(Told::Counted {
                    generation,
                    matches,
                    done,
                });
            }
        }
    }

    pub(super) fn progress(&self) -> Progress {
        let unread_bytes = self.unread();
        Progress {
            view: self.view_generation,
            lines: self.document.lines(),
            visible: self.view.len(),
            bytes: self.document.bytes(),
            unread_bytes,
            hot_bytes: self.document.hot_bytes() as u64,
            spooled_bytes: self.document.spooled_bytes(),
            dropped: self.document.dropped() + self.taken.dropped as u64,
            duplicates: self.taken.duplicates as u64,
            done: unread_bytes == 0 && self.view.is_decided(),
            growing: !self.ended,
            times: self.document.times(),
        }
    }

    pub(super) fn counts(&self) -> Counts {
        self.view.search()?;
        let done = self.unread() == 0 && self.view.is_searched();
        Some((self.search_generation, self.view.matches(), done))
    }
}
