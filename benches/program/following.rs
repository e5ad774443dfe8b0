//! Following: a burst of half a million lines into a file and through a pipe, and single lines.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::process::usage;
use crate::pty::Pty;
use crate::stage::{BINARY, press, spawn};
use crate::table::{figure, median, ms, row};

const BURST: usize = 500_000;
/// Lines that are there before.
const BEFORE: usize = 20_000;
const SINGLES: usize = 20;
const TURNS: usize = 5;
/// Between two keys within a burst.
const KEY_EVERY: Duration = Duration::from_millis(40);

pub fn all(quick: bool) {
    let folder = tempfile::tempdir().unwrap();
    let turns = if quick { 1 } else { TURNS };
    let burst = lines(BEFORE, BURST);
    for (what, is_pipe) in [("file", false), ("pipe", true)] {
        let mut runs: Vec<Run> = (0..turns)
            .map(|turn| {
                let place = folder.path().join(format!("{what}-{turn}"));
                Run::of(&place, is_pipe, &burst)
            })
            .collect();
        tell(what, &mut runs);
    }
}

/// What was measured of one burst, and of single lines after it.
struct Run {
    ms: f64,
    bytes: f64,
    cpu_ms: f64,
    keys: Vec<f64>,
    lags: Vec<f64>,
    single_bytes: Vec<f64>,
}

impl Run {
    fn of(place: &Path, is_pipe: bool, burst: &[u8]) -> Self {
        let (pty, mut writer) = start(place, is_pipe);
        pty.wait_for_text(&mark(BEFORE - 1));
        press(&pty, "f");
        let (before, used) = (pty.bytes().len(), usage(program(&pty)));
        let begin = Instant::now();
        let (written, end) = thread::scope(|scope| {
            let writing = scope.spawn(|| {
                writer.write_all(burst).unwrap();
                writer.flush().unwrap();
            });
            pty.wait_for_text(&mark(BEFORE + BURST - 1));
            let end = ms(begin);
            writing.join().unwrap();
            (pty.bytes().len(), end)
        });
        let cpu_ms = usage(program(&pty)).cpu_ms - used.cpu_ms;
        let mut run = Self {
            ms: end,
            bytes: (written - before) as f64,
            cpu_ms,
            keys: Vec::new(),
            lags: Vec::new(),
            single_bytes: Vec::new(),
        };
        run.singles(&pty, &mut writer);
        run.keys(&pty, &mut writer, burst);
        pty.press("q");
        drop(writer);
        pty.wait_for_end();
        run
    }

    /// One line at a time: how long until it is seen, and what it costs.
    fn singles(&mut self, pty: &Pty, writer: &mut File) {
        for number in 0..SINGLES {
            thread::sleep(Duration::from_millis(350));
            let before = pty.bytes().len();
            let begin = Instant::now();
            writer.write_all(&lines(number + 900_000, 1)).unwrap();
            writer.flush().unwrap();
            pty.wait_for_text(&mark(number + 900_000));
            self.lags.push(ms(begin));
            thread::sleep(Duration::from_millis(100));
            self.single_bytes.push((pty.bytes().len() - before) as f64);
        }
    }

    /// Help is opened and closed while a second burst comes in.
    fn keys(&mut self, pty: &Pty, writer: &mut File, burst: &[u8]) {
        thread::scope(|scope| {
            let writing = scope.spawn(|| {
                writer.write_all(burst).unwrap();
                writer.flush().unwrap();
            });
            let is_open = |screen: &vt100::Screen| screen.contents().contains("Log lines");
            while !writing.is_finished() {
                for (key, open) in [("?", true), ("\x1b", false)] {
                    thread::sleep(KEY_EVERY);
                    let begin = Instant::now();
                    pty.press(key);
                    pty.wait_for(key, |screen| is_open(screen) == open);
                    self.keys.push(ms(begin));
                }
            }
        });
    }
}

/// The program on a file, or on the end of a pipe whose other end is written here.
fn start(place: &Path, is_pipe: bool) -> (Pty, File) {
    let home = place.with_extension("home");
    std::fs::create_dir_all(&home).unwrap();
    let head = lines(0, BEFORE);
    if !is_pipe {
        let mut file = File::create(place).unwrap();
        file.write_all(&head).unwrap();
        let name = place.to_string_lossy().into_owned();
        return (spawn(BINARY, &["logs", &name], &home), file);
    }
    Command::new("mkfifo").arg(place).status().unwrap();
    let script = format!("cat {} | {BINARY} logs -", place.display());
    let pty = spawn("sh", &["-c", &script], &home);
    let mut pipe = OpenOptions::new().write(true).open(place).unwrap();
    pipe.write_all(&head).unwrap();
    (pty, pipe)
}

/// The process that is measured: behind a pipe it is a child of the shell.
fn program(pty: &Pty) -> u32 {
    let is_ours = |pid: &u32| {
        let name = std::fs::read_link(format!("/proc/{pid}/exe")).unwrap_or_default();
        name == Path::new(BINARY)
    };
    let children = format!("/proc/{0}/task/{0}/children", pty.pid);
    let children = std::fs::read_to_string(children).unwrap_or_default();
    let mut children = children
        .split_whitespace()
        .filter_map(|pid| pid.parse().ok());
    children.find(is_ours).unwrap_or(pty.pid)
}

/// At the end of a line there would be no room for it on the screen.
fn mark(number: usize) -> String {
    format!("step={number:07} ")
}

/// Lines of a trainer, about 146 bytes each.
fn lines(first: usize, count: usize) -> Vec<u8> {
    let mut text = BufWriter::new(Vec::with_capacity(count * 150));
    for number in first..first + count {
        let (seconds, loss) = (number / 50, number.wrapping_mul(2_654_435_761) % 100_000);
        writeln!(
            text,
            "2026-11-22 {:02}:{:02}:{:02},{:03} INFO  {}trainer[algo-{}] epoch={} loss=0.{loss:05} acc=0.{:04} tokens/s=38{:03} gpu_util=97.1% mem=71.4GiB",
            seconds / 3600 % 24,
            seconds / 60 % 60,
            seconds % 60,
            number % 50 * 20,
            mark(number),
            number % 16,
            number / 5000,
            number % 10_000,
            number % 1000,
        )
        .unwrap();
    }
    text.into_inner().unwrap()
}

fn tell(what: &str, runs: &mut [Run]) {
    let of = |get: fn(&Run) -> f64| -> Vec<f64> { runs.iter().map(get).collect() };
    let all = |get: fn(&Run) -> &Vec<f64>| -> Vec<f64> {
        runs.iter()
            .flat_map(|run| get(run).iter().copied())
            .collect()
    };
    let burst = of(|run| run.ms);
    row(
        &format!("500,000 lines into a {what}, seen"),
        &burst,
        "555 ms",
    );
    let rate = BURST as f64 / median(&burst);
    figure("  a second", rate, "k", "900 k");
    figure(
        "  to the terminal",
        median(&of(|run| run.bytes)) / 1e3,
        "kB",
        "50 kB",
    );
    row("  processor", &of(|run| run.cpu_ms), "");
    let mut keys = all(|run| &run.keys);
    keys.sort_by(f64::total_cmp);
    row("  keys meanwhile", &keys, "");
    figure(
        "  of 100 keys the fifth slowest",
        keys[keys.len() * 95 / 100],
        "ms",
        "50 ms",
    );
    row(
        &format!("a single line into a {what}, seen"),
        &all(|run| &run.lags),
        "100 ms",
    );
    figure(
        "  to the terminal",
        median(&all(|run| &run.single_bytes)),
        "B",
        "600 B",
    );
}
