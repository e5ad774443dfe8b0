//! `flightdeck runs`

use std::io;

use jiff::Timestamp;
use serde::Serialize;

use crate::cli::args::RunsArgs;
use crate::cli::exit::Exit;
use crate::cli::table::Table;
use crate::domain::run::{Run, RunKind, RunStatus, Step};
use crate::findings::reason;

use super::print::Answered;
use super::{Desk, Io, ask, finish, text};

/// Runs of each kind that are read when nobody says how many.
const DEFAULT_LIMIT: usize = 10_000;
/// Failed runs whose cause is fetched without being asked for it.
const CAUSES: usize = 20;

/// Lists runs of all kinds, newest first.
pub async fn runs(args: &RunsArgs, desk: &Desk<'_>, io: &mut Io<'_>) -> Exit {
    let result = run(args, desk, io).await;
    finish(result, io)
}

async fn run(args: &RunsArgs, desk: &Desk<'_>, io: &mut Io<'_>) -> io::Result<Exit> {
    let mut answered = Answered {
        schema: "flightdeck.runs/1",
        items: Vec::new(),
        identity: None,
        partial: Vec::new(),
    };
    let mut runs = Vec::new();
    match ask::account(desk.sources) {
        Ok(account) => {
            let kinds = match args.kind.as_slice() {
                [] => RunKind::ALL.to_vec(),
                kinds => RunKind::ALL
                    .into_iter()
                    .filter(|kind| kinds.contains(kind))
                    .collect(),
            };
            let since = args.since.map(|since| since.at(desk.clock.now()));
            // What the state filters out must not count.
            let limit = match args.limit {
                Some(limit) if args.status.is_empty() => limit,
                _ => DEFAULT_LIMIT,
            };
            let (who, listed) = tokio::join!(
                ask::identity(account),
                ask::runs(account, &kinds, since, limit, args.limit.is_some()),
            );
            answered.identity = who.into_value(&mut answered.partial);
            runs = listed.into_value(&mut answered.partial).unwrap_or_default();
            runs.retain(|run| args.status.is_empty() || args.status.contains(&run.status));
            runs.truncate(args.limit.unwrap_or(usize::MAX));
            let missing = describe(args, desk, account, &mut runs).await;
            answered.partial.extend(missing);
        }
        Err(error) => answered.partial.push(error),
    }
    let now = desk.clock.now();
    answered.items = runs
        .iter()
        .map(|run| RunItem::of(run, now, args.steps))
        .collect();
    answered.print(args.json, desk, io, |items, out| table(items).write(out))
}

async fn describe(
    args: &RunsArgs,
    desk: &Desk<'_>,
    account: &crate::sources::AccountSources,
    runs: &mut [Run],
) -> Vec<crate::domain::source_error::SourceError> {
    if args.steps {
        return ask::describe(account, runs, |_| true, usize::MAX).await;
    }
    if args.describe {
        let wanted = |run: &Run| !run.status.is_terminal() || run.status.is_failure();
        return ask::describe(account, runs, wanted, usize::MAX).await;
    }
    let recent = recent(desk);
    let wanted = |run: &Run| {
        let says_nothing = run.reason.as_deref().is_none_or(reason::is_generic);
        run.status.is_failure() && says_nothing && recent(run)
    };
    ask::describe(account, runs, wanted, CAUSES).await
}

/// Whether a run ended so lately that it is still somebody's trouble.
pub fn recent(desk: &Desk<'_>) -> impl Fn(&Run) -> bool + use<> {
    let now = desk.clock.now().as_second();
    let hours = desk.thresholds.failed_hours;
    move |run| {
        run.ended_at
            .or(run.started_at)
            .is_some_and(|at| now - at.as_second() <= hours.saturating_mul(3600))
    }
}

#[derive(Debug, Serialize)]
struct RunItem<'a> {
    kind: RunKind,
    name: &'a str,
    id: &'a str,
    arn: Option<&'a str>,
    status: &'static str,
    raw_status: &'a str,
    started_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    duration_s: Option<i64>,
    reason: Option<&'a str>,
    parent: Option<&'a str>,
    cost_usd: Option<f64>,
    attempt: u32,
    family: &'a str,
    step: Option<&'a str>,
    commit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<Vec<StepItem<'a>>>,
}

#[derive(Debug, Serialize)]
struct StepItem<'a> {
    name: &'a str,
    kind: &'a str,
    status: &'static str,
    raw_status: &'a str,
    started_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    duration_s: Option<i64>,
    reason: Option<&'a str>,
    resource_arn: Option<&'a str>,
    attempt: u32,
    depends_on: &'a [String],
}

impl<'a> RunItem<'a> {
    fn of(run: &'a Run, now: Timestamp, steps: bool) -> Self {
        Self {
            kind: run.kind,
            name: &run.name,
            id: &run.id,
            arn: Some(run.arn.as_str()).filter(|arn| !arn.is_empty()),
            status: run.status.key(),
            raw_status: &run.raw_status,
            started_at: run.started_at,
            ended_at: run.ended_at,
            duration_s: run.duration_s(now),
            reason: cause(run),
            parent: run.parent.as_deref(),
            cost_usd: run.cost_usd,
            attempt: run.attempt,
            family: &run.family,
            step: run.current_step.as_deref(),
            commit: run.commit.as_deref(),
            steps: steps.then(|| run.steps.iter().map(|s| StepItem::of(s, now)).collect()),
        }
    }
}

/// Why it failed or waits; where the run itself says nothing of worth, the step that failed does.
fn cause(run: &Run) -> Option<&str> {
    let own = run.reason.as_deref();
    let of_step = || run.failed_step()?.reason.as_deref();
    own.filter(|text| !reason::is_generic(text))
        .or_else(of_step)
        .or(own)
}

impl<'a> StepItem<'a> {
    fn of(step: &'a Step, now: Timestamp) -> Self {
        Self {
            name: &step.name,
            kind: &step.kind,
            status: step.status.key(),
            raw_status: &step.raw_status,
            started_at: step.started_at,
            ended_at: step.ended_at,
            duration_s: step.duration_s(now),
            reason: step.reason.as_deref(),
            resource_arn: step.resource_arn.as_deref(),
            attempt: step.attempt,
            depends_on: &step.depends_on,
        }
    }
}

fn table(items: &[RunItem<'_>]) -> Table {
    let mut table = Table::new(&[
        "name", "kind", "state", "started", ">took", ">cost $", "step", "why",
    ]);
    for item in items {
        table.row([
            item.name.to_owned(),
            item.kind.short().to_owned(),
            item.status.replace('_', " "),
            text::time(item.started_at),
            text::seconds(item.duration_s),
            text::amount(item.cost_usd),
            item.step.unwrap_or_default().to_owned(),
            why(item.status, item.reason),
        ]);
        for step in item.steps.iter().flatten() {
            table.row([
                format!("  {}", step.name),
                step.kind.to_lowercase(),
                step.status.replace('_', " "),
                text::time(step.started_at),
                text::seconds(step.duration_s),
                String::new(),
                String::new(),
                why(step.status, step.reason),
            ]);
        }
    }
    table
}

/// What went well needs no reason.
fn why(status: &str, text: Option<&str>) -> String {
    match text {
        Some(text) if status != RunStatus::Succeeded.key() => reason::short(text),
        _ => String::new(),
    }
}
