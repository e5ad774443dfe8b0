//! When to ask again after a failure.

use std::time::Duration;

use crate::domain::source_error::ErrorKind;

/// The longest wait.
const CAP: Duration = Duration::from_secs(300);

/// The shortest wait after a failure.
const FLOOR: Duration = Duration::from_secs(5);

/// Doubles from failure to failure; a success starts anew.
#[derive(Clone, Debug)]
pub struct Backoff {
    failures: u32,
    random: u64,
}

impl Backoff {
    pub fn new(seed: u64) -> Self {
        Self {
            failures: 0,
            // Zero would stay zero for ever.
            random: seed | 1,
        }
    }

    /// The wait before the next question, `period` being the wait after a success.
    pub fn next(&mut self, period: Duration, failure: Option<ErrorKind>) -> Duration {
        let wait = match failure {
            None => {
                self.failures = 0;
                period
            }
            // A person renews the session: be there soon after.
            Some(ErrorKind::Expired | ErrorKind::NoCredentials) => {
                self.failures = 0;
                period.min(Duration::from_secs(30)).max(FLOOR)
            }
            // A missing permission or service does not come back by asking.
            Some(ErrorKind::Denied | ErrorKind::NotInRegion | ErrorKind::OverBudget) => CAP,
            Some(_) => {
                self.failures = self.failures.saturating_add(1);
                let doubled = period.max(FLOOR).saturating_mul(1 << self.failures.min(8));
                // The first retry after an outage must not wait longer than a calm period would.
                if self.failures == 1 {
                    period.max(FLOOR)
                } else {
                    doubled
                }
                .min(CAP.max(period))
            }
        };
        self.jitter(wait)
    }

    /// ±20 %, so that many pollers (and many people) do not ask in step.
    pub fn jitter(&mut self, wait: Duration) -> Duration {
        // xorshift64: chance good enough to spread, from a seed given from outside.
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        let unit = (self.random >> 11) as f64 / (1_u64 << 53) as f64;
        wait.mul_f64(0.8 + 0.4 * unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(waits: &[Duration]) -> Vec<u64> {
        waits.iter().map(|w| w.as_secs()).collect()
    }

    #[test]
    fn waits_double_up_to_the_cap_and_start_anew() {
        let mut backoff = Backoff::new(7);
        let period = Duration::from_secs(60);
        for (failure, expected) in [
            (Some(ErrorKind::Throttled), 60),
            (Some(ErrorKind::Throttled), 240),
            (Some(ErrorKind::Offline), 300),
            (None, 60),
            (Some(ErrorKind::Denied), 300),
            (Some(ErrorKind::Expired), 30),
        ] {
            let wait = backoff.next(period, failure).as_secs_f64();
            let expected = f64::from(expected);
            assert!(
                (expected * 0.8..=expected * 1.2).contains(&wait),
                "{failure:?}: {wait}"
            );
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_waits() {
        let waits = |seed| {
            let mut backoff = Backoff::new(seed);
            (0..5)
                .map(|_| backoff.next(Duration::from_secs(100), None))
                .collect::<Vec<_>>()
        };
        assert_eq!(seconds(&waits(3)), seconds(&waits(3)));
        assert_ne!(waits(3), waits(5));
    }
}
