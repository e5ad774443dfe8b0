//! A fetched value that knows its age, and why it is not younger.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::source_error::{Answer, SourceError};

/// A value from a source. A failure keeps the last value and adds the cause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fetched<T> {
    value: Option<T>,
    /// When `value` arrived.
    at: Option<Timestamp>,
    /// The failure since then, if the last attempt failed.
    failure: Option<SourceError>,
    /// Parts that the last good answer lacked.
    missing: Vec<SourceError>,
    /// A first answer is awaited.
    loading: bool,
}

/// What a pane says about its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Freshness<'a> {
    /// Nobody has asked yet.
    Never,
    /// Asked for the first time, no answer yet.
    Loading,
    Fresh {
        at: Timestamp,
    },
    /// Fresh, but some parts could not be had.
    Partial {
        at: Timestamp,
        missing: &'a [SourceError],
    },
    /// The last attempt failed; the value is the one from `at`.
    Stale {
        at: Timestamp,
        why: &'a SourceError,
    },
    /// No attempt has succeeded.
    Failed {
        why: &'a SourceError,
    },
}

impl<T> Default for Fetched<T> {
    fn default() -> Self {
        Self {
            value: None,
            at: None,
            failure: None,
            missing: Vec::new(),
            loading: false,
        }
    }
}

impl<T> Fetched<T> {
    pub fn fresh(at: Timestamp, value: T) -> Self {
        Self {
            value: Some(value),
            at: Some(at),
            ..Self::default()
        }
    }

    /// Takes an answer in: good data replaces, a failure only adds its cause.
    /// Answers whether anything but the age is different now.
    pub fn receive(&mut self, at: Timestamp, answer: Answer<T>) -> bool
    where
        T: PartialEq,
    {
        let was_loading = std::mem::take(&mut self.loading);
        match answer {
            Ok(partial) => {
                let same = self.failure.is_none()
                    && self.missing == partial.missing
                    && self.value.as_ref() == Some(&partial.value);
                self.value = Some(partial.value);
                self.missing = partial.missing;
                self.at = Some(at);
                self.failure = None;
                !same
            }
            Err(error) => {
                let same = self.failure.as_ref() == Some(&error);
                self.failure = Some(error);
                was_loading || !same
            }
        }
    }

    /// The source was asked and the value still holds.
    pub fn touch(&mut self, at: Timestamp) {
        if self.value.is_some() {
            self.at = Some(at);
            self.failure = None;
        }
    }

    /// Marks that a first answer is awaited.
    pub fn expect(&mut self) {
        self.loading = self.value.is_none() && self.failure.is_none();
    }

    pub fn value(&self) -> Option<&T> {
        self.value.as_ref()
    }

    pub fn value_mut(&mut self) -> Option<&mut T> {
        self.value.as_mut()
    }

    pub fn at(&self) -> Option<Timestamp> {
        self.at
    }

    pub fn failure(&self) -> Option<&SourceError> {
        self.failure.as_ref()
    }

    /// Every reason why the data is not whole or not new: the failure first.
    pub fn problems(&self) -> impl Iterator<Item = &SourceError> {
        self.failure.iter().chain(&self.missing)
    }

    pub fn freshness(&self) -> Freshness<'_> {
        match (self.at, &self.failure) {
            (Some(at), Some(why)) => Freshness::Stale { at, why },
            (Some(at), None) if self.missing.is_empty() => Freshness::Fresh { at },
            (Some(at), None) => Freshness::Partial {
                at,
                missing: &self.missing,
            },
            (None, Some(why)) => Freshness::Failed { why },
            (None, None) if self.loading => Freshness::Loading,
            (None, None) => Freshness::Never,
        }
    }
}

impl<T> Fetched<Vec<T>> {
    pub fn items(&self) -> &[T] {
        self.value.as_deref().unwrap_or_default()
    }
}
