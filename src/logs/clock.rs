//! The time a line tells of itself: files and pipes have no other.

use jiff::civil;
use jiff::tz::TimeZone;

use super::fields::{self, json, pairs};

mod shapes;
#[cfg(test)]
mod tests;

/// A time stands near the start of a line or it is not the line's own.
const HEAD_BYTES: usize = 96;

/// Running words that may stand before the time: a level, a logger.
const MOST_BEFORE: usize = 2;

/// What lines leave out.
#[derive(Clone, Debug)]
pub struct Assumed {
    /// The zone of times that name none.
    pub zone: TimeZone,
    /// The year of times that name none, as syslog's; without it they are not read.
    pub year: Option<i16>,
}

impl Default for Assumed {
    fn default() -> Self {
        Self {
            zone: TimeZone::UTC,
            year: None,
        }
    }
}

/// A time of day on a day, and its distance from UTC where it is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Told {
    year: i64,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    millisecond: u16,
    offset_seconds: Option<i32>,
}

/// Milliseconds since 1970; `None` where the line does not say, or says a time without a day.
pub fn time_of(line: &[u8], assumed: &Assumed) -> Option<i64> {
    if let Some(mut members) = json::members(line) {
        let told = members.find_map(|(key, value)| {
            let named = fields::TIME_KEYS.iter().any(|k| k.as_bytes() == key);
            named.then(|| of_value(value, assumed)).flatten()
        });
        if told.is_some() {
            return told;
        }
    }
    let head = &line[..line.len().min(HEAD_BYTES)];
    in_text(head, assumed).or_else(|| of_pair(head))
}

/// `"2026-11-22T13:02:11Z"`, `1795352531.25`, `1795352531250`.
fn of_value(value: &[u8], assumed: &Assumed) -> Option<i64> {
    match value.strip_prefix(b"\"") {
        Some(text) if text.first().is_some_and(u8::is_ascii_digit) && !text.contains(&b':') => {
            of_epoch(text.strip_suffix(b"\"").unwrap_or(text))
        }
        Some(text) => in_text(&text[..text.len().min(HEAD_BYTES)], assumed),
        None => of_epoch(value),
    }
}

/// `ts=1795352531.25` of logfmt; a written time has been found before.
fn of_pair(head: &[u8]) -> Option<i64> {
    memchr::memchr(b'=', head)?;
    ["ts", "time", "timestamp", "t"]
        .iter()
        .find_map(|key| pairs::find(head, key))
        .and_then(|value| of_epoch(value.text().as_bytes()))
}

/// Seconds, milliseconds, microseconds or nanoseconds, told apart by their size (from 2001 to 2286).
fn of_epoch(digits: &[u8]) -> Option<i64> {
    let number: f64 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    let ms = match number {
        1e9..1e10 => number * 1e3,
        1e12..1e13 => number,
        1e15..1e16 => number / 1e3,
        1e18..1e19 => number / 1e6,
        _ => return None,
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the ranges above are far inside"
    )]
    let ms = ms.round() as i64;
    Some(ms)
}

/// The first time in the head, unless prose stands before it.
fn in_text(head: &[u8], assumed: &Assumed) -> Option<i64> {
    let mut words = 0;
    let mut at = 0;
    while let Some(&byte) = head.get(at) {
        let rest = &head[at..];
        if byte.is_ascii_digit() {
            if let Some(told) = shapes::numeric(rest) {
                return resolve(told, assumed);
            }
        } else if byte.is_ascii_alphabetic()
            && let Some(told) = shapes::named(rest, assumed.year)
        {
            return resolve(told, assumed);
        }
        // On to the next word.
        let mut letters = true;
        while byte.is_ascii_alphanumeric()
            && let Some(&byte) = head.get(at)
            && (byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'/' | b':'))
        {
            letters &= byte.is_ascii_alphabetic();
            at += 1;
        }
        if letters && byte.is_ascii_alphabetic() && head.get(at) == Some(&b' ') {
            words += 1;
            if words > MOST_BEFORE {
                return None;
            }
        }
        if !byte.is_ascii_alphanumeric() {
            at += 1;
        }
    }
    None
}

fn resolve(told: Told, assumed: &Assumed) -> Option<i64> {
    if told.day < 1 || told.day > days_of(told.year, told.month)? {
        return None;
    }
    if told.hour > 23 || told.minute > 59 || told.second > 60 {
        return None;
    }
    let seconds = days_since_1970(told.year, told.month, told.day) * 86_400
        + i64::from(told.hour) * 3600
        + i64::from(told.minute) * 60
        + i64::from(told.second);
    let offset = match told.offset_seconds {
        Some(offset) => offset,
        None => offset_then(&told, &assumed.zone)?,
    };
    Some((seconds - i64::from(offset)) * 1000 + i64::from(told.millisecond))
}

/// The zone's distance from UTC at a time of its own.
fn offset_then(told: &Told, zone: &TimeZone) -> Option<i32> {
    if let Ok(offset) = zone.to_fixed_offset() {
        return Some(offset.seconds());
    }
    let narrow = |n: u8| i8::try_from(n).ok();
    let then = civil::DateTime::new(
        i16::try_from(told.year).ok()?,
        narrow(told.month)?,
        narrow(told.day)?,
        narrow(told.hour)?,
        narrow(told.minute)?,
        narrow(told.second.min(59))?,
        0,
    )
    .ok()?;
    let at = zone.to_timestamp(then).ok()?;
    Some(zone.to_offset(at).seconds())
}

fn days_of(year: i64, month: u8) -> Option<u8> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}

/// Days of the Gregorian calendar, counted with years that start in March.
fn days_since_1970(year: i64, month: u8, day: u8) -> i64 {
    let (month, day) = (i64::from(month), i64::from(day));
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}
