//! `flightdeck dvc data status`

use crate::cli::args::{DvcDataStatusArgs, Untracked};
use crate::cli::exit::Exit;
use crate::sources::dvc::{Data, DataStatus, Differences, Value, data_status, not_in_remote};

use super::session::Session;
use super::trees::{Trees, known_remotes};
use super::{Answered, Io, Refusal, broken, print_json};

pub fn run(args: &DvcDataStatusArgs, session: &mut Session, io: &mut Io<'_>) -> Answered {
    if let Some(remote) = args.remote.as_deref().filter(|_| args.not_in_remote) {
        session.project.config.choose_remote(remote);
    }
    let told = answer(args, session)?;
    if args.json {
        print_json(&json(&told, args), io)?;
    } else if !args.quiet {
        print(&told, args, io).map_err(broken)?;
    }
    Ok(Exit::Fine)
}

struct Told {
    status: DataStatus,
    not_in_remote: Vec<String>,
    untracked: Vec<String>,
}

fn answer(args: &DvcDataStatusArgs, session: &Session) -> Result<Told, Refusal> {
    let targets = targets(&args.targets);
    let index = session.sound_index()?;
    known_remotes(&index, &session.project.config)?;
    let cache = session.project.cache();
    let mut trees = Trees::new(session, &cache, args.granular);
    let mut recorded = trees.recorded(&index);
    let mut on_disk = trees.on_disk(&index)?;
    let mut head = match &session.git {
        Some(git) if git.has_commits() => {
            let at = session.at("HEAD")?;
            Some(at.map_or_else(Data::default, |at| trees.committed(&at)))
        }
        Some(_) => Some(Data::default()),
        None => None,
    };
    if !targets.is_empty() {
        let trees = [&mut recorded, &mut on_disk];
        for tree in trees.into_iter().chain(head.as_mut()) {
            tree.narrow(&targets);
        }
    }
    let status = data_status(head.as_ref(), &recorded, &on_disk, &cache, &targets);
    let mut lacking = Vec::new();
    if args.not_in_remote {
        let pushable = trees.pushable(&index);
        lacking = not_in_remote(&index, &pushable, &session.project, &targets)?;
    }
    let mut untracked = Vec::new();
    if args.untracked_files == Some(Untracked::All)
        && let Some(git) = &session.git
    {
        let files = git.untracked()?;
        let wanted = |path: &String| {
            let targets = &args.targets;
            targets.is_empty()
                || targets.iter().any(|target| {
                    let inside = session.project.inside(target);
                    inside.is_some_and(|target| crate::sources::dvc::lies_in(path, &target))
                })
        };
        let shown = files.iter().filter(|path| wanted(path));
        untracked = shown.map(|path| session.project.shown(path)).collect();
    }
    Ok(Told {
        status,
        not_in_remote: lacking,
        untracked,
    })
}

/// Targets as paths from the root. DVC takes them as if the current directory were the root, and without those
/// that lie in others.
fn targets(written: &[String]) -> Vec<String> {
    let normal = |path: &String| {
        let parts: Vec<&str> = path
            .split('/')
            .filter(|part| !matches!(*part, "" | "."))
            .collect();
        parts.join("/")
    };
    written.iter().map(normal).collect()
}

fn json(told: &Told, args: &DvcDataStatusArgs) -> Value {
    let list = |paths: &[String]| Value::Seq(paths.iter().map(Value::text).collect());
    let status = &told.status;
    let mut parts = vec![
        ("not_in_cache", list(&status.not_in_cache)),
        ("not_in_remote", list(&told.not_in_remote)),
        ("committed", differences(&status.committed)),
        ("uncommitted", differences(&status.uncommitted)),
        ("untracked", list(&told.untracked)),
    ];
    if args.unchanged {
        parts.push(("unchanged", list(&status.unchanged)));
    }
    parts.retain(|(_, value)| !value.items().is_empty() || !value.entries().is_empty());
    Value::map(parts)
}

fn differences(found: &Differences) -> Value {
    let lists = lists(found).map(|(key, paths)| {
        let paths = paths.iter().map(Value::text).collect();
        (key, Value::Seq(paths))
    });
    let renamed = found
        .renamed
        .iter()
        .map(|(old, new)| Value::map([("old", Value::text(old)), ("new", Value::text(new))]));
    let renamed = ("renamed", Value::Seq(renamed.collect()));
    let parts = lists.into_iter().chain([renamed]);
    Value::map(parts.filter(|(_, value)| !value.items().is_empty()))
}

fn lists(found: &Differences) -> [(&'static str, &[String]); 4] {
    [
        ("modified", &found.modified),
        ("added", &found.added),
        ("deleted", &found.deleted),
        ("unknown", &found.unknown),
    ]
}

fn print(told: &Told, args: &DvcDataStatusArgs, io: &mut Io<'_>) -> std::io::Result<()> {
    let status = &told.status;
    let plain = |paths: &[String]| -> Vec<String> { paths.to_vec() };
    let detailed = |found: &Differences| -> Vec<String> {
        let lists = lists(found)
            .into_iter()
            .flat_map(|(key, paths)| paths.iter().map(move |path| format!("{key}: {path}")));
        let renamed = found.renamed.iter();
        let renamed = renamed.map(|(old, new)| format!("renamed: {old} -> {new}"));
        lists.chain(renamed).collect()
    };
    let unchanged = if args.unchanged {
        &status.unchanged[..]
    } else {
        &[]
    };
    let mut parts = vec![
        ("Not in cache", plain(&status.not_in_cache)),
        ("Not in remote", plain(&told.not_in_remote)),
        ("DVC committed changes", detailed(&status.committed)),
        ("DVC uncommitted changes", detailed(&status.uncommitted)),
        ("Untracked files", plain(&told.untracked)),
        ("DVC unchanged files", plain(unchanged)),
    ];
    parts.retain(|(_, lines)| !lines.is_empty());
    if parts.is_empty() {
        return writeln!(io.out, "No changes.");
    }
    for (at, (title, lines)) in parts.iter().enumerate() {
        if at > 0 {
            writeln!(io.out)?;
        }
        writeln!(io.out, "{title}:")?;
        for line in lines {
            writeln!(io.out, "        {line}")?;
        }
    }
    Ok(())
}
