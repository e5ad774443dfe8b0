//! The terminal's device, for writing.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::fd::AsFd;

/// Unbuffered: each write is one system call.
///
/// It is a file description of our own, so that nobody else's flags (a shared stdout set to non-blocking by a
/// program before us) can tear a frame.
#[derive(Debug)]
pub struct Tty(File);

impl Tty {
    /// `/dev/tty`, or stdout where there is no controlling terminal.
    pub fn open() -> io::Result<Self> {
        let own = OpenOptions::new().write(true).open("/dev/tty");
        own.or_else(|_| Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?)))
            .map(Self)
    }
}

impl Write for Tty {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
