//! Detail panes that are longer than their room.

use super::*;
use crate::store::model::nav::Page;
use crate::store::pages;

/// An opened run with three steps on lines 4 to 6 of a page of 30 lines, of which ten are seen.
fn opened() -> Bench {
    let mut bench = Bench::new();
    let mut long = run("a", RunStatus::Succeeded, 10);
    long.steps = ["Prepare", "Train", "Register"]
        .map(|name| step(name, RunStatus::Succeeded))
        .to_vec();
    let short = run("b", RunStatus::Succeeded, 5);
    bench.press(&[Command::GoRuns]);
    bench.runs(&[long, short]);
    bench.press(&[Command::Open]);
    drawn(&mut bench, 30);
    bench
}

fn drawn(bench: &mut Bench, length: u16) {
    let page = Page {
        height: 10,
        length,
        rows: 4,
    };
    bench.model.nav.pages.insert(Pane::RunDetail, page);
}

fn place(bench: &Bench) -> (usize, &str) {
    let step = rows::selected_step(&bench.model).map_or("", |s| &s.name);
    (pages::top(&bench.model, Pane::RunDetail), step)
}

#[test]
fn below_the_last_row_the_page_goes_on_and_stops_at_its_end() {
    let mut bench = opened();
    bench.press(&[Command::Down, Command::Down]);
    assert_eq!(place(&bench), (0, "Register"));
    bench.press(&[Command::Down]);
    assert_eq!(place(&bench), (1, "Register"));
    bench.press(&[Command::Down; 40]);
    assert_eq!(place(&bench), (20, "Register"));
    // Back the same way: first into sight of the rows, then from row to row.
    bench.press(&[Command::Up; 14]);
    assert_eq!(place(&bench), (6, "Register"));
    bench.press(&[Command::Up]);
    assert_eq!(place(&bench), (5, "Train"));
    bench.press(&[Command::Up; 40]);
    assert_eq!(place(&bench), (0, "Prepare"));
}

#[test]
fn pages_ends_and_the_wheel() {
    let mut bench = opened();
    bench.press(&[Command::PageDown]);
    assert_eq!(place(&bench), (9, "Prepare"));
    bench.press(&[Command::PageUp]);
    assert_eq!(place(&bench), (0, "Prepare"));
    bench.press(&[Command::Bottom]);
    assert_eq!(place(&bench), (20, "Register"));
    bench.press(&[Command::Top]);
    assert_eq!(place(&bench), (0, "Prepare"));
    let wheel = |rows| Msg::Wheel {
        pane: Pane::RunDetail,
        rows,
    };
    bench.press(&[Command::FocusNext]);
    bench.send(wheel(5));
    assert_eq!(place(&bench), (5, "Train"), "the selection stays in sight");
    bench.send(wheel(-9));
    assert_eq!(place(&bench).0, 0);
    assert_eq!(
        bench.model.nav.focus,
        Pane::RunList,
        "the wheel moves no focus"
    );
}

#[test]
fn each_subject_keeps_its_place_and_a_page_that_shrinks_is_not_overshot() {
    let mut bench = opened();
    bench.press(&[Command::Bottom, Command::Back, Command::Down]);
    assert_eq!(bench.selected_run(), Some("b"));
    assert_eq!(place(&bench).0, 0);
    bench.press(&[Command::Up]);
    assert_eq!(place(&bench).0, 20);
    bench.press(&[Command::Open]);
    drawn(&mut bench, 14);
    bench.press(&[Command::Up]);
    assert_eq!(place(&bench).0, 3);
}

#[test]
fn a_page_that_fits_moves_only_the_selection() {
    let mut bench = opened();
    drawn(&mut bench, 9);
    bench.press(&[Command::Down; 9]);
    assert_eq!(place(&bench), (0, "Register"));
    bench.press(&[Command::PageUp]);
    assert_eq!(place(&bench), (0, "Prepare"));
}

#[test]
fn a_pane_without_rows_scrolls() {
    let mut bench = Bench::new();
    bench.press(&[Command::GoVersions]);
    bench.model.versions.commits.selected = Some("a1b2c3d".into());
    bench.press(&[Command::FocusNext]);
    let page = Page {
        height: 10,
        length: 25,
        rows: 0,
    };
    bench.model.nav.pages.insert(Pane::VersionDetail, page);
    bench.press(&[Command::Down, Command::Down]);
    let top = |bench: &Bench| pages::top(&bench.model, Pane::VersionDetail);
    assert_eq!(top(&bench), 2);
    bench.press(&[Command::PageDown, Command::PageDown]);
    assert_eq!(top(&bench), 15);
    bench.press(&[Command::Top]);
    assert_eq!(top(&bench), 0);
}
