//! Logs Insights on the Logs screen: the prompt, an answer, tables, patterns, anomalies.

use flightdeck::domain::insights::{InsightsQuery, QueryState, Scan};
use flightdeck::domain::log::{LogLevel, LogTarget};
use flightdeck::domain::source_error::{ErrorKind, SourceError};
use flightdeck::store::log_ask::LogOrigin;
use flightdeck::store::model::Model;
use flightdeck::store::model::logs::{
    Anomalies, Asked, FormField, Phase, QueryForm, Sheet, SheetColumn, SheetKind, SheetRow,
};
use flightdeck::store::model::nav::{Pane, Popup, Screen};
use flightdeck::store::text_field::TextField;

use super::fixtures::{ago, day, line, tail_of};
use super::render::{text, text_and_styles};

const QUERY: &str = "filter (@logStream like /^pipelines-212-Train-x7\\//) | fields @timestamp, @logStream, @message \
                     | filter @message like /(?i)cuda/ | sort @timestamp desc | limit 1000";

fn logs() -> Model {
    let mut model = day();
    model.nav.screen = Screen::Logs;
    model.nav.focus = Pane::LogLines;
    model
}

fn form() -> QueryForm {
    QueryForm {
        title: "Insights".into(),
        targets: vec![LogTarget::prefixed(
            "/aws/sagemaker/Endpoints/churn-prod",
            "blue/",
        )],
        range: TextField::new("-3h"),
        query: TextField::new(QUERY),
        field: FormField::Query,
        agreed: false,
        unsaid: Vec::new(),
        earlier: None,
        draft: String::new(),
    }
}

fn asking(form: QueryForm) -> Model {
    let mut model = logs();
    model.nav.popups.push(Popup::Query(Box::new(form)));
    model
}

#[test]
fn prompt_80x24() {
    insta::assert_snapshot!(text_and_styles(&asking(form()), (80, 24)));
}

#[test]
fn prompt_120x40_agreed_with_the_cursor_in_the_middle() {
    let mut form = form();
    form.agreed = true;
    form.unsaid = vec!["Logs Insights does not know \\p in /\\p{L}/".into()];
    for _ in 0..30 {
        form.query.left();
    }
    insta::assert_snapshot!(text_and_styles(&asking(form), (120, 40)));
}

#[test]
fn prompt_past_the_cap_of_a_group_whose_size_is_known() {
    let mut form = form();
    form.range = TextField::new("-30d");
    form.field = FormField::Range;
    let mut model = asking(form);
    model.account.usage.left_usd = 0.001;
    let text = text(&model, (80, 24));
    assert!(
        text.contains("more than the cap leaves today ($0.00)"),
        "{text}"
    );
    assert!(!text.contains("asks it"), "{text}");
}

#[test]
fn prompt_of_what_is_not_known() {
    let mut form = form();
    form.targets = vec![LogTarget::group("/a"), LogTarget::group("/b")];
    form.range = TextField::new("when it broke");
    form.query = TextField::new("");
    let shown = text(&asking(form.clone()), (80, 24));
    assert!(shown.contains("type -3h"), "{shown}");
    form.range = TextField::new("-1h");
    let shown = text(&asking(form), (80, 24));
    assert!(
        shown.contains("2 log groups") && shown.contains("is not known: $0.005 a gigabyte"),
        "{shown}"
    );
}

#[test]
fn a_long_query_shows_where_one_types() {
    let mut form = form();
    form.query = TextField::new(format!(
        "{} | limit 77",
        "filter @message like /x/ | ".repeat(60)
    ));
    let shown = text(&asking(form), (80, 24));
    assert!(shown.contains("limit 77"), "{shown}");
}

fn asked(phase: Phase) -> Asked {
    Asked {
        number: 2,
        title: "Insights".into(),
        query: InsightsQuery {
            groups: vec!["/aws/sagemaker/TrainingJobs".into()],
            from: ago(10_800),
            until: ago(0),
            text: QUERY.into(),
            limit: None,
            expected_bytes: None,
        },
        targets: vec![LogTarget::group("/aws/sagemaker/TrainingJobs")],
        range: "-3h".into(),
        phase,
        began: ago(14),
        ended: None,
        scan: Scan {
            records_matched: 1_204,
            records_scanned: 1_203_322,
            bytes_scanned: 2_300_000_000,
        },
        rows: 2,
        trouble: None,
        behind: None,
    }
}

fn answered(phase: Phase) -> Model {
    let mut model = logs();
    let mut tail = tail_of([
        line(9000, "job/algo-1", "epoch=1 CUDA cache cleared"),
        line(
            5000,
            "job/algo-2",
            "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 23.10 GiB",
        ),
    ]);
    tail.origin = LogOrigin::Answer;
    tail.title = "Insights".into();
    tail.session = 2;
    model.logs.tail = Some(tail);
    model.logs.asked = Some(Box::new(asked(phase)));
    model
}

fn without_lines(mut model: Model) -> Model {
    let tail = model.logs.tail.as_mut().unwrap();
    tail.window.lines.clear();
    tail.progress.lines = 0;
    if let Some(asked) = &mut model.logs.asked {
        asked.rows = 0;
    }
    model
}

#[test]
fn answer_80x24_while_it_runs() {
    let model = answered(Phase::Running(QueryState::Running));
    insta::assert_snapshot!(text_and_styles(&model, (80, 24)));
}

#[test]
fn answer_120x40_done() {
    let mut model = answered(Phase::Over(QueryState::Complete));
    model.logs.asked.as_mut().unwrap().ended = Some(ago(2));
    insta::assert_snapshot!(text_and_styles(&model, (120, 40)));
}

#[test]
fn each_state_of_a_query_has_its_words() {
    let error = |kind| {
        SourceError::new("logs:StartQuery", kind, "what happened").with_hint("what to do about it")
    };
    for (phase, words) in [
        (Phase::Starting, "asking 14s"),
        (Phase::Running(QueryState::Scheduled), "waits 14s"),
        (
            Phase::Running(QueryState::Unknown("Paused".into())),
            "Paused 14s",
        ),
        (Phase::Stopping, "stopping 14s"),
        (Phase::Over(QueryState::Complete), "No record matches"),
        (
            Phase::Over(QueryState::Cancelled),
            "stopped after 14s: not all was read",
        ),
        (
            Phase::Over(QueryState::Timeout),
            "ran out of time after 14s: ask for less",
        ),
        (Phase::Over(QueryState::Failed), "failed after 14s"),
        (
            Phase::Failed(error(ErrorKind::Malformed)),
            "mends the query",
        ),
        (
            Phase::Failed(error(ErrorKind::Denied)),
            "what to do about it",
        ),
        (
            Phase::Failed(error(ErrorKind::OverBudget)),
            "asks for a shorter time",
        ),
        (Phase::Failed(error(ErrorKind::Throttled)), "asks again"),
    ] {
        let shown = text(&without_lines(answered(phase)), (100, 20));
        assert!(shown.contains(words), "{words} in\n{shown}");
    }
    // What had come stays beside the reason.
    let mut model = answered(Phase::Failed(error(ErrorKind::OverBudget)));
    let shown = text(&model, (100, 20));
    assert!(
        shown.contains("CUDA cache cleared")
            && shown.contains("over budget: what happened; what to do"),
        "{shown}"
    );
    let asked = model.logs.asked.as_mut().unwrap();
    asked.phase = Phase::Running(QueryState::Running);
    asked.trouble = Some(error(ErrorKind::Expired));
    let shown = text(&model, (100, 20));
    assert!(shown.contains("expired: what happened"), "{shown}");
}

fn sheet(kind: SheetKind, columns: &[(&str, bool)], rows: &[&[&str]]) -> Sheet {
    let columns = columns.iter().map(|(title, right)| SheetColumn {
        title: (*title).into(),
        right: *right,
    });
    let mut sheet = Sheet::new(kind, columns.collect());
    let row = |cells: &&[&str]| SheetRow {
        id: cells.join(" "),
        cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
        level: cells.contains(&"error").then_some(LogLevel::Error),
        detail: Vec::new(),
        lines: None,
    };
    sheet.fill(rows.iter().map(row).collect());
    sheet
}

#[test]
fn figures_80x24() {
    let mut model = answered(Phase::Over(QueryState::Complete));
    model.logs.asked.as_mut().unwrap().title = "errors over time".into();
    model.logs.sheets.push(sheet(
        SheetKind::Answer,
        &[("time UTC", false), ("host", false), ("errors", true)],
        &[
            &["2026-11-22 13:00:00", "algo-1", "7"],
            &["2026-11-22 13:15:00", "検証-2", "1204"],
            &[
                "2026-11-22 13:30:00",
                "a host with a name that is longer than any column",
                "0",
            ],
            &["2026-11-22 13:45:00", "\x1b[2Jevil", ""],
        ],
    ));
    insta::assert_snapshot!(text_and_styles(&model, (80, 24)));
}

fn patterns(done: bool) -> Model {
    let mut model = logs();
    let kind = SheetKind::Patterns {
        generation: 1,
        lines: 1_204_000,
        others: 12,
        done,
    };
    let mut sheet = sheet(
        kind,
        &[
            ("count", true),
            ("share", true),
            ("level", false),
            ("pattern", false),
        ],
        &[
            &[
                "1,203,000",
                "99.9 %",
                "info",
                "INFO train.loop epoch=<*> step=<*> loss=<*> lr=<*> gpu_mem=<*> throughput=<*> samples/s",
            ],
            &[
                "988",
                "< 0.1 %",
                "error",
                "ERROR CUDA out of memory. Tried to allocate <*> GiB password=hunter22",
            ],
        ],
    );
    sheet.cursor = 1;
    sheet.rows[1].detail = vec![
        "for one: ERROR CUDA out of memory. Tried to allocate 23.10 GiB password=hunter22".into(),
    ];
    model.logs.sheets.push(sheet);
    model
}

#[test]
fn patterns_80x24() {
    let shown = text_and_styles(&patterns(true), (80, 24));
    assert!(!shown.contains("hunter22"), "{shown}");
    insta::assert_snapshot!(shown);
}

#[test]
fn patterns_120x40_while_they_are_counted() {
    insta::assert_snapshot!(text(&patterns(false), (120, 40)));
}

#[test]
fn anomalies_have_their_states() {
    let with = |known: Anomalies, rows: &[&[&str]]| {
        let mut model = logs();
        let columns = ["priority", "state", "last seen", "pattern", "group"].map(|c| (c, false));
        model
            .logs
            .sheets
            .push(sheet(SheetKind::Anomalies(known), &columns, rows));
        model
    };
    let known = || Anomalies::Known {
        missing: Vec::new(),
    };
    let shown = text(&with(Anomalies::Loading, &[]), (100, 16));
    assert!(shown.contains("loading"), "{shown}");
    let shown = text(&with(known(), &[]), (100, 16));
    assert!(shown.contains("create-log-anomaly-detector"), "{shown}");
    let denied = SourceError::new(
        "logs:ListAnomalies",
        ErrorKind::Denied,
        "not allowed to call logs:ListAnomalies",
    )
    .with_hint("grant logs:ListAnomalies");
    let shown = text(&with(Anomalies::Failed(denied), &[]), (100, 16));
    assert!(
        shown.contains("grant logs:ListAnomalies") && shown.contains("asks again"),
        "{shown}"
    );
    let rows: &[&[&str]] = &[&[
        "high",
        "active",
        "Nov 22 13:58",
        "KeyError: '<*>'",
        "/aws/sagemaker/Endpoints/churn-prod",
    ]];
    insta::assert_snapshot!(text(&with(known(), rows), (120, 20)));
}

#[test]
fn any_size_is_drawn() {
    for model in [
        asking(form()),
        answered(Phase::Running(QueryState::Running)),
        patterns(true),
    ] {
        for size in [(24, 5), (30, 6), (39, 8), (60, 9), (200, 60)] {
            text(&model, size);
        }
    }
}
