//! When things start, how they end, and what they are at a given moment.

use crate::simulator::dice::Dice;
use crate::simulator::moment::{DAY, MINUTE, Moment};
use crate::simulator::scenario::spec::{Failure, FailureOutcome, Schedule, Spec, Story};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndKind {
    Succeeded,
    Failed,
    Stopped,
    TimedOut,
}

/// How something ends, and the name of the failure that ends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    pub kind: EndKind,
    pub failure: Option<String>,
}

impl Ending {
    pub fn succeeded() -> Self {
        Self {
            kind: EndKind::Succeeded,
            failure: None,
        }
    }

    pub fn by_failure(name: &str, failure: Option<&Failure>) -> Self {
        let kind = match failure.map(|f| f.outcome).unwrap_or_default() {
            FailureOutcome::Failed => EndKind::Failed,
            FailureOutcome::MaxRuntimeExceeded => EndKind::TimedOut,
            FailureOutcome::Stopped => EndKind::Stopped,
        };
        Self {
            kind,
            failure: Some(name.to_owned()),
        }
    }

    /// How work of this length ends, and its length then: what fails does so part of the way.
    pub fn of(spec: &Spec, failure: Option<&str>, length: i64) -> (Self, i64) {
        let Some(name) = failure else {
            return (Self::succeeded(), length);
        };
        let failure = spec.failures.get(name);
        let part = failure.map_or(1.0, |f| f.after);
        (
            Self::by_failure(name, failure),
            (length as f64 * part) as i64,
        )
    }

    /// The service's text; `None` where there is nothing to say.
    pub fn reason<'a>(&self, spec: &'a Spec) -> Option<&'a str> {
        let failure = spec.failures.get(self.failure.as_deref()?)?;
        Some(failure.reason.as_str()).filter(|r| !r.is_empty())
    }
}

/// From when to when, and how it ends; without an end it waits for somebody for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub start: Moment,
    pub end: Option<Moment>,
    pub ending: Ending,
}

impl Span {
    pub fn has_started(&self, now: Moment) -> bool {
        self.start <= now
    }

    /// The end, once it is past.
    pub fn ended(&self, now: Moment) -> Option<Moment> {
        self.end.filter(|end| *end <= now)
    }

    /// How it ended, once it has.
    pub fn outcome(&self, now: Moment) -> Option<EndKind> {
        self.ended(now).map(|_| self.ending.kind)
    }

    /// The latest moment of change.
    pub fn changed(&self, now: Moment) -> Moment {
        self.ended(now).unwrap_or(now.minute().max(self.start))
    }

    pub fn reason<'a>(&self, spec: &'a Spec, now: Moment) -> Option<&'a str> {
        self.ended(now)?;
        self.ending.reason(spec)
    }
}

/// The part of time that is planned.
#[derive(Clone, Copy, Debug)]
pub struct Horizon {
    pub start: Moment,
    pub from: Moment,
    pub until: Moment,
}

/// One run of a schedule.
#[derive(Clone, Copy, Debug)]
pub struct Occurrence<'a> {
    pub number: u32,
    pub at: Moment,
    pub story: Option<&'a Story>,
}

/// Every run of a schedule within the horizon, earliest first.
pub fn occurrences<'a>(
    schedule: &Schedule,
    stories: &'a [Story],
    horizon: Horizon,
    dice: Dice,
) -> Vec<Occurrence<'a>> {
    let story = |number| stories.iter().find(|s| s.number == number);
    let mut all: Vec<Occurrence<'a>> = regular(schedule, horizon)
        .into_iter()
        .map(|(number, at)| {
            let story = story(number);
            let late = if number == schedule.last {
                0.0
            } else {
                dice.at(i64::from(number)).of("late").unit() * schedule.jitter
            };
            let at = match story.and_then(|s| s.at) {
                Some(minutes) => horizon.start.plus_minutes(minutes),
                None => at.plus_minutes(late),
            };
            Occurrence { number, at, story }
        })
        .collect();
    all.sort_by_key(|o| (o.at, o.number));
    all
}

fn regular(schedule: &Schedule, horizon: Horizon) -> Vec<(u32, Moment)> {
    let (anchor, step) = match (&schedule.daily, schedule.every, schedule.at) {
        (Some(daily), _, _) => {
            let time = daily.parse::<jiff::civil::Time>().unwrap_or_default();
            let since_midnight = i64::from(time.hour()) * 60 + i64::from(time.minute());
            let today = horizon.start.day().plus(since_midnight * MINUTE);
            let newest = if today <= horizon.start {
                today
            } else {
                today.plus(-DAY)
            };
            (newest, DAY)
        }
        (None, Some(every), Some(at)) => (
            horizon.start.plus_minutes(at),
            (every * MINUTE as f64) as i64,
        ),
        _ => return Vec::new(),
    };
    let step = step.max(MINUTE);
    let first = horizon.from.since(anchor).div_euclid(step) + 1;
    let last = horizon.until.since(anchor).div_euclid(step);
    (first..=last)
        .filter_map(|k| {
            let number = u32::try_from(i64::from(schedule.last) + k).ok()?;
            (number > 0).then(|| (number, anchor.plus(k * step)))
        })
        .collect()
}

/// What fails in a run (`part`, name of the failure), by its story or by chance.
pub fn trouble<'a>(
    story: Option<&'a Story>,
    probability: f64,
    troubles: &'a [String],
    dice: Dice,
) -> Option<(&'a str, &'a str)> {
    let text = match story {
        Some(story) => story.fail.as_deref(),
        None if dice.of("trouble").chance(probability) => troubles
            .get(dice.of("which").index(troubles.len()))
            .map(String::as_str),
        None => None,
    };
    text?.split_once(':')
}

/// Durations vary by 12 % either way, and by the story's factor.
pub fn lasting(minutes: f64, story: Option<&Story>, dice: Dice) -> i64 {
    let slow = story.map_or(1.0, |s| s.slow);
    (minutes * slow * dice.of("lasting").between(0.88, 1.12) * MINUTE as f64) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn horizon() -> Horizon {
        let start = Moment(1_763_906_400_000); // 2025-11-23T14:00Z
        Horizon {
            start,
            from: start.plus(-2 * DAY),
            until: start.plus(DAY),
        }
    }

    fn every(minutes: f64) -> Schedule {
        Schedule {
            last: 10,
            every: Some(minutes),
            at: Some(-30.0),
            daily: None,
            jitter: 0.0,
        }
    }

    #[test]
    fn counts_back_and_forth_from_the_newest_run() {
        let runs = occurrences(&every(720.0), &[], horizon(), Dice::new(1));
        let numbers: Vec<u32> = runs.iter().map(|r| r.number).collect();
        assert_eq!(numbers, [7, 8, 9, 10, 11, 12]);
        assert_eq!(runs[3].at.minutes_since(horizon().start), -30.0);
    }

    #[test]
    fn a_daily_run_is_at_its_time_of_day() {
        let schedule = Schedule {
            every: None,
            at: None,
            daily: Some("02:00".into()),
            ..every(1.0)
        };
        let runs = occurrences(&schedule, &[], horizon(), Dice::new(1));
        assert!(runs.iter().all(|r| r.at.format("%H:%M") == "02:00"));
        let newest = runs.iter().rfind(|r| r.at <= horizon().start);
        assert_eq!(newest.map(|r| r.number), Some(10));
    }

    #[test]
    fn a_longer_horizon_changes_nothing_before() {
        let schedule = Schedule {
            jitter: 40.0,
            ..every(90.0)
        };
        let short = occurrences(&schedule, &[], horizon(), Dice::new(1));
        let longer = Horizon {
            until: horizon().until.plus(DAY),
            ..horizon()
        };
        let long = occurrences(&schedule, &[], longer, Dice::new(1));
        assert!(long.len() > short.len());
        assert!(
            short
                .iter()
                .zip(&long)
                .all(|(a, b)| a.number == b.number && a.at == b.at)
        );
    }
}
