//! How lines spread over time.

use std::sync::Arc;

use super::ask::Generation;
use super::line_set::LineSet;
use super::told::{Bucket, Histogram};

pub const MOST_BUCKETS: usize = 512;

/// The lines of a segment that count.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Lines whose time is known, in order.
    pub times: Vec<(u32, i64)>,
    pub lines: u32,
    /// `None` counts all.
    pub shown: Option<Arc<LineSet>>,
    /// `None` marks none.
    pub marked: Option<Arc<LineSet>>,
}

/// From the earliest to the latest time of all pieces. The answer is not `done`: the asker knows whether it is.
pub fn count(generation: Generation, pieces: &[Piece], buckets: usize) -> Histogram {
    let buckets = buckets.clamp(1, MOST_BUCKETS);
    let times = || pieces.iter().flat_map(|piece| &piece.times).map(|t| t.1);
    let (Some(start_ms), Some(end)) = (times().min(), times().max()) else {
        return Histogram {
            generation,
            width_ms: 1,
            timeless: pieces.iter().map(|piece| u64::from(piece.len())).sum(),
            ..Histogram::default()
        };
    };
    let span = end.abs_diff(start_ms);
    let width = (span / buckets as u64 + 1).max(1);
    let mut histogram = Histogram {
        generation,
        start_ms,
        width_ms: i64::try_from(width).unwrap_or(i64::MAX),
        buckets: vec![Bucket::default(); (span / width) as usize + 1],
        ..Histogram::default()
    };
    for piece in pieces {
        piece.count(&mut histogram, width);
    }
    histogram
}

impl Piece {
    fn len(&self) -> u32 {
        self.shown.as_ref().map_or(self.lines, |shown| shown.len())
    }

    fn count(&self, histogram: &mut Histogram, width: u64) {
        if self.times.is_empty() {
            histogram.timeless += u64::from(self.len());
            return;
        }
        let all = LineSet::all(self.lines);
        let shown = self.shown.as_deref().unwrap_or(&all);
        let mut next = 0;
        for line in shown.iter() {
            while self.times.get(next).is_some_and(|(at, _)| *at <= line) {
                next += 1;
            }
            let time = between(
                line,
                next.checked_sub(1).and_then(|at| self.times.get(at)),
                self.times.get(next),
            );
            let bucket = time.abs_diff(histogram.start_ms) / width;
            if let Some(bucket) = histogram.buckets.get_mut(bucket as usize) {
                bucket.lines += 1;
                let marked = self.marked.as_ref().is_some_and(|set| set.contains(line));
                bucket.marked += u64::from(marked);
            }
        }
    }
}

/// The time of a line between two whose times are known, or that of the only known neighbour.
fn between(line: u32, before: Option<&(u32, i64)>, after: Option<&(u32, i64)>) -> i64 {
    match (before, after) {
        (Some((a, from)), Some((b, to))) => {
            let share = f64::from(line - a) / f64::from(b - a);
            // The ends are real times, so what lies between them is one too.
            from.saturating_add((to.saturating_sub(*from) as f64 * share) as i64)
        }
        (Some((_, time)), None) | (None, Some((_, time))) => *time,
        (None, None) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(times: &[(u32, i64)], lines: u32) -> Piece {
        Piece {
            times: times.to_vec(),
            lines,
            shown: None,
            marked: None,
        }
    }

    #[test]
    fn lines_between_known_times_are_spread_evenly() {
        let mut first = piece(&[(0, 100), (10, 200)], 11);
        first.marked = Some(Arc::new(LineSet::from_sorted(&[3, 4], 11)));
        let mut second = piece(&[(1, 299)], 4);
        second.shown = Some(Arc::new(LineSet::from_sorted(&[0, 3], 4)));
        let histogram = count(7, &[first, second, piece(&[], 5)], 4);
        assert_eq!((histogram.start_ms, histogram.width_ms), (100, 50));
        let lines: Vec<u64> = histogram.buckets.iter().map(|b| b.lines).collect();
        assert_eq!(lines, [5, 5, 1, 2]);
        assert_eq!(histogram.buckets[0].marked, 2);
        assert_eq!((histogram.timeless, histogram.generation), (5, 7));
    }

    #[test]
    fn extreme_times_and_none_at_all() {
        let wide = count(
            0,
            &[piece(&[(0, i64::MIN / 4), (1, i64::MAX / 4)], 2)],
            9999,
        );
        assert_eq!(wide.buckets.len(), MOST_BUCKETS);
        assert_eq!(wide.buckets.last().map(|b| b.lines), Some(1));
        let none = count(0, &[piece(&[], 3)], 10);
        assert_eq!((none.timeless, none.buckets.len()), (3, 0));
        assert_eq!(count(0, &[piece(&[(0, 5)], 1)], 0).buckets[0].lines, 1);
    }
}
