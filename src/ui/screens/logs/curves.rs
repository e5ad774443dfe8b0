//! The curves of the numbers in the lines, with the cursor's line marked on them.

use jiff::Timestamp;
use ratatui::layout::Rect;

use crate::keys::command::Command;
use crate::logs;
use crate::logs::curve::{Axis, Series, Trend};
use crate::logs::line::LineRef;
use crate::logs::told::Curves;
use crate::store::model::logs::Tail;
use crate::store::model::nav::ONE_PANE_COLUMNS;
use crate::theme::Role;
use crate::ui::cx::Cx;
use crate::ui::layout::{cut_bottom, margin};
use crate::ui::paint::Words;
use crate::ui::widgets::dots::Dots;
use crate::ui::widgets::notes::{self, Empty};
use crate::ui::widgets::pane::pane;
use crate::ui::{format, signs, text};

use super::prefix::clock;

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

/// Cells for as many curves as there is room for, in rows and columns of one size; the last row is for the axis.
struct Grid {
    inner: Rect,
    columns: u16,
    rows: u16,
    count: usize,
}

impl Grid {
    fn of(area: Rect, wanted: usize) -> Self {
        let inside = Rect {
            x: area.x + 1,
            y: area.y + 1,
            width: area.width.saturating_sub(2),
            height: area.height.saturating_sub(2),
        };
        let inner = margin(inside, 1);
        let wanted = u16::try_from(wanted).unwrap_or(u16::MAX);
        let height = inner.height.saturating_sub(1);
        let deep = height / LEAST_HEIGHT;
        let wide = if wanted > 1 && inner.width >= 2 * LEAST_WIDTH + 2 && deep < 4 {
            2
        } else {
            1
        };
        let rows = wanted.div_ceil(wide).min(deep);
        Self {
            inner,
            columns: wide,
            rows,
            count: usize::from(wanted.min(rows * wide)),
        }
    }

    fn cell(&self, index: usize) -> Rect {
        let index = u16::try_from(index).unwrap_or(u16::MAX);
        let (row, column) = (index / self.columns, index % self.columns);
        let x = self.column(column);
        let height = self.inner.height.saturating_sub(1);
        let at = |row: u16| row * height / self.rows.max(1);
        Rect {
            y: self.inner.y + at(row),
            height: at(row + 1) - at(row),
            ..x
        }
    }

    /// The room of a column, over all rows.
    fn column(&self, column: u16) -> Rect {
        // Two cells of air between columns.
        let width = (self.inner.width + 2) / self.columns - 2;
        Rect {
            x: self.inner.x + column * (width + 2),
            width,
            ..self.inner
        }
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

struct Plot<'t> {
    series: &'t Series,
    index: usize,
    scale: &'t Scale,
    here: Option<&'t Here>,
    /// Lines before the first one there is.
    given_up: u64,
}

impl Plot<'_> {
    /// The name with what is said of the curve; under it the curve, its highest and lowest value at the right.
    fn draw(&self, cx: &mut Cx<'_, '_>, area: Rect) {
        let labels = self.scale.labels;
        if area.height < 2 || area.width < labels + 8 {
            return;
        }
        let role = signs::series_role(self.index);
        self.headline(cx, Rect { height: 1, ..area }, role);
        // A row of air before the next one, where there is room for it.
        let air = u16::from(area.height > LEAST_HEIGHT + 1);
        let plot = Rect::new(
            area.x,
            area.y + 1,
            area.width - labels - 1,
            area.height - 1 - air,
        );
        let (Some(min), Some(max)) = (self.series.min(), self.series.max()) else {
            return;
        };
        let dim = cx.style(Role::Dim);
        let mut ends = vec![(plot.y, max.y)];
        if max.y > min.y && plot.height > 1 {
            ends.push((plot.bottom() - 1, min.y));
        }
        for (y, value) in ends {
            let label = format::figure(value);
            let width = text::width(&label) as u16;
            cx.pen.text(area.right() - width, y, width, &label, dim);
        }
        let (from, to) = if self.series.axis() == self.scale.axis {
            (self.scale.from, self.scale.to)
        } else {
            stretch(std::iter::once(self.series))
        };
        let x_of = |x: f64| share(x, from, to).unwrap_or(1.0);
        let mut dots = Dots::new(plot.width, plot.height);
        let mut before = None;
        for point in self.series.points() {
            // A curve that never changes lies in the middle.
            let y = share(point.y, min.y, max.y).unwrap_or(0.5);
            let place = dots.place(x_of(point.x), y);
            dots.line(self.index, before.unwrap_or(place), place);
            before = Some(place);
        }
        dots.draw(cx, plot, signs::series_role);
        if let Some(point) = self.here.and_then(|here| self.series.at_line(here.key)) {
            let column = dots.place(x_of(point.x), 0.0).0 / 2;
            let column = u16::try_from(column).unwrap_or(0).min(plot.width - 1);
            let style = cx.style(Role::Selected);
            cx.pen.restyle(
                Rect {
                    x: plot.x + column,
                    width: 1,
                    ..plot
                },
                style,
            );
        }
    }

    /// `■ loss 0.2276 ↓ falling          0.3142 at the line`, and less where there is less room.
    fn headline(&self, cx: &mut Cx<'_, '_>, row: Rect, role: Role) {
        let sign = signs::points(cx.glyphs()).map_or_else(
            || signs::series(cx.glyphs()),
            |marks| marks[self.index % marks.len()],
        );
        let mut words = cx.say(role, format!("{sign} "));
        let name = text::cut_middle(
            self.series.name(),
            usize::from(row.width / 2),
            cx.glyphs().ellipsis,
        );
        words.push(name, cx.style(Role::Strong));
        if let Some(last) = self.series.last() {
            words.push(format!(" {}", format::figure(last.y)), cx.style(Role::Text));
        }
        let (sign, word) = match self.series.trend() {
            Trend::Falling => (cx.glyphs().sort_down, " falling"),
            Trend::Rising => (cx.glyphs().sort_up, " rising"),
            Trend::Flat => ("", " flat"),
        };
        if !sign.is_empty() {
            words.push(format!(" {sign}"), cx.style(Role::Dim));
        }
        let more = match self.series.broken() {
            Some(key) => {
                let line = format::thousands(key.saturating_sub(self.given_up) + 1);
                let broken = format!("  {} nan or inf at line {line}", cx.glyphs().act);
                cx.say(Role::Act, broken)
            }
            None => cx.say(Role::Dim, word),
        };
        let mut room = row.width;
        if let Some((value, own)) = self.here.and_then(|here| here.value(self.series)) {
            let (short, long) = if own {
                ("at ", " at the line")
            } else {
                ("near ", " near the line")
            };
            let value = format::figure(value);
            let wanted = words.width() + more.width() + 2;
            let dim = cx.style(Role::Dim);
            let text = cx.style(Role::Text);
            let long = Words::new().add(value.clone(), text).add(long, dim);
            let here = if wanted + long.width() <= room {
                long
            } else {
                Words::new().add(short, dim).add(value, text)
            };
            if words.width() + 2 + here.width() <= room {
                room -= cx.pen.words_right(row, &here) + 2;
            }
        }
        if words.width() + more.width() <= room {
            words = words.join(more);
        }
        cx.pen.words(row.x, row.y, room, &words);
    }
}

/// Where a value lies between two others; `None` if they are the same.
fn share(value: f64, from: f64, to: f64) -> Option<f64> {
    // Halved first: the distance of two finite numbers may not be finite.
    let span = to / 2.0 - from / 2.0;
    (span.is_finite() && span > 0.0).then(|| (value / 2.0 - from / 2.0) / span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_lie_apart_and_inside() {
        for (width, height) in [(80, 9), (50, 40), (86, 16), (144, 50), (36, 7), (90, 7)] {
            let area = Rect::new(3, 2, width, height);
            for wanted in 0..=4 {
                let grid = Grid::of(area, wanted);
                assert!(grid.count <= wanted);
                assert!(wanted == 0 || grid.count > 0, "{width}x{height}");
                let cells: Vec<Rect> = (0..grid.count).map(|i| grid.cell(i)).collect();
                for (i, cell) in cells.iter().enumerate() {
                    assert_eq!(cell.intersection(grid.inner), *cell);
                    assert!(cell.height >= LEAST_HEIGHT && cell.bottom() < area.bottom() - 1);
                    assert!(cells[..i].iter().all(|other| !other.intersects(*cell)));
                }
            }
        }
    }

    #[test]
    fn shares_of_any_numbers() {
        assert_eq!(share(1.0, 0.0, 4.0), Some(0.25));
        assert_eq!(share(1.0, 1.0, 1.0), None);
        assert_eq!(share(0.0, f64::MIN, f64::MAX), Some(0.5));
        assert_eq!(share(0.0, f64::INFINITY, f64::NEG_INFINITY), None);
    }
}
