//! Events of many streams become one document: merged by time, each event once, late ones where they belong.

mod pairing;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::domain::log::LogLine;

use super::block::{Block, Meta};
use super::document::Document;
use super::key::LineKey;
use super::segment::{Content, SEGMENT_BYTES, Segment};
use super::told::Source;

/// An event on its way in.
#[derive(Debug)]
struct Arrival {
    meta: Meta,
    text: String,
}

impl Arrival {
    fn key(&self) -> LineKey {
        LineKey::new(self.meta.at_ms, self.meta.seq.into())
    }
}

/// What came of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    pub added: usize,
    /// Events that were there already.
    pub duplicates: usize,
    /// Events older than what had to be given up.
    pub dropped: usize,
}

/// Puts events into a document. An event is known again by its id at its time, so no list of seen ids is kept.
#[derive(Debug, Default)]
pub struct Intake {
    /// By group and stream.
    sources: HashMap<Arc<str>, HashMap<Arc<str>, u16>>,
    next_seq: i32,
    /// Older pages count down: they stand before what was there.
    older_seq: i32,
    /// Empty between batches; their memory is used again, so that a long tail does not tatter the heap.
    arrivals: Vec<Arrival>,
    fresh: Vec<Arrival>,
}

impl Intake {
    pub fn extend(&mut self, document: &mut Document, lines: Vec<LogLine>, older: bool) -> Taken {
        let mut taken = Taken::default();
        let newest = document.last_key();
        let mut arrivals = std::mem::take(&mut self.arrivals);
        self.number(document, lines, older, &mut arrivals);
        arrivals.sort_by_key(Arrival::key);
        if let Some(dropped_to) = document.dropped_to() {
            let before = arrivals.len();
            arrivals.retain(|arrival| arrival.key() > dropped_to);
            taken.dropped = before - arrivals.len();
        }
        let mut fresh = std::mem::take(&mut self.fresh);
        let mut rest = arrivals.drain(..).peekable();
        while let Some(first) = rest.next() {
            let at_ms = first.meta.at_ms;
            let alone = rest.peek().is_none_or(|next| next.meta.at_ms > at_ms);
            if alone && newest.is_none_or(|newest| newest < LineKey::before_time(at_ms)) {
                fresh.push(first);
                continue;
            }
            let mut moment = vec![first];
            while let Some(next) = rest.next_if(|next| next.meta.at_ms == at_ms) {
                moment.push(next);
            }
            let came = moment.len();
            let new = pairing::new_of_moment(document, at_ms, moment);
            taken.duplicates += came - new.len();
            fresh.extend(new);
        }
        drop(rest);
        if !older && let Some(newest) = newest {
            for arrival in &mut fresh {
                arrival.meta.late = arrival.key() < newest;
            }
        }
        taken.added = fresh.len();
        insert(document, fresh.drain(..));
        (self.arrivals, self.fresh) = (arrivals, fresh);
        document.keep_bound();
        taken
    }

    /// Turns lines into arrivals, each with its place in the order of arrival.
    fn number(
        &mut self,
        document: &mut Document,
        lines: Vec<LogLine>,
        older: bool,
        arrivals: &mut Vec<Arrival>,
    ) {
        let count = i32::try_from(lines.len()).unwrap_or(i32::MAX);
        // Wrapping after two thousand million events changes the order within one millisecond at most.
        let mut seq = if older {
            self.older_seq = self.older_seq.wrapping_sub(count);
            self.older_seq
        } else {
            let first = self.next_seq;
            self.next_seq = first.wrapping_add(count);
            first
        };
        let mut last: Option<(Source, u16)> = None;
        for line in lines {
            let source = match &last {
                Some((names, number))
                    if *names.stream == *line.stream && *names.group == *line.group =>
                {
                    *number
                }
                _ => {
                    let (names, number) = self.source(document, &line.group, &line.stream);
                    last = Some((names, number));
                    number
                }
            };
            let id = line.event_id.as_deref().map(|id| hash(source, id));
            let meta = Meta {
                at_ms: line.at.as_millisecond(),
                seq,
                id,
                ingested_ms: line.ingested_at.map(|at| at.as_millisecond()),
                source,
                late: false,
                tailed: id.is_none(),
            };
            seq = seq.wrapping_add(1);
            let mut text = line.message;
            text.truncate(text.trim_end_matches(['\n', '\r']).len());
            arrivals.push(Arrival { meta, text });
        }
    }

    fn source(&mut self, document: &mut Document, group: &str, stream: &str) -> (Source, u16) {
        let known = self
            .sources
            .get_key_value(group)
            .and_then(|(group, streams)| {
                let (stream, number) = streams.get_key_value(stream)?;
                let source = Source {
                    group: Arc::clone(group),
                    stream: Arc::clone(stream),
                };
                Some((source, *number))
            });
        if let Some(known) = known {
            return known;
        }
        let group: Arc<str> = match self.sources.get_key_value(group) {
            Some((group, _)) => Arc::clone(group),
            None => Arc::from(group),
        };
        let source = Source {
            group: Arc::clone(&group),
            stream: Arc::from(stream),
        };
        let number = document.add_source(source.clone());
        self.sources
            .entry(group)
            .or_default()
            .insert(Arc::clone(&source.stream), number);
        (source, number)
    }
}

fn hash(source: u16, id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (source, id).hash(&mut hasher);
    hasher.finish()
}

/// Puts new events, in order, where their keys belong.
fn insert(document: &mut Document, fresh: impl Iterator<Item = Arrival>) {
    let mut fresh = fresh.peekable();
    while let Some(arrival) = fresh.peek() {
        let at = document.segment_from(arrival.key());
        let Some(segment) = document.segments().get(at) else {
            append(document, fresh);
            return;
        };
        let (first, last) = (segment.first, segment.last);
        let mut group = Vec::new();
        while let Some(arrival) = fresh.next_if(|arrival| arrival.key() <= last) {
            group.push(arrival);
        }
        let bytes: usize = group.iter().map(|arrival| arrival.text.len() + 1).sum();
        let before_all = group.last().is_some_and(|newest| newest.key() < first);
        if before_all && segment.bytes as usize + bytes > SEGMENT_BYTES {
            let mut cutter = Cutter::new(bytes);
            for arrival in group {
                cutter.push(&arrival.meta, arrival.text.as_bytes());
            }
            let segments = cutter.finish(document);
            document.splice(at..at, segments);
        } else {
            merge(document, at, group, bytes);
        }
    }
}

/// Puts events into a segment, which is written anew and may become two.
fn merge(document: &mut Document, at: usize, group: Vec<Arrival>, bytes: usize) {
    let old = document.block(at);
    let (id, edits) = document
        .segments()
        .get(at)
        .map_or((0, 0), |segment| (segment.id, segment.edits));
    let mut cutter = Cutter::new(old.text().len() + bytes);
    let mut group = group.into_iter().peekable();
    for line in 0..old.len() {
        let key = old.key(line);
        while let Some(arrival) = group.next_if(|arrival| arrival.key() < key) {
            cutter.push(&arrival.meta, arrival.text.as_bytes());
        }
        if let Some(meta) = old.meta(line) {
            cutter.push(&meta, old.line(line));
        }
    }
    for arrival in group {
        cutter.push(&arrival.meta, arrival.text.as_bytes());
    }
    let mut segments = cutter.finish(document);
    if let Some(first) = segments.first_mut() {
        first.id = id;
        first.edits = edits + 1;
    }
    document.splice(at..at + 1, segments);
}

/// Makes blocks of about the same size, so that no crumbs are left behind when one is cut.
struct Cutter {
    done: Vec<Block>,
    block: Block,
    size: usize,
}

impl Cutter {
    /// For events of so many bytes together.
    fn new(bytes: usize) -> Self {
        let pieces = (bytes / SEGMENT_BYTES).max(1);
        Self {
            done: Vec::new(),
            block: Block::events(),
            size: bytes.div_ceil(pieces),
        }
    }

    fn push(&mut self, meta: &Meta, text: &[u8]) {
        if self.block.text().len() >= self.size {
            self.done
                .push(std::mem::replace(&mut self.block, Block::events()));
        }
        self.block.push(meta, text);
    }

    fn finish(mut self, document: &mut Document) -> Vec<Segment> {
        if !self.block.is_empty() {
            self.done.push(self.block);
        }
        self.done
            .into_iter()
            .map(|mut block| {
                block.shrink();
                Segment::hot(document.next_id(), 0, block)
            })
            .collect()
    }
}

/// Puts events behind all others.
fn append(document: &mut Document, fresh: impl Iterator<Item = Arrival>) {
    let (mut id, mut edits, mut block) = open_tail(document);
    let mut segments = Vec::new();
    for arrival in fresh {
        if block.text().len() >= SEGMENT_BYTES {
            let next = document.with_spare(Block::events());
            let mut full = std::mem::replace(&mut block, next);
            full.shrink();
            segments.push(Segment::hot(id, edits, full));
            (id, edits) = (document.next_id(), 0);
        }
        block.push(&arrival.meta, arrival.text.as_bytes());
    }
    segments.push(Segment::hot(id, edits, block));
    let end = document.segments().len();
    document.splice(end..end, segments);
}

/// The last segment's block, to be written on: the same memory if nobody else is reading it.
fn open_tail(document: &mut Document) -> (u64, u32, Block) {
    let has_room = |segment: &Arc<Segment>| {
        matches!(segment.content, Content::Hot(_)) && segment.bytes < SEGMENT_BYTES as u64
    };
    if document.segments().last().is_some_and(has_room)
        && let Some(tail) = document.take_last()
        && let Content::Hot(block) = tail.content
    {
        return (tail.id, tail.edits, Arc::unwrap_or_clone(block));
    }
    let block = document.with_spare(Block::events());
    (document.next_id(), 0, block)
}
