//! `flightdeck lineage`

mod dot;
mod gather;
mod item;
mod text;

use std::io;

use crate::cli::args::LineageArgs;
use crate::cli::exit::Exit;
use crate::domain::lineage::Thing;
use crate::domain::lineage::code::Code;
use crate::domain::lineage::graph::{Direction, Graph};
use crate::domain::source_error::{ErrorKind, SourceError};
use crate::lineage::reachable;
use crate::pollers::lineage::Tracer;

use super::print::{Answered, tell};
use super::{Desk, Io, finish};
use item::LineageItem;

/// What was made from what: from one thing up to code and data, and down to what serves it.
///
/// A revision or the path of data is answered without an account, too.
pub async fn lineage(args: &LineageArgs, desk: &Desk<'_>, io: &mut Io<'_>) -> Exit {
    let result = run(args, desk, io).await;
    finish(result, io)
}

/// The graph around one thing.
pub struct Found {
    pub graph: Graph,
    /// Place in the graph.
    pub root: usize,
    pub directions: Vec<Direction>,
    pub code: Code,
}

impl Found {
    /// Places that the tree reaches, the root first.
    pub fn places(&self) -> Vec<usize> {
        let mut places = Vec::new();
        for direction in &self.directions {
            for place in reachable(&self.graph, self.root, *direction) {
                if !places.contains(&place) {
                    places.push(place);
                }
            }
        }
        places
    }
}

async fn run(args: &LineageArgs, desk: &Desk<'_>, io: &mut Io<'_>) -> io::Result<Exit> {
    let mut answered: Answered<LineageItem> = Answered {
        schema: "flightdeck.lineage/1",
        items: Vec::new(),
        identity: None,
        partial: Vec::new(),
    };
    let gathered = gather::gather(&args.thing, desk, &mut answered.partial).await;
    answered.identity = gathered.identity;
    let Some(root) = gathered.root else {
        let what = format!("nothing is known by the name {}", args.thing);
        answered.partial.insert(
            0,
            SourceError::new("lineage", ErrorKind::Missing, what).with_hint(
                "an ARN, an endpoint or endpoint/variant, `model v14`, a run, an image, the path of data, or a revision",
            ),
        );
        return answered.print(args.json, desk, io, |_, _| Ok(()));
    };
    let mut tracer = Tracer::new(desk.sources, root, gathered.known, desk.lineage.clone());
    while tracer.step().await {}
    let graph = tracer.graph();
    let (root, trace, missing) = tracer.into_parts();
    answered.partial.extend(missing);
    let Some(place) = graph.find(&root) else {
        return answered.print(args.json, desk, io, |_, _| Ok(()));
    };
    if let (Thing::Commit { id }, true) = (&root, trace.code.has_repository)
        && !trace.code.commits.contains_key(id)
        && graph
            .origins(place)
            .chain(graph.products(place))
            .next()
            .is_none()
    {
        let what = format!("{id} is no revision of this repository, and nothing names it");
        answered
            .partial
            .insert(0, SourceError::new("lineage", ErrorKind::Missing, what));
    }
    let directions = match (args.up, args.down) {
        (true, false) => vec![Direction::Up],
        (false, true) => vec![Direction::Down],
        _ => vec![Direction::Up, Direction::Down],
    };
    let found = Found {
        graph,
        root: place,
        directions,
        code: trace.code,
    };
    if args.dot {
        dot::write(&found, io.out)?;
        io.out.flush()?;
        tell(&answered.partial, io.err)?;
        return Ok(Exit::of_answer(answered.partial.is_empty()));
    }
    answered.items = item::items(&found);
    answered.print(args.json, desk, io, |_, out| text::write(&found, out))
}
