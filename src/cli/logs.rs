//! `flightdeck logs`: lines of log groups, once or followed.

mod follow;
mod once;
mod print;

use std::future::Future;
use std::io;

use crate::domain::log::LogTarget;
use crate::domain::source_error::SourceError;

use super::args::{LogsArgs, Since};
use super::exit::Exit;
use super::twins::{Desk, Io, account, finish, tell};

/// How far back when nobody says.
const DEFAULT_SINCE: Since = Since::Ago(jiff::SignedDuration::from_hours(1));

/// Writes the lines of all groups in the order of time; with `--follow`, goes on until `stop`.
///
/// Lines are the answer: they alone go to standard output. A reader that goes away ends it without a complaint.
pub async fn logs(
    args: &LogsArgs,
    desk: &Desk<'_>,
    io: &mut Io<'_>,
    stop: impl Future<Output = ()>,
) -> Exit {
    let result = run(args, desk, io, stop).await;
    finish(result, io)
}

async fn run(
    args: &LogsArgs,
    desk: &Desk<'_>,
    io: &mut Io<'_>,
    stop: impl Future<Output = ()>,
) -> io::Result<Exit> {
    let account = match account(desk.sources) {
        Ok(account) => account,
        Err(error) => {
            tell(&[error], io.err)?;
            return Ok(Exit::Partial);
        }
    };
    let source = account.logs.as_ref();
    let targets: Vec<LogTarget> = args
        .groups
        .iter()
        .map(|group| match &args.stream_prefix {
            Some(prefix) => LogTarget::prefixed(group, prefix),
            None => LogTarget::group(group),
        })
        .collect();
    if args.follow {
        follow::follow(args, &targets, source, desk.clock, io, stop).await
    } else {
        once::once(args, &targets, source, desk.clock, io).await
    }
}

/// Ready when the user interrupts.
pub async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Without a handler the signal ends the process by itself.
        std::future::pending::<()>().await;
    }
}

/// The same trouble of several groups is said for each of them.
fn of_group(group: &str, mut error: SourceError) -> SourceError {
    if !error.what.contains(group) {
        error.what = format!("{group}: {}", error.what);
    }
    error
}
