//! Moments of the SDK as moments of the domain.

use aws_smithy_types::DateTime;
use jiff::Timestamp;

/// To the microsecond, as the wire's floating point numbers are; `None` for a moment that no calendar has.
pub fn timestamp(at: &DateTime) -> Option<Timestamp> {
    let micros = i64::from(at.subsec_nanos()).checked_add(500)? / 1000;
    Timestamp::from_microsecond(at.secs().checked_mul(1_000_000)?.checked_add(micros)?).ok()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_noise_of_floating_point_is_rounded_away() {
        let told = |secs, nanos| {
            timestamp(&DateTime::from_secs_and_nanos(secs, nanos)).map(|at| at.to_string())
        };
        assert_eq!(
            told(1_795_377_810, 285_000_085).as_deref(),
            Some("2026-11-22T20:03:30.285Z")
        );
        assert_eq!(
            told(1_795_377_810, 641_999_959).as_deref(),
            Some("2026-11-22T20:03:30.642Z")
        );
        assert_eq!(
            told(0, 999_999_900).as_deref(),
            Some("1970-01-01T00:00:01Z")
        );
        assert_eq!(told(i64::MAX, 0), None);
    }
}
