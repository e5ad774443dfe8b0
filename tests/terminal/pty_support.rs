//! The stage itself: the pseudo-terminal shows, answers, resizes, and notices what a program leaves behind.

use std::path::Path;

use crate::support::pty::{Pty, Stage};

fn shell(script: &str, mute: bool) -> Pty {
    Pty::spawn(Stage {
        program: "sh",
        arguments: &["-c", script],
        size: (10, 40),
        env: Vec::new(),
        folder: Path::new("/"),
        mute,
    })
}

#[test]
fn a_program_is_seen_and_its_exit_code_told() {
    let pty = shell("printf 'one\\ntwo'; exit 3", false);
    assert_eq!(pty.wait_for_end().exit_code(), 3);
    assert!(pty.contents().contains("one\ntwo"), "{}", pty.contents());
    assert_eq!(pty.left_behind(), Vec::<String>::new());
}

#[test]
fn keys_reach_the_program_and_so_does_a_new_size() {
    let pty = shell(
        "trap 'stty size' WINCH; echo ready; while :; do read -r line; echo \"got $line\"; done",
        false,
    );
    pty.wait_for_text("ready");
    pty.press("abc\n");
    pty.wait_for_text("got abc");
    pty.resize((7, 33));
    pty.press("\n");
    pty.wait_for_text("7 33");
}

#[test]
fn what_stays_on_is_noticed() {
    let pty = shell(
        "stty -echo -icanon; printf '\\033[?1049h\\033[?25l\\033[?2004h\\033[?1000h\\033[?1004h\\033[?2026h\\033[>1u'",
        false,
    );
    pty.wait_for_end();
    let wrong = pty.left_behind();
    assert_eq!(wrong.len(), 8, "{wrong:#?}");
    assert!(
        wrong.iter().any(|w| w.contains("settings differ")),
        "{wrong:#?}"
    );
}

#[test]
fn a_mute_terminal_answers_nothing_and_another_one_does() {
    let ask = "stty -icanon -echo min 0 time 5; printf '\\033[6n'; answer=$(dd bs=1 count=6 2>/dev/null | tail -c +3); stty sane; echo \"<$answer>\"";
    let speaking = shell(ask, false);
    speaking.wait_for_text("<1;1R>");
    assert_eq!(speaking.queries(), 1);
    let mute = shell(ask, true);
    mute.wait_for_text("<>");
    assert_eq!(mute.queries(), 1);
}

#[test]
fn a_signal_ends_it() {
    let pty = shell("echo ready; read -r line", false);
    pty.wait_for_text("ready");
    pty.signal("TERM");
    assert!(!pty.wait_for_end().success());
}
