//! `flightdeck gto …`: what `gto` answers, from the same tags.

mod check_ref;
mod history;
mod item;
mod show;
mod stages;
mod table;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::sources::git;
use crate::sources::gto::{Problem, Registry};

use super::args::{GtoArgs, GtoCommand, GtoRepo};
use super::exit::Exit;

/// Why a command has no answer.
enum Failure {
    /// In one sentence.
    Said(String),
    Io(io::Error),
}

impl From<io::Error> for Failure {
    fn from(cause: io::Error) -> Self {
        Self::Io(cause)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Said(problem.to_string())
    }
}

type Answer = Result<(), Failure>;

/// Answers as `gto` does: 0, or 1 with a sentence on standard error.
pub fn run(
    args: &GtoArgs,
    repo: Option<&Path>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<Exit> {
    let out = &mut io::BufWriter::new(out);
    let answer = match &args.command {
        GtoCommand::Show(args) => show::run(args, &dir(&args.repo, repo), out),
        GtoCommand::History(args) => history::run(args, &dir(&args.repo, repo), out),
        GtoCommand::Stages(args) => stages::run(args, &dir(&args.repo, repo), out),
        GtoCommand::CheckRef(args) => check_ref::run(args, &dir(&args.repo, repo), out),
    };
    match answer {
        Ok(()) => out.flush().map(|()| Exit::Fine),
        Err(Failure::Said(what)) => writeln!(err, "{what}").map(|()| Exit::Failed),
        Err(Failure::Io(cause)) => Err(cause),
    }
}

fn dir(own: &GtoRepo, global: Option<&Path>) -> PathBuf {
    let chosen = own.dir.as_deref().or(global);
    chosen.unwrap_or_else(|| Path::new(".")).to_owned()
}

fn registry(dir: &Path) -> Result<Registry, Failure> {
    let source = git::artifacts(dir).map_err(|error| Failure::Said(error.to_string()))?;
    Ok(Registry::replay(&source)?)
}

/// The first seven characters of a commit's id; anything else stays.
fn short(text: &str) -> &str {
    let is_id = text.len() == 40 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if is_id {
        text.get(..7).unwrap_or(text)
    } else {
        text
    }
}
