//! Times of lines told from something else: their age, and how long after the line above they came.

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// `12s`, `4m12s`, `42m`, `3h12m`, `2d04h`, `634d`: seconds only while they matter, so that a screen full of ages is
/// not drawn anew with every look at the clock. Clocks differ: what is yet to come is `0s` old.
pub fn age(at_ms: i64, now_ms: i64) -> String {
    let s = (now_ms.saturating_sub(at_ms) / 1000).max(0);
    match s {
        0..MINUTE => format!("{s}s"),
        MINUTE..600 => format!("{}m{:02}s", s / MINUTE, s % MINUTE),
        600..HOUR => format!("{}m", s / MINUTE),
        _ => long(s),
    }
}

/// `+0.35s`, `+12.3s`, `+4m12s`, `+3h12m`; `-0.10s` where the line above has a later time, `+0s` where it has the same.
pub fn since(ms: i64) -> String {
    let sign = if ms < 0 { '-' } else { '+' };
    let ms = ms.saturating_abs();
    let s = ms / 1000;
    match ms {
        0 => "+0s".to_owned(),
        // Cut, not rounded: 59.99 s are no minute.
        1..10_000 => format!("{sign}{s}.{:02}s", ms % 1000 / 10),
        10_000..60_000 => format!("{sign}{s}.{}s", ms % 1000 / 100),
        60_000..3_600_000 => format!("{sign}{}m{:02}s", s / MINUTE, s % MINUTE),
        _ => format!("{sign}{}", long(s)),
    }
}

/// An hour and more, in at most six cells for 99 days, and in seven for 2,700 years.
fn long(s: i64) -> String {
    match s {
        ..DAY => format!("{}h{:02}m", s / HOUR, s % HOUR / MINUTE),
        DAY..8_640_000 => format!("{}d{:02}h", s / DAY, s % DAY / HOUR),
        _ => format!("{}d", s / DAY),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_lose_their_seconds_as_they_grow() {
        for (seconds, expected) in [
            (-5, "0s"),
            (0, "0s"),
            (59, "59s"),
            (252, "4m12s"),
            (600, "10m"),
            (3599, "59m"),
            (11_520, "3h12m"),
            (187_200, "2d04h"),
            (54_777_600, "634d"),
        ] {
            assert_eq!(age(0, seconds * 1000), expected);
        }
    }

    #[test]
    fn what_lies_between_two_lines() {
        for (ms, expected) in [
            (0, "+0s"),
            (4, "+0.00s"),
            (350, "+0.35s"),
            (-100, "-0.10s"),
            (9_999, "+9.99s"),
            (12_345, "+12.3s"),
            (59_999, "+59.9s"),
            (252_000, "+4m12s"),
            (3_599_000, "+59m59s"),
            (11_520_000, "+3h12m"),
            (-187_200_000, "-2d04h"),
        ] {
            assert_eq!(since(ms), expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_times_are_told(at: i64, now: i64) {
            let _ = (age(at, now), since(at));
        }
    }
}
