//! Refusals, before they take the form of a protocol.

use std::borrow::Cow;

/// An error of a service: its code, its text, and the HTTP status it comes with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    pub code: Cow<'static, str>,
    pub message: String,
    pub status: u16,
    /// From where to where a query cannot be read, in characters.
    pub place: Option<(usize, usize)>,
}

impl ApiError {
    /// The caller's mistake: HTTP 400.
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            status: 400,
            place: None,
        }
    }

    #[must_use]
    pub fn with_place(mut self, start: usize, end: usize) -> Self {
        self.place = Some((start, end));
        self
    }

    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }
}
