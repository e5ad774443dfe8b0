//! A thread that owns one document and answers asks about it.
//!
//! It never waits for anything but its mail: what takes long runs on other threads, which send their results as mail,
//! and what an ask needs at once is worked out within a few milliseconds or later.

mod desk;
mod indexing;
mod mail;
mod merging;
mod scanning;
#[cfg(test)]
mod tests;
mod visiting;
mod window;

use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use crate::domain::clock::Stopwatch;

use super::ask::Ask;
use super::document::{Bound, Document};
use super::events;
use super::files::watch::Watch;
use super::files::{Files, How, OpenError};
use super::pipe;
use super::times::TimeOf;
use super::told::{Told, Trouble};
use desk::Desk;
use mail::Mail;

/// Mail is taken in for so long before answers are given.
const TAKE_IN: Duration = Duration::from_millis(10);

/// Where the lines come from.
pub enum Input {
    /// By [`Ask::Append`].
    Events,
    /// Files and pipes with names, merged by time, followed as they grow.
    Files(Vec<PathBuf>),
    /// Read to its end.
    Pipe(Box<dyn Read + Send>),
}

/// How a reader works.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Bytes of text and index in memory, for events and pipes; what is older goes to disk.
    pub max_hot_bytes: usize,
    /// Where it goes; `None` gives it up.
    pub spool_folder: Option<PathBuf>,
    /// Tells when a line of a file was written.
    pub time_of: TimeOf,
    /// For searching and indexing; 0 takes as many as there are cores.
    pub threads: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_hot_bytes: 64 << 20,
            spool_folder: None,
            time_of: |_| None,
            threads: 0,
        }
    }
}

/// A hold on a running reader. Dropping it stops the reader, without waiting.
#[derive(Debug)]
pub struct Reader {
    mail: Sender<Mail>,
    pending: Arc<AtomicU64>,
    _watch: Option<Watch>,
}

impl Reader {
    /// Opens the files and starts; `told` is called on the reader's thread and should be quick.
    ///
    /// # Errors
    /// When none of the files can be opened. Everything later is [`Told::Trouble`].
    pub fn start(
        input: Input,
        settings: Settings,
        told: impl Fn(Told) + Send + 'static,
    ) -> Result<Self, OpenError> {
        let (sender, receiver) = channel();
        let bound = Bound::new(settings.max_hot_bytes, settings.spool_folder.clone());
        let mut document = Document::new(bound);
        let mut watch = None;
        let pending = Arc::new(AtomicU64::new(0));
        let intake = match input {
            Input::Events => desk::Intake::Events(events::Intake::default()),
            Input::Files(paths) => {
                let changed = sender.clone();
                let changed = Arc::new(move || {
                    // The reader may be gone.
                    let _ = changed.send(Mail::Changed);
                });
                let how = How {
                    time_of: settings.time_of,
                    folder: settings.spool_folder.clone(),
                    grown: changed.clone(),
                };
                let files = Files::open(&paths, &mut document, &how)?;
                let watching = Watch::new(files.paths(), move || changed());
                match watching {
                    Ok(watching) => watch = Some(watching),
                    Err(error) => document.trouble(Trouble {
                        what: format!("changes are looked for every second: {error}"),
                        hint: None,
                    }),
                }
                desk::Intake::Files(files)
            }
            Input::Pipe(from) => {
                let intake = pipe::Intake::new(&mut document);
                let (give, take) = pipe::buffers();
                let piped = sender.clone();
                thread::spawn(move || {
                    pipe::read(from, &take, |bytes| piped.send(Mail::Piped(bytes)).is_ok());
                });
                desk::Intake::Pipe {
                    intake,
                    empty: give,
                }
            }
        };
        let stopwatch = Stopwatch::start();
        let desk = Desk::new(
            document,
            intake,
            &settings,
            watch.is_some(),
            sender.clone(),
            Box::new(move || stopwatch.elapsed()),
        );
        let counted = Arc::clone(&pending);
        thread::spawn(move || run(desk, &receiver, &counted, told));
        Ok(Self {
            mail: sender,
            pending,
            _watch: watch,
        })
    }

    /// Never waits.
    pub fn ask(&self, ask: Ask) {
        if let Ask::Append { lines, .. } = &ask {
            self.pending
                .fetch_add(lines.len() as u64, Ordering::Relaxed);
        }
        // A reader that stopped answers nothing.
        let _ = self.mail.send(Mail::Ask(ask));
    }

    /// Lines that were appended and not yet taken in: who brings more than can be taken should wait a little.
    pub fn pending(&self) -> u64 {
        self.pending.load(Ordering::Relaxed)
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.ask(Ask::Stop);
    }
}

fn run(mut desk: Desk, mail: &Receiver<Mail>, pending: &AtomicU64, told: impl Fn(Told)) {
    let take_in = |desk: &mut Desk, mail: Mail| -> bool {
        if matches!(mail, Mail::Ask(Ask::Stop)) {
            return false;
        }
        let lines = match &mail {
            Mail::Ask(Ask::Append { lines, .. }) => lines.len() as u64,
            _ => 0,
        };
        desk.take(mail);
        pending.fetch_sub(lines, Ordering::Relaxed);
        true
    };
    desk.begin();
    loop {
        for message in desk.settle() {
            told(message);
        }
        let next = match desk.wait() {
            None => mail.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(wait) => mail.recv_timeout(wait),
        };
        let began = desk.now();
        let mut next = match next {
            Ok(next) => Some(next),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        while let Some(mail_in) = next {
            if !take_in(&mut desk, mail_in) {
                return;
            }
            let more = desk.now().saturating_sub(began) < TAKE_IN;
            next = more.then(|| mail.try_recv().ok()).flatten();
        }
    }
}
