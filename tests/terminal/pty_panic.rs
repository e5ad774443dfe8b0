//! A panic while the screen is up. The product has no way to make one, so this test program takes the terminal
//! itself: it is started again, on a terminal of its own, to run one of the tests below that only then do anything.

use std::io::Write as _;

use flightdeck::terminal::{Modes, Terminal};

use super::nobody;
use crate::support::pty::{Pty, Stage};

const SCREEN: &str = "the screen is up";

/// Runs one of the tests of this file on a terminal.
fn run(test: &str) -> Pty {
    let program = std::env::current_exe().expect("this program has a path");
    let test = format!("terminal::pty_panic::{test}");
    let account = nobody();
    Pty::spawn(Stage {
        program: program.to_str().expect("the target folder is Unicode"),
        arguments: &["--exact", &test, "--ignored", "--nocapture"],
        size: (20, 80),
        env: account.env(),
        folder: account.home(),
        mute: false,
    })
}

/// Takes the terminal as the program does, where there is one.
fn take() -> Option<Terminal> {
    let terminal = Terminal::enter(Modes { mouse: true }).ok()?;
    print!("{SCREEN}");
    std::io::stdout()
        .flush()
        .expect("a terminal can be written");
    Some(terminal)
}

#[test]
#[ignore = "panics: run by the_terminal_is_given_back_and_the_message_is_seen"]
fn panics() {
    if let Some(_terminal) = take() {
        panic!("on purpose");
    }
}

#[test]
#[ignore = "needs a terminal: run by a_panic_elsewhere_is_no_reason_to_leave"]
fn panics_elsewhere() {
    if let Some(terminal) = take() {
        let ended = std::thread::spawn(|| panic!("elsewhere")).join();
        assert!(ended.is_err());
        print!(", still");
        std::io::stdout()
            .flush()
            .expect("a terminal can be written");
        drop(terminal);
    }
}

#[test]
fn the_terminal_is_given_back_and_the_message_is_seen() {
    let pty = run("panics");
    let ended = pty.wait_for_end();
    assert_eq!(ended.exit_code(), 101, "{}", pty.contents());
    pty.wait_for_bytes(SCREEN);
    assert_eq!(pty.left_behind(), Vec::<String>::new());
    let seen = pty.contents();
    assert!(seen.contains("on purpose"), "{seen}");
    assert!(!seen.contains(SCREEN), "{seen}");
}

#[test]
fn a_panic_elsewhere_is_no_reason_to_leave() {
    let pty = run("panics_elsewhere");
    let ended = pty.wait_for_end();
    assert!(ended.success(), "{}", pty.contents());
    pty.wait_for_bytes("the screen is up, still");
    assert_eq!(pty.left_behind(), Vec::<String>::new());
    assert!(!pty.contents().contains("elsewhere panicked"));
}
