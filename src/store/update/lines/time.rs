//! A time as people type it: `-15m`, `03:12`, `13:02:11`, `2026-11-22 03:12`.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// What can be typed, for those who typed something else.
pub const FORMS: &str = "type -15m, 03:12, 13:02:11 or 2026-11-22 03:12";

/// In milliseconds since 1970. A time of day is the last one that lies within the lines, whose ends are `known`.
pub fn parse(
    text: &str,
    now: Timestamp,
    known: Option<(i64, i64)>,
    zone: &TimeZone,
) -> Option<i64> {
    let text = text.trim();
    if let Some(ago) = text.strip_prefix('-') {
        let span = SignedDuration::from_secs(seconds(ago)?);
        return Some(now.checked_sub(span).ok()?.as_millisecond());
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at.as_millisecond());
    }
    if let Ok(at) = text.parse::<DateTime>() {
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
    let newest = known
        .and_then(|(_, newest)| Timestamp::from_millisecond(newest).ok())
        .unwrap_or(now);
    let newest = newest.to_zoned(zone.clone());
    let today = newest
        .date()
        .to_datetime(time)
        .to_zoned(zone.clone())
        .ok()?;
    let at = if today > newest {
        let yesterday = newest.date().yesterday().ok()?;
        yesterday.to_datetime(time).to_zoned(zone.clone()).ok()?
    } else {
        today
    };
    Some(at.timestamp().as_millisecond())
}

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
        let newest = now.as_millisecond() - 60_000;
        let ms = parse(text, now, Some((0, newest)), &TimeZone::UTC)?;
        Some(Timestamp::from_millisecond(ms).unwrap().to_string())
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
