//! What the user and the system tell us, in one ordered stream.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{Instant, sleep_until};

use super::decode::Decoder;
use super::input::Input;
use crate::keys::Chord;
use crate::keys::mouse::Mouse;

/// How long the rest of a sequence that came in pieces may take, over a bad line.
const REST: Duration = Duration::from_millis(60);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Key(Chord),
    /// Text pasted into the terminal; lines end with `\n`. It can hold anything: neutralise it before showing.
    Paste(String),
    Mouse(Mouse),
    /// The terminal has another size.
    Resize,
    /// The process goes on after it was stopped: take the terminal again and draw everything.
    Resume,
    /// SIGTERM, SIGHUP, SIGINT from outside, or the terminal is gone: quit. (Ctrl-C is a key.)
    Terminate,
    FocusGained,
    FocusLost,
}

/// Waits for events without ever waking up for nothing. Dropping it ends the reading at once.
#[derive(Debug)]
pub struct Events {
    /// `None` when the terminal is gone.
    input: Option<Input>,
    decoder: Decoder,
    ready: VecDeque<Event>,
    /// When a sequence that has begun is given up.
    flush_at: Option<Instant>,
    signals: Signals,
}

#[derive(Debug)]
struct Signals {
    resize: Signal,
    resume: Signal,
    terminate: Signal,
    hang_up: Signal,
    interrupt: Signal,
}

impl Events {
    /// Listens to the terminal and to signals. Needs a tokio runtime with I/O and time.
    pub fn open() -> io::Result<Self> {
        Self::of(Input::open())
    }

    pub(super) fn of(input: Input) -> io::Result<Self> {
        Ok(Self {
            input: Some(input),
            decoder: Decoder::default(),
            ready: VecDeque::new(),
            flush_at: None,
            signals: Signals {
                resize: signal(SignalKind::window_change())?,
                resume: signal(continued())?,
                terminate: signal(SignalKind::terminate())?,
                hang_up: signal(SignalKind::hangup())?,
                interrupt: signal(SignalKind::interrupt())?,
            },
        })
    }

    /// The next event. Nothing is lost when the future is dropped, so it may stand in a `select!`.
    pub async fn next(&mut self) -> Event {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return event;
            }
            let input = self.input.as_mut();
            let flush_at = self.flush_at;
            tokio::select! {
                biased;
                bytes = read(input) => self.take(bytes.as_deref()),
                () = at(flush_at) => self.flush(),
                Some(()) = self.signals.resize.recv() => return Event::Resize,
                Some(()) = self.signals.resume.recv() => return Event::Resume,
                Some(()) = self.signals.terminate.recv() => return Event::Terminate,
                Some(()) = self.signals.hang_up.recv() => return Event::Terminate,
                Some(()) = self.signals.interrupt.recv() => return Event::Terminate,
            }
        }
    }

    /// An event that is already decoded: several keys that came at once are one frame.
    pub fn next_ready(&mut self) -> Option<Event> {
        self.ready.pop_front()
    }

    fn take(&mut self, bytes: Option<&[u8]>) {
        let Some(bytes) = bytes else {
            self.input = None;
            self.ready.push_back(Event::Terminate);
            return;
        };
        let mut events = Vec::new();
        self.decoder.feed(bytes, &mut events);
        self.ready.extend(events);
        self.flush_at = self.decoder.is_waiting().then(|| Instant::now() + REST);
    }

    fn flush(&mut self) {
        let mut events = Vec::new();
        self.decoder.flush(&mut events);
        self.ready.extend(events);
        self.flush_at = None;
    }
}

async fn read(input: Option<&mut Input>) -> Option<Vec<u8>> {
    match input {
        Some(input) => input.read().await,
        None => std::future::pending().await,
    }
}

async fn at(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => std::future::pending().await,
    }
}

fn continued() -> SignalKind {
    SignalKind::from_raw(signal_hook::consts::SIGCONT)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};

    use super::*;

    /// A keyboard that sends what it is told, and hangs up when its sender is dropped.
    struct Keyboard(Receiver<&'static [u8]>);

    impl io::Read for Keyboard {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Ok(bytes) = self.0.recv() else {
                return Ok(0);
            };
            buffer[..bytes.len()].copy_from_slice(bytes);
            Ok(bytes.len())
        }
    }

    fn key(text: &str) -> Event {
        Event::Key(text.parse().unwrap())
    }

    #[tokio::test]
    async fn keys_come_in_order_and_the_end_terminates_once() {
        let (press, keyboard) = channel();
        let mut events = Events::of(Input::from_reader(Keyboard(keyboard))).unwrap();
        press.send(b"j\x1b[A").unwrap();
        press.send(b"\x1b").unwrap();
        drop(press);
        assert_eq!(events.next().await, key("j"));
        assert_eq!(events.next_ready(), Some(key("up")));
        assert_eq!(events.next_ready(), None);
        assert_eq!(events.next().await, key("esc"));
        assert_eq!(events.next().await, Event::Terminate);
        assert!(events.input.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn a_sequence_that_does_not_go_on_is_given_up() {
        let (press, keyboard) = channel();
        let mut events = Events::of(Input::from_reader(Keyboard(keyboard))).unwrap();
        press.send(b"\x1b[").unwrap();
        assert_eq!(events.next().await, key("alt-["));
        assert_eq!(events.flush_at, None);
    }

    #[tokio::test]
    async fn a_dropped_future_loses_nothing() {
        let (press, keyboard) = channel();
        let mut events = Events::of(Input::from_reader(Keyboard(keyboard))).unwrap();
        for _ in 0..3 {
            tokio::select! {
                biased;
                event = events.next() => unreachable!("{event:?}"),
                () = std::future::ready(()) => {}
            }
        }
        press.send(b"q").unwrap();
        assert_eq!(events.next().await, key("q"));
    }
}
