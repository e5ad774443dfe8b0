//! A time as people type it: `-15m`, `03:12`, `13:02:11`, `2026-11-22 03:12`.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// What can be typed, for those who typed something else.
pub const FORMS: &str = "type -15m, 03:12, 13:02:11 or 2026-11-22 03:12";

/// What times without a day, and spans, are told from.
#[derive(Clone, Copy, Debug)]
pub enum Around {
    /// Lines that are followed: `-15m` is before now, a time of day the last one up to the newest line.
    Newest(Option<i64>),
    /// Lines of some day in the past: `-15m` is before the cursor's line, a time of day is of its day.
    Cursor(i64),
}

/// In milliseconds since 1970.
pub fn parse(text: &str, now: Timestamp, around: Around, zone: &TimeZone) -> Option<i64> {
    let text = text.trim();
    let base = match around {
        Around::Newest(_) => now,
        Around::Cursor(ms) => Timestamp::from_millisecond(ms).ok()?,
    };
    if let Some(ago) = text.strip_prefix('-') {
        let span = SignedDuration::from_secs(seconds(ago)?);
        return Some(base.checked_sub(span).ok()?.as_millisecond());
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at.as_millisecond());
    }
    if let Ok(at) = text.parse::<DateTime>()
        && text.len() > DATE
    {
        return Some(at.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond());
    }
    if let Ok(day) = text.parse::<Date>() {
        return Some(
            day.to_zoned(zone.clone())
                .ok()?
                .timestamp()
                .as_millisecond(),
        );
    }
    let time: Time = text.parse().ok()?;
    let newest = match around {
        Around::Newest(Some(ms)) => Timestamp::from_millisecond(ms).unwrap_or(now),
        Around::Newest(None) | Around::Cursor(_) => base,
    };
    let newest = newest.to_zoned(zone.clone());
    let at_time = |day: Date| day.to_datetime(time).to_zoned(zone.clone()).ok();
    let same_day = at_time(newest.date())?;
    let at = match around {
        Around::Newest(_) if same_day > newest => at_time(newest.date().yesterday().ok()?)?,
        Around::Newest(_) | Around::Cursor(_) => same_day,
    };
    Some(at.timestamp().as_millisecond())
}

/// Bytes of `2026-11-22`.
const DATE: usize = 10;

/// `90`, `90s`, `15m`, `2h`, `1d`, `1h30m`.
fn seconds(text: &str) -> Option<i64> {
    let mut total = 0_i64;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let count: i64 = rest[..digits].parse().ok()?;
        let mut chars = rest[digits..].chars();
        let unit = match chars.next() {
            None | Some('s') => 1,
            Some('m') => 60,
            Some('h') => 3600,
            Some('d') => 86_400,
            Some(_) => return None,
        };
        total = total.checked_add(count.checked_mul(unit)?)?;
        rest = chars.as_str();
    }
    (!text.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Option<String> {
        let now: Timestamp = "2026-11-22T14:00:00Z".parse().unwrap();
        let newest = Around::Newest(Some(now.as_millisecond() - 60_000));
        let ms = parse(text, now, newest, &TimeZone::UTC)?;
        Some(Timestamp::from_millisecond(ms).unwrap().to_string())
    }

    #[test]
    fn in_a_file_of_another_day_times_are_of_that_day() {
        let now: Timestamp = "2026-11-22T14:00:00Z".parse().unwrap();
        let line: Timestamp = "2024-02-01T08:00:00Z".parse().unwrap();
        let at = |text: &str| {
            let around = Around::Cursor(line.as_millisecond());
            let ms = parse(text, now, around, &TimeZone::UTC).unwrap();
            Timestamp::from_millisecond(ms).unwrap().to_string()
        };
        assert_eq!(at("-15m"), "2024-02-01T07:45:00Z");
        assert_eq!(at("23:30"), "2024-02-01T23:30:00Z");
    }

    #[test]
    fn times_as_people_type_them() {
        for (text, at) in [
            ("-15m", Some("2026-11-22T13:45:00Z")),
            ("-1h30m", Some("2026-11-22T12:30:00Z")),
            ("-90", Some("2026-11-22T13:58:30Z")),
            ("03:12", Some("2026-11-22T03:12:00Z")),
            // Later than the newest line: the day before.
            ("23:30", Some("2026-11-21T23:30:00Z")),
            ("13:02:11", Some("2026-11-22T13:02:11Z")),
            ("2026-11-20 03:12", Some("2026-11-20T03:12:00Z")),
            ("2026-11-20T03:12:00+02:00", Some("2026-11-20T01:12:00Z")),
            ("2026-11-20", Some("2026-11-20T00:00:00Z")),
            ("soon", None),
            ("-", None),
            ("-5x", None),
            ("-99999999999999999999d", None),
            ("", None),
        ] {
            assert_eq!(parsed(text).as_deref(), at, "{text}");
        }
    }
}
