//! A lineage for Graphviz: an arrow leads from what something was made from to what was made of it.

use std::io::{self, Write};

use super::Found;
use crate::domain::lineage::Thing;
use crate::domain::lineage::graph::How;
use crate::domain::safe_text;

pub fn write(found: &Found, out: &mut dyn Write) -> io::Result<()> {
    let graph = &found.graph;
    let places = found.places();
    writeln!(out, "digraph lineage {{")?;
    writeln!(out, "  rankdir=LR;")?;
    writeln!(out, "  node [shape=box, fontname=\"Helvetica\"];")?;
    for &place in &places {
        let node = &graph.nodes[place];
        let shape = match node.thing {
            Thing::Commit { .. } => ", shape=ellipse",
            Thing::Data { .. } | Thing::Object { .. } => ", shape=cylinder",
            _ => "",
        };
        let kind = node.thing.kind().replace('_', " ");
        let bold = if place == found.root {
            ", style=bold"
        } else {
            ""
        };
        writeln!(
            out,
            "  n{place} [label={}{shape}{bold}];",
            quoted(&format!("{kind}\n{}", node.name))
        )?;
    }
    for link in &graph.links {
        if !places.contains(&link.product) || !places.contains(&link.origin) {
            continue;
        }
        let style = match link.evidence.how {
            How::Inferred { .. } => ", style=dashed",
            How::Declared | How::Hash => "",
        };
        writeln!(
            out,
            "  n{} -> n{} [tooltip={}{style}];",
            link.origin,
            link.product,
            quoted(&format!(
                "{}: {}",
                link.evidence.how.words(),
                link.evidence.why
            ))
        )?;
    }
    for (number, missing) in graph.missing.iter().enumerate() {
        if places.contains(&missing.product) {
            let wants = missing.wants.replace('_', " ");
            writeln!(
                out,
                "  m{number} [label={}, style=dotted, tooltip={}];",
                quoted(&format!("? {wants}")),
                quoted(&missing.what)
            )?;
            writeln!(out, "  m{number} -> n{} [style=dotted];", missing.product)?;
        }
    }
    writeln!(out, "}}")
}

/// A string of DOT; line ends become its `\n`.
fn quoted(text: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(|line| {
            safe_text::visible_line(line)
                .replace('\\', "\\\\")
                .replace('"', "\\\"")
        })
        .collect();
    format!("\"{}\"", lines.join("\\n"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn nothing_breaks_out_of_a_string() {
        assert_eq!(quoted("a\"b\\\nc\x1b"), "\"a\\\"b\\\\\\nc␛\"");
    }
}
