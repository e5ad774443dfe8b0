//! Looking for the next line that passes, and the order in which segments are asked.

use crate::logs::condition::Test;
use crate::logs::document::{Document, Place};
use crate::logs::line_set::LineSet;
use crate::logs::sieve::Sieves;

use super::{Shown, View};

/// The first segments from a place on, nearest first: forwards, backwards or to both sides.
pub fn outward(center: usize, count: usize, direction: Direction) -> Vec<usize> {
    let center = center.min(count.saturating_sub(1));
    let (after, before) = (center..count, (0..center).rev());
    match direction {
        Direction::Forwards => after.chain(before).collect(),
        Direction::Backwards => {
            let (first, after) = (center..(center + 1).min(count), (center + 1)..count);
            first.chain(before).chain(after).collect()
        }
        Direction::Both => {
            let (mut after, mut before) = (after, before);
            let mut order = Vec::with_capacity(count);
            while order.len() < count {
                order.extend(after.next());
                order.extend(before.next());
            }
            order
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Forwards,
    Backwards,
    Both,
}

/// What looking for the next line brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    At {
        place: Place,
        wrapped: bool,
    },
    /// This segment has to be asked first.
    Ask(usize),
    Nowhere,
}

/// Where to look, and for what.
#[derive(Clone, Copy, Debug)]
pub struct Lookout<'a> {
    pub test: &'a Test,
    /// The first place that may be the answer; for backwards, the first that may not.
    pub from: Place,
    pub backwards: bool,
    pub wrap: bool,
}

impl View {
    /// The next visible line that passes a condition.
    pub fn look(&self, document: &Document, sieves: &Sieves, lookout: Lookout<'_>) -> Look {
        let count = document.segments().len();
        let from = lookout.from;
        let ahead: Vec<usize> = if lookout.backwards {
            (0..(from.segment + 1).min(count)).rev().collect()
        } else {
            (from.segment.min(count)..count).collect()
        };
        // Round the end, and back to where it began.
        let round: Vec<usize> = match (lookout.wrap, lookout.backwards) {
            (false, _) => Vec::new(),
            (true, true) => (from.segment.min(count)..count).rev().collect(),
            (true, false) => (0..(from.segment + 1).min(count)).collect(),
        };
        let ahead = ahead.into_iter().map(|at| (at, false));
        for (at, wrapped) in ahead.chain(round.into_iter().map(|at| (at, true))) {
            let segment = &document.segments()[at];
            let Some(entry) = self.entries.get(at) else {
                return Look::Ask(at);
            };
            if !entry.decided || sieves.missing(lookout.test, segment).is_some() {
                return Look::Ask(at);
            }
            let Some(found) = sieves.set(lookout.test, segment) else {
                return Look::Ask(at);
            };
            let limit = (at == from.segment && !wrapped).then_some(from.line);
            let line = next_in(&entry.shown, found, limit, lookout.backwards);
            if let Some(line) = line {
                let place = Place { segment: at, line };
                return Look::At { place, wrapped };
            }
        }
        Look::Nowhere
    }
}

fn next_in(shown: &Shown, found: &LineSet, limit: Option<u32>, backwards: bool) -> Option<u32> {
    if backwards {
        let mut line = found.previous(limit.unwrap_or(u32::MAX))?;
        while !shown.contains(line) {
            line = found.previous(line)?;
        }
        Some(line)
    } else {
        let mut line = found.next(limit.unwrap_or(0))?;
        while !shown.contains(line) {
            line = found.next(line + 1)?;
        }
        Some(line)
    }
}
