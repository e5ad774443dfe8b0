//! Time of the simulated account.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::domain::clock::Clock;

/// A clock for the simulated account: it runs at a chosen speed, or stands still.
#[derive(Clone, Debug)]
pub struct SimClock(Mode);

#[derive(Clone, Debug)]
enum Mode {
    Running {
        wall: Arc<dyn Clock>,
        wall_start: Timestamp,
        start: Timestamp,
        speed: f64,
    },
    Fixed(Timestamp),
}

impl SimClock {
    /// Says `start` now, and goes on `speed` times as fast as `wall`.
    pub fn running(wall: Arc<dyn Clock>, start: Timestamp, speed: f64) -> Self {
        let wall_start = wall.now();
        Self(Mode::Running {
            wall,
            wall_start,
            start,
            speed,
        })
    }

    /// Always says `at`.
    pub fn fixed(at: Timestamp) -> Self {
        Self(Mode::Fixed(at))
    }
}

impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        match &self.0 {
            Mode::Fixed(at) => *at,
            Mode::Running {
                wall,
                wall_start,
                start,
                speed,
            } => {
                let elapsed = wall.now().duration_since(*wall_start).as_secs_f64() * speed;
                SignedDuration::try_from_secs_f64(elapsed)
                    .ok()
                    .and_then(|elapsed| start.checked_add(elapsed).ok())
                    .unwrap_or(*start)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    #[derive(Debug)]
    struct Hand(AtomicI64);

    impl Clock for Hand {
        fn now(&self) -> Timestamp {
            Timestamp::from_second(self.0.load(Ordering::Relaxed)).unwrap()
        }
    }

    #[test]
    fn runs_at_its_speed_from_its_start() {
        let wall = Arc::new(Hand(AtomicI64::new(1_000)));
        let start = Timestamp::from_second(1_764_000_000).unwrap();
        let clock = SimClock::running(wall.clone(), start, 60.0);
        assert_eq!(clock.now(), start);
        wall.0.store(1_002, Ordering::Relaxed);
        assert_eq!(clock.now().as_second(), start.as_second() + 120);
    }

    #[test]
    fn a_fixed_clock_stands_still() {
        let at = Timestamp::from_second(1_764_000_000).unwrap();
        assert_eq!(SimClock::fixed(at).now(), at);
    }
}
