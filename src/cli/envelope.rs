//! What every JSON answer looks like (docs/json.md). Additions only.

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::source_error::SourceError;

/// `{"schema":"flightdeck.runs/1","as_of":…,"account":…,"region":…,"partial":[…],"items":[…]}`
#[derive(Debug, Serialize)]
pub struct Envelope<'a, T> {
    pub schema: &'a str,
    pub as_of: Timestamp,
    /// Twelve digits; `null` where nobody could say.
    pub account: Option<&'a str>,
    pub region: Option<&'a str>,
    /// What failed, in the order of asking: empty when the answer is whole.
    pub partial: &'a [SourceError],
    pub items: &'a [T],
}

/// Milliseconds are enough for anybody.
pub fn to_millis(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}
