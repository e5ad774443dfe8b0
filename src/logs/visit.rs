//! Showing lines one after another to someone: exports, copies, curves.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};

use super::key::LineKey;
use super::line::LineRef;

/// A line on a visit.
#[derive(Clone, Copy, Debug)]
pub struct Visited<'a> {
    pub line: LineRef<'a>,
    pub key: LineKey,
    /// In the document, counted from 0.
    pub number: u64,
    /// It has no end yet: more of it may come.
    pub open: bool,
    pub ingested_ms: Option<i64>,
}

/// How lines are written: as they are, as JSON lines, as Markdown; masked or not.
pub trait Format: Send + Sync + fmt::Debug {
    /// Written once, before the first line.
    fn head(&self, _out: &mut Vec<u8>) {}

    /// With its line end.
    fn line(&self, line: &Visited<'_>, out: &mut Vec<u8>);

    /// Written once, after the last line.
    fn foot(&self, _out: &mut Vec<u8>) {}
}

impl PartialEq for dyn Format {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::addr_eq(self, other)
    }
}

/// The text as it came, nothing masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawText;

impl Format for RawText {
    fn line(&self, line: &Visited<'_>, out: &mut Vec<u8>) {
        out.extend_from_slice(line.line.text);
        out.push(b'\n');
    }
}

type See = dyn FnMut(&Visited<'_>) -> ControlFlow<()> + Send;

/// Someone who wants to see lines; told apart by identity.
#[derive(Clone)]
pub struct Visitor(Arc<Mutex<See>>);

impl Visitor {
    /// Runs on a thread of its own; `Break` ends the visit.
    pub fn new(see: impl FnMut(&Visited<'_>) -> ControlFlow<()> + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(see)))
    }

    pub(super) fn see(&self, line: &Visited<'_>) -> ControlFlow<()> {
        let mut see = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        see(line)
    }
}

impl PartialEq for Visitor {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Visitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Visitor")
    }
}
