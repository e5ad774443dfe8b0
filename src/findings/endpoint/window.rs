//! Looking back over the minutes of a series.

use jiff::{SignedDuration, Timestamp};

use crate::domain::metric::{Series, VariantMetrics};

/// One whole minute of a variant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Minute {
    pub at: Timestamp,
    pub requests: f64,
    pub errors: f64,
}

impl Minute {
    /// 0 to 100; `None` without requests.
    pub fn percent(&self) -> Option<f64> {
        (self.requests > 0.0).then(|| 100.0 * self.errors / self.requests)
    }
}

/// The minutes with requests, newest first; the one that is not over at `now` is left out.
pub fn minutes(metrics: &VariantMetrics, errors: &Series, now: Timestamp) -> Vec<Minute> {
    let mut errors = errors.points.iter().rev().peekable();
    metrics
        .invocations
        .points
        .iter()
        .rev()
        .filter(|(at, _)| at.as_second() + 60 <= now.as_second())
        .map(|&(at, requests)| {
            while errors.next_if(|(e, _)| *e > at).is_some() {}
            let count = errors.next_if(|(e, _)| *e == at).map_or(0.0, |e| e.1);
            Minute {
                at,
                requests,
                errors: count,
            }
        })
        .collect()
}

/// Of the newest `span` minutes, counted from the newest one: requests and errors.
pub fn total(minutes: &[Minute], span: i64) -> Minute {
    let Some(newest) = minutes.first() else {
        return Minute {
            at: Timestamp::UNIX_EPOCH,
            requests: 0.0,
            errors: 0.0,
        };
    };
    let from = newest.at.as_second() - 60 * (span - 1);
    let within = minutes.iter().take_while(|m| m.at.as_second() >= from);
    within.fold(
        Minute {
            requests: 0.0,
            errors: 0.0,
            ..*newest
        },
        |sum, m| Minute {
            at: sum.at,
            requests: sum.requests + m.requests,
            errors: sum.errors + m.errors,
        },
    )
}

/// The first minute of the bad streak that reaches into the newest minutes.
///
/// One good minute in between does not end it: errors of a few requests come and go.
pub fn streak_start(minutes: &[Minute], bad_percent: f64) -> Option<Timestamp> {
    let mut start = None;
    let mut good = 0;
    for minute in minutes {
        if minute.percent().is_some_and(|p| p >= bad_percent) {
            start = Some(minute.at);
            good = 0;
        } else if start.is_some() {
            good += 1;
            if good > 1 {
                break;
            }
        }
    }
    start
}

/// Whether all points of the last `minutes` reach `limit`: there must be nearly as many points as minutes.
pub fn holds(series: &Series, minutes: i64, limit: f64, now: Timestamp) -> bool {
    let Some(points) = newest(series, minutes, now) else {
        return false;
    };
    points.len() as i64 >= (minutes - 1).max(1) && points.iter().all(|p| p.1 >= limit)
}

/// The mean of the last `minutes`, counted from the newest point; `None` where that is too old to count.
pub fn mean(series: &Series, minutes: i64, now: Timestamp) -> Option<f64> {
    let points = newest(series, minutes, now)?;
    Some(points.iter().map(|p| p.1).sum::<f64>() / points.len() as f64)
}

/// Start of the streak of points at or above `limit`.
pub fn since(series: &Series, limit: f64) -> Option<Timestamp> {
    series
        .points
        .iter()
        .rev()
        .take_while(|p| p.1 >= limit)
        .last()
        .map(|p| p.0)
}

/// Points older than this say nothing about now: CloudWatch is at most a few minutes late.
pub const STALE_MINUTES: i64 = 8;

fn newest(series: &Series, minutes: i64, now: Timestamp) -> Option<&[(Timestamp, f64)]> {
    let newest = series.last_at()?;
    if now.as_second() - newest.as_second() > STALE_MINUTES * 60 {
        return None;
    }
    let from = newest
        .checked_sub(SignedDuration::from_mins(minutes - 1))
        .ok()?;
    let start = series.points.partition_point(|p| p.0 < from);
    Some(&series.points[start..])
}
