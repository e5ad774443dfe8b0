//! The bytes of the terminal: read only when asked, and no more once this is dropped.

use std::io::{self, Read};
use std::thread;

use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe;
use tokio::sync::mpsc;

/// Larger than what a terminal's line discipline holds.
const CHUNK: usize = 8192;

#[derive(Debug)]
pub enum Input {
    /// A non-blocking file description of our own, watched by the runtime: no thread, no wake-ups, and dropping it
    /// leaves unread bytes to whoever reads next.
    Watched(pipe::Receiver),
    /// Where the system cannot watch a terminal (macOS), a thread waits in `read`. It reads ahead by one chunk at
    /// most, so at the end it can swallow what is typed before the process is gone.
    Thread(mpsc::Receiver<Vec<u8>>),
}

impl Input {
    /// The controlling terminal, or stdin where there is none. Needs a tokio runtime.
    pub fn open() -> Self {
        match pipe::OpenOptions::new()
            .unchecked(true)
            .open_receiver("/dev/tty")
        {
            Ok(tty) => Self::Watched(tty),
            Err(error) => {
                tracing::debug!(%error, "/dev/tty cannot be watched, a thread reads stdin");
                Self::from_reader(io::stdin())
            }
        }
    }

    /// Any blocking reader, read by a thread.
    pub fn from_reader(mut reader: impl Read + Send + 'static) -> Self {
        let (sender, receiver) = mpsc::channel(1);
        let started = thread::Builder::new().name("keys".into()).spawn(move || {
            let mut buffer = vec![0; CHUNK];
            loop {
                match reader.read(&mut buffer) {
                    Ok(0) => return,
                    Ok(n) => {
                        if sender.blocking_send(buffer[..n].to_vec()).is_err() {
                            return;
                        }
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => {
                        tracing::warn!(%error, "the terminal cannot be read");
                        return;
                    }
                }
            }
        });
        if let Err(error) = started {
            tracing::error!(%error, "no thread for the keyboard");
        }
        Self::Thread(receiver)
    }

    /// The next bytes; `None` when the terminal is gone. Nothing is lost when the future is dropped.
    pub async fn read(&mut self) -> Option<Vec<u8>> {
        match self {
            Self::Watched(tty) => {
                let mut buffer = vec![0; CHUNK];
                match tty.read(&mut buffer).await {
                    Ok(0) => None,
                    Ok(n) => {
                        buffer.truncate(n);
                        Some(buffer)
                    }
                    Err(error) => {
                        tracing::warn!(%error, "the terminal cannot be read");
                        None
                    }
                }
            }
            Self::Thread(chunks) => chunks.recv().await,
        }
    }
}
