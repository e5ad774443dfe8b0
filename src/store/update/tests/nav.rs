//! Going and coming back.

use super::*;

#[test]
fn the_palette_goes_to_a_run_by_name() {
    let mut bench = Bench::new();
    bench.runs(&three_runs());
    bench.press(&[Command::Palette]);
    bench.type_text("run b");
    bench.press(&[Command::Submit]);
    assert_eq!(bench.model.nav.screen, Screen::Runs);
    assert_eq!(bench.selected_run(), Some("b"));
    assert!(bench.model.nav.popups.is_empty());
}

#[test]
fn back_unwinds_popups_first_and_never_leaves_the_first_screen() {
    let mut bench = Bench::new();
    bench.press(&[Command::GoRuns, Command::Help, Command::Back]);
    assert_eq!(bench.model.nav.screen, Screen::Runs);
    bench.press(&[Command::Back, Command::Back, Command::Back]);
    assert_eq!(bench.model.nav.screen, Screen::Deck);
}

#[test]
fn a_place_named_at_the_start_is_gone_to_when_its_data_comes() {
    let mut bench = Bench::new();
    bench.send(Msg::Go {
        screen: Screen::Runs,
        name: Some("b".into()),
    });
    assert_eq!(bench.model.nav.screen, Screen::Runs);
    bench.runs(&three_runs());
    assert_eq!(bench.selected_run(), Some("b"));
    assert_eq!(bench.model.nav.focus, Pane::RunDetail);
    bench.press(&[Command::Back, Command::Down]);
    bench.runs(&three_runs());
    assert_eq!(bench.selected_run(), Some("a"));
}

#[test]
fn a_filter_survives_refresh_and_back_clears_it() {
    let mut bench = Bench::new();
    bench.press(&[Command::GoRuns]);
    bench.runs(&three_runs());
    bench.press(&[Command::Filter]);
    assert_eq!(contexts(&bench.model), [Context::Input]);
    bench.type_text("status:failed");
    bench.press(&[Command::Submit]);
    assert_eq!(bench.shown_runs(), ["b"]);
    bench.runs(&three_runs());
    assert_eq!(bench.shown_runs(), ["b"]);
    bench.press(&[Command::Back]);
    assert_eq!(bench.shown_runs(), ["c", "b", "a"]);
    assert_eq!(bench.model.nav.screen, Screen::Runs);
}
