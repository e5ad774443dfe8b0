//! Moments of the SDK as moments of the domain.

use aws_smithy_types::DateTime;
use jiff::Timestamp;

/// `None` for a moment that no calendar has.
pub fn timestamp(at: &DateTime) -> Option<Timestamp> {
    Timestamp::new(at.secs(), i32::try_from(at.subsec_nanos()).ok()?).ok()
}

pub fn optional(at: Option<&DateTime>) -> Option<Timestamp> {
    at.and_then(timestamp)
}

pub fn datetime(at: Timestamp) -> DateTime {
    DateTime::from_nanos(at.as_nanosecond()).unwrap_or_else(|_| DateTime::from_secs(at.as_second()))
}

/// Milliseconds since 1970, as CloudWatch Logs counts.
pub fn from_millis(at: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(at).ok()
}
