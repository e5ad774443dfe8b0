//! Ctrl-Z under a shell with job control.

use super::{DECK, WIDE, nobody};
use crate::support::pty::{Pty, Stage};

#[test]
fn ctrl_z_gives_the_terminal_to_the_shell_and_fg_takes_it_again() {
    let account = nobody();
    let mut env = account.env();
    env.push(("PS1", "ready> ".into()));
    env.push(("PROGRAM", crate::support::binary().into()));
    let pty = Pty::spawn(Stage {
        program: "sh",
        arguments: &["-i"],
        size: WIDE,
        env,
        folder: account.home(),
        mute: false,
    });
    pty.wait_for_text("ready>");
    pty.press("\"$PROGRAM\" demo\n");
    pty.wait_for_text(DECK);

    for _ in 0..2 {
        pty.press("\x1a");
        pty.wait_for("the shell's prompt", |screen| {
            let text = screen.contents();
            !screen.alternate_screen() && text.contains("Stopped") && text.ends_with("ready> ")
        });
        assert_eq!(pty.left_behind(), Vec::<String>::new());
        pty.press("clear; fg\n");
        pty.wait_for("the Deck again", |screen| {
            screen.alternate_screen() && screen.contents().contains(DECK)
        });
        pty.press("3");
        pty.wait_for_text("╭ Endpoints");
        pty.press("1");
        pty.wait_for_text(DECK);
    }

    pty.press("q");
    pty.wait_for("the prompt", |screen| !screen.alternate_screen());
    pty.press("exit\n");
    pty.wait_for_end();
    assert_eq!(pty.left_behind(), Vec::<String>::new());
}
