//! The order of a graph's steps: each in the column after all it waits for, and the lanes between them.

use std::collections::HashMap;

use crate::domain::run::Step;

/// Columns and the edges between them.
#[derive(Debug, PartialEq)]
pub struct Graph {
    /// Columns from left to right, each with its lanes from top to bottom.
    pub columns: Vec<Vec<Lane>>,
    /// From a lane of a column to a lane of the next one.
    pub edges: Vec<Vec<(usize, usize)>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Place of the step in the run.
    Step(usize),
    /// A dependency passing by on its way to a later column.
    Pass,
}

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
        let named = |name: &String| -> Vec<usize> {
            if let Some(&step) = by_name.get(name.as_str()) {
                return vec![step];
            }
            // A step that is done for each of several items has a row for each: `Score[0]`, `Score[1]`.
            let is_one_of = |s: &Step| {
                s.name
                    .strip_prefix(name.as_str())
                    .is_some_and(|rest| rest.starts_with('['))
            };
            (0..steps.len()).filter(|&i| is_one_of(&steps[i])).collect()
        };
        let parents: Vec<Vec<usize>> = steps
            .iter()
            .map(|s| {
                let mut found: Vec<usize> = s.depends_on.iter().flat_map(named).collect();
                found.sort_unstable();
                found.dedup();
                found
            })
            .collect();
        Self::lay_out(&parents)
    }

    /// A chain says little more than the list of steps.
    pub fn is_chain(&self) -> bool {
        self.columns.iter().all(|lanes| lanes.len() == 1)
    }

    fn lay_out(parents: &[Vec<usize>]) -> Option<Self> {
        let levels = &levels(parents)?;
        let parents = &nearest(parents, levels);
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
        Some(graph)
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
}

/// Parents without those that a step waits for anyway, because another of its parents does: their lines would say
/// nothing about the order.
fn nearest(parents: &[Vec<usize>], levels: &[usize]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..parents.len()).collect();
    order.sort_by_key(|&step| levels[step]);
    let mut before: Vec<Vec<bool>> = vec![vec![false; parents.len()]; parents.len()];
    for step in order {
        for &parent in &parents[step] {
            let of_parent = before[parent].clone();
            for (known, also) in before[step].iter_mut().zip(of_parent) {
                *known |= also;
            }
            before[step][parent] = true;
        }
    }
    parents
        .iter()
        .map(|own| {
            let implied = |parent: &usize| own.iter().any(|other| before[*other][*parent]);
            own.iter().copied().filter(|p| !implied(p)).collect()
        })
        .collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(parents: &[&[usize]]) -> Option<Graph> {
        let parents: Vec<Vec<usize>> = parents.iter().map(|p| p.to_vec()).collect();
        Graph::lay_out(&parents)
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
        let long = graph(&[&[], &[], &[1], &[0, 2]]).unwrap();
        assert!(long.columns[1].contains(&Lane::Pass));
        assert_eq!(long.columns[1].len(), 2);
    }

    #[test]
    fn what_others_imply_is_no_line() {
        let implied = graph(&[&[], &[0], &[0, 1], &[0, 1, 2]]).unwrap();
        assert!(implied.is_chain());
        assert_eq!(implied.edges, [[(0, 0)], [(0, 0)], [(0, 0)]]);
    }

    #[test]
    fn a_cycle_is_no_graph() {
        assert!(graph(&[&[1], &[0]]).is_none());
    }
}
