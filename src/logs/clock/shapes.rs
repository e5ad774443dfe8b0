//! The ways in which programs write a time.

use super::Told;

/// `2026-11-22T13:02:11.123Z`, `2026/11/22 13:02`, `26/11/22 13:02:11`, `22/Nov/2026:13:02:11 +0000`.
pub fn numeric(text: &[u8]) -> Option<Told> {
    match text {
        [_, _, _, _, b'-' | b'/', ..] => {
            let told = Told {
                year: i64::from(two(text)?) * 100 + i64::from(two(&text[2..])?),
                ..month_and_day(&text[5..])?
            };
            // The same sign again.
            (text.get(7) == Some(&text[4])).then_some(())?;
            let (b'T' | b't' | b' ' | b'_') = text.get(10)? else {
                return None;
            };
            time_of_day(told, text.get(11..)?)
        }
        [_, _, b'/', b'0'..=b'9', _, b'/', _, _, b' ', ..] => {
            let told = Told {
                year: 2000 + i64::from(two(text)?),
                month: two(&text[3..])?,
                day: two(&text[6..])?,
                ..Told::default()
            };
            time_of_day(told, &text[9..])
        }
        [_, _, b'/', _, _, _, b'/', _, _, _, _, b':' | b' ', ..] => {
            let told = Told {
                year: i64::from(two(&text[7..])?) * 100 + i64::from(two(&text[9..])?),
                month: month(&text[3..6])?,
                day: two(text)?,
                ..Told::default()
            };
            time_of_day(told, &text[12..])
        }
        _ => None,
    }
}

/// `Nov 22 13:02:11` of syslog, with a year behind it or assumed, and `E1122 13:02:11.123456` of glog.
pub fn named(text: &[u8], year: Option<i16>) -> Option<Told> {
    match text {
        [b'I' | b'W' | b'E' | b'F', _, _, _, _, b' ', rest @ ..] => {
            let told = Told {
                year: i64::from(year?),
                month: two(&text[1..])?,
                day: two(&text[3..])?,
                ..Told::default()
            };
            time_of_day(told, rest)
        }
        [_, _, _, b' ', tens, ones, b' ', _, _, b':', ..] => {
            let tens = if *tens == b' ' { b'0' } else { *tens };
            let told = Told {
                month: month(&text[..3])?,
                day: two(&[tens, *ones])?,
                ..Told::default()
            };
            let mut told = time_of_day(told, &text[7..])?;
            told.year = match year_behind(&text[7..]) {
                Some(year) => year,
                None => i64::from(year?),
            };
            Some(told)
        }
        _ => None,
    }
}

/// `11-22` or `11/22`.
fn month_and_day(text: &[u8]) -> Option<Told> {
    Some(Told {
        month: two(text)?,
        day: two(text.get(3..)?)?,
        ..Told::default()
    })
}

/// The year of `13:02:11 2026` and `13:02:11.123456 2026`.
fn year_behind(text: &[u8]) -> Option<i64> {
    let at = text.iter().take(16).position(|b| *b == b' ')? + 1;
    let year = text.get(at..at + 4)?;
    let ends = text.get(at + 4).is_none_or(|b| !b.is_ascii_alphanumeric());
    let year = i64::from(two(year)?) * 100 + i64::from(two(&year[2..])?);
    (ends && (1970..=2100).contains(&year)).then_some(year)
}

/// `13:02`, `13:02:11`, `13:02:11,123`, `13:02:11.123456+01:00`.
fn time_of_day(mut told: Told, text: &[u8]) -> Option<Told> {
    told.hour = two(text)?;
    let rest = text.get(2..)?.strip_prefix(b":")?;
    told.minute = two(rest)?;
    let mut rest = &rest[2..];
    if let Some(seconds) = rest.strip_prefix(b":") {
        told.second = two(seconds)?;
        rest = &seconds[2..];
        if let [b'.' | b',', fraction @ ..] = rest {
            let digits = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
            if digits > 0 {
                told.millisecond = thousandths(&fraction[..digits]);
                rest = &fraction[digits..];
            }
        }
    }
    if rest.first().is_some_and(u8::is_ascii_digit) {
        return None;
    }
    told.offset_seconds = offset(rest);
    Some(told)
}

fn thousandths(digits: &[u8]) -> u16 {
    let digit = |at: usize| digits.get(at).map_or(0, |d| u16::from(d - b'0'));
    digit(0) * 100 + digit(1) * 10 + digit(2)
}

/// `Z`, ` UTC`, `+01:00`, `-0530`, ` +0000`, `+01`, in seconds east.
fn offset(text: &[u8]) -> Option<i32> {
    if let [b'Z' | b'z', rest @ ..] = text {
        let ends = rest.first().is_none_or(|b| !b.is_ascii_alphanumeric());
        return ends.then_some(0);
    }
    if text.starts_with(b" UTC") || text.starts_with(b"UTC") || text.starts_with(b" GMT") {
        return Some(0);
    }
    let spaced = text.first() == Some(&b' ');
    let text = text.strip_prefix(b" ").unwrap_or(text);
    let (sign, rest) = match text {
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let hours = two(rest)?;
    let (minutes, behind) = match &rest[2..] {
        [b':', minutes @ ..] => (two(minutes)?, minutes.get(2)),
        [b'0'..=b'9', ..] => (two(&rest[2..])?, rest.get(4)),
        // ` -12 ` behind a space is a number.
        _ if spaced => return None,
        other => (0, other.first()),
    };
    let fine = hours <= 18 && minutes <= 59 && behind.is_none_or(|b| !b.is_ascii_alphanumeric());
    fine.then_some(sign * (i32::from(hours) * 3600 + i32::from(minutes) * 60))
}

fn two(text: &[u8]) -> Option<u8> {
    match text {
        [a @ b'0'..=b'9', b @ b'0'..=b'9', ..] => Some((a - b'0') * 10 + (b - b'0')),
        _ => None,
    }
}

fn month(name: &[u8]) -> Option<u8> {
    const MONTHS: [&[u8]; 12] = [
        b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov",
        b"Dec",
    ];
    let place = MONTHS.iter().position(|m| *m == name)?;
    u8::try_from(place + 1).ok()
}
