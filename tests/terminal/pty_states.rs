//! When AWS does not answer as it should: the screen says so, keeps what it had, and keys are answered.

use super::{DECK, WIDE, nobody, on_screen, open, quit};
use crate::support::account::Account;
use crate::support::doubles::shared;
use crate::support::fault::{Fault, FaultServer};

const REGION: [&str; 2] = ["--region", "eu-west-1"];

#[test]
fn the_last_good_data_stays_and_the_trouble_is_named() {
    let server = FaultServer::before(shared(), Fault::Pass);
    let account = Account::at(&server.url);
    let pty = open(&account, &REGION, WIDE);
    pty.press("3");
    pty.wait_for_text("churn-2-0");
    for (fault, word) in [
        (Fault::Throttling, "throttled"),
        (Fault::Denying, "denied"),
        (Fault::Expired, "expired"),
        (Fault::Internal, "server fault"),
    ] {
        server.set(fault);
        pty.press("r");
        pty.wait_for(word, |screen| {
            let text = screen.contents();
            on_screen(screen, "╭ Endpoints") && text.contains("churn-2-0") && text.contains(word)
        });
        pty.press("2");
        pty.wait_for("the runs", |screen| on_screen(screen, "╭ Runs"));
        pty.press("3");
        pty.wait_for("the endpoints", |screen| on_screen(screen, "╭ Endpoints"));
    }
    server.set(Fault::Pass);
    pty.press("r");
    pty.wait_for("no trouble any more", |screen| {
        let text = screen.contents();
        on_screen(screen, "╭ Endpoints") && !text.contains("server fault")
    });
    quit(&pty);
}

#[test]
fn a_denial_names_the_missing_action() {
    let server = FaultServer::alone(Fault::Denying);
    let account = Account::at(&server.url);
    let pty = open(&account, &REGION, WIDE);
    pty.press("3");
    pty.wait_for_text("sagemaker:ListEndpoints");
    quit(&pty);
}

#[test]
fn garbage_is_told_from_an_empty_account() {
    let server = FaultServer::alone(Fault::RandomBytes);
    for fault in [Fault::RandomBytes, Fault::TruncatedJson, Fault::Html(200)] {
        server.set(fault);
        let account = Account::at(&server.url);
        let pty = open(&account, &REGION, WIDE);
        pty.press("3");
        pty.wait_for("malformed", |screen| {
            let text = screen.contents();
            text.contains("malformed") && !text.contains("<html>")
        });
        quit(&pty);
    }
}

#[test]
fn nobody_at_the_address_is_offline() {
    let account = nobody();
    let pty = open(&account, &REGION, WIDE);
    pty.press("3");
    pty.wait_for_text("offline");
    pty.press("1");
    pty.wait_for_text(DECK);
    quit(&pty);
}

#[test]
fn without_credentials_the_rest_still_works() {
    let server = FaultServer::alone(Fault::Denying);
    let account = Account::without_credentials(&server.url);
    let pty = open(&account, &REGION, WIDE);
    pty.wait_for_text("no credentials");
    pty.press("6");
    pty.wait_for("versions", |screen| on_screen(screen, "╭ Commits"));
    quit(&pty);
    assert_eq!(
        server.counts().len(),
        0,
        "nothing was sent: {:?}",
        server.counts()
    );
}
