//! Live Tail, and lines taken away.

use super::logs::asks;
use super::*;

use crate::domain::log::{LiveState, TailMode};
use crate::logs::export::Format;
use crate::logs::key::LineKey;
use crate::logs::told::{Progress, Told, Trouble};
use crate::store::log_ask::{LogAsk, LogOrigin, Taken};
use crate::store::model::logs::InputKind;

impl Bench {
    fn said(&self) -> &str {
        let notices = &self.model.notices;
        notices
            .current(self.model.now)
            .map_or("", |n| n.text.as_str())
    }
}

#[test]
fn live_tail_begins_at_the_second_press_and_ends_at_the_next() {
    let mut bench = Bench::new();
    bench.reading();
    assert_eq!(bench.press(&[Command::ToggleLive]), []);
    assert!(bench.said().contains("$0.01 a minute"), "{}", bench.said());
    // Too late: the price is said again.
    bench.second += 30;
    assert_eq!(bench.press(&[Command::ToggleLive]), []);
    let on = bench.press(&[Command::ToggleLive]);
    assert_eq!(on, [Effect::SetTailMode(TailMode::Live)]);
    let session = bench.model.logs.sessions;
    bench.data(Data::LogLines {
        session,
        page: LogPage::Newer,
        answer: Ok(Partial::whole(Vec::new())),
        news: TailNews {
            live: Some(LiveState {
                since: t(0),
                sampled: false,
                spent_usd: 0.031,
            }),
            ..TailNews::default()
        },
    });
    let off = bench.press(&[Command::ToggleLive]);
    assert_eq!(off, [Effect::SetTailMode(TailMode::Polling)]);
    assert_eq!(bench.said(), "Live Tail is off; it cost $0.03");
    // Agreed once.
    let again = bench.press(&[Command::ToggleLive]);
    assert_eq!(again, [Effect::SetTailMode(TailMode::Live)]);
}

#[test]
fn live_tail_is_not_for_files() {
    let mut bench = Bench::new();
    bench.send(Msg::OpenLog {
        title: "stdin".into(),
        origin: LogOrigin::Pipe,
    });
    let effects = bench.press(&[Command::ToggleLive, Command::ToggleLive]);
    assert_eq!(effects, []);
    assert!(bench.said().contains("CloudWatch"), "{}", bench.said());
}

#[test]
fn the_lines_of_a_file_are_proposed_another_name() {
    let mut bench = Bench::new();
    bench.send(Msg::OpenLog {
        title: "/var/log/train.log".into(),
        origin: LogOrigin::Files(vec!["/var/log/train.log".into()]),
    });
    bench.told(Told::Progress(Progress {
        lines: 1,
        ..Progress::default()
    }));
    bench.press(&[Command::Export]);
    let input = bench.tail().input.as_ref().unwrap();
    assert_eq!(input.text, "train-lines.log");
}

fn taken(effects: &[Effect]) -> &Taken {
    match asks(effects).last() {
        Some(LogAsk::Copy { lines, .. } | LogAsk::Export { lines, .. }) => lines,
        other => panic!("{other:?}"),
    }
}

fn copied(effects: &[Effect]) -> Vec<(usize, &str)> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Copy { text, what } => Some((text.len(), what.as_str())),
            _ => None,
        })
        .collect()
}

fn line(at: i64) -> LineKey {
    LineKey::before_time(at)
}

#[test]
fn the_line_or_the_selection_is_copied() {
    let mut bench = Bench::new();
    bench.reading();
    let effects = bench.press(&[Command::CopyName]);
    let lines = taken(&effects);
    assert_eq!((lines.first, lines.last), (line(9), line(9)));
    assert_eq!((lines.format, lines.reveal), (Format::Message, false));
    bench.press(&[Command::SelectLines, Command::Up, Command::Up]);
    assert_eq!(bench.tail().selection(), Some((line(7), line(9))));
    let effects = bench.press(&[Command::Reveal, Command::CopyArn]);
    let lines = taken(&effects);
    assert_eq!((lines.first, lines.last), (line(7), line(9)));
    assert_eq!((lines.format, lines.reveal), (Format::Text, true));
    assert_eq!(bench.tail().selection(), None);
    let generation = bench.tail().generation;
    let told = |generation| Told::Copied {
        generation,
        lines: 3,
        text: "a\nb\nc\n".into(),
        whole: true,
    };
    assert_eq!(copied(&bench.told(told(generation - 1))), []);
    assert_eq!(copied(&bench.told(told(generation))), [(6, "3 lines")]);
}

#[test]
fn a_selection_ends_with_escape_or_the_key_that_began_it() {
    let mut bench = Bench::new();
    bench.reading();
    bench.press(&[Command::SelectLines, Command::Up, Command::SelectLines]);
    assert_eq!(bench.tail().selection(), None);
    bench.press(&[Command::SelectLines, Command::Back]);
    assert_eq!(bench.tail().selection(), None);
    assert_eq!(bench.model.nav.screen, Screen::Logs);
}

#[test]
fn what_is_too_much_for_the_clipboard_is_copied_piece_by_piece() {
    let mut bench = Bench::new();
    bench.reading();
    bench.press(&[Command::SelectLines, Command::Top]);
    bench.press(&[Command::CopyName]);
    let text = "x".repeat(999) + "\n";
    let told = Told::Copied {
        generation: bench.tail().generation,
        lines: 150,
        text: text.repeat(150),
        whole: false,
    };
    let effects = bench.told(told);
    let next = " (the same key takes the next)";
    let first = format!("part 1 of 3 of the first 150 lines{next}");
    assert_eq!(copied(&effects), [(70_000, first.as_str())]);
    let effects = bench.press(&[Command::CopyName]);
    let second = format!("part 2 of 3 of the first 150 lines{next}");
    assert_eq!(copied(&effects), [(70_000, second.as_str())]);
    let effects = bench.press(&[Command::CopyName]);
    let third = "part 3 of 3 of the first 150 lines";
    assert_eq!(copied(&effects), [(10_000, third)]);
    // Then it is the line again.
    let effects = bench.press(&[Command::CopyName]);
    assert_eq!(taken(&effects).format, Format::Message);
}

#[test]
fn lines_are_written_into_a_file_whose_name_tells_the_format() {
    let mut bench = Bench::new();
    bench.reading();
    bench.told(Told::Progress(Progress {
        lines: 10,
        visible: 10,
        done: true,
        ..Progress::default()
    }));
    bench.press(&[Command::Export]);
    let input = bench.tail().input.as_ref().unwrap();
    assert_eq!(
        (input.kind, input.text.as_str()),
        (InputKind::Export, "c.log")
    );
    bench.press(&[Command::DeleteAll]);
    bench.type_text("~/c");
    assert!(bench.tail().input.as_ref().unwrap().problem.is_some());
    bench.type_text(".md");
    let effects = bench.press(&[Command::Submit]);
    let lines = taken(&effects);
    assert_eq!((lines.first, lines.last), (LineKey::FIRST, LineKey::LAST));
    assert_eq!(
        (lines.format, lines.title.as_str()),
        (Format::Markdown, "c")
    );
    assert!(
        matches!(asks(&effects)[0], LogAsk::Export { to, .. } if to.to_str() == Some("~/c.md")),
        "{effects:?}"
    );
    assert!(!bench.tail().is_settled());
    bench.told(Told::Exported {
        generation: bench.tail().generation,
        lines: 1204,
        bytes: 98_304,
        to: "/home/me/c.md".into(),
    });
    assert_eq!(
        bench.said(),
        "1,204 lines, 98.3 kB, written to /home/me/c.md"
    );
    assert!(bench.tail().taking.exporting.is_none());
}

#[test]
fn an_export_that_failed_is_waited_for_no_longer() {
    let mut bench = Bench::new();
    bench.reading();
    bench.told(Told::Progress(Progress {
        lines: 10,
        ..Progress::default()
    }));
    bench.press(&[Command::SelectLines, Command::Up, Command::Export]);
    let effects = bench.press(&[Command::Submit]);
    assert_eq!(taken(&effects).first, line(8));
    bench.told(Told::Trouble(Trouble {
        what: "c.log is there already".into(),
        hint: None,
    }));
    assert!(bench.tail().taking.exporting.is_none());
    assert_eq!(bench.said(), "c.log is there already");
}
