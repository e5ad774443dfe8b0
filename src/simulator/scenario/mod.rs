//! Scenarios: data files that say what the simulated account has and what happens in it.

mod check;
pub mod spec;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use spec::{LogProfile, Spec};

/// The one that `demo` opens.
pub const DEFAULT: &str = "working-day";

const BUILT_IN: [(&str, &str); 1] = [(
    "working-day",
    include_str!("../../../scenarios/working-day.toml"),
)];
const LOG_PROFILES: &str = include_str!("../../../scenarios/log-profiles.toml");

/// A scenario that was read and found sound.
#[derive(Clone, Debug)]
pub struct Scenario {
    spec: Arc<Spec>,
}

/// Why a scenario file cannot be played.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {message}", line.map(|l| format!(":{l}")).unwrap_or_default())]
pub struct ScenarioError {
    pub file: String,
    /// Counted from 1, where the trouble has a place.
    pub line: Option<usize>,
    pub message: String,
}

impl Scenario {
    /// The names of the scenarios that Flightdeck brings.
    pub fn names() -> Vec<&'static str> {
        BUILT_IN.iter().map(|(name, _)| *name).collect()
    }

    /// A scenario that Flightdeck brings; `None` if it brings none of that name.
    pub fn builtin(name: &str) -> Option<Self> {
        let (_, text) = BUILT_IN.iter().find(|(n, _)| *n == name)?;
        // A test reads every built-in scenario, so the error cannot be met here.
        Self::parse(name, text).ok()
    }

    /// Reads a scenario file.
    pub fn load(path: &Path) -> Result<Self, ScenarioError> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| ScenarioError {
            file: file.clone(),
            line: None,
            message: error.to_string(),
        })?;
        Self::parse(&file, &text)
    }

    /// Reads the text of a scenario; `file` is for messages.
    pub fn parse(file: &str, text: &str) -> Result<Self, ScenarioError> {
        let mut spec: Spec = read_toml(file, text)?;
        let mut profiles: BTreeMap<String, LogProfile> =
            read_toml("log-profiles.toml", LOG_PROFILES)?;
        profiles.append(&mut spec.logs);
        spec.logs = profiles;
        check::check(&spec).map_err(|message| ScenarioError {
            file: file.to_owned(),
            line: None,
            message,
        })?;
        Ok(Self {
            spec: Arc::new(spec),
        })
    }

    pub fn title(&self) -> &str {
        &self.spec.title
    }

    pub(super) fn spec(&self) -> &Arc<Spec> {
        &self.spec
    }
}

fn read_toml<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T, ScenarioError> {
    toml::from_str(text).map_err(|error| ScenarioError {
        file: file.to_owned(),
        line: error.span().map(|span| {
            1 + text
                .bytes()
                .take(span.start)
                .filter(|b| *b == b'\n')
                .count()
        }),
        message: error.message().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_builtin_scenario_reads() {
        for (name, text) in BUILT_IN {
            if let Err(error) = Scenario::parse(name, text) {
                panic!("{error}");
            }
        }
        assert!(Scenario::builtin(DEFAULT).is_some());
        assert!(Scenario::builtin("nope").is_none());
    }

    #[test]
    fn a_wrong_key_is_told_with_its_line() {
        let error = Scenario::parse("my.toml", "title = \"x\"\n\nwheels = 4\n").unwrap_err();
        assert_eq!(error.line, Some(3), "{error}");
        assert!(error.message.contains("wheels"), "{error}");
    }
}
