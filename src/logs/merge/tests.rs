use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use proptest::prelude::*;

use crate::logs::block::without_end;
use crate::logs::condition::Condition;
use crate::logs::document::{Bound, Document};
use crate::logs::files::{Files, How};
use crate::logs::key::LineKey;
use crate::logs::line::LineRef;
use crate::logs::scan;
use crate::logs::segment::SEGMENT_BYTES;

struct Desk {
    folder: tempfile::TempDir,
    document: Document,
    files: Option<Files>,
}

/// `12 text` tells 12.
fn number(text: &[u8]) -> Option<i64> {
    let digits = text.split(|byte| *byte == b' ').next()?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

impl Desk {
    fn open(texts: &[String]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut document = Document::new(Bound::new(1 << 20, None));
        let paths: Vec<PathBuf> = (0..texts.len())
            .map(|at| folder.path().join(at.to_string()))
            .collect();
        for (path, text) in paths.iter().zip(texts) {
            fs::write(path, text).unwrap();
        }
        let files = Files::open(&paths, &mut document, &how()).unwrap();
        let mut desk = Self {
            folder,
            document,
            files: Some(files),
        };
        desk.work();
        desk
    }

    fn path(&self, file: usize) -> PathBuf {
        self.folder.path().join(file.to_string())
    }

    fn work(&mut self) {
        let files = self.files.as_mut().unwrap();
        files.work(&mut self.document, 2).unwrap();
        assert_eq!(files.unread(), 0);
    }

    fn grow(&mut self, file: usize, text: &str) {
        append(&self.path(file), text);
        self.check();
    }

    fn check(&mut self) {
        for _ in 0..2 {
            let files = self.files.as_mut().unwrap();
            files.check(&mut self.document);
            self.work();
        }
    }

    /// Also looks whether everything that is known of them is true.
    fn lines(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut last = LineKey::FIRST;
        for at in 0..self.document.segments().len() {
            let segment = self.document.segments()[at].clone();
            let block = self.document.block(at);
            assert_eq!(block.len(), segment.lines as usize);
            assert_eq!(block.key(0), segment.first);
            for line in 0..block.len() {
                let key = block.key(line);
                assert!(last < key, "{last:?} {key:?}");
                assert!(key <= segment.last, "{key:?} {:?}", segment.last);
                last = key;
                lines.push(String::from_utf8_lossy(block.line(line)).into_owned());
            }
        }
        assert_eq!(lines.len() as u64, self.document.lines());
        for (number, _) in lines.iter().enumerate().step_by(97) {
            let place = self.document.place_of(number as u64).unwrap();
            let key = self.document.block(place.segment).key(place.line as usize);
            assert_eq!(self.document.place_from(key), place);
        }
        lines
    }

    fn late(&mut self) -> Vec<String> {
        let mut late = Vec::new();
        for at in 0..self.document.segments().len() {
            let block = self.document.block(at);
            let lines = (0..block.len()).filter(|line| block.is_late(*line));
            late.extend(lines.map(|line| String::from_utf8_lossy(block.line(line)).into_owned()));
        }
        late
    }
}

fn how() -> How {
    How {
        time_of: number,
        folder: None,
        grown: Arc::new(|| ()),
    }
}

fn append(path: &Path, text: &str) {
    use std::io::Write;
    let mut file = fs::OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

fn merged(texts: &[&str]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    Desk::open(&texts).lines().join("|")
}

#[test]
fn lines_stand_in_the_order_of_time_each_file_in_its_own() {
    assert_eq!(merged(&["1 a\n3 a\n", "2 b\n4 b"]), "1 a|2 b|3 a|4 b");
    // At the same time the order of the files decides.
    assert_eq!(merged(&["1 a\n2 a\n", "1 b\n2 b\n"]), "1 a|1 b|2 a|2 b");
    // What tells no time stands with the line above, and at the start with the line below.
    assert_eq!(
        merged(&["1 a\n  more\n5 a\n", "head\n2 b\n\n"]),
        "1 a|  more|head|2 b||5 a"
    );
    // No line of a file moves before another one of it.
    assert_eq!(merged(&["5 a\n1 a\n6 a\n", "3 b\n"]), "5 a|1 a|3 b|6 a");
    // A time that the next lines contradict is none.
    assert_eq!(
        merged(&["1 a\n900 until then\n2 a\n7 a\n", "4 b\n"]),
        "1 a|900 until then|2 a|4 b|7 a"
    );
    // Files without times stand before the others, one after another.
    assert_eq!(merged(&["x\ny\n", "1 a\n", "z\n", ""]), "x|y|z|1 a");
}

#[test]
fn what_comes_in_goes_where_it_belongs() {
    let mut desk = Desk::open(&["1 a\n5 a\n".into(), "2 b\n".into(), String::new()]);
    assert!(desk.late().is_empty());
    desk.grow(0, "6 a\n");
    assert!(desk.late().is_empty());
    desk.grow(1, "3 b\n7 b\n8 ");
    assert_eq!(desk.lines().join("|"), "1 a|2 b|3 b|5 a|6 a|7 b|8 ");
    assert_eq!(desk.late(), ["3 b"]);
    desk.grow(1, "b\n9 b\n");
    desk.grow(2, "note\n4 c\n");
    assert_eq!(
        desk.lines().join("|"),
        "1 a|2 b|3 b|note|4 c|5 a|6 a|7 b|8 b|9 b"
    );
    assert_eq!(desk.late(), ["3 b", "note", "4 c"]);
}

#[test]
fn a_segment_that_goes_on_keeps_its_name() {
    let mut desk = Desk::open(&["1 a\n2 a\n3 a\n4 a\n5 a\n".into(), "1 b\n".into()]);
    let id = desk.document.segments()[0].id;
    desk.grow(0, "6 a\n7 a\n");
    desk.grow(1, "8 b\n");
    desk.grow(0, "9 a\n");
    assert_eq!(desk.document.segments().len(), 1);
    let segment = &desk.document.segments()[0];
    // The second file had too few lines to be sure of the last one.
    assert!(segment.id >= id && segment.lines == 10);
    let (id, lines) = (segment.id, segment.lines);
    desk.grow(0, "10 a\n");
    let segment = &desk.document.segments()[0];
    assert_eq!((segment.id, segment.lines), (id, lines + 1));
}

#[test]
fn one_file_of_several_is_cut_or_replaced() {
    let mut desk = Desk::open(&["1 a\n4 a\n".into(), "2 b\n5 b\n".into()]);
    fs::write(desk.path(0), "7\n").unwrap();
    desk.check();
    assert_eq!(desk.lines().join("|"), "2 b|5 b|7");
    assert!(desk.document.gaps()[0].why.contains("truncated"));
    append(&desk.path(1), "6 b\n");
    fs::rename(desk.path(1), desk.folder.path().join("old")).unwrap();
    fs::write(desk.path(1), "no time\n8 b\n").unwrap();
    desk.check();
    assert_eq!(desk.lines().join("|"), "2 b|5 b|6 b|no time|7|8 b");
    assert!(
        desk.document
            .gaps()
            .iter()
            .any(|gap| gap.why.contains("replaced"))
    );
}

/// A log with a time in some of its lines; now and then one is wrong, and now and then there is a lot without.
fn log(seed: u64, bytes: usize, step: i64) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    let mut state = seed | 1;
    let mut time = i64::try_from(seed % 50).unwrap();
    while text.len() < bytes {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let dice = state >> 33;
        match dice % 40 {
            0 => text.push_str("  traceback\n    more of it\n"),
            1 => writeln!(text, "{} wrong", time + 9_999_999).unwrap(),
            2 if dice.is_multiple_of(977) => text.push_str(&"bare\n".repeat(60_000)),
            _ => {
                time += i64::try_from(dice % 7).unwrap() * step;
                writeln!(text, "{time} file {seed}").unwrap();
            }
        }
    }
    text
}

#[test]
fn slices_of_big_files_hold_what_they_say() {
    let texts: Vec<String> = [(1, 3_000_000, 3), (2, 2_000_000, 5), (3, 300_000, 60)]
        .into_iter()
        .map(|(seed, bytes, step)| log(seed, bytes, step))
        .collect();
    let mut desk = Desk::open(&texts);
    assert!(desk.document.segments().len() > 3);
    assert!(
        desk.document
            .segments()
            .iter()
            .all(|s| s.bytes < 4 * SEGMENT_BYTES as u64)
    );
    let lines = desk.lines();
    let good: Vec<i64> = lines
        .iter()
        .filter(|line| !line.contains("wrong"))
        .filter_map(|line| number(line.as_bytes()))
        .collect();
    assert!(good.is_sorted());
    let mut sorted: Vec<&str> = lines.iter().map(String::as_str).collect();
    let mut expected: Vec<&str> = texts.iter().flat_map(|text| text.lines()).collect();
    sorted.sort_unstable();
    expected.sort_unstable();
    assert!(sorted == expected);
}

/// Lines of one file.
#[derive(Debug)]
struct Holds(&'static str);

impl Condition for Holds {
    fn passes(&self, line: &LineRef<'_>) -> bool {
        memchr::memmem::find(line.text, self.0.as_bytes()).is_some()
    }
}

#[test]
fn searching_a_slice_finds_what_its_lines_say() {
    let texts = [log(1, 200_000, 3), log(2, 100_000, 5), log(3, 10_000, 50)];
    let mut desk = Desk::open(&texts);
    for at in 0..desk.document.segments().len() {
        let segment = desk.document.segments()[at].clone();
        let block = desk.document.block(at);
        for from in [0, 1000] {
            let mut hits = Vec::new();
            let test = Holds("file 2");
            segment
                .with_text(&mut Vec::new(), |text| {
                    scan::passing(&test, text, &[], (from, segment.lines), &mut hits);
                })
                .unwrap();
            let expected: Vec<u32> = (from..segment.lines)
                .filter(|line| block.line(*line as usize).ends_with(b"file 2"))
                .collect();
            assert!(!expected.is_empty());
            assert_eq!(hits, expected);
        }
    }
}

#[test]
fn the_newest_lines_are_known_before_all_are_merged() {
    let lines = |step: usize, count: usize| -> String {
        let text = |at: usize| format!("{} every {step}\n  more\n", at * step);
        (0..count).map(text).collect()
    };
    let texts = [lines(3, 40_000), lines(4, 30_000), lines(30_000, 4)];
    let mut desk = Desk::open(&texts);
    let merged = desk.lines();
    let tail = desk.files.as_ref().unwrap().tail().unwrap().unwrap();
    let tail: Vec<_> = (0..tail.len())
        .map(|line| String::from_utf8_lossy(tail.line(line)).into_owned())
        .collect();
    assert!(tail.len() > 1000);
    assert!(merged.ends_with(&tail));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// However files grow, each keeps its lines in its order, and lines whose times are in order are.
    #[test]
    fn any_growth_keeps_each_files_order(
        steps in proptest::collection::vec((0_usize..3, 0_u64..1000, 1_usize..400, any::<bool>()), 1..12),
        ordered in any::<bool>(),
    ) {
        let mut texts = vec![String::new(); 3];
        let mut desk = Desk::open(&texts);
        let mut time = 0_i64;
        for (file, seed, len, cut) in steps {
            let mut more = String::new();
            for line in 0..len {
                let dice = seed.wrapping_mul(2_654_435_761).wrapping_add(line as u64 * 40_503) >> 3;
                time += i64::try_from(dice % 3).unwrap();
                let told = if ordered { time } else { i64::try_from(dice % 900).unwrap() };
                match dice % 11 {
                    0 if !ordered => more.push_str("none\n"),
                    _ => more.push_str(&format!("{told} f{file} {}\n", "x".repeat(dice as usize % 90))),
                }
            }
            if cut {
                more.truncate(more.len() - 2);
            }
            texts[file].push_str(&more);
            desk.grow(file, &more);
            let lines = desk.lines();
            if ordered && !cut {
                prop_assert_eq!(desk.document.lines(), lines.len() as u64);
            }
            let mut own: Vec<Vec<String>> = vec![Vec::new(); 3];
            for at in 0..desk.document.segments().len() {
                let block = desk.document.block(at);
                for line in 0..block.len() {
                    own[usize::from(block.source(line))].push(String::from_utf8_lossy(block.line(line)).into_owned());
                }
            }
            for (own, text) in own.iter().zip(&texts) {
                let expected: Vec<String> = text
                    .split_inclusive('\n')
                    .map(|line| String::from_utf8_lossy(without_end(line.as_bytes())).into_owned())
                    .collect();
                prop_assert_eq!(own, &expected);
            }
        }
    }
}
