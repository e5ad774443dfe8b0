//! Flightdeck on a real (pseudo-)terminal.

mod pty_folders;
mod pty_leaving;
mod pty_panic;
mod pty_screens;
mod pty_states;
mod pty_support;
mod pty_suspend;

use std::path::PathBuf;

use crate::support::account::Account;
use crate::support::fault::dead_url;
use crate::support::pty::{Pty, Stage};

/// Rows and columns that show lists and details side by side.
const WIDE: (u16, u16) = (40, 120);

/// `flightdeck ARGUMENTS` with the account's environment, on a terminal that answers queries.
fn open(account: &Account, arguments: &[&str], size: (u16, u16)) -> Pty {
    open_on(account, arguments, size, false)
}

fn open_on(account: &Account, arguments: &[&str], size: (u16, u16), mute: bool) -> Pty {
    let program = crate::support::binary();
    Pty::spawn(Stage {
        program: program.to_str().expect("the target folder is Unicode"),
        arguments,
        size,
        env: account.env(),
        folder: account.home(),
        mute,
    })
}

/// The demo asks nobody: nothing listens where this account is.
fn nobody() -> Account {
    Account::at(&dead_url())
}

/// Whether a screen other than the Deck, which has panes of all, shows its own list.
fn on_screen(screen: &vt100::Screen, head: &str) -> bool {
    let text = screen.contents();
    text.contains(head) && !text.contains(DECK)
}

/// The Deck's own pane, which no other screen has.
const DECK: &str = "Needs you";

/// The demo's repositories that are still there.
fn demo_folders(account: &Account) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(account.temporary()).expect("it is our folder");
    entries
        .map(|entry| entry.expect("and can be listed").path())
        .filter(|path| path.to_string_lossy().contains("flightdeck-demo-"))
        .collect()
}

/// Quits and sees that the terminal is as it was.
fn quit(pty: &Pty) {
    pty.press("q");
    let ended = pty.wait_for_end();
    assert!(ended.success(), "{ended:?}\n{}", pty.contents());
    assert_eq!(pty.left_behind(), Vec::<String>::new());
}
