//! Detail panes that say more than fits: scrolled to their ends.

use flightdeck::keys::command::Command;
use flightdeck::store::model::Model;
use flightdeck::store::model::costs::CostsSection;
use flightdeck::store::model::nav::{Pane, Screen};
use flightdeck::store::msg::Msg;
use flightdeck::store::update::update;
use flightdeck::theme::Theme;

use super::fixtures::{day, now};
use super::render::{buffer_once, text};

/// The screen with its detail in focus, after these keys, as in the runtime: each key knows the frame before it.
fn scrolled(screen: Screen, keys: &[Command], prepare: fn(&mut Model)) -> String {
    let mut frames = Vec::new();
    for size in [(80, 24), (120, 40)] {
        let mut model = day();
        prepare(&mut model);
        model.nav.screen = screen;
        model.nav.focus = screen.panes()[1];
        for &key in keys {
            let (_, seen) = buffer_once(&model, size, &Theme::default());
            model.nav.heights = seen.heights;
            model.nav.pages = seen.pages;
            update(&mut model, now(), Msg::Command(key));
        }
        frames.push(text(&model, size));
    }
    frames.join("\n")
}

#[test]
fn the_end_of_a_run() {
    let end = scrolled(Screen::Runs, &[Command::Bottom], |_| ());
    insta::assert_snapshot!(end);
}

#[test]
fn the_end_of_an_endpoint_has_its_charts_where_they_did_not_fit_before() {
    let end = scrolled(Screen::Endpoints, &[Command::Bottom], |_| ());
    insta::assert_snapshot!(end);
}

#[test]
fn one_page_into_a_day_of_costs() {
    let end = scrolled(Screen::Costs, &[Command::PageDown], |model| {
        model.costs.section = CostsSection::Days;
        model.costs.days.selected = Some("2026-11-20".into());
        if let Some(month) = model.costs.month.value().cloned() {
            // A day on which many services cost something.
            let day = "2026-11-20".parse().unwrap();
            let mut month = month;
            let cell = month.cells.iter().find(|c| c.day == day).unwrap().clone();
            month.cells.extend((1..30).map(|n| {
                let mut cell = cell.clone();
                cell.service = format!("Service {n:02}");
                cell.amount = f64::from(30 - n);
                cell
            }));
            model.costs.month = flightdeck::domain::freshness::Fetched::fresh(now(), month);
        }
    });
    insta::assert_snapshot!(end);
}

#[test]
fn three_lines_into_a_commit() {
    let end = scrolled(Screen::Versions, &[Command::Down; 3], |model| {
        let mut repository = model.versions.repository.value().unwrap().clone();
        repository.worktree.untracked = (1..40).map(|n| format!("notes/{n:02}.md")).collect();
        model.versions.repository =
            flightdeck::domain::freshness::Fetched::fresh(now(), repository);
    });
    insta::assert_snapshot!(end);
}

#[test]
fn a_click_on_a_row_of_a_scrolled_page_means_that_row() {
    let mut model = day();
    model.nav.screen = Screen::Runs;
    model.nav.focus = Pane::RunDetail;
    let size = (80, 24);
    let (_, seen) = buffer_once(&model, size, &Theme::default());
    model.nav.pages = seen.pages;
    model.nav.heights = seen.heights;
    for _ in 0..9 {
        update(&mut model, now(), Msg::Command(Command::Down));
    }
    let (buffer, seen) = buffer_once(&model, size, &Theme::default());
    let drawn = super::render::lines(&buffer);
    let line = drawn
        .lines()
        .position(|l| l.contains("✗ Train   "))
        .unwrap();
    let hit = flightdeck::ui::hit(&seen, 10, line as u16);
    let row = flightdeck::store::msg::Hit::Row {
        pane: Pane::RunDetail,
        row: 3,
    };
    assert_eq!(hit, Some(row), "{drawn}");
}
