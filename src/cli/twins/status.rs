//! `flightdeck status`

mod counts;

use std::io;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::cli::args::StatusArgs;
use crate::cli::envelope::to_millis;
use crate::cli::exit::Exit;
use crate::cli::table::Table;
use crate::domain::source_error::SourceError;
use crate::findings::{Finding, Severity, Subject};
use crate::store::model::nav::Screen;

use super::ask::{self, Got};
use super::everything::Everything;
use super::print::{Answered, tell};
use super::{Desk, Io, costs, finish};

/// One line for each screen; with `--check`, code 4 when something is critical.
pub async fn status(args: &StatusArgs, desk: &Desk<'_>, io: &mut Io<'_>) -> Exit {
    let result = run(args, desk, io).await;
    finish(result, io)
}

async fn run(args: &StatusArgs, desk: &Desk<'_>, io: &mut Io<'_>) -> io::Result<Exit> {
    let rest = async {
        let Ok(account) = ask::account(desk.sources) else {
            return (Got::nothing(), Got::nothing(), Got::nothing());
        };
        let (month, groups, images) = tokio::join!(
            account.costs.month_to_date(costs::today(desk), false),
            account.logs.log_groups(),
            account.registry.images(),
        );
        (Got::from(month), Got::from(groups), Got::from(images))
    };
    let (known, (month, groups, images)) = tokio::join!(Everything::gather(desk), rest);
    let findings = known.findings(desk);
    let mut partial = known.missing();
    for missing in [&month.missing, &groups.missing, &images.missing] {
        partial.extend(missing.iter().cloned());
    }
    let account = known.account.as_slice();
    let by_screen: [Row<'_>; 6] = [
        (
            Screen::Deck,
            counts::deck(&findings),
            vec![&known.identity.missing],
            true,
        ),
        (
            Screen::Runs,
            counts::runs(known.runs.value.as_deref(), &super::runs::recent(desk)),
            vec![&known.runs.missing],
            known.runs.value.is_some(),
        ),
        (
            Screen::Endpoints,
            counts::endpoints(known.endpoints.value.as_ref()),
            vec![&known.endpoints.missing],
            known.endpoints.value.is_some(),
        ),
        (
            Screen::Logs,
            counts::logs(groups.value.as_deref()),
            vec![&groups.missing],
            groups.value.is_some(),
        ),
        (
            Screen::Costs,
            counts::costs(month.value.as_ref(), known.budgets.value.as_deref()),
            vec![&month.missing, &known.budgets.missing],
            month.value.is_some() || known.budgets.value.is_some(),
        ),
        (
            Screen::Versions,
            counts::versions(
                known.repository.value.as_ref(),
                known.models.value.as_deref(),
                images.value.as_deref(),
            ),
            vec![
                &known.repository.missing,
                &known.models.missing,
                &images.missing,
            ],
            known.repository.value.is_some()
                || known.models.value.is_some()
                || images.value.is_some(),
        ),
    ];
    let as_of = to_millis(desk.clock.now());
    let items = by_screen
        .into_iter()
        .map(|(screen, counts, mut missing, has_data)| {
            if screen != Screen::Deck {
                missing.push(account);
            }
            let whole = missing.iter().all(|errors| errors.is_empty());
            // The Deck is about all of them.
            let mut own = findings
                .iter()
                .filter(|f| screen == Screen::Deck || screen_of(f) == screen);
            let worst = own.next();
            StatusItem {
                screen: screen.title().to_lowercase(),
                state: match worst.map(|f| f.severity) {
                    Some(Severity::Critical) => "critical",
                    Some(Severity::Warning) => "warning",
                    _ if !has_data => "unknown",
                    _ => "ok",
                },
                counts,
                findings: usize::from(worst.is_some()) + own.count(),
                worst: worst.cloned(),
                freshness: match (whole, has_data) {
                    (true, _) => "fresh",
                    (false, true) => "partial",
                    (false, false) => "failed",
                },
                as_of,
            }
        })
        .collect();
    let answered = Answered {
        schema: "flightdeck.status/1",
        items,
        partial,
        identity: known.identity.value,
    };
    let exit = answered.print(args.json, desk, io, |items, out| table(items).write(out))?;
    tell(&known.no_repository, io.err)?;
    let is_critical = findings.iter().any(|f| f.severity == Severity::Critical);
    Ok(if args.check && is_critical {
        Exit::No
    } else {
        exit
    })
}

/// A screen, its figures, what is missing of them, and whether there is anything at all.
type Row<'a> = (Screen, Map<String, Value>, Vec<&'a [SourceError]>, bool);

/// Where a finding is looked into.
fn screen_of(finding: &Finding) -> Screen {
    match &finding.subject {
        Subject::Run { .. } => Screen::Runs,
        Subject::Endpoint { .. } | Subject::Alarm { .. } => Screen::Endpoints,
        Subject::Budget { .. } | Subject::Costs => Screen::Costs,
        Subject::Credentials => Screen::Deck,
        Subject::Data { .. } | Subject::Repository | Subject::ModelVersion { .. } => {
            Screen::Versions
        }
    }
}

#[derive(Debug, Serialize)]
struct StatusItem {
    screen: String,
    /// `ok`, `warning`, `critical`, `unknown`.
    state: &'static str,
    counts: Map<String, Value>,
    findings: usize,
    worst: Option<Finding>,
    /// `fresh`, `partial`, `failed`.
    freshness: &'static str,
    as_of: Timestamp,
}

fn table(items: &[StatusItem]) -> Table {
    let mut table = Table::new(&["screen", "state", "counts", "worst"]);
    for item in items {
        let counts: Vec<String> = item
            .counts
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| match value {
                Value::String(text) => format!("{name} {text}"),
                Value::Number(n) if n.is_f64() => {
                    format!("{name} {:.2}", n.as_f64().unwrap_or_default())
                }
                other => format!("{name} {other}"),
            })
            .collect();
        let state = match item.freshness {
            "fresh" => item.state.to_owned(),
            freshness => format!("{} ({freshness})", item.state),
        };
        table.row([
            item.screen.clone(),
            state,
            counts.join(", ").replace('_', " "),
            item.worst
                .as_ref()
                .map(|f| format!("{}: {}", f.name, f.reason))
                .unwrap_or_default(),
        ]);
    }
    table
}
