//! Lines as they come: polled, so it works wherever `FilterLogEvents` does and costs nothing.

mod group;

use std::future::Future;
use std::io::{self, Write};
use std::time::Duration;

use crate::cli::args::LogsArgs;
use crate::cli::exit::Exit;
use crate::cli::together::together;
use crate::cli::twins::Io;
use crate::domain::clock::Clock;
use crate::domain::log::LogLine;
use crate::domain::safe_text;
use crate::domain::source_error::ErrorKind;
use crate::sources::LogSource;

use super::DEFAULT_SINCE;
use super::print::Style;
use group::Followed;

/// Between two polls while all is well.
const INTERVAL: Duration = Duration::from_secs(2);
/// The longest wait after failures in a row.
const MOST_BACKOFF: Duration = Duration::from_secs(30);
/// A group that does not exist yet appears when its first container writes.
const WAITING: Duration = Duration::from_secs(10);

pub async fn follow(
    args: &LogsArgs,
    source: &dyn LogSource,
    clock: &dyn Clock,
    io: &mut Io<'_>,
    stop: impl Future<Output = ()>,
) -> io::Result<Exit> {
    tokio::select! {
        biased;
        () = stop => Ok(Exit::Fine),
        result = poll_for_ever(args, source, clock, io) => result,
    }
}

/// Ends only when the reader has gone, or when nothing can ever come.
async fn poll_for_ever(
    args: &LogsArgs,
    source: &dyn LogSource,
    clock: &dyn Clock,
    io: &mut Io<'_>,
) -> io::Result<Exit> {
    let style = Style::of(args);
    let since = args.since.unwrap_or(DEFAULT_SINCE).at(clock.now());
    let mut groups: Vec<Followed> = args
        .groups
        .iter()
        .map(|group| Followed::new(super::query(args, group), since))
        .collect();
    let mut has_answered = false;
    loop {
        let now = clock.now();
        let queries: Vec<_> = groups.iter_mut().map(Followed::next_query).collect();
        let answers = together(queries.iter().map(|query| source.log_events(query))).await;
        let mut lines: Vec<LogLine> = Vec::new();
        let mut hopeless = true;
        for (group, answer) in groups.iter_mut().zip(answers) {
            match answer {
                Ok(got) => {
                    hopeless = false;
                    if let Some(failures) = group.recovered() {
                        say(
                            io.err,
                            &format!("{} is back after {failures}", group.name()),
                        )?;
                    }
                    lines.extend(group.take(got.value, now));
                }
                Err(error) => {
                    hopeless &= matches!(
                        error.kind,
                        ErrorKind::Denied | ErrorKind::Expired | ErrorKind::NoCredentials
                    );
                    if group.failed(&error) {
                        let hint = error
                            .hint
                            .as_ref()
                            .map_or(String::new(), |hint| format!(" ({hint})"));
                        let what = match error.kind {
                            ErrorKind::Missing => "nothing there yet, waiting".to_owned(),
                            _ => format!("{}{hint}", error.what),
                        };
                        say(io.err, &format!("{}: {what}", group.name()))?;
                    }
                }
            }
        }
        lines.sort_by_key(|line| line.at);
        for line in &lines {
            style.write(line, io.out)?;
        }
        io.out.flush()?;
        if hopeless && !has_answered {
            return Ok(Exit::Partial);
        }
        has_answered |= !hopeless;
        if !groups.iter().any(Followed::has_more) {
            tokio::time::sleep(pause(&groups)).await;
        }
    }
}

/// The wait that the worst-off group needs: all are asked at the same time.
fn pause(groups: &[Followed]) -> Duration {
    groups.iter().map(Followed::pause).max().unwrap_or(INTERVAL)
}

fn say(err: &mut dyn Write, text: &str) -> io::Result<()> {
    writeln!(err, "flightdeck: {}", safe_text::visible_line(text))
}
