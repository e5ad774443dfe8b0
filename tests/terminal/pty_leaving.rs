//! The terminal is given back as it was, however the program ends.

use std::time::Duration;

use super::{DECK, WIDE, demo_folders, nobody, open, quit};
use crate::support::account::Account;
use crate::support::fault::{Fault, FaultServer};
use crate::support::lone_terminal::LoneTerminal;

#[test]
fn by_a_key() {
    for key in ["q", "\x03"] {
        let account = nobody();
        let pty = open(&account, &["demo"], WIDE);
        pty.wait_for_text(DECK);
        pty.press(key);
        assert!(pty.wait_for_end().success());
        assert_eq!(pty.left_behind(), Vec::<String>::new(), "after {key:?}");
    }
}

#[test]
fn by_a_signal() {
    for signal in ["TERM", "HUP", "INT"] {
        let account = nobody();
        let pty = open(&account, &["demo"], WIDE);
        pty.wait_for_text(DECK);
        pty.signal(signal);
        pty.wait_for_end();
        assert_eq!(pty.left_behind(), Vec::<String>::new(), "after {signal}");
    }
}

#[test]
fn with_more_keys_behind_the_one_that_quits() {
    for keys in [
        "qjjq:runs\r/status:failed\r",
        "q\x1b[A\x1b[<0;9;9M\x1b",
        "q\x1b[200~pasted\x1b[201~",
    ] {
        let account = nobody();
        let pty = open(&account, &["demo"], WIDE);
        pty.wait_for_text(DECK);
        pty.press(keys);
        let ended = pty.wait_for_end();
        assert!(ended.success(), "{ended:?} after {keys:?}");
        assert_eq!(pty.left_behind(), Vec::<String>::new(), "after {keys:?}");
    }
}

/// The window is closed, the connection is lost: nobody is there to quit.
#[test]
fn when_the_terminal_vanishes() {
    let account = nobody();
    let mut lone = LoneTerminal::open(&account, &["demo"]);
    lone.read_until(DECK);
    lone.vanish();
    assert_eq!(demo_folders(&account).len(), 0);
}

#[test]
fn with_the_mouse_on() {
    let account = nobody();
    let config = account.home().join("mouse.toml");
    std::fs::write(&config, "[ui]\nmouse = true\n").unwrap();
    let pty = open(
        &account,
        &["demo", "--config", config.to_str().unwrap()],
        WIDE,
    );
    pty.wait_for_text(DECK);
    pty.wait_for("the mouse", |screen| {
        screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None
    });
    quit(&pty);
}

#[test]
fn with_requests_that_nobody_answers() {
    let hole = FaultServer::alone(Fault::BlackHole);
    let account = Account::at(&hole.url);
    let pty = open(&account, &[], WIDE);
    pty.wait_for_text(DECK);
    assert!(hole.wait_for_requests(3, Duration::from_secs(30)));
    pty.press("3");
    pty.wait_for("keys are answered meanwhile", |screen| {
        screen.contents().contains("╭ Endpoints")
    });
    quit(&pty);
}

#[test]
fn a_pipe_is_no_terminal_and_is_told_so() {
    let ended = nobody().flightdeck(&["demo"]);
    assert_eq!(ended.code, Some(1));
    assert_eq!(ended.stdout, "", "nothing is drawn into a pipe");
    assert!(ended.stderr.contains("terminal"), "{}", ended.stderr);
}
