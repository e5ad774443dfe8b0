//! Several files: their lines are merged in the order of time.

use std::io;
use std::sync::Arc;

use crate::logs::block::Block;
use crate::logs::document::Document;
use crate::logs::key::LineKey;
use crate::logs::merge::piece::TIMELESS;
use crate::logs::merge::plan::{Known, Merged, Plan, Task};
use crate::logs::merge::slice::Slice;
use crate::logs::merge::tail::tail;
use crate::logs::segment::{Content, FilePart, Segment};
use crate::logs::times::TimeOf;

use super::followed::Followed;
use super::index::Job;

/// Read from the end of each file at least.
const LEAST_TAIL: u64 = 16 << 10;

#[derive(Debug)]
pub(super) struct Several {
    time_of: TimeOf,
    plans: u64,
    running: Option<u64>,
    /// The files as they were at first are merged.
    began: bool,
    known: Vec<Known>,
}

impl Several {
    pub fn new(files: usize, time_of: TimeOf) -> Self {
        Self {
            time_of,
            plans: 0,
            running: None,
            began: false,
            known: vec![Known::nothing(TIMELESS); files],
        }
    }

    pub fn is_busy(&self) -> bool {
        self.running.is_some()
    }

    /// What is to be merged, when the last plan is carried out.
    pub fn next_plan(&mut self, files: &[Followed], document: &Document) -> Option<Plan> {
        if self.running.is_some() {
            return None;
        }
        let tasks: Vec<Task> = files
            .iter()
            .zip(&self.known)
            .enumerate()
            .filter(|(_, (file, _))| file.len > file.known)
            .map(|(number, (file, known))| Task {
                job: Job {
                    file: number,
                    part: Arc::clone(&file.part),
                    range: known.again.at..file.len,
                },
                known: known.clone(),
            })
            .collect();
        if tasks.is_empty() {
            return None;
        }
        self.plans += 1;
        self.running = Some(self.plans);
        let newest = self.newest().filter(|_| self.began);
        Some(Plan::new(self.plans, tasks, newest, document, self.time_of))
    }

    fn newest(&self) -> Option<LineKey> {
        self.known.iter().filter_map(|known| known.last).max()
    }

    /// Takes what a plan brought. False if it is no longer wanted.
    pub fn take(
        &mut self,
        files: &mut [Followed],
        document: &mut Document,
        merged: Merged,
    ) -> bool {
        if self.running != Some(merged.id) {
            return false;
        }
        self.running = None;
        self.began = true;
        for (file, known) in merged.files {
            files[file].known = known.to;
            self.known[file] = known;
        }
        let behind = document.segments().get(merged.range.end).map(|s| s.first);
        let newest = self.newest().unwrap_or(LineKey::LAST);
        let goes_on = document.segments().get(merged.range.start);
        let mut old = goes_on
            .filter(|_| merged.goes_on)
            .map(|old| (old.id, old.edits));
        let segments = merged
            .slices
            .into_iter()
            .map(|(slice, until)| {
                let last = match (until, behind) {
                    (LineKey::LAST, None) => newest,
                    (LineKey::LAST, Some(behind)) => behind.before(),
                    (until, _) => until.before(),
                };
                let (id, edits) = old.take().unwrap_or_else(|| (document.next_id(), 0));
                segment(id, edits, slice, last)
            })
            .collect();
        document.splice(merged.range, segments);
        true
    }

    /// The last lines of all files, as far as they are known to be in order. So many bytes are read altogether, but
    /// some of each.
    pub fn tail(&self, files: &[Followed], most: u64) -> io::Result<Option<Block>> {
        let each = (most / files.len() as u64).max(LEAST_TAIL);
        let jobs = files
            .iter()
            .enumerate()
            .filter(|(_, file)| file.len > 0)
            .map(|(number, file)| Job {
                file: number,
                part: Arc::clone(&file.part),
                range: file.len.saturating_sub(each)..file.len,
            });
        tail(jobs, self.time_of)
    }

    /// Gives up what is being merged; false if nothing was.
    pub fn stop(&mut self) -> bool {
        self.running.take().is_some()
    }

    /// A file begins anew behind what is there of it. Answers the last line of the old one.
    pub fn next_life(&mut self, file: usize) -> Option<LineKey> {
        self.stop();
        let last = self.known[file].last;
        let mut known = Known::nothing(last.map_or(TIMELESS, LineKey::major));
        known.last = last;
        self.known[file] = known;
        last
    }

    /// Forgets the lines of a file.
    pub fn forget(&mut self, file: usize, document: &mut Document, part: &Arc<FilePart>) {
        self.stop();
        self.known[file] = Known::nothing(TIMELESS);
        let mut at = 0;
        while let Some(old) = document.segments().get(at) {
            let Some(left) = without(old, part) else {
                at += 1;
                continue;
            };
            let (id, edits, last) = (old.id, old.edits, old.last);
            let new = (!left.pieces().is_empty()).then(|| segment(id, edits + 1, left, last));
            let kept = usize::from(new.is_some());
            document.splice(at..at + 1, new.into_iter().collect());
            at += kept;
        }
    }
}

/// The slice of a segment without the lines of one file; `None` if it has none of them.
fn without(segment: &Segment, part: &Arc<FilePart>) -> Option<Slice> {
    let Content::Merged(slice) = &segment.content else {
        return None;
    };
    let is_other = |other: &Arc<FilePart>| !Arc::ptr_eq(other, part);
    let pieces = slice.pieces();
    if pieces.iter().all(|piece| is_other(&piece.part)) {
        return None;
    }
    let left = pieces.iter().filter(|piece| is_other(&piece.part));
    Some(Slice::new(left.cloned().collect(), slice.time_of()))
}

fn segment(id: u64, edits: u32, slice: Slice, last: LineKey) -> Segment {
    let pieces = slice.pieces();
    let first = pieces.iter().map(|piece| piece.first_key()).min();
    Segment {
        id,
        edits,
        lines: pieces.iter().map(|piece| piece.lines).sum(),
        // What grows is put in its place anew.
        open: false,
        bytes: pieces.iter().map(|piece| piece.bytes()).sum(),
        first: first.unwrap_or(last),
        last,
        times: None,
        content: Content::Merged(Arc::new(slice)),
    }
}
