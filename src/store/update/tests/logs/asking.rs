//! Queries of Logs Insights, patterns and anomalies.

use super::*;

use crate::domain::insights::{InsightsQuery, LogAnomaly, QueryState, SavedQuery, Scan};
use crate::domain::log::{LogGroup, LogLevel};
use crate::domain::usage::ApiUsage;
use crate::logs::told::{Pattern, Patterns, Progress};
use crate::store::log_ask::LogOrigin;
use crate::store::model::logs::{Anomalies, Asked, FormField, Phase, QueryForm, SheetKind};
use crate::store::model::nav::Popup;
use crate::store::query_news::{NewRows, QueryNews};

const GB: i64 = 1 << 30;

impl Bench {
    /// Lines of a job on screen, in a group of 20 GB that began 10 hours ago.
    fn following(&mut self) {
        self.model.account.usage = ApiUsage {
            cap_today_usd: 0.25,
            left_usd: 0.2,
            ..ApiUsage::default()
        };
        let groups = vec![LogGroup {
            name: "/aws/sagemaker/TrainingJobs".into(),
            stored_bytes: Some(20 * GB),
            retention_days: None,
            created_at: Some(t(-36_000)),
        }];
        self.data(Data::LogGroups(Ok(Partial::whole(groups))));
        self.reading();
    }

    fn form(&self) -> &QueryForm {
        match self.model.nav.popups.last() {
            Some(Popup::Query(form)) => form,
            other => panic!("{other:?}"),
        }
    }

    fn asked(&self) -> &Asked {
        self.model.logs.asked.as_ref().unwrap()
    }

    /// The prompt, agreed to, and asked; answers the query and its number.
    fn ask_it(&mut self) -> (u64, InsightsQuery) {
        let effects = self.press(&[Command::AskInsights, Command::Submit, Command::Submit]);
        started(&effects).unwrap()
    }

    fn news(&mut self, news: QueryNews) -> Vec<Effect> {
        let number = self.asked().number;
        self.data(Data::Query { number, news })
    }

    fn rows(&mut self, state: QueryState, rows: NewRows) -> Vec<Effect> {
        let scan = Scan {
            records_matched: 1,
            records_scanned: 2,
            bytes_scanned: 3,
        };
        self.news(QueryNews::Progress { state, scan, rows })
    }

    fn last_notice(&self) -> &str {
        let history = &self.model.notices.history;
        history
            .back()
            .map_or("", |(_, notice)| notice.text.as_str())
    }
}

fn started(effects: &[Effect]) -> Option<(u64, InsightsQuery)> {
    effects.iter().find_map(|effect| match effect {
        Effect::StartQuery { number, query } => Some((*number, (**query).clone())),
        _ => None,
    })
}

fn found(message: &str) -> NewRows {
    NewRows::Lines {
        lines: vec![LogLine {
            group: "g".into(),
            stream: "s".into(),
            at: t(1),
            ingested_at: None,
            message: message.into(),
            event_id: None,
        }],
        anew: false,
    }
}

fn table(columns: &[&str], rows: &[&[&str]]) -> NewRows {
    NewRows::Table {
        columns: columns.iter().map(|c| (*c).to_owned()).collect(),
        rows: rows
            .iter()
            .map(|row| row.iter().map(|cell| Some((*cell).to_owned())).collect())
            .collect(),
    }
}

#[test]
fn the_filters_become_a_query_and_the_price_comes_first() {
    let mut bench = Bench::new();
    bench.following();
    bench.press(&[Command::KeepLines]);
    bench.type_text("cuda");
    bench.press(&[Command::Submit]);
    let effects = bench.press(&[Command::AskInsights]);
    assert_eq!(effects, [Effect::LoadSavedQueries]);
    let form = bench.form();
    assert_eq!(
        form.query.text(),
        "filter (@logStream like /^c\\//) | fields @timestamp, @logStream, @message \
         | filter @message like /(?i)cuda/ | sort @timestamp desc | limit 1000"
    );
    assert_eq!(form.range.text(), "-1h");
    let known = estimate(&bench.model, form).unwrap();
    let scans = known.scans.unwrap();
    assert!(
        (scans.bytes as f64 / GB as f64 - 2.0).abs() < 0.01,
        "a tenth: {scans:?}"
    );
    assert!((scans.usd - 0.01).abs() < 0.001 && !scans.at_most);
    assert!(started(&bench.press(&[Command::Submit])).is_none());
    assert!(bench.form().agreed);
    // Another query is another price.
    bench.type_text("0");
    assert!(!bench.form().agreed);
    assert!(started(&bench.press(&[Command::Submit])).is_none());
    let (number, query) = started(&bench.press(&[Command::Submit])).unwrap();
    assert_eq!(bench.asked().number, number);
    assert!(query.text.ends_with("limit 10000"));
    assert_eq!(query.until.as_second() - query.from.as_second(), 3600);
    assert!(query.expected_bytes.is_some());
    assert_eq!(bench.asked().phase, Phase::Starting);
    assert_eq!(bench.tail().origin, LogOrigin::Answer);
}

#[test]
fn past_the_cap_nothing_is_asked() {
    let mut bench = Bench::new();
    bench.following();
    bench.model.account.usage.left_usd = 0.005;
    bench.press(&[Command::AskInsights]);
    assert!(estimate(&bench.model, bench.form()).unwrap().is_over_cap());
    let effects = bench.press(&[Command::Submit, Command::Submit]);
    assert!(started(&effects).is_none());
    assert!(
        bench.last_notice().contains("cap"),
        "{}",
        bench.last_notice()
    );
    // A shorter time fits.
    bench.press(&[Command::Complete, Command::DeleteAll]);
    bench.type_text("-10m");
    let effects = bench.press(&[Command::Submit, Command::Submit]);
    assert!(started(&effects).is_some());
}

#[test]
fn the_prompt_is_edited_in_the_middle_and_knows_what_was_asked_before() {
    let mut bench = Bench::new();
    bench.following();
    let (_, first) = bench.ask_it();
    bench.press(&[Command::AskInsights, Command::DeleteAll]);
    bench.type_text("stats count()");
    bench.press(&[Command::CursorLeft]);
    bench.type_text("*");
    assert_eq!(bench.form().query.text(), "stats count(*)");
    bench.press(&[Command::EntryUp]);
    assert_eq!(bench.form().query.text(), first.text);
    bench.press(&[Command::EntryUp, Command::EntryDown]);
    assert_eq!(bench.form().query.text(), "stats count(*)");
    bench.press(&[Command::Complete]);
    assert_eq!(bench.form().field, FormField::Range);
    bench.press(&[Command::DeleteAll]);
    bench.type_text("soon");
    bench.press(&[Command::Submit]);
    assert!(
        bench.last_notice().starts_with("type -3h"),
        "{}",
        bench.last_notice()
    );
    bench.press(&[Command::Cancel]);
    assert!(bench.model.nav.popups.is_empty());
}

#[test]
fn what_is_found_is_read_like_any_lines_and_back_leads_to_the_same_place() {
    let mut bench = Bench::new();
    bench.following();
    bench.press(&[Command::Up, Command::Up]);
    let place = bench.cursor();
    let live = bench.tail().session;
    let (number, _) = bench.ask_it();
    bench.news(QueryNews::Started);
    let effects = bench.rows(QueryState::Running, found("oom"));
    assert!(matches!(asks(&effects)[0], LogAsk::Append { lines, .. } if lines[0].message == "oom"));
    assert_eq!(bench.asked().rows, 1);
    bench.press(&[Command::KeepLines]);
    bench.type_text("oom");
    bench.press(&[Command::Submit]);
    // The lines behind it go on.
    let answer = Ok(Partial::whole(vec![]));
    bench.data(Data::LogLines {
        session: live,
        page: LogPage::Newer,
        answer,
        news: TailNews::default(),
    });
    bench.data(Data::LogTold {
        session: live,
        told: Told::Progress(Progress {
            lines: 77,
            ..Progress::default()
        }),
    });
    assert_eq!(bench.tail().progress.lines, 0);
    bench.rows(QueryState::Complete, NewRows::None);
    assert_eq!(bench.asked().phase, Phase::Over(QueryState::Complete));
    // First the filter goes, then the answer.
    bench.press(&[Command::Back]);
    assert!(bench.model.logs.asked.is_some());
    let effects = bench.press(&[Command::Back]);
    assert_eq!(effects, [Effect::CloseLog { session: number }]);
    assert_eq!(bench.cursor(), place);
    assert_eq!(bench.tail().session, live);
    assert_eq!(bench.tail().progress.lines, 77);
    // Late news are nobody's.
    bench.data(Data::Query {
        number,
        news: QueryNews::Started,
    });
    assert!(bench.model.logs.asked.is_none());
}

#[test]
fn a_stop_keeps_what_has_come_and_leaving_stops_too() {
    let mut bench = Bench::new();
    bench.following();
    let (number, _) = bench.ask_it();
    bench.rows(QueryState::Running, found("oom"));
    let effects = bench.press(&[Command::StopQuery]);
    assert_eq!(effects, [Effect::StopQuery { number }]);
    // A look that was on its way does not make it run again.
    bench.rows(QueryState::Running, NewRows::None);
    assert_eq!(bench.asked().phase, Phase::Stopping);
    bench.rows(QueryState::Cancelled, NewRows::None);
    assert_eq!(bench.asked().phase, Phase::Over(QueryState::Cancelled));
    assert_eq!(bench.asked().rows, 1);
    assert!(bench.press(&[Command::StopQuery]).is_empty());
    let (number, _) = bench.ask_it();
    let effects = bench.press(&[Command::Back]);
    assert!(
        effects.contains(&Effect::StopQuery { number }),
        "{effects:?}"
    );
    // Other lines in its place stop it as well.
    let (number, _) = bench.ask_it();
    bench.press(&[Command::GoRuns, Command::Up]);
    let effects = bench.press(&[Command::ShowLogs]);
    assert!(
        effects.contains(&Effect::StopQuery { number }),
        "{effects:?}"
    );
    assert!(bench.model.logs.asked.is_none());
}

#[test]
fn failures_are_states() {
    let mut bench = Bench::new();
    bench.following();
    bench.ask_it();
    let error = |kind| SourceError::new("logs:StartQuery", kind, "no").with_hint("look here");
    bench.news(QueryNews::Trouble(error(ErrorKind::Throttled)));
    assert!(bench.asked().trouble.is_some() && bench.asked().is_running());
    bench.rows(QueryState::Running, NewRows::None);
    assert!(bench.asked().trouble.is_none());
    bench.news(QueryNews::Failed(error(ErrorKind::Malformed)));
    assert!(matches!(&bench.asked().phase, Phase::Failed(e) if e.kind == ErrorKind::Malformed));
    // The same key mends it.
    let text = bench.asked().query.text.clone();
    bench.press(&[Command::AskInsights]);
    assert_eq!(bench.form().query.text(), text);
    // A stop that was refused: it runs on.
    bench.press(&[Command::Submit, Command::Submit, Command::StopQuery]);
    bench.news(QueryNews::Trouble(error(ErrorKind::Denied)));
    assert_eq!(bench.asked().phase, Phase::Running(QueryState::Running));
}

#[test]
fn an_answer_that_changes_while_it_is_found_begins_anew() {
    let mut bench = Bench::new();
    bench.following();
    bench.ask_it();
    bench.rows(QueryState::Running, found("a"));
    let before = bench.tail().session;
    let anew = match found("b") {
        NewRows::Lines { lines, .. } => NewRows::Lines { lines, anew: true },
        other => other,
    };
    let effects = bench.rows(QueryState::Complete, anew);
    let session = bench.tail().session;
    assert!(session > before);
    assert_eq!(effects[0], Effect::CloseLog { session: before });
    assert!(matches!(&effects[1], Effect::OpenLog { session: s, .. } if *s == session));
    assert!(
        matches!(&effects[2], Effect::Log { session: s, ask } if *s == session
        && matches!(&**ask, LogAsk::Append { lines, .. } if lines[0].message == "b"))
    );
    assert_eq!((bench.asked().rows, bench.tail().delivered), (1, 1));
}

#[test]
fn figures_are_a_table() {
    let mut bench = Bench::new();
    bench.following();
    bench.ask_it();
    let rows = table(
        &["time", "errors"],
        &[
            &["2026-11-22 13:00:00.000", "7"],
            &["2026-11-22 13:15:00.000", "12"],
        ],
    );
    bench.rows(QueryState::Complete, rows);
    let sheet = bench.model.logs.sheet().unwrap();
    let heads: Vec<(&str, bool)> = sheet
        .columns
        .iter()
        .map(|c| (c.title.as_str(), c.right))
        .collect();
    assert_eq!(heads, [("time UTC", false), ("errors", true)]);
    assert_eq!(sheet.rows[1].cells, ["2026-11-22 13:15:00", "12"]);
    bench.press(&[Command::Down, Command::Find]);
    assert!(
        bench.last_notice().contains("table"),
        "{}",
        bench.last_notice()
    );
    let copied = bench.press(&[Command::CopyName, Command::CopyArn]);
    let texts: Vec<&str> = copied
        .iter()
        .map(|effect| match effect {
            Effect::Copy { text, .. } => text.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(texts[0], "2026-11-22 13:15:00\t12");
    assert_eq!(texts[1].lines().count(), 3);
    bench.press(&[Command::Open]);
    assert!(bench.last_notice().contains("no lines of its own"));
    bench.press(&[Command::Back]);
    assert!(bench.model.logs.asked.is_none() && bench.model.logs.sheets.is_empty());
}

#[test]
fn patterns_are_counted_here_first_and_asked_of_insights_by_the_same_key() {
    let mut bench = Bench::new();
    bench.following();
    let effects = bench.press(&[Command::Patterns]);
    let LogAsk::Patterns { generation } = *asks(&effects)[0] else {
        panic!("{effects:?}");
    };
    let pattern = |template: &str, count| Pattern {
        template: template.into(),
        count,
        level: Some(LogLevel::Error),
        example: format!("ERROR {template}"),
        filter: "/oom \\S+/".into(),
    };
    let patterns = |generation, shown| {
        Told::Patterns(Patterns {
            generation,
            shown,
            lines: 10,
            others: 1,
            done: true,
        })
    };
    bench.told(patterns(generation - 1, vec![pattern("old", 1)]));
    assert!(bench.model.logs.sheet().unwrap().rows.is_empty());
    bench.told(patterns(
        generation,
        vec![pattern("oom <*>", 6), pattern("x", 3)],
    ));
    let sheet = bench.model.logs.sheet().unwrap();
    assert_eq!(sheet.rows[0].cells, ["6", "60.0 %", "error", "oom <*>"]);
    // Enter goes to its lines.
    let effects = bench.press(&[Command::Open]);
    assert!(bench.model.logs.sheets.is_empty());
    assert_eq!(bench.tail().filters[0].text, "/oom \\S+/");
    assert!(
        asks(&effects)
            .iter()
            .any(|ask| matches!(ask, LogAsk::View { .. }))
    );
    // Once more asks for those of all lines, of the filter.
    bench.press(&[Command::Patterns, Command::Patterns]);
    assert_eq!(
        bench.form().query.text(),
        "filter (@logStream like /^c\\//) | filter @message like /(?i)oom \\S+/ | pattern @message"
    );
    bench.press(&[Command::Submit, Command::Submit]);
    let rows = table(
        &["@pattern", "@ratio", "@sampleCount", "@severityLabel"],
        &[&["ERROR <*> of (x)", "0.25", "1204", "ERROR"]],
    );
    bench.rows(QueryState::Complete, rows);
    let sheet = bench.model.logs.sheet().unwrap();
    assert_eq!(sheet.kind, SheetKind::AnsweredPatterns);
    assert_eq!(
        sheet.rows[0].cells,
        ["1,204", "25.0 %", "error", "ERROR <*> of (x)"]
    );
    bench.press(&[Command::Open]);
    assert!(
        bench
            .form()
            .query
            .text()
            .contains("like /ERROR\\s+.*?\\s+of\\s+\\(x\\)/"),
        "{:?}",
        bench.form()
    );
}

#[test]
fn saved_queries_are_chosen_in_the_palette() {
    let mut bench = Bench::new();
    bench.model.settings.saved_queries = vec![SavedQuery {
        name: "errors".into(),
        query: "my own".into(),
    }];
    bench.following();
    bench.data(Data::SavedQueries(Ok(Partial::whole(vec![SavedQuery {
        name: "of the account".into(),
        query: "theirs".into(),
    }]))));
    let effects = bench.press(&[Command::SavedQueries]);
    assert!(effects.is_empty(), "they are known: {effects:?}");
    bench.type_text("of the account");
    bench.press(&[Command::Submit]);
    assert_eq!(
        bench.form().query.text(),
        "filter (@logStream like /^c\\//) | theirs"
    );
    assert_eq!(bench.form().title, "of the account");
    let all = crate::store::saved_queries::all(&bench.model);
    let errors: Vec<&str> = all
        .iter()
        .filter(|q| q.name == "errors")
        .map(|q| q.query.as_str())
        .collect();
    assert_eq!(errors, ["my own"], "one's own goes first");
}

#[test]
fn anomalies_are_listed_and_lead_to_their_lines() {
    let mut bench = Bench::new();
    bench.following();
    let kind = |bench: &Bench| bench.model.logs.sheet().unwrap().kind.clone();
    let effects = bench.press(&[Command::Anomalies]);
    assert_eq!(effects, [Effect::LoadAnomalies]);
    assert_eq!(kind(&bench), SheetKind::Anomalies(Anomalies::Loading));
    let denied = SourceError::new("logs:ListAnomalies", ErrorKind::Denied, "no");
    bench.data(Data::Anomalies(Err(denied)));
    assert!(matches!(
        kind(&bench),
        SheetKind::Anomalies(Anomalies::Failed(_))
    ));
    bench.press(&[Command::Anomalies]);
    bench.data(Data::Anomalies(Ok(Partial::whole(vec![LogAnomaly {
        id: "a".into(),
        groups: vec!["/aws/lambda/f".into()],
        pattern: "KeyError: <*>".into(),
        description: "50 % more".into(),
        priority: Some("HIGH".into()),
        first_seen: Some(t(-7200)),
        last_seen: Some(t(-3600)),
        is_active: true,
    }]))));
    assert_eq!(bench.model.logs.sheets.len(), 1);
    bench.press(&[Command::Open]);
    let form = bench.form();
    assert_eq!(form.targets, [LogTarget::group("/aws/lambda/f")]);
    assert!(form.query.text().contains("like /KeyError:/"), "{form:?}");
    let range = estimate(&bench.model, form).unwrap();
    assert!(range.scans.is_none(), "its size is not known");
    assert!(range.from <= t(-7200) && range.until >= t(-3600) && range.until < t(0));
    bench.press(&[Command::Cancel, Command::Back]);
    assert!(bench.model.logs.sheets.is_empty());
}

#[test]
fn files_are_not_asked_about_but_have_patterns() {
    let mut bench = Bench::new();
    bench.send(Msg::OpenLog {
        title: "x.log".into(),
        origin: LogOrigin::Files(vec!["x.log".into()]),
    });
    for command in [
        Command::AskInsights,
        Command::SavedQueries,
        Command::Anomalies,
    ] {
        assert!(bench.press(&[command]).is_empty());
        assert!(bench.model.nav.popups.is_empty());
    }
    let effects = bench.press(&[Command::Patterns]);
    assert!(matches!(asks(&effects)[0], LogAsk::Patterns { .. }));
    bench.press(&[Command::Patterns]);
    assert!(
        bench.last_notice().contains("CloudWatch"),
        "{}",
        bench.last_notice()
    );
    let effects = bench.press(&[Command::Back]);
    assert!(matches!(asks(&effects)[0], LogAsk::PatternsNoMore));
    assert!(bench.model.logs.tail.is_some());
}
