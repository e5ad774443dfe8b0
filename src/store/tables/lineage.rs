//! A lineage as a table: the tree in its first column, and the changes between two sides.

use crate::domain::lineage::Thing;
use crate::domain::lineage::difference::Change;
use crate::domain::lineage::graph::{Direction, Graph};
use crate::lineage::tree::{self, What};

use super::super::model::lineage::LineageRoom;
use super::super::table::{Cell, Column, Row};
use super::{left, right};

pub const LINEAGE_COLUMNS: &[Column] = &[
    left("thing", "thing", 36, 72, 0),
    left("how", "known", 13, 13, 0),
    left("note", "note", 10, 40, 2),
    right("when", "when", 12, 3),
    left("why", "because", 12, 80, 1),
];

pub const CHANGE_COLUMNS: &[Column] = &[
    left("area", "in", 7, 7, 0),
    left("what", "what", 24, 60, 0),
    left("from", "from", 8, 40, 1),
    left("to", "to", 8, 40, 0),
    right("delta", "change", 10, 2),
];

/// One row of the tree.
pub struct LineageRow<'a> {
    pub row: tree::Row<'a>,
    pub graph: &'a Graph,
    pub folded: bool,
}

/// The open lineage as it is folded; nothing before one is opened.
pub fn lineage_rows(room: &LineageRoom) -> Vec<LineageRow<'_>> {
    let Some(root) = room.root.as_ref().and_then(|root| room.graph.find(root)) else {
        return Vec::new();
    };
    let folded = |id: &str| room.folded.contains(id);
    let directions = [Direction::Up, Direction::Down];
    tree::rows(&room.graph, root, &directions, &folded)
        .into_iter()
        .map(|row| LineageRow {
            folded: folded(&row.id),
            graph: &room.graph,
            row,
        })
        .collect()
}

impl LineageRow<'_> {
    /// The thing of the row; `None` where it says that something is missing, or that there are more.
    pub fn thing(&self) -> Option<&Thing> {
        match self.row.what {
            What::Node { node, .. } => Some(&self.graph.nodes[node].thing),
            What::Missing(_) | What::More(_) => None,
        }
    }

    fn text(&self) -> String {
        let pad = "  ".repeat(self.row.depth);
        // What was made from the root stands below what the root was made from.
        let way = match (self.row.direction, self.row.depth) {
            (Direction::Down, 1) => "into ",
            _ => "",
        };
        match &self.row.what {
            What::Node { node, .. } => {
                let node = &self.graph.nodes[*node];
                let kind = node.thing.kind().replace('_', " ");
                format!("{pad}{way}{kind} {}", node.name)
            }
            What::Missing(missing) => format!("{pad}no {}", missing.wants.replace('_', " ")),
            What::More(more) => format!("{pad}{more} more"),
        }
    }
}

impl Row for LineageRow<'_> {
    fn id(&self) -> String {
        self.row.id.clone()
    }

    fn cell(&self, column: &str) -> Cell {
        match (column, &self.row.what) {
            ("thing", _) => Cell::text(self.text()),
            ("how", What::Node { evidence, .. }) => {
                Cell::optional(*evidence, |e| Cell::text(e.how.words()))
            }
            ("how", What::Missing(_)) => Cell::text("missing"),
            ("note", What::Node { again: true, .. }) => Cell::text("opened elsewhere"),
            ("note", What::Node { node, .. }) => Cell::text(&self.graph.nodes[*node].note),
            ("when", What::Node { node, .. }) => {
                Cell::optional(self.graph.nodes[*node].at, Cell::Time)
            }
            ("why", What::Node { evidence, .. }) => {
                Cell::optional(*evidence, |e| Cell::text(&e.why))
            }
            ("why", What::Missing(missing)) => Cell::text(&missing.what),
            _ => Cell::Empty,
        }
    }
}

impl Row for Change {
    fn id(&self) -> String {
        format!("{}:{}", self.area.key(), self.what)
    }

    fn cell(&self, column: &str) -> Cell {
        match column {
            "area" => Cell::text(self.area.key()),
            "what" => Cell::name(&self.what),
            "from" => Cell::name(&self.from),
            "to" => Cell::name(&self.to),
            "delta" => Cell::text(&self.delta),
            _ => Cell::Empty,
        }
    }
}

/// What differs, as far as it is known.
pub fn changes(room: &LineageRoom) -> &[Change] {
    room.compare
        .difference
        .as_ref()
        .map_or(&[], |difference| &difference.changes)
}
