//! What lies over the screen.

use flightdeck::keys::command::Command;
use flightdeck::store::model::Model;
use flightdeck::store::model::nav::{Palette, Pane, Popup, Screen};
use flightdeck::store::msg::{Notice, PendingKey};

use super::fixtures::{ago, day};
use super::render::{text, text_and_styles};

fn with(popup: Popup) -> Model {
    let mut model = day();
    model.nav.popups.push(popup);
    model
}

#[test]
fn help_80x24() {
    insta::assert_snapshot!(text_and_styles(&with(Popup::Help { scroll: 0 }), (80, 24)));
}

#[test]
fn help_names_every_command_there_is() {
    let text = text(&with(Popup::Help { scroll: 0 }), (120, 120));
    for command in Command::ALL {
        let doc: String = command.doc().chars().take(30).collect();
        assert!(text.contains(&doc), "{}", command.name());
    }
}

#[test]
fn help_starts_with_what_holds_here() {
    let mut model = with(Popup::Help { scroll: 0 });
    model.nav.screen = Screen::Logs;
    model.nav.focus = Pane::LogLines;
    let text = text(&model, (80, 24));
    let heading = text.lines().nth(3).unwrap();
    assert!(heading.contains("Log lines"), "{text}");
}

#[test]
fn help_scrolled_to_its_end_still_shows_a_page() {
    let text = text(&with(Popup::Help { scroll: 10_000 }), (80, 24));
    assert!(text.contains("close"), "{text}");
}

#[test]
fn palette_80x24() {
    let palette = Palette {
        text: "churn".into(),
        selected: 1,
    };
    insta::assert_snapshot!(text_and_styles(&with(Popup::Palette(palette)), (80, 24)));
}

#[test]
fn palette_without_a_match() {
    let palette = Palette {
        text: "zzzzz".into(),
        selected: 7,
    };
    let text = text(&with(Popup::Palette(palette)), (80, 24));
    assert!(text.contains("Nothing by that name."), "{text}");
}

#[test]
fn messages_80x24() {
    let mut model = with(Popup::Messages { scroll: 0 });
    model
        .notices
        .push(ago(4000), Notice::info("copied churn-train #212"));
    model.notices.push(
        ago(90),
        Notice::error(
            "glue: Rate exceeded; asked again in 30 s. This text is long enough that it has to be broken into two lines.",
        ),
    );
    insta::assert_snapshot!(text(&model, (80, 24)));
}

#[test]
fn the_newest_message_is_shown_in_full_over_the_last_lines() {
    let mut model = day();
    let long = "a sentence that goes on ".repeat(6) + "until it ends: Finis";
    model.notices.push(ago(2), Notice::warn(long));
    let text = text(&model, (80, 24));
    assert!(text.lines().last().unwrap().contains("Finis"), "{text}");
}

#[test]
fn a_begun_sequence_shows_where_it_leads() {
    let mut model = day();
    model.pending = vec![
        PendingKey {
            chord: "g".into(),
            leads_to: "first row".into(),
        },
        PendingKey {
            chord: "e".into(),
            leads_to: "last row".into(),
        },
    ];
    insta::assert_snapshot!(text(&model, (80, 24)));
}
