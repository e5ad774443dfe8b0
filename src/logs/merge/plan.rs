//! What is new in several files, put among what is there: planned by the reader, carried out on any thread.

use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use crate::logs::document::Document;
use crate::logs::files::index::Job;
use crate::logs::key::LineKey;
use crate::logs::segment::{Content, SEGMENT_BYTES, Segment};
use crate::logs::times::TimeOf;

use super::cut::cut;
use super::lane::{Lane, Places};
use super::piece::{Knot, key};
use super::slice::Slice;
use super::survey::{Sampled, Stretch, sample};

/// How far a file is known.
#[derive(Clone, Debug)]
pub struct Known {
    /// Offset of the end.
    pub to: u64,
    /// Where to read on when it grows: some lines before the end, for what is said of time there may turn out wrong.
    pub again: Knot,
    /// The whole lines from there on: offset, and the time they stand at. None if there are too many.
    tail: Places,
    /// Offset behind the last whole line.
    ended: u64,
    pub first: Option<LineKey>,
    pub last: Option<LineKey>,
}

impl Known {
    /// Nothing, of a file that stands behind this time.
    pub fn nothing(ms: i64) -> Self {
        Self {
            to: 0,
            again: Knot { at: 0, line: 0, ms },
            tail: Vec::new(),
            ended: 0,
            first: None,
            last: None,
        }
    }
}

/// What of one file is to be read.
#[derive(Clone, Debug)]
pub struct Task {
    pub job: Job,
    pub known: Known,
}

/// Everything that has to be known to carry it out while the reader goes on.
#[derive(Debug)]
pub struct Plan {
    pub id: u64,
    tasks: Vec<Task>,
    segments: Vec<Arc<Segment>>,
    /// The last line there was: what comes in before it is late.
    newest: Option<LineKey>,
    time_of: TimeOf,
}

/// What came of a plan.
#[derive(Debug)]
pub struct Merged {
    pub id: u64,
    /// Segments that are replaced.
    pub range: Range<usize>,
    /// Each with the key that ends it.
    pub slices: Vec<(Slice, LineKey)>,
    /// The first slice begins with the lines of the first segment that is replaced, as they were.
    pub goes_on: bool,
    pub files: Vec<(usize, Known)>,
    /// Files that could not be read.
    pub failed: Vec<(usize, io::Error)>,
}

/// New lines of a file.
struct Fresh<'a> {
    task: &'a Task,
    lane: Lane,
    /// Where they start: what was there from here on is replaced.
    from: Knot,
    /// Lines among those that are replaced which were late.
    was_late: Vec<Range<u64>>,
}

impl Plan {
    pub fn new(
        id: u64,
        tasks: Vec<Task>,
        newest: Option<LineKey>,
        document: &Document,
        time_of: TimeOf,
    ) -> Self {
        Self {
            id,
            tasks,
            segments: document.segments().to_vec(),
            newest,
            time_of,
        }
    }

    pub fn bytes(&self) -> u64 {
        self.tasks.iter().map(|task| task.job.bytes()).sum()
    }

    /// With what was read, step by step, in any order.
    fn finish(&self, read: Vec<(usize, io::Result<Sampled>)>) -> io::Result<Merged> {
        let mut chunks: Vec<Vec<Sampled>> = vec![Vec::new(); self.tasks.len()];
        let mut failed: Vec<(usize, io::Error)> = Vec::new();
        for (task, sampled) in read {
            match sampled {
                Ok(sampled) => chunks[task].push(sampled),
                Err(error) => failed.push((task, error)),
            }
        }
        let mut files = Vec::new();
        let mut fresh = Vec::new();
        // The lines that may change.
        let (mut lowest, mut highest) = (LineKey::LAST, LineKey::FIRST);
        let mut replaces = false;
        for (number, (task, chunks)) in self.tasks.iter().zip(chunks).enumerate() {
            if failed.iter().any(|(failed, _)| *failed == number) {
                continue;
            }
            let mut stretch = Stretch::new(&task.job, chunks, task.known.again);
            stretch.subdivide(self.time_of)?;
            let ended = stretch.ended;
            let mut lane = Lane::of_stretch(stretch);
            let known = self.known(task, &mut lane, ended)?;
            let was = &task.known;
            let mut from = was.again;
            if let Some(knot) = lane.unchanged(&was.tail, was.ended, self.time_of)? {
                lane.start_at(knot);
                from = knot;
                replaces |= was.to > was.ended;
                lowest = lowest.min(if was.to > was.ended {
                    was.last.unwrap_or(LineKey::FIRST)
                } else {
                    LineKey::LAST
                });
            } else {
                replaces |= was.last.is_some();
                let at = key(&task.job.part, from.ms, from.at);
                lowest = match was.first {
                    Some(first) => lowest.min(first.max(at)),
                    None => lowest,
                };
            }
            if let Some(newest) = self.newest {
                let late = was.ended..lane.find(newest, self.time_of)?;
                lane.add_late(late);
            }
            lowest = lowest.min(lane.first_key());
            highest = highest.max(was.last.max(known.last).unwrap_or(LineKey::FIRST));
            files.push((task.job.file, known));
            fresh.push(Fresh {
                task,
                lane,
                from,
                was_late: Vec::new(),
            });
        }
        let range = self.replaced(lowest, highest);
        let lanes = self.lanes(range.clone(), fresh);
        let slices = cut(lanes, self.time_of)?;
        let appends = !replaces && self.newest.is_some_and(|newest| lowest > newest);
        let first_end = slices.first().map(|(_, until)| *until);
        Ok(Merged {
            id: self.id,
            goes_on: appends && range.len() == 1 && first_end > self.newest,
            range,
            slices,
            files,
            failed: failed
                .into_iter()
                .map(|(task, error)| (self.tasks[task].job.file, error))
                .collect(),
        })
    }

    /// What is known of a file when a stretch that goes to its end has been read.
    fn known(&self, task: &Task, lane: &mut Lane, ended: u64) -> io::Result<Known> {
        let was = &task.known;
        let mut known = Known {
            to: task.job.range.end,
            again: was.again,
            tail: Vec::new(),
            ended,
            first: match was.again.at {
                0 => Some(lane.first_key()),
                _ => was.first,
            },
            last: lane.last_key(self.time_of)?,
        };
        if let Some((knot, tail)) = lane.confirmed(ended, self.time_of)? {
            (known.again, known.tail) = (knot, tail);
        }
        Ok(known)
    }

    /// The segments in which lines between two keys stand, and the last one if it has room.
    fn replaced(&self, lowest: LineKey, highest: LineKey) -> Range<usize> {
        let segments = &self.segments;
        let first = segments.partition_point(|segment| segment.last < lowest);
        let end = segments.partition_point(|segment| segment.first <= highest);
        let has_room = |segment: &Arc<Segment>| segment.bytes < SEGMENT_BYTES as u64;
        let grows = first == segments.len() && segments.last().is_some_and(has_room);
        let first = first - usize::from(grows);
        first..end.max(first)
    }

    /// What is there together with what is new, file by file.
    fn lanes(&self, range: Range<usize>, mut fresh: Vec<Fresh<'_>>) -> Vec<Lane> {
        let mut lanes: Vec<Lane> = Vec::new();
        let mut put = |lane: Lane| {
            let major = lane.part().major;
            match lanes.binary_search_by_key(&major, |lane| lane.part().major) {
                Ok(at) => lanes[at].extend(lane),
                Err(at) => lanes.insert(at, lane),
            }
        };
        for segment in &self.segments[range] {
            let Content::Merged(slice) = &segment.content else {
                continue;
            };
            for piece in slice.pieces() {
                let mut lane = Lane::of_piece(piece);
                let again = fresh
                    .iter_mut()
                    .find(|fresh| Arc::ptr_eq(&fresh.task.job.part, &piece.part));
                if let Some(fresh) = again {
                    fresh.was_late.extend_from_slice(&lane.late);
                    if !lane.truncate(fresh.from) {
                        continue;
                    }
                }
                put(lane);
            }
        }
        for mut fresh in fresh {
            let late = std::mem::take(&mut fresh.lane.late);
            for range in fresh.was_late.into_iter().chain(late) {
                fresh.lane.add_late(range);
            }
            put(fresh.lane);
        }
        lanes
    }

    /// Reads on so many threads. Nothing comes of it once `stop` is set.
    pub fn carry_out(&self, threads: usize, stop: &AtomicBool) -> io::Result<Option<Merged>> {
        let tasks = self.tasks.iter().enumerate();
        let steps: Vec<(usize, u64)> = tasks
            .flat_map(|(task, it)| (0..it.job.chunks()).map(move |chunk| (task, chunk)))
            .collect();
        let next = AtomicUsize::new(0);
        let read_some = || {
            let mut buffer = Vec::new();
            let mut read = Vec::new();
            while !stop.load(Ordering::Relaxed)
                && let Some((task, chunk)) = steps.get(next.fetch_add(1, Ordering::Relaxed))
            {
                let job = &self.tasks[*task].job;
                read.push((*task, sample(job, *chunk, self.time_of, &mut buffer)));
            }
            read
        };
        let threads = threads.min(steps.len());
        let read = if threads > 1 {
            thread::scope(|scope| {
                let others: Vec<_> = (1..threads).map(|_| scope.spawn(read_some)).collect();
                let mut read = read_some();
                // A thread that broke down leaves its chunks out: they are missed below.
                read.extend(
                    others
                        .into_iter()
                        .filter_map(|other| other.join().ok())
                        .flatten(),
                );
                read
            })
        } else {
            read_some()
        };
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        if read.len() < steps.len() {
            return Err(io::Error::other("not all of it was read"));
        }
        self.finish(read).map(Some)
    }
}
