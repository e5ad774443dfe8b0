//! Bars on one time axis: when each step ran.

use jiff::Timestamp;

use crate::domain::run::Step;
use crate::theme::Role;
use crate::ui::signs;

use super::cells::run_role;
use crate::ui::cx::Cx;

/// The stretch of time that all bars share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    from: i64,
    to: i64,
}

impl Axis {
    /// From the first start to the last end; to `now` while something moves. `None` before anything started.
    pub fn of(steps: &[Step], now: Timestamp) -> Option<Self> {
        let from = steps
            .iter()
            .filter_map(|s| s.started_at)
            .map(Timestamp::as_second)
            .min()?;
        let to = steps
            .iter()
            .filter_map(|s| end_of(s, now))
            .max()
            .unwrap_or(from);
        Some(Self {
            from,
            to: to.max(from + 1),
        })
    }

    /// First cell and number of cells of a stretch; at least one cell.
    pub fn cells(self, start: i64, end: i64, width: u16) -> (u16, u16) {
        if width == 0 {
            return (0, 0);
        }
        let scale = |at: i64| {
            let share = (at - self.from) as f64 / (self.to - self.from) as f64;
            (share.clamp(0.0, 1.0) * f64::from(width)).round() as u16
        };
        let first = scale(start).min(width - 1);
        let last = scale(end).clamp(first + 1, width);
        (first, last - first)
    }
}

fn end_of(step: &Step, now: Timestamp) -> Option<i64> {
    let start = step.started_at?.as_second();
    Some(start + step.duration_s(now).unwrap_or(0))
}

/// One step's bar. Waiting steps leave the axis empty.
pub fn bar(cx: &mut Cx<'_, '_>, x: u16, y: u16, width: u16, step: &Step, axis: Axis) {
    let Some((start, end)) = step.started_at.zip(end_of(step, cx.model.now)) else {
        return;
    };
    let (first, cells) = axis.cells(start.as_second(), end, width);
    let glyphs = cx.glyphs();
    let role = match run_role(step.status) {
        Role::Dim => Role::BorderFocus,
        role => role,
    };
    let style = cx.style(role);
    let line = cx.style(Role::Border);
    cx.pen.run(x, y, first, signs::axis(glyphs), line);
    cx.pen
        .run(x + first, y, cells, signs::stretch(glyphs), style);
    if step.status.is_moving() {
        // What still grows has a soft end.
        cx.pen
            .text(x + first + cells - 1, y, 1, glyphs.bar_half, style);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_share_one_axis_and_are_always_seen() {
        let axis = Axis { from: 100, to: 200 };
        assert_eq!(axis.cells(100, 200, 10), (0, 10));
        assert_eq!(axis.cells(150, 150, 10), (5, 1));
        assert_eq!(axis.cells(200, 200, 10), (9, 1));
        assert_eq!(axis.cells(100, 120, 10), (0, 2));
        assert_eq!(axis.cells(0, 900, 10), (0, 10));
        assert_eq!(axis.cells(0, 900, 0), (0, 0));
    }
}
