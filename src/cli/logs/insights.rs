//! A query of Logs Insights: estimate, start, wait, rows, and what it cost.

use std::borrow::Cow;
use std::future::Future;
use std::io::{self, Write};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::cli::args::LogsArgs;
use crate::cli::exit::Exit;
use crate::cli::table::Table;
use crate::cli::twins::{Io, tell, text};
use crate::domain::insights::{
    InsightsQuery, MOST_ROWS, QueryResults, QueryState, Scan, expected_bytes, scan_usd,
};
use crate::domain::log::LogTarget;
use crate::domain::safe_text;
use crate::domain::source_error::{ErrorKind, SourceError};
use crate::logs::mask::Masker;
use crate::logs::narrow;
use crate::pollers::following::{Pace, Turned};
use crate::sources::{AccountSources, InsightsSource};

/// Between two looks at a query that runs.
const INTERVAL: Duration = Duration::from_secs(1);
/// Looks that may fail in a row before it is given up.
const MOST_FAILURES: u32 = 5;

/// From when until when.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub from: Timestamp,
    pub until: Timestamp,
    pub now: Timestamp,
}

/// A query, where and when it is asked, and what hides secrets in its answer.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub query: &'a str,
    pub targets: &'a [LogTarget],
    pub span: Span,
    pub masker: Option<&'a Masker>,
}

/// Rows to standard output; estimate and cost to standard error. An interrupt stops the query at AWS.
pub async fn insights(
    args: &LogsArgs,
    asked: Asked<'_>,
    account: &AccountSources,
    io: &mut Io<'_>,
    stop: impl Future<Output = ()>,
) -> io::Result<Exit> {
    let Asked {
        query,
        targets,
        span,
        masker,
    } = asked;
    let mut groups: Vec<String> = targets.iter().map(|t| t.group.clone()).collect();
    groups.sort();
    groups.dedup();
    let query = InsightsQuery {
        expected_bytes: estimate(account, &groups, span, io).await?,
        from: span.from,
        until: span.until,
        text: narrow::narrowed(query, targets),
        limit: args.limit,
        groups,
    };
    let source = account.insights.as_ref();
    let id = match source.start_query(&query).await {
        Ok(id) => id,
        Err(error) => {
            let unreadable = error.what.starts_with("MalformedQueryException");
            tell(&[error], io.err)?;
            return Ok(if unreadable {
                Exit::Usage
            } else {
                Exit::Partial
            });
        }
    };
    let mut scan = Scan::default();
    let waited = {
        let wait = wait(source, &id, &mut scan);
        tokio::select! {
            biased;
            () = stop => None,
            waited = wait => Some(waited),
        }
    };
    match waited {
        Some(Ok(mut results)) => {
            if let Some(masker) = masker {
                mask(&mut results, masker);
            }
            show(args, &results, io)
        }
        Some(Err(error)) => give_up(source, &id, scan, vec![error], io).await,
        None => give_up(source, &id, scan, Vec::new(), io).await,
    }
}

/// Says what it may scan and cost, as far as that is known.
async fn estimate(
    account: &AccountSources,
    groups: &[String],
    span: Span,
    io: &mut Io<'_>,
) -> io::Result<Option<u64>> {
    let listed = account.logs.log_groups().await.map(|answer| answer.value);
    let listed = listed.unwrap_or_default();
    let wanted: Vec<_> = listed.iter().filter(|g| groups.contains(&g.name)).collect();
    let bytes = (wanted.len() == groups.len())
        .then(|| expected_bytes(&wanted, span.from, span.until, span.now))
        .flatten();
    match bytes {
        Some(bytes) => say(
            io.err,
            &format!(
                "this scans about {} at most: {}",
                text::bytes(Some(bytes)),
                dollars(scan_usd(bytes))
            ),
        )?,
        None => say(
            io.err,
            "how much this scans is not known; Logs Insights costs $0.005 a gigabyte",
        )?,
    }
    Ok(bytes)
}

/// Until the query is over; `scan` is what it read so far.
async fn wait(
    source: &dyn InsightsSource,
    id: &str,
    scan: &mut Scan,
) -> Result<QueryResults, SourceError> {
    let mut pace = Pace::default();
    let mut failures = 0;
    loop {
        let turned = match source.query_results(id).await {
            Ok(results) => {
                *scan = results.scan;
                failures = 0;
                if results.state.is_over() {
                    return Ok(results);
                }
                Turned::Lines
            }
            Err(error) => {
                failures += 1;
                if !error.kind.is_transient() || failures >= MOST_FAILURES {
                    return Err(error);
                }
                Turned::Failed(error.kind)
            }
        };
        tokio::time::sleep(pace.after(turned, INTERVAL)).await;
    }
}

/// Stops the query, so that it costs no more.
async fn give_up(
    source: &dyn InsightsSource,
    id: &str,
    scan: Scan,
    mut errors: Vec<SourceError>,
    io: &mut Io<'_>,
) -> io::Result<Exit> {
    let stopped = source.stop_query(id).await;
    let is_stopped = stopped.is_ok();
    errors.extend(stopped.err());
    tell(&errors, io.err)?;
    if is_stopped {
        say(io.err, &format!("the query was stopped; {}", cost(scan)))?;
    }
    Ok(Exit::Partial)
}

fn mask(results: &mut QueryResults, masker: &Masker) {
    for cell in results.rows.iter_mut().flatten().flatten() {
        if let Cow::Owned(masked) = masker.masked(cell) {
            *cell = masked;
        }
    }
}

fn show(args: &LogsArgs, results: &QueryResults, io: &mut Io<'_>) -> io::Result<Exit> {
    let QueryResults { columns, rows, .. } = results;
    if args.json {
        for row in rows {
            let cells = columns
                .iter()
                .cloned()
                .zip(row.iter().cloned().map(Value::from));
            serde_json::to_writer(&mut *io.out, &Map::from_iter(cells))?;
            writeln!(io.out)?;
        }
    } else {
        let mut table = Table::of(columns);
        for row in rows {
            table.row(row.iter().map(|cell| cell.as_deref().unwrap_or_default()));
        }
        table.write(io.out)?;
    }
    io.out.flush()?;
    say(io.err, &cost(results.scan))?;
    let mut partial = Vec::new();
    let shortcoming =
        |what: String| SourceError::new("logs:GetQueryResults", ErrorKind::Missing, what);
    if results.state != QueryState::Complete {
        partial.push(shortcoming(format!("the query {}", results.state.word())));
    }
    if rows.len() >= MOST_ROWS && args.limit.is_none_or(|limit| limit > MOST_ROWS) {
        let error = shortcoming(format!(
            "only {MOST_ROWS} rows are answered, there may be more"
        ));
        partial.push(error.with_hint("ask for a shorter time, or let the query count"));
    }
    tell(&partial, io.err)?;
    Ok(Exit::of_answer(partial.is_empty()))
}

fn cost(scan: Scan) -> String {
    format!(
        "scanned {} in {} records, {} matched: {}",
        text::bytes(Some(scan.bytes_scanned)),
        scan.records_scanned,
        scan.records_matched,
        dollars(scan.usd())
    )
}

/// A tenth of a cent is worth telling from nothing.
fn dollars(usd: f64) -> String {
    if usd > 0.0 && usd < 0.001 {
        "less than $0.001".to_owned()
    } else {
        format!("${usd:.3}")
    }
}

fn say(err: &mut dyn Write, text: &str) -> io::Result<()> {
    writeln!(err, "flightdeck: {}", safe_text::visible_line(text))
}
