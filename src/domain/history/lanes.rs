//! The graph beside the commits: which lanes pass a row, and how its commit joins them.
//!
//! A lane waits for one commit. Where two children have the same parent, the lanes become one below the later child,
//! the left one: no commit is waited for twice, old branches do not run beside everything, and the first parents of
//! HEAD keep the first lane.

use serde::{Deserialize, Serialize};

use super::{CommitId, IdMap};

/// Lanes that a row knows of; those beyond are one lane `…`.
pub const KNOWN: usize = 16;

/// How one row looks: bit `n` of a mask is lane `n`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lanes {
    /// The lane of the commit; `KNOWN` and more are beyond what is drawn.
    pub node: u8,
    /// A line comes from above into the commit.
    pub up: bool,
    /// The lane goes on below the commit.
    pub down: bool,
    /// Its parents cannot be had: the boundary of a shallow clone, or damage.
    pub cut: bool,
    /// It has more than one parent.
    pub merge: bool,
    /// Some lane lies beyond those known here.
    pub beyond: bool,
    /// Lanes that come from above, without the commit's own.
    pub through: u16,
    /// Lanes that the commit is joined to sideways.
    pub joins: u16,
    /// Those of them that end here; the others go on below.
    pub ends: u16,
}

impl Lanes {
    /// Lanes up to the rightmost that has something in it.
    pub fn width(&self) -> usize {
        let used = usize::try_from(16 - (self.through | self.joins).leading_zeros()).unwrap_or(0);
        used.max(usize::from(self.node).min(KNOWN - 1) + 1)
    }
}

/// The lanes while commits come in, children before their parents.
#[derive(Debug, Default)]
pub struct Tracks {
    lanes: Vec<Option<CommitId>>,
    lane_of: IdMap<usize>,
    /// The first lane is kept for a commit that has not been reached.
    reserved: bool,
}

impl Tracks {
    /// The first lane is that of `head` and its first parents.
    pub fn new(head: Option<CommitId>) -> Self {
        let mut tracks = Self::default();
        if let Some(head) = head {
            tracks.wait(0, head);
            tracks.reserved = true;
        }
        tracks
    }

    /// Whether some lane waits for this commit.
    pub fn awaits(&self, id: CommitId) -> bool {
        self.lane_of.contains_key(&id)
    }

    /// Takes the next commit in; `parents` are those that will come, in their order.
    pub fn place(&mut self, id: CommitId, parents: &[CommitId]) -> Lanes {
        let mut row = Lanes::default();
        let lane = match self.lane_of.remove(&id) {
            Some(lane) => {
                row.up = lane != 0 || !self.reserved;
                self.reserved &= lane != 0;
                lane
            }
            None => self.free(0),
        };
        if let Some(place) = self.lanes.get_mut(lane) {
            *place = None;
        }
        for (at, waiting) in self.lanes.iter().enumerate() {
            if waiting.is_some() && !(at == 0 && self.reserved) {
                match bit(at) {
                    0 => row.beyond = true,
                    bit => row.through |= bit,
                }
            }
        }
        row.merge = parents.len() > 1;
        for (nth, parent) in parents.iter().enumerate() {
            let target = match self.lane_of.get(parent).copied() {
                Some(right) if right > lane && nth == 0 => {
                    self.lanes[right] = None;
                    self.wait(lane, *parent);
                    row.down = true;
                    row.ends |= bit(right);
                    right
                }
                Some(known) => known,
                None if !row.down => {
                    self.wait(lane, *parent);
                    row.down = true;
                    continue;
                }
                None => {
                    let target = self.free(lane + 1);
                    self.wait(target, *parent);
                    target
                }
            };
            if target == lane {
                continue;
            }
            self.reserved &= target != 0;
            match bit(target) {
                0 => row.beyond = true,
                bit => row.joins |= bit,
            }
        }
        while self.lanes.last().is_some_and(Option::is_none) {
            self.lanes.pop();
        }
        row.beyond |= lane >= KNOWN;
        row.node = u8::try_from(lane).unwrap_or(u8::MAX);
        row
    }

    fn wait(&mut self, lane: usize, id: CommitId) {
        if self.lanes.len() <= lane {
            self.lanes.resize(lane + 1, None);
        }
        self.lanes[lane] = Some(id);
        self.lane_of.insert(id, lane);
    }

    /// The leftmost free lane from `from` on.
    fn free(&self, from: usize) -> usize {
        let taken = |lane: &usize| self.lanes.get(*lane).is_some_and(Option::is_some);
        (from..).find(|lane| !taken(lane)).unwrap_or(from)
    }
}

fn bit(lane: usize) -> u16 {
    if lane < KNOWN { 1 << lane } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> CommitId {
        CommitId([n; 20])
    }

    /// `|` passes, `*` the commit, `+` joined; what lies between is not told.
    fn drawn(commits: &[(u8, &[u8])]) -> Vec<String> {
        let mut tracks = Tracks::new(Some(id(commits[0].0)));
        commits
            .iter()
            .map(|(commit, parents)| {
                let parents: Vec<_> = parents.iter().map(|p| id(*p)).collect();
                let row = tracks.place(id(*commit), &parents);
                (0..row.width())
                    .map(|lane| {
                        let has = |mask: u16| mask & (1 << lane) != 0;
                        match () {
                            () if usize::from(row.node) == lane => '*',
                            () if has(row.joins) => '+',
                            () if has(row.through) => '|',
                            () => ' ',
                        }
                    })
                    .collect()
            })
            .collect()
    }

    #[test]
    fn a_merge_opens_a_lane_and_the_fork_closes_it() {
        // 5 merges 4 into 3; both come from 2.
        let rows = drawn(&[(5, &[3, 4]), (4, &[2]), (3, &[2]), (2, &[1]), (1, &[])]);
        assert_eq!(rows, ["*+", "|*", "*+", "*", "*"]);
    }

    #[test]
    fn the_main_line_keeps_the_first_lane() {
        // A topic branch newer than HEAD does not take its place.
        let mut tracks = Tracks::new(Some(id(1)));
        let topic = tracks.place(id(9), &[id(1)]);
        assert_eq!((topic.node, topic.up, topic.down), (1, false, false));
        assert_eq!((topic.through, topic.joins), (0, 1));
        let head = tracks.place(id(1), &[]);
        assert_eq!((head.node, head.up, head.down), (0, true, false));
        let mut alone = Tracks::new(Some(id(1)));
        assert!(!alone.place(id(1), &[]).up);
    }

    #[test]
    fn lanes_beyond_the_known_ones_are_only_counted() {
        let mut tracks = Tracks::new(None);
        for n in 0..30 {
            let row = tracks.place(id(n), &[id(100 + n)]);
            assert_eq!(usize::from(row.node), usize::from(n));
            assert_eq!(row.beyond, usize::from(n) >= KNOWN, "{n}");
        }
        let last = tracks.place(id(200), &(100..130).map(id).collect::<Vec<_>>());
        assert!(last.beyond && last.merge);
        assert_eq!(last.joins, u16::MAX);
    }

    proptest::proptest! {
        #[test]
        fn no_commit_is_waited_for_twice(parents in proptest::collection::vec(
            proptest::collection::vec(1u8..30, 0..4), 1..60))
        {
            let mut tracks = Tracks::new(None);
            for (at, steps) in parents.iter().enumerate() {
                let at = u8::try_from(at).unwrap();
                let mut of: Vec<_> = steps.iter().map(|s| id(at.saturating_add(*s))).collect();
                of.dedup();
                let row = tracks.place(id(at), &of);
                proptest::prop_assert!(!tracks.awaits(id(at)));
                for parent in of {
                    proptest::prop_assert!(tracks.awaits(parent));
                }
                proptest::prop_assert_eq!(row.ends & !row.joins, 0);
                let own = bit(usize::from(row.node));
                proptest::prop_assert_eq!((row.through | row.joins) & own, 0);
                let waiting = tracks.lanes.iter().flatten().count();
                proptest::prop_assert_eq!(waiting, tracks.lane_of.len());
            }
        }
    }
}
