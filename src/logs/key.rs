//! The name of a line that it keeps while other lines come in before it.

use serde::{Deserialize, Serialize};

/// A place in the order of a document.
///
/// Keys are compared, stored and sent back, but mean nothing outside the document that gave them. A key whose line is
/// gone still tells where it was: whoever looks it up gets the next line.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct LineKey {
    /// Events, and lines of several files: milliseconds since 1970. One file: which of its lives (a rotated file has
    /// several).
    major: i64,
    /// Events: the order of arrival within that millisecond. Files and pipes: the offset in bytes; of several files
    /// with the number of the file above it.
    minor: i64,
}

impl LineKey {
    pub const FIRST: Self = Self {
        major: i64::MIN,
        minor: i64::MIN,
    };
    pub const LAST: Self = Self {
        major: i64::MAX,
        minor: i64::MAX,
    };

    pub(super) const fn new(major: i64, minor: i64) -> Self {
        Self { major, minor }
    }

    /// Before every event of this millisecond.
    pub const fn before_time(at_ms: i64) -> Self {
        Self::new(at_ms, i64::MIN)
    }

    /// After every event of this millisecond.
    pub const fn after_time(at_ms: i64) -> Self {
        Self::new(at_ms, i64::MAX)
    }

    /// The place right before it.
    pub(super) const fn before(self) -> Self {
        match self.minor.checked_sub(1) {
            Some(minor) => Self::new(self.major, minor),
            None => Self::new(self.major.saturating_sub(1), i64::MAX),
        }
    }

    pub(super) const fn major(self) -> i64 {
        self.major
    }

    pub(super) const fn minor(self) -> i64 {
        self.minor
    }
}
