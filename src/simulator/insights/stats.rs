//! `stats`: figures of groups of records.

use std::collections::BTreeMap;

use super::parse::{Malformed, Tokens};
use super::record::{Record, time};
use crate::simulator::moment::{DAY, HOUR, MINUTE, Moment, SECOND};

#[derive(Debug)]
pub struct Stats {
    /// Function, field, and the column's name.
    figures: Vec<(Figure, Option<String>, String)>,
    by: Vec<(Key, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Figure {
    Count,
    Sum,
    Average,
    Least,
    Most,
}

#[derive(Debug)]
enum Key {
    /// Milliseconds.
    Bin(i64),
    Field(String),
}

impl Stats {
    pub fn parse(tokens: &mut Tokens) -> Result<Self, Malformed> {
        let mut figures = Vec::new();
        loop {
            let written = tokens.column()?;
            let (name, field) = written
                .split_once('(')
                .ok_or_else(|| Malformed(format!("stats wants a function, not {written}")))?;
            let figure = match name.to_lowercase().as_str() {
                "count" => Figure::Count,
                "sum" => Figure::Sum,
                "avg" => Figure::Average,
                "min" => Figure::Least,
                "max" => Figure::Most,
                other => {
                    return Err(Malformed(format!(
                        "the simulated account knows no function '{other}'"
                    )));
                }
            };
            let field = Some(field.trim_end_matches(')'))
                .filter(|field| !matches!(*field, "" | "*"))
                .map(str::to_owned);
            let shown = tokens.alias()?.unwrap_or(written);
            figures.push((figure, field, shown));
            if !tokens.take_sign(",") {
                break;
            }
        }
        let mut by = Vec::new();
        if tokens.take_word("by") {
            loop {
                let written = tokens.column()?;
                let key = match written
                    .strip_prefix("bin(")
                    .and_then(|w| w.strip_suffix(')'))
                {
                    Some(span) => Key::Bin(
                        millis(span)
                            .ok_or_else(|| Malformed(format!("bin wants a time, not {span}")))?,
                    ),
                    None => Key::Field(written.clone()),
                };
                by.push((key, tokens.alias()?.unwrap_or(written)));
                if !tokens.take_sign(",") {
                    break;
                }
            }
        }
        Ok(Self { figures, by })
    }

    pub fn rows(&self, records: &[Record]) -> Vec<Vec<(String, String)>> {
        let mut groups: BTreeMap<Vec<Option<String>>, Vec<&Record>> = BTreeMap::new();
        for record in records {
            let key = self.by.iter().map(|(key, _)| key.of(record)).collect();
            groups.entry(key).or_default().push(record);
        }
        let mut rows = Vec::new();
        for (key, members) in groups {
            let mut row: Vec<(String, String)> = self
                .by
                .iter()
                .zip(key)
                .filter_map(|((_, shown), value)| Some((shown.clone(), value?)))
                .collect();
            for (figure, field, shown) in &self.figures {
                if let Some(value) = figure.of(field.as_deref(), &members) {
                    row.push((shown.clone(), value));
                }
            }
            rows.push(row);
        }
        rows
    }
}

impl Key {
    fn of(&self, record: &Record) -> Option<String> {
        match self {
            Self::Bin(millis) => Some(time(Moment(record.at.0.div_euclid(*millis) * millis))),
            Self::Field(name) => record.field(name),
        }
    }
}

impl Figure {
    fn of(self, field: Option<&str>, records: &[&Record]) -> Option<String> {
        if self == Self::Count {
            let count = match field {
                Some(field) => records.iter().filter(|r| r.field(field).is_some()).count(),
                None => records.len(),
            };
            return Some(count.to_string());
        }
        let values: Vec<f64> = records
            .iter()
            .filter_map(|record| record.field(field?)?.parse().ok())
            .collect();
        let sum: f64 = values.iter().sum();
        let figure = match self {
            Self::Average => sum / values.len() as f64,
            Self::Least => values.iter().copied().fold(f64::INFINITY, f64::min),
            Self::Most => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            Self::Sum | Self::Count => sum,
        };
        (!values.is_empty()).then(|| figure.to_string())
    }
}

/// `5m`, `30s`, `1h`, `1d`.
fn millis(span: &str) -> Option<i64> {
    let digits = span.find(|c: char| !c.is_ascii_digit())?;
    let number: i64 = span[..digits].parse().ok()?;
    let unit = match &span[digits..] {
        "s" => SECOND,
        "m" | "min" => MINUTE,
        "h" => HOUR,
        "d" => DAY,
        _ => return None,
    };
    number.checked_mul(unit).filter(|millis| *millis > 0)
}
