//! Endpoints: the table, and one endpoint.

use flightdeck::store::model::Model;
use flightdeck::store::model::nav::{Pane, Screen};

use super::fixtures::day;
use super::render::{text, text_and_styles};

fn endpoints(focus: Pane) -> Model {
    let mut model = day();
    model.nav.screen = Screen::Endpoints;
    model.nav.focus = focus;
    model
}

#[test]
fn endpoints_120x40() {
    insta::assert_snapshot!(text_and_styles(&endpoints(Pane::EndpointDetail), (120, 40)));
}

#[test]
fn endpoints_80x24_list() {
    insta::assert_snapshot!(text(&endpoints(Pane::EndpointList), (80, 24)));
}

#[test]
fn endpoints_80x24_detail() {
    insta::assert_snapshot!(text(&endpoints(Pane::EndpointDetail), (80, 24)));
}

#[test]
fn endpoints_200x60() {
    insta::assert_snapshot!(text(&endpoints(Pane::EndpointList), (200, 60)));
}
