//! Runs: the table, and one run.

use flightdeck::store::model::Model;
use flightdeck::store::model::nav::{Pane, Screen};

use super::fixtures::day;
use super::render::{text, text_and_styles};

fn runs(focus: Pane) -> Model {
    let mut model = day();
    model.nav.screen = Screen::Runs;
    model.nav.focus = focus;
    model
}

#[test]
fn runs_120x40() {
    insta::assert_snapshot!(text_and_styles(&runs(Pane::RunList), (120, 40)));
}

#[test]
fn runs_80x24_list() {
    insta::assert_snapshot!(text(&runs(Pane::RunList), (80, 24)));
}

#[test]
fn runs_80x24_detail() {
    insta::assert_snapshot!(text(&runs(Pane::RunDetail), (80, 24)));
}

#[test]
fn runs_200x60() {
    insta::assert_snapshot!(text(&runs(Pane::RunDetail), (200, 60)));
}
