use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn line(second: i64, id: &str) -> LogLine {
    LogLine {
        group: "g".into(),
        stream: "s".into(),
        at: at(second),
        ingested_at: Some(at(second + 1)),
        message: id.into(),
        event_id: Some(id.into()),
    }
}

fn page(lines: Vec<LogLine>, next: Option<&str>) -> EventPage {
    EventPage {
        lines,
        next: next.map(str::to_owned),
    }
}

fn ids(taken: &Taken) -> Vec<&str> {
    taken
        .fresh
        .iter()
        .map(|f| f.line.message.as_str())
        .collect()
}

fn since(window: &mut Window, now: i64) -> Option<i64> {
    match window.ask(at(now)) {
        Ask::Page(query, _) => query
            .since
            .map(|since| since.as_second() - at(0).as_second()),
        Ask::Newest(query) => panic!("{query:?}"),
    }
}

fn from(second: i64) -> Window {
    Window::since(LogTarget::group("g"), None, at(second))
}

#[test]
fn the_first_screen_is_the_newest_lines_and_following_goes_on_from_there() {
    let mut window = Window::newest(LogTarget::group("g"), 2);
    assert!(
        matches!(window.ask(at(100)), Ask::Newest(query) if query.newest_first && query.limit == 2)
    );
    let taken = window.take_newest(vec![line(90, "a"), line(95, "b")], at(100));
    assert_eq!(ids(&taken), ["a", "b"]);
    assert!(!window.has_more());
    assert_eq!(
        since(&mut window, 102),
        Some(90),
        "what is older is for scrolling back"
    );
    let taken = window.take_page(
        page(
            vec![line(90, "same moment"), line(90, "a"), line(101, "c")],
            None,
        ),
        at(102),
    );
    assert_eq!(ids(&taken), ["same moment", "c"]);
    assert!(taken.fresh[0].late && !taken.fresh[1].late);
}

#[test]
fn each_reading_begins_a_minute_before_the_newest_line() {
    let mut window = from(0);
    assert_eq!(since(&mut window, 100), Some(0));
    let _ = window.take_page(page(vec![line(99, "a")], None), at(100));
    assert_eq!(since(&mut window, 102), Some(39));
    let late = window.take_page(page(vec![line(40, "late"), line(99, "a")], None), at(102));
    assert_eq!(ids(&late), ["late"]);
    assert!(late.fresh[0].late);
}

#[test]
fn spark_gets_two_minutes() {
    let mut window = Window::since(LogTarget::group("/aws-glue/jobs/error"), None, at(-1000));
    let _ = window.ask(at(0));
    let _ = window.take_page(page(vec![line(0, "a")], None), at(0));
    assert_eq!(since(&mut window, 1), Some(-120));
}

#[test]
fn what_becomes_visible_during_a_long_reading_is_found_by_the_next() {
    let mut window = from(0);
    let _ = window.ask(at(100));
    let _ = window.take_page(page(vec![line(50, "a")], Some("t")), at(115));
    assert!(window.has_more());
    let _ = window.take_page(page(vec![line(119, "b")], None), at(120));
    assert_eq!(since(&mut window, 122), Some(119 - 20 - 60));
}

#[test]
fn a_failure_goes_on_with_the_same_page() {
    let mut window = from(0);
    let _ = window.ask(at(10));
    let _ = window.take_page(page(vec![line(5, "a")], Some("t")), at(10));
    for kind in [ErrorKind::Throttled, ErrorKind::Expired, ErrorKind::Offline] {
        window.failed(&SourceError::new("x", kind, "x"));
        assert!(
            matches!(window.ask(at(5000)), Ask::Page(query, Some(token)) if token == "t" && query.since == Some(at(0)))
        );
    }
    // Garbage may mean that the token is no good.
    window.failed(&SourceError::new("x", ErrorKind::Malformed, "x"));
    assert!(matches!(window.ask(at(5000)), Ask::Page(query, None) if query.since == Some(at(0))));
    let taken = window.take_page(page(vec![line(5, "a"), line(6, "b")], None), at(5000));
    assert_eq!(ids(&taken), ["b"]);
}

#[test]
fn a_sender_ahead_of_the_clock_hides_nobody() {
    let mut window = from(0);
    let _ = window.ask(at(10));
    let ahead = LogLine {
        ingested_at: Some(at(9)),
        ..line(3600, "ahead")
    };
    let _ = window.take_page(page(vec![ahead], None), at(10));
    assert_eq!(since(&mut window, 12), Some(0));
}

#[test]
fn our_own_clock_may_be_an_hour_ahead() {
    let mut window = from(0);
    let _ = window.ask(at(3700));
    let _ = window.take_page(page(vec![line(99, "a")], None), at(3700));
    assert_eq!(since(&mut window, 3702), Some(39));
    // Nothing comes for an hour: by AWS's clock the window follows all the same.
    let _ = window.take_page(page(Vec::new(), None), at(7302));
    assert!(since(&mut window, 7302).unwrap() < 3700 - 299);
}

#[test]
fn silence_is_not_searched_for_ever() {
    let mut window = from(0);
    for now in [10, 8000] {
        let _ = window.ask(at(now));
        let _ = window.take_page(page(Vec::new(), None), at(now));
    }
    assert_eq!(
        since(&mut window, 8001),
        Some(8000 - 3600),
        "nothing known of the clocks"
    );
    let _ = window.take_page(page(vec![line(8000, "a")], None), at(8001));
    let _ = window.ask(at(9000));
    let _ = window.take_page(page(Vec::new(), None), at(9000));
    assert_eq!(since(&mut window, 9001), Some(9000 - 300));
}

#[test]
fn more_than_can_be_remembered_is_said_once_and_nothing_comes_twice() {
    let mut window = from(0);
    let burst = |window: &mut Window, second: i64| {
        let lines = (0..30_000).map(|n| line(second, &format!("{second} {n}")));
        window.take_page(page(lines.collect(), Some("t")), at(second))
    };
    let _ = window.ask(at(10));
    assert_eq!(burst(&mut window, 10).fresh.len(), 30_000);
    assert_eq!(burst(&mut window, 11).fresh.len(), 30_000);
    let end = window.take_page(page(Vec::new(), None), at(11));
    let gap = end.gap.unwrap();
    assert_eq!(
        (gap.after, gap.before),
        (
            at(0),
            Timestamp::from_millisecond(at(10).as_millisecond() + 1).unwrap()
        )
    );
    let _ = window.ask(at(12));
    let again = window.take_page(page(vec![line(11, "11 5"), line(12, "new")], None), at(12));
    assert_eq!(ids(&again), ["new"]);
    assert_eq!(again.gap, None);
}

#[test]
fn too_long_an_outage_is_skipped_and_the_skip_is_told() {
    let mut window = Window::newest(LogTarget::group("g"), 10).giving_up_after(3);
    let _ = window.ask(at(0));
    let _ = window.take_newest(vec![line(0, "a")], at(0));
    for n in 1..=3 {
        assert!(matches!(window.ask(at(90_000)), Ask::Page(..)), "{n}");
        let _ = window.take_page(
            page(vec![line(n * 1000, &n.to_string())], Some(&n.to_string())),
            at(90_000),
        );
    }
    assert!(window.has_more());
    assert!(matches!(window.ask(at(90_000)), Ask::Newest(_)));
    let lines = (0..10_000).map(|n| line(80_000 + n, &format!("new {n}")));
    let taken = window.take_newest(lines.collect(), at(90_000));
    let gap = taken.gap.unwrap();
    assert_eq!((gap.after, gap.before), (at(3000), at(80_000)));
    assert_eq!(taken.fresh.len(), 10_000);
    assert!(!window.has_more());
}

#[test]
fn an_endpoint_that_cuts_without_a_word_is_asked_on() {
    let mut window = from(0);
    let _ = window.ask(at(100));
    let full: Vec<LogLine> = (0..PAGE).map(|n| line(50, &n.to_string())).collect();
    let _ = window.take_page(page(full, None), at(100));
    assert!(window.has_more());
    assert_eq!(since(&mut window, 100), Some(50));
    let rest = window.take_page(page(vec![line(50, "0"), line(51, "rest")], None), at(100));
    assert_eq!(ids(&rest), ["rest"]);
    assert!(!window.has_more());
}
