//! From a row to its log lines.

mod asking;
mod beside;
mod gaps;

use super::*;

use crate::logs::ask::Anchor;
use crate::logs::key::LineKey;
use crate::logs::told::{Found, Told, Window, WindowLine};
use crate::store::log_ask::LogAsk;
use crate::store::model::logs::Tail;

#[test]
fn drilling_into_logs_and_back_returns_to_the_same_row_filter_and_order() {
    let mut bench = Bench::new();
    bench.press(&[Command::GoRuns]);
    bench.runs(&three_runs());
    bench.press(&[Command::SortNext, Command::SortReverse, Command::Filter]);
    bench.type_text("!status:failed");
    bench.press(&[Command::Submit, Command::Down]);
    let before = (bench.shown_runs(), bench.model.runs.list.clone());
    let effects = bench.press(&[Command::ShowLogs]);
    assert_eq!(bench.model.nav.screen, Screen::Logs);
    assert!(
        effects
            .iter()
            .any(|e| matches!(e, Effect::StartTail { targets, .. }
        if targets[0].prefix.as_deref() == Some("a/"))),
        "{effects:?}"
    );
    bench.press(&[Command::Back]);
    assert_eq!(bench.model.nav.screen, Screen::Runs);
    assert_eq!((bench.shown_runs(), bench.model.runs.list.clone()), before);
}

#[test]
fn logs_of_a_failed_run_open_at_the_first_error_of_the_failed_step() {
    let mut bench = Bench::new();
    let mut failed = run("pipeline", RunStatus::Failed, 10);
    failed.logs.clear();
    failed.steps = vec![
        step("Prepare", RunStatus::Succeeded),
        step("Train", RunStatus::Failed),
    ];
    bench.press(&[Command::GoRuns]);
    bench.runs(&[failed]);
    let effects = bench.press(&[Command::ShowError]);
    assert!(
        effects
            .iter()
            .any(|e| matches!(e, Effect::StartTail { targets, .. }
        if targets == &[LogTarget::prefixed("group", "Train/")])),
        "{effects:?}"
    );
    let session = bench.model.logs.sessions;
    let line = |second: i64, text: &str| LogLine {
        group: "group".into(),
        stream: "Train/algo-1".into(),
        at: t(second),
        ingested_at: None,
        message: text.into(),
        event_id: Some(second.to_string()),
    };
    let effects = bench.data(Data::LogLines {
        session,
        page: LogPage::Newer,
        answer: Ok(Partial::whole(vec![
            line(1, "epoch=1"),
            line(2, "RuntimeError: CUDA out of memory"),
            line(3, "ERROR exiting"),
        ])),
        news: TailNews::default(),
    });
    // The reader gets the lines, then looks for the first error among them.
    let asked = asks(&effects);
    assert!(
        matches!(&asked[0], LogAsk::Append { lines, older: false } if lines.len() == 3),
        "{asked:?}"
    );
    let LogAsk::Find {
        generation,
        from,
        here: true,
        backwards: false,
        ..
    } = asked[1]
    else {
        panic!("{asked:?}");
    };
    assert_eq!(*from, LineKey::FIRST);
    let error = LineKey::before_time(2);
    let found = Told::Found(Found {
        generation: *generation,
        key: error,
        visible: 1,
        wrapped: false,
    });
    let effects = bench.told(found);
    assert!(
        matches!(asks(&effects)[0], LogAsk::Window { anchor: Anchor::Line(key), .. } if *key == error),
        "{effects:?}"
    );
    bench.show(5, Some(2));
    let tail = bench.model.logs.tail.as_ref().unwrap();
    assert_eq!((tail.cursor, tail.follow), (Some(error), false));
}

#[test]
fn logs_of_a_run_not_described_yet_open_when_it_is() {
    let mut bench = Bench::new();
    let mut pipeline = run("p", RunStatus::Stopped, 10);
    pipeline.detailed = false;
    pipeline.logs.clear();
    bench.press(&[Command::GoRuns]);
    bench.runs(&[pipeline.clone()]);
    bench.press(&[Command::ShowLogs]);
    assert_eq!(bench.model.nav.screen, Screen::Runs);
    pipeline.detailed = true;
    pipeline.steps = vec![step("Train", RunStatus::Stopped)];
    let effects = bench.data(Data::RunDetail {
        key: pipeline.key(),
        answer: Ok(Partial::whole(pipeline)),
    });
    assert_eq!(bench.model.nav.screen, Screen::Logs);
    assert!(
        effects
            .iter()
            .any(|e| matches!(e, Effect::StartTail { .. }))
    );
}

#[test]
fn lines_of_an_older_tail_are_dropped() {
    let mut bench = Bench::new();
    bench.press(&[Command::GoRuns]);
    bench.runs(&three_runs());
    bench.press(&[
        Command::ShowLogs,
        Command::Back,
        Command::Down,
        Command::ShowLogs,
    ]);
    let answer = Ok(Partial::whole(vec![LogLine {
        group: "g".into(),
        stream: "s".into(),
        at: t(1),
        ingested_at: None,
        message: "old".into(),
        event_id: None,
    }]));
    bench.data(Data::LogLines {
        session: 1,
        page: LogPage::Newer,
        answer,
        news: TailNews::default(),
    });
    assert_eq!(bench.model.logs.sessions, 2);
    let tail = bench.model.logs.tail.as_ref().unwrap();
    assert!(tail.polled.value().is_none());
    assert_eq!(tail.delivered, 0);
}

/// What the reader is asked.
pub(super) fn asks(effects: &[Effect]) -> Vec<&LogAsk> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Log { ask, .. } => Some(&**ask),
            _ => None,
        })
        .collect()
}

impl Bench {
    pub(super) fn told(&mut self, told: Told) -> Vec<Effect> {
        let session = self.model.logs.sessions;
        self.data(Data::LogTold { session, told })
    }

    /// The reader answers the last window asked for, with so many lines.
    pub(super) fn show(&mut self, count: i64, anchor: Option<usize>) -> Vec<Effect> {
        let lines: Vec<String> = (0..count).map(|at| format!("line {at}")).collect();
        self.show_lines(&lines, anchor)
    }

    /// The same with these lines.
    pub(super) fn show_lines<T: AsRef<str>>(
        &mut self,
        lines: &[T],
        anchor: Option<usize>,
    ) -> Vec<Effect> {
        let tail = self.model.logs.tail.as_ref().unwrap();
        let window = Window {
            generation: tail.window_asked,
            lines: (0..)
                .zip(lines)
                .map(|(at, text)| WindowLine {
                    key: LineKey::before_time(at),
                    number: u64::try_from(at).ok(),
                    visible: u64::try_from(at).ok(),
                    at_ms: Some(at),
                    ingested_ms: None,
                    source: Default::default(),
                    late: false,
                    gap_before: None,
                    text: text.as_ref().into(),
                    bytes: text.as_ref().len() as u64,
                    matched: false,
                })
                .collect(),
            anchor,
            at_start: true,
            at_end: true,
            settled: true,
            ..Window::default()
        };
        self.told(Told::Window(window))
    }

    /// A tail with ten lines on screen, in a pane of four rows.
    pub(super) fn reading(&mut self) {
        self.press(&[Command::GoRuns]);
        self.runs(&three_runs());
        self.press(&[Command::ShowLogs]);
        self.model.nav.heights.insert(Pane::LogLines, 4);
        self.show(10, None);
    }

    pub(super) fn tail(&self) -> &Tail {
        self.model.logs.tail.as_ref().unwrap()
    }

    pub(super) fn cursor(&self) -> (Option<usize>, Option<usize>, bool) {
        let tail = self.tail();
        (tail.top_index(), tail.cursor_index(), tail.follow)
    }
}

#[test]
fn the_cursor_leaves_the_newest_line_and_comes_back_to_follow() {
    let mut bench = Bench::new();
    bench.reading();
    assert_eq!(bench.cursor(), (None, Some(9), true));
    let effects = bench.press(&[Command::Up, Command::Up]);
    assert_eq!(bench.cursor(), (Some(6), Some(7), false));
    // A window that follows would run away from under the cursor.
    assert!(
        asks(&effects).iter().any(|ask| matches!(
            ask,
            LogAsk::Window {
                anchor: Anchor::Line(_),
                ..
            }
        )),
        "{effects:?}"
    );
    bench.show(10, None);
    bench.press(&[Command::PageUp]);
    assert_eq!(bench.cursor().1, Some(4));
    bench.press(&[Command::Down, Command::Down, Command::Down, Command::Down]);
    bench.press(&[Command::Down]);
    assert_eq!(bench.cursor(), (None, Some(9), true));
}

#[test]
fn what_is_typed_is_searched_at_once_and_escape_takes_it_back() {
    let mut bench = Bench::new();
    bench.reading();
    bench.press(&[Command::Find]);
    bench.type_text("li");
    let search = bench.tail().search.as_ref().unwrap();
    assert_eq!((search.text.as_str(), search.matches), ("li", None));
    let generation = search.generation;
    bench.told(Told::Counted {
        generation: generation - 1,
        matches: 99,
        done: true,
    });
    bench.told(Told::Counted {
        generation,
        matches: 10,
        done: true,
    });
    let search = bench.tail().search.as_ref().unwrap();
    assert_eq!(search.matches, Some((10, true)));
    let effects = bench.press(&[Command::Cancel]);
    assert!(bench.tail().search.is_none() && bench.tail().input.is_none());
    assert!(
        asks(&effects)
            .iter()
            .any(|ask| matches!(ask, LogAsk::Search { text: None, .. })),
        "{effects:?}"
    );
}

#[test]
fn filters_lie_over_one_another_and_go_one_by_one() {
    let mut bench = Bench::new();
    bench.reading();
    bench.press(&[Command::KeepLines]);
    bench.type_text("line");
    bench.press(&[Command::Submit, Command::DropLines]);
    bench.type_text("\"open");
    assert!(bench.tail().input.as_ref().unwrap().problem.is_some());
    bench.type_text("\"");
    let effects = bench.press(&[
        Command::Submit,
        Command::ToggleFilters,
        Command::ToggleFilters,
    ]);
    let views: Vec<usize> = asks(&effects)
        .iter()
        .filter_map(|ask| match ask {
            LogAsk::View { filters, .. } => Some(filters.len()),
            _ => None,
        })
        .collect();
    assert_eq!(views, [0, 2]);
    bench.press(&[Command::Back]);
    assert_eq!(bench.tail().filters.len(), 1);
    bench.press(&[Command::Back]);
    assert_eq!(bench.tail().filters.len(), 0);
    assert_eq!(bench.model.nav.screen, Screen::Logs);
}

#[test]
fn a_time_is_gone_to() {
    let mut bench = Bench::new();
    bench.reading();
    bench.press(&[Command::GoToTime]);
    bench.type_text("1970-01-01T00:00:05Z");
    let effects = bench.press(&[Command::Submit]);
    assert!(
        matches!(
            asks(&effects)[0],
            LogAsk::Window {
                anchor: Anchor::AtTime(5000),
                ..
            }
        ),
        "{effects:?}"
    );
}

#[test]
fn the_groups_stand_on_the_one_whose_lines_are_shown() {
    use crate::domain::log::LogGroup;
    let group = |name: &str| LogGroup {
        name: name.into(),
        stored_bytes: None,
        retention_days: None,
        created_at: None,
    };
    let mut bench = Bench::new();
    let groups = vec![group("/aws/first"), group("/aws/sagemaker/TrainingJobs")];
    bench.data(Data::LogGroups(Ok(Partial::whole(groups))));
    bench.press(&[Command::GoRuns]);
    bench.runs(&three_runs());
    bench.press(&[Command::ShowLogs]);
    assert_eq!(
        bench.model.logs.list.selected.as_deref(),
        Some("/aws/sagemaker/TrainingJobs")
    );
}

#[test]
fn what_is_looked_for_before_lines_are_there_is_found_when_they_come() {
    use crate::logs::told::Progress;
    let mut bench = Bench::new();
    bench.press(&[Command::GoRuns]);
    bench.runs(&three_runs());
    bench.press(&[Command::ShowLogs, Command::Find]);
    bench.type_text("cuda");
    bench.press(&[Command::Submit]);
    let generation = bench.tail().generation;
    bench.told(Told::NotFound { generation });
    let now = bench.model.now;
    let notice = bench.model.notices.current(now).unwrap();
    assert!(
        notice.text.starts_with("no lines are here yet"),
        "{notice:?}"
    );
    let progress = |lines| {
        Told::Progress(Progress {
            lines,
            visible: lines,
            done: true,
            ..Progress::default()
        })
    };
    assert_eq!(bench.told(progress(0)), []);
    let effects = bench.told(progress(3));
    assert!(
        matches!(asks(&effects)[0], LogAsk::Find { text, .. } if text == "cuda"),
        "{effects:?}"
    );
    // Once: what is not among them is not looked for again and again.
    let generation = bench.tail().generation;
    bench.told(Told::NotFound { generation });
    assert_eq!(bench.told(progress(4)), []);
    let now = bench.model.now;
    let notice = bench.model.notices.current(now).unwrap();
    assert_eq!(notice.text, "no line matches cuda");
}
