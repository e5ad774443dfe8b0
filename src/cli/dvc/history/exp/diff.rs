//! `dvc exp diff`

use crate::cli::args::DvcExpDiffArgs;
use crate::cli::dvc::history::metrics::only_json;
use crate::cli::dvc::history::shown;
use crate::cli::dvc::session::Session;
use crate::cli::dvc::{Answered, Io, Refusal, broken};
use crate::cli::exit::Exit;
use crate::cli::python_json::Json;
use crate::sources::dvc::history::{Reader, Record, Wanted};
use crate::sources::git::Revisions;

pub fn diff(args: &DvcExpDiffArgs, session: &Session, io: &mut Io<'_>) -> Answered {
    only_json(args.json)?;
    let git = session.revisions()?;
    if git.head().is_none() {
        writeln!(io.out, "{{}}").map_err(broken)?;
        return Ok(Exit::Fine);
    }
    let wanted = Wanted {
        deps_only: args.param_deps,
        ..Wanted::default()
    };
    let failed = |what: String| Refusal {
        code: 1,
        what: format!("failed to show experiments diff - {what}"),
    };
    let a = git
        .resolve(args.a_rev.as_deref().unwrap_or("HEAD"))
        .map_err(failed)?;
    let b = args
        .b_rev
        .as_deref()
        .map(|rev| git.resolve(rev))
        .transpose()
        .map_err(failed)?;
    let mut reader = Reader::default();
    let old = commit(session, &git, &mut reader, &a, &wanted);
    let new = match &b {
        Some(id) => commit(session, &git, &mut reader, id, &wanted),
        None => {
            let index = session.index();
            let tree = session.workspace(&index);
            reader
                .record(&session.project, &tree, &git.below(), &wanted)
                .unwrap_or_default()
        }
    };
    let diff = |old, new| shown::diff(old, new, args.all, str::to_owned);
    let json = Json::from([
        ("metrics", diff(&old.metrics, &new.metrics)),
        ("params", diff(&old.params, &new.params)),
    ]);
    writeln!(io.out, "{}", json.compact()).map_err(broken)?;
    Ok(Exit::Fine)
}

/// Nothing where the revision is damaged, as DVC has it.
fn commit(
    session: &Session,
    git: &Revisions,
    reader: &mut Reader,
    id: &str,
    wanted: &Wanted,
) -> Record {
    let trees = git.trees();
    let Ok(Some(tree)) = trees.of(id) else {
        return Record::default();
    };
    reader
        .record(&session.project, &tree, &git.below(), wanted)
        .unwrap_or_default()
}
