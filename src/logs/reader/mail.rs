//! What comes in at a reader: asks from outside, results from its helpers.

use std::io;
use std::sync::Arc;

use crate::logs::ask::{Ask, Generation};
use crate::logs::files::index::Chunk;
use crate::logs::merge::plan::Merged;
use crate::logs::pipe::Piped;
use crate::logs::segment::FilePart;
use crate::logs::sieve::Answer;
use crate::logs::told::{Histogram, Told};

#[derive(Debug)]
pub(super) enum Mail {
    Ask(Ask),
    /// Files may have changed.
    Changed,
    Indexed(Arc<FilePart>, io::Result<Chunk>),
    Merged(io::Result<Merged>),
    Answers(Vec<Answer>),
    /// A segment could not be read; its lines are taken as not passing.
    Unreadable(io::Error),
    /// The threads of this scan are done, or stopped.
    ScanEnded(u64),
    Piped(Piped),
    Histogram(Histogram),
    /// An export, copy or visit ended.
    Visited(Generation, Told),
}
