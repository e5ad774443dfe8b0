//! Where the lines of a file are: newlines are counted piece by piece, by several threads at once.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use memchr::{memchr, memchr_iter, memrchr};

use crate::logs::key::LineKey;
use crate::logs::positioned;
use crate::logs::segment::{Content, FilePart, SEGMENT_BYTES, Segment};

/// Read at a time: fits into the cache next to the core.
const READ_BYTES: usize = 256 << 10;

/// A stretch of a file to be indexed; it starts where a line starts.
#[derive(Clone, Debug)]
pub struct Job {
    pub file: usize,
    pub part: Arc<FilePart>,
    pub range: Range<u64>,
}

/// The newlines of a chunk: all that has to be known to cut segments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Counted from the start of the range.
    pub number: u64,
    pub newlines: u32,
    /// Offsets in the file of the first and the last newline.
    pub ends: Option<(u64, u64)>,
}

impl Job {
    pub fn bytes(&self) -> u64 {
        self.range.end - self.range.start
    }

    pub fn chunks(&self) -> u64 {
        self.bytes().div_ceil(SEGMENT_BYTES as u64)
    }

    /// Reads one chunk. Bytes that are gone have no newlines.
    pub fn read(&self, number: u64, buffer: &mut Vec<u8>) -> io::Result<Chunk> {
        let start = self.range.start + number * SEGMENT_BYTES as u64;
        let end = (start + SEGMENT_BYTES as u64).min(self.range.end);
        newlines(&self.part.file, number, start..end, buffer)
    }
}

fn newlines(
    file: &File,
    number: u64,
    range: Range<u64>,
    buffer: &mut Vec<u8>,
) -> io::Result<Chunk> {
    let mut chunk = Chunk {
        number,
        newlines: 0,
        ends: None,
    };
    buffer.resize(READ_BYTES, 0);
    let mut at = range.start;
    while at < range.end {
        let want = (range.end - at).min(READ_BYTES as u64) as usize;
        let read = positioned::fill_at(file, &mut buffer[..want], at)?;
        let bytes = &buffer[..read];
        if let (Some(first), Some(last)) = (memchr(b'\n', bytes), memrchr(b'\n', bytes)) {
            let first = chunk.ends.map_or(at + first as u64, |(first, _)| first);
            chunk.ends = Some((first, at + last as u64));
            chunk.newlines += u32::try_from(memchr_iter(b'\n', bytes).count()).unwrap_or(u32::MAX);
        }
        at += read as u64;
        if read < want {
            break;
        }
    }
    Ok(chunk)
}

/// Cuts segments from chunks that come in any order.
#[derive(Debug)]
pub struct Assembly {
    job: Job,
    waiting: BTreeMap<u64, Chunk>,
    next: u64,
    /// Where the line starts whose end is not found yet.
    line_start: u64,
}

impl Assembly {
    pub fn new(job: Job) -> Self {
        Self {
            line_start: job.range.start,
            job,
            waiting: BTreeMap::new(),
            next: 0,
        }
    }

    pub fn job(&self) -> &Job {
        &self.job
    }

    pub fn is_done(&self) -> bool {
        self.next >= self.job.chunks()
    }

    /// Bytes that no segment holds yet.
    pub fn unread(&self) -> u64 {
        if self.is_done() {
            return 0;
        }
        self.job.range.end - self.line_start
    }

    /// Answers the segments that are complete now, in order. `id` gives each its number.
    pub fn take(&mut self, chunk: Chunk, id: &mut impl FnMut() -> u64) -> Vec<Segment> {
        self.waiting.insert(chunk.number, chunk);
        let mut segments = Vec::new();
        while let Some(chunk) = self.waiting.remove(&self.next) {
            let chunk_start = self.job.range.start + self.next * SEGMENT_BYTES as u64;
            self.next += 1;
            let Some((first, last)) = chunk.ends else {
                continue;
            };
            let mut lines = chunk.newlines;
            // A very long line stands alone, so that its neighbours can be read without it.
            let is_long = first - self.line_start > SEGMENT_BYTES as u64;
            if self.line_start < chunk_start && is_long {
                segments.push(self.segment(id(), first + 1, 1, false));
                lines -= 1;
            }
            if lines > 0 {
                segments.push(self.segment(id(), last + 1, lines, false));
            }
        }
        if self.is_done() && self.line_start < self.job.range.end {
            self.take_open_line(&mut segments, id);
        }
        segments
    }

    /// The rest of the file is a line that has not ended yet.
    fn take_open_line(&mut self, segments: &mut Vec<Segment>, id: &mut impl FnMut() -> u64) {
        let end = self.job.range.end;
        let rest = end - self.line_start;
        match segments.last_mut() {
            Some(last) if last.bytes + rest <= 2 * SEGMENT_BYTES as u64 => {
                last.lines += 1;
                last.bytes += rest;
                last.open = true;
                last.last = self.key(end - 1);
                self.line_start = end;
            }
            _ => segments.push(self.segment(id(), end, 1, true)),
        }
    }

    fn segment(&mut self, id: u64, end: u64, lines: u32, open: bool) -> Segment {
        let start = std::mem::replace(&mut self.line_start, end);
        Segment {
            id,
            edits: 0,
            lines,
            open,
            bytes: end - start,
            first: self.key(start),
            last: self.key(end - 1),
            times: None,
            content: Content::File {
                part: Arc::clone(&self.job.part),
                offset: start,
            },
        }
    }

    fn key(&self, offset: u64) -> LineKey {
        LineKey::new(
            self.job.part.major,
            i64::try_from(offset).unwrap_or(i64::MAX),
        )
    }
}
