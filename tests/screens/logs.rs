//! Logs: groups and lines.

use flightdeck::domain::log::{LiveState, TailMode};
use flightdeck::logs::ask::Gap;
use flightdeck::logs::expression::Expression;
use flightdeck::store::log_ask::FilterWay;
use flightdeck::store::model::Model;
use flightdeck::store::model::logs::{
    InputKind, LineFilter, LineInput, LineTime, Search, Tail, Unfiltered,
};
use flightdeck::store::model::nav::{Pane, Popup, Screen};

use super::fixtures::{ago, day, key, line, tail_of};
use super::render::{text, text_and_styles};

fn logs(focus: Pane) -> Model {
    let mut model = day();
    model.nav.screen = Screen::Logs;
    model.nav.focus = focus;
    model
}

fn filter(way: FilterWay, text: &str) -> LineFilter {
    LineFilter {
        way,
        text: text.into(),
        expression: Expression::parse(text).unwrap(),
        on: true,
    }
}

#[test]
fn logs_120x40() {
    insta::assert_snapshot!(text_and_styles(&logs(Pane::LogLines), (120, 40)));
}

#[test]
fn logs_80x24_groups() {
    insta::assert_snapshot!(text(&logs(Pane::LogGroups), (80, 24)));
}

#[test]
fn logs_80x24_lines_wrapped_with_a_cursor() {
    let mut model = logs(Pane::LogLines);
    model.logs.wrap = true;
    let tail = model.logs.tail.as_mut().unwrap();
    tail.follow = false;
    tail.top = Some(key(36));
    tail.cursor = Some(key(43));
    insta::assert_snapshot!(text_and_styles(&model, (80, 24)));
}

#[test]
fn logs_sideways_filtered_in_utc() {
    let mut model = logs(Pane::LogLines);
    model.logs.left = 32;
    model.logs.time = LineTime::Utc;
    let tail = model.logs.tail.as_mut().unwrap();
    tail.filters.push(filter(FilterWay::Keep, "cuda"));
    tail.window.lines.retain(|line| line.text.contains("CUDA"));
    tail.progress.visible = tail.window.lines.len() as u64;
    insta::assert_snapshot!(text_and_styles(&model, (80, 10)));
}

#[test]
fn logs_without_a_tail() {
    let mut model = logs(Pane::LogGroups);
    model.logs.tail = None;
    insta::assert_snapshot!(text(&model, (120, 14)));
}

#[test]
fn a_filter_that_matches_nothing_says_so() {
    let mut model = logs(Pane::LogLines);
    let tail = model.logs.tail.as_mut().unwrap();
    tail.filters.push(filter(FilterWay::Keep, "unheard of"));
    tail.window.lines.clear();
    tail.progress.visible = 0;
    let text = text(&model, (80, 12));
    assert!(
        text.contains("None of 46 lines passes the filters."),
        "{text}"
    );
}

#[test]
fn a_quarter_megabyte_on_one_line_is_only_looked_at_where_it_shows() {
    let mut model = logs(Pane::LogLines);
    let long = "x".repeat(250_000);
    model.logs.tail = Some(tail_of([line(5, "s", &long)]));
    model.logs.wrap = true;
    let text = text(&model, (80, 24));
    assert!(text.contains("xxxxxxxxxx"), "{text}");
}

#[test]
fn a_search_marks_what_it_found_and_tells_how_much() {
    let mut model = logs(Pane::LogLines);
    model.nav.filtering = Some(Pane::LogLines);
    let tail = model.logs.tail.as_mut().unwrap();
    tail.input = Some(LineInput {
        kind: InputKind::Find,
        text: "cuda".into(),
        problem: None,
        origin: None,
        edits: None,
    });
    tail.search = Some(Search {
        text: "cuda".into(),
        expression: Expression::parse("cuda").unwrap(),
        generation: 1,
        matches: Some((1, true)),
        early: false,
    });
    insta::assert_snapshot!(text_and_styles(&model, (80, 12)));
}

#[test]
fn filters_are_listed_one_by_one_under_what_they_leave() {
    let mut model = logs(Pane::LogLines);
    model.nav.popups.push(Popup::Filters { selected: 1 });
    let tail = model.logs.tail.as_mut().unwrap();
    tail.filters.push(filter(FilterWay::Keep, "level>=warn"));
    tail.filters.push(LineFilter {
        on: false,
        ..filter(FilterWay::Drop, &"a long expression ".repeat(8))
    });
    tail.filters.push(filter(FilterWay::Keep, "検証 loss"));
    tail.passing.shown = Some(vec![1_204, 1_198, 3]);
    insta::assert_snapshot!(text_and_styles(&model, (80, 14)));
    tail_mut(&mut model).unfiltered = Some(Unfiltered { back: None });
    tail_mut(&mut model).passing.shown = None;
    let shown = text(&model, (200, 14));
    assert!(shown.contains("unfiltered · & level>=warn · "), "{shown}");
    assert!(shown.contains("(off)"), "{shown}");
    model.nav.popups.clear();
    assert!(text(&model, (120, 14)).contains("F filter again"));
}

#[test]
fn times_are_ages_or_what_lies_between_lines() {
    let mut model = logs(Pane::LogLines);
    let tail = tail_mut(&mut model);
    tail.window.lines[43].at_ms = tail.window.lines[42].at_ms.map(|ms| ms + 350);
    model.logs.time = LineTime::Age;
    insta::assert_snapshot!("ages", text(&model, (80, 10)));
    model.logs.time = LineTime::Since;
    insta::assert_snapshot!("since_the_line_above", text(&model, (80, 10)));
}

#[test]
fn without_lines_no_filter_is_to_blame() {
    let mut model = logs(Pane::LogLines);
    let tail = tail_mut(&mut model);
    tail.filters.push(filter(FilterWay::Keep, "unheard of"));
    tail.window.lines.clear();
    tail.progress = Default::default();
    let text = text(&model, (80, 12));
    assert!(text.contains("No lines yet"), "{text}");
}

fn tail_mut(model: &mut Model) -> &mut Tail {
    model.logs.tail.as_mut().unwrap()
}

#[test]
fn a_text_that_means_nothing_yet_says_why() {
    let mut model = logs(Pane::LogLines);
    model.nav.filtering = Some(Pane::LogLines);
    let tail = model.logs.tail.as_mut().unwrap();
    tail.input = Some(LineInput {
        kind: InputKind::Keep,
        text: "\"out of".into(),
        problem: Some(Expression::parse("\"out of").unwrap_err().to_string()),
        origin: None,
        edits: None,
    });
    insta::assert_snapshot!(text(&model, (80, 8)));
}

fn gap(why: &str) -> Option<Gap> {
    Some(Gap {
        after: key(0),
        why: why.into(),
    })
}

#[test]
fn missing_and_late_lines_are_marked_between_the_others() {
    let mut model = logs(Pane::LogLines);
    let tail = model.logs.tail.as_mut().unwrap();
    tail.window.lines[42].gap_before = gap("reconnected after 40 s");
    tail.window.lines[44].late = true;
    tail.window.gap_after = gap("too much came at once");
    insta::assert_snapshot!(text_and_styles(&model, (80, 12)));
}

#[test]
fn the_row_of_a_gap_belongs_to_its_line() {
    let mut model = logs(Pane::LogLines);
    let tail = model.logs.tail.as_mut().unwrap();
    tail.window.lines[42].gap_before = gap("a".repeat(200).as_str());
    tail.follow = false;
    tail.top = Some(key(40));
    tail.cursor = Some(key(43));
    // Eight rows: the gap pushes the line of the cursor to the last one, not out.
    insta::assert_snapshot!(text_and_styles(&model, (60, 11)));
}

#[test]
fn a_live_tail_tells_what_it_costs() {
    let mut model = logs(Pane::LogLines);
    let tail = model.logs.tail.as_mut().unwrap();
    tail.mode = TailMode::Live;
    let frame = text(&model, (80, 24));
    assert!(frame.contains("following · live … · "), "{frame}");
    let tail = model.logs.tail.as_mut().unwrap();
    tail.live = Some(LiveState {
        since: ago(180),
        sampled: true,
        spent_usd: 0.03,
    });
    let frame = text(&model, (80, 24));
    assert!(
        frame.contains("following · live $0.03 · sampled · "),
        "{frame}"
    );
}

#[test]
fn a_selection_is_marked_and_counted() {
    let mut model = logs(Pane::LogLines);
    let tail = model.logs.tail.as_mut().unwrap();
    tail.follow = false;
    tail.top = Some(key(40));
    tail.cursor = Some(key(43));
    tail.taking.from = Some(key(41));
    insta::assert_snapshot!(text_and_styles(&model, (80, 10)));
}

#[test]
fn the_name_of_an_export_is_asked_for() {
    let mut model = logs(Pane::LogLines);
    model.nav.filtering = Some(Pane::LogLines);
    let tail = model.logs.tail.as_mut().unwrap();
    tail.input = Some(LineInput {
        kind: InputKind::Export,
        text: "churn-train-212-Train.log".into(),
        problem: None,
        origin: None,
        edits: None,
    });
    insta::assert_snapshot!(text(&model, (100, 8)));
}

/// A tail of a program that writes structured lines, and fails.
fn failing() -> Model {
    let mut model = logs(Pane::LogLines);
    let one = "job/algo-1";
    let two = "job/algo-2";
    model.logs.tail = Some(tail_of([
        line(
            90,
            one,
            r#"{"ts":"2026-11-22T14:00:37Z","level":"info","msg":"epoch done","epoch":3,"loss":0.41}"#,
        ),
        line(
            80,
            two,
            "level=warn ts=2026-11-22T14:00:47Z msg=\"slow disk\" took=3.2s token=abcdef0123456789abcdef",
        ),
        line(70, one, "Traceback (most recent call last):"),
        line(70, one, "  File \"train.py\", line 88, in <module>"),
        line(70, one, "    main()"),
        line(70, two, "step 200 of 1000"),
        line(
            70,
            one,
            "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 23.10 GiB",
        ),
        line(60, one, "exiting"),
    ]));
    model
}

#[test]
fn structured_lines_are_shown_as_message_and_fields() {
    let mut model = failing();
    insta::assert_snapshot!(text_and_styles(&model, (110, 14)));
    model.logs.raw = true;
    let frame = text(&model, (140, 14));
    assert!(
        frame.contains(r#"{"ts":"2026-11-22T14:00:37Z","level":"info","#),
        "{frame}"
    );
    assert!(!frame.contains("abcdef0123"), "{frame}");
}

#[test]
fn a_folded_traceback_is_told_by_its_exception() {
    let mut model = failing();
    let tail = model.logs.tail.as_mut().unwrap();
    tail.fold.all = true;
    insta::assert_snapshot!(text_and_styles(&model, (80, 12)));
    model.logs.wrap = true;
    insta::assert_snapshot!("wrapped", text(&model, (80, 12)));
}

#[test]
fn bookmarks_have_a_sign_and_their_note_where_there_is_room() {
    let mut model = failing();
    let tail = model.logs.tail.as_mut().unwrap();
    for (at, note) in [(5, "who writes this?"), (6, "no room for it"), (7, "")] {
        tail.bookmarks.insert(key(at), note.into());
    }
    insta::assert_snapshot!(text_and_styles(&model, (80, 12)));
}
