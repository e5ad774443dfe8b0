//! The lines of a tail, of files or of a pipe, in order: segments one after another.

mod bound;
#[cfg(test)]
mod tests;

use std::io;
use std::ops;
use std::sync::Arc;

use super::ask::Gap;
use super::block::{Block, Meta};
use super::key::LineKey;
use super::segment::{Content, Segment};
use super::told::{Source, Trouble};

pub use bound::Bound;

/// Blocks read from disk that are kept, for scrolling.
const LOADED: usize = 6;

/// Where a line is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub segment: usize,
    pub line: u32,
}

/// All lines, in order of their keys.
#[derive(Debug)]
pub struct Document {
    segments: Vec<Arc<Segment>>,
    /// Number of the first line of each segment, and of all lines at the end.
    starts: Vec<u64>,
    sources: Arc<Vec<Source>>,
    gaps: Vec<Gap>,
    next_id: u64,
    hot_bytes: usize,
    spooled_bytes: u64,
    bytes: u64,
    dropped: u64,
    dropped_to: Option<LineKey>,
    bound: Bound,
    /// Newest last.
    loaded: Vec<Loaded>,
    spare: Option<Block>,
    troubles: Vec<Trouble>,
}

#[derive(Debug)]
struct Loaded {
    id: u64,
    edits: u32,
    lines: u32,
    bytes: u64,
    block: Arc<Block>,
}

impl Document {
    pub fn new(bound: Bound) -> Self {
        Self {
            segments: Vec::new(),
            starts: vec![0],
            sources: Arc::default(),
            gaps: Vec::new(),
            next_id: 0,
            hot_bytes: 0,
            spooled_bytes: 0,
            bytes: 0,
            dropped: 0,
            dropped_to: None,
            bound,
            loaded: Vec::new(),
            spare: None,
            troubles: Vec::new(),
        }
    }

    pub fn lines(&self) -> u64 {
        self.starts.last().copied().unwrap_or(0)
    }

    /// Of text.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    pub fn hot_bytes(&self) -> usize {
        self.hot_bytes
    }

    pub fn spooled_bytes(&self) -> u64 {
        self.spooled_bytes
    }

    /// Lines given up because there was no room for them.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Lines up to this one were given up.
    pub fn dropped_to(&self) -> Option<LineKey> {
        self.dropped_to
    }

    pub fn segments(&self) -> &[Arc<Segment>] {
        &self.segments
    }

    /// Number of the first line of a segment.
    pub fn start_of(&self, segment: usize) -> u64 {
        self.starts.get(segment).copied().unwrap_or(self.lines())
    }

    /// Where the line with this number is.
    pub fn place_of(&self, number: u64) -> Option<Place> {
        if number >= self.lines() {
            return None;
        }
        let segment = self.starts.partition_point(|start| *start <= number) - 1;
        let line = u32::try_from(number - self.starts[segment]).ok()?;
        Some(Place { segment, line })
    }

    /// The first segment that has a line at or after the key.
    pub fn segment_from(&self, key: LineKey) -> usize {
        self.segments.partition_point(|segment| segment.last < key)
    }

    /// The first line at or after the key; behind the last segment if there is none.
    pub fn place_from(&mut self, key: LineKey) -> Place {
        let segment = self.segment_from(key);
        let Some(found) = self.segments.get(segment) else {
            return Place { segment, line: 0 };
        };
        let lines = found.lines;
        let line = if key > found.first {
            u32::try_from(self.block(segment).first_from(key)).unwrap_or(u32::MAX)
        } else {
            0
        };
        if line >= lines {
            // Within the last line of a file's segment.
            let segment = segment + 1;
            return Place { segment, line: 0 };
        }
        Place { segment, line }
    }

    /// Of events: the times of the first and the last.
    pub fn times(&self) -> Option<(i64, i64)> {
        let first = self.segments.first()?.times?.0;
        let last = self.segments.last()?.times?.1;
        Some((first, last))
    }

    pub fn last_key(&self) -> Option<LineKey> {
        self.segments.last().map(|segment| segment.last)
    }

    /// The lines of a segment. One that cannot be read is empty, and the trouble is told.
    pub fn block(&mut self, segment: usize) -> Arc<Block> {
        let Some(segment) = self.segments.get(segment) else {
            return Arc::new(Block::events());
        };
        if let Content::Hot(block) = &segment.content {
            return Arc::clone(block);
        }
        let same = |loaded: &Loaded| {
            (loaded.id, loaded.edits) == (segment.id, segment.edits)
                && (loaded.lines, loaded.bytes) == (segment.lines, segment.bytes)
        };
        if let Some(at) = self.loaded.iter().position(same) {
            let loaded = self.loaded.remove(at);
            let block = Arc::clone(&loaded.block);
            self.loaded.push(loaded);
            return block;
        }
        match segment.load() {
            Ok(block) => {
                self.loaded.push(Loaded {
                    id: segment.id,
                    edits: segment.edits,
                    lines: segment.lines,
                    bytes: segment.bytes,
                    block: Arc::clone(&block),
                });
                if self.loaded.len() > LOADED {
                    self.loaded.remove(0);
                }
                block
            }
            Err(error) => {
                self.unreadable(&error);
                Arc::new(Block::plain(LineKey::FIRST, 0))
            }
        }
    }

    pub(super) fn unreadable(&mut self, error: &io::Error) {
        self.trouble(Trouble {
            what: format!("some lines cannot be read: {error}"),
            hint: None,
        });
    }

    /// Told once, until it is taken.
    pub(super) fn trouble(&mut self, trouble: Trouble) {
        if !self.troubles.contains(&trouble) {
            self.troubles.push(trouble);
        }
    }

    pub fn take_troubles(&mut self) -> Vec<Trouble> {
        std::mem::take(&mut self.troubles)
    }

    pub fn sources(&self) -> &Arc<Vec<Source>> {
        &self.sources
    }

    /// Gives a source its number. There are 65,535; later ones share the last.
    pub(super) fn add_source(&mut self, source: Source) -> u16 {
        let number = self.sources.len().min(usize::from(u16::MAX));
        if number == self.sources.len() {
            Arc::make_mut(&mut self.sources).push(source);
        }
        u16::try_from(number).unwrap_or(u16::MAX)
    }

    pub(super) fn next_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    /// Puts segments in the place of others; answers those.
    pub(super) fn splice(
        &mut self,
        range: ops::Range<usize>,
        new: Vec<Segment>,
    ) -> Vec<Arc<Segment>> {
        let from = range.start;
        let added: (usize, u64, u64) = sums(new.iter());
        let removed: (usize, u64, u64) = sums(self.segments[range.clone()].iter().map(|s| &**s));
        self.hot_bytes = self.hot_bytes + added.0 - removed.0;
        self.spooled_bytes = self.spooled_bytes + added.1 - removed.1;
        self.bytes = self.bytes + added.2 - removed.2;
        let new = new.into_iter().map(Arc::new);
        let old = self.segments.splice(range, new).collect();
        self.starts.truncate(from + 1);
        let mut start = self.starts.last().copied().unwrap_or(0);
        for segment in &self.segments[from..] {
            start += u64::from(segment.lines);
            self.starts.push(start);
        }
        old
    }

    /// Keeps the memory of a block for the next one: a tail that runs for days asks for none.
    fn recycle(&mut self, old: Vec<Arc<Segment>>) {
        for segment in old {
            if let Some(segment) = Arc::into_inner(segment)
                && let Content::Hot(block) = segment.content
                && let Some(block) = Arc::into_inner(block)
            {
                self.spare = Some(block);
            }
        }
    }

    /// An empty block, in memory that was used before if there is some.
    pub(super) fn with_spare(&mut self, mut empty: Block) -> Block {
        if let Some(old) = self.spare.take() {
            empty.reuse(old);
        }
        empty
    }

    /// Takes the last segment out to let it grow; it goes back by [`Document::splice`].
    pub(super) fn take_last(&mut self) -> Option<Segment> {
        let last = self.segments.pop()?;
        self.starts.pop();
        let (hot, spooled, bytes) = sums([&*last].into_iter());
        self.hot_bytes -= hot;
        self.spooled_bytes -= spooled;
        self.bytes -= bytes;
        Some(Arc::unwrap_or_clone(last))
    }

    /// Changes what is known of an event, not its text.
    pub(super) fn set_meta(&mut self, place: Place, meta: &Meta) {
        let Some(segment) = self.segments.get_mut(place.segment) else {
            return;
        };
        if let Content::Hot(block) = &mut Arc::make_mut(segment).content {
            Arc::make_mut(block).set_meta(place.line as usize, meta);
            return;
        }
        let mut changed = Segment::clone(segment);
        let mut block = Arc::unwrap_or_clone(self.block(place.segment));
        block.set_meta(place.line as usize, meta);
        changed.content = Content::Hot(Arc::new(block));
        self.loaded.retain(|loaded| loaded.id != changed.id);
        self.splice(place.segment..place.segment + 1, vec![changed]);
    }

    /// In order.
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    pub fn add_gap(&mut self, gap: Gap) {
        self.gaps.retain(|other| other.after != gap.after);
        let at = self.gaps.partition_point(|other| other.after < gap.after);
        self.gaps.insert(at, gap);
    }

    pub fn close_gap(&mut self, after: LineKey) {
        self.gaps.retain(|gap| gap.after != after);
    }

    /// The last marker between two neighbours.
    pub fn gap_between(&self, before: Option<LineKey>, after: Option<LineKey>) -> Option<&Gap> {
        let end = match after {
            Some(key) => self.gaps.partition_point(|gap| gap.after < key),
            None => self.gaps.len(),
        };
        let gap = self.gaps[..end].last()?;
        before.is_none_or(|key| gap.after >= key).then_some(gap)
    }

    /// Makes room until the bound is kept.
    pub(super) fn keep_bound(&mut self) {
        bound::keep(self);
    }
}

fn sums<'a>(segments: impl Iterator<Item = &'a Segment>) -> (usize, u64, u64) {
    segments.fold((0, 0, 0), |(hot, spooled, bytes), segment| {
        (
            hot + segment.memory(),
            spooled + segment.spooled_bytes(),
            bytes + segment.bytes,
        )
    })
}
