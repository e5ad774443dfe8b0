//! Copying: through the terminal (works over SSH, tmux and screen) and to the desktop where there is one.

use std::io::{self, Write};

use super::desktop::DesktopClipboard;
use super::osc52;
use super::screen::Screen;
use crate::config::Env;

/// Where copied text goes.
#[derive(Debug)]
pub struct Clipboard {
    env: Env,
    desktop: Option<DesktopClipboard>,
}

impl Clipboard {
    pub fn new(env: &Env) -> Self {
        Self {
            env: env.clone(),
            desktop: DesktopClipboard::start(env),
        }
    }

    /// Puts a text on every clipboard there is, without waiting for any.
    ///
    /// Fails when the text is too long for terminals and there is no desktop either.
    pub fn copy<W: Write>(&self, text: &str, screen: &mut Screen<W>) -> io::Result<()> {
        if let Some(desktop) = &self.desktop {
            desktop.copy(text);
        }
        match osc52::copy(text, &self.env) {
            Some(bytes) => screen.send(&bytes),
            None if self.desktop.is_some() => Ok(()),
            None => Err(io::Error::other(format!(
                "{} bytes are too long for the terminal's clipboard ({} at most)",
                text.len(),
                osc52::LONGEST
            ))),
        }
    }
}
