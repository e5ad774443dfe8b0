//! Whatever is pressed wherever: nothing breaks.

use super::*;

#[test]
fn every_command_is_safe_on_an_empty_model_on_every_screen() {
    for screen in Screen::ALL {
        for pane in screen.panes() {
            for &command in Command::ALL {
                let mut bench = Bench::new();
                navigate::go(&mut bench.model, screen);
                bench.model.nav.focus = *pane;
                bench.press(&[command, Command::Back]);
            }
        }
    }
}

proptest::proptest! {
    /// Any sequence of commands and text over some data: no panic, and the selection is a row that exists.
    #[test]
    fn no_sequence_of_commands_breaks_the_store(
        steps in proptest::collection::vec((0..Command::ALL.len(), proptest::option::of(".")), 0..60)
    ) {
        let mut bench = Bench::new();
        bench.runs(&three_runs());
        for (index, text) in steps {
            bench.press(&[Command::ALL[index]]);
            if let Some(text) = text {
                bench.send(Msg::Paste(text));
            }
            let ids = rows::ids(&bench.model, Pane::RunList);
            if let Some(selected) = &bench.model.runs.list.selected {
                proptest::prop_assert!(ids.is_empty() || ids.contains(selected));
            }
        }
    }
}
