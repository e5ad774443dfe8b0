//! The steps of a run as a graph in text: from left to right, and on in a further line where the width ends.

mod lanes;

use std::ops::Range;

use ratatui::layout::Rect;

use crate::domain::run::Step;
use crate::theme::Role;
use crate::ui::cx::Cx;
use crate::ui::signs;
use crate::ui::text;

use super::cells::{run_glyph, run_role};
use lanes::{Graph, Lane};

/// Cells between two columns: ` ─┬─ `.
const GUTTER: u16 = 5;

/// Cells of the longest name shown whole, with its sign.
const WIDEST: u16 = 30;

/// Less room makes no picture.
const LEAST_WIDTH: u16 = 24;

/// Bands that still make a picture.
const MOST_BANDS: usize = 4;

/// A graph made to fit a width.
#[derive(Debug)]
pub struct Picture {
    graph: Graph,
    /// Cells of each column.
    widths: Vec<u16>,
    /// Columns that stand side by side; what follows goes on below.
    bands: Vec<Range<usize>>,
}

impl Picture {
    /// `None` where there is nothing to draw, or it would be no picture any more. A chain is drawn only in one line.
    pub fn of(steps: &[Step], width: u16) -> Option<Self> {
        let graph = Graph::of(steps)?;
        let cells = |lane: &Lane| match lane {
            // A sign and a space before the name.
            Lane::Step(i) => text::width(&text::safe(&steps[*i].name)) as u16 + 2,
            Lane::Pass => 1,
        };
        let most = WIDEST.min(width.saturating_sub(GUTTER));
        let widths: Vec<u16> = graph
            .columns
            .iter()
            .map(|lanes| lanes.iter().map(cells).max().unwrap_or(1).min(most))
            .collect();
        let bands = bands(&widths, width);
        let whole = if graph.is_chain() { 1 } else { MOST_BANDS };
        (width >= LEAST_WIDTH && bands.len() <= whole).then_some(Self {
            graph,
            widths,
            bands,
        })
    }

    pub fn is_chain(&self) -> bool {
        self.graph.is_chain()
    }

    /// Lines that it takes.
    pub fn height(&self) -> u16 {
        let lines: u16 = self.bands.iter().map(|band| self.lines(band)).sum();
        lines + self.bands.len().saturating_sub(1) as u16
    }

    /// Lines of one band: of its columns, and of what leads into it.
    fn lines(&self, band: &Range<usize>) -> u16 {
        let lanes = self.graph.columns[band.clone()].iter().map(Vec::len).max();
        let leading = self.leading(band).iter().map(|(from, _)| from + 1).max();
        lanes.max(leading).unwrap_or(0) as u16
    }

    /// What leads into a band from the one above, from its first line on.
    fn leading(&self, band: &Range<usize>) -> Vec<(usize, usize)> {
        let Some(edges) = band.start.checked_sub(1).map(|at| &self.graph.edges[at]) else {
            return Vec::new();
        };
        let mut from: Vec<usize> = edges.iter().map(|(from, _)| *from).collect();
        from.sort_unstable();
        from.dedup();
        let place = |lane: usize| from.iter().position(|f| *f == lane).unwrap_or(0);
        edges.iter().map(|(from, to)| (place(*from), *to)).collect()
    }

    /// Draws the graph; answers the lines used.
    pub fn draw(
        &self,
        cx: &mut Cx<'_, '_>,
        area: Rect,
        steps: &[Step],
        selected: Option<usize>,
    ) -> u16 {
        let mut y = area.y;
        for band in &self.bands {
            let mut x = area.x;
            let height = self.lines(band);
            if band.start > 0 {
                let place = Rect::new(x, y, GUTTER, height);
                let next = &self.graph.columns[band.start];
                gutter(cx, place, &self.leading(band), &[], next);
                x += GUTTER;
            }
            for level in band.clone() {
                let width = self.widths[level];
                self.column(cx, Rect::new(x, y, width, height), level, steps, selected);
                x += width;
                let Some(edges) = self.graph.edges.get(level) else {
                    continue;
                };
                let column = &self.graph.columns[level];
                if level + 1 < band.end {
                    let place = Rect::new(x, y, GUTTER, height);
                    gutter(cx, place, edges, column, &self.graph.columns[level + 1]);
                    x += GUTTER;
                } else {
                    // It goes on below.
                    let room = area.right().saturating_sub(x).min(GUTTER - 1);
                    let style = cx.style(Role::BorderFocus);
                    let dash = cx.glyphs().border.horizontal;
                    for (from, _) in edges {
                        let space = u16::from(column[*from] != Lane::Pass).min(room);
                        let y = y + *from as u16;
                        cx.pen.run(x + space, y, room - space, dash, style);
                    }
                }
            }
            y += height + 1;
        }
        self.height()
    }

    fn column(
        &self,
        cx: &mut Cx<'_, '_>,
        area: Rect,
        level: usize,
        steps: &[Step],
        selected: Option<usize>,
    ) {
        let line = cx.style(Role::BorderFocus);
        let dash = cx.glyphs().border.horizontal;
        for (row, lane) in self.graph.columns[level].iter().enumerate() {
            let y = area.y + row as u16;
            match lane {
                Lane::Pass => cx.pen.run(area.x, y, area.width, dash, line),
                Lane::Step(i) => {
                    let used = node(cx, area.x, y, area.width, &steps[*i], selected == Some(*i));
                    let leaves = self
                        .graph
                        .edges
                        .get(level)
                        .is_some_and(|edges| edges.iter().any(|(from, _)| *from == row));
                    // A shorter name is led to the gutter; after the longest one a space stands there.
                    if leaves && used < area.width {
                        let x = area.x + used + 1;
                        cx.pen.run(x, y, area.width - used, dash, line);
                    }
                }
            }
        }
    }
}

/// As many columns side by side as fit; every band but the first begins with a gutter.
fn bands(widths: &[u16], width: u16) -> Vec<Range<usize>> {
    let mut bands = Vec::new();
    let mut start = 0;
    let mut used = 0;
    for (level, cells) in widths.iter().enumerate() {
        let with_gutter = if level == 0 { 0 } else { GUTTER } + cells;
        if level > start && used + with_gutter > width {
            bands.push(start..level);
            start = level;
            used = 0;
        }
        used += with_gutter;
    }
    bands.push(start..widths.len());
    bands
}

/// A step with its sign; answers the cells used.
fn node(cx: &mut Cx<'_, '_>, x: u16, y: u16, width: u16, step: &Step, selected: bool) -> u16 {
    let role = run_role(step.status);
    let glyph = run_glyph(step.status, cx.glyphs());
    let style = cx.style(role);
    cx.pen.text(x, y, 1, glyph, style);
    let name = text::cut_middle(
        &step.name,
        usize::from(width.saturating_sub(2)),
        cx.glyphs().ellipsis,
    );
    let role = match role {
        Role::Dim => Role::Text,
        role => role,
    };
    let mut style = cx.style(role);
    if selected {
        style = style.patch(cx.style(Role::SelectedUnfocused));
    }
    2 + cx.pen.text(x + 2, y, width.saturating_sub(2), &name, style)
}

/// Draws the connections between two columns: out of the left lanes, along one upright line, into the right lanes.
/// A space stands beside a step; a line that passes by goes on without one.
fn gutter(cx: &mut Cx<'_, '_>, area: Rect, edges: &[(usize, usize)], from: &[Lane], next: &[Lane]) {
    let style = cx.style(Role::BorderFocus);
    let glyphs = cx.glyphs();
    let across = glyphs.border.horizontal;
    let middle = area.width / 2;
    let end = area.width - 1;
    for row in 0..area.height {
        let here = usize::from(row);
        let y = area.y + row;
        let left = edges.iter().any(|(from, _)| *from == here);
        let right = edges.iter().any(|(_, to)| *to == here);
        let up = edges
            .iter()
            .any(|(from, to)| (*from).min(*to) < here && here <= (*from).max(*to));
        let down = edges
            .iter()
            .any(|(from, to)| (*from).min(*to) <= here && here < (*from).max(*to));
        if !(left || right || up || down) {
            continue;
        }
        if left {
            let space = u16::from(from.get(here) != Some(&Lane::Pass));
            cx.pen.run(area.x + space, y, middle - space, across, style);
        }
        if right {
            let space = u16::from(next.get(here) != Some(&Lane::Pass));
            cx.pen
                .run(area.x + middle + 1, y, end - middle - space, across, style);
        }
        let joint = signs::joint(glyphs, up, down, left, right);
        cx.pen.text(area.x + middle, y, 1, joint, style);
    }
}

#[cfg(test)]
mod tests {
    use super::bands;

    #[test]
    fn columns_that_do_not_fit_go_on_below() {
        let ends = |widths: &[u16], width| -> Vec<usize> {
            bands(widths, width).iter().map(|band| band.end).collect()
        };
        assert_eq!(ends(&[10, 10, 10], 40), [3]);
        assert_eq!(ends(&[10, 10, 10], 39), [2, 3]);
        assert_eq!(ends(&[10, 10, 10, 10], 30), [2, 4]);
        assert_eq!(ends(&[50], 20), [1]);
    }
}
