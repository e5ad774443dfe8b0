//! One curve: its points, thinned so that extremes stay, and what can be said of it.

use serde::{Deserialize, Serialize};

use super::interest;

/// More than a terminal has columns.
const MOST_POINTS: usize = 1024;

/// Thinned until so many are left, so that it is not done for every number.
const THINNED_POINTS: usize = 768;

/// A change below this part of the whole range is none.
const FLAT: f64 = 0.02;

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub x: f64,
    pub y: f64,
    /// The line it was read from.
    pub key: u64,
}

/// What `x` counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Axis {
    Step,
    Epoch,
    /// Milliseconds since 1970.
    Time,
    /// Lines from the first one.
    Line,
}

/// Where a curve goes of late: its last third against the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trend {
    Falling,
    Flat,
    Rising,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    name: Box<str>,
    defined: bool,
    interest: u8,
    axis: Axis,
    /// By key. Of each stretch of `1 << stretch` keys at most the lowest and the highest.
    points: Vec<Point>,
    stretch: u32,
    count: u64,
    last: Option<Point>,
    min: Option<Point>,
    max: Option<Point>,
    /// The first `nan` or `inf`, which no curve can show.
    broken: Option<u64>,
}

impl Series {
    pub(super) fn new(name: &str, defined: bool, axis: Axis) -> Self {
        Self {
            name: name.into(),
            defined,
            interest: interest::of(name, defined),
            axis,
            points: Vec::new(),
            stretch: 0,
            count: 0,
            last: None,
            min: None,
            max: None,
            broken: None,
        }
    }

    pub(super) fn push(&mut self, point: Point) {
        self.count += 1;
        if !point.y.is_finite() {
            self.broken = Some(self.broken.map_or(point.key, |key| key.min(point.key)));
            return;
        }
        if self.last.is_none_or(|last| last.key <= point.key) {
            self.last = Some(point);
        }
        if self.min.is_none_or(|min| point.y < min.y) {
            self.min = Some(point);
        }
        if self.max.is_none_or(|max| point.y > max.y) {
            self.max = Some(point);
        }
        self.insert(point);
        if self.points.len() > MOST_POINTS {
            self.thin();
        }
    }

    fn insert(&mut self, point: Point) {
        // Nearly always the end; older pages come in front.
        let place = match self.points.last() {
            Some(last) if last.key > point.key => {
                self.points.partition_point(|p| p.key <= point.key)
            }
            _ => self.points.len(),
        };
        self.points.insert(place, point);
        let stretch = point.key >> self.stretch;
        let start = self.points[..place]
            .iter()
            .rposition(|p| p.key >> self.stretch != stretch)
            .map_or(0, |before| before + 1);
        let end = self.points[place..]
            .iter()
            .position(|p| p.key >> self.stretch != stretch)
            .map_or(self.points.len(), |after| place + after);
        let kept = extremes(&self.points[start..end]);
        self.points.splice(start..end, kept.into_iter().flatten());
    }

    /// Longer stretches, until there is room: all parts of the curve are as coarse as one another.
    fn thin(&mut self) {
        while self.points.len() > THINNED_POINTS && self.stretch < u64::BITS - 1 {
            self.stretch += 1;
            let stretches = self
                .points
                .chunk_by(|a, b| a.key >> self.stretch == b.key >> self.stretch);
            self.points = stretches.flat_map(extremes).flatten().collect();
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The user asked for it.
    pub fn is_defined(&self) -> bool {
        self.defined
    }

    pub fn axis(&self) -> Axis {
        self.axis
    }

    /// In the order of the lines; at most about a thousand, the extremes among them.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// The point of a line, or the nearest one before it: where the cursor stands on the curve.
    pub fn at_line(&self, key: u64) -> Option<&Point> {
        let after = self.points.partition_point(|p| p.key <= key);
        self.points.get(after.checked_sub(1)?)
    }

    /// How many numbers were read.
    pub fn count(&self) -> u64 {
        self.count
    }

    pub fn last(&self) -> Option<Point> {
        self.last
    }

    pub fn min(&self) -> Option<Point> {
        self.min
    }

    pub fn max(&self) -> Option<Point> {
        self.max
    }

    /// The first line where it was `nan` or infinite.
    pub fn broken(&self) -> Option<u64> {
        self.broken
    }

    pub fn trend(&self) -> Trend {
        let (Some(min), Some(max)) = (self.min, self.max) else {
            return Trend::Flat;
        };
        let third = (self.points.len() / 3).max(1);
        let end = self.points.len();
        let late = mean(&self.points[end.saturating_sub(third)..]);
        let before = mean(&self.points[end.saturating_sub(2 * third)..end.saturating_sub(third)]);
        let (Some(late), Some(before)) = (late, before) else {
            return Trend::Flat;
        };
        let range = max.y - min.y;
        if (late - before).abs() <= range * FLAT {
            Trend::Flat
        } else if late < before {
            Trend::Falling
        } else {
            Trend::Rising
        }
    }

    pub(super) fn is_constant(&self) -> bool {
        match (self.min, self.max) {
            (Some(min), Some(max)) => min.y >= max.y,
            _ => true,
        }
    }

    pub(super) fn interest(&self) -> u8 {
        self.interest
    }

    pub(super) fn last_x(&self) -> Option<f64> {
        self.last.map(|point| point.x)
    }

    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>() + self.name.len() + self.points.capacity() * size_of::<Point>()
    }
}

/// The lowest and the highest, in their order.
fn extremes(points: &[Point]) -> [Option<Point>; 2] {
    let by_y = |a: &usize, b: &usize| points[*a].y.total_cmp(&points[*b].y);
    let low = (0..points.len()).min_by(by_y);
    let high = (0..points.len()).max_by(by_y);
    match low.zip(high) {
        Some((low, high)) if low != high => {
            [low.min(high), low.max(high)].map(|at| Some(points[at]))
        }
        Some((low, _)) => [Some(points[low]), None],
        None => [None, None],
    }
}

fn mean(points: &[Point]) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a thousand at most")]
    let count = points.len() as f64;
    (!points.is_empty()).then(|| points.iter().map(|p| p.y).sum::<f64>() / count)
}
