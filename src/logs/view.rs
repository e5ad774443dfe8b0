//! The lines that are shown, counted through, without a list of them.

mod look;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::condition::{Chain, Test, Way};
use super::document::{Document, Place};
use super::line_set::LineSet;
use super::segment::Segment;
use super::sieve::Sieves;

pub use look::{Direction, Look, Lookout, outward};

/// A chain of conditions laid over a document, and a search within what is left.
#[derive(Debug, Default)]
pub struct View {
    chain: Chain,
    search: Option<Test>,
    entries: Vec<Entry>,
    /// Number of the first visible line of each segment, and of all at the end.
    starts: Vec<u64>,
    matches: u64,
    undecided: usize,
    unsearched: usize,
}

/// What is visible of a segment.
#[derive(Clone, Debug)]
struct Entry {
    id: u64,
    edits: u32,
    bytes: u64,
    /// Lines that were not asked yet are not in it.
    shown: Shown,
    decided: bool,
    matches: u32,
    searched: bool,
}

#[derive(Clone, Debug)]
enum Shown {
    All(u32),
    Some(Arc<LineSet>),
}

impl Shown {
    fn len(&self) -> u32 {
        match self {
            Self::All(lines) => *lines,
            Self::Some(set) => set.len(),
        }
    }

    fn contains(&self, line: u32) -> bool {
        match self {
            Self::All(lines) => line < *lines,
            Self::Some(set) => set.contains(line),
        }
    }

    fn rank(&self, line: u32) -> u32 {
        match self {
            Self::All(lines) => line.min(*lines),
            Self::Some(set) => set.rank(line),
        }
    }

    fn select(&self, rank: u32) -> Option<u32> {
        match self {
            Self::All(lines) => (rank < *lines).then_some(rank),
            Self::Some(set) => set.select(rank),
        }
    }

    fn common(&self, other: &LineSet) -> u32 {
        match self {
            Self::All(lines) => other.rank(*lines),
            Self::Some(set) => set.common(other),
        }
    }
}

impl View {
    pub fn set_chain(&mut self, chain: Chain) {
        self.chain = chain;
        self.entries.clear();
    }

    pub fn set_search(&mut self, search: Option<Test>) {
        self.search = search;
        self.entries.clear();
    }

    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    pub fn search(&self) -> Option<&Test> {
        self.search.as_ref()
    }

    /// The conditions it asks, those that are off too: they keep their answers.
    pub fn tests(&self) -> impl Iterator<Item = &Test> {
        let steps = self.chain.0.iter().map(|step| &step.test);
        steps.chain(&self.search)
    }

    /// The conditions that decide what is shown.
    pub fn filters(&self) -> impl Iterator<Item = &Test> {
        self.chain.active().map(|step| &step.test)
    }

    /// After this one segment has been asked.
    pub fn refresh_at(&mut self, document: &Document, sieves: &Sieves, at: usize) {
        let (Some(segment), Some(old)) = (document.segments().get(at), self.entries.get(at)) else {
            return;
        };
        let new = self.entry(segment, sieves);
        self.matches = self.matches + u64::from(new.matches) - u64::from(old.matches);
        self.undecided = self.undecided + usize::from(!new.decided) - usize::from(!old.decided);
        self.unsearched = self.unsearched + usize::from(!new.searched) - usize::from(!old.searched);
        let (added, removed) = (u64::from(new.shown.len()), u64::from(old.shown.len()));
        for start in &mut self.starts[at + 1..] {
            *start = *start + added - removed;
        }
        self.entries[at] = new;
    }

    /// Catches up with the document and the answers. Segments that did not change cost nothing.
    pub fn refresh(&mut self, document: &Document, sieves: &Sieves) {
        let old = std::mem::take(&mut self.entries);
        self.starts.clear();
        self.starts.push(0);
        (self.matches, self.undecided, self.unsearched) = (0, 0, 0);
        let mut start = 0;
        let mut known = old.into_iter().peekable();
        for segment in document.segments() {
            // Segments leave at the front or are replaced: old entries stay in order.
            let kept = known.next_if(|entry| entry.id == segment.id).or_else(|| {
                let mut ahead = known.clone();
                let at = ahead
                    .by_ref()
                    .take(64)
                    .position(|entry| entry.id == segment.id)?;
                known.nth(at)
            });
            let entry = match kept {
                Some(entry) if entry.is_current(segment) => entry,
                _ => self.entry(segment, sieves),
            };
            start += u64::from(entry.shown.len());
            self.starts.push(start);
            self.matches += u64::from(entry.matches);
            self.undecided += usize::from(!entry.decided);
            self.unsearched += usize::from(!entry.searched);
            self.entries.push(entry);
        }
    }

    fn entry(&self, segment: &Segment, sieves: &Sieves) -> Entry {
        let mut shown = Shown::All(segment.lines);
        let mut decided = true;
        for step in self.chain.active() {
            decided &= sieves.missing(&step.test, segment).is_none();
            let none = Arc::new(LineSet::all(0));
            let set = sieves.set(&step.test, segment).unwrap_or(&none);
            let keep = step.way == Way::Keep;
            shown = Shown::Some(match shown {
                Shown::All(lines) if set.lines() == lines && keep => Arc::clone(set),
                Shown::All(lines) => Arc::new(LineSet::all(lines).narrowed(set, keep)),
                Shown::Some(shown) => Arc::new(shown.narrowed(set, keep)),
            });
        }
        let found = self
            .search
            .as_ref()
            .and_then(|test| sieves.set(test, segment));
        let missing = |test: &Test| sieves.missing(test, segment).is_some();
        Entry {
            id: segment.id,
            edits: segment.edits,
            bytes: segment.bytes,
            matches: found.map_or(0, |found| shown.common(found)),
            searched: decided && !self.search.as_ref().is_some_and(missing),
            shown,
            decided,
        }
    }

    /// Lines that are shown, so far.
    pub fn len(&self) -> u64 {
        self.starts.last().copied().unwrap_or(0)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Visible lines that pass the search, so far.
    pub fn matches(&self) -> u64 {
        self.matches
    }

    /// Every line has been asked whether it is shown.
    pub fn is_decided(&self) -> bool {
        self.undecided == 0
    }

    /// Every line that is shown has been searched.
    pub fn is_searched(&self) -> bool {
        self.unsearched == 0
    }

    /// Whether all lines of this segment have been asked whether they are shown.
    pub fn is_decided_at(&self, segment: usize) -> bool {
        self.entries.get(segment).is_none_or(|entry| entry.decided)
    }

    /// Whether this segment and all before it have been asked.
    pub fn is_decided_up_to(&self, segment: usize) -> bool {
        let end = self.entries.len().min(segment + 1);
        self.undecided == 0 || self.entries[..end].iter().all(|entry| entry.decided)
    }

    pub fn shows(&self, place: Place) -> bool {
        self.entries
            .get(place.segment)
            .is_some_and(|entry| entry.shown.contains(place.line))
    }

    /// How many visible lines stand before this place.
    pub fn number_of(&self, place: Place) -> u64 {
        let Some(entry) = self.entries.get(place.segment) else {
            return self.len();
        };
        self.starts[place.segment] + u64::from(entry.shown.rank(place.line))
    }

    /// Where the visible line with this number is.
    pub fn place_of(&self, number: u64) -> Option<Place> {
        if number >= self.len() {
            return None;
        }
        let segment = self.starts.partition_point(|start| *start <= number) - 1;
        let rank = u32::try_from(number - self.starts[segment]).ok()?;
        let line = self.entries.get(segment)?.shown.select(rank)?;
        Some(Place { segment, line })
    }

    /// The first visible line of a segment at or after this one.
    pub fn next_in(&self, segment: usize, line: u32) -> Option<u32> {
        let shown = &self.entries.get(segment)?.shown;
        shown.select(shown.rank(line))
    }

    /// The last visible line of a segment before this one.
    pub fn previous_in(&self, segment: usize, line: u32) -> Option<u32> {
        let shown = &self.entries.get(segment)?.shown;
        shown.select(shown.rank(line).checked_sub(1)?)
    }

    /// The visible lines of a segment; `None` if all of them are.
    pub fn shown_of(&self, segment: usize) -> Option<Arc<LineSet>> {
        match &self.entries.get(segment)?.shown {
            Shown::All(_) => None,
            Shown::Some(set) => Some(Arc::clone(set)),
        }
    }
}

impl Entry {
    fn is_current(&self, segment: &Segment) -> bool {
        self.decided && self.searched && (self.edits, self.bytes) == (segment.edits, segment.bytes)
    }
}
