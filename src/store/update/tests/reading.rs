//! Folded tracebacks, and bookmarks.

use super::logs::asks;
use super::*;

use crate::logs::ask::Anchor;
use crate::logs::key::LineKey;
use crate::logs::told::{Found, Told};
use crate::store::folds::Folds;
use crate::store::log_ask::LogAsk;

const LINES: [&str; 9] = [
    "epoch=1",
    "epoch=2",
    "Traceback (most recent call last):",
    "  File \"train.py\", line 88, in <module>",
    "    main()",
    "torch.cuda.OutOfMemoryError: CUDA out of memory",
    "2026-11-22 13:02:11 INFO exiting",
    "2026-11-22 13:02:12 INFO one more",
    "2026-11-22 13:02:13 INFO done",
];

/// Where the exception stands.
const TOLD: usize = 5;

impl Bench {
    fn reading_a_traceback(&mut self) {
        self.reading();
        self.show_lines(&LINES, None);
    }

    fn shown_lines(&self) -> Vec<usize> {
        Folds::of(self.tail()).shown(self.tail())
    }

    fn at(&self) -> usize {
        self.tail().cursor_index().unwrap()
    }
}

#[test]
fn a_folded_traceback_is_one_line_for_the_cursor() {
    let mut bench = Bench::new();
    bench.reading_a_traceback();
    assert_eq!(bench.shown_lines().len(), LINES.len());
    bench.press(&[Command::ToggleFold]);
    assert_eq!(bench.shown_lines(), [0, 1, TOLD, 6, 7, 8]);
    assert_eq!(
        Folds::of(bench.tail()).size(LineKey::before_time(5)),
        Some(4)
    );
    bench.press(&[Command::Up, Command::Up, Command::Up]);
    assert_eq!(bench.at(), TOLD);
    bench.press(&[Command::Up]);
    assert_eq!(bench.at(), 1);
    bench.press(&[Command::Down]);
    assert_eq!(bench.at(), TOLD);
    // One block on its own.
    bench.press(&[Command::Open]);
    assert_eq!(bench.shown_lines().len(), LINES.len());
    bench.press(&[Command::Up]);
    assert_eq!(bench.at(), 4);
    bench.press(&[Command::Open]);
    assert_eq!((bench.at(), bench.shown_lines().len()), (TOLD, 6));
}

#[test]
fn one_event_that_holds_a_traceback_folds_to_what_it_tells() {
    let mut bench = Bench::new();
    bench.reading();
    let event = "Traceback (most recent call last):\n  File \"t.py\"\nKeyError: 3";
    bench.show_lines(&["epoch=1", event, "epoch=2"], None);
    bench.press(&[Command::Up, Command::Open]);
    let key = LineKey::before_time(1);
    let folds = Folds::of(bench.tail());
    assert_eq!(folds.size(key), Some(3));
    assert_eq!(&event[folds.part(key).unwrap()], "KeyError: 3");
    assert_eq!((bench.at(), bench.shown_lines().len()), (1, 3));
    bench.press(&[Command::Open]);
    assert_eq!(Folds::of(bench.tail()).size(key), None);
}

#[test]
fn one_block_folds_while_the_others_are_open() {
    let mut bench = Bench::new();
    bench.reading_a_traceback();
    bench.press(&[Command::Open]);
    assert_eq!(
        bench.shown_lines().len(),
        LINES.len(),
        "the last line stands alone"
    );
    for _ in 0..5 {
        bench.press(&[Command::Up]);
    }
    assert_eq!(bench.at(), 3);
    bench.press(&[Command::Open]);
    assert_eq!((bench.at(), bench.shown_lines().len()), (TOLD, 6));
    // All alike again.
    bench.press(&[Command::ToggleFold, Command::ToggleFold]);
    assert_eq!((bench.at(), bench.shown_lines().len()), (TOLD, LINES.len()));
}

#[test]
fn what_is_found_in_a_fold_unfolds_it() {
    let mut bench = Bench::new();
    bench.reading_a_traceback();
    bench.press(&[Command::ToggleFold, Command::NextError]);
    let generation = bench.tail().generation;
    bench.told(Told::Found(Found {
        generation,
        key: LineKey::before_time(3),
        visible: 3,
        wrapped: false,
    }));
    assert_eq!((bench.at(), bench.shown_lines().len()), (3, LINES.len()));
}

#[test]
fn following_goes_on_below_a_fold() {
    let mut bench = Bench::new();
    bench.reading();
    bench.show_lines(&LINES[..6], None);
    bench.press(&[Command::ToggleFold, Command::Up]);
    assert_eq!(bench.at(), 1);
    bench.press(&[Command::Down]);
    assert!(bench.tail().follow, "the fold is the newest line");
}

#[test]
fn a_block_as_large_as_the_window_stays_open() {
    let mut bench = Bench::new();
    bench.reading();
    let mut lines = vec!["Traceback (most recent call last):"];
    lines.resize(90, "  File \"x.py\", line 1, in f");
    bench.show_lines(&lines, None);
    bench.press(&[Command::ToggleFold]);
    assert_eq!(bench.shown_lines().len(), 90);
}

fn anchor(effects: &[Effect]) -> Option<Anchor> {
    asks(effects).into_iter().find_map(|ask| match ask {
        LogAsk::Window { anchor, .. } => Some(*anchor),
        _ => None,
    })
}

#[test]
fn bookmarks_are_gone_to_in_turn() {
    let mut bench = Bench::new();
    bench.reading();
    assert_eq!(bench.press(&[Command::NextBookmark]), []);
    bench.press(&[Command::ToggleBookmark, Command::Up, Command::Up]);
    bench.press(&[Command::NoteBookmark]);
    bench.type_text(" loss jumps ");
    bench.press(&[Command::Submit]);
    let line = LineKey::before_time;
    let marks: Vec<_> = bench.tail().bookmarks.clone().into_iter().collect();
    assert_eq!(
        marks,
        [(line(7), "loss jumps".into()), (line(9), String::new())]
    );
    let effects = bench.press(&[Command::NextBookmark]);
    assert_eq!(anchor(&effects), Some(Anchor::Line(line(9))));
    bench.show(10, Some(9));
    let effects = bench.press(&[Command::NextBookmark]);
    assert_eq!(anchor(&effects), Some(Anchor::Line(line(7))));
    bench.show(10, Some(7));
    // The note is there to go on with; without its text the mark stays.
    bench.press(&[Command::NoteBookmark]);
    assert_eq!(bench.tail().input.as_ref().unwrap().text, "loss jumps");
    bench.press(&[Command::Cancel, Command::ToggleBookmark]);
    assert_eq!(bench.tail().bookmarks.len(), 1);
}

proptest::proptest! {
    /// Whatever is pressed over whatever lines: no panic, and the cursor is on a line that is shown.
    #[test]
    fn the_cursor_is_always_on_a_shown_line(
        steps in proptest::collection::vec((0..READING.len(), 0..LINES.len(), 0..12_usize), 0..40)
    ) {
        let mut bench = Bench::new();
        bench.reading();
        for (command, from, count) in steps {
            bench.press(&[READING[command]]);
            if bench.tail().input.is_some() {
                bench.press(&[Command::Submit]);
            }
            let lines: Vec<&str> = LINES.into_iter().cycle().skip(from).take(count).collect();
            let anchor = bench.tail().landing.is_some().then_some(from).filter(|at| *at < count);
            bench.show_lines(&lines, anchor);
            let tail = bench.tail();
            if let Some(key) = tail.cursor.filter(|_| !tail.follow) {
                proptest::prop_assert_eq!(Folds::of(tail).behind(key), None);
            }
        }
    }
}

const READING: [Command; 14] = [
    Command::Up,
    Command::Down,
    Command::PageUp,
    Command::PageDown,
    Command::Top,
    Command::Bottom,
    Command::Open,
    Command::ToggleFold,
    Command::ToggleFollow,
    Command::ToggleBookmark,
    Command::NoteBookmark,
    Command::NextBookmark,
    Command::SelectLines,
    Command::CopyName,
];
