//! A program in a pseudo-terminal, with a terminal emulator that reads everything it draws.

mod emulator;

use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use portable_pty::{CommandBuilder, ExitStatus, MasterPty, PtySize, SlavePty, native_pty_system};

use emulator::Emulator;

/// How long a test waits for a condition before it fails. Long, because nothing is measured here.
const PATIENCE: Duration = Duration::from_secs(30);
/// Not to become anybody's controlling terminal.
const O_NOCTTY: i32 = if cfg!(target_os = "macos") {
    0x20000
} else {
    0o400
};
/// Written to the terminal after the program's end: what comes before it is all there is.
const END_MARK: &[u8] = b"\x1b]7777;end\x07";

/// A program on a terminal of its own. It is killed on drop, with its children on the same terminal.
pub struct Pty {
    shared: Arc<Shared>,
    writer: Arc<Mutex<Box<dyn Write + Send>>>,
    master: Box<dyn MasterPty + Send>,
    /// Held open, so that the terminal's settings can be read after the program's end.
    _slave: Box<dyn SlavePty + Send>,
    /// Of the program itself.
    pub pid: u32,
    settings_before: String,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    parser: vt100::Parser<Emulator>,
    bytes: Vec<u8>,
    ended: Option<ExitStatus>,
}

/// What to run, and on what.
pub struct Stage<'a> {
    pub program: &'a str,
    pub arguments: &'a [&'a str],
    /// Rows and columns.
    pub size: (u16, u16),
    pub env: Vec<(&'static str, PathBuf)>,
    pub folder: &'a Path,
    /// Whether the terminal answers no query at all.
    pub mute: bool,
}

impl Pty {
    pub fn spawn(stage: Stage<'_>) -> Self {
        let pair = native_pty_system()
            .openpty(pty_size(stage.size))
            .expect("a pseudo-terminal can be opened");
        let settings_before = format!("{:?}", pair.master.get_termios());
        let mut command = CommandBuilder::new(stage.program);
        command.args(stage.arguments);
        command.cwd(stage.folder);
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        for (name, value) in &stage.env {
            command.env(name, value);
        }
        let mut child = pair
            .slave
            .spawn_command(command)
            .unwrap_or_else(|e| panic!("{} does not start: {e}", stage.program));
        let pid = child.process_id().expect("a child has an id");
        let (rows, columns) = cells(stage.size);
        let writer = pair
            .master
            .take_writer()
            .expect("a terminal can be written");
        let writer = Arc::new(Mutex::new(writer));
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                parser: vt100::Parser::new_with_callbacks(rows, columns, 0, Emulator::default()),
                bytes: Vec::new(),
                ended: None,
            }),
            changed: Condvar::new(),
        });

        let mut reader = pair.master.try_clone_reader().expect("and read");
        let (theirs, replies) = (Arc::clone(&shared), Arc::clone(&writer));
        thread::spawn(move || {
            let mut buffer = [0; 16 * 1024];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                let reply = theirs.take_in(&buffer[..count]);
                if !stage.mute && !reply.is_empty() {
                    // A program that has ended needs no answer.
                    let _ = replies.lock().expect("no writer panics").write_all(&reply);
                }
            }
        });
        let tty = pair
            .master
            .tty_name()
            .expect("a pseudo-terminal has a name");
        let theirs = Arc::clone(&shared);
        thread::spawn(move || {
            let ended = child.wait().expect("a child can be waited for");
            theirs.state().ended = Some(ended);
            let mut options = OpenOptions::new();
            options.write(true).custom_flags(O_NOCTTY);
            if let Ok(mut tty) = options.open(tty) {
                let _ = tty.write_all(END_MARK);
            }
        });
        Self {
            shared,
            writer,
            master: pair.master,
            _slave: pair.slave,
            pid,
            settings_before,
        }
    }

    /// As typed; `\x1b` begins a special key.
    pub fn press(&self, keys: &str) {
        let mut writer = self.writer.lock().expect("no writer panics");
        writer
            .write_all(keys.as_bytes())
            .and_then(|()| writer.flush())
            .expect("the terminal takes keys");
    }

    /// The window changes its size: the program gets SIGWINCH.
    pub fn resize(&self, size: (u16, u16)) {
        let (rows, columns) = cells(size);
        self.shared.state().parser.set_size(rows, columns);
        self.master
            .resize(pty_size(size))
            .expect("it can be resized");
    }

    /// `TERM`, `HUP`, `CONT` to the program.
    pub fn signal(&self, name: &str) {
        send_signal(name, &self.pid.to_string());
    }

    /// Waits until the screen is as wanted.
    ///
    /// # Panics
    /// With the screen as it is, when patience or the program ends before.
    pub fn wait_for(&self, what: &str, wanted: impl Fn(&vt100::Screen) -> bool) {
        self.wait(what, |state| {
            // Within a synchronized update the screen is half of the old frame and half of the new one.
            if !state.parser.callbacks().synchronized && wanted(state.parser.screen()) {
                Some(())
            } else {
                assert!(
                    !state.parser.callbacks().marked_end,
                    "it ended ({:?}) before: {what}\n{}",
                    state.ended,
                    shown(state)
                );
                None
            }
        });
    }

    /// Waits until the text stands on the screen.
    pub fn wait_for_text(&self, text: &str) {
        self.wait_for(text, |screen| screen.contents().contains(text));
    }

    /// Waits until the program has sent this.
    pub fn wait_for_bytes(&self, wanted: &str) {
        let wanted = wanted.as_bytes();
        self.wait(&format!("{wanted:?}"), |state| {
            let mut windows = state.bytes.windows(wanted.len());
            windows.any(|window| window == wanted).then_some(())
        });
    }

    /// Waits for the end of the program and of all it has drawn.
    pub fn wait_for_end(&self) -> ExitStatus {
        self.wait("the program's end", |state| {
            let all_read = state.parser.callbacks().marked_end;
            state.ended.clone().filter(|_| all_read)
        })
    }

    fn wait<T>(&self, what: &str, mut met: impl FnMut(&State) -> Option<T>) -> T {
        let mut found = None;
        let state = self.shared.state();
        let waited = self
            .shared
            .changed
            .wait_timeout_while(state, PATIENCE, |state| {
                found = met(state);
                found.is_none()
            });
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        found.unwrap_or_else(|| panic!("waited in vain for: {what}\n{}", shown(&state)))
    }

    pub fn contents(&self) -> String {
        self.shared.state().parser.screen().contents()
    }

    /// Everything the program has sent so far.
    pub fn bytes(&self) -> Vec<u8> {
        self.shared.state().bytes.clone()
    }

    /// Questions to the terminal so far (cursor position, attributes, colours).
    pub fn queries(&self) -> usize {
        self.shared.state().parser.callbacks().queries
    }

    /// What of the terminal is not as the program found it; empty is right.
    pub fn left_behind(&self) -> Vec<String> {
        let state = self.shared.state();
        let screen = state.parser.screen();
        let modes = state.parser.callbacks();
        let mut wrong = Vec::new();
        for (left, what) in [
            (screen.alternate_screen(), "the alternate screen is on"),
            (screen.hide_cursor(), "the cursor is hidden"),
            (screen.bracketed_paste(), "bracketed paste is on"),
            (
                screen.application_cursor(),
                "application cursor keys are on",
            ),
            (
                screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None,
                "the mouse is reported",
            ),
            (modes.focus_reports, "the focus is reported"),
            (modes.synchronized, "a synchronized update is open"),
            (modes.key_levels > 0, "kitty's keyboard mode is on"),
        ] {
            if left {
                wrong.push(what.to_owned());
            }
        }
        let settings = format!("{:?}", self.master.get_termios());
        if settings != self.settings_before {
            wrong.push(format!(
                "the terminal's settings differ:\n  before {}\n  after  {settings}",
                self.settings_before
            ));
        }
        wrong
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        if self.shared.state().ended.is_none() {
            // It leads the session of its terminal, and with it a group of its own.
            send_signal("KILL", &format!("-{}", self.pid));
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // A test that fails while it looks at the screen must still be able to clean up.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The terminal's reply.
    fn take_in(&self, bytes: &[u8]) -> Vec<u8> {
        let mut state = self.state();
        state.bytes.extend_from_slice(bytes);
        state.parser.process(bytes);
        let reply = std::mem::take(&mut state.parser.callbacks_mut().reply);
        drop(state);
        self.changed.notify_all();
        reply
    }
}

fn send_signal(name: &str, target: &str) {
    let sent = Command::new("kill")
        .args(["-s", name, "--", target])
        .stderr(Stdio::null())
        .status();
    assert!(sent.is_ok(), "the command kill is there");
}

fn shown(state: &State) -> String {
    let screen = state.parser.screen();
    let (rows, columns) = screen.size();
    let rule = "-".repeat(usize::from(columns.get()));
    format!("{rows} x {columns}\n{rule}\n{}\n{rule}", screen.contents())
}

fn cells((rows, columns): (u16, u16)) -> (NonZeroU16, NonZeroU16) {
    let cells = |n| NonZeroU16::new(n).expect("a terminal has a row and a column");
    (cells(rows), cells(columns))
}

fn pty_size((rows, cols): (u16, u16)) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}
