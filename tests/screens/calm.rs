//! A healthy account is nearly monochrome, and says what was checked.

use flightdeck::domain::endpoint::Health;
use flightdeck::domain::run::RunStatus;
use flightdeck::store::model::Model;
use flightdeck::theme::{Role, Theme};

use super::fixtures::day;
use super::render::{buffer, text};

fn healthy() -> Model {
    let mut model = day();
    model.findings.clear();
    model.deck.list.selected = None;
    for run in &mut model.runs.all {
        run.status = RunStatus::Succeeded;
        run.reason = None;
    }
    for row in &mut model.endpoints.rows {
        row.health.health = Health::Ok;
        row.health.reasons.clear();
        for metrics in row.metrics.iter_mut().flatten() {
            metrics.errors_5xx = flightdeck::domain::metric::Series::default();
        }
    }
    model.costs.budgets = flightdeck::domain::freshness::Fetched::default();
    model.versions.repository = flightdeck::domain::freshness::Fetched::default();
    model
}

#[test]
fn all_quiet_says_what_was_checked() {
    insta::assert_snapshot!(text(&healthy(), (120, 30)));
}

#[test]
fn nothing_is_red_or_yellow_where_nothing_is_wrong() {
    let theme = Theme::default();
    let buffer = buffer(&healthy(), (120, 40));
    for (role, name) in [(Role::Act, "red"), (Role::Look, "yellow")] {
        let colour = theme.style(role).fg.unwrap();
        let cells: Vec<&str> = buffer
            .content()
            .iter()
            .filter(|cell| cell.fg == colour)
            .map(ratatui::buffer::Cell::symbol)
            .collect();
        assert!(cells.is_empty(), "{name}: {cells:?}");
    }
}
