//! Messages to the user: the last one in the bottom line, all of them under `!`.

use std::collections::VecDeque;

use jiff::Timestamp;

use super::super::msg::Notice;

/// How many are kept.
const KEPT: usize = 500;

/// How long the last one stays in the bottom line, in seconds.
const SHOWN_SECONDS: i64 = 8;

#[derive(Clone, Debug, Default)]
pub struct Notices {
    /// Oldest first.
    pub history: VecDeque<(Timestamp, Notice)>,
}

impl Notices {
    /// The same text twice in a row is noted once, with the newer time.
    pub fn push(&mut self, at: Timestamp, notice: Notice) {
        if self.history.back().is_some_and(|(_, last)| *last == notice) {
            self.history.pop_back();
        }
        if self.history.len() == KEPT {
            self.history.pop_front();
        }
        self.history.push_back((at, notice));
    }

    /// The one for the bottom line.
    pub fn current(&self, now: Timestamp) -> Option<&Notice> {
        let (at, notice) = self.history.back()?;
        (now.as_second() - at.as_second() < SHOWN_SECONDS).then_some(notice)
    }
}
