//! `flightdeck dvc dag`

use std::collections::HashSet;
use std::fmt::Write;

use crate::cli::args::DvcDagArgs;
use crate::cli::dvc::session::Session;
use crate::cli::dvc::{Answered, Io, Refusal, broken};
use crate::cli::exit::Exit;
use crate::sources::dvc::Index;
use crate::sources::dvc::dag::{self, Graph};

pub fn run(args: &DvcDagArgs, session: &Session, io: &mut Io<'_>) -> Answered {
    if !(args.dot || args.mermaid || args.md) {
        return Err(Refusal::usage(
            "only --dot, --mermaid and --md are answered",
        ));
    }
    if args.outs && args.collapse_foreach_matrix {
        return Err(Refusal::failed(
            "`--outs` and `--collapse-foreach-matrix` are mutually exclusive",
        ));
    }
    if args.outs && args.target.is_some() {
        return Err(Refusal::usage(
            "a target together with --outs is not answered",
        ));
    }
    let index = session.sound_index()?;
    let cwd = &session.project.cwd;
    let mut graph = if args.outs {
        dag::of_outputs(&index, cwd)?
    } else {
        dag::of_stages(&index, cwd)?
    };
    if let Some(target) = &args.target {
        graph = around(&graph, &stages(target, &index, session)?, args.full);
    }
    if args.collapse_foreach_matrix {
        graph = collapsed(&graph);
    }
    let text = if args.dot {
        dot(&graph)
    } else {
        mermaid(&graph, args.md && !args.mermaid)
    };
    writeln!(io.out, "{text}").map_err(broken)?;
    Ok(Exit::Fine)
}

/// The stages that a name, a file or an output means.
fn stages(target: &str, index: &Index, session: &Session) -> Result<Vec<String>, Refusal> {
    let cwd = &session.project.cwd;
    let inside = session.project.inside(target);
    let mut found = Vec::new();
    for stage in &index.stages {
        let address = stage.address(cwd);
        let outs = index.found.get(stage.outs.clone()).unwrap_or_default();
        let generated = address
            .rsplit_once('@')
            .is_some_and(|(group, _)| group == target);
        let fits = address == target
            || generated
            || inside.as_deref() == Some(stage.file.as_str())
            || outs.iter().any(|out| Some(&out.path) == inside.as_ref());
        if fits {
            found.push(address);
        }
    }
    if found.is_empty() {
        let what = format!("'{target}' does not exist as an output or a stage name in 'dvc.yaml'");
        return Err(Refusal::failed(what));
    }
    Ok(found)
}

fn around(graph: &Graph, targets: &[String], full: bool) -> Graph {
    let mut part = graph.clone();
    if !full {
        let wanted: HashSet<String> = targets
            .iter()
            .flat_map(|target| graph.reached(target))
            .collect();
        part = graph.only(&wanted);
    }
    let connected = targets
        .iter()
        .flat_map(|target| part.connected(target))
        .collect();
    part.only(&connected)
}

/// New nodes come after those that stay.
fn collapsed(graph: &Graph) -> Graph {
    let is_made = |node: &str| !node.ends_with(".dvc") && node.contains('@');
    let group = |node: &str| match node.split_once('@') {
        Some((group, _)) if is_made(node) => group.to_owned(),
        _ => node.to_owned(),
    };
    let mut collapsed = Graph::default();
    let (made, own): (Vec<&String>, Vec<&String>) =
        graph.nodes().iter().partition(|node| is_made(node));
    for node in own.into_iter().chain(made) {
        collapsed.node(&group(node));
    }
    for (from, to) in graph.edges() {
        collapsed.edge(&group(from), &group(to));
    }
    collapsed
}

fn dot(graph: &Graph) -> String {
    let quoted = |node: &str| match node.starts_with('"') || node.ends_with('"') {
        true => node.to_owned(),
        false => format!("\"{node}\""),
    };
    let mut out = String::from("strict digraph {\n");
    let graph = graph.reversed();
    for node in graph.nodes() {
        let _ = writeln!(out, "{};", quoted(node));
    }
    for (from, to) in graph.edges() {
        let _ = writeln!(out, "{} -> {};", quoted(from), quoted(to));
    }
    out.push_str("}\n");
    out
}

fn mermaid(graph: &Graph, in_markdown: bool) -> String {
    let mut out = String::from("flowchart TD");
    let mut count = 0;
    for part in graph.parts() {
        let mut nodes: Vec<&String> = part.nodes().iter().collect();
        nodes.sort();
        let first = count;
        for node in &nodes {
            count += 1;
            let _ = write!(out, "\n\tnode{count}[\"{node}\"]");
        }
        let number = |node: &str| {
            let at = nodes.iter().position(|it| *it == node).unwrap_or_default();
            first + at + 1
        };
        let mut edges: Vec<(&str, &str)> = part.edges().map(|(from, to)| (to, from)).collect();
        edges.sort_unstable();
        for (from, to) in edges {
            let _ = write!(out, "\n\tnode{}-->node{}", number(from), number(to));
        }
    }
    if in_markdown {
        return format!("```mermaid\n{out}\n```");
    }
    out
}
