//! From the arguments to the command that carries them out.

use std::ffi::OsString;
use std::future::Future;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;

use crate::config::{ConfigProblem, Dirs, Env};
use crate::keys::Keymap;

use super::args::{Command, TwinCommand};
use super::ended::tidied;
use super::open::open;
use super::start::Start;
use super::{Cli, Exit, logs, screenshot, tui, twins};

/// The whole program; the answer is its exit code.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let env = Env::of_process();
    let cli = match Cli::read(arguments, &keys_help()) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no failures, and go to stdout.
            let exit = if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::Fine
            };
            let _ = error.print();
            return exit;
        }
    };
    match run(&cli, env) {
        Ok(exit) => exit,
        Err(error) => {
            // Whoever read our answer has gone away: that is no failure.
            if is_broken_pipe(&error) {
                return Exit::Fine;
            }
            let _ = writeln!(io::stderr(), "flightdeck: {error:#}");
            Exit::Failed
        }
    }
}

/// The keys of the embedded keymap, for `--help` and `help`.
fn keys_help() -> String {
    Keymap::builtin("default").map_or_else(String::new, |keymap| super::keys::listing(&keymap))
}

fn run(cli: &Cli, env: Env) -> anyhow::Result<Exit> {
    let file = cli.global.config.as_deref();
    let (mut out, mut err) = (io::stdout().lock(), io::stderr());
    // These work with a damaged config too: they are what mends it.
    match &cli.command {
        Some(Command::Help(args)) => return help(args.command.as_deref(), &mut out),
        Some(Command::Config(args)) => {
            return super::config::run(args, file, &Dirs::resolve(&env)?, &mut out, &mut err);
        }
        Some(Command::Keys(args)) => {
            return super::keys::run(args, file, &Dirs::resolve(&env)?, &mut out, &mut err);
        }
        Some(Command::Themes(args)) => {
            let (dirs, on_terminal) = (Dirs::resolve(&env)?, out.is_terminal());
            return super::themes::run(args, file, &dirs, &env, on_terminal, &mut out, &mut err);
        }
        Some(Command::Gto(args)) => {
            let repo = cli.global.repo.as_deref();
            return Ok(super::gto::run(args, repo, &mut out, &mut err)?);
        }
        Some(Command::Dvc(args)) => {
            let mut io = super::dvc::Io {
                out: &mut out,
                err: &mut err,
            };
            return Ok(super::dvc::run(cli, args, &env, &mut io)?);
        }
        Some(Command::Demo(args)) => {
            if let Some(picture) = &args.screenshot {
                return in_runtime(screenshot::run(cli, args, picture, env)).map(|()| Exit::Fine);
            }
        }
        _ => {}
    }
    let start = match Start::new(cli, env) {
        Ok(start) => start,
        Err(problems) => return Ok(told(&problems)),
    };
    match &cli.command {
        Some(Command::Twin(TwinCommand::Logs(args))) if logs::local(args).is_some() => {
            let Some(origin) = logs::local(args) else {
                return Ok(Exit::Usage);
            };
            if args.is_for_people() && out.is_terminal() {
                drop(out);
                let title = logs::title(&origin);
                return in_runtime(tui::lines(cli, &start, title, origin)).map(|()| Exit::Fine);
            }
            let means = logs::Means {
                masker: Arc::clone(&start.masker),
                folder: Some(start.dirs.cache.join("logs")),
            };
            logs::print_local(args, &origin, &means, &mut out, &mut err)
        }
        Some(Command::Twin(twin)) => in_runtime(answer(cli, &start, twin, &mut out)),
        Some(Command::Simulate(args)) => {
            in_runtime(super::simulate::run(start.opening(cli, false), args)).map(|()| Exit::Fine)
        }
        _ => {
            drop(out);
            in_runtime(tui::run(cli, &start)).map(|()| Exit::Fine)
        }
    }
}

async fn answer(
    cli: &Cli,
    start: &Start,
    twin: &TwinCommand,
    out: &mut dyn Write,
) -> anyhow::Result<Exit> {
    let opening = start.opening(cli, false);
    let demo = opening.demo.is_some();
    let opened = open(opening)?;
    let thresholds = start.config.findings.thresholds();
    let rules = start.config.lineage.rules();
    let answered = async {
        let sources = opened.connect.await;
        let desk = twins::Desk {
            sources: &sources,
            clock: &*opened.clock,
            thresholds: &thresholds,
            masker: &start.masker,
            lineage: &rules,
        };
        Ok(twins::run(twin, &desk, out).await)
    };
    if demo {
        tidied(opened.keep, answered).await
    } else {
        answered.await
    }
}

fn help(topic: Option<&str>, out: &mut dyn Write) -> anyhow::Result<Exit> {
    match Cli::help_text(topic, &keys_help()) {
        Ok(text) => {
            out.write_all(text.as_bytes())?;
            Ok(Exit::Fine)
        }
        Err(error) => {
            error.print()?;
            Ok(Exit::Usage)
        }
    }
}

/// What is wrong with the config, on stderr.
fn told(problems: &[ConfigProblem]) -> Exit {
    for problem in problems {
        let _ = writeln!(io::stderr(), "flightdeck: {problem}");
    }
    Exit::Usage
}

/// Runs on a runtime that is not waited for at the end: requests under way may hang for seconds.
fn in_runtime<T>(task: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let answer = runtime.block_on(task);
    runtime.shutdown_background();
    answer
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
    })
}
