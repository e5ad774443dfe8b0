//! One curve: its points, thinned so that extremes stay, and what can be said of it.

use serde::{Deserialize, Serialize};

use super::interest;

/// More than a terminal has columns; then every second point goes.
const MOST_POINTS: usize = 1024;

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
    /// By key.
    points: Vec<Point>,
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
        if self.points.len() == MOST_POINTS {
            self.thin();
        }
        // Nearly always the end; older pages come in front.
        let place = match self.points.last() {
            Some(last) if last.key > point.key => {
                self.points.partition_point(|p| p.key <= point.key)
            }
            _ => self.points.len(),
        };
        self.points.insert(place, point);
    }

    /// Of every four neighbours the lowest and the highest stay.
    fn thin(&mut self) {
        let mut kept = Vec::with_capacity(MOST_POINTS);
        for four in self.points.chunks(4) {
            let low = (0..four.len()).min_by(|a, b| four[*a].y.total_cmp(&four[*b].y));
            let high = (0..four.len()).max_by(|a, b| four[*a].y.total_cmp(&four[*b].y));
            if let (Some(low), Some(high)) = (low, high) {
                kept.push(four[low.min(high)]);
                if low != high {
                    kept.push(four[low.max(high)]);
                }
            }
        }
        self.points = kept;
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

fn mean(points: &[Point]) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a thousand at most")]
    let count = points.len() as f64;
    (!points.is_empty()).then(|| points.iter().map(|p| p.y).sum::<f64>() / count)
}
