//! What is on the screen, and that every screen is one key away.

use super::{DECK, WIDE, nobody, on_screen, open, open_on, quit};
use crate::support::account::Account;
use crate::support::doubles::{REGIONS, shared};

/// Each screen's key, and what the list of that screen is headed with.
const SCREENS: [(&str, &str); 5] = [
    ("2", "╭ Runs"),
    ("3", "╭ Endpoints"),
    ("4", "╭ Log groups"),
    ("5", "╭ Services"),
    ("6", "╭ Commits"),
];

#[test]
fn the_demo_opens_on_the_deck_and_a_digit_reaches_every_screen() {
    let account = nobody();
    let pty = open(&account, &["demo"], WIDE);
    pty.wait_for("the Deck with runs", |screen| {
        let text = screen.contents();
        text.contains(DECK) && text.contains("churn-train")
    });
    for (key, head) in SCREENS {
        pty.press(key);
        pty.wait_for(head, |screen| on_screen(screen, head));
    }
    pty.press("1");
    pty.wait_for_text(DECK);
    quit(&pty);
}

#[test]
fn a_screen_can_be_named_on_the_command_line() {
    let account = nobody();
    let pty = open(&account, &["demo", "--go", "endpoints"], WIDE);
    pty.wait_for("endpoints", |screen| on_screen(screen, "╭ Endpoints"));
    quit(&pty);
}

#[test]
fn help_filter_and_palette_answer() {
    let account = nobody();
    let pty = open(&account, &["demo", "--go", "endpoints"], WIDE);
    pty.wait_for_text("fraud-serverless");
    pty.press("?");
    pty.wait_for_text("╭ Keys");
    pty.press("\x1b");
    pty.wait_for("the help gone", |screen| {
        !screen.contents().contains("╭ Keys")
    });
    pty.press("/fraud\r");
    pty.wait_for("one endpoint", |screen| {
        let text = screen.contents();
        text.contains("fraud-serverless") && !text.contains("reco-canary")
    });
    pty.press("\x1b");
    pty.wait_for_text("reco-canary");
    pty.press(":runs\r");
    pty.wait_for("runs", |screen| on_screen(screen, "╭ Runs"));
    quit(&pty);
}

#[test]
fn it_follows_the_window_through_every_size() {
    let account = nobody();
    let pty = open(&account, &["demo"], WIDE);
    pty.wait_for_text(DECK);
    for (rows, columns) in [(24, 80), (60, 200), (5, 20), (1, 1), (2, 300), (40, 120)] {
        pty.resize((rows, columns));
        for key in ["2", "\t", "z", "j", "1"] {
            pty.press(key);
        }
    }
    pty.wait_for("the Deck on the last size", |screen| {
        let text = screen.contents();
        text.contains(DECK)
            && text
                .lines()
                .next()
                .is_some_and(|first| first.contains("demo"))
    });
    quit(&pty);
}

#[test]
fn a_terminal_too_small_for_anything_is_survived() {
    for size in [(5, 20), (1, 1)] {
        let account = nobody();
        let pty = open(&account, &["demo"], size);
        pty.wait_for("a frame", vt100::Screen::alternate_screen);
        pty.press("2\rj\tzG3");
        pty.resize(WIDE);
        pty.wait_for("endpoints", |screen| on_screen(screen, "╭ Endpoints"));
        quit(&pty);
    }
}

#[test]
fn a_mute_terminal_is_as_good_as_any() {
    let account = nobody();
    let pty = open_on(&account, &["demo"], WIDE, true);
    pty.wait_for_text(DECK);
    pty.press("3");
    pty.wait_for("endpoints", |screen| on_screen(screen, "╭ Endpoints"));
    assert!(pty.queries() <= 4, "{} questions", pty.queries());
    quit(&pty);
}

#[test]
fn what_the_doubles_hold_comes_to_the_screen() {
    let account = Account::of(shared());
    let pty = open(&account, &["--region", REGIONS[0].region], WIDE);
    pty.press("3");
    pty.wait_for_text("churn-1-0");
    // A state that nobody knows is shown as it is.
    pty.press("G");
    pty.wait_for_text("Mending");
    pty.press("2");
    pty.wait_for("all runs, past page one", |screen| {
        on_screen(screen, "╭ Runs 309") && screen.contents().contains("Paused")
    });
    pty.press("6]]");
    pty.wait_for_text("churn-1 v105");
    quit(&pty);
}

#[test]
fn a_copy_goes_through_the_terminal_to_the_clipboard() {
    let account = nobody();
    let pty = open(&account, &["demo", "--go", "endpoints"], WIDE);
    pty.wait_for_text("churn-prod");
    pty.press("y");
    pty.wait_for_bytes("\x1b]52;c;Y2h1cm4tcHJvZA=="); // churn-prod in base64
    quit(&pty);
}

#[test]
fn controls_in_log_lines_do_not_reach_the_terminal() {
    let account = Account::of(shared());
    let place = format!("logs /aws/sagemaker/Endpoints/churn-{}-0", REGIONS[0].seed);
    let pty = open(
        &account,
        &["--region", REGIONS[0].region, "--go", &place],
        WIDE,
    );
    pty.wait_for_text("epoch=239");
    // The line with an escape sequence and a change of direction in it is among the last.
    pty.wait_for_text("epoch=231 ");
    pty.wait_for_text("red");
    let sent = pty.bytes();
    let sent = String::from_utf8_lossy(&sent);
    assert!(
        !sent.contains('\u{202e}'),
        "a change of direction was passed on"
    );
    assert!(
        !sent.contains("\x1b[31mred"),
        "an escape sequence was passed on"
    );
    quit(&pty);
}
