//! `flightdeck dvc …`: what `dvc` would say, in its own JSON and with its own exit codes, without Python.
//!
//! Nothing is written to the repository, no lock is taken. What is not supported is an error, never a guess.

mod data;
mod diff;
mod history;
mod list;
mod session;
mod status;
mod trees;

use std::io::{self, Write};
use std::path::Path;

use crate::config::{Dirs, Env};
use crate::sources::dvc::{Value, dumps};

use super::args::{
    Cli, DvcArgs, DvcCommand, DvcDataCommand, DvcExpCommand, DvcMetricsCommand, DvcParamsCommand,
    DvcPlotsCommand,
};
use super::exit::Exit;
use session::Session;

/// Where answers and complaints go.
pub struct Io<'a> {
    pub out: &'a mut dyn Write,
    pub err: &'a mut dyn Write,
}

/// Why there is no answer, and the code that `dvc` ends with then.
#[derive(Debug)]
pub struct Refusal {
    pub code: u8,
    pub what: String,
}

impl Refusal {
    /// Something is wrong with the repository or with what was asked of it.
    pub fn failed(what: impl Into<String>) -> Self {
        Self {
            code: 255,
            what: what.into(),
        }
    }

    /// Not a way to ask.
    pub fn usage(what: impl Into<String>) -> Self {
        Self {
            code: Exit::Usage.code(),
            what: what.into(),
        }
    }

    pub fn with_code(mut self, code: u8) -> Self {
        self.code = code;
        self
    }
}

impl From<String> for Refusal {
    fn from(what: String) -> Self {
        Self::failed(what)
    }
}

/// An answer: what is printed, and the exit code.
pub type Answered = Result<Exit, Refusal>;

/// Carries out `flightdeck dvc …`.
///
/// # Errors
/// Those of the outputs.
pub fn run(cli: &Cli, args: &DvcArgs, env: &Env, io: &mut Io<'_>) -> io::Result<Exit> {
    let dir = args.cd.as_deref().or(cli.global.repo.as_deref());
    let kept = Dirs::resolve(env).ok().map(|dirs| dirs.cache);
    let opened = || Session::open(dir, kept.as_deref());
    let answer = match &args.command {
        DvcCommand::Status(args) => opened().and_then(|session| status::run(args, &session, io)),
        DvcCommand::Data(args) => match &args.command {
            DvcDataCommand::Status(args) => {
                opened().and_then(|mut session| data::run(args, &mut session, io))
            }
        },
        DvcCommand::List(list) => {
            let here = dir.unwrap_or(Path::new("."));
            if cli.global.config.is_some() {
                Err(Refusal::usage(
                    "--config is Flightdeck's; that of `dvc list` is not supported",
                ))
            } else {
                Session::open_url(&list.url, here, kept.as_deref())
                    .and_then(|session| list::run(list, &session, here, io))
            }
        }
        DvcCommand::Diff(args) => opened().and_then(|session| diff::run(args, &session, io)),
        DvcCommand::Metrics(args) => opened().and_then(|session| match &args.command {
            DvcMetricsCommand::Show(args) => history::metrics::show(args, &session, io),
            DvcMetricsCommand::Diff(args) => history::metrics::diff(args, &session, io),
        }),
        DvcCommand::Params(args) => opened().and_then(|session| match &args.command {
            DvcParamsCommand::Diff(args) => history::params::diff(args, &session, io),
        }),
        DvcCommand::Exp(args) => opened().and_then(|session| match &args.command {
            DvcExpCommand::Show(args) => history::exp::show(args, &session, io),
            DvcExpCommand::Diff(args) => history::exp::diff(args, &session, io),
            DvcExpCommand::List(args) => history::exp::list(args, &session, io),
        }),
        DvcCommand::Plots(args) => opened().and_then(|session| match &args.command {
            DvcPlotsCommand::Show(args) => history::plots::show(args, &session, io),
            DvcPlotsCommand::Diff(args) => history::plots::diff(args, &session, io),
        }),
        DvcCommand::Dag(args) => opened().and_then(|session| history::dag::run(args, &session, io)),
    };
    match answer {
        Ok(exit) => Ok(exit),
        Err(refusal) => {
            writeln!(io.err, "ERROR: {}", refusal.what)?;
            Ok(Exit::Code(refusal.code))
        }
    }
}

/// One line of JSON, as `dvc` prints it where nobody looks on.
pub fn print_json(value: &Value, io: &mut Io<'_>) -> Result<(), Refusal> {
    writeln!(io.out, "{}", dumps(value)).map_err(broken)
}

/// An output that cannot be written to.
pub fn broken(cause: io::Error) -> Refusal {
    Refusal::failed(cause.to_string())
}
