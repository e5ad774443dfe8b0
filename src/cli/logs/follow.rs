//! Lines as they come: polled, so it works wherever `FilterLogEvents` does and costs nothing.

mod group;

use std::future::Future;
use std::io::{self, Write};

use jiff::Timestamp;

use crate::cli::args::LogsArgs;
use crate::cli::exit::Exit;
use crate::cli::twins::Io;
use crate::domain::clock::Clock;
use crate::domain::log::{LogGap, LogTarget};
use crate::domain::safe_text;
use crate::domain::source_error::ErrorKind;
use crate::pollers::following::{Fresh, turn};
use crate::pollers::together::together;
use crate::sources::LogSource;

use super::print::Style;
use group::{Followed, INTERVAL};

pub async fn follow(
    args: &LogsArgs,
    targets: &[LogTarget],
    since: Timestamp,
    source: &dyn LogSource,
    clock: &dyn Clock,
    io: &mut Io<'_>,
    stop: impl Future<Output = ()>,
) -> io::Result<Exit> {
    tokio::select! {
        biased;
        () = stop => Ok(Exit::Fine),
        result = poll_for_ever(args, targets, since, source, clock, io) => result,
    }
}

/// Ends only when the reader has gone, or when nothing can ever come.
async fn poll_for_ever(
    args: &LogsArgs,
    targets: &[LogTarget],
    since: Timestamp,
    source: &dyn LogSource,
    clock: &dyn Clock,
    io: &mut Io<'_>,
) -> io::Result<Exit> {
    let style = Style::of(args, targets);
    let mut groups: Vec<Followed> = targets
        .iter()
        .map(|target| Followed::new(target.clone(), args.cloudwatch_pattern(), since))
        .collect();
    let mut has_answered = false;
    loop {
        let windows = groups
            .iter_mut()
            .map(|group| turn(source, &mut group.window, clock));
        let turns = together(windows).await;
        let mut lines: Vec<Fresh> = Vec::new();
        let mut gaps: Vec<LogGap> = Vec::new();
        let mut hopeless = true;
        for (group, turn) in groups.iter_mut().zip(turns) {
            let failure = turn.failure.as_ref().map(|error| error.kind);
            hopeless &= matches!(
                failure,
                Some(ErrorKind::Denied | ErrorKind::Expired | ErrorKind::NoCredentials)
            );
            for text in group.note(&turn) {
                say(io.err, &text)?;
            }
            lines.extend(turn.fresh);
            gaps.extend(turn.gaps);
        }
        // Stable: lines of one millisecond stay in the order of their stream.
        lines.sort_by_key(|fresh| fresh.line.at);
        for fresh in &lines {
            style.write(&fresh.line, fresh.late, io.out)?;
        }
        io.out.flush()?;
        for gap in gaps {
            let LogGap {
                group,
                after,
                before,
                why,
            } = gap;
            say(
                io.err,
                &format!("{group}: lines between {after} and {before} may be missing: {why}"),
            )?;
        }
        if hopeless && !has_answered {
            return Ok(Exit::Partial);
        }
        has_answered |= !hopeless;
        if !groups.iter().any(Followed::has_more) {
            // All are asked at the same time: the wait is that of the worst-off.
            let wait = groups.iter().map(Followed::wait).max().unwrap_or(INTERVAL);
            tokio::time::sleep(wait).await;
        }
    }
}

fn say(err: &mut dyn Write, text: &str) -> io::Result<()> {
    writeln!(err, "flightdeck: {}", safe_text::visible_line(text))
}
