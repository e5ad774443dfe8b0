//! `flightdeck dvc status`

use crate::cli::args::DvcStatusArgs;
use crate::cli::exit::Exit;
use crate::sources::dvc::{Change, Changed, Index, Stage, StageStatus, Status, Value};

use super::session::Session;
use super::{Answered, Io, Refusal, broken, print_json};

pub fn run(args: &DvcStatusArgs, session: &Session, io: &mut Io<'_>) -> Answered {
    // Whatever is wrong here, `dvc status` ends with 1.
    let told = answer(args, session, io).map_err(|refusal| match refusal.code {
        255 => refusal.with_code(1),
        _ => refusal,
    })?;
    if args.json {
        print_json(&json(&told), io)?;
    } else if args.quiet {
        return Ok(Exit::Code(u8::from(!told.is_empty())));
    } else {
        print(&told, io).map_err(broken)?;
    }
    Ok(Exit::Fine)
}

/// What changed, by the names of stages as seen from the current directory.
type Told = Vec<(String, StageStatus)>;

fn answer(args: &DvcStatusArgs, session: &Session, io: &mut Io<'_>) -> Result<Told, Refusal> {
    let index = session.sound_index()?;
    let stages = chosen(args, &index)?;
    for stage in &stages {
        if stage.frozen && !stage.is_repository_import() {
            let address = stage.address(&session.project.cwd);
            writeln!(
                io.err,
                "WARNING: stage: '{address}' is frozen. Its dependencies are not going to be \
                 shown in the status output."
            )
            .map_err(broken)?;
        }
    }
    let mut status = Status::new(&session.project, &index, &*session.kept, session.now, None);
    let statuses = status.of(&stages)?;
    let named = stages
        .iter()
        .zip(statuses)
        .filter(|(_, status)| !status.is_empty())
        .map(|(stage, status)| (stage.address(&session.project.cwd), status));
    Ok(named.collect())
}

fn chosen<'a>(args: &DvcStatusArgs, index: &'a Index) -> Result<Vec<&'a Stage>, Refusal> {
    if !args.targets.is_empty() || args.cloud || args.remote.is_some() {
        return Err(Refusal::usage("targets and --cloud are not supported yet"));
    }
    Ok(index.stages.iter().collect())
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
