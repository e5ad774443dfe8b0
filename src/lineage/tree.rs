//! The graph as rows to walk: from one thing up to what it was made from, and down to what was made from it.
//!
//! A thing that is met again on the way (a diamond, or a cycle) is named, and not opened a second time.

use std::collections::{BTreeSet, HashMap};

use crate::domain::lineage::Thing;
use crate::domain::lineage::graph::{Direction, Evidence, Graph, Missing};

/// Rows at most: beyond that the tree says how many more there are.
const MOST_ROWS: usize = 2000;
/// Children of one thing that are shown: a commit may have led to thousands of jobs.
const MOST_CHILDREN: usize = 60;
/// Steps from the root at most.
const DEEPEST: usize = 24;

#[derive(Clone, Debug, PartialEq)]
pub enum What<'g> {
    Node {
        /// Place in `Graph::nodes`.
        node: usize,
        /// `None` for the root.
        evidence: Option<&'g Evidence>,
        /// It stands open further up.
        again: bool,
        children: usize,
    },
    Missing(&'g Missing),
    /// So many more than are shown.
    More(usize),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Row<'g> {
    /// The way from the root, which no other row has.
    pub id: String,
    pub depth: usize,
    pub direction: Direction,
    pub what: What<'g>,
}

/// All rows, the root first. `folded` says of an id whether its children are left out.
pub fn rows<'g>(
    graph: &'g Graph,
    root: usize,
    directions: &[Direction],
    folded: &dyn Fn(&str) -> bool,
) -> Vec<Row<'g>> {
    if root >= graph.nodes.len() {
        return Vec::new();
    }
    let mut rows = Vec::new();
    for &direction in directions {
        let mut walk = Walk {
            graph,
            direction,
            folded,
            next: neighbours(graph, direction),
            seen: BTreeSet::from([root]),
            rows: Vec::new(),
        };
        walk.open(root, None, 0, String::new(), false);
        let mut found = walk.rows;
        if !rows.is_empty() {
            // The root stands there already.
            found.remove(0);
        }
        rows.extend(found);
    }
    rows
}

fn neighbours(graph: &Graph, direction: Direction) -> HashMap<usize, Vec<(usize, &Evidence)>> {
    let mut next: HashMap<usize, Vec<(usize, &Evidence)>> = HashMap::new();
    for link in &graph.links {
        let (here, there) = match direction {
            Direction::Up => (link.product, link.origin),
            Direction::Down => (link.origin, link.product),
        };
        next.entry(here).or_default().push((there, &link.evidence));
    }
    for found in next.values_mut() {
        found.sort_by_key(|(node, _)| {
            let node = &graph.nodes[*node];
            // The newest of a kind first.
            (
                order(&node.thing),
                std::cmp::Reverse(node.at),
                node.name.clone(),
            )
        });
    }
    next
}

/// What somebody looks for comes first.
fn order(thing: &Thing) -> u8 {
    match thing {
        Thing::Endpoint { .. } => 0,
        Thing::Variant { .. } => 1,
        Thing::Config { .. } => 2,
        Thing::Model { .. } => 3,
        Thing::ModelVersion { .. } => 4,
        Thing::Commit { .. } => 5,
        Thing::Execution { .. } => 6,
        Thing::TrainingJob { .. } => 7,
        Thing::Image { .. } => 8,
        Thing::Data { .. } => 9,
        Thing::ProcessingJob { .. } => 10,
        Thing::Delivery { .. } => 11,
        Thing::Object { .. } => 12,
    }
}

struct Walk<'g, 'f> {
    graph: &'g Graph,
    direction: Direction,
    folded: &'f dyn Fn(&str) -> bool,
    next: HashMap<usize, Vec<(usize, &'g Evidence)>>,
    /// Opened already.
    seen: BTreeSet<usize>,
    rows: Vec<Row<'g>>,
}

impl<'g> Walk<'g, '_> {
    fn open(
        &mut self,
        node: usize,
        evidence: Option<&'g Evidence>,
        depth: usize,
        way: String,
        again: bool,
    ) {
        let id = format!("{way}/{}", self.graph.nodes[node].thing.id());
        let mut found = self.next.get(&node).cloned().unwrap_or_default();
        if self.below_image(depth) && self.direction == Direction::Up {
            // The commit of an image is that of its code: what data lay there has no part in it.
            let nodes = &self.graph.nodes;
            found.retain(|(other, _)| !matches!(nodes[*other].thing, Thing::Data { .. }));
        }
        let missing: Vec<&Missing> = match self.direction {
            Direction::Up => self
                .graph
                .missing
                .iter()
                .filter(|missing| missing.product == node)
                .collect(),
            Direction::Down => Vec::new(),
        };
        let children = match again {
            true => 0,
            false => found.len() + missing.len(),
        };
        let row_id = match (self.direction, depth) {
            (_, 0) | (Direction::Up, _) => id.clone(),
            (Direction::Down, _) => format!("down{id}"),
        };
        let is_folded = (self.folded)(&row_id);
        self.push(Row {
            id: row_id,
            depth,
            direction: self.direction,
            what: What::Node {
                node,
                evidence,
                again,
                children,
            },
        });
        if again || is_folded || depth >= DEEPEST {
            return;
        }
        for (count, (other, evidence)) in found.iter().enumerate() {
            if count == MOST_CHILDREN || self.rows.len() >= MOST_ROWS {
                self.push(Row {
                    id: format!("{id}/more"),
                    depth: depth + 1,
                    direction: self.direction,
                    what: What::More(found.len() - count),
                });
                break;
            }
            let again = !self.seen.insert(*other);
            self.open(*other, Some(evidence), depth + 1, id.clone(), again);
        }
        for (place, missing) in missing.into_iter().enumerate() {
            self.push(Row {
                id: format!("{id}/missing{place}"),
                depth: depth + 1,
                direction: self.direction,
                what: What::Missing(missing),
            });
        }
    }

    /// Whether the row that a row of this depth would stand under is an image.
    fn below_image(&self, depth: usize) -> bool {
        let above = self.rows.iter().rev().find(|row| row.depth + 1 == depth);
        above.is_some_and(|row| match row.what {
            What::Node { node, .. } => {
                matches!(self.graph.nodes[node].thing, Thing::Image { .. })
            }
            What::Missing(_) | What::More(_) => false,
        })
    }

    fn push(&mut self, row: Row<'g>) {
        // One more than the limit, which says so.
        if self.rows.len() <= MOST_ROWS {
            self.rows.push(row);
        }
    }
}
