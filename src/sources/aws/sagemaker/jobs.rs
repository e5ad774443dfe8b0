//! What the four kinds of jobs have in common.

use std::collections::HashMap;

use crate::domain::run::Run;
use crate::domain::source_error::{Partial, SourceError};
use crate::sources::aws::runs::fact;
use crate::sources::aws::text::masked;

use super::tags::Origin;

/// Largest page that the List operations give.
pub const PAGE: i32 = 100;

/// Hyperparameters or environment variables, secrets masked, in the order of their names.
pub fn settings(
    facts: &mut Vec<(String, String)>,
    prefix: &str,
    values: Option<&HashMap<String, String>>,
) {
    let mut values: Vec<_> = values.into_iter().flatten().collect();
    values.sort();
    for (name, value) in values {
        // The SDK for Python writes strings as JSON strings.
        let plain = serde_json::from_str::<String>(value).unwrap_or_else(|_| value.clone());
        fact(
            facts,
            &format!("{prefix}{name}"),
            Some(masked(name, &plain)),
        );
    }
}

/// `ml.m5.xlarge × 2`.
pub fn instances(kind: Option<&str>, count: Option<i32>) -> Option<String> {
    let kind = kind?;
    Some(match count {
        Some(count) => format!("{kind} × {count}"),
        None => kind.to_owned(),
    })
}

/// Seconds as `1 h 05 min`, `4 min 10 s`.
pub fn span(seconds: i32) -> String {
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, s) => format!("{m} min {s:02} s"),
        (h, m, _) => format!("{h} h {m:02} min"),
    }
}

/// The described run, with what its tags tell, or that they could not be read.
pub fn with_origin(mut run: Run, origin: Result<Origin, SourceError>) -> Partial<Run> {
    run.detailed = true;
    let mut missing = Vec::new();
    match origin {
        Ok(origin) => {
            run.commit = run.commit.or(origin.commit);
            run.parent = run.parent.or(origin.pipeline_execution);
        }
        Err(error) => missing.push(error),
    }
    Partial {
        value: run,
        missing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_well() {
        assert_eq!(span(9), "9 s");
        assert_eq!(span(250), "4 min 10 s");
        assert_eq!(span(3900), "1 h 05 min");
    }

    #[test]
    fn settings_are_sorted_unquoted_and_masked() {
        let values = HashMap::from([
            ("epochs".to_owned(), "10".to_owned()),
            ("db_password".to_owned(), "hunter2".to_owned()),
            ("loss".to_owned(), "\"mse\"".to_owned()),
        ]);
        let mut facts = Vec::new();
        settings(&mut facts, "", Some(&values));
        let facts: Vec<_> = facts
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        assert_eq!(
            facts,
            [("db_password", "***"), ("epochs", "10"), ("loss", "mse")]
        );
    }
}
