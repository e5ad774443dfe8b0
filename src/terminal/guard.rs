//! The promise that the terminal is given back as it was: on return, error, panic and suspension.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::thread::{self, ThreadId};

use rustix::process::{Signal, getpgid, getpgrp, getppid, kill_process};
use signal_hook::consts::SIGTSTP;

use super::modes::Modes;
use super::tty::Tty;

/// The thread that holds the terminal, while one does: there is one terminal, and the panic hook must find it.
static HOLDER: Mutex<Option<ThreadId>> = Mutex::new(None);
static HOOK: Once = Once::new();

/// Raw mode and the alternate screen, for as long as this value lives.
#[derive(Debug)]
pub struct Terminal {
    modes: Modes,
}

impl Terminal {
    /// Takes the terminal over. From now on a panic of this thread gives it back before its message is printed;
    /// a panic of any other thread only goes to the log, since the program goes on.
    ///
    /// Fails where stdout is no terminal, or there is none to read keys from.
    pub fn enter(modes: Modes) -> io::Result<Self> {
        // Keys come from the terminal even where lines are piped in.
        let keys = io::stdin().is_terminal() || File::open("/dev/tty").is_ok();
        if !(keys && io::stdout().is_terminal()) {
            return Err(io::Error::other(
                "there must be a terminal; the subcommands with --json need none",
            ));
        }
        HOOK.call_once(install_hook);
        take(modes)?;
        Ok(Self { modes })
    }

    /// Gives the terminal back, stops this process as Ctrl-Z does, and takes the terminal again when it goes on.
    ///
    /// Draw everything anew afterwards. Where there is no job control it returns at once.
    pub fn suspend(&mut self) -> io::Result<()> {
        leave();
        stop_parent_in_group();
        let stopped = signal_hook::low_level::raise(SIGTSTP);
        take(self.modes)?;
        stopped
    }

    /// Takes the terminal again after somebody else stopped and continued this process (`Event::Resume`): a
    /// shell has used it meanwhile. Draw everything anew afterwards.
    pub fn resume(&mut self) -> io::Result<()> {
        // Raw mode counts as on; only turning it off first makes it set again.
        crossterm::terminal::disable_raw_mode()?;
        take(self.modes)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        leave();
    }
}

/// A parent of our own process group (`cargo run`, a script) would wait for us instead of stopping, and the shell
/// would not come back. The terminal's own Ctrl-Z reaches the whole group too.
///
/// Not by a signal to the group: that could reach another thread and leave this one running a little longer.
fn stop_parent_in_group() {
    let parent = getppid().filter(|&parent| getpgid(Some(parent)).is_ok_and(|g| g == getpgrp()));
    if let Some(parent) = parent
        && let Err(error) = kill_process(parent, Signal::TSTP)
    {
        tracing::warn!(%error, "the parent process could not be stopped");
    }
}

fn holder() -> MutexGuard<'static, Option<ThreadId>> {
    HOLDER.lock().unwrap_or_else(PoisonError::into_inner)
}

fn take(modes: Modes) -> io::Result<()> {
    crossterm::terminal::enable_raw_mode()?;
    *holder() = Some(thread::current().id());
    Tty::open()?.write_all(modes.enter().as_bytes())
}

/// Once is enough; a terminal that is gone cannot be given back.
fn leave() {
    if holder().take().is_some() {
        let sent = Tty::open().and_then(|mut tty| tty.write_all(Modes::leave().as_bytes()));
        let cooked = crossterm::terminal::disable_raw_mode();
        if let Err(error) = sent.and(cooked) {
            tracing::warn!(%error, "the terminal could not be restored");
        }
    }
}

fn install_hook() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let held_by = *holder();
        match held_by {
            Some(thread) if thread != thread::current().id() => {
                tracing::error!("{info}");
            }
            _ => {
                leave();
                print(info);
            }
        }
    }));
}
