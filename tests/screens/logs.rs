//! Logs: groups and lines.

use flightdeck::store::model::Model;
use flightdeck::store::model::logs::LineTime;
use flightdeck::store::model::nav::{Pane, Screen};

use super::fixtures::{day, line, tail_of};
use super::render::{text, text_and_styles};

fn logs(focus: Pane) -> Model {
    let mut model = day();
    model.nav.screen = Screen::Logs;
    model.nav.focus = focus;
    model
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
    tail.top = Some(36);
    tail.cursor = Some(43);
    insta::assert_snapshot!(text_and_styles(&model, (80, 24)));
}

#[test]
fn logs_sideways_filtered_in_utc() {
    let mut model = logs(Pane::LogLines);
    model.logs.left = 32;
    model.logs.time = LineTime::Utc;
    model.logs.tail.as_mut().unwrap().filter = "cuda".into();
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
    model.logs.tail.as_mut().unwrap().filter = "unheard of".into();
    let text = text(&model, (80, 12));
    assert!(
        text.contains("None of 46 lines matches `unheard of`."),
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
