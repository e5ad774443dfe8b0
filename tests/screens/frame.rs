//! The lines around every screen, tiny terminals, and what lies under the mouse.

use flightdeck::config::Env;
use flightdeck::store::model::nav::{Pane, Popup, Screen};
use flightdeck::store::msg::Hit;
use flightdeck::theme::{ColorSupport, Theme, needs_ascii};
use flightdeck::ui::{hit, svg};

use super::fixtures::{ago, blank, day};
use super::render::{buffer, buffer_with, lines, text};

#[test]
fn the_first_frame_of_all() {
    insta::assert_snapshot!(text(&blank(), (80, 24)));
}

#[test]
fn tiny_terminals_get_a_message_or_the_best_there_is() {
    let tiny = [(1, 1), (10, 3), (23, 5), (24, 5), (40, 8)].map(|size| text(&day(), size));
    insta::assert_snapshot!(tiny.join("---\n"));
}

#[test]
fn a_session_about_to_end_is_not_overlooked() {
    let mut model = day();
    let mut identity = super::fixtures::identity();
    identity.expires_at = Some(ago(-300));
    model.account.identity = flightdeck::domain::freshness::Fetched::fresh(ago(1), identity);
    let first = text(&model, (120, 20)).lines().next().unwrap().to_owned();
    assert!(first.contains("5m left"), "{first}");
}

#[test]
fn clicks_find_tabs_rows_and_panes() {
    let mut model = day();
    model.nav.screen = Screen::Runs;
    model.nav.focus = Pane::RunList;
    let (drawn, seen) = buffer_with(&model, (120, 40), &Theme::default());
    let text = lines(&drawn);
    let tab = text.lines().nth(1).unwrap().find("Endpoints").unwrap() as u16;
    assert_eq!(hit(&seen, tab, 1), Some(Hit::Screen(Screen::Endpoints)));
    let row = text
        .lines()
        .position(|l| l.contains("reco-nightly"))
        .unwrap() as u16;
    let expected = Hit::Row {
        pane: Pane::RunList,
        row: 1,
    };
    assert_eq!(hit(&seen, 8, row), Some(expected));
    assert_eq!(hit(&seen, 8, 37), Some(Hit::Pane(Pane::RunList)));
    let step = text
        .lines()
        .position(|l| l.contains("✓ Features  "))
        .unwrap() as u16;
    let expected = Hit::Row {
        pane: Pane::RunDetail,
        row: 1,
    };
    assert_eq!(hit(&seen, 70, step), Some(expected));
    assert_eq!(seen.heights[&Pane::RunList], 34);
    assert_eq!(seen.heights[&Pane::RunDetail], 6);
}

#[test]
fn nothing_under_a_popup_is_clicked() {
    let mut model = day();
    model.nav.popups.push(Popup::Help { scroll: 0 });
    let (_, seen) = buffer_with(&model, (120, 40), &Theme::default());
    assert_eq!(hit(&seen, 10, 1), None);
}

#[test]
fn ascii_terminals_get_ascii_only() {
    let env = Env::from([("LANG", "C")]);
    let theme = Theme::load("mono", None, ColorSupport::None, needs_ascii(&env)).0;
    for screen in [Screen::Deck, Screen::Runs, Screen::Endpoints, Screen::Costs] {
        let mut model = day();
        model.nav.screen = screen;
        model.nav.focus = screen.first_pane();
        // Text from outside keeps its letters.
        model.versions = blank().versions;
        for run in &mut model.runs.all {
            run.facts.clear();
        }
        let (drawn, _) = buffer_with(&model, (120, 40), &theme);
        let text = lines(&drawn);
        let foreign: String = text.chars().filter(|c| !c.is_ascii()).collect();
        assert!(
            foreign.trim_matches(['·', '×', '→']).is_empty(),
            "{foreign}\n{text}"
        );
    }
}

#[test]
fn without_colours_the_selection_is_still_seen() {
    let theme = Theme::load("mono", None, ColorSupport::None, false).0;
    let (drawn, _) = buffer_with(&day(), (80, 24), &theme);
    let selected = (0..80)
        .filter(|x| !drawn[(*x, 4)].modifier.is_empty())
        .count();
    let other = (0..80)
        .filter(|x| !drawn[(*x, 6)].modifier.is_empty())
        .count();
    assert!(selected > other + 20, "{selected} {other}");
}

#[test]
fn a_frame_becomes_the_same_picture_every_time() {
    let drawn = buffer(&day(), (120, 40));
    let picture = svg::render(&drawn, &Theme::default());
    assert_eq!(picture, svg::render(&drawn, &Theme::default()));
    assert!(picture.starts_with("<svg xmlns=") && picture.trim_end().ends_with("</svg>"));
    assert!(picture.contains(">flightdeck</text>"), "{picture}");
    assert!(picture.chars().all(|c| c == '\n' || !c.is_control()));
}
