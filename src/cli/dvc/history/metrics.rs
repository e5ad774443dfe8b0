//! `flightdeck dvc metrics show` and `diff`

use crate::cli::args::{DvcMetricsDiffArgs, DvcMetricsShowArgs};
use crate::cli::dvc::session::Session;
use crate::cli::dvc::{Answered, Io, Refusal, broken};
use crate::cli::exit::Exit;
use crate::cli::python_json::Json;
use crate::domain::safe_text::visible_line;
use crate::sources::dvc::history::{Fault, Reader, Tree, Values, Wanted};
use crate::sources::dvc::{Project, each};
use crate::sources::git::{Revisions, Sha, Trees};

use super::revisions::{Asked, revisions};
use super::shown::{self, Read};

/// Commits that one thread reads at a time: near each other in history they have most in common.
const SHARE: usize = 512;

pub fn show(args: &DvcMetricsShowArgs, session: &Session, io: &mut Io<'_>) -> Answered {
    only_json(args.json)?;
    let wanted = Wanted {
        targets: targets(&args.targets, session)?,
        deps_only: false,
    };
    let many = args.all_branches || args.all_tags || args.all_commits;
    let workspace = workspace(session, &wanted);
    let mut damaged = Vec::new();
    let mut shown: Vec<(String, Json)> = Vec::new();
    let mut out = |name: String, json: Json, is_damaged: bool| {
        if is_damaged {
            damaged.push(name.clone());
        }
        shown.push((name, json));
    };
    if many {
        let git = session.revisions()?;
        let asked = Asked {
            num: 1,
            all_branches: args.all_branches,
            all_tags: args.all_tags,
            all_commits: args.all_commits,
            ..Asked::default()
        };
        let commits = revisions(&git, &asked)?;
        let branch = git.head_branch();
        let on_branch = commits
            .iter()
            .find(|(_, names)| Some(names.join(",")) == branch);
        let hidden = on_branch.is_some_and(|(id, _)| {
            let mut reader = Reader::default();
            let trees = git.trees();
            let there = one(&session.project, &trees, &mut reader, id, &wanted);
            there.is_some_and(|there| shown::is_same(&workspace, &there))
        });
        if !hidden {
            out(
                "workspace".to_owned(),
                shown::revision(&workspace, &session.project),
                shown::is_damaged(&workspace),
            );
        }
        for (name, found) in read_all(session, &git, &commits, &wanted) {
            if let Some((json, is_damaged)) = found {
                out(name, json, is_damaged);
            }
        }
    } else {
        out(
            String::new(),
            shown::revision(&workspace, &session.project),
            shown::is_damaged(&workspace),
        );
    }
    tell_damaged(&damaged, io)?;
    writeln!(io.out, "{}", Json::Map(shown).compact()).map_err(broken)?;
    Ok(Exit::Fine)
}

/// The text of one revision's values, and whether something in it is damaged.
type Text = Option<(Json, bool)>;

/// Reads all commits, on all cores.
fn read_all(
    session: &Session,
    git: &Revisions,
    commits: &[(Sha, Vec<String>)],
    wanted: &Wanted,
) -> Vec<(String, Text)> {
    let (project, shared) = (&session.project, git.shared());
    each(
        commits,
        SHARE,
        || (shared.trees(), Reader::default()),
        |(id, names), (trees, reader)| {
            let read = one(project, trees, reader, id, wanted);
            let text = read.map(|read| {
                let json = shown::revision(&read, project).compact();
                (Json::Written(json.into()), shown::is_damaged(&read))
            });
            (names.join(","), text)
        },
    )
}

/// `None` where the commit has no such project.
fn one(
    project: &Project,
    trees: &Trees,
    reader: &mut Reader,
    id: &str,
    wanted: &Wanted,
) -> Option<Read> {
    match trees.of(id) {
        Ok(Some(tree)) => Some(reader.metrics(project, &tree, wanted)),
        Ok(None) => None,
        Err(what) => Some(Err(Fault::other(what))),
    }
}

fn workspace(session: &Session, wanted: &Wanted) -> Read {
    let index = session.index();
    let tree = session.workspace(&index);
    Reader::default().metrics(&session.project, &tree, wanted)
}

pub fn diff(args: &DvcMetricsDiffArgs, session: &Session, io: &mut Io<'_>) -> Answered {
    only_json(args.json)?;
    let wanted = Wanted {
        targets: targets(&args.targets, session)?,
        deps_only: false,
    };
    let read: ReadTree = |reader, project, tree, wanted| reader.metrics(project, tree, wanted);
    let sides = (args.a_rev.as_deref(), args.b_rev.as_deref());
    two((session, "metrics"), sides, &wanted, args.all, read, io)
}

pub type ReadTree = fn(&mut Reader, &Project, &dyn Tree, &Wanted) -> Read;

/// What differs between two revisions, printed.
pub fn two(
    (session, what): (&Session, &str),
    (a, b): (Option<&str>, Option<&str>),
    wanted: &Wanted,
    all: bool,
    read: ReadTree,
    io: &mut Io<'_>,
) -> Answered {
    let git = session.revisions()?;
    if git.head().is_none() {
        writeln!(io.out, "{{}}").map_err(broken)?;
        return Ok(Exit::Fine);
    }
    let (a, b) = (a.unwrap_or("HEAD"), b.unwrap_or("workspace"));
    let revs = [a, b].into_iter().filter(|rev| *rev != "workspace");
    let asked = Asked {
        revs: revs.map(str::to_owned).collect(),
        num: 1,
        ..Asked::default()
    };
    let commits = revisions(&git, &asked)?;
    let (trees, mut reader) = (git.trees(), Reader::default());
    let mut side = |rev: &str| -> Option<Read> {
        if rev == "workspace" {
            let index = session.index();
            return Some(read(
                &mut reader,
                &session.project,
                &session.workspace(&index),
                wanted,
            ));
        }
        // Two names of one commit are one revision of that double name to DVC: it finds neither.
        let (id, _) = commits.iter().find(|(_, names)| names.join(",") == rev)?;
        match trees.of(id) {
            Ok(Some(tree)) => Some(read(&mut reader, &session.project, &tree, wanted)),
            Ok(None) => None,
            Err(what) => Some(Err(Fault::other(what))),
        }
    };
    let (old, new) = (side(a), side(b));
    for (rev, read) in [(a, &old), (b, &new)] {
        if let Some(Err(fault)) = read {
            warn(what, rev, fault, io)?;
        }
    }
    let mut damaged = Vec::new();
    for (rev, read) in [(a, &old), (b, &new)] {
        if read.as_ref().is_some_and(shown::is_damaged) && !damaged.contains(&rev.to_owned()) {
            damaged.push(rev.to_owned());
        }
    }
    tell_damaged(&damaged, io)?;
    let values = |read: Option<Read>| -> Values { read.and_then(Result::ok).unwrap_or_default() };
    let (old, new) = (values(old), values(new));
    let json = shown::diff(&old, &new, all, |path| session.project.shown(path));
    writeln!(io.out, "{}", json.compact()).map_err(broken)?;
    Ok(Exit::Fine)
}

/// Targets as written, from the root.
pub fn targets(written: &[String], session: &Session) -> Result<Vec<String>, Refusal> {
    let inside = written.iter().map(|target| {
        let outside = || Refusal::failed(format!("'{target}' does not exist in the repository"));
        session.project.inside(target).ok_or_else(outside)
    });
    inside.collect()
}

fn warn(what: &str, rev: &str, fault: &Fault, io: &mut Io<'_>) -> Result<(), Refusal> {
    let why = visible_line(&fault.what);
    writeln!(
        io.err,
        "WARNING: failed to load {what} in revision '{rev}', {why}"
    )
    .map_err(broken)
}

fn tell_damaged(names: &[String], io: &mut Io<'_>) -> Result<(), Refusal> {
    if names.is_empty() {
        return Ok(());
    }
    let names = names.join(", ");
    writeln!(
        io.err,
        "DVC failed to load some metrics for following revisions: '{names}'."
    )
    .map_err(broken)
}

pub fn only_json(json: bool) -> Result<(), Refusal> {
    if json {
        return Ok(());
    }
    Err(Refusal::usage(
        "only the JSON of this command is answered: --json",
    ))
}
