//! What is known of conditions: for each of them, which lines of which segments pass. Nothing is asked twice.

use std::collections::HashMap;
use std::sync::Arc;

use super::condition::Test;
use super::line_set::LineSet;
use super::segment::Segment;

/// Conditions that nobody uses at the moment, kept because they may be switched on again.
const IDLE: usize = 8;

/// What a condition says about a segment.
#[derive(Clone, Debug)]
struct Seen {
    edits: u32,
    bytes: u64,
    /// These will not change; an unfinished line behind them is asked again when it has grown.
    settled: u32,
    set: Arc<LineSet>,
}

/// One condition's answers.
#[derive(Debug)]
struct Sieve {
    test: Test,
    seen: HashMap<u64, Seen>,
}

/// The answers of all conditions in use.
#[derive(Debug, Default)]
pub struct Sieves {
    /// Last used at the end.
    sieves: Vec<Sieve>,
}

/// What was found in a segment, on some thread, some time ago.
#[derive(Clone, Debug)]
pub struct Answer {
    pub test: Test,
    pub segment: u64,
    pub edits: u32,
    pub bytes: u64,
    pub settled: u32,
    /// Lines before this one were not asked.
    pub from: u32,
    pub set: LineSet,
}

impl Answer {
    pub fn new(test: Test, segment: &Segment, from: u32, hits: &[u32]) -> Self {
        Self {
            test,
            segment: segment.id,
            edits: segment.edits,
            bytes: segment.bytes,
            settled: segment.settled_lines(),
            from,
            set: LineSet::from_sorted(hits, segment.lines),
        }
    }
}

impl Sieves {
    /// Keeps the answers of these conditions, and of some that were used lately.
    pub fn keep(&mut self, used: &[&Test]) {
        for test in used {
            let sieve = match self.sieves.iter().position(|sieve| sieve.test == **test) {
                Some(at) => self.sieves.remove(at),
                None => Sieve {
                    test: Test::clone(test),
                    seen: HashMap::new(),
                },
            };
            self.sieves.push(sieve);
        }
        let idle = self.sieves.len().saturating_sub(used.len() + IDLE);
        self.sieves.drain(..idle);
    }

    /// Forgets segments that are no more.
    pub fn prune(&mut self, segments: &[Arc<Segment>]) {
        for sieve in &mut self.sieves {
            if sieve.seen.len() > 2 * segments.len() + 64 {
                let ids: std::collections::HashSet<u64> = segments.iter().map(|s| s.id).collect();
                sieve.seen.retain(|id, _| ids.contains(id));
            }
        }
    }

    fn seen(&self, test: &Test, segment: &Segment) -> Option<&Seen> {
        let sieve = self.sieves.iter().rfind(|sieve| sieve.test == *test)?;
        let seen = sieve.seen.get(&segment.id)?;
        (seen.edits == segment.edits).then_some(seen)
    }

    /// The lines that pass; only the first [`LineSet::lines`] of them have been asked.
    pub fn set(&self, test: &Test, segment: &Segment) -> Option<&Arc<LineSet>> {
        self.seen(test, segment).map(|seen| &seen.set)
    }

    /// The first line that has yet to be asked.
    pub fn missing(&self, test: &Test, segment: &Segment) -> Option<u32> {
        match self.seen(test, segment) {
            None => Some(0),
            Some(seen) if seen.bytes == segment.bytes => None,
            Some(seen) => Some(seen.settled),
        }
    }

    pub fn put(&mut self, answer: Answer) {
        let Some(sieve) = self
            .sieves
            .iter_mut()
            .rfind(|sieve| sieve.test == answer.test)
        else {
            return;
        };
        let set = match sieve.seen.get(&answer.segment) {
            // A scan that was overtaken.
            Some(seen) if (seen.edits, seen.bytes) >= (answer.edits, answer.bytes) => return,
            _ if answer.from == 0 => answer.set,
            Some(seen) if seen.edits == answer.edits && seen.settled >= answer.from => {
                seen.set.extended(answer.from, &answer.set)
            }
            _ => return,
        };
        let seen = Seen {
            edits: answer.edits,
            bytes: answer.bytes,
            settled: answer.settled,
            set: Arc::new(set),
        };
        sieve.seen.insert(answer.segment, seen);
    }
}
