//! What of a followed target's troubles is worth telling.

use crate::domain::log::LogTarget;
use crate::domain::source_error::{ErrorKind, SourceError};
use crate::pollers::following::Turn;

/// The troubles of one target.
pub struct Trouble {
    name: String,
    /// Failures in a row, and the last of them.
    failures: u32,
    failure: Option<SourceError>,
}

impl Trouble {
    pub fn of(target: &LogTarget) -> Self {
        Self {
            name: target.group.clone(),
            failures: 0,
            failure: None,
        }
    }

    /// Takes note of a turn; the answer is what is worth telling of it.
    pub fn note(&mut self, turn: &Turn) -> Vec<String> {
        let missing = turn.missing.iter();
        let mut told: Vec<String> = missing
            .map(|error| format!("{}: {}", self.name, error.what))
            .collect();
        match &turn.failure {
            Some(error) => told.extend(self.failed(error)),
            None => told.extend(self.recovered()),
        }
        told
    }

    /// The same trouble is told once.
    fn failed(&mut self, error: &SourceError) -> Option<String> {
        self.failures = self.failures.saturating_add(1);
        let last = self.failure.replace(error.clone());
        if last.is_some_and(|last| (last.kind, &last.what) == (error.kind, &error.what)) {
            return None;
        }
        let hint = error
            .hint
            .as_ref()
            .map_or(String::new(), |hint| format!(" ({hint})"));
        Some(match error.kind {
            ErrorKind::Missing => format!("{}: nothing there yet, waiting", self.name),
            _ => format!("{}: {}{hint}", self.name, error.what),
        })
    }

    fn recovered(&mut self) -> Option<String> {
        let failure = self.failure.take()?;
        let failures = match std::mem::take(&mut self.failures) {
            1 => "1 failure".to_owned(),
            n => format!("{n} failures"),
        };
        // That a group appears is no recovery.
        (failure.kind != ErrorKind::Missing)
            .then(|| format!("{} is back after {failures}", self.name))
    }
}
