//! How far two commits are apart, as long as that is near.

use std::collections::BinaryHeap;

use crate::domain::history::{CommitId, IdMap};
use crate::sources::SourceError;

use super::Stop;
use super::objects::Objects;

/// Commits looked at; what is farther apart is not told.
const FARTHEST: usize = 20_000;

const LEFT: u8 = 1;
const RIGHT: u8 = 2;
const BOTH: u8 = LEFT | RIGHT;

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    sides: u8,
    queued: bool,
    /// It was counted on the side it was seen from.
    counted: bool,
}

/// Commits that only `left` has, and those that only `right` has; `None` where that is too far to count.
pub(super) fn distance(
    objects: &mut Objects,
    left: CommitId,
    right: CommitId,
    stop: &Stop,
) -> Result<Option<(usize, usize)>, SourceError> {
    let mut seen = IdMap::<Seen>::default();
    let mut queue = BinaryHeap::new();
    let mut counts = [0usize; 4];
    // Queued commits that are not yet known to be on both sides.
    let mut open = 0usize;
    let mut looked_at = 0;
    let mut coming = vec![(left, LEFT), (right, RIGHT)];
    loop {
        for (id, sides) in coming.drain(..) {
            let known = seen.entry(id).or_default();
            if known.sides | sides == known.sides {
                continue;
            }
            if known.counted {
                // A clock was ahead: it is on both sides after all.
                counts[usize::from(known.sides)] -= 1;
                known.counted = false;
            }
            if known.queued {
                open -= usize::from(known.sides != BOTH);
            }
            known.sides |= sides;
            open += usize::from(known.sides != BOTH);
            if !known.queued {
                known.queued = true;
                queue.push((objects.head(id)?.at, id));
            }
        }
        if open == 0 {
            return Ok(Some((
                counts[usize::from(LEFT)],
                counts[usize::from(RIGHT)],
            )));
        }
        looked_at += 1;
        if looked_at > FARTHEST || stop.is_set() {
            return Ok(None);
        }
        let Some((_, id)) = queue.pop() else {
            return Ok(None);
        };
        let known = seen.entry(id).or_default();
        known.queued = false;
        let sides = known.sides;
        if sides != BOTH {
            open -= 1;
            known.counted = true;
            counts[usize::from(sides)] += 1;
        }
        let parents = objects.head(id)?.parents;
        coming.extend(parents.into_iter().map(|parent| (parent, sides)));
    }
}
