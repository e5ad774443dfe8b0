//! A lineage for people: the tree with the evidence beside it, what serves, and the lines to add.

use std::io::{self, Write};

use super::Found;
use crate::cli::table::Table;
use crate::cli::twins::text::time;
use crate::domain::lineage::graph::Direction;
use crate::domain::safe_text;
use crate::lineage::serving;
use crate::lineage::tree::{Row, What, rows};

pub fn write(found: &Found, out: &mut dyn Write) -> io::Result<()> {
    let graph = &found.graph;
    let rows = rows(graph, found.root, &found.directions, &|_| false);
    let mut table = Table::new(&["thing", "when", "note", "how it is known"]);
    let mut mends: Vec<(&str, &str)> = Vec::new();
    let mut turned = false;
    for (at, row) in rows.iter().enumerate() {
        if row.direction == Direction::Down && row.depth > 0 && !turned {
            turned = true;
            if found.directions.len() > 1 {
                table.row(["what was made from it:", "", "", ""]);
            }
        }
        let pad = branch(&rows, at);
        match &row.what {
            What::Node {
                node,
                evidence,
                again,
                ..
            } => {
                let node = &graph.nodes[*node];
                let kind = node.thing.kind().replace('_', " ");
                let how = evidence.map(|e| format!("{}: {}", e.how.words(), e.why));
                let note = if *again { "see above" } else { &node.note };
                table.row([
                    format!("{pad}{kind} {}", node.name),
                    time(node.at),
                    note.to_owned(),
                    how.unwrap_or_default(),
                ]);
            }
            What::Missing(missing) => {
                let wants = missing.wants.replace('_', " ");
                table.row([
                    format!("{pad}? {wants}"),
                    String::new(),
                    "missing".to_owned(),
                    missing.what.clone(),
                ]);
                if !missing.mend.is_empty() {
                    mends.push((&missing.what, &missing.mend));
                }
            }
            What::More(more) => table.row([format!("{pad}{more} more")]),
        }
    }
    table.write(out)?;
    let mut first = true;
    for place in found.places() {
        if let Some(serving) = serving::of(graph, place, &found.code) {
            if std::mem::take(&mut first) {
                writeln!(out)?;
            }
            let sentence = serving.sentence();
            writeln!(out, "{}", safe_text::visible_line(&sentence))?;
        }
    }
    mends.sort_unstable();
    mends.dedup();
    if !mends.is_empty() {
        writeln!(out, "\nTo have what is missing next time:")?;
    }
    for (what, mend) in mends {
        writeln!(out, "  # {}", safe_text::visible_line(what))?;
        writeln!(out, "  {}", safe_text::visible_line(mend))?;
    }
    Ok(())
}

/// `│  └─ `: what joins a row to those above it.
fn branch(rows: &[Row<'_>], at: usize) -> String {
    let row = &rows[at];
    if row.depth == 0 {
        return String::new();
    }
    let after = &rows[at + 1..];
    // Whether another row follows at this depth before a shallower one.
    let goes_on = |depth: usize| {
        after
            .iter()
            .take_while(|other| other.direction == row.direction && other.depth >= depth)
            .any(|other| other.depth == depth)
    };
    let mut text = String::new();
    for depth in 1..row.depth {
        text.push_str(if goes_on(depth) { "│  " } else { "   " });
    }
    text.push_str(if goes_on(row.depth) {
        "├─ "
    } else {
        "└─ "
    });
    text
}
