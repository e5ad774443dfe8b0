//! What depends on what: stages on stages, outputs on outputs.
//!
//! Nodes and edges keep the order in which they came, as those of DVC's graphs do: its answers list them in it.

use std::collections::{HashMap, HashSet};

use super::graph;
use super::index::{DepKind, Index, Stage};
use super::paths::is_within;

/// A directed graph whose nodes are names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    nodes: Vec<String>,
    /// By node: where its edges lead.
    edges: HashMap<String, Vec<String>>,
}

impl Graph {
    pub fn node(&mut self, name: &str) {
        if !self.edges.contains_key(name) {
            self.nodes.push(name.to_owned());
            self.edges.insert(name.to_owned(), Vec::new());
        }
    }

    pub fn edge(&mut self, from: &str, to: &str) {
        self.node(from);
        self.node(to);
        if let Some(known) = self.edges.get_mut(from)
            && !known.iter().any(|it| it == to)
        {
            known.push(to.to_owned());
        }
    }

    pub fn nodes(&self) -> &[String] {
        &self.nodes
    }

    /// Every edge, node by node.
    pub fn edges(&self) -> impl Iterator<Item = (&str, &str)> {
        let out_of = |from: &String| self.edges.get(from).map(Vec::as_slice).unwrap_or_default();
        let nodes = self.nodes.iter();
        nodes.flat_map(move |from| {
            out_of(from)
                .iter()
                .map(move |to| (from.as_str(), to.as_str()))
        })
    }

    pub fn reversed(&self) -> Self {
        let mut reversed = Self::default();
        for node in &self.nodes {
            reversed.node(node);
        }
        for (from, to) in self.edges() {
            reversed.edge(to, from);
        }
        reversed
    }

    /// Only these nodes, and the edges between them.
    pub fn only(&self, wanted: &HashSet<String>) -> Self {
        let mut part = Self::default();
        for node in self.nodes.iter().filter(|node| wanted.contains(*node)) {
            part.node(node);
        }
        for (from, to) in self
            .edges()
            .filter(|(a, b)| wanted.contains(*a) && wanted.contains(*b))
        {
            part.edge(from, to);
        }
        part
    }

    /// A node and everything that edges lead to from it.
    pub fn reached(&self, from: &str) -> HashSet<String> {
        let mut found = HashSet::from([from.to_owned()]);
        let mut next = vec![from.to_owned()];
        while let Some(node) = next.pop() {
            for to in self.edges.get(&node).map(Vec::as_slice).unwrap_or_default() {
                if found.insert(to.clone()) {
                    next.push(to.clone());
                }
            }
        }
        found
    }

    /// A node and everything that any edges connect it with.
    pub fn connected(&self, with: &str) -> HashSet<String> {
        let mut both = self.clone();
        for (from, to) in self.edges() {
            both.edge(to, from);
        }
        both.reached(with)
    }

    /// The parts that no edge connects, in the order of their first nodes.
    pub fn parts(&self) -> Vec<Self> {
        let mut both = self.clone();
        for (from, to) in self.edges() {
            both.edge(to, from);
        }
        let mut seen: HashSet<String> = HashSet::new();
        let mut parts = Vec::new();
        for node in &self.nodes {
            if !seen.contains(node) {
                let part = both.reached(node);
                parts.push(self.only(&part));
                seen.extend(part);
            }
        }
        parts
    }

    /// Nodes by other names; those of one name become one.
    pub fn renamed(&self, name: impl Fn(&str) -> String) -> Self {
        let mut renamed = Self::default();
        for node in &self.nodes {
            renamed.node(&name(node));
        }
        for (from, to) in self.edges() {
            renamed.edge(&name(from), &name(to));
        }
        renamed
    }
}

/// One output: its path, how it is shown, and the place of its stage.
struct Out {
    path: String,
    shown: String,
    stage: usize,
}

/// The outputs of an index, those of one directory together, as in a tree that they are put into one by one.
fn outputs(index: &Index, cwd: &str) -> Vec<Out> {
    let mut outs = Vec::new();
    for (at, stage) in index.stages.iter().enumerate() {
        for found in index.found.get(stage.outs.clone()).unwrap_or_default() {
            let shown = if found.outside {
                found.tracked.out.path.clone()
            } else {
                super::paths::relative(&found.path, cwd)
            };
            outs.push(Out {
                path: found.path.clone(),
                shown,
                stage: at,
            });
        }
    }
    // The order of each directory is that of its first output.
    let mut first: HashMap<String, usize> = HashMap::new();
    for (at, out) in outs.iter().enumerate() {
        for (end, _) in out.path.match_indices('/').chain([(out.path.len(), "")]) {
            let part = out.path.get(..end).unwrap_or_default().to_owned();
            first.entry(part).or_insert(at);
        }
    }
    outs.sort_by_cached_key(|out| {
        let ends = out
            .path
            .match_indices('/')
            .map(|(end, _)| end)
            .chain([out.path.len()]);
        let places = ends.filter_map(|end| first.get(out.path.get(..end)?).copied());
        places.collect::<Vec<_>>()
    });
    outs
}

/// Outputs that a path is, lies in, or holds.
fn overlapping<'a>(outs: &'a [Out], path: &'a str) -> impl Iterator<Item = &'a Out> {
    let above = outs.iter().filter(move |out| is_within(path, &out.path));
    let below = outs
        .iter()
        .filter(move |out| is_within(&out.path, path) && out.path != path);
    above.chain(below)
}

fn counts(stage: &Stage) -> bool {
    !(stage.is_import()
        && stage
            .deps
            .iter()
            .any(|dep| matches!(dep.kind, DepKind::Repository { .. } | DepKind::Database)))
}

/// Stages and the stages that they depend on, by DVC's names for them from `cwd`.
///
/// # Errors
/// A sentence where outputs overlap, a stage lies in an output, or stages depend on each other in a circle.
pub fn of_stages(index: &Index, cwd: &str) -> Result<Graph, String> {
    let outs = outputs(index, cwd);
    let names: Vec<String> = index
        .stages
        .iter()
        .map(|stage| stage.address(cwd))
        .collect();
    graph::Graph::build(index)?;
    let mut graph = Graph::default();
    for name in &names {
        graph.node(name);
    }
    for (stage, name) in index
        .stages
        .iter()
        .zip(&names)
        .filter(|(stage, _)| counts(stage))
    {
        for dep in stage
            .deps
            .iter()
            .filter(|dep| !matches!(dep.kind, DepKind::Dataset))
        {
            for out in overlapping(&outs, &dep.path) {
                if let Some(to) = names.get(out.stage) {
                    graph.edge(name, to);
                }
            }
        }
    }
    Ok(graph)
}

/// Outputs and the outputs that they are made from.
///
/// # Errors
/// As for stages.
pub fn of_outputs(index: &Index, cwd: &str) -> Result<Graph, String> {
    of_stages(index, cwd)?;
    let outs = outputs(index, cwd);
    let mut graph = Graph::default();
    for out in &outs {
        graph.node(&out.shown);
    }
    for (at, stage) in index
        .stages
        .iter()
        .enumerate()
        .filter(|(_, stage)| counts(stage))
    {
        for dep in stage
            .deps
            .iter()
            .filter(|dep| !matches!(dep.kind, DepKind::Dataset))
        {
            for own in outs.iter().filter(|out| out.stage == at) {
                for out in overlapping(&outs, &dep.path) {
                    graph.edge(&own.shown, &out.shown);
                }
            }
        }
    }
    Ok(graph)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(&str, &str)]) -> Graph {
        let mut graph = Graph::default();
        for (from, to) in edges {
            graph.edge(from, to);
        }
        graph
    }

    #[test]
    fn parts_and_what_is_reached() {
        let graph = graph(&[("a", "b"), ("c", "d"), ("e", "b"), ("b", "f")]);
        let parts: Vec<_> = graph
            .parts()
            .iter()
            .map(|part| part.nodes().join(""))
            .collect();
        assert_eq!(parts, ["abef", "cd"]);
        assert_eq!(graph.reached("a").len(), 3);
        assert_eq!(graph.connected("a").len(), 4);
        assert_eq!(graph.reversed().reached("f").len(), 4);
    }
}
