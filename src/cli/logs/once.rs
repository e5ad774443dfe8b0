//! The lines there are.

use std::collections::VecDeque;
use std::io;

use jiff::Timestamp;

use crate::cli::args::LogsArgs;
use crate::cli::exit::Exit;
use crate::cli::twins::{Io, tell};
use crate::domain::log::{LogLine, LogQuery, LogTarget};
use crate::domain::source_error::{Answer, ErrorKind, Partial, SourceError};
use crate::logs::expression::Expression;
use crate::pollers::together::together;
use crate::sources::LogSource;

use super::print::Style;
use super::{What, of_group, passes};

/// Lines of each group when nobody says how many.
const DEFAULT_LIMIT: usize = 10_000;

pub async fn once(
    args: &LogsArgs,
    what: What<'_>,
    until: Option<Timestamp>,
    source: &dyn LogSource,
    io: &mut Io<'_>,
) -> io::Result<Exit> {
    let What {
        targets,
        since,
        filter,
        masker,
    } = what;
    let span = (since, until);
    let limit = args.limit.unwrap_or(DEFAULT_LIMIT);
    let mut lines: Vec<LogLine> = Vec::new();
    let mut partial = Vec::new();
    for (group, answer) in read_all(args, targets, source, span, filter, limit).await {
        match answer {
            Ok(got) => {
                // A limit that was asked for is no shortcoming.
                let cut = got.value.len() >= limit;
                let told = got
                    .missing
                    .into_iter()
                    .filter(|e| !(cut && e.kind == ErrorKind::Missing))
                    .map(|e| of_group(group, e));
                partial.extend(told);
                if cut && args.limit.is_none() {
                    partial.push(
                        SourceError::new(
                            "logs:FilterLogEvents",
                            ErrorKind::Missing,
                            format!("{group}: only the newest {limit} lines are shown"),
                        )
                        .with_hint("--limit shows more, a shorter --since fewer"),
                    );
                }
                lines.extend(got.value);
            }
            Err(error) => partial.push(of_group(group, error)),
        }
    }
    // Stable: lines of one millisecond stay in the order of their stream.
    lines.sort_by_key(|line| line.at);
    let style = Style::of(args, targets, masker);
    for line in &lines {
        style.write(line, false, io.out)?;
    }
    io.out.flush()?;
    tell(&partial, io.err)?;
    Ok(Exit::of_answer(partial.is_empty()))
}

/// Asks for all targets at the same time; answers in their order.
async fn read_all<'a>(
    args: &LogsArgs,
    targets: &'a [LogTarget],
    source: &dyn LogSource,
    (since, until): (Timestamp, Option<Timestamp>),
    filter: Option<&Expression>,
    limit: usize,
) -> Vec<(&'a str, Answer<Vec<LogLine>>)> {
    let queries: Vec<LogQuery> = targets
        .iter()
        .map(|target| LogQuery {
            target: target.clone(),
            since: Some(since),
            until,
            pattern: args.pattern.clone(),
            limit,
            newest_first: true,
        })
        .collect();
    let answers = together(queries.iter().map(async |query| match filter {
        Some(filter) => passing(source, query, filter).await,
        None => source.log_events(query).await,
    }))
    .await;
    let groups = targets.iter().map(|target| target.group.as_str());
    groups.zip(answers).collect()
}

/// The newest lines that pass, at most `query.limit`: page by page, so that no more than these are held.
async fn passing(
    source: &dyn LogSource,
    query: &LogQuery,
    filter: &Expression,
) -> Answer<Vec<LogLine>> {
    let pages = LogQuery {
        newest_first: false,
        limit: usize::MAX,
        ..query.clone()
    };
    let mut kept = VecDeque::new();
    let mut token = None;
    loop {
        let page = match source.log_page(&pages, token.as_deref()).await {
            Ok(page) => page,
            // What came before it stands.
            Err(error) if !kept.is_empty() => {
                return Ok(Partial {
                    value: kept.into(),
                    missing: vec![error],
                });
            }
            Err(error) => return Err(error),
        };
        for line in page.lines {
            if passes(filter, &line) {
                if kept.len() >= query.limit {
                    kept.pop_front();
                }
                kept.push_back(line);
            }
        }
        token = page.next;
        if token.is_none() {
            return Ok(Partial::whole(kept.into()));
        }
    }
}
