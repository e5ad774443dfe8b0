//! One file alone: its segments are stretches of it.

use std::io;
use std::sync::Arc;

use crate::logs::block::Block;
use crate::logs::document::Document;
use crate::logs::key::LineKey;
use crate::logs::positioned;
use crate::logs::segment::{FilePart, SEGMENT_BYTES, Segment};

use super::followed::Followed;
use super::index::{Assembly, Chunk, Job};

#[derive(Debug, Default)]
pub(super) struct Single {
    assembly: Option<Assembly>,
}

impl Single {
    /// Bytes being indexed.
    pub fn unread(&self) -> u64 {
        self.assembly.as_ref().map_or(0, Assembly::unread)
    }

    pub fn is_busy(&self) -> bool {
        self.assembly.is_some()
    }

    /// The next stretch to be indexed, when the last one is done.
    pub fn next_job(&mut self, file: &mut Followed, document: &Document) -> Option<Job> {
        if self.assembly.is_some() || file.len <= file.known {
            return None;
        }
        let start = match tail_of(document, file.part.major) {
            // A short or unfinished segment goes on growing.
            Some((_, tail)) if tail.open || tail.bytes < SEGMENT_BYTES as u64 => {
                u64::try_from(tail.first.minor()).unwrap_or(0)
            }
            _ => file.known,
        };
        file.known = file.len;
        let job = Job {
            file: 0,
            part: Arc::clone(&file.part),
            range: start..file.len,
        };
        self.assembly = Some(Assembly::new(job.clone()));
        Some(job)
    }

    /// Takes what one chunk of the running job brought. False if the chunk belongs to a job that is no more.
    pub fn take(&mut self, document: &mut Document, part: &Arc<FilePart>, chunk: Chunk) -> bool {
        let Some(assembly) = &mut self.assembly else {
            return false;
        };
        if !Arc::ptr_eq(&assembly.job().part, part) {
            return false;
        }
        let segments = assembly.take(chunk, &mut || document.next_id());
        if assembly.is_done() {
            self.assembly = None;
        }
        put(document, part.major, segments);
        true
    }

    /// Gives up what is being indexed; false if nothing was.
    pub fn stop(&mut self) -> bool {
        self.assembly.take().is_some()
    }

    /// Forgets the lines of a life of the file.
    pub fn forget(&mut self, document: &mut Document, major: i64) {
        if self
            .assembly
            .as_ref()
            .is_some_and(|a| a.job().part.major == major)
        {
            self.assembly = None;
        }
        let gone = segments_of(document, major);
        document.splice(gone, Vec::new());
    }
}

/// The last lines of the file.
pub(super) fn tail(file: &Followed, most: u64) -> io::Result<Block> {
    let start = file.len.saturating_sub(most);
    let mut bytes = Vec::new();
    let len = usize::try_from(file.len - start).unwrap_or(usize::MAX);
    positioned::read_into(&file.part.file, &mut bytes, start, len)?;
    // The first line is most likely not whole.
    let skip = match memchr::memchr(b'\n', &bytes) {
        Some(at) if start > 0 && at + 1 < bytes.len() => at + 1,
        _ => 0,
    };
    let at = i64::try_from(start + skip as u64).unwrap_or(i64::MAX);
    let mut block = Block::plain(LineKey::new(file.part.major, at), file.part.source);
    block.append(&bytes[skip..]);
    Ok(block)
}

fn segments_of(document: &Document, major: i64) -> std::ops::Range<usize> {
    let start = document.segment_from(LineKey::new(major, i64::MIN));
    let end = document.segment_from(LineKey::new(major, i64::MAX));
    start..end
}

fn tail_of(document: &Document, major: i64) -> Option<(usize, &Segment)> {
    let at = segments_of(document, major).next_back()?;
    Some((at, document.segments().get(at)?))
}

/// Puts segments behind those of the same file; the first may go on where the last one left off.
fn put(document: &mut Document, major: i64, mut segments: Vec<Segment>) {
    let Some(first) = segments.first_mut() else {
        return;
    };
    let range = segments_of(document, major);
    let replaced = match tail_of(document, major) {
        Some((at, tail)) if tail.first == first.first => {
            if first.lines >= tail.settled_lines() {
                (first.id, first.edits) = (tail.id, tail.edits);
            }
            at..range.end
        }
        _ => range.end..range.end,
    };
    document.splice(replaced, segments);
}
