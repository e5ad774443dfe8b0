//! Lines that may be missing, and how they come in after all.

use super::*;

use crate::domain::log::LogGap;
use crate::logs::ask::Gap;
use crate::store::log_ask::LogOrigin;

fn group(name: &str) -> LogTarget {
    LogTarget::group(name)
}

fn shown(second: i64, gap_before: Option<Gap>) -> WindowLine {
    let at_ms = t(second).as_millisecond();
    WindowLine {
        key: LineKey::before_time(at_ms),
        number: None,
        visible: None,
        at_ms: Some(at_ms),
        ingested_ms: None,
        source: Default::default(),
        late: false,
        gap_before,
        text: "x".into(),
        bytes: 1,
        matched: false,
    }
}

/// A tail of two groups with a gap between 10 and 20 s in the first one, right above the cursor.
fn bench() -> Bench {
    let mut bench = Bench::new();
    bench.press(&[Command::GoLogs]);
    let origin = LogOrigin::Targets(vec![group("g"), group("h")]);
    let mut tail = Tail::new(1, "g".into(), origin);
    tail.progress.times = Some((t(1).as_millisecond(), t(30).as_millisecond()));
    tail.window = Window {
        lines: vec![
            shown(9, None),
            shown(
                20,
                Some(Gap {
                    after: LineKey::after_time(t(10).as_millisecond()),
                    why: "why".into(),
                }),
            ),
        ],
        at_start: true,
        at_end: true,
        settled: true,
        ..Window::default()
    };
    bench.model.logs.tail = Some(tail);
    bench.model.logs.sessions = 1;
    let gap = LogGap {
        group: "g".into(),
        after: t(10),
        before: t(20),
        why: "why".into(),
    };
    let effects = bench.data(answer(
        LogPage::Newer,
        0,
        TailNews {
            gaps: vec![gap],
            ..TailNews::default()
        },
    ));
    assert!(
        matches!(&asks(&effects)[..], [LogAsk::Gap(_)]),
        "{effects:?}"
    );
    bench
}

fn answer(page: LogPage, lines: i64, news: TailNews) -> Data {
    let line = |n: i64| LogLine {
        group: "g".into(),
        stream: "s".into(),
        at: t(12 + n),
        ingested_at: None,
        message: "x".into(),
        event_id: Some(n.to_string()),
    };
    Data::LogLines {
        session: 1,
        page,
        answer: Ok(Partial::whole((0..lines).map(line).collect())),
        news,
    }
}

fn asked_before(effects: &[Effect]) -> Option<(usize, jiff::Timestamp)> {
    effects.iter().find_map(|effect| match effect {
        Effect::LoadOlder {
            targets, before, ..
        } => Some((targets.len(), *before)),
        _ => None,
    })
}

#[test]
fn scrolling_back_into_a_gap_fills_and_closes_it() {
    let mut bench = bench();
    let effects = bench.press(&[Command::LoadOlder]);
    assert_eq!(asked_before(&effects), Some((1, t(20))), "{effects:?}");
    assert_eq!(asked_before(&bench.press(&[Command::LoadOlder])), None);
    // A page that was cut: the mark stays, the next page is before that.
    let reached = |at| TailNews {
        reached: at,
        ..TailNews::default()
    };
    let effects = bench.data(answer(LogPage::Older, 3, reached(Some(t(15)))));
    assert!(
        !asks(&effects)
            .iter()
            .any(|ask| matches!(ask, LogAsk::GapClosed { .. }))
    );
    let effects = bench.press(&[Command::LoadOlder]);
    assert_eq!(asked_before(&effects), Some((1, t(15))));
    let effects = bench.data(answer(LogPage::Older, 3, reached(Some(t(9)))));
    let after = LineKey::after_time(t(10).as_millisecond());
    assert!(
        asks(&effects).contains(&&LogAsk::GapClosed { after }),
        "{effects:?}"
    );
    // From now on it is about what is older than all.
    let effects = bench.press(&[Command::LoadOlder]);
    assert_eq!(asked_before(&effects), Some((2, t(1))));
}

#[test]
fn a_gap_in_which_nothing_is_found_is_closed_and_one_that_fails_is_left() {
    let mut empty = bench();
    empty.press(&[Command::LoadOlder]);
    let effects = empty.data(answer(LogPage::Older, 0, TailNews::default()));
    assert!(matches!(&asks(&effects)[..], [LogAsk::GapClosed { .. }]));
    let tail = empty.model.logs.tail.as_ref().unwrap();
    assert!(!tail.at_start && tail.gaps.is_empty());

    let mut fails = bench();
    fails.press(&[Command::LoadOlder]);
    fails.data(Data::LogLines {
        session: 1,
        page: LogPage::Older,
        answer: Err(SourceError::new("logs", ErrorKind::Offline, "no network")),
        news: TailNews {
            reached: Some(t(20)),
            ..TailNews::default()
        },
    });
    let effects = fails.press(&[Command::LoadOlder]);
    assert_eq!(asked_before(&effects), Some((1, t(20))));
}
