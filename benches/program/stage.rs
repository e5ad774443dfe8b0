//! The program in a pseudo-terminal, with nothing of the user's own.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::pty::{Pty, Stage};

pub const BINARY: &str = env!("CARGO_BIN_EXE_flightdeck");
/// Rows and columns.
pub const SIZE: (u16, u16) = (40, 120);

pub fn spawn(program: &str, arguments: &[&str], home: &Path) -> Pty {
    Pty::spawn(Stage {
        program,
        arguments,
        size: SIZE,
        env: env(home),
        folder: Path::new(env!("CARGO_MANIFEST_DIR")),
        mute: false,
    })
}

/// Nothing of the user's own: a home of its own, and keys that open nothing.
pub fn env(home: &Path) -> Vec<(&'static str, PathBuf)> {
    vec![
        ("HOME", home.to_owned()),
        ("AWS_ACCESS_KEY_ID", "benchmark".into()),
        ("AWS_SECRET_ACCESS_KEY", "benchmark".into()),
        ("AWS_REGION", "eu-west-1".into()),
        // The older CLI reads this one.
        ("AWS_DEFAULT_REGION", "eu-west-1".into()),
        ("LANG", "C.UTF-8".into()),
    ]
}

/// Presses a key and waits until nothing more comes: how many bytes came.
pub fn press(pty: &Pty, key: &str) -> f64 {
    let before = pty.bytes().len();
    pty.press(key);
    let mut last = before;
    loop {
        thread::sleep(Duration::from_millis(60));
        let now = pty.bytes().len();
        if now == last && now > before {
            return (now - before) as f64;
        }
        last = now;
    }
}
