//! What SageMaker calls a metric definition: a name, and the expression that finds its value in a log line.

use regex::bytes::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Bytes of a compiled expression. It is run on every line: its time grows with the line, but also with its size.
const LARGEST: usize = 256 << 10;

/// As in `AlgorithmSpecification.MetricDefinitions`: the first group of the expression is the number.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MetricDefinition {
    pub name: String,
    pub regex: String,
}

/// A definition that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("metric {name}: {why}")]
pub struct BadDefinition {
    pub name: String,
    pub why: String,
}

impl MetricDefinition {
    /// # Errors
    /// Where the expression cannot be read, is too large to be run on every line, or has no group.
    pub fn compile(&self) -> Result<Regex, BadDefinition> {
        let bad = |why: String| BadDefinition {
            name: self.name.clone(),
            why,
        };
        let built = RegexBuilder::new(&self.regex).size_limit(LARGEST).build();
        let regex = built.map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => {
                bad("too large to be run on every line: repeat less, {1000} for example".into())
            }
            error => {
                // The library draws the expression with a caret below it; its last line says what is wrong.
                let whole = error.to_string();
                let last = whole.lines().last().unwrap_or_default();
                bad(last.trim_start_matches("error: ").trim().to_owned())
            }
        })?;
        if regex.captures_len() < 2 {
            let text = &self.regex;
            return Err(bad(format!(
                "no group in {text}: put the number in parentheses"
            )));
        }
        Ok(regex)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_used_says_why() {
        for (regex, why) in [
            ("(", "unclosed group"),
            ("x", "no group in x: put the number in parentheses"),
            (
                r"(\w{1000})",
                "too large to be run on every line: repeat less, {1000} for example",
            ),
            (
                "(?=x)(y)",
                "look-around, including look-ahead and look-behind, is not supported",
            ),
        ] {
            let definition = MetricDefinition {
                name: "m".into(),
                regex: regex.into(),
            };
            let error = definition.compile().unwrap_err();
            assert_eq!(error.to_string(), format!("metric m: {why}"));
        }
    }
}
