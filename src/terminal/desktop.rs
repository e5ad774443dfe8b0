//! The desktop around the terminal, where there is one: its clipboard and its browser.

use std::io;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::thread;

use crate::config::Env;

/// Whether windows could be shown to the user from here.
pub fn has_display(env: &Env) -> bool {
    cfg!(target_os = "macos") || env.has("DISPLAY") || env.has("WAYLAND_DISPLAY")
}

/// Whether the user sits at another machine.
pub fn is_remote(env: &Env) -> bool {
    env.has("SSH_CONNECTION") || env.has("SSH_TTY") || env.has("SSH_CLIENT")
}

/// What became of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// A browser was asked to open it.
    Browser,
    /// There is none here: show the link.
    Nowhere,
}

/// Opens a web address in the user's browser, if that is on this machine. Never waits for it.
///
/// Fails for anything but http and https, and where the opener cannot be started.
pub fn open_url(url: &str, env: &Env) -> io::Result<Opened> {
    if !(url.starts_with("https://") || url.starts_with("http://")) {
        return Err(io::Error::other(format!("not a web address: {url}")));
    }
    if !has_display(env) || is_remote(env) {
        return Ok(Opened::Nowhere);
    }
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let started = Command::new(opener)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    match started {
        Ok(mut child) => {
            // Somebody must wait for it, or it stays as a zombie.
            thread::Builder::new()
                .name("browser".into())
                .spawn(move || match child.wait() {
                    Ok(status) => tracing::debug!(%status, "the browser's opener has ended"),
                    Err(error) => tracing::warn!(%error, "the browser's opener is lost"),
                })?;
            Ok(Opened::Browser)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Opened::Nowhere),
        Err(error) => Err(error),
    }
}

/// The desktop's clipboard, on a thread of its own: it can be slow, and on X11 it must live on to be asked.
#[derive(Debug)]
pub struct DesktopClipboard(Sender<String>);

impl DesktopClipboard {
    /// `None` where there is no desktop. Nothing is connected before the first text.
    pub fn start(env: &Env) -> Option<Self> {
        if !has_display(env) {
            return None;
        }
        let (sender, texts) = channel::<String>();
        let started = thread::Builder::new()
            .name("clipboard".into())
            .spawn(move || {
                let mut clipboard = None;
                while let Ok(text) = texts.recv() {
                    if clipboard.is_none() {
                        clipboard = match arboard::Clipboard::new() {
                            Ok(new) => Some(new),
                            Err(error) => {
                                tracing::warn!(%error, "no clipboard of the desktop");
                                None
                            }
                        };
                    }
                    if let Some(Err(error)) = clipboard.as_mut().map(|c| c.set_text(text)) {
                        tracing::warn!(%error, "the desktop's clipboard took nothing");
                    }
                }
            });
        started.ok().map(|_| Self(sender))
    }

    /// Hands a text over and returns at once.
    pub fn copy(&self, text: &str) {
        if self.0.send(text.to_owned()).is_err() {
            tracing::warn!("the clipboard's thread has ended");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_opened() {
        let env = Env::from([("DISPLAY", ":0")]);
        for url in ["file:///etc/passwd", "-x", "javascript:1", ""] {
            assert!(open_url(url, &env).is_err(), "{url}");
        }
    }

    #[cfg(not(target_os = "macos"))]
    #[test]
    fn without_a_desktop_the_link_is_for_showing() {
        let url = "https://example.com";
        for env in [
            Env::from([]),
            Env::from([("DISPLAY", ":0"), ("SSH_CONNECTION", "1 2 3 4")]),
        ] {
            assert_eq!(open_url(url, &env).unwrap(), Opened::Nowhere);
        }
        assert!(DesktopClipboard::start(&Env::from([])).is_none());
    }
}
