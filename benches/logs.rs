//! The log engine beside its peers, on the same file, in one run: `cargo bench --no-default-features --bench logs -- [FILE]`.
//!
//! Without FILE a log of a million lines is made in the target folder, the same one every time. Each row is measured
//! several times, ours and the peer's in turn; medians are told, because wall times of a busy machine are not steady.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a benchmark measures time and may stop at anything unexpected"
)]

#[path = "logs/data.rs"]
mod data;
#[path = "logs/peers.rs"]
mod peers;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use flightdeck::domain::log::LogLine;
use flightdeck::logs::ask::{Anchor, Ask};
use flightdeck::logs::clock::{self, Assumed};
use flightdeck::logs::condition::{Chain, Step, Test, Way};
use flightdeck::logs::key::LineKey;
use flightdeck::logs::pattern::{Case, Search};
use flightdeck::logs::reader::{Input, Reader, Settings};
use flightdeck::logs::told::{Progress, Told};

const ROUNDS: usize = 5;

fn main() {
    // cargo passes --bench; whatever else begins with a dash is not for us either.
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--memory", ref paths @ ..] => {
            return memory(paths.iter().map(PathBuf::from).collect());
        }
        ["--soak"] => return soaking(),
        _ => {}
    }
    let file = args.into_iter().find(|arg| !arg.starts_with('-'));
    let path = file.map_or_else(|| data::log(1_000_000), PathBuf::from);
    let bytes = std::fs::metadata(&path).unwrap().len();
    // Both sides read from the page cache.
    std::fs::read(&path).unwrap();
    println!(
        "{} ({} MB), medians of {ROUNDS}",
        path.display(),
        bytes / 1_000_000
    );
    println!("{:<44} {:>10}  peer", "", "ours");

    indexing(&path);
    merging(&path);
    for (name, text, regex, case, flags) in [
        (
            "absent literal",
            "zebra crossing",
            false,
            Case::Sensitive,
            "",
        ),
        (
            "rare literal",
            "CUDA out of memory",
            false,
            Case::Sensitive,
            "",
        ),
        ("frequent literal", "loss=", false, Case::Sensitive, ""),
        (
            "frequent literal, any case",
            "LOSS=",
            false,
            Case::Insensitive,
            "i",
        ),
        (
            "expression, any case",
            r"worker \d+ SLOW: [89]\d\d ms",
            true,
            Case::Insensitive,
            "i",
        ),
    ] {
        let search = Search {
            text: text.into(),
            regex,
            case,
        };
        searching(&path, name, &search, flags);
    }
    filtering(&path);
    finding(&path);
    growing();
    ingesting();
    again(&["--soak"]);
}

/// A reader and what it tells.
struct Desk {
    reader: Reader,
    told: Receiver<Told>,
}

impl Desk {
    fn new(input: Input, max_hot_bytes: usize) -> Self {
        let (sender, told) = channel();
        let settings = Settings {
            max_hot_bytes,
            spool_folder: Some(data::folder()),
            time_of: |line| clock::time_of(line, &Assumed::default()),
            ..Settings::default()
        };
        let reader = Reader::start(input, settings, move |message| {
            let _ = sender.send(message);
        });
        Self {
            reader: reader.unwrap(),
            told,
        }
    }

    fn open(path: &Path) -> Self {
        Self::new(Input::Files(vec![path.to_owned()]), 64 << 20)
    }

    fn indexed(path: &Path) -> (Self, Progress) {
        let desk = Self::open(path);
        let progress = desk.until_done();
        (desk, progress)
    }

    fn until<R>(&self, mut wanted: impl FnMut(Told) -> Option<R>) -> R {
        loop {
            let message = self.told.recv_timeout(Duration::from_secs(120)).unwrap();
            if let Some(found) = wanted(message) {
                return found;
            }
        }
    }

    fn until_done(&self) -> Progress {
        self.until(|told| match told {
            Told::Progress(progress) if progress.done => Some(progress),
            _ => None,
        })
    }

    /// Answers how many windows were told on the way, too.
    fn until_lines(&self, lines: u64) -> (Progress, usize) {
        let mut windows = 0;
        let progress = self.until(|told| match told {
            Told::Progress(progress) if progress.lines == lines => Some(progress),
            Told::Window(_) => {
                windows += 1;
                None
            }
            _ => None,
        });
        (progress, windows)
    }

    fn window(&self, generation: u64, anchor: Anchor) {
        self.reader.ask(Ask::Window {
            generation,
            anchor,
            before: 40,
            after: 40,
        });
    }
}

fn millis(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1000.0
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// One row: ours in milliseconds, and how a peer compares.
fn row(name: &str, ours: f64, peer: Option<(&str, f64)>) {
    match peer {
        Some((peer, theirs)) => println!(
            "{name:<44} {ours:>7.1} ms  {peer} {theirs:.1} ms, ours takes {:.2} of it",
            ours / theirs
        ),
        None => println!("{name:<44} {ours:>7.1} ms"),
    }
}

/// Each side in turn; a peer that is not installed is said to be so.
fn rounds(name: &str, mut ours: impl FnMut() -> f64, peers: &[peers::Peer]) {
    let mut times = vec![Vec::new(); peers.len() + 1];
    for _ in 0..ROUNDS {
        times[0].push(ours());
        for (at, peer) in peers.iter().enumerate() {
            times[at + 1].extend(peer.run());
        }
    }
    let ours = median(times.remove(0));
    if peers.is_empty() {
        row(name, ours, None);
    }
    for (peer, times) in peers.iter().zip(times) {
        if times.is_empty() {
            println!("{name:<44} {ours:>7.1} ms  {} is not installed", peer.name);
        } else {
            row(name, ours, Some((&peer.name, median(times))));
        }
    }
}

fn indexing(path: &Path) {
    rounds(
        "first screen from the head",
        || {
            let start = Instant::now();
            let desk = Desk::open(path);
            desk.window(1, Anchor::Top);
            desk.until(|told| match told {
                Told::Window(window) if window.lines.len() > 30 => Some(()),
                _ => None,
            });
            millis(start)
        },
        &[],
    );
    rounds(
        "first screen from the end",
        || {
            let start = Instant::now();
            let desk = Desk::open(path);
            desk.window(1, Anchor::End);
            desk.until(|told| match told {
                Told::Window(window) if window.lines.len() > 30 => Some(()),
                _ => None,
            });
            millis(start)
        },
        &[],
    );
    rounds(
        "all lines indexed",
        || {
            let start = Instant::now();
            Desk::indexed(path);
            millis(start)
        },
        &[peers::lnav_index(path), peers::count_lines(path)],
    );
    // In a process of its own: memory that was used before would hide what is used now.
    again(&["--memory", &path.display().to_string()]);
}

/// The same lines in several files, to be merged by time.
fn merging(path: &Path) {
    for files in [2, 300] {
        let paths = data::dealt(path, files);
        for path in &paths {
            std::fs::read(path).unwrap();
        }
        let ours = || {
            let start = Instant::now();
            Desk::new(Input::Files(paths.clone()), 64 << 20).until_done();
            millis(start)
        };
        rounds(
            &format!("the same lines in {files} files merged"),
            ours,
            &[],
        );
        let screen = || {
            let start = Instant::now();
            let desk = Desk::new(Input::Files(paths.clone()), 64 << 20);
            desk.window(1, Anchor::End);
            desk.until(|told| match told {
                Told::Window(window) if window.lines.len() > 30 => Some(()),
                _ => None,
            });
            millis(start)
        };
        rounds("  first screen from the end", screen, &[]);
        let mut args = vec!["--memory".to_owned()];
        args.extend(paths.iter().map(|path| path.display().to_string()));
        again(&args.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

/// Runs this program once more, for one measurement.
fn again(args: &[&str]) {
    let program = std::env::current_exe().unwrap();
    let status = Command::new(program).args(args).status().unwrap();
    assert!(status.success());
}

fn memory(paths: Vec<PathBuf>) {
    let idle = peers::memory("VmRSS");
    let desk = Desk::new(Input::Files(paths), 64 << 20);
    let progress = desk.until_done();
    desk.window(1, Anchor::End);
    desk.until(|told| matches!(told, Told::Window(window) if window.settled).then_some(()));
    let indexed = peers::memory("VmHWM") - idle;
    let search = Search {
        text: "loss=".into(),
        ..Search::default()
    };
    desk.reader.ask(Ask::Search {
        generation: 1,
        test: Some(Test::new(search.compile().unwrap())),
        around: None,
    });
    desk.until(|told| matches!(told, Told::Counted { done: true, .. }).then_some(()));
    let searched = peers::memory("VmHWM") - idle;
    println!(
        "{:<44} {:>7.1} MB  for {} lines: {:.1} bytes a line; {:.1} MB after a search",
        "peak memory over idle, file indexed",
        indexed as f64 / 1e3,
        progress.lines,
        indexed as f64 * 1e3 / progress.lines as f64,
        searched as f64 / 1e3,
    );
}

fn searching(path: &Path, name: &str, search: &Search, flags: &str) {
    let (desk, _) = Desk::indexed(path);
    let mut generation = 0;
    let mut hits = 0;
    rounds(
        name,
        || {
            generation += 1;
            let start = Instant::now();
            desk.reader.ask(Ask::Search {
                generation,
                test: Some(Test::new(search.compile().unwrap())),
                around: None,
            });
            hits = desk.until(|told| match told {
                Told::Counted {
                    generation: of,
                    matches,
                    done: true,
                } if of == generation => Some(matches),
                _ => None,
            });
            millis(start)
        },
        &[
            peers::ripgrep(path, search, flags),
            peers::grep(path, search, flags),
        ],
    );
    println!("{:<44} {hits:>7} lines", "");
    if let Some(theirs) = peers::ripgrep(path, search, flags).count() {
        assert_eq!(hits, theirs, "rg counts otherwise");
    }
}

fn step(text: &str, way: Way) -> Step {
    let search = Search {
        text: text.into(),
        ..Search::default()
    };
    Step {
        test: Test::new(search.compile().unwrap()),
        way,
        on: true,
    }
}

fn filtering(path: &Path) {
    let (desk, _) = Desk::indexed(path);
    let mut generation = 0;
    rounds(
        "filter: INFO in, trainer out, until all is known",
        || {
            generation += 1;
            let chain = Chain(vec![step("INFO", Way::Keep), step("trainer", Way::Drop)]);
            let start = Instant::now();
            desk.reader.ask(Ask::SetView {
                generation,
                chain,
                around: None,
            });
            desk.until(|told| {
                matches!(told, Told::Progress(p) if p.view == generation && p.done).then_some(())
            });
            millis(start)
        },
        &[],
    );
    rounds(
        "filter: first screen of it",
        || {
            generation += 1;
            let chain = Chain(vec![step("INFO", Way::Keep), step("trainer", Way::Drop)]);
            let start = Instant::now();
            desk.reader.ask(Ask::SetView {
                generation,
                chain,
                around: None,
            });
            desk.window(generation, Anchor::End);
            desk.until(|told| match told {
                Told::Window(window)
                    if window.generation == generation && window.lines.len() > 30 =>
                {
                    Some(())
                }
                _ => None,
            });
            millis(start)
        },
        &[],
    );
}

fn finding(path: &Path) {
    let (desk, _) = Desk::indexed(path);
    let mut generation = 0;
    rounds(
        "first rare hit from the top",
        || {
            generation += 1;
            let search = Search {
                text: "CUDA out of memory".into(),
                ..Search::default()
            };
            let start = Instant::now();
            desk.reader.ask(Ask::Find {
                generation,
                test: Test::new(search.compile().unwrap()),
                from: LineKey::FIRST,
                here: true,
                backwards: false,
                wrap: false,
            });
            desk.until(|told| matches!(told, Told::Found(_) | Told::NotFound { .. }).then_some(()));
            millis(start)
        },
        &[],
    );
    let mut latencies = Vec::new();
    for round in 0..20_u64 {
        let search = Search {
            text: format!("step={round}\\d+ epoch=1[0-9]"),
            regex: true,
            case: Case::Insensitive,
        };
        let test = Test::new(search.compile().unwrap());
        desk.reader.ask(Ask::Search {
            generation: round,
            test: Some(test),
            around: None,
        });
        for line in 0..10 {
            let generation = 1_000_000 + round * 10 + line;
            let start = Instant::now();
            desk.window(generation, Anchor::Visible(round * 40_000 + line));
            desk.until(|told| match told {
                Told::Window(window) if window.generation == generation => Some(()),
                _ => None,
            });
            latencies.push(millis(start));
        }
    }
    latencies.sort_by(f64::total_cmp);
    let p95 = latencies[latencies.len() * 95 / 100];
    row("a window while a search runs (p95)", p95, None);
}

fn batch(from: i64, count: i64) -> Vec<LogLine> {
    (from..from + count)
        .map(|i| LogLine {
            group: "/aws/sagemaker/TrainingJobs".into(),
            stream: format!("churn-train/algo-{}", i % 16),
            at: jiff::Timestamp::from_millisecond(1_763_000_000_000 + i / 4).unwrap(),
            ingested_at: jiff::Timestamp::from_millisecond(1_763_000_000_800 + i / 4).ok(),
            message: format!("2026-11-20 03:00:00,000 INFO trainer step={i} loss=0.{:05} acc=0.9{:03} tokens/s=38{:03} gpu_util=97.1% mem=71.3GiB", i % 99_991, i % 997, i % 991),
            event_id: Some(format!("{i:056}")),
        })
        .collect()
}

/// A burst of 500,000 lines at the end of a file, while a window follows it.
fn growing() {
    let path = data::folder().join("growing.log");
    std::fs::write(&path, "begin\n").unwrap();
    let burst = std::fs::read(data::log(1_000_000)).unwrap();
    let end = memchr::memchr_iter(b'\n', &burst).nth(499_998).unwrap();
    let (desk, _) = Desk::indexed(&path);
    desk.window(1, Anchor::End);
    let start = Instant::now();
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(&path)
        .unwrap();
    for piece in burst[..=end].chunks(4096) {
        file.write_all(piece).unwrap();
    }
    let written = millis(start);
    let (_, windows) = desk.until_lines(500_000);
    row("500,000 lines at the end of a file", millis(start), None);
    println!(
        "{:<44} {written:>7.1} ms  of it for writing them; {windows} windows told",
        ""
    );
}

/// Events with ids, in batches of a page, while a window follows them.
fn ingesting() {
    let batches: Vec<Vec<LogLine>> = (0..50).map(|n| batch(n * 10_000, 10_000)).collect();
    let desk = Desk::new(Input::Events, 256 << 20);
    desk.window(1, Anchor::End);
    let bytes: usize = batches
        .iter()
        .flatten()
        .map(|line| line.message.len())
        .sum();
    let start = Instant::now();
    for lines in batches {
        desk.reader.ask(Ask::Append {
            lines,
            older: false,
        });
    }
    let (progress, windows) = desk.until_lines(500_000);
    let took = millis(start);
    row("500,000 events taken in", took, None);
    println!(
        "{:<44} {:>7.0} events/s, {:.1} bytes a line over the text, {windows} windows told",
        "",
        500_000.0 / took * 1000.0,
        (progress.hot_bytes as f64 - bytes as f64) / 500_000.0
    );
}

/// Ten million events through a bound of 64 MB: memory must not grow in the last half.
fn soaking() {
    const EVENTS: i64 = 10_000_000;
    let desk = Desk::new(Input::Events, 64 << 20);
    desk.window(1, Anchor::End);
    let mut half = 0;
    let start = Instant::now();
    for n in 0..EVENTS / 10_000 {
        desk.reader.ask(Ask::Append {
            lines: batch(n * 10_000, 10_000),
            older: false,
        });
        while desk.reader.pending() > 40_000 {
            std::thread::sleep(Duration::from_micros(200));
        }
        while desk.told.try_recv().is_ok() {}
        if n == EVENTS / 20_000 {
            half = peers::memory("VmRSS");
        }
    }
    let progress = desk.until(|told| match told {
        Told::Progress(progress) if progress.lines + progress.dropped == EVENTS as u64 => {
            Some(progress)
        }
        _ => None,
    });
    let end = peers::memory("VmRSS");
    row(
        "10,000,000 events through a bound of 64 MB",
        millis(start),
        None,
    );
    println!(
        "{:<44} {:>7.1} MB held, {:.1} MB on disk, {} given up, resident {:.1} -> {:.1} MB in the last half",
        "",
        progress.hot_bytes as f64 / 1e6,
        progress.spooled_bytes as f64 / 1e6,
        progress.dropped,
        half as f64 / 1e3,
        end as f64 / 1e3
    );
}
