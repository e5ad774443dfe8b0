//! `logs` of a run and of an endpoint, and queries of Logs Insights.

use flightdeck::cli::Exit;
use flightdeck::cli::args::TwinCommand;
use flightdeck::cli::logs::logs;
use flightdeck::cli::twins::{Desk, Io};
use flightdeck::domain::clock::FixedClock;
use flightdeck::domain::insights::QueryState;
use flightdeck::domain::log::LogTarget;
use flightdeck::domain::source_error::{ErrorKind, SourceError};
use flightdeck::findings::rules::Thresholds;
use flightdeck::lineage::Rules;
use flightdeck::logs::mask::Masker;
use jiff::SignedDuration;

use super::account::{line, team};
use super::fake::Fake;
use super::{ask, at, command, now};

/// The pipeline's run is described only when asked for; its step's job writes two lines.
fn with_run() -> Fake {
    let mut team = team();
    let described = team.details.get_mut("churn-train #212").unwrap();
    described.steps[1].logs = vec![LogTarget::prefixed("jobs", "train-x7/")];
    let written = at("2026-11-22T12:55:00Z");
    for (n, stream) in ["train-x7/algo-1", "train-x77/algo-1", "train-x7/algo-2"]
        .iter()
        .enumerate()
    {
        let id = 100 + u32::try_from(n).unwrap();
        team.lines.push(line("jobs", stream, written, stream, id));
    }
    team
}

#[tokio::test]
async fn the_streams_of_a_run_by_its_name_id_or_arn() {
    let team = with_run();
    let run = &team.runs[0];
    for name in [run.name.as_str(), &run.id, &run.arn] {
        let args = TwinCommand::Logs(flightdeck::cli::args::LogsArgs {
            run: Some(name.to_owned()),
            ..Default::default()
        });
        let got = answered(&args, &team, std::future::pending()).await;
        assert_eq!(got.0, Exit::Fine, "{}", got.2);
        // More than an hour ago: a run is read from its start.
        let streams: Vec<&str> = got
            .1
            .lines()
            .map(|l| l.split(' ').nth(1).unwrap())
            .collect();
        assert_eq!(streams, ["train-x7/algo-1", "train-x7/algo-2"], "{name}");
    }
    let got = ask("logs --run nobody", &team.sources()).await;
    assert_eq!((got.exit, got.out.as_str()), (Exit::Partial, ""));
    assert!(got.err.contains("there is no run nobody"), "{}", got.err);
    let got = ask("logs --run etl-jr_1", &team.sources()).await;
    assert!(got.err.contains("has no log streams"), "{}", got.err);
}

async fn answered(
    args: &TwinCommand,
    team: &Fake,
    stop: impl Future<Output = ()>,
) -> (Exit, String, String) {
    let TwinCommand::Logs(args) = args else {
        panic!("logs");
    };
    let sources = team.sources();
    let desk = Desk {
        sources: &sources,
        clock: &FixedClock(now()),
        thresholds: &Thresholds::default(),
        masker: &Masker::default(),
        lineage: &Rules::default(),
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io {
        out: &mut out,
        err: &mut err,
    };
    let exit = logs(args, &desk, &mut io, stop).await;
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (exit, text(out), text(err))
}

#[tokio::test]
async fn the_streams_of_an_endpoint_and_of_a_variant() {
    let mut team = team();
    for (stream, id) in [("blue/i-1", 1), ("green/i-2", 2)] {
        let written = now() - SignedDuration::from_mins(i64::from(id));
        team.lines.push(line(
            "/aws/sagemaker/Endpoints/churn-prod",
            stream,
            written,
            "x",
            200 + id,
        ));
    }
    for (asked, count) in [("churn-prod", 2), ("churn-prod/green", 1), ("other", 0)] {
        let got = ask(&format!("logs --endpoint {asked}"), &team.sources()).await;
        assert_eq!(
            (got.exit, got.out.lines().count()),
            (Exit::Fine, count),
            "{asked}"
        );
    }
}

#[tokio::test]
async fn nothing_after_until() {
    let got = ask("logs g1 --until 4m", &team().sources()).await;
    assert_eq!(got.out.lines().count(), 1, "{}", got.out);
}

#[tokio::test]
async fn a_file_is_not_taken_for_a_group() {
    let file = tempfile::NamedTempFile::new().unwrap();
    for argument in [file.path().to_str().unwrap(), "-"] {
        let team = team();
        let got = ask(&format!("logs {argument}"), &team.sources()).await;
        assert_eq!((got.exit, got.out.as_str()), (Exit::Usage, ""));
        assert!(team.asked.lock().unwrap().is_empty(), "nobody is asked");
    }
}

const QUERY: &str = "logs /aws/sagemaker/TrainingJobs --insights pattern";

#[tokio::test(start_paused = true)]
async fn a_query_with_its_price_before_and_after() {
    let team = team();
    let got = ask(&format!("{QUERY} --json"), &team.sources()).await;
    assert_eq!(got.exit, Exit::Fine, "{}", got.err);
    assert_eq!(
        got.out,
        "{\"@timestamp\":\"2026-11-22 13:57:07.500\",\"n\":\"12\"}\n\
         {\"@timestamp\":\"2026-11-22 13:58:07.500\",\"n\":null}\n"
    );
    assert_eq!(
        got.err,
        "flightdeck: this scans about 1 B at most: less than $0.001\n\
         flightdeck: scanned 3.2 GB in 40 records, 2 matched: $0.015\n"
    );
    assert_eq!(team.asked("query pattern of /aws/sagemaker/TrainingJobs from 2026-11-22T13:02:07.5Z for Some(1) bytes"), 1);
    assert_eq!(team.asked("results"), 2, "asked until it was complete");
    let table = ask(QUERY, &team.sources()).await.out;
    assert!(table.starts_with("@TIMESTAMP"), "{table}");
    assert_eq!(table.lines().count(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_query_that_fails_is_told_and_stopped() {
    let mut team = team();
    team.results.state = QueryState::Timeout;
    let got = ask(QUERY, &team.sources()).await;
    assert_eq!((got.exit, got.out.lines().count()), (Exit::Partial, 3));
    assert!(got.err.contains("the query ran out of time"), "{}", got.err);

    let malformed = SourceError::new(
        "logs:StartQuery",
        ErrorKind::Malformed,
        "MalformedQueryException: unexpected symbol",
    );
    team.fail("query", malformed);
    let got = ask(QUERY, &team.sources()).await;
    assert_eq!((got.exit, got.out.as_str()), (Exit::Usage, ""));

    team.failing.clear();
    team.fail(
        "results",
        SourceError::new(
            "logs:GetQueryResults",
            ErrorKind::OverBudget,
            "the daily cap is reached",
        ),
    );
    let got = ask(QUERY, &team.sources()).await;
    assert_eq!((got.exit, team.asked("stop pattern")), (Exit::Partial, 1));
    assert!(got.err.contains("the query was stopped"), "{}", got.err);
}

#[tokio::test(start_paused = true)]
async fn an_interrupt_stops_the_query_at_aws() {
    let team = team();
    let args = command(QUERY);
    let soon = tokio::time::sleep(std::time::Duration::from_millis(500));
    let (exit, out, err) = answered(&args, &team, soon).await;
    assert_eq!((exit, out.as_str()), (Exit::Partial, ""));
    assert_eq!(team.asked("stop pattern"), 1);
    assert!(
        err.contains("the query was stopped; scanned 3.2 GB"),
        "{err}"
    );
}
