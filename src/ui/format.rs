//! Numbers, times and lengths of time as people read them: one fixed precision and unit for each kind.

pub use crate::domain::figures::{bytes, counted, thousands};

use jiff::Timestamp;
use jiff::tz::TimeZone;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `Nov`; a month outside 1 to 12 is empty.
pub fn month_short(month: i8) -> &'static str {
    usize::try_from(month - 1)
        .ok()
        .and_then(|m| MONTHS.get(m))
        .copied()
        .unwrap_or("")
}

/// `14:02` today, `Nov 20 14:02` before, `2025-11-20` in another year.
pub fn time(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let at = at.to_zoned(zone.clone());
    let now = now.to_zoned(zone.clone());
    if at.date() == now.date() {
        format!("{:02}:{:02}", at.hour(), at.minute())
    } else if at.year() == now.year() {
        format!(
            "{} {} {:02}:{:02}",
            month_short(at.month()),
            at.day(),
            at.hour(),
            at.minute()
        )
    } else {
        at.date().to_string()
    }
}

/// How old something is: `now`, `20s`, `4m`, `3h`, `2d`.
///
/// Seconds come in tens: an age that changes every second on every pane is motion, and bytes over a slow line.
pub fn age(at: Timestamp, now: Timestamp) -> String {
    let seconds = (now.as_second() - at.as_second()).max(0);
    match seconds {
        0..10 => "now".to_owned(),
        10..60 => format!("{}s", seconds / 10 * 10),
        60..3600 => format!("{}m", seconds / 60),
        3600..172_800 => format!("{}h", seconds / 3600),
        _ => format!("{}d", seconds / 86_400),
    }
}

/// The same in a sentence: `just now`, `4m ago`.
pub fn ago(at: Timestamp, now: Timestamp) -> String {
    match age(at, now).as_str() {
        "now" => "just now".to_owned(),
        age => format!("{age} ago"),
    }
}

/// A length of time: `38s`, `38m`, `1h12m`, `3d04h`.
pub fn span(seconds: i64) -> String {
    let s = seconds.max(0);
    match s {
        0..60 => format!("{s}s"),
        60..3600 => format!("{}m", s / 60),
        3600..86_400 => format!("{}h{:02}m", s / 3600, s / 60 % 60),
        _ => format!("{}d{:02}h", s / 86_400, s / 3600 % 24),
    }
}

/// A whole number; from a million on in millions.
pub fn count(n: f64) -> String {
    if !n.is_finite() {
        "-".to_owned()
    } else if n.abs() >= 1e6 {
        format!("{:.2}M", n / 1e6)
    } else if n < 0.0 {
        format!("-{}", thousands((-n).round() as u64))
    } else {
        thousands(n.round() as u64)
    }
}

/// A number of any size: `0.2276`, `412`, `3.00e-4`.
pub fn figure(n: f64) -> String {
    let size = n.abs();
    if !n.is_finite() {
        return "-".to_owned();
    }
    if size > 0.0 && !(1e-3..1e6).contains(&size) {
        return format!("{n:.2e}");
    }
    if n.fract() == 0.0 {
        return format!("{n:.0}");
    }
    let decimals = match size {
        ..1.0 => 4,
        ..10.0 => 3,
        ..100.0 => 2,
        ..1000.0 => 1,
        _ => 0,
    };
    format!("{n:.decimals$}")
}

/// `7.2%`; from a thousand on without decimals.
pub fn percent(n: f64) -> String {
    if !n.is_finite() {
        "-".to_owned()
    } else if n.abs() >= 1000.0 {
        format!("{}%", count(n))
    } else {
        format!("{n:.1}%")
    }
}

/// `92 %`, for sentences and bars.
pub fn percent_whole(n: f64) -> String {
    if n.is_finite() {
        format!("{} %", count(n))
    } else {
        "-".to_owned()
    }
}

/// `$1,234.56`.
pub fn usd(amount: f64) -> String {
    money(amount, "USD")
}

/// What a query costs: a tenth of a cent is worth telling from nothing.
pub fn usd_fine(amount: f64) -> String {
    match amount {
        n if n > 0.0 && n < 0.001 => "< $0.001".to_owned(),
        n if n < 1.0 => format!("${n:.3}"),
        n => usd(n),
    }
}

/// Dollars with their sign, other currencies with their code: `1,234.56 CNY`.
pub fn money(amount: f64, unit: &str) -> String {
    if !amount.is_finite() {
        return "-".to_owned();
    }
    let cents = (amount.abs() * 100.0).round() as u64;
    let sign = if amount < 0.0 && cents > 0 { "-" } else { "" };
    let text = format!("{}.{:02}", thousands(cents / 100), cents % 100);
    if unit == "USD" {
        format!("{sign}${text}")
    } else {
        format!("{sign}{text} {unit}")
    }
}

/// Without cents: `$6,412`.
pub fn money_whole(amount: f64, unit: &str) -> String {
    if !amount.is_finite() {
        return "-".to_owned();
    }
    let whole = amount.abs().round() as u64;
    let sign = if amount < 0.0 && whole > 0 { "-" } else { "" };
    if unit == "USD" {
        format!("{sign}${}", thousands(whole))
    } else {
        format!("{sign}{} {unit}", thousands(whole))
    }
}

/// `84 ms`, from ten seconds on `12.3 s`.
pub fn millis(n: f64) -> String {
    if !n.is_finite() {
        "-".to_owned()
    } else if n >= 10_000.0 {
        format!("{:.1} s", n / 1000.0)
    } else if n > 0.0 && n < 1.0 {
        "<1 ms".to_owned()
    } else {
        format!("{} ms", count(n))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn times_say_the_day_only_when_it_is_another() {
        let now = at("2026-11-22T14:02:07Z");
        let zone = TimeZone::UTC;
        assert_eq!(time(at("2026-11-22T00:01:00Z"), now, &zone), "00:01");
        assert_eq!(time(at("2026-11-02T09:30:00Z"), now, &zone), "Nov 2 09:30");
        assert_eq!(time(at("2025-12-31T09:30:00Z"), now, &zone), "2025-12-31");
        let east = TimeZone::fixed(jiff::tz::offset(10));
        assert_eq!(time(at("2026-11-22T13:59:00Z"), now, &east), "Nov 22 23:59");
    }

    #[test]
    fn spans_and_ages() {
        assert_eq!(
            [0, 59, 60, 3599, 4320, 90_000, -5].map(span),
            ["0s", "59s", "1m", "59m", "1h12m", "1d01h", "0s"]
        );
        let now = Timestamp::from_second(1_000_000).unwrap();
        let ages = [0, 9, 25, 240, 7200, 500_000]
            .map(|s| age(Timestamp::from_second(1_000_000 - s).unwrap(), now));
        assert_eq!(ages, ["now", "now", "20s", "4m", "2h", "5d"]);
    }

    #[test]
    fn numbers_keep_one_precision() {
        assert_eq!(usd(1234.5), "$1,234.50");
        assert_eq!(usd(-0.001), "$0.00");
        assert_eq!(money(12.0, "CNY"), "12.00 CNY");
        assert_eq!(money_whole(6411.6, "USD"), "$6,412");
        assert_eq!(percent(7.24), "7.2%");
        assert_eq!(millis(83.6), "84 ms");
        assert_eq!(millis(12_345.0), "12.3 s");
        assert_eq!(count(1_234_567.0), "1.23M");
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(1_234_567_890), "1.2 GB");
        assert_eq!(bytes(999_999), "1.0 MB");
        assert_eq!(count(f64::NAN), "-");
        assert_eq!(
            [0.0, 0.227_64, -0.5, 3e-4, 9.9999, 412.0, 10_807.4, 2.5e9].map(figure),
            [
                "0", "0.2276", "-0.5000", "3.00e-4", "10.000", "412", "10807", "2.50e9"
            ]
        );
    }
}
