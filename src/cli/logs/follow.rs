//! Lines as they come: polled, so it works wherever `FilterLogEvents` does and costs nothing.

mod trouble;

use std::future::Future;
use std::io::{self, Write};

use tokio::sync::watch;

use crate::cli::args::LogsArgs;
use crate::cli::exit::Exit;
use crate::cli::twins::Io;
use crate::domain::clock::Clock;
use crate::domain::log::{LiveState, LogGap, TailMode};
use crate::domain::safe_text;
use crate::domain::source_error::ErrorKind;
use crate::pollers::cadence::Cadence;
use crate::pollers::following::{Fresh, Tailer, Window};
use crate::sources::LogSource;
use crate::store::effect::Interest;

use super::print::Style;
use super::{What, passes};
use trouble::Trouble;

/// Between two polls while lines come.
const CADENCE: Cadence = Cadence::only_shown(2);

pub async fn follow(
    args: &LogsArgs,
    what: What<'_>,
    source: &dyn LogSource,
    clock: &dyn Clock,
    io: &mut Io<'_>,
    stop: impl Future<Output = ()>,
) -> io::Result<Exit> {
    tokio::select! {
        biased;
        () = stop => Ok(Exit::Fine),
        result = poll_for_ever(args, what, source, clock, io) => result,
    }
}

/// Ends only when the reader has gone, or when nothing can ever come.
async fn poll_for_ever(
    args: &LogsArgs,
    what: What<'_>,
    source: &dyn LogSource,
    clock: &dyn Clock,
    io: &mut Io<'_>,
) -> io::Result<Exit> {
    let What {
        targets,
        since,
        filter,
        masker,
    } = what;
    let style = Style::of(args, targets, masker);
    let mut troubles: Vec<Trouble> = targets.iter().map(Trouble::of).collect();
    let pattern = args.pattern.clone();
    let windows = targets
        .iter()
        .map(|target| Window::since(target.clone(), pattern.clone(), since))
        .collect();
    let mode = if args.live {
        TailMode::Live
    } else {
        TailMode::Polling
    };
    // Whoever asked for it is looking.
    let (_looking, interest) = watch::channel(Interest::Focused);
    let mut tailer = Tailer::new(source, clock, windows, CADENCE, interest).in_mode(mode, pattern);
    let mut has_answered = false;
    let mut live = None;
    while let Some(batch) = tailer.next().await {
        if batch.live.is_some() != live.is_some() {
            say(io.err, &live_told(batch.live, live))?;
        }
        live = batch.live;
        let mut hopeless = batch.is_poll;
        let mut lines: Vec<Fresh> = Vec::new();
        let mut gaps: Vec<LogGap> = Vec::new();
        for (place, turn) in batch.turns.into_iter().enumerate() {
            let failure = turn.failure.as_ref().map(|error| error.kind);
            hopeless &= matches!(
                failure,
                Some(ErrorKind::Denied | ErrorKind::Expired | ErrorKind::NoCredentials)
            );
            let told = match troubles.get_mut(place) {
                Some(trouble) if batch.is_poll => trouble.note(&turn),
                _ => turn
                    .missing
                    .iter()
                    .map(|error| error.what.clone())
                    .collect(),
            };
            for text in told {
                say(io.err, &text)?;
            }
            lines.extend(turn.fresh);
            gaps.extend(turn.gaps);
        }
        // Stable: lines of one millisecond stay in the order of their stream.
        lines.retain(|fresh| filter.is_none_or(|filter| passes(filter, &fresh.line)));
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
        has_answered |= batch.is_poll && !hopeless;
    }
    Ok(Exit::Fine)
}

/// That a Live Tail session was opened, or has ended.
fn live_told(now: Option<LiveState>, before: Option<LiveState>) -> String {
    match (now, before) {
        (Some(_), _) => "Live Tail listens, for $0.01 a minute".to_owned(),
        (None, Some(before)) => format!(
            "Live Tail has ended after ${:.2}; polling goes on",
            before.spent_usd
        ),
        (None, None) => "polling".to_owned(),
    }
}

fn say(err: &mut dyn Write, text: &str) -> io::Result<()> {
    writeln!(err, "flightdeck: {}", safe_text::visible_line(text))
}
