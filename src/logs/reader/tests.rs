use std::fs;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;

use crate::domain::log::LogLine;
use crate::logs::ask::{Anchor, Ask, Gap, Range};
use crate::logs::condition::{Chain, Step, Test, Way};
use crate::logs::document::{Bound, Document};
use crate::logs::events;
use crate::logs::files::{Files, How};
use crate::logs::key::LineKey;
use crate::logs::pattern::Search;
use crate::logs::pipe;
use crate::logs::told::{Told, Window};
use crate::logs::visit::{RawText, Visitor};

use super::desk::{Desk, Intake};
use super::mail::Mail;
use super::{Input, Reader, Settings};

mod asking;
mod following;

/// A desk whose clock is moved by hand, and whose helpers are waited for.
struct Bench {
    desk: Desk,
    mail: Receiver<Mail>,
    clock: Arc<AtomicU64>,
    told: Vec<Told>,
}

impl Bench {
    fn new(document: Document, intake: Intake) -> Self {
        let (sender, mail) = channel();
        let clock = Arc::new(AtomicU64::new(1000));
        let time = Arc::clone(&clock);
        let settings = Settings {
            time_of: number,
            threads: 2,
            ..Settings::default()
        };
        let clock_of = move || Duration::from_millis(time.load(Ordering::Relaxed));
        let mut desk = Desk::new(
            document,
            intake,
            &settings,
            true,
            sender,
            Box::new(clock_of),
        );
        desk.begin();
        Self {
            desk,
            mail,
            clock,
            told: Vec::new(),
        }
    }

    fn events() -> Self {
        let document = Document::new(Bound::new(64 << 20, None));
        Self::new(document, Intake::Events(events::Intake::default()))
    }

    fn files(paths: &[PathBuf]) -> Self {
        let mut document = Document::new(Bound::new(64 << 20, None));
        let files = Files::open(paths, &mut document, &how()).unwrap();
        Self::new(document, Intake::Files(files))
    }

    fn ask(&mut self, ask: Ask) {
        self.desk.take(Mail::Ask(ask));
    }

    fn pass(&mut self, ms: u64) {
        self.clock.fetch_add(ms, Ordering::Relaxed);
        self.told.extend(self.desk.settle());
    }

    /// Until an answer like this one is told.
    fn until<R>(&mut self, wanted: impl Fn(&Told) -> Option<R>) -> R {
        loop {
            self.pass(50);
            if let Some(found) = self.told.iter().rev().find_map(&wanted) {
                self.told.clear();
                return found;
            }
            let mail = self.mail.recv_timeout(Duration::from_secs(20));
            self.desk.take(mail.expect("the helpers have more to tell"));
        }
    }

    fn window(&mut self, anchor: Anchor, before: usize, after: usize) -> Window {
        self.ask(Ask::Window {
            generation: 1,
            anchor,
            before,
            after,
        });
        self.until(|told| match told {
            Told::Window(window) if window.settled => Some(window.clone()),
            _ => None,
        })
    }
}

fn number(text: &[u8]) -> Option<i64> {
    let digits = text.split(|byte| *byte == b' ').next()?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn line(at_ms: i64, message: &str) -> LogLine {
    LogLine {
        group: "g".into(),
        stream: "s".into(),
        at: Timestamp::from_millisecond(at_ms).unwrap(),
        ingested_at: Timestamp::from_millisecond(at_ms + 7).ok(),
        message: message.into(),
        event_id: Some(format!("{at_ms} {message}")),
    }
}

fn how() -> How {
    How {
        time_of: number,
        folder: None,
        grown: Arc::new(|| ()),
    }
}

fn append(lines: Vec<LogLine>) -> Ask {
    Ask::Append {
        lines,
        older: false,
    }
}

fn test(text: &str) -> Test {
    let search = Search {
        text: text.into(),
        regex: true,
        ..Search::default()
    };
    Test::new(search.compile().unwrap())
}

fn chain(steps: &[(&str, Way)]) -> Chain {
    Chain(
        steps
            .iter()
            .map(|(text, way)| Step {
                test: test(text),
                way: *way,
                on: true,
            })
            .collect(),
    )
}

fn texts(window: &Window) -> Vec<&str> {
    window.lines.iter().map(|line| &*line.text).collect()
}

/// 60,000 lines, 5 MiB: more than is indexed at once.
fn big_file(folder: &tempfile::TempDir) -> (PathBuf, Vec<String>) {
    let path = folder.path().join("big.log");
    let lines: Vec<String> = (0..60_000)
        .map(|i| {
            let level = if i % 1000 == 7 { "ERROR" } else { "INFO" };
            format!("{i} {level} {}", "x".repeat(70))
        })
        .collect();
    fs::write(&path, lines.join("\n")).unwrap();
    (path, lines)
}

#[test]
fn the_newest_lines_come_first_and_a_line_keeps_its_place() {
    let mut bench = Bench::events();
    bench.ask(append((10..20).map(|i| line(i, "x")).collect()));
    let window = bench.window(Anchor::End, 2, 0);
    let at: Vec<_> = window.lines.iter().map(|l| l.at_ms.unwrap()).collect();
    assert_eq!((at, window.first_visible), (vec![17, 18, 19], 7));
    assert!(window.at_end && !window.at_start);
    assert_eq!(window.lines[0].ingested_ms, Some(24));
    assert_eq!(&*window.lines[0].source.stream, "s");

    // A page from further back: the cursor stays on its line.
    let cursor = window.lines[0].key;
    bench.window(Anchor::Line(cursor), 1, 1);
    bench.ask(Ask::Append {
        lines: (0..5).map(|i| line(i, "old")).collect(),
        older: true,
    });
    let window = bench.until(|told| match told {
        Told::Window(window) => Some(window.clone()),
        _ => None,
    });
    let anchor = &window.lines[window.anchor.unwrap()];
    assert_eq!((anchor.key, anchor.number), (cursor, Some(12)));
    let window = bench.window(Anchor::AtTime(5), 1, 1);
    let at: Vec<_> = window.lines.iter().map(|l| l.at_ms.unwrap()).collect();
    assert_eq!(at, [4, 10, 11]);
}

#[test]
fn markers_stand_where_something_may_be_missing() {
    let mut bench = Bench::events();
    bench.ask(append((0..3).map(|i| line(i, "x")).collect()));
    let gap = Gap {
        after: LineKey::after_time(2),
        why: "reconnected".into(),
    };
    bench.ask(Ask::Gap(gap.clone()));
    let window = bench.window(Anchor::Top, 0, 9);
    assert_eq!(window.gap_after, Some(gap.clone()));
    bench.ask(append(vec![line(9, "x")]));
    let window = bench.window(Anchor::End, 1, 0);
    assert_eq!(window.lines[1].gap_before, Some(gap.clone()));
    let window = bench.window(Anchor::End, 0, 0);
    assert_eq!(window.lines[0].gap_before, Some(gap.clone()));
    bench.ask(Ask::GapClosed { after: gap.after });
    assert_eq!(bench.window(Anchor::End, 0, 0).lines[0].gap_before, None);
}

#[test]
fn a_burst_is_told_of_thirty_times_a_second() {
    let mut bench = Bench::events();
    bench.window(Anchor::End, 40, 0);
    for batch in 0..500 {
        let lines = (0..1000).map(|i| line(batch * 1000 + i, "x")).collect();
        bench.ask(append(lines));
        bench.pass(2);
    }
    let windows = bench
        .told
        .iter()
        .filter(|told| matches!(told, Told::Window(_)));
    let windows = windows.count();
    assert!((25..=31).contains(&windows), "{windows}");
    assert!(bench.told.len() <= 66, "{}", bench.told.len());
    bench.pass(33);
    let Some(Told::Window(last)) = bench.told.iter().rfind(|t| matches!(t, Told::Window(_))) else {
        panic!("the last line is shown");
    };
    assert_eq!(last.lines.last().unwrap().at_ms, Some(499_999));
    // Nothing new: nothing told, nothing to wait for.
    bench.told.clear();
    bench.pass(1000);
    assert_eq!((bench.told.len(), bench.desk.wait()), (0, None));
}
