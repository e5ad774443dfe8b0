//! The port to a repository's history: walked in the background, asked about what is looked at.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::domain::history::ask::Walked;
use crate::domain::history::{Ask, Page, Told};

use super::SourceError;

/// Asks somebody on another thread to come to an end soon.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Blocking: call it from a blocking thread. What is stopped may tell less than all, and nothing is told of it.
pub trait HistorySource: Send + Sync {
    /// Every commit of branches, tags and HEAD, newest first, page by page; what is asked later is about these.
    fn walk(&self, stop: &Stop, tell: &mut dyn FnMut(Page)) -> Result<Walked, SourceError>;

    /// Tells the answer, perhaps in parts.
    fn answer(&self, ask: &Ask, stop: &Stop, tell: &mut dyn FnMut(Told));
}
