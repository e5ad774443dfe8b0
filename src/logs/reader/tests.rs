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

#[test]
fn the_end_of_a_file_is_shown_before_its_lines_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let (path, lines) = big_file(&folder);
    let mut bench = Bench::files(&[path]);
    bench.ask(Ask::Window {
        generation: 5,
        anchor: Anchor::End,
        before: 1,
        after: 0,
    });
    bench.pass(0);
    let Some(Told::Window(early)) = bench.told.iter().find(|t| matches!(t, Told::Window(_))) else {
        panic!("an answer at once");
    };
    assert_eq!(texts(early), lines[59_998..].iter().collect::<Vec<_>>());
    assert_eq!((early.lines[1].number, early.settled), (None, false));
    let key = early.lines[1].key;
    let window = bench.until(|told| match told {
        Told::Window(window) if window.settled => Some(window.clone()),
        _ => None,
    });
    let last = &window.lines[1];
    assert_eq!((last.key, last.number), (key, Some(59_999)));
    assert_eq!(last.at_ms, Some(59_999));
    let window = bench.window(Anchor::AtTime(31_234), 0, 0);
    assert_eq!(window.lines[0].number, Some(31_234));
}

#[test]
fn filters_search_and_finding_agree_with_a_naive_filter() {
    let folder = tempfile::tempdir().unwrap();
    let (path, lines) = big_file(&folder);
    let mut bench = Bench::files(&[path]);
    bench.ask(Ask::SetView {
        generation: 1,
        chain: chain(&[("ERROR", Way::Keep), ("^1", Way::Drop)]),
        around: None,
    });
    bench.ask(Ask::Search {
        generation: 2,
        test: Some(test("^2")),
        around: None,
    });
    let shown: Vec<&String> = lines
        .iter()
        .filter(|l| l.contains("ERROR") && !l.starts_with('1'))
        .collect();
    let matching = shown.iter().filter(|l| l.starts_with('2')).count() as u64;
    let counted = bench.until(|told| match told {
        Told::Counted {
            generation: 2,
            matches,
            done: true,
        } => Some(*matches),
        _ => None,
    });
    assert_eq!(counted, matching);
    let window = bench.window(Anchor::Visible(3), 3, 6);
    assert_eq!(texts(&window), shown[..10]);
    let marks: Vec<bool> = window.lines.iter().map(|l| l.matched).collect();
    let expected: Vec<bool> = shown[..10].iter().map(|l| l.starts_with('2')).collect();
    assert_eq!(marks, expected);

    // From the last shown line upwards, to the last one that begins with 2, and round.
    let find = |from, backwards, wrap| Ask::Find {
        generation: 3,
        test: test("^2"),
        from,
        here: false,
        backwards,
        wrap,
    };
    let found = |told: &Told| match told {
        Told::Found(found) => Some(Some(found.clone())),
        Told::NotFound { .. } => Some(None),
        _ => None,
    };
    bench.ask(find(LineKey::LAST, true, false));
    let last = bench.until(found).unwrap();
    let place = shown.iter().rposition(|l| l.starts_with('2')).unwrap() as u64;
    assert_eq!((last.visible, last.wrapped), (place, false));
    bench.ask(find(last.key, false, false));
    assert_eq!(bench.until(found), None);
    bench.ask(find(last.key, false, true));
    let first = bench.until(found).unwrap();
    let place = shown.iter().position(|l| l.starts_with('2')).unwrap() as u64;
    assert_eq!((first.visible, first.wrapped), (place, true));

    // The line under the cursor is not shown any more: the next one is.
    bench.ask(Ask::SetView {
        generation: 4,
        chain: chain(&[("^3", Way::Keep)]),
        around: Some(first.key),
    });
    let window = bench.window(Anchor::Line(first.key), 0, 0);
    let number = lines.iter().position(|l| l.starts_with("3000 ")).unwrap() as u64;
    assert_eq!(window.lines[0].number, Some(number));
}

#[test]
fn lines_are_taken_away_as_they_are_shown() {
    let folder = tempfile::tempdir().unwrap();
    let (path, lines) = big_file(&folder);
    let mut bench = Bench::files(&[path]);
    bench.ask(Ask::SetView {
        generation: 1,
        chain: chain(&[("ERROR", Way::Keep)]),
        around: None,
    });
    let shown: Vec<String> = lines.into_iter().filter(|l| l.contains("ERROR")).collect();
    let text = shown.join("\n") + "\n";
    let to = folder.path().join("out.log");
    let export = || Ask::Export {
        generation: 2,
        range: Range::VISIBLE,
        format: Arc::new(RawText),
        to: to.clone(),
    };
    bench.ask(export());
    let bytes = bench.until(|told| match told {
        Told::Exported { bytes, .. } => Some(*bytes),
        _ => None,
    });
    assert_eq!(bytes as usize, text.len());
    assert_eq!(fs::read_to_string(&to).unwrap(), text);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            fs::metadata(&to).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    // Another file is never overwritten.
    bench.ask(export());
    let trouble = bench.until(|told| match told {
        Told::Trouble(trouble) => Some(trouble.what.clone()),
        _ => None,
    });
    assert!(trouble.contains("out.log is there already"), "{trouble}");

    bench.ask(Ask::Copy {
        generation: 3,
        range: Range::VISIBLE,
        format: Arc::new(RawText),
        max_bytes: text.len() - 1,
    });
    let (copied, whole) = bench.until(|told| match told {
        Told::Copied { lines, whole, .. } => Some((*lines, *whole)),
        _ => None,
    });
    assert_eq!((copied as usize, whole), (shown.len() - 1, false));

    let numbers = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&numbers);
    let window = bench.window(Anchor::Visible(1), 0, 1);
    bench.ask(Ask::Visit {
        generation: 4,
        range: Range {
            first: window.lines[0].key,
            last: window.lines[1].key,
            visible: true,
        },
        visitor: Visitor::new(move |line| {
            seen.lock().unwrap().push(line.number);
            ControlFlow::Continue(())
        }),
    });
    bench.until(|told| {
        matches!(
            told,
            Told::Visited {
                whole: true,
                lines: 2,
                ..
            }
        )
        .then_some(())
    });
    assert_eq!(*numbers.lock().unwrap(), [1007, 2007]);
}

#[test]
fn a_histogram_counts_lines_and_marks() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = big_file(&folder);
    let mut bench = Bench::files(&[path]);
    bench.ask(Ask::Histogram {
        generation: 1,
        buckets: 6,
        marked: Some(test("ERROR")),
    });
    let histogram = bench.until(|told| match told {
        Told::Histogram(histogram) if histogram.done => Some(histogram.clone()),
        _ => None,
    });
    // Lines are a millisecond apart, every thousandth is an error.
    let counts: Vec<_> = histogram
        .buckets
        .iter()
        .map(|b| (b.lines, b.marked))
        .collect();
    assert_eq!(counts, [(10_000, 10); 6]);
}

#[test]
fn a_file_that_grows_and_is_cut_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    fs::write(&path, "1 one\n2 tw").unwrap();
    let mut bench = Bench::files(std::slice::from_ref(&path));
    bench.ask(Ask::SetView {
        generation: 1,
        chain: chain(&[("o", Way::Keep)]),
        around: None,
    });
    assert_eq!(texts(&bench.window(Anchor::End, 9, 0)), ["1 one"]);
    let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(b"o\n3 three\n4 four\n").unwrap();
    bench.desk.take(Mail::Changed);
    let changed = |told: &Told| match told {
        Told::Window(window) => Some(window.clone()),
        _ => None,
    };
    let window = bench.until(changed);
    assert_eq!(texts(&window), ["1 one", "2 two", "4 four"]);
    fs::write(&path, "so\n").unwrap();
    bench.desk.take(Mail::Changed);
    let window = bench.until(changed);
    assert_eq!(texts(&window), ["so"]);
    let gap = window.lines[0].gap_before.as_ref().unwrap();
    assert!(gap.why.contains("truncated"));
}

#[test]
fn a_pipe_ends() {
    let mut document = Document::new(Bound::new(64 << 20, None));
    let intake = pipe::Intake::new(&mut document);
    let (empty, _held) = channel();
    let mut bench = Bench::new(document, Intake::Pipe { intake, empty });
    bench
        .desk
        .take(Mail::Piped(pipe::Piped::Bytes(b"1\n2".to_vec())));
    bench.desk.take(Mail::Piped(pipe::Piped::End));
    let progress = bench.until(|told| match told {
        Told::Progress(progress) => Some(progress.clone()),
        _ => None,
    });
    assert_eq!(
        (progress.lines, progress.growing, progress.done),
        (2, false, true)
    );
}

#[test]
fn it_runs_on_a_thread_of_its_own_and_is_told_of_changes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    fs::write(&path, "1\n").unwrap();
    let (sender, told) = channel();
    let input = Input::Files(vec![path.clone()]);
    let reader = Reader::start(input, Settings::default(), move |message| {
        let _ = sender.send(message);
    });
    let reader = reader.unwrap();
    reader.ask(Ask::Window {
        generation: 1,
        anchor: Anchor::End,
        before: 0,
        after: 0,
    });
    let wait_for = |text: &str| loop {
        let message = told.recv_timeout(Duration::from_secs(20)).unwrap();
        if let Told::Window(window) = message
            && texts(&window) == [text]
        {
            break;
        }
    };
    wait_for("1");
    let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(b"2\n").unwrap();
    wait_for("2");
    drop(reader);
    // The thread ends and lets go of the channel.
    while told.recv_timeout(Duration::from_secs(20)).is_ok() {}
}
