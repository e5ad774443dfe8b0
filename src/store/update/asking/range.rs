//! The stretch of time that a query is asked about, as people type it: `-3h`, `-3h..-1h`, `03:12..04:00`.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::super::super::model::logs::Tail;
use super::super::lines::time::{self, Around};

/// What can be typed, for those who typed something else.
pub const FORMS: &str = "type -3h, -3h..-1h, 03:12..04:00 or 2026-11-22 03:12..2026-11-22 05:00";

/// Lines older than this are asked for by their times and not by their age.
const RECENT: SignedDuration = SignedDuration::from_mins(10);

/// From when until when.
///
/// # Errors
/// What to type instead.
pub fn parse(
    text: &str,
    now: Timestamp,
    zone: &TimeZone,
) -> Result<(Timestamp, Timestamp), String> {
    let (from, until) = match text.split_once("..") {
        Some((from, until)) => (from.trim(), until.trim()),
        None => (text.trim(), ""),
    };
    let at = |text: &str| {
        let ms = time::parse(text, now, Around::Newest(None), zone);
        ms.and_then(|ms| Timestamp::from_millisecond(ms).ok())
            .ok_or_else(|| FORMS.to_owned())
    };
    let from = at(from)?;
    let until = if until.is_empty() { now } else { at(until)? };
    if from >= until {
        return Err("this range ends before it begins".to_owned());
    }
    Ok((from, until))
}

/// The time that the lines at hand cover.
pub fn of(tail: Option<&Tail>, now: Timestamp, zone: &TimeZone) -> String {
    let times = tail.and_then(|tail| tail.progress.times);
    let at = |ms: i64| Timestamp::from_millisecond(ms).ok();
    let Some((oldest, newest)) = times.and_then(|(a, b)| at(a).zip(at(b))) else {
        return "-1h".to_owned();
    };
    if now.duration_since(newest) <= RECENT {
        return ago(now.duration_since(oldest));
    }
    let minute = SignedDuration::from_mins(1);
    let end = newest.checked_add(minute).unwrap_or(newest);
    let written = |at: Timestamp| {
        at.to_zoned(zone.clone())
            .strftime("%Y-%m-%d %H:%M")
            .to_string()
    };
    format!("{}..{}", written(oldest), written(end))
}

/// Rounded up, so that everything at hand is in it.
fn ago(age: SignedDuration) -> String {
    let minutes = (age.as_secs().max(0) + 59) / 60;
    let up = |n: i64, unit: i64| (n + unit - 1) / unit;
    match minutes {
        ..=5 => "-5m".to_owned(),
        6..=120 => format!("-{}m", up(minutes, 5) * 5),
        121..=2880 => format!("-{}h", up(minutes, 60)),
        _ => format!("-{}d", up(minutes, 1440)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::log_ask::LogOrigin;

    fn now() -> Timestamp {
        "2026-11-22T14:00:00Z".parse().unwrap()
    }

    #[test]
    fn ranges_as_people_type_them() {
        for (text, range) in [
            ("-3h", Some(("11:00", "14:00"))),
            (" -3h .. -1h ", Some(("11:00", "13:00"))),
            ("03:12..04:00", Some(("03:12", "04:00"))),
            (
                "2026-11-22 03:12..2026-11-22 05:00",
                Some(("03:12", "05:00")),
            ),
            ("03:12", Some(("03:12", "14:00"))),
            ("-1h..-3h", None),
            ("soon", None),
            ("", None),
            ("..", None),
        ] {
            let parsed = parse(text, now(), &TimeZone::UTC);
            let told = parsed.as_ref().ok().map(|(from, until)| {
                let clock = |at: &Timestamp| at.strftime("%H:%M").to_string();
                (clock(from), clock(until))
            });
            let wanted = range.map(|(a, b)| (a.to_owned(), b.to_owned()));
            assert_eq!(told, wanted, "{text}: {parsed:?}");
        }
    }

    #[test]
    fn the_time_of_the_lines_at_hand() {
        let range = |times: Option<(i64, i64)>| {
            let mut tail = Tail::new(1, String::new(), LogOrigin::Pipe);
            let minutes = |ago: i64| now().as_millisecond() - ago * 60_000;
            tail.progress.times = times.map(|(a, b)| (minutes(a), minutes(b)));
            of(Some(&tail), now(), &TimeZone::UTC)
        };
        assert_eq!(range(None), "-1h");
        assert_eq!(range(Some((2, 0))), "-5m");
        assert_eq!(range(Some((32, 0))), "-35m");
        assert_eq!(range(Some((130, 1))), "-3h");
        assert_eq!(range(Some((3000, 1))), "-3d");
        assert_eq!(range(Some((120, 60))), "2026-11-22 12:00..2026-11-22 13:01");
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[-0-9:.hmd T\\PC]{0,24}") {
            let _ = parse(&text, now(), &TimeZone::UTC);
        }
    }
}
