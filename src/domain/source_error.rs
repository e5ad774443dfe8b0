//! Why a source could not answer, in the few classes that decide what the user sees and does.

use serde::{Deserialize, Serialize};

/// The class of a failure: decides glyph, retry and wording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The service asked us to slow down; the poller backs off and tries again.
    Throttled,
    /// The caller lacks a permission; `hint` names the missing action where the service said it.
    Denied,
    /// The session has expired; `hint` is the command that renews it.
    Expired,
    /// No credentials were found, or they are not valid.
    NoCredentials,
    /// The service could not be reached or did not answer in time.
    Offline,
    /// The service or operation does not exist in this Region or behind this endpoint URL.
    NotInRegion,
    /// The thing asked for does not exist.
    Missing,
    /// The answer could not be understood.
    Malformed,
    /// The service failed (HTTP 5xx).
    ServerFault,
    /// Our own ledger refused the call because a spending cap is reached.
    OverBudget,
}

impl ErrorKind {
    /// One word for the state line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Throttled => "throttled",
            Self::Denied => "denied",
            Self::Expired => "expired",
            Self::NoCredentials => "no credentials",
            Self::Offline => "offline",
            Self::NotInRegion => "not available",
            Self::Missing => "missing",
            Self::Malformed => "malformed",
            Self::ServerFault => "server fault",
            Self::OverBudget => "over budget",
        }
    }

    /// Whether asking again later can help without a person doing something first.
    pub fn is_transient(self) -> bool {
        matches!(
            self,
            Self::Throttled | Self::Offline | Self::ServerFault | Self::Malformed
        )
    }
}

/// A failure of one source, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{source_name}: {what}")]
pub struct SourceError {
    /// Which source failed, as `service:Operation` (`sagemaker:ListEndpoints`) or `git`, `dvc`.
    #[serde(rename = "source")]
    pub source_name: String,
    pub kind: ErrorKind,
    /// What happened, one sentence, no secrets, no HTML.
    pub what: String,
    /// What to do about it; often a command to run.
    pub hint: Option<String>,
}

impl SourceError {
    pub fn new(source: impl Into<String>, kind: ErrorKind, what: impl Into<String>) -> Self {
        Self {
            source_name: source.into(),
            kind,
            what: what.into(),
            hint: None,
        }
    }

    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// What could be had, and which parts are missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partial<T> {
    pub value: T,
    pub missing: Vec<SourceError>,
}

impl<T> Partial<T> {
    pub fn whole(value: T) -> Self {
        Self {
            value,
            missing: Vec::new(),
        }
    }

    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Partial<U> {
        Partial {
            value: f(self.value),
            missing: self.missing,
        }
    }
}

/// What every source call answers.
pub type Answer<T> = Result<Partial<T>, SourceError>;
