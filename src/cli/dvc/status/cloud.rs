//! `flightdeck dvc status --cloud`

use std::collections::BTreeMap;

use crate::cli::args::DvcStatusArgs;
use crate::cli::exit::Exit;
use crate::sources::dvc::{
    Chosen, Hasher, Index, Listings, Missing, Needed, Project, Revision, Store, Value, choose,
};

use super::super::session::Session;
use super::super::{Answered, Io, Refusal, broken, print_json};
use super::failed;

pub fn run(args: &DvcStatusArgs, session: &Session, io: &mut Io<'_>) -> Answered {
    let told = answer(args, session, io).map_err(failed)?;
    if args.json {
        let word = |missing: &Missing| Value::text(missing.key());
        let entries = told
            .iter()
            .map(|(name, missing)| (name.clone(), word(missing)));
        print_json(&Value::map(entries), io)?;
    } else if args.quiet {
        return Ok(Exit::Code(u8::from(!told.is_empty())));
    } else if told.is_empty() {
        let remote = args.remote.as_deref();
        let remote = session
            .project
            .config
            .remote_name(remote)
            .unwrap_or_default();
        writeln!(io.out, "Cache and remote '{remote}' are in sync.").map_err(broken)?;
    } else {
        for (name, missing) in &told {
            let word = format!("{}:", missing.key());
            writeln!(io.out, "\t{word:<20}{name}").map_err(broken)?;
        }
    }
    Ok(Exit::Fine)
}

fn answer(
    args: &DvcStatusArgs,
    session: &Session,
    io: &mut Io<'_>,
) -> Result<BTreeMap<String, Missing>, Refusal> {
    let project = &session.project;
    let cache = project.cache();
    let mut listings = Listings::new(&cache);
    let mut needed = Needed::default();
    let remote = args.remote.as_deref();
    let index = session.sound_index()?;
    let mut hasher = Hasher::new(&project.root, &index.ignore, &*session.kept, session.now);
    let here = Revision {
        index: &index,
        config: &project.config,
        chosen: chosen(args, project, &index)?,
    };
    needed.add(project, &here, remote, &mut listings, &mut hasher);
    for commit in revisions(args, session)? {
        let Some(at) = session.at(&commit)? else {
            continue;
        };
        let there = Revision {
            index: &at.index,
            config: &at.config,
            chosen: chosen(args, project, &at.index)?,
        };
        needed.add(project, &there, remote, &mut listings, &mut hasher);
    }
    for warning in std::mem::take(&mut needed.warnings) {
        if !args.quiet {
            writeln!(io.err, "WARNING: {warning}").map_err(broken)?;
        }
    }
    if needed.is_empty() {
        return Ok(BTreeMap::new());
    }
    let remote = Store::new(project.config.remote_on_disk(remote)?);
    Ok(needed.compare(&cache, &remote, &mut hasher))
}

fn chosen<'a>(
    args: &DvcStatusArgs,
    project: &Project,
    index: &'a Index,
) -> Result<Vec<Chosen<'a>>, String> {
    choose(
        project,
        index,
        &args.targets,
        args.with_deps,
        args.recursive,
    )
}

/// The commits that are asked for beside the working tree.
fn revisions(args: &DvcStatusArgs, session: &Session) -> Result<Vec<String>, Refusal> {
    if !(args.all_branches || args.all_tags || args.all_commits) {
        return Ok(Vec::new());
    }
    let git = session.git()?;
    if args.all_commits {
        return Ok(git.all_commits()?);
    }
    let mut commits = Vec::new();
    if args.all_branches {
        commits.extend(git.tips("refs/heads/*")?);
    }
    if args.all_tags {
        commits.extend(git.tips("refs/tags/*")?);
    }
    let mut seen = std::collections::HashSet::new();
    commits.retain(|commit| seen.insert(commit.clone()));
    Ok(commits)
}
