//! The walk over all branches and tags, newest first, handed over page by page.
//!
//! A queue by commit time, as `git log` itself uses: the first rows need nothing but the tips.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::domain::history::lanes::Tracks;
use crate::domain::history::{CommitId, IdSet, Page, Row};
use crate::sources::SourceError;

use super::Stop;
use super::objects::{Head, Objects};

/// Rows of the first page: more than a screen has. Those after it are larger.
const FIRST_PAGE: usize = 128;
const PAGE: usize = 2048;

/// Commits that cannot be read, named one by one.
const NAMED: usize = 20;

/// Where a walk begins and where it cannot go on.
#[derive(Debug, Default)]
pub(super) struct Start {
    pub head: Option<CommitId>,
    /// Commits of branches and tags, with HEAD.
    pub tips: Vec<CommitId>,
    /// Commits whose parents a shallow clone lacks.
    pub boundary: IdSet,
}

struct Waiting {
    at: i64,
    found: Reverse<usize>,
    id: CommitId,
    parents: Vec<CommitId>,
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.found) == (other.at, other.found)
    }
}

impl Eq for Waiting {}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.found).cmp(&(other.at, other.found))
    }
}

struct Walk<'o> {
    objects: &'o mut Objects,
    queue: BinaryHeap<Waiting>,
    seen: IdSet,
    /// Seen, but not readable.
    lost: IdSet,
    found: usize,
    missing: Vec<SourceError>,
}

impl Walk<'_> {
    /// Queues a commit unless it was; `false` where it cannot be read.
    fn push(&mut self, id: CommitId) -> bool {
        if !self.seen.insert(id) {
            return self.lost.is_empty() || !self.lost.contains(&id);
        }
        match self.objects.head(id) {
            Ok(Head { parents, at, .. }) => {
                self.queue.push(Waiting {
                    at,
                    found: Reverse(self.found),
                    id,
                    parents,
                });
                self.found += 1;
                true
            }
            Err(error) => {
                self.lost.insert(id);
                if self.missing.len() < NAMED {
                    self.missing.push(error);
                }
                false
            }
        }
    }
}

/// Tells every page as soon as it is full, and answers what could not be read.
pub(super) fn walk(
    objects: &mut Objects,
    start: Start,
    stop: &Stop,
    tell: &mut dyn FnMut(Page),
) -> Vec<SourceError> {
    let mut walk = Walk {
        objects,
        queue: BinaryHeap::new(),
        seen: IdSet::default(),
        lost: IdSet::default(),
        found: 0,
        missing: Vec::new(),
    };
    let mut tips = IdSet::default();
    for tip in start.head.iter().chain(&start.tips) {
        if walk.push(*tip) {
            tips.insert(*tip);
        }
    }
    let mut tracks = Tracks::new(start.head.filter(|head| tips.contains(head)));
    let mut rows = Vec::with_capacity(FIRST_PAGE);
    let mut size = FIRST_PAGE;
    let mut coming = Vec::new();
    while let Some(next) = walk.queue.pop() {
        tips.remove(&next.id);
        let mut cut = start.boundary.contains(&next.id);
        coming.clear();
        if !cut {
            for parent in &next.parents {
                let known = walk.seen.contains(parent);
                if !walk.push(*parent) {
                    cut = true;
                } else if !known || tracks.awaits(*parent) || tips.contains(parent) {
                    // Otherwise it is above already: its clock was ahead.
                    coming.push(*parent);
                }
            }
        }
        let mut lanes = tracks.place(next.id, &coming);
        lanes.cut = cut;
        lanes.merge = next.parents.len() > 1;
        rows.push(Row {
            id: next.id,
            at: next.at,
            lanes,
        });
        if rows.len() == size {
            if stop.is_set() {
                return walk.missing;
            }
            tell(Page(rows.as_slice().into()));
            rows.clear();
            size = PAGE;
        }
    }
    if !rows.is_empty() && !stop.is_set() {
        tell(Page(rows.into()));
    }
    walk.missing
}
