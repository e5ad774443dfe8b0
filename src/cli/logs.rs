//! `flightdeck logs`: lines of log groups, once or followed.

mod follow;
mod insights;
mod local;
mod once;
mod print;
mod targets;

use std::future::Future;
use std::io;

use jiff::Timestamp;

use crate::domain::log::{LogLine, LogTarget};
use crate::domain::safe_text;
use crate::domain::source_error::SourceError;
use crate::logs::expression::Expression;
use crate::logs::line::LineRef;
use crate::logs::mask::Masker;

use super::args::{LogsArgs, Since};
use super::exit::Exit;
use super::twins::{Desk, Io, account, finish, tell};
use targets::{Kind, kind_of};

pub use local::print::{Means, print as print_local};
pub use local::{local, title};

/// How far back when nobody says.
const DEFAULT_SINCE: Since = Since::Ago(jiff::SignedDuration::from_hours(1));

/// Writes the lines of all targets in the order of time; with `--follow`, goes on until `stop`.
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
    if let Some(refusal) = args.groups.iter().find_map(|argument| no_group(argument)) {
        writeln!(io.err, "flightdeck: {}", safe_text::visible_line(&refusal))?;
        return Ok(Exit::Usage);
    }
    let filter = match args.expression() {
        Ok(filter) => filter,
        Err(error) => {
            let told = safe_text::visible_line(&error.to_string()).into_owned();
            writeln!(io.err, "flightdeck: --filter: {told}")?;
            return Ok(Exit::Usage);
        }
    };
    let account = match account(desk.sources) {
        Ok(account) => account,
        Err(error) => {
            tell(&[error], io.err)?;
            return Ok(Exit::Partial);
        }
    };
    let found = match targets::targets(args, account, desk).await {
        Ok(found) => found,
        Err(errors) => {
            tell(&errors, io.err)?;
            return Ok(Exit::Partial);
        }
    };
    let now = desk.clock.now();
    let since = match (args.since, found.since) {
        (Some(since), _) => since.at(now),
        (None, Some(start)) => start,
        (None, None) => DEFAULT_SINCE.at(now),
    };
    let targets = found.targets.as_slice();
    let source = account.logs.as_ref();
    if let Some(query) = &args.insights {
        let until = args.until.map_or(now, |until| until.at(now));
        let span = insights::Span {
            from: since,
            until,
            now,
        };
        let asked = insights::Asked {
            query,
            targets,
            span,
            masker: args.masker(desk.masker),
        };
        return insights::insights(args, asked, account, io, stop).await;
    }
    let what = What {
        targets,
        since,
        filter: filter.as_ref(),
        masker: desk.masker,
    };
    if args.follow || args.live {
        follow::follow(args, what, source, desk.clock, io, stop).await
    } else {
        let until = args.until.map(|until| until.at(now));
        once::once(args, what, until, source, io).await
    }
}

/// What is read, from when on, which of its lines are written, and what hides secrets in them.
#[derive(Clone, Copy)]
struct What<'a> {
    targets: &'a [LogTarget],
    since: Timestamp,
    filter: Option<&'a Expression>,
    masker: &'a Masker,
}

/// Why an argument is not taken for a log group.
fn no_group(argument: &str) -> Option<String> {
    match kind_of(argument) {
        Kind::Group => None,
        Kind::Path => Some(format!(
            "{argument} is a file, others are log groups: read them apart"
        )),
        Kind::StandardInput => {
            Some("`-` is standard input: read it by itself, without log groups".into())
        }
    }
}

/// Whether a line of CloudWatch passes `--filter`.
fn passes(filter: &Expression, line: &LogLine) -> bool {
    filter.passes(&LineRef {
        text: line.message.trim_end_matches(['\n', '\r']).as_bytes(),
        at_ms: Some(line.at.as_millisecond()),
        group: &line.group,
        stream: &line.stream,
    })
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
