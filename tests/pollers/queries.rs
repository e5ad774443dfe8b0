//! Queries of Logs Insights on paused time: how they are looked at, stopped, and given up.

use flightdeck::domain::insights::{InsightsQuery, QueryResults, QueryState, Scan};
use flightdeck::domain::source_error::SourceError;
use flightdeck::store::query_news::{NewRows, QueryNews};

use super::*;

fn query() -> Box<InsightsQuery> {
    Box::new(InsightsQuery {
        groups: vec!["g".into()],
        from: at(0),
        until: at(60),
        text: "fields @timestamp, @message".into(),
        limit: None,
        expected_bytes: Some(1),
    })
}

/// An answer in this state, with one line for each message.
fn answer(
    state: QueryState,
    messages: &[&str],
) -> flightdeck::domain::source_error::Answer<QueryResults> {
    let columns = ["@timestamp", "@message"].map(str::to_owned);
    let row = |message: &&str| {
        let cells = ["2026-11-22 13:00:00.000", message];
        cells.map(|cell| Some(cell.to_owned())).to_vec()
    };
    whole(QueryResults {
        state,
        columns: columns.to_vec(),
        rows: messages.iter().map(row).collect(),
        scan: Scan {
            records_matched: messages.len() as u64,
            records_scanned: 10,
            bytes_scanned: 100,
        },
    })
}

/// What was told, in short.
fn told(data: &[Data]) -> Vec<String> {
    let news = data.iter().filter_map(|data| match data {
        Data::Query { number: 1, news } => Some(news),
        Data::Query { number, .. } => panic!("news of query {number}"),
        _ => None,
    });
    let short = news.map(|news| match news {
        QueryNews::Started => "started".to_owned(),
        QueryNews::Progress { state, rows, .. } => match rows {
            NewRows::None => format!("{state:?}"),
            NewRows::Lines { lines, anew } => {
                let texts: Vec<&str> = lines.iter().map(|line| line.message.as_str()).collect();
                let anew = if *anew { " anew" } else { "" };
                format!("{state:?} {}{anew}", texts.join(" "))
            }
            NewRows::Table { rows, .. } => format!("{state:?} {} rows", rows.len()),
        },
        QueryNews::Trouble(error) => format!("trouble {}", error.kind.word()),
        QueryNews::Failed(error) => format!("failed {}", error.kind.word()),
    });
    short.collect()
}

fn asked(sources: Arc<Scripted>) -> Bench {
    let bench = Bench::start(sources);
    bench.pollers.start_query(1, query());
    bench
}

#[tokio::test(start_paused = true)]
async fn it_is_looked_at_every_second_until_it_is_over() {
    let sources = Scripted::new();
    sources.queries.then(whole("q".into()));
    sources
        .results
        .then(answer(QueryState::Scheduled, &[]))
        .then(answer(QueryState::Running, &["a"]))
        .then(answer(QueryState::Running, &["a", "b"]))
        .then(answer(QueryState::Complete, &["b", "c"]));
    let mut bench = asked(sources);
    let data = bench.pass(30).await;
    assert_eq!(
        told(&data),
        [
            "started",
            "Scheduled",
            "Running a",
            "Running b",
            "Complete b c anew"
        ]
    );
    assert_eq!(bench.sources.asked_at("results q"), [0, 1, 2, 3]);
    assert!(bench.sources.asked_at("stop q").is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_throttle_makes_it_look_less_often_and_costs_no_rows() {
    let sources = Scripted::new();
    sources.queries.then(whole("q".into()));
    sources
        .results
        .then(failed(ErrorKind::Throttled))
        .then(failed(ErrorKind::Throttled))
        .then(answer(QueryState::Complete, &["a"]));
    let mut bench = asked(sources);
    let data = bench.pass(60).await;
    assert_eq!(
        told(&data),
        [
            "started",
            "trouble throttled",
            "trouble throttled",
            "Complete a"
        ]
    );
    let looks = bench.sources.asked_at("results q");
    assert!(looks[2] - looks[1] > looks[1] - looks[0], "{looks:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stop_takes_what_has_come_by_then() {
    let sources = Scripted::new();
    sources.queries.then(whole("q".into()));
    sources
        .stops
        .then(failed(ErrorKind::Denied))
        .then(whole(()));
    sources
        .results
        .then(answer(QueryState::Running, &["a"]))
        .then(answer(QueryState::Running, &["a"]))
        .then(answer(QueryState::Running, &["a", "b"]))
        .then(answer(QueryState::Cancelled, &["a", "b", "c"]));
    let mut bench = asked(sources);
    let mut data = bench.pass(1).await;
    // Not allowed: it goes on, and that is said.
    bench.pollers.stop_query(1);
    data.extend(bench.pass(2).await);
    bench.pollers.stop_query(1);
    data.extend(bench.pass(30).await);
    assert_eq!(told(&data)[..3], ["started", "Running a", "trouble denied"]);
    assert_eq!(told(&data).last().unwrap(), "Cancelled c");
    assert_eq!(bench.sources.asked_at("stop q").len(), 2);
    let looks = bench.sources.asked_at("results q").len();
    bench.pass(60).await;
    assert_eq!(bench.sources.asked_at("results q").len(), looks);
}

#[tokio::test(start_paused = true)]
async fn past_the_cap_it_is_stopped_and_what_is_paid_for_is_shown() {
    let sources = Scripted::new();
    sources.queries.then(whole("q".into()));
    sources.stops.then(whole(()));
    sources
        .results
        .then(failed(ErrorKind::OverBudget))
        .then(answer(QueryState::Cancelled, &["a"]));
    let mut bench = asked(sources);
    let data = bench.pass(30).await;
    assert_eq!(
        told(&data),
        ["started", "Cancelled a", "failed over budget"]
    );
    assert_eq!(bench.sources.asked_at("stop q").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_looked_at_does_not_run_on() {
    let sources = Scripted::new();
    sources.queries.then(whole("q".into()));
    sources.results.then(failed(ErrorKind::Denied));
    sources.stops.then(failed(ErrorKind::Denied));
    let mut bench = asked(sources);
    let data = bench.pass(30).await;
    assert_eq!(told(&data), ["started", "failed denied"]);
    let Some(Data::Query {
        news: QueryNews::Failed(error),
        ..
    }) = data.iter().rfind(|data| matches!(data, Data::Query { .. }))
    else {
        panic!("{data:?}");
    };
    assert!(
        error
            .hint
            .as_ref()
            .unwrap()
            .contains("could not be stopped"),
        "{error:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_expired_session_waits_for_somebody_to_renew_it() {
    let sources = Scripted::new();
    sources.queries.then(whole("q".into()));
    for _ in 0..12 {
        sources.results.then(failed(ErrorKind::Expired));
    }
    sources.results.then(answer(QueryState::Complete, &["a"]));
    let mut bench = asked(sources);
    let data = bench.pass(300).await;
    assert_eq!(told(&data).last().unwrap(), "Complete a");
    assert!(bench.sources.asked_at("stop q").is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_is_told_and_not_looked_at() {
    let sources = Scripted::new();
    let malformed = SourceError::new("logs:StartQuery", ErrorKind::Malformed, "unexpected |");
    sources.queries.then(Err(malformed));
    let mut bench = asked(sources);
    let data = bench.pass(30).await;
    assert_eq!(told(&data), ["failed malformed"]);
    assert!(bench.sources.asked_at("results q").is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_end_of_the_program_stops_what_runs() {
    let sources = Scripted::new();
    sources.queries.then(whole("q".into()));
    sources.stops.then(whole(()));
    sources.results.then(answer(QueryState::Running, &["a"]));
    let mut bench = asked(sources);
    bench.pass(2).await;
    let Bench {
        sources,
        pollers,
        messages,
    } = bench;
    drop(messages);
    pollers.finish().await;
    assert_eq!(sources.asked_at("stop q").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn saved_queries_and_anomalies_are_asked_for_when_wanted() {
    let sources = Scripted::new();
    sources.saved.then(whole(Vec::new()));
    sources.anomalies.then(failed(ErrorKind::Denied));
    let mut bench = Bench::start(sources);
    assert!(
        bench
            .pass(60)
            .await
            .iter()
            .all(|d| !matches!(d, Data::SavedQueries(_) | Data::Anomalies(_)))
    );
    bench.pollers.load_saved_queries();
    bench.pollers.load_anomalies();
    let data = bench.pass(1).await;
    assert!(data.iter().any(|d| matches!(d, Data::SavedQueries(Ok(_)))));
    assert!(data.iter().any(|d| matches!(d, Data::Anomalies(Err(_)))));
}
