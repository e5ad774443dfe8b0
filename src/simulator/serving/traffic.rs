//! What endpoints do, minute by minute: traffic with a daily rhythm, latencies, errors, load.

use std::f64::consts::TAU;

use crate::simulator::dice::Dice;
use crate::simulator::moment::{MINUTE, Moment};
use crate::simulator::scenario::spec::{Endpoint, Incident, Variant};

/// One variant in one minute.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Signals {
    pub invocations: f64,
    pub errors_5xx: f64,
    pub errors_4xx: f64,
    /// Milliseconds in the container.
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// Milliseconds that SageMaker adds.
    pub overhead_ms: f64,
    pub cold_starts: f64,
    pub setup_ms: f64,
    /// Percent of one vCPU times their number.
    pub cpu: f64,
    pub memory: f64,
    pub gpu: f64,
}

/// One variant of one endpoint, and where minute 0 and chance are.
#[derive(Clone, Copy)]
pub struct Served<'a> {
    pub endpoint: &'a Endpoint,
    pub variant: &'a Variant,
    pub start: Moment,
    pub dice: Dice,
}

impl Served<'_> {
    /// When it begins to take traffic.
    pub fn since(&self) -> Moment {
        let endpoint = self.start.plus_minutes(self.endpoint.created);
        let ready = if self.endpoint.created >= self.endpoint.updated {
            endpoint.plus_minutes(self.endpoint.deploying)
        } else {
            endpoint
        };
        self.variant
            .since
            .map_or(ready, |m| self.start.plus_minutes(m))
    }

    /// Its share of the endpoint's traffic: by weight, among the variants that are there.
    pub fn share(&self, at: Moment) -> f64 {
        let there = |variant: &Variant| Served { variant, ..*self }.since() <= at;
        let all: f64 = self
            .endpoint
            .variants
            .iter()
            .filter(|v| there(v))
            .map(|v| v.weight)
            .sum();
        if all > 0.0 && there(self.variant) {
            self.variant.weight / all
        } else {
            0.0
        }
    }

    /// The minute that begins at `minute`; `None` before it takes traffic.
    pub fn minute(&self, minute: Moment) -> Option<Signals> {
        if minute < self.since() {
            return None;
        }
        let variant = self.variant;
        let dice = self
            .dice
            .of("traffic")
            .of(&self.endpoint.name)
            .of(&variant.name)
            .at(minute.0.div_euclid(MINUTE));
        let rhythm = rhythm(minute);
        let wobble = 1.0 + 0.07 * dice.of("wobble").normal().clamp(-2.5, 2.5);
        let expected = self.endpoint.per_minute * rhythm * self.share(minute) * wobble;
        let invocations = count(expected, dice.of("invocations"));
        let trouble = Trouble::at(&variant.incidents, minute.minutes_since(self.start) + 0.5);
        let error_rate = variant.errors + trouble.errors;
        let errors_5xx = count(invocations * error_rate, dice.of("5xx")).min(invocations);
        let errors_4xx = count(invocations * variant.client_errors, dice.of("4xx"))
            .min(invocations - errors_5xx);
        let slow = |name: &str, spread: f64| {
            trouble.latency * (1.0 + spread * dice.of(name).normal().clamp(-2.0, 2.5))
        };
        let load = 0.3 + 0.7 * rhythm;
        Some(Signals {
            invocations,
            errors_5xx,
            errors_4xx,
            p50_ms: variant.p50_ms * slow("p50", 0.03) * (0.9 + 0.12 * rhythm),
            p99_ms: variant.p99_ms * slow("p99", 0.06) * (0.85 + 0.18 * rhythm),
            overhead_ms: 2.1 + 0.8 * dice.of("overhead").unit(),
            cold_starts: count(invocations * variant.cold, dice.of("cold")).min(invocations),
            setup_ms: variant.setup_ms * (1.0 + 0.15 * dice.of("setup").normal().abs()),
            cpu: variant.cpu * load * (1.0 + 0.05 * dice.of("cpu").normal()).max(0.1),
            memory: (variant.memory
                + trouble.memory
                + 1.2 * dice.of("memory").normal().clamp(-2.0, 2.0))
            .clamp(1.0, 99.0),
            gpu: (variant.gpu * load * (1.0 + 0.06 * dice.of("gpu").normal())).clamp(0.0, 100.0),
        })
    }

    /// The incident that makes its errors at a moment.
    pub fn incident(&self, at: Moment) -> Option<&Incident> {
        let minute = at.minutes_since(self.start);
        self.variant
            .incidents
            .iter()
            .find(|i| i.from <= minute && i.until.is_none_or(|until| minute < until))
    }
}

/// From 0 to 1 over the day, busiest at 15:00 UTC, quieter at the weekend.
fn rhythm(at: Moment) -> f64 {
    let hour = at.since(at.day()) as f64 / (60 * MINUTE) as f64;
    let wave = 0.5 - 0.5 * (TAU * (hour - 3.0) / 24.0).cos();
    let weekend = matches!(
        at.date().weekday(),
        jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday
    );
    (0.34 + 0.66 * wave) * if weekend { 0.8 } else { 1.0 }
}

/// A whole number of events where so many are expected (Poisson).
fn count(expected: f64, dice: Dice) -> f64 {
    if expected <= 0.0 {
        return 0.0;
    }
    if expected > 25.0 {
        return (expected + expected.sqrt() * dice.normal())
            .round()
            .max(0.0);
    }
    let mut left = dice.unit();
    let mut probability = (-expected).exp();
    let mut n = 0.0;
    while left > probability && n < 100.0 {
        left -= probability;
        n += 1.0;
        probability *= expected / n;
    }
    n
}

#[derive(Clone, Copy)]
struct Trouble {
    errors: f64,
    latency: f64,
    memory: f64,
}

impl Trouble {
    fn at(incidents: &[Incident], minute: f64) -> Self {
        let mut all = Self {
            errors: 0.0,
            latency: 1.0,
            memory: 0.0,
        };
        for incident in incidents {
            if minute < incident.from || incident.until.is_some_and(|until| minute >= until) {
                continue;
            }
            let grown = ((minute - incident.from) / incident.ramp.max(0.01)).clamp(0.0, 1.0);
            all.errors += incident.errors * grown;
            all.latency *= 1.0 + (incident.latency - 1.0) * grown;
            all.memory += incident.memory * grown;
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_events_come_as_often_as_expected() {
        for expected in [0.3, 4.0, 60.0] {
            let total: f64 = (0..4000).map(|n| count(expected, Dice::new(5).at(n))).sum();
            let mean = total / 4000.0;
            assert!(
                (mean / expected - 1.0).abs() < 0.06,
                "{mean} for {expected}"
            );
        }
    }

    #[test]
    fn the_afternoon_is_busier_than_the_night() {
        let day = Moment(1_763_942_400_000); // Monday, 2025-11-24
        assert!(rhythm(day.plus(15 * 60 * MINUTE)) > 2.5 * rhythm(day.plus(3 * 60 * MINUTE)));
    }

    #[test]
    fn an_incident_grows_and_ends() {
        let incident = Incident {
            from: 3.0,
            ramp: 4.0,
            until: Some(30.0),
            errors: 0.08,
            latency: 3.0,
            memory: 0.0,
            failure: None,
        };
        let incidents = [incident];
        assert_eq!(Trouble::at(&incidents, 2.0).errors, 0.0);
        assert_eq!(Trouble::at(&incidents, 5.0).errors, 0.04);
        assert_eq!(Trouble::at(&incidents, 20.0).latency, 3.0);
        assert_eq!(Trouble::at(&incidents, 31.0).errors, 0.0);
    }
}
