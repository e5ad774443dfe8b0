//! The sequences that change what kind of terminal it is, and those that change it back.
//!
//! None of them asks anything: a terminal that never answers is as good as any.

/// What is asked of the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Modes {
    /// Report clicks and the wheel; the terminal's own selection then needs Shift.
    pub mouse: bool,
}

/// Alternate screen (the first frame clears it), cursor hidden, bracketed paste, focus reports.
const ENTER: &str = "\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[?1004h";
/// Button presses and the wheel only (no motion, which would wake us for nothing), in SGR form.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
/// Everything back, whatever was on; also a synchronized update that was cut short.
const LEAVE: &str =
    "\x1b[?2026l\x1b[?1006l\x1b[?1000l\x1b[?1004l\x1b[?2004l\x1b[0m\x1b[?1049l\x1b[?25h";

impl Modes {
    pub fn enter(self) -> String {
        let mouse = if self.mouse { MOUSE_ON } else { "" };
        format!("{ENTER}{mouse}")
    }

    pub fn leave() -> &'static str {
        LEAVE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The private modes set (`h`) or reset (`l`) by a text, in order.
    fn modes(text: &str, end: char) -> Vec<&str> {
        text.split("\x1b[?")
            .skip(1)
            .filter_map(|part| {
                let (number, rest) = part.split_at(part.find(['h', 'l'])?);
                rest.starts_with(end).then_some(number)
            })
            .collect()
    }

    #[test]
    fn all_that_is_turned_on_is_turned_off() {
        let on = Modes { mouse: true }.enter();
        let off = modes(Modes::leave(), 'l');
        for mode in modes(&on, 'h') {
            assert!(off.contains(&mode), "{mode} stays on");
        }
        assert!(on.contains("\x1b[?25l"));
        assert!(Modes::leave().ends_with("\x1b[?25h"));
    }

    #[test]
    fn the_mouse_is_left_alone_unless_asked_for() {
        assert!(!Modes::default().enter().contains("1000"));
    }

    #[test]
    fn nothing_is_asked_of_the_terminal() {
        let sent = Modes { mouse: true }.enter() + Modes::leave();
        // Device attributes, reports and mode queries end in these.
        for question in ["c", "n", "$p", "?u", "]"] {
            assert!(
                !sent.split('\x1b').any(|part| part.ends_with(question)),
                "{question}"
            );
        }
    }
}
