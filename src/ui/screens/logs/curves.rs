//! The curves of the numbers in the lines, with the cursor's line marked on them.

mod grid;
mod plot;

use jiff::Timestamp;
use ratatui::layout::Rect;

use crate::keys::command::Command;
use crate::logs;
use crate::logs::curve::{Axis, Series};
use crate::logs::line::LineRef;
use crate::logs::told::Curves;
use crate::store::model::logs::Tail;
use crate::store::model::nav::ONE_PANE_COLUMNS;
use crate::theme::Role;
use crate::ui::cx::Cx;
use crate::ui::layout::cut_bottom;
use crate::ui::paint::Words;
use crate::ui::widgets::notes::{self, Empty};
use crate::ui::widgets::pane::pane;
use crate::ui::{format, text};

use super::prefix::clock;

use grid::Grid;
use plot::Plot;

/// From this many columns on the curves stand beside the lines.
const BESIDE: u16 = 120;
/// A curve in less room says nothing.
const LEAST_WIDTH: u16 = 32;
const LEAST_HEIGHT: u16 = 4;

/// What is left for the lines, and the room of the curves, if they are wanted and there is room.
pub fn cut(cx: &Cx<'_, '_>, area: Rect) -> (Rect, Option<Rect>) {
    if !cx.model.logs.curves || cx.model.logs.tail.is_none() {
        return (area, None);
    }
    if area.width >= BESIDE {
        let width = (area.width * 42 / 100).min(ONE_PANE_COLUMNS);
        let lines = area.width - width;
        let beside = Rect {
            x: area.x + lines,
            width,
            ..area
        };
        return (
            Rect {
                width: lines,
                ..area
            },
            Some(beside),
        );
    }
    // Room for two rows of curves, if half of all is enough for them.
    let height = (area.height * 42 / 100).max(area.height.div_ceil(2).min(2 * LEAST_HEIGHT + 3));
    if height < LEAST_HEIGHT + 3 || area.width < LEAST_WIDTH + 4 {
        return (area, None);
    }
    let (lines, below) = cut_bottom(area, height);
    (lines, Some(below))
}

pub fn draw(cx: &mut Cx<'_, '_>, area: Rect) {
    let Some(tail) = &cx.model.logs.tail else {
        return;
    };
    let none = Curves::default();
    let curves = tail.curves.shown.as_ref().unwrap_or(&none);
    let is_done = curves.done && tail.curves.shown.is_some();
    let reading = if is_done {
        Words::new()
    } else {
        let lines = format::thousands(curves.lines);
        let text = format!("{} {lines} lines read", cx.glyphs().loading);
        cx.say(Role::Moving, text)
    };
    let grid = Grid::of(area, curves.shown.len());
    let shown = &curves.shown[..grid.count];
    let mut title = cx.say(Role::Title, "Curves");
    let all = curves.shown.len() + curves.others;
    if !shown.is_empty() {
        title.push(format!(" · {} of {all}", shown.len()), cx.style(Role::Dim));
    }
    let inner = pane(cx, area, None, &title, &reading);
    if shown.is_empty() {
        if is_done {
            let nothing = Empty::new("No numbers like loss=0.2 in these lines.")
                .key(Command::ToggleCurves, "takes this pane away");
            notes::empty(cx, inner, &nothing);
        }
        return;
    }
    let scale = Scale::of(shown);
    let here = Here::of(tail);
    for (index, series) in shown.iter().enumerate() {
        let plot = Plot {
            series,
            index,
            scale: &scale,
            here: here.as_ref(),
            given_up: tail.progress.dropped,
        };
        plot.draw(cx, grid.cell(index));
    }
    scale.draw(cx, &grid);
}

/// The line under the cursor.
struct Here {
    /// As the points of the curves name their lines.
    key: u64,
    /// Its own numbers: a long curve is made of fewer points than there are lines.
    own: logs::curve::Curves,
}

impl Here {
    fn of(tail: &Tail) -> Option<Self> {
        if tail.follow {
            return None;
        }
        let line = tail.window.lines.get(tail.cursor_index()?)?;
        let key = line.number? + tail.progress.dropped;
        let mut own = logs::curve::Curves::default();
        let text = LineRef {
            text: line.text.as_bytes(),
            ..LineRef::default()
        };
        own.add(&text, key);
        Some(Self { key, own })
    }

    /// The value of a series there, and whether the line itself tells it.
    fn value(&self, series: &Series) -> Option<(f64, bool)> {
        if let Some(point) = self.own.get(series.name()).and_then(Series::last) {
            return Some((point.y, true));
        }
        series.at_line(self.key).map(|point| (point.y, false))
    }
}

/// What the curves have in common: the stretch of their axis, and the width of their labels.
struct Scale {
    axis: Axis,
    from: f64,
    to: f64,
    labels: u16,
}

impl Scale {
    fn of(shown: &[Series]) -> Self {
        let axis = shown.first().map_or(Axis::Line, Series::axis);
        let (from, to) = stretch(shown.iter().filter(|s| s.axis() == axis));
        let ends = shown.iter().flat_map(|s| [s.min(), s.max()]).flatten();
        let labels = ends.map(|p| text::width(&format::figure(p.y))).max();
        Self {
            axis,
            from,
            to,
            labels: labels.unwrap_or(0) as u16,
        }
    }

    /// The ends of the axis, under each column.
    fn draw(&self, cx: &mut Cx<'_, '_>, grid: &Grid) {
        let style = cx.style(Role::Dim);
        let (from, to) = (self.place(cx, self.from), self.place(cx, self.to));
        let name = match self.axis {
            Axis::Step => "step ",
            Axis::Epoch => "epoch ",
            Axis::Time => "",
            Axis::Line => "line ",
        };
        let from = format!("{name}{from}");
        let width = text::width(&to) as u16;
        for column in 0..grid.columns {
            let area = grid.column(column);
            let y = area.bottom() - 1;
            let plot = area.width.saturating_sub(self.labels + 1);
            cx.pen.text(area.x, y, plot, &from, style);
            if usize::from(plot) > text::width(&from) + usize::from(width) + 1 {
                cx.pen.text(area.x + plot - width, y, width, &to, style);
            }
        }
    }

    fn place(&self, cx: &Cx<'_, '_>, x: f64) -> String {
        match self.axis {
            Axis::Time => Timestamp::from_millisecond(x as i64)
                .map_or_else(|_| String::new(), |at| clock(cx, at, cx.time(at).len() > 5)),
            Axis::Epoch => format::figure(x),
            Axis::Step | Axis::Line => format::count(x),
        }
    }
}

/// The first and the last place on the axis.
fn stretch<'s>(series: impl Iterator<Item = &'s Series>) -> (f64, f64) {
    let xs = series.flat_map(Series::points).map(|point| point.x);
    xs.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
        (low.min(x), high.max(x))
    })
}
