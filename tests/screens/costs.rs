//! Costs by service and day, and budgets.

use flightdeck::store::model::Model;
use flightdeck::store::model::costs::CostsSection;
use flightdeck::store::model::nav::{Pane, Screen};

use super::fixtures::day;
use super::render::{text, text_and_styles};

fn costs(section: CostsSection) -> Model {
    let mut model = day();
    model.nav.screen = Screen::Costs;
    model.nav.focus = Pane::CostList;
    model.costs.section = section;
    model
}

#[test]
fn costs_120x40_services() {
    insta::assert_snapshot!(text_and_styles(&costs(CostsSection::Services), (120, 40)));
}

#[test]
fn costs_120x40_days() {
    insta::assert_snapshot!(text(&costs(CostsSection::Days), (120, 40)));
}

#[test]
fn costs_120x40_budgets() {
    insta::assert_snapshot!(text_and_styles(&costs(CostsSection::Budgets), (120, 40)));
}

#[test]
fn costs_80x24() {
    insta::assert_snapshot!(text(&costs(CostsSection::Services), (80, 24)));
}

#[test]
fn costs_80x24_detail() {
    let mut model = costs(CostsSection::Services);
    model.nav.focus = Pane::CostDetail;
    insta::assert_snapshot!(text(&model, (80, 24)));
}
