//! CloudWatch alarms, evaluated against the simulated metrics.

use super::metrics::{MetricName, Metrics, PUBLISHED_AFTER};
use super::sample::Sample;
use crate::simulator::moment::{HOUR, MINUTE, Moment, SECOND};
use crate::simulator::scenario::spec::Alarm;

/// Alarms are followed from so long before minute 0; they were as they are then since they were last changed.
const FOLLOWED: i64 = HOUR;

#[derive(Clone, Debug, PartialEq)]
pub struct AlarmState {
    /// `OK`, `ALARM` or `INSUFFICIENT_DATA`.
    pub value: &'static str,
    pub reason: String,
    pub since: Moment,
    /// Newest first.
    pub datapoints: Vec<(Moment, f64)>,
}

pub fn metric_of(alarm: &Alarm) -> MetricName {
    let mut dimensions = vec![("EndpointName", alarm.endpoint.as_str())];
    if let Some(variant) = &alarm.variant {
        dimensions.push(("VariantName", variant));
    }
    MetricName::new(&alarm.namespace, &alarm.metric, &dimensions)
}

/// An alarm that is followed minute by minute.
#[derive(Clone, Debug)]
pub struct Follower {
    /// The next minute to evaluate.
    next: Moment,
    state: AlarmState,
}

impl Follower {
    /// Begins some time before minute 0.
    pub fn new(alarm: &Alarm, metrics: &Metrics<'_>, configured: Moment) -> Self {
        let first = metrics.start.plus(-FOLLOWED).minute();
        let mut state = evaluate(alarm, metrics, first);
        state.since = configured.plus(3 * MINUTE);
        Self {
            next: first.plus(MINUTE),
            state,
        }
    }

    /// Whether it has not gone past `now` yet, so that it can tell the state then.
    pub fn can_tell(&self, now: Moment) -> bool {
        seen(self.next.plus(-MINUTE)) <= now
    }

    /// The state at `now`, and since when.
    pub fn at(&mut self, alarm: &Alarm, metrics: &Metrics<'_>, now: Moment) -> &AlarmState {
        while seen(self.next) <= now {
            let new = evaluate(alarm, metrics, self.next);
            if new.value != self.state.value {
                self.state = AlarmState {
                    since: seen(self.next),
                    ..new
                };
            }
            self.next = self.next.plus(MINUTE);
        }
        &self.state
    }
}

/// The evaluation comes some seconds after the metrics.
fn seen(minute: Moment) -> Moment {
    minute.plus(PUBLISHED_AFTER + 4 * SECOND)
}

fn evaluate(alarm: &Alarm, metrics: &Metrics<'_>, at: Moment) -> AlarmState {
    let metric = &metric_of(alarm);
    let period = i64::from(alarm.period) * SECOND;
    let end = Moment(at.0.div_euclid(period) * period);
    let points: Vec<(Moment, Option<f64>)> = (1..=i64::from(alarm.periods))
        .map(|n| {
            let from = end.plus(-n * period);
            let readable = end.plus(PUBLISHED_AFTER);
            let value = metrics
                .period(metric, from, period, readable)
                .as_ref()
                .and_then(|s: &Sample| s.statistic(&alarm.statistic));
            (from, value)
        })
        .collect();
    let there: Vec<(Moment, f64)> = points
        .iter()
        .filter_map(|(t, v)| Some((*t, (*v)?)))
        .collect();
    let breaching = |value: f64| match alarm.comparison.as_str() {
        "GreaterThanOrEqualToThreshold" => value >= alarm.threshold,
        "LessThanThreshold" => value < alarm.threshold,
        "LessThanOrEqualToThreshold" => value <= alarm.threshold,
        _ => value > alarm.threshold,
    };
    let bad = points
        .iter()
        .filter(|(_, v)| match v {
            Some(value) => breaching(*value),
            None => alarm.missing == "breaching",
        })
        .count();
    let value = if there.is_empty() && alarm.missing == "missing" {
        "INSUFFICIENT_DATA"
    } else if bad >= alarm.datapoints as usize {
        "ALARM"
    } else {
        "OK"
    };
    AlarmState {
        value,
        reason: reason(alarm, value, &there),
        since: at,
        datapoints: there,
    }
}

/// CloudWatch's own wording.
fn reason(alarm: &Alarm, value: &str, points: &[(Moment, f64)]) -> String {
    let direction = match alarm.comparison.as_str() {
        "GreaterThanOrEqualToThreshold" => "greater than or equal to",
        "LessThanThreshold" => "less than",
        "LessThanOrEqualToThreshold" => "less than or equal to",
        _ => "greater than",
    };
    let told: Vec<String> = points
        .iter()
        .map(|(at, v)| format!("{v} ({})", at.format("%d/%m/%y %H:%M:%S")))
        .collect();
    let (n, periods) = (points.len(), alarm.periods);
    match value {
        "INSUFFICIENT_DATA" => "Insufficient Data: no datapoints were received".to_owned(),
        "ALARM" => format!(
            "Threshold Crossed: {} out of the last {periods} datapoints [{}] were {direction} the threshold ({:?}) (minimum {} datapoint{} for OK -> ALARM transition).",
            alarm.datapoints,
            told.join(", "),
            alarm.threshold,
            alarm.datapoints,
            if alarm.datapoints == 1 { "" } else { "s" },
        ),
        _ if n == 0 => format!(
            "Threshold Crossed: no datapoints were received for {periods} periods and {periods} missing datapoints were treated as [NonBreaching]."
        ),
        _ => format!(
            "Threshold Crossed: {n} datapoint{} [{}] {} not {direction} the threshold ({:?}).",
            if n == 1 { "" } else { "s" },
            told.join(", "),
            if n == 1 { "was" } else { "were" },
            alarm.threshold,
        ),
    }
}
