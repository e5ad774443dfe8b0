//! Points in simulated time: milliseconds since 1970, as AWS counts them.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Milliseconds since 1970-01-01T00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

pub const SECOND: i64 = 1_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

impl Moment {
    #[must_use]
    pub fn plus(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    #[must_use]
    pub fn plus_minutes(self, minutes: f64) -> Self {
        self.plus((minutes * MINUTE as f64) as i64)
    }

    /// Milliseconds from `earlier` to `self`; negative when it is the other way round.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    pub fn minutes_since(self, earlier: Self) -> f64 {
        self.since(earlier) as f64 / MINUTE as f64
    }

    /// Whole seconds since 1970.
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(SECOND)
    }

    /// The beginning of its minute.
    #[must_use]
    pub fn minute(self) -> Self {
        Self(self.0.div_euclid(MINUTE) * MINUTE)
    }

    /// The beginning of its day, UTC.
    #[must_use]
    pub fn day(self) -> Self {
        Self(self.0.div_euclid(DAY) * DAY)
    }

    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// The day in UTC.
    pub fn date(self) -> Date {
        self.timestamp().to_zoned(TimeZone::UTC).date()
    }

    /// Midnight UTC of a day.
    pub fn midnight(date: Date) -> Self {
        date.to_zoned(TimeZone::UTC)
            .map(|z| Self::from(z.timestamp()))
            .unwrap_or(Self(0))
    }

    /// For example `%Y-%m-%d %H:%M:%S`, UTC.
    pub fn format(self, pattern: &str) -> String {
        self.timestamp()
            .to_zoned(TimeZone::UTC)
            .strftime(pattern)
            .to_string()
    }

    /// `2025-11-23T13:41:07.250Z`.
    pub fn iso(self) -> String {
        format!(
            "{}.{:03}Z",
            self.format("%Y-%m-%dT%H:%M:%S"),
            self.0.rem_euclid(SECOND)
        )
    }
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        Self(at.as_millisecond())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_utc() {
        let at = Moment(1_763_905_267_250);
        assert_eq!(at.iso(), "2025-11-23T13:41:07.250Z");
        assert_eq!(Moment::midnight(at.date()), at.day());
    }
}
