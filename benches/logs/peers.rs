//! Other programs at the same work, run as they would be from a shell, and the memory of this one.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use flightdeck::logs::pattern::Search;

pub struct Peer {
    pub name: String,
    program: &'static str,
    args: Vec<String>,
}

impl Peer {
    fn new(name: impl Into<String>, program: &'static str, args: Vec<String>) -> Self {
        Self {
            name: name.into(),
            program,
            args,
        }
    }

    fn output(&self) -> Option<std::process::Output> {
        let mut command = Command::new(self.program);
        command
            .args(&self.args)
            .stdin(Stdio::null())
            .env("LC_ALL", "C.UTF-8");
        command.output().ok()
    }

    /// Milliseconds from start to end; `None` if it is not installed.
    pub fn run(&self) -> Option<f64> {
        let start = Instant::now();
        self.output()?;
        Some(start.elapsed().as_secs_f64() * 1000.0)
    }

    /// The number it printed; no match prints none.
    pub fn count(&self) -> Option<u64> {
        let output = self.output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        Some(text.trim().parse().unwrap_or(0))
    }
}

fn search_args(path: &Path, search: &Search, flags: &str, plain: &str) -> Vec<String> {
    let kind = if search.regex {
        String::new()
    } else {
        plain.to_owned()
    };
    let mut args = vec![format!("-c{flags}{kind}"), "-e".into(), search.text.clone()];
    args.push(path.display().to_string());
    args
}

pub fn ripgrep(path: &Path, search: &Search, flags: &str) -> Peer {
    let args = search_args(path, search, flags, "F");
    Peer::new(format!("rg -c{flags}"), "rg", args)
}

pub fn grep(path: &Path, search: &Search, flags: &str) -> Peer {
    let plain = if search.regex { "P" } else { "F" };
    let mut args = search_args(path, search, flags, plain);
    if search.regex {
        args[0].push('P');
    }
    Peer::new(format!("grep -c{flags}"), "grep", args)
}

/// Without a terminal: it indexes, goes to the last line and leaves. It also finds the time and level of each line.
pub fn lnav_index(path: &Path) -> Peer {
    let args = ["-n", "-c", ":goto 100%", "-c", ":switch-to-view help"];
    let mut args: Vec<String> = args.map(String::from).into();
    args.push(path.display().to_string());
    Peer::new("lnav -n (with times and levels)", "lnav", args)
}

pub fn count_lines(path: &Path) -> Peer {
    Peer::new("wc -l", "wc", vec!["-l".into(), path.display().to_string()])
}

/// Kilobytes of this process, from the kernel; 0 where it does not tell.
pub fn memory(what: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(what));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}
