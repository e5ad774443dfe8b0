//! Sorting experiments by a metric or a parameter.

use std::cmp::Ordering;

use crate::cli::args::{DvcExpShowArgs, DvcSortOrder};
use crate::cli::dvc::Refusal;
use crate::sources::dvc::Value;
use crate::sources::dvc::history::{Values, flat};

use super::collect::{Baseline, Experiment, Shown};

/// Which column: metrics or parameters, the file, the name.
type Column = (bool, String, String);

pub fn sort(args: &DvcExpShowArgs, baselines: &mut [Baseline]) -> Result<(), Refusal> {
    let Some(by) = &args.sort_by else {
        return Ok(());
    };
    let (metrics, file, name) = column(by, baselines)?;
    for baseline in baselines {
        let key = |experiment: &Experiment| {
            let first = experiment.revs.first()?;
            if metrics && first.without_metrics {
                return None;
            }
            let (_, record) = first.data.as_ref()?;
            value(
                if metrics {
                    &record.metrics
                } else {
                    &record.params
                },
                &file,
                &name,
            )
        };
        baseline.experiments.sort_by(|a, b| {
            let order = compare(key(a), key(b));
            match args.sort_order {
                DvcSortOrder::Asc => order,
                DvcSortOrder::Desc => order.reverse(),
            }
        });
    }
    Ok(())
}

fn value(values: &Values, file: &str, name: &str) -> Option<Value> {
    let (_, values) = values.iter().find(|(path, _)| path == file)?;
    let found = flat(values.as_ref().ok()?)
        .into_iter()
        .find(|(known, _)| known == name)?;
    (!matches!(found.1, Value::Null)).then_some(found.1)
}

/// What is not there comes last.
fn compare(a: Option<Value>, b: Option<Value>) -> Ordering {
    match (a, b) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(Value::Text(a)), Some(Value::Text(b))) => a.cmp(&b),
        (Some(a), Some(b)) => match (number(&a), number(&b)) {
            (Some(a), Some(b)) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
            _ => Ordering::Equal,
        },
    }
}

#[expect(clippy::cast_precision_loss, reason = "only the order counts")]
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        Value::Int(value) => Some(*value as f64),
        Value::Float(value) => Some(*value),
        _ => None,
    }
}

/// `name`, `file:name` or `:name`; it must mean one column only.
fn column(by: &str, baselines: &[Baseline]) -> Result<Column, Refusal> {
    let mut all: Vec<Column> = Vec::new();
    let mut add = |shown: &Shown| {
        let Some((_, record)) = &shown.data else {
            return;
        };
        for (metrics, values) in [(true, &record.metrics), (false, &record.params)] {
            if metrics && shown.without_metrics {
                continue;
            }
            for (path, read) in values {
                for (name, _) in read.as_ref().map(|value| flat(value)).unwrap_or_default() {
                    let column = (metrics, path.clone(), name);
                    if !all.contains(&column) {
                        all.push(column);
                    }
                }
            }
        }
    };
    for baseline in baselines {
        add(&baseline.shown);
        baseline
            .experiments
            .iter()
            .flat_map(|it| &it.revs)
            .for_each(&mut add);
    }
    let exact = |column: &&Column| format!("{}:{}", column.1, column.2) == by;
    let mut found: Vec<&Column> = all.iter().filter(exact).collect();
    if found.is_empty() {
        let name = by.strip_prefix(':').unwrap_or(by);
        found = all.iter().filter(|column| column.2 == name).collect();
    }
    match found.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(Refusal::failed(format!("Unknown sort column '{by}'"))),
        several => {
            let names: Vec<_> = several
                .iter()
                .map(|it| format!("{}:{}", it.1, it.2))
                .collect();
            let names = names.join(", ");
            Err(Refusal::failed(format!(
                "Ambiguous sort column '{by}' matched '{names}'"
            )))
        }
    }
}
