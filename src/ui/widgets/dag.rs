//! The steps of a run as a graph in text: from left to right, each step in the column after all it waits for.

use std::collections::HashMap;

use ratatui::layout::Rect;

use crate::domain::run::Step;
use crate::theme::Role;
use crate::ui::signs;

use super::cells::{run_glyph, run_role};
use crate::ui::cx::Cx;
use crate::ui::text;

/// Where everything goes; made once, then measured and drawn.
#[derive(Debug, PartialEq)]
pub struct Graph {
    /// Columns from left to right, each with its lanes from top to bottom.
    columns: Vec<Vec<Lane>>,
    /// From a lane of a column to a lane of the next one.
    edges: Vec<Vec<(usize, usize)>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lane {
    Step(usize),
    /// A dependency passing by on its way to a later column.
    Pass,
}

/// Cells between two columns: wide where there is room.
const GUTTERS: [u16; 2] = [5, 3];

/// More is no picture any more.
const MOST_STEPS: usize = 60;

impl Graph {
    /// `None` where there is nothing to draw: no dependencies known, a cycle, or too many steps.
    pub fn of(steps: &[Step]) -> Option<Self> {
        if steps.len() < 2
            || steps.len() > MOST_STEPS
            || steps.iter().all(|s| s.depends_on.is_empty())
        {
            return None;
        }
        let by_name: HashMap<&str, usize> = steps
            .iter()
            .enumerate()
            .map(|(i, s)| (s.name.as_str(), i))
            .collect();
        let parents: Vec<Vec<usize>> = steps
            .iter()
            .map(|s| {
                let mut found: Vec<usize> = s
                    .depends_on
                    .iter()
                    .filter_map(|name| by_name.get(name.as_str()).copied())
                    .collect();
                found.sort_unstable();
                found.dedup();
                found
            })
            .collect();
        let levels = levels(&parents)?;
        let graph = Self::lay_out(&parents, &levels);
        // A chain says no more than the list of steps.
        (graph.height() > 1).then_some(graph)
    }

    fn lay_out(parents: &[Vec<usize>], levels: &[usize]) -> Self {
        let last = levels.iter().copied().max().unwrap_or(0);
        let mut columns: Vec<Vec<Lane>> = vec![Vec::new(); last + 1];
        for (step, &level) in levels.iter().enumerate() {
            columns[level].push(Lane::Step(step));
        }
        let mut edges: Vec<Vec<(usize, usize)>> = vec![Vec::new(); last];
        // A long edge gets a lane of its own in every column it passes.
        let mut links: Vec<(usize, usize)> = Vec::new();
        for (child, parents) in parents.iter().enumerate() {
            links.extend(parents.iter().map(|&parent| (parent, child)));
        }
        for (parent, child) in links {
            let lane_of = |columns: &[Vec<Lane>], step: usize| {
                columns[levels[step]]
                    .iter()
                    .position(|lane| *lane == Lane::Step(step))
                    .unwrap_or(0)
            };
            let mut lane = lane_of(&columns, parent);
            for level in levels[parent]..levels[child] {
                let next = if level + 1 == levels[child] {
                    lane_of(&columns, child)
                } else {
                    columns[level + 1].push(Lane::Pass);
                    columns[level + 1].len() - 1
                };
                edges[level].push((lane, next));
                lane = next;
            }
        }
        let mut graph = Self { columns, edges };
        graph.untangle();
        graph
    }

    /// Orders each column by the middle of what it is connected to on the left: fewer crossings.
    fn untangle(&mut self) {
        for level in 1..self.columns.len() {
            let incoming = &self.edges[level - 1];
            let weight = |lane: usize| {
                let from: Vec<f64> = incoming
                    .iter()
                    .filter(|(_, to)| *to == lane)
                    .map(|(from, _)| *from as f64)
                    .collect();
                if from.is_empty() {
                    lane as f64
                } else {
                    from.iter().sum::<f64>() / from.len() as f64
                }
            };
            let mut order: Vec<usize> = (0..self.columns[level].len()).collect();
            order.sort_by(|&a, &b| weight(a).total_cmp(&weight(b)).then(a.cmp(&b)));
            let mut place = vec![0; order.len()];
            for (new, &old) in order.iter().enumerate() {
                place[old] = new;
            }
            self.columns[level] = order.iter().map(|&old| self.columns[level][old]).collect();
            for (_, to) in &mut self.edges[level - 1] {
                *to = place[*to];
            }
            if let Some(outgoing) = self.edges.get_mut(level) {
                for (from, _) in outgoing {
                    *from = place[*from];
                }
            }
        }
    }

    pub fn height(&self) -> u16 {
        self.columns.iter().map(Vec::len).max().unwrap_or(0) as u16
    }

    /// The gutter, and the cells of each column's names, cut alike until all fit into `width`; `None` where that
    /// leaves no names.
    fn widths(&self, steps: &[Step], width: u16) -> Option<(u16, Vec<u16>)> {
        let mut widths: Vec<u16> = self
            .columns
            .iter()
            .map(|column| {
                column
                    .iter()
                    .map(|lane| match lane {
                        // A sign and a space before the name.
                        Lane::Step(i) => text::width(&text::safe(&steps[*i].name)) as u16 + 2,
                        Lane::Pass => 1,
                    })
                    .max()
                    .unwrap_or(1)
            })
            .collect();
        let gaps = self.columns.len().saturating_sub(1) as u16;
        let [wide, narrow] = GUTTERS;
        let names: u16 = widths.iter().sum();
        if names + wide * gaps <= width {
            return Some((wide, widths));
        }
        let room = width.checked_sub(narrow * gaps)?;
        while widths.iter().sum::<u16>() > room {
            let widest = (0..widths.len()).max_by_key(|&i| widths[i])?;
            if widths[widest] <= 7 {
                return None;
            }
            widths[widest] -= 1;
        }
        Some((narrow, widths))
    }

    /// Whether it can be drawn readably in this room.
    pub fn fits(&self, steps: &[Step], area: Rect) -> bool {
        self.height() <= area.height && self.widths(steps, area.width).is_some()
    }

    /// Draws the graph; answers the lines used, none where it does not fit.
    pub fn draw(
        &self,
        cx: &mut Cx<'_, '_>,
        area: Rect,
        steps: &[Step],
        selected: Option<usize>,
    ) -> u16 {
        let Some((between, widths)) = self.widths(steps, area.width) else {
            return 0;
        };
        if self.height() > area.height {
            return 0;
        }
        let line = cx.style(Role::BorderFocus);
        let mut x = area.x;
        for (level, column) in self.columns.iter().enumerate() {
            let width = widths[level];
            for (row, lane) in column.iter().enumerate() {
                let y = area.y + row as u16;
                match lane {
                    Lane::Pass => cx.pen.run(x, y, width, cx.glyphs().border.horizontal, line),
                    Lane::Step(i) => {
                        let used = node(cx, x, y, width, &steps[*i], selected == Some(*i));
                        let leaves = self
                            .edges
                            .get(level)
                            .is_some_and(|edges| edges.iter().any(|(from, _)| *from == row));
                        if leaves && used + 1 < width {
                            let dash = cx.glyphs().border.horizontal;
                            cx.pen.run(x + used + 1, y, width - used - 1, dash, line);
                        }
                    }
                }
            }
            if let Some(edges) = self.edges.get(level) {
                let next = &self.columns[level + 1];
                let place = Rect::new(x + width, area.y, between, self.height());
                gutter(cx, place, edges, next);
            }
            x += width + between;
        }
        self.height()
    }
}

/// The longest way from a start to each step; `None` for a cycle.
fn levels(parents: &[Vec<usize>]) -> Option<Vec<usize>> {
    let mut level: Vec<Option<usize>> = vec![None; parents.len()];
    for _ in 0..parents.len() {
        let mut changed = false;
        for step in 0..parents.len() {
            if level[step].is_some() {
                continue;
            }
            let known: Option<Vec<usize>> = parents[step].iter().map(|&p| level[p]).collect();
            if let Some(known) = known {
                level[step] = Some(known.into_iter().max().map_or(0, |deepest| deepest + 1));
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    level.into_iter().collect()
}

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
fn gutter(cx: &mut Cx<'_, '_>, area: Rect, edges: &[(usize, usize)], next: &[Lane]) {
    let Rect { x, y, .. } = area;
    let style = cx.style(Role::BorderFocus);
    let glyphs = cx.glyphs();
    let across = glyphs.border.horizontal;
    let middle = area.width / 2;
    for row in 0..area.height {
        let here = usize::from(row);
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
            cx.pen.run(x, y + row, middle, across, style);
        }
        if right {
            // A space before a step's sign; a line that passes by goes on without one.
            let space = u16::from(next.get(here) != Some(&Lane::Pass));
            cx.pen.run(
                x + middle + 1,
                y + row,
                area.width - middle - 1 - space,
                across,
                style,
            );
        }
        cx.pen.text(
            x + middle,
            y + row,
            1,
            signs::joint(glyphs, up, down, left, right),
            style,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(parents: &[&[usize]]) -> Option<Graph> {
        let parents: Vec<Vec<usize>> = parents.iter().map(|p| p.to_vec()).collect();
        let levels = levels(&parents)?;
        Some(Graph::lay_out(&parents, &levels))
    }

    #[test]
    fn each_step_comes_after_all_it_waits_for() {
        let diamond = graph(&[&[], &[0], &[0], &[1, 2]]).unwrap();
        let steps: Vec<usize> = diamond.columns.iter().map(Vec::len).collect();
        assert_eq!(steps, [1, 2, 1]);
        assert_eq!(diamond.edges, [vec![(0, 0), (0, 1)], vec![(0, 0), (1, 0)]]);
    }

    #[test]
    fn long_edges_pass_in_lanes_of_their_own() {
        let long = graph(&[&[], &[0], &[0, 1]]).unwrap();
        assert!(long.columns[1].contains(&Lane::Pass));
        assert_eq!(long.columns[1].len(), 2);
    }

    #[test]
    fn a_cycle_is_no_graph() {
        assert!(graph(&[&[1], &[0]]).is_none());
    }
}
