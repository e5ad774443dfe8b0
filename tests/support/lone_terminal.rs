//! A terminal that can vanish under its program: nothing else holds it open.

use std::io::{Read, Write};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::support::account::Account;

/// A program that sees its terminal go ends at once: in far less than a second, on a machine that does nothing else.
const SOON: Duration = Duration::from_secs(5);

pub struct LoneTerminal {
    master: Box<dyn MasterPty + Send>,
    reader: Box<dyn Read + Send>,
    writer: Box<dyn Write + Send>,
    child: Option<Box<dyn Child + Send + Sync>>,
}

impl LoneTerminal {
    /// `flightdeck ARGUMENTS` with the account's environment.
    pub fn open(account: &Account, arguments: &[&str]) -> Self {
        let pair = native_pty_system()
            .openpty(PtySize {
                rows: 40,
                cols: 120,
                ..PtySize::default()
            })
            .expect("a pseudo-terminal can be opened");
        let mut command = CommandBuilder::new(crate::support::binary());
        command.args(arguments);
        command.cwd(account.home());
        command.env_clear();
        command.env("TERM", "xterm-256color");
        for (name, value) in account.env() {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).expect("it starts");
        Self {
            reader: pair.master.try_clone_reader().expect("it can be read"),
            writer: pair.master.take_writer().expect("and written"),
            master: pair.master,
            child: Some(child),
        }
    }

    /// Reads until the program has drawn this text in one piece.
    pub fn read_until(&mut self, text: &str) {
        let mut seen = Vec::new();
        let mut buffer = [0; 4096];
        while !seen.windows(text.len()).any(|part| part == text.as_bytes()) {
            let count = self.reader.read(&mut buffer).expect("it is still there");
            assert!(count > 0, "it ended before: {text}");
            seen.extend_from_slice(&buffer[..count]);
        }
    }

    /// Closes the terminal and waits for the program to end.
    ///
    /// # Panics
    /// When it does not end soon.
    pub fn vanish(mut self) {
        let mut child = self.child.take().expect("it vanishes once");
        let mut killer = child.clone_killer();
        drop((self.reader, self.writer, self.master));
        let (ended, end) = mpsc::channel();
        thread::spawn(move || ended.send(child.wait()));
        if end.recv_timeout(SOON).is_err() {
            let _ = killer.kill();
            panic!("the program goes on without a terminal");
        }
    }
}
