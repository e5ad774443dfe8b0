//! When to ask again: sooner when lines come, later when none do, half as often after a throttle.

use std::time::Duration;

use crate::domain::source_error::ErrorKind;

/// The longest wait while all is well.
const MOST_QUIET: Duration = Duration::from_secs(30);
/// So many empty answers in a row double the wait: it stays a fraction of the silence.
const EMPTY_TURNS: u32 = 5;
/// The longest wait for a group that is not there yet: it appears when its first container writes.
const MOST_MISSING: Duration = Duration::from_secs(10);
/// The longest wait after failures in a row.
const MOST_FAILED: Duration = Duration::from_secs(30);
/// A missing permission is seldom granted within a minute.
const DENIED: Duration = Duration::from_secs(60);
/// A person renews the session: be there soon after.
const EXPIRED: Duration = Duration::from_secs(10);
/// Good answers in a row after which the rate doubles again, up to what it was before the throttle.
const GOOD_TURNS: u32 = 10;
/// The rate is halved so many times at most.
const MOST_HALVED: u32 = 4;

/// The pace of a follower.
#[derive(Clone, Debug, Default)]
pub struct Pace {
    empty: u32,
    failures: u32,
    halved: u32,
    good: u32,
}

/// How a turn went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turned {
    Lines,
    Nothing,
    Failed(ErrorKind),
}

impl Pace {
    /// The wait before the next turn; `period` is that between two good ones.
    pub fn after(&mut self, turned: Turned, period: Duration) -> Duration {
        match turned {
            Turned::Lines => self.empty = 0,
            Turned::Nothing | Turned::Failed(ErrorKind::Missing) => {
                self.empty = self.empty.saturating_add(1);
            }
            Turned::Failed(_) => {}
        }
        match turned {
            Turned::Lines | Turned::Nothing | Turned::Failed(ErrorKind::Missing) => {
                self.failures = 0;
                self.good += 1;
                if self.good >= GOOD_TURNS {
                    self.good = 0;
                    self.halved = self.halved.saturating_sub(1);
                }
            }
            Turned::Failed(kind) => {
                self.failures = self.failures.saturating_add(1);
                self.good = 0;
                if kind == ErrorKind::Throttled {
                    self.halved = (self.halved + 1).min(MOST_HALVED);
                }
            }
        }
        let doubled = |times: u32, most: Duration| {
            let wait = period.saturating_mul(2_u32.saturating_pow(times.min(16)));
            wait.min(most).max(period)
        };
        match turned {
            Turned::Lines => doubled(self.halved, MOST_QUIET),
            Turned::Nothing => doubled(self.halved.max(self.empty / EMPTY_TURNS), MOST_QUIET),
            Turned::Failed(ErrorKind::Missing) => doubled(self.empty, MOST_MISSING),
            Turned::Failed(ErrorKind::Expired | ErrorKind::NoCredentials) => EXPIRED.max(period),
            Turned::Failed(ErrorKind::Denied | ErrorKind::NotInRegion | ErrorKind::OverBudget) => {
                DENIED.max(period)
            }
            Turned::Failed(_) => doubled(self.failures, MOST_FAILED),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(turns: &[Turned]) -> Vec<u64> {
        let mut pace = Pace::default();
        turns
            .iter()
            .map(|turn| pace.after(*turn, Duration::from_secs(2)).as_secs())
            .collect()
    }

    #[test]
    fn silence_makes_it_rarer_and_a_line_ends_that() {
        let mut turns = vec![Turned::Nothing; 25];
        turns.push(Turned::Lines);
        let waits = waits(&turns);
        assert_eq!(waits[..4], [2, 2, 2, 2]);
        assert_eq!(waits[4..9], [4, 4, 4, 4, 4]);
        assert_eq!(waits[24..], [30, 2]);
    }

    #[test]
    fn a_throttle_halves_the_rate_until_it_has_gone_well_for_a_while() {
        let throttled = Turned::Failed(ErrorKind::Throttled);
        let mut turns = vec![throttled, throttled];
        turns.extend([Turned::Lines; 21]);
        let waits = waits(&turns);
        assert_eq!(waits[..2], [4, 8]);
        assert_eq!(waits[2..11], [8; 9], "a quarter of the rate");
        assert_eq!(waits[11..21], [4; 10]);
        assert_eq!(waits[21..], [2, 2]);
    }

    #[test]
    fn failures_double_the_wait_and_some_need_a_person() {
        let offline = Turned::Failed(ErrorKind::Offline);
        assert_eq!(waits(&[offline; 5]), [4, 8, 16, 30, 30]);
        assert_eq!(
            waits(&[Turned::Failed(ErrorKind::Missing); 4]),
            [4, 8, 10, 10]
        );
        assert_eq!(waits(&[Turned::Failed(ErrorKind::Denied)]), [60]);
        assert_eq!(waits(&[Turned::Failed(ErrorKind::Expired)]), [10]);
    }
}
