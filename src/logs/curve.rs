//! Numbers in lines become curves: losses, accuracies, learning rates over the steps of a training.

use std::borrow::Cow;
use std::collections::HashMap;

use memchr::memchr3;
use regex::bytes::Regex;

use crate::domain::metric_definition::MetricDefinition;

use super::ansi;
use super::fields::{self, Value, json, pairs};
use super::line::LineRef;

mod interest;
mod series;
#[cfg(test)]
mod tests;

pub use series::{Axis, Point, Series, Trend};

/// Names of one tail; a program that makes up names has them judged again and again.
const MOST_NAMES: usize = 4096;

/// Series of one tail; a less interesting one makes way.
const MOST_SERIES: usize = 32;

/// All curves of a tail, in less than a megabyte however many lines there are.
#[derive(Clone, Debug, Default)]
pub struct Curves {
    definitions: Vec<(String, Regex)>,
    series: Vec<Series>,
    /// What the names seen so far stand for: asked of every number of every line.
    known: HashMap<Box<str>, Kind>,
    lines: u64,
    /// Told last, for lines that do not tell where they are.
    step: Option<f64>,
    epoch: Option<f64>,
}

/// What a named number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Counter(Axis),
    Metric,
    /// An id, a time, a size, or defined by the user otherwise.
    Other,
}

/// Where a line stands on the axes.
#[derive(Clone, Copy, Debug)]
struct Place {
    step: Option<f64>,
    epoch: Option<f64>,
    /// Milliseconds since 1970.
    time: Option<f64>,
    line: f64,
}

impl Curves {
    /// With definitions of the user's, or of a job; what lines tell of themselves is found without any. Those that cannot
    /// be used are left out: [`MetricDefinition::compile`] says why.
    pub fn new(definitions: &[MetricDefinition]) -> Self {
        let usable = definitions
            .iter()
            .filter_map(|definition| Some((definition.name.clone(), definition.compile().ok()?)));
        Self {
            definitions: usable.collect(),
            ..Self::default()
        }
    }

    /// Takes the numbers of a line in. `key` names the line and grows with its place in the document.
    pub fn add(&mut self, line: &LineRef<'_>, key: u64) {
        self.lines += 1;
        let mut found = Vec::new();
        let message;
        let text = &*plain(line.text);
        numbers(fields::all(text), &mut found);
        if json::members(text).is_some() {
            message = fields::message(text);
            numbers(pairs::all(message.as_bytes()), &mut found);
        }
        found.retain(|(name, number)| match self.kind(name) {
            Kind::Counter(Axis::Step) => {
                self.step = Some(*number);
                false
            }
            Kind::Counter(_) => {
                self.epoch = Some(*number);
                false
            }
            kind => kind == Kind::Metric,
        });
        let place = Place {
            step: self.step,
            epoch: self.epoch,
            #[expect(clippy::cast_precision_loss, reason = "milliseconds fit for millennia")]
            time: line.at_ms.map(|ms| ms as f64),
            #[expect(clippy::cast_precision_loss, reason = "for drawing")]
            line: self.lines as f64,
        };
        for at in 0..self.definitions.len() {
            let (name, regex) = &self.definitions[at];
            let number = regex
                .captures(text)
                .and_then(|captures| captures.get(1))
                .and_then(|group| pairs::scalar(group.as_bytes().trim_ascii()).number());
            if let Some(number) = number {
                let name = name.clone();
                // `validation:auc` is the `auc` of the line: one curve of the two is enough.
                #[expect(clippy::float_cmp, reason = "the same digits were read twice")]
                found.retain(|(own, same)| !(number == *same && name.ends_with(&**own)));
                self.push(&name, number, key, place, true);
            }
        }
        for (name, number) in found {
            self.push(&name, number, key, place, false);
        }
    }

    fn kind(&mut self, name: &str) -> Kind {
        if let Some(kind) = self.known.get(name) {
            return *kind;
        }
        let own = self.definitions.iter().any(|(own, _)| own == name);
        let kind = match interest::counter(name) {
            Some(axis) => Kind::Counter(axis),
            None if !own && interest::is_metric(name) => Kind::Metric,
            None => Kind::Other,
        };
        if self.known.len() >= MOST_NAMES {
            self.known.clear();
        }
        self.known.insert(name.into(), kind);
        kind
    }

    fn push(&mut self, name: &str, y: f64, key: u64, place: Place, defined: bool) {
        let known = self.series.iter().position(|s| s.name() == name);
        let at = match known {
            Some(at) => at,
            None if self.make_room(name, defined) => {
                self.series.push(Series::new(name, defined, place.axis()));
                self.series.len() - 1
            }
            None => return,
        };
        let series = &mut self.series[at];
        if let Some(x) = place.on(series.axis()).or(series.last_x()) {
            series.push(Point { x, y, key });
        }
    }

    /// Whether there is room for a new series, if need be in place of the least interesting one.
    fn make_room(&mut self, name: &str, defined: bool) -> bool {
        if self.series.len() < MOST_SERIES {
            return true;
        }
        let least = self
            .series
            .iter()
            .enumerate()
            .min_by_key(|(_, series)| (series.interest(), series.count()));
        match least {
            Some((at, series)) if series.interest() < interest::of(name, defined) => {
                self.series.remove(at);
                true
            }
            _ => false,
        }
    }

    /// The series, the most interesting first: those that were defined, losses, validation, accuracies, learning rates.
    pub fn ranked(&self) -> Vec<&Series> {
        let mut ranked: Vec<&Series> = self.series.iter().collect();
        ranked.sort_by(|a, b| {
            let rank = |s: &Series| {
                (
                    s.count() < 2,
                    s.is_constant() && !s.is_defined(),
                    u8::MAX - s.interest(),
                )
            };
            rank(a).cmp(&rank(b)).then_with(|| a.name().cmp(b.name()))
        });
        ranked
    }

    /// The numbers that became points of the series there are now.
    pub fn numbers(&self) -> u64 {
        self.series.iter().map(Series::count).sum()
    }

    pub fn get(&self, name: &str) -> Option<&Series> {
        self.series.iter().find(|series| series.name() == name)
    }

    pub fn is_empty(&self) -> bool {
        self.series.is_empty()
    }

    /// What the points take, in bytes.
    pub fn bytes(&self) -> usize {
        self.series.iter().map(Series::bytes).sum()
    }
}

impl Place {
    /// The axis that says most.
    fn axis(&self) -> Axis {
        if self.step.is_some() {
            Axis::Step
        } else if self.epoch.is_some() {
            Axis::Epoch
        } else if self.time.is_some() {
            Axis::Time
        } else {
            Axis::Line
        }
    }

    fn on(&self, axis: Axis) -> Option<f64> {
        match axis {
            Axis::Step => self.step,
            Axis::Epoch => self.epoch,
            Axis::Time => self.time,
            Axis::Line => Some(self.line),
        }
    }
}

/// The text as one reads it: without colours, and of a progress bar the last state.
fn plain(text: &[u8]) -> Cow<'_, [u8]> {
    if memchr3(b'\x1b', b'\r', b'\x08', text).is_none() {
        return Cow::Borrowed(text);
    }
    let text = String::from_utf8_lossy(text);
    Cow::Owned(ansi::interpret(&text).text.into_bytes())
}

/// The numbers among fields, each name once; of `12/100` only where something counts.
fn numbers<'a>(
    fields: impl IntoIterator<Item = (Cow<'a, str>, Value<'a>)>,
    into: &mut Vec<(Cow<'a, str>, f64)>,
) {
    for (name, value) in fields {
        if let Value::Num(number, written) = value
            && (!written.contains('/') || interest::counter(&name).is_some())
            && !into.iter().any(|(known, _)| *known == name)
        {
            into.push((name, number));
        }
    }
}
