use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use proptest::prelude::*;

use crate::logs::block::without_end;
use crate::logs::document::{Bound, Document};
use crate::logs::segment::SEGMENT_BYTES;

use super::{Files, How, OpenError, Work};

struct Desk {
    folder: tempfile::TempDir,
    document: Document,
    files: Option<Files>,
}

impl Desk {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            document: Document::new(Bound::new(1 << 20, None)),
            files: None,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn open(&mut self, names: &[&str]) {
        let paths: Vec<_> = names.iter().map(|name| self.path(name)).collect();
        self.files = Some(Files::open(&paths, &mut self.document, &how()).unwrap());
        self.index();
    }

    /// Chunks come in from the last to the first.
    fn index(&mut self) {
        let files = self.files.as_mut().unwrap();
        while let Some(work) = files.next_work(&self.document) {
            match work {
                Work::Index(job) => {
                    for number in (0..job.chunks()).rev() {
                        let chunk = job.read(number, &mut Vec::new()).unwrap();
                        assert!(files.take(&mut self.document, &job.part, chunk));
                    }
                }
                Work::Merge(plan) => {
                    let merged = plan.carry_out(2, &AtomicBool::new(false)).unwrap();
                    assert!(files.merged(&mut self.document, merged.unwrap()));
                }
            }
        }
        assert_eq!(files.unread(), 0);
    }

    fn check(&mut self) {
        for _ in 0..2 {
            self.files.as_mut().unwrap().check(&mut self.document);
            self.index();
        }
    }

    fn lines(&mut self) -> Vec<Vec<u8>> {
        let mut lines = Vec::new();
        for segment in 0..self.document.segments().len() {
            let block = self.document.block(segment);
            assert_eq!(
                block.len(),
                self.document.segments()[segment].lines as usize
            );
            lines.extend((0..block.len()).map(|line| block.line(line).to_vec()));
        }
        assert_eq!(lines.len() as u64, self.document.lines());
        lines
    }
}

fn timeless(_: &[u8]) -> Option<i64> {
    None
}

fn how() -> How {
    How {
        time_of: timeless,
        folder: None,
        grown: Arc::new(|| ()),
    }
}

fn append(path: &Path, text: &[u8]) {
    use std::io::Write;
    let mut file = fs::OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(text).unwrap();
}

fn split(text: &[u8]) -> Vec<Vec<u8>> {
    text.split_inclusive(|byte| *byte == b'\n')
        .map(|line| without_end(line).to_vec())
        .collect()
}

#[test]
fn what_is_no_file_is_said_clearly() {
    let mut desk = Desk::new();
    let folder = desk.folder.path().to_owned();
    let missing = desk.path("missing");
    let mut open =
        |path: &Path| Files::open(&[path.to_owned()], &mut desk.document, &how()).unwrap_err();
    assert!(matches!(open(&folder), OpenError::Folder(_)));
    assert!(open(&missing).to_string().contains("missing: No such file"));
}

#[test]
fn what_cannot_be_read_does_not_hide_the_others() {
    let mut desk = Desk::new();
    fs::write(desk.path("a"), "1\n").unwrap();
    fs::write(desk.path("b.gz"), [0x1f, 0x8b, 8, 0]).unwrap();
    desk.open(&["b.gz", "a", "missing"]);
    assert_eq!(desk.lines(), split(b"1\n"));
    let troubles = desk.document.take_troubles();
    assert!(troubles[0].what.ends_with("b.gz is compressed (gzip)"));
    let hint = troubles[0].hint.as_deref().unwrap();
    assert!(hint.starts_with("zcat ") && hint.ends_with("b.gz | flightdeck logs -"));
    assert!(troubles[1].what.contains("missing: No such file"));
}

#[cfg(unix)]
#[test]
fn a_pipe_with_a_name_is_read_to_its_end() {
    let mut desk = Desk::new();
    let path = desk.path("pipe");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&path)
            .status()
            .unwrap()
            .success()
    );
    let (grown, told) = std::sync::mpsc::channel();
    let how = How {
        grown: Arc::new(move || {
            let _ = grown.send(());
        }),
        ..how()
    };
    let mut files = Files::open(std::slice::from_ref(&path), &mut desk.document, &how).unwrap();
    let mut writer = fs::OpenOptions::new().write(true).open(&path).unwrap();
    std::io::Write::write_all(&mut writer, b"1\n2\n").unwrap();
    told.recv().unwrap();
    files.check(&mut desk.document);
    desk.files = Some(files);
    desk.index();
    assert_eq!(desk.lines(), split(b"1\n2\n"));
}

#[test]
fn files_stand_one_after_another_and_grow_in_their_place() {
    let mut desk = Desk::new();
    fs::write(desk.path("a"), "1\r\n2").unwrap();
    fs::write(desk.path("empty"), "").unwrap();
    fs::write(desk.path("b"), b"x\n\0\xff\n").unwrap();
    desk.open(&["a", "empty", "b"]);
    assert_eq!(desk.lines(), split(b"1\n2\nx\n\0\xff\n"));
    append(&desk.path("a"), b"2\n3\n");
    append(&desk.path("empty"), b"e");
    desk.check();
    assert_eq!(desk.lines(), split(b"1\n22\n3\ne\nx\n\0\xff\n"));
}

#[test]
fn a_cut_or_replaced_file_is_noticed_and_said() {
    let mut desk = Desk::new();
    fs::write(desk.path("a"), "1\n2\n").unwrap();
    desk.open(&["a"]);
    // Replaced: the old lines can still be read, even those written last.
    append(&desk.path("a"), b"3\n");
    fs::rename(desk.path("a"), desk.path("a.1")).unwrap();
    fs::write(desk.path("a"), "4\n").unwrap();
    desk.check();
    assert_eq!(desk.lines(), split(b"1\n2\n3\n4\n"));
    assert!(desk.document.gaps()[0].why.contains("replaced"));
    // Cut, and at once longer than before.
    fs::write(desk.path("a"), "new lines\n").unwrap();
    desk.check();
    assert_eq!(desk.lines(), split(b"1\n2\n3\nnew lines\n"));
    assert_eq!(desk.document.gaps().len(), 2);
    fs::write(desk.path("a"), "").unwrap();
    desk.check();
    assert_eq!(desk.lines(), split(b"1\n2\n3\n"));
}

#[test]
fn a_very_long_line_stands_alone_and_only_its_beginning_is_read() {
    let mut desk = Desk::new();
    let long = "x".repeat(3 * SEGMENT_BYTES);
    fs::write(desk.path("a"), format!("one\n{long}\nthree\n{long}")).unwrap();
    desk.open(&["a"]);
    let lens: Vec<_> = desk.lines().iter().map(Vec::len).collect();
    assert_eq!(lens[0], 3);
    assert_eq!(lens[2], 5);
    let long_lines: Vec<u64> = (0..desk.document.segments().len())
        .map(|segment| desk.document.block(segment).line_len(0))
        .filter(|len| *len > 10)
        .collect();
    assert_eq!(long_lines, [long.len() as u64; 2]);
    let tail = desk.files.unwrap().tail().unwrap().unwrap();
    assert!(tail.len() == 1 && tail.line(0).len() > 1000);
}

#[test]
fn the_end_is_read_without_an_index() {
    let mut desk = Desk::new();
    let text: String = (0..100_000).map(|i| format!("line {i}\n")).collect();
    fs::write(desk.path("a"), &text).unwrap();
    let paths = [desk.path("a")];
    let files = Files::open(&paths, &mut desk.document, &how()).unwrap();
    let tail = files.tail().unwrap().unwrap();
    assert_eq!(tail.line(tail.len() - 1), b"line 99999");
    desk.open(&["a"]);
    let last = desk.document.segments().len() - 1;
    let block = desk.document.block(last);
    assert_eq!(tail.key(tail.len() - 1), block.key(block.len() - 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// However a file grows, its lines are those of its bytes.
    #[test]
    fn any_growth_gives_the_lines_of_the_whole(
        pieces in proptest::collection::vec(
            (prop_oneof![3 => 0_usize..40, 1 => 500_000_usize..1_200_000], any::<bool>()),
            0..7,
        ),
    ) {
        let mut desk = Desk::new();
        let path = desk.path("a");
        fs::write(&path, "").unwrap();
        desk.open(&["a"]);
        let mut text = Vec::new();
        for (len, ended) in pieces {
            let mut piece: Vec<u8> = vec![b'x'; len];
            for at in (0..len).step_by(911) {
                piece[at] = b'\n';
            }
            if ended {
                piece.push(b'\n');
            }
            append(&path, &piece);
            text.extend_from_slice(&piece);
            let had: Vec<(u64, u32)> = desk.document.segments().iter().map(|s| (s.id, s.settled_lines())).collect();
            desk.check();
            prop_assert_eq!(desk.lines(), split(&text));
            // A segment that keeps its name keeps its lines.
            for (id, lines) in had {
                if let Some(now) = desk.document.segments().iter().find(|s| s.id == id) {
                    prop_assert!(now.lines >= lines);
                }
            }
        }
    }
}
