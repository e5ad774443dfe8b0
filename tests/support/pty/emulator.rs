//! What a terminal does besides showing text: it answers queries and remembers modes that vt100 does not.

/// The part of an xterm that programs ask questions of.
#[derive(Default)]
pub struct Emulator {
    /// Bytes to send to the program.
    pub reply: Vec<u8>,
    pub queries: usize,
    /// DEC private mode 1004.
    pub focus_reports: bool,
    /// DEC private mode 2026.
    pub synchronized: bool,
    /// Levels pushed of kitty's keyboard protocol.
    pub key_levels: i32,
    /// The mark that follows the program's last byte has come.
    pub marked_end: bool,
}

impl Emulator {
    fn answer(&mut self, reply: &str) {
        self.queries += 1;
        self.reply.extend_from_slice(reply.as_bytes());
    }
}

impl vt100::Callbacks for Emulator {
    fn unhandled_csi(
        &mut self,
        screen: &mut vt100::Screen,
        first: Option<u8>,
        second: Option<u8>,
        parameters: &[&[u16]],
        last: char,
    ) {
        let number = parameters.first().and_then(|p| p.first()).copied();
        match (first, second, last) {
            (Some(b'?'), None, 'h' | 'l') => {
                for mode in parameters.iter().flat_map(|p| p.iter()) {
                    match mode {
                        1004 => self.focus_reports = last == 'h',
                        2026 => self.synchronized = last == 'h',
                        _ => {}
                    }
                }
            }
            (Some(b'>'), None, 'u') => self.key_levels += 1,
            (Some(b'<'), None, 'u') => self.key_levels -= i32::from(number.unwrap_or(1).max(1)),
            (Some(b'?'), None, 'u') => self.answer("\x1b[?0u"),
            (None, None, 'c') => self.answer("\x1b[?62;22c"),
            (Some(b'>'), None, 'c') => self.answer("\x1b[>0;276;0c"),
            (None, None, 'n') if number == Some(6) => {
                let (row, column) = screen.cursor_position();
                self.answer(&format!("\x1b[{};{}R", row + 1, column + 1));
            }
            (None, None, 'n') => self.answer("\x1b[0n"),
            (Some(b'?'), Some(b'$'), 'p') => {
                self.answer(&format!("\x1b[?{};2$y", number.unwrap_or(0)));
            }
            _ => {}
        }
    }

    fn unhandled_osc(&mut self, _: &mut vt100::Screen, parameters: &[&[u8]]) {
        match parameters {
            [b"7777", b"end"] => self.marked_end = true,
            [b"10", b"?"] => self.answer("\x1b]10;rgb:ffff/ffff/ffff\x1b\\"),
            [b"11", b"?"] => self.answer("\x1b]11;rgb:0000/0000/0000\x1b\\"),
            _ => {}
        }
    }
}
