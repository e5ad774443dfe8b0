//! `flightdeck dvc params diff`

use crate::cli::args::DvcParamsDiffArgs;
use crate::cli::dvc::session::Session;
use crate::cli::dvc::{Answered, Io};
use crate::sources::dvc::history::Wanted;

use super::metrics::{ReadTree, only_json, two};

pub fn diff(args: &DvcParamsDiffArgs, session: &Session, io: &mut Io<'_>) -> Answered {
    only_json(args.json)?;
    let wanted = Wanted {
        // Unlike metrics, DVC looks for these from the root, wherever it is asked.
        targets: args
            .targets
            .iter()
            .map(|target| from_root(target))
            .collect(),
        deps_only: args.deps,
    };
    let read: ReadTree = |reader, project, tree, wanted| reader.params(project, tree, wanted);
    let sides = (args.a_rev.as_deref(), args.b_rev.as_deref());
    two((session, "params"), sides, &wanted, args.all, read, io)
}

fn from_root(target: &str) -> String {
    let parts = target.split('/').filter(|part| !matches!(*part, "" | "."));
    parts.collect::<Vec<_>>().join("/")
}
