//! From the words of the command line to values.

use jiff::{SignedDuration, Timestamp};

use crate::domain::run::{RunKind, RunStatus};
use crate::store::model::nav::Screen;

/// A moment: given itself, or by how long ago it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    At(Timestamp),
    Ago(SignedDuration),
}

impl Since {
    pub fn at(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::Ago(ago) => now.checked_sub(ago).unwrap_or(Timestamp::MIN),
        }
    }
}

/// `90s`, `30m`, `1h30m`, `7d`, `2w`, or RFC 3339.
pub fn since(text: &str) -> Result<Since, String> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(Since::At(at));
    }
    if let Ok(day) = text.parse::<jiff::civil::Date>() {
        return day
            .to_zoned(jiff::tz::TimeZone::UTC)
            .map(|start| Since::At(start.timestamp()))
            .map_err(|error| error.to_string());
    }
    length(text).map(Since::Ago).ok_or_else(|| {
        "expected a length of time (90s, 30m, 1h30m, 7d, 2w), a day, or a time like \
         2026-11-22T14:02:00Z"
            .to_owned()
    })
}

fn length(text: &str) -> Option<SignedDuration> {
    let mut rest = text.trim();
    let mut seconds: i64 = 0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = rest[..end].parse().ok()?;
        let unit = rest[end..].chars().next()?;
        let factor = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            'w' => 604_800,
            _ => return None,
        };
        seconds = seconds.checked_add(number.checked_mul(factor)?)?;
        rest = &rest[end + unit.len_utf8()..];
    }
    Some(SignedDuration::from_secs(seconds))
}

/// Where the screens open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub screen: Screen,
    /// The endpoint, run or log group to open there.
    pub name: Option<String>,
}

pub fn place(text: &str) -> Result<Place, String> {
    let (word, name) = match text.trim().split_once(char::is_whitespace) {
        Some((word, name)) => (word, Some(name.trim().to_owned())),
        None => (text.trim(), None),
    };
    // `endpoint churn-prod` as well as `endpoints`.
    let screen = Screen::from_name(word)
        .or_else(|| Screen::from_name(&format!("{word}s")))
        .ok_or_else(|| {
            let names: Vec<String> = Screen::ALL
                .iter()
                .map(|s| s.title().to_lowercase())
                .collect();
            format!("expected one of {}, and a name", names.join(", "))
        })?;
    Ok(Place { screen, name })
}

pub fn screen(text: &str) -> Result<Screen, String> {
    place(text).and_then(|place| match place.name {
        None => Ok(place.screen),
        Some(_) => Err("expected only the screen".into()),
    })
}

/// Columns and rows of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub columns: u16,
    pub rows: u16,
}

/// `120x40`.
pub fn size(text: &str) -> Result<Size, String> {
    let parsed = text.split_once(['x', 'X']).and_then(|(columns, rows)| {
        Some(Size {
            columns: columns.parse().ok()?,
            rows: rows.parse().ok()?,
        })
    });
    match parsed {
        Some(size) if (20..=500).contains(&size.columns) && (5..=200).contains(&size.rows) => {
            Ok(size)
        }
        _ => Err("expected COLUMNSxROWS, from 20x5 to 500x200".into()),
    }
}

pub fn speed(text: &str) -> Result<f64, String> {
    number(text, 3600.0)
}

pub fn minutes(text: &str) -> Result<f64, String> {
    number(text, 100_000.0)
}

fn number(text: &str, most: f64) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(n) if (0.0..=most).contains(&n) => Ok(n),
        _ => Err(format!("expected a number from 0 to {most}")),
    }
}

/// One or more, in a number that lists can have.
pub fn limit(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(n) if (1..=1_000_000).contains(&n) => Ok(n),
        _ => Err("expected a number from 1 to 1000000".into()),
    }
}

/// `training_job`, `training-job` or `training`.
pub fn kind(text: &str) -> Result<RunKind, String> {
    let name = text.replace('-', "_");
    RunKind::ALL
        .into_iter()
        .find(|kind| kind.key() == name || kind.short() == name)
        .ok_or_else(|| one_of(RunKind::ALL.map(RunKind::key)))
}

fn one_of<const N: usize>(names: [&str; N]) -> String {
    format!("expected one of {}", names.join(", "))
}

const STATUSES: [RunStatus; 11] = [
    RunStatus::Queued,
    RunStatus::Running,
    RunStatus::Stopping,
    RunStatus::Succeeded,
    RunStatus::SucceededWithIssues,
    RunStatus::Failed,
    RunStatus::Stopped,
    RunStatus::TimedOut,
    RunStatus::Skipped,
    RunStatus::Cached,
    RunStatus::Unknown,
];

/// `timed_out` or `timed-out`.
pub fn status(text: &str) -> Result<RunStatus, String> {
    let name = text.replace('-', "_");
    STATUSES
        .into_iter()
        .find(|status| status.key() == name)
        .ok_or_else(|| one_of(STATUSES.map(RunStatus::key)))
}
