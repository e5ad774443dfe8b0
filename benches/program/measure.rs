//! The measurements, one function each, and the table they are printed in.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::process::{Usage, usage};
use crate::stage::{BINARY, SIZE, env, press, spawn};
use crate::table::{figure, median, ms, row};

const TURNS: usize = 7;
const MILLION: usize = 1_000_000;
/// A key that changes nothing is not waited for longer.
const PATIENCE: Duration = Duration::from_secs(1);
/// Data is there when the run that failed before the start is named.
const DATA: &str = "churn-train #212";
/// After so long without a key the program idles.
const SETTLING: Duration = Duration::from_secs(35);
const IDLING: Duration = Duration::from_secs(60);

pub fn all(quick: bool) {
    let home = tempfile::tempdir().unwrap();
    let served = Served::start();
    start(home.path(), &served.url);
    leave(home.path());
    keys(home.path());
    lines(home.path());
    if !quick {
        idle(home.path(), &served.url);
    }
}

/// A way to start the program, and what was measured of it, in ms since exec.
struct Started<'a> {
    name: &'a str,
    arguments: &'a [&'a str],
    frame: Vec<f64>,
    data: Vec<f64>,
}

impl<'a> Started<'a> {
    fn new(name: &'a str, arguments: &'a [&'a str]) -> Self {
        Self {
            name,
            arguments,
            frame: Vec::new(),
            data: Vec::new(),
        }
    }
}

/// Exec to the first frame and to the first data, and the same of peers, in turn.
fn start(home: &Path, url: &str) {
    let over_http = ["--endpoint-url", url];
    let mut ours = [
        Started::new("demo", &["demo"]),
        Started::new("over HTTP", &over_http),
    ];
    let mut peers: Vec<(&str, Vec<f64>)> = ["gitui", "lazygit", "lnav", "less"]
        .into_iter()
        .filter(|name| is_on_path(name))
        .map(|name| (name, Vec::new()))
        .collect();
    for _ in 0..TURNS {
        for Started {
            arguments,
            frame,
            data,
            ..
        } in &mut ours
        {
            let begin = Instant::now();
            let pty = spawn(BINARY, arguments, home);
            pty.wait_for("a frame", |screen| screen.contents().len() > 20);
            frame.push(ms(begin));
            pty.wait_for_text(DATA);
            data.push(ms(begin));
            pty.press("q");
            pty.wait_for_end();
        }
        for (name, frame) in &mut peers {
            let begin = Instant::now();
            let readme = format!("{}/README.md", env!("CARGO_MANIFEST_DIR"));
            let arguments: &[&str] = match *name {
                "less" | "lnav" => &[&readme],
                _ => &[],
            };
            let pty = spawn(name, arguments, home);
            pty.wait_for("a frame", |screen| screen.contents().len() > 20);
            frame.push(ms(begin));
        }
    }
    for Started {
        name, frame, data, ..
    } in ours
    {
        row(&format!("exec to the first frame, {name}"), &frame, "30 ms");
        row(&format!("exec to the first data, {name}"), &data, "150 ms");
    }
    for (name, frame) in peers {
        row(&format!("  {name}: exec to the first frame"), &frame, "");
    }
    if is_on_path("aws") {
        let spent: Vec<f64> = (0..TURNS)
            .map(|_| {
                let begin = Instant::now();
                let mut aws = Command::new("aws");
                aws.args(["sts", "get-caller-identity", "--endpoint-url", url]);
                aws.envs(env(home)).stdout(Stdio::null()).status().unwrap();
                ms(begin)
            })
            .collect();
        row("  aws sts get-caller-identity, the same server", &spent, "");
    }
}

/// `q` to the end of the process.
fn leave(home: &Path) {
    let black_hole = black_hole();
    for (what, arguments, ready) in [
        ("demo", vec!["demo"], DATA),
        (
            "requests hanging",
            vec!["--endpoint-url", &black_hole],
            "Needs you",
        ),
    ] {
        let spent: Vec<f64> = (0..TURNS)
            .map(|_| {
                let pty = spawn(BINARY, &arguments, home);
                pty.wait_for_text(ready);
                let begin = Instant::now();
                pty.press("q");
                pty.wait_for_end();
                ms(begin)
            })
            .collect();
        row(&format!("q to the end, {what}"), &spent, "50 ms");
    }
}

/// Bytes that a key sends to the terminal.
fn keys(home: &Path) {
    let pty = spawn(BINARY, &["demo"], home);
    pty.wait_for_text(DATA);
    press(&pty, "2");
    for (what, key, goal) in [
        ("selection down", "j", "400 B"),
        ("selection up", "k", "400 B"),
        ("screen", "3", "8 kB"),
        ("screen back", "2", "8 kB"),
    ] {
        let bytes: Vec<f64> = (0..if key == "j" || key == "k" { 5 } else { 1 })
            .map(|_| press(&pty, key))
            .collect();
        figure(
            &format!("bytes of a key: {what}"),
            median(&bytes),
            "B",
            goal,
        );
    }
    pty.press("q");
    pty.wait_for_end();
}

/// Bytes and time of a key over a million lines of a file.
fn lines(home: &Path) {
    let file = home.join("training.log");
    let mut text = String::new();
    for step in 0..MILLION {
        let (epoch, loss) = (step / 1000, 2.0 - step as f64 / 1e6);
        writeln!(
            text,
            "2026-11-22 13:02:11 INFO train.loop epoch={epoch} step={step} loss={loss:.4} lr=3e-4"
        )
        .unwrap();
    }
    std::fs::write(&file, text).unwrap();
    let file = file.to_string_lossy();
    let pty = spawn(BINARY, &["logs", &file], home);
    pty.wait_for_text("1,000,000 lines");
    let end = usize::from(SIZE.0);
    press(&pty, "gg");
    for (what, key, times, goal) in [
        ("to the foot", "j", end, ""),
        ("a line down", "j", 15, "600 B"),
        ("a page down", "\x04", 7, "5 kB"),
        ("to the head", "k", end, ""),
        ("a line up", "k", 15, "600 B"),
    ] {
        let (mut bytes, mut spent) = (Vec::new(), Vec::new());
        for _ in 0..times {
            let begin = Instant::now();
            let before = pty.bytes().len();
            pty.press(key);
            while pty.bytes().len() == before && begin.elapsed() < PATIENCE {
                thread::sleep(Duration::from_micros(200));
            }
            spent.push(ms(begin));
            thread::sleep(Duration::from_millis(60));
            bytes.push((pty.bytes().len() - before) as f64);
        }
        if !goal.is_empty() {
            let what = format!("a million lines, {what}");
            figure(
                &format!("bytes of a key: {what}"),
                median(&bytes),
                "B",
                goal,
            );
            row(&format!("key to frame: {what}"), &spent, "4 ms");
        }
    }
    pty.press("q");
    pty.wait_for_end();
}

/// A minute with nothing to do but to ask and to age.
fn idle(home: &Path, url: &str) {
    for (what, arguments) in [
        ("demo", vec!["demo"]),
        ("over HTTP", vec!["--endpoint-url", url]),
    ] {
        let pty = spawn(BINARY, &arguments, home);
        pty.wait_for_text(DATA);
        thread::sleep(SETTLING);
        let (before, bytes) = (usage(pty.pid), pty.bytes().len());
        thread::sleep(IDLING);
        let (after, now) = (usage(pty.pid), pty.bytes().len());
        let Usage {
            rss_mb, anon_mb, ..
        } = after;
        let seconds = IDLING.as_secs_f64();
        let minute = 60.0 / seconds;
        figure(
            &format!("idle, {what}: to the terminal"),
            (now - bytes) as f64 * minute,
            "B/min",
            "1 kB/min",
        );
        let percent = (after.cpu_ms - before.cpu_ms) / seconds / 10.0;
        figure(&format!("idle, {what}: processor"), percent, "%", "0.3 %");
        let wakes = (after.waits - before.waits) as f64 / seconds;
        figure(&format!("idle, {what}: wake-ups"), wakes, "/s", "");
        figure(
            &format!("idle, {what}: resident memory"),
            rss_mb,
            "MB",
            "40 MB",
        );
        figure(
            &format!("idle, {what}: of that not of files"),
            anon_mb,
            "MB",
            "",
        );
        pty.press("q");
        pty.wait_for_end();
    }
}

/// The simulated account over HTTP, for as long as this lives.
struct Served {
    child: Child,
    url: String,
}

impl Served {
    fn start() -> Self {
        let mut child = Command::new(BINARY)
            .args(["simulate", "--listen", "127.0.0.1:0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = line
            .split_whitespace()
            .find(|word| word.starts_with("http://"))
            .unwrap_or_else(|| panic!("it tells no URL: {line}"));
        Self {
            url: url.trim_end_matches(['.', ',']).to_owned(),
            child,
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An endpoint that takes connections and says nothing.
fn black_hole() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        let mut held = Vec::new();
        for stream in listener.incoming() {
            held.push(stream);
        }
    });
    url
}

fn is_on_path(name: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}
