//! `flightdeck dvc status`

use crate::cli::args::DvcStatusArgs;
use crate::cli::exit::Exit;
use crate::sources::dvc::{
    Change, Changed, Chosen, NoStatus, StageStatus, Status, Updates, Value, choose,
};
use crate::sources::git::newest_commit;

mod cloud;

use super::session::Session;
use super::{Answered, Io, Refusal, broken, print_json};

pub fn run(args: &DvcStatusArgs, session: &Session, io: &mut Io<'_>) -> Answered {
    if args.cloud || args.remote.is_some() {
        return cloud::run(args, session, io);
    }
    let told = answer(args, session, io)?;
    if args.json {
        print_json(&json(&told), io)?;
    } else if args.quiet {
        return Ok(Exit::Code(u8::from(!told.is_empty())));
    } else {
        print(&told, io).map_err(broken)?;
    }
    Ok(Exit::Fine)
}

/// Whatever is wrong here, `dvc status` ends with 1.
fn failed(refusal: Refusal) -> Refusal {
    match refusal.code {
        255 => refusal.with_code(1),
        _ => refusal,
    }
}

/// What changed, by the names of stages as seen from the current directory.
type Told = Vec<(String, StageStatus)>;

fn answer(args: &DvcStatusArgs, session: &Session, io: &mut Io<'_>) -> Result<Told, Refusal> {
    let meaningless: Vec<&str> = [
        (args.all_branches, "--all-branches"),
        (args.all_tags, "--all-tags"),
        (args.all_commits, "--all-commits"),
        (args.jobs.is_some(), "--jobs"),
    ]
    .into_iter()
    .filter_map(|(given, name)| given.then_some(name))
    .collect();
    if !meaningless.is_empty() {
        let names = meaningless.join(", ");
        let what = format!("The following options are meaningless for local status: {names}");
        return Err(failed(Refusal::failed(what)));
    }
    let project = &session.project;
    let index = session.sound_index().map_err(failed)?;
    let chosen = choose(
        project,
        &index,
        &args.targets,
        args.with_deps,
        args.recursive,
    )
    .map_err(|what| failed(Refusal::failed(what)))?;
    for Chosen { stage, .. } in &chosen {
        if stage.frozen && !stage.is_repository_import() && !args.quiet {
            let address = stage.address(&project.cwd);
            writeln!(
                io.err,
                "WARNING: stage: '{address}' is frozen. Its dependencies are not going to be \
                 shown in the status output."
            )
            .map_err(broken)?;
        }
    }
    let ask = |url: &str, rev: Option<&str>| newest_commit(url, rev);
    let updates: Option<&Updates<'_>> = if args.no_updates { None } else { Some(&ask) };
    let mut status = Status::new(project, &index, &*session.kept, session.now, updates);
    let statuses = status.of(&chosen).map_err(|why| match why {
        NoStatus::Refused(what) => failed(Refusal::failed(what)),
        NoStatus::Broken(what) => Refusal::failed(what),
    })?;
    let mut told: Told = Vec::new();
    for (choice, status) in chosen.iter().zip(statuses) {
        let address = choice.stage.address(&project.cwd);
        // The last word on a stage that several targets mean.
        told.retain(|(known, _)| *known != address);
        if !status.is_empty() {
            told.push((address, status));
        }
    }
    Ok(told)
}

fn json(told: &Told) -> Value {
    Value::map(told.iter().map(|(address, status)| {
        let mut parts = Vec::new();
        for (key, changed) in [
            ("changed deps", &status.deps),
            ("changed outs", &status.outs),
        ] {
            if !changed.is_empty() {
                parts.push(Value::map([(key, Value::map(changed.iter().map(entry)))]));
            }
        }
        parts.extend(sentences(status).map(Value::text));
        (address.clone(), Value::Seq(parts))
    }))
}

fn entry(changed: &Changed) -> (String, Value) {
    let word = |change: &Change| Value::text(change.key());
    match changed {
        Changed::Whole(path, change) => (path.clone(), word(change)),
        Changed::Params(path, params) => {
            let params = params
                .iter()
                .map(|(name, change)| (name.clone(), word(change)));
            (path.clone(), Value::map(params))
        }
    }
}

fn sentences(status: &StageStatus) -> impl Iterator<Item = &'static str> {
    [
        (status.always_changed, "always changed"),
        (status.command_changed, "changed command"),
        (status.checksum_changed, "changed checksum"),
    ]
    .into_iter()
    .filter_map(|(is_so, what)| is_so.then_some(what))
}

fn print(told: &Told, io: &mut Io<'_>) -> std::io::Result<()> {
    if told.is_empty() {
        return writeln!(io.out, "Data and pipelines are up to date.");
    }
    for (address, status) in told {
        writeln!(io.out, "{address}:")?;
        for (title, changed) in [
            ("changed deps", &status.deps),
            ("changed outs", &status.outs),
        ] {
            if changed.is_empty() {
                continue;
            }
            writeln!(io.out, "\t{title}:")?;
            for changed in changed {
                match changed {
                    Changed::Whole(path, change) => line(2, *change, path, io)?,
                    Changed::Params(path, params) => {
                        writeln!(io.out, "\t\t{path}:")?;
                        for (name, change) in params {
                            line(3, *change, name, io)?;
                        }
                    }
                }
            }
        }
        for sentence in sentences(status) {
            writeln!(io.out, "\t{sentence}")?;
        }
    }
    Ok(())
}

fn line(depth: usize, change: Change, what: &str, io: &mut Io<'_>) -> std::io::Result<()> {
    let word = format!("{}:", change.key());
    writeln!(io.out, "{}{word:<20}{what}", "\t".repeat(depth))
}
