//! The demo's temporary repository goes with it, however it ends; what a killed one left goes with the next.

use super::{DECK, WIDE, demo_folders, nobody, open, quit};
use crate::support::account::Account;
use crate::support::pty::Pty;

/// The demo, when its repository is there and read.
fn demo(account: &Account) -> Pty {
    let pty = open(account, &["demo"], WIDE);
    pty.wait_for_text(DECK);
    pty.press("6");
    pty.wait_for_text("Tune learning rate");
    pty
}

#[test]
fn by_a_key_or_a_signal() {
    for end in ["q", "TERM", "HUP", "INT"] {
        let account = nobody();
        let pty = demo(&account);
        assert_eq!(demo_folders(&account).len(), 1);
        if end == "q" {
            pty.press(end);
        } else {
            pty.signal(end);
        }
        pty.wait_for_end();
        assert_eq!(demo_folders(&account).len(), 0, "after {end}");
    }
}

#[test]
fn before_anything_was_shown() {
    let account = nobody();
    let pty = open(&account, &["demo"], WIDE);
    pty.wait_for("the first frame", |screen| screen.alternate_screen());
    pty.press("q");
    pty.wait_for_end();
    assert_eq!(demo_folders(&account).len(), 0);
}

#[test]
fn commands_ended_by_a_signal() {
    for signal in ["INT", "TERM", "HUP"] {
        let account = nobody();
        let group = "/aws/sagemaker/TrainingJobs";
        let pty = open(&account, &["logs", group, "--follow", "--demo"], WIDE);
        pty.wait_for_text("epoch");
        pty.signal(signal);
        pty.wait_for_end();
        assert_eq!(demo_folders(&account).len(), 0, "after {signal}");
    }
}

#[test]
fn what_a_killed_demo_left_goes_with_the_next_and_a_living_one_keeps_its_own() {
    let account = nobody();
    let living = demo(&account);
    let kept = demo_folders(&account);
    let killed = demo(&account);
    assert_eq!(demo_folders(&account).len(), 2);
    killed.signal("KILL");
    killed.wait_for_end();
    assert_eq!(demo_folders(&account).len(), 2);
    let next = demo(&account);
    let now = demo_folders(&account);
    assert_eq!(now.len(), 2);
    assert!(now.contains(&kept[0]));
    quit(&next);
    assert_eq!(demo_folders(&account), kept);
    quit(&living);
    assert_eq!(demo_folders(&account).len(), 0);
}
