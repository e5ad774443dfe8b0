//! Curves over time, drawn in braille dots.

use jiff::Timestamp;
use ratatui::layout::Rect;

use crate::theme::Role;
use crate::ui::signs;

use crate::ui::cx::Cx;
use crate::ui::paint::Words;
use crate::ui::text;

use super::dots::Dots;

pub struct Curve<'t> {
    pub name: &'t str,
    pub points: &'t [(Timestamp, f64)],
    pub role: Role,
}

pub struct Chart<'t> {
    pub title: &'t str,
    pub curves: Vec<Curve<'t>>,
    pub from: Timestamp,
    pub to: Timestamp,
    /// How values are written at the axis and in the legend.
    pub unit: fn(f64) -> String,
    /// The scale reaches at least this high.
    pub at_least: f64,
}

/// Cells of the labels at the left.
const AXIS: u16 = 8;

/// Points further apart than this many seconds are not connected: there was no data in between.
const GAP_SECONDS: i64 = 300;

impl Chart<'_> {
    /// A title with the newest values, the curves, and the times under them.
    pub fn draw(&self, cx: &mut Cx<'_, '_>, area: Rect) {
        if area.height < 4 || area.width < AXIS + 10 {
            return;
        }
        let legend = self.legend(cx);
        cx.pen.words(area.x, area.y, area.width, &legend);
        let plot = Rect::new(
            area.x + AXIS + 1,
            area.y + 1,
            area.width - AXIS - 1,
            area.height - 2,
        );
        let top = self.top();
        let dim = cx.style(Role::Dim);
        let line = cx.style(Role::Border);
        for (row, value) in [(0, top), (plot.height - 1, 0.0)] {
            let label = (self.unit)(value);
            let width = text::width(&label) as u16;
            let x = area.x + AXIS.saturating_sub(width);
            cx.pen.text(x, plot.y + row, AXIS, &label, dim);
        }
        let upright = cx.glyphs().border.vertical;
        for row in 0..plot.height {
            cx.pen.text(plot.x - 1, plot.y + row, 1, upright, line);
        }
        self.times(cx, plot);
        self.curves(cx, plot, top);
    }

    fn legend<'w>(&self, cx: &Cx<'_, '_>) -> Words<'w> {
        let mut words = cx.say(Role::Strong, self.title.to_owned());
        for curve in &self.curves {
            let value = curve
                .points
                .last()
                .map_or("-".to_owned(), |p| (self.unit)(p.1));
            words.push(
                format!("  {} {}", signs::series(cx.glyphs()), curve.name),
                cx.style(curve.role),
            );
            words.push(format!(" {value}"), cx.style(Role::Text));
        }
        words
    }

    fn times(&self, cx: &mut Cx<'_, '_>, plot: Rect) {
        let style = cx.style(Role::Dim);
        let from = cx.time(self.from);
        let to = cx.time(self.to);
        cx.pen.text(plot.x, plot.bottom(), plot.width, &from, style);
        let width = text::width(&to) as u16;
        if plot.width > width * 2 + 2 {
            cx.pen
                .text(plot.right() - width, plot.bottom(), width, &to, style);
        }
    }

    /// A round value at or over the highest.
    fn top(&self) -> f64 {
        let highest = self
            .curves
            .iter()
            .flat_map(|c| c.points)
            .map(|p| p.1)
            .filter(|v| v.is_finite())
            .fold(self.at_least, f64::max);
        round_up(highest)
    }

    fn curves(&self, cx: &mut Cx<'_, '_>, plot: Rect, top: f64) {
        let mut dots = Dots::new(plot.width, plot.height);
        let span = (self.to.as_second() - self.from.as_second()).max(1) as f64;
        for (index, curve) in self.curves.iter().enumerate() {
            let mut before: Option<(Timestamp, (i64, i64))> = None;
            for &(at, value) in curve.points.iter().filter(|p| p.1.is_finite()) {
                let x = (at.as_second() - self.from.as_second()) as f64 / span;
                let place = dots.place(x, value / top);
                match before {
                    Some((last, from)) if at.as_second() - last.as_second() <= GAP_SECONDS => {
                        dots.line(index, from, place);
                    }
                    _ => dots.set(index, place.0, place.1),
                }
                before = Some((at, place));
            }
        }
        dots.draw(cx, plot, |curve| self.curves[curve].role);
    }
}

/// A round number at or over the value; 1 for nothing.
pub fn round_up(value: f64) -> f64 {
    if !(value.is_finite() && value > 0.0) {
        return 1.0;
    }
    let power = 10f64.powf(value.log10().floor());
    [1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0]
        .into_iter()
        .map(|step| step * power)
        .find(|round| *round >= value * 0.999_999)
        .unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_at_round_values() {
        for (value, top) in [
            (0.0, 1.0),
            (84.0, 100.0),
            (120.0, 150.0),
            (5.0, 5.0),
            (0.27, 0.3),
        ] {
            assert!((round_up(value) - top).abs() < 1e-9, "{value}");
        }
        assert!((round_up(f64::NAN) - 1.0).abs() < 1e-9);
    }
}
