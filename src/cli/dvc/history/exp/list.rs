//! `dvc exp list`

use crate::cli::args::DvcExpListArgs;
use crate::cli::dvc::history::revisions::{Asked, failed, revisions};
use crate::cli::dvc::session::Session;
use crate::cli::dvc::{Answered, Io, broken};
use crate::cli::exit::Exit;
use crate::domain::safe_text::visible_line;
use crate::sources::git::ExperimentRef;

use super::collect::Names;

pub fn list(args: &DvcExpListArgs, session: &Session, io: &mut Io<'_>) -> Answered {
    let git = session.revisions()?;
    let mut experiments = git.experiments().map_err(failed)?;
    if !args.baselines.all_commits {
        let mut revs = args.baselines.rev.clone();
        if revs.is_empty() {
            revs.push("HEAD".to_owned());
        }
        let asked = Asked {
            revs,
            num: args.baselines.num,
            ..Asked::default()
        };
        let wanted = revisions(&git, &asked)?;
        experiments.retain(|it| wanted.iter().any(|(id, _)| *id == it.baseline));
    }
    let names = Names::of(&git)?;
    let short = |id: &str| id.get(..7).unwrap_or(id).to_owned();
    let mut last: Option<String> = None;
    for ExperimentRef {
        baseline,
        name,
        tip,
        ..
    } in experiments
    {
        let name = visible_line(&name);
        if args.name_only {
            writeln!(io.out, "{name}").map_err(broken)?;
            continue;
        }
        if args.sha_only {
            writeln!(io.out, "{tip}").map_err(broken)?;
            continue;
        }
        if last.as_ref() != Some(&baseline) {
            let title = names.name(&baseline).unwrap_or_else(|| short(&baseline));
            writeln!(io.out, "{}:", visible_line(&title)).map_err(broken)?;
            last = Some(baseline);
        }
        writeln!(io.out, "\t{} [{name}]", short(&tip)).map_err(broken)?;
    }
    Ok(Exit::Fine)
}
