use jiff::Timestamp;
use proptest::prelude::*;

use crate::domain::log::LogLine;
use crate::logs::document::{Bound, Document};

use super::{Intake, Taken};

fn line(at_ms: i64, stream: &str, message: &str, id: Option<&str>) -> LogLine {
    LogLine {
        group: "g".into(),
        stream: stream.into(),
        at: Timestamp::from_millisecond(at_ms).unwrap(),
        ingested_at: None,
        message: message.into(),
        event_id: id.map(Into::into),
    }
}

fn document() -> Document {
    Document::new(Bound::new(64 << 20, None))
}

fn texts(document: &mut Document) -> Vec<String> {
    let mut texts = Vec::new();
    for segment in 0..document.segments().len() {
        let block = document.block(segment);
        for line in 0..block.len() {
            texts.push(String::from_utf8_lossy(block.line(line)).into_owned());
        }
    }
    texts
}

#[test]
fn late_lines_find_their_place_and_nothing_comes_twice() {
    let (mut document, mut intake) = (document(), Intake::default());
    let first = vec![line(1, "s", "a\n", Some("1")), line(3, "s", "c", Some("3"))];
    intake.extend(&mut document, first, false);
    let again = vec![
        line(2, "s", "b", Some("2")),
        line(3, "s", "c", Some("3")),
        line(3, "s", "c", Some("4")),
        line(4, "t", "d", Some("4")),
        line(4, "t", "d", Some("4")),
    ];
    let taken = intake.extend(&mut document, again, false);
    let expected = Taken {
        added: 3,
        duplicates: 2,
        dropped: 0,
    };
    assert_eq!(taken, expected);
    assert_eq!(texts(&mut document), ["a", "b", "c", "c", "d"]);
    let block = document.block(0);
    let late: Vec<bool> = (0..5).map(|i| block.meta(i).unwrap().late).collect();
    assert_eq!(late, [false, true, false, false, false]);
    assert_eq!(document.sources().len(), 2);
}

#[test]
fn an_older_page_stands_before_lines_of_the_same_moment_and_is_not_late() {
    let (mut document, mut intake) = (document(), Intake::default());
    intake.extend(&mut document, vec![line(5, "s", "new", Some("9"))], false);
    let page = vec![line(5, "s", "x", Some("1")), line(5, "s", "y", Some("2"))];
    intake.extend(&mut document, page, true);
    intake.extend(&mut document, vec![line(5, "s", "w", Some("0"))], true);
    assert_eq!(texts(&mut document), ["w", "x", "y", "new"]);
    assert!(!document.block(0).meta(0).unwrap().late);
}

#[test]
fn live_tail_and_polling_bring_the_same_event_once() {
    let (mut document, mut intake) = (document(), Intake::default());
    let mut take = |lines| intake.extend(&mut document, lines, false).added;
    // Twice the same text in one millisecond: two events.
    let pair = || vec![line(1, "s", "x", None), line(1, "s", "x", None)];
    assert_eq!(take(pair()), 2);
    let polled = ["1", "2", "3"].map(|id| line(1, "s", "x", Some(id)));
    assert_eq!(take(polled.to_vec()), 1);
    assert_eq!(take(polled.to_vec()), 0);
    // The third one was polled first and is tailed now; a fourth is new.
    assert_eq!(take(pair()), 1);
    assert_eq!(take(vec![line(1, "other", "x", None)]), 1);
}

#[test]
fn many_late_lines_do_not_leave_crumbs() {
    let (mut document, mut intake) = (document(), Intake::default());
    let text = "x".repeat(1000);
    let batch = (0..3000).map(|i| line(i * 10, "s", &text, None)).collect();
    intake.extend(&mut document, batch, false);
    for i in 0..60 {
        intake.extend(
            &mut document,
            vec![line(i * 10 + 1, "s", "late", None)],
            false,
        );
    }
    assert_eq!(document.lines(), 3060);
    assert_eq!(document.segments().len(), 3);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever comes in whatever order: sorted by time and arrival, each id once.
    #[test]
    fn any_sequence_of_batches_is_a_sorted_list_of_distinct_events(
        batches in proptest::collection::vec(
            (proptest::collection::vec((0_i64..12, 0_u8..4), 0..12), any::<bool>()),
            0..12,
        ),
        small in any::<bool>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let bound = if small { 0 } else { 64 << 20 };
        let mut document = Document::new(Bound::new(bound, Some(folder.path().into())));
        let mut intake = Intake::default();
        // Long enough that a few of them fill a segment.
        let filling = if small { "x".repeat(60_000) } else { String::new() };
        let mut model: Vec<(i64, i64, String)> = Vec::new();
        let (mut newer, mut older_count) = (0, 0);
        for (events, older) in batches {
            let base = if older {
                older_count -= events.len() as i64;
                older_count
            } else {
                newer += events.len() as i64;
                newer - events.len() as i64
            };
            let mut lines = Vec::new();
            for (i, (at, n)) in events.iter().enumerate() {
                let text = format!("{at}-{n}{filling}");
                lines.push(line(*at, "s", &text, Some(&format!("{at}/{n}"))));
                if !model.iter().any(|(_, _, other)| *other == text) {
                    model.push((*at, base + i as i64, text));
                }
            }
            intake.extend(&mut document, lines, older);
        }
        model.sort();
        let expected: Vec<String> = model.into_iter().map(|(_, _, text)| text).collect();
        prop_assert_eq!(texts(&mut document), expected);
        prop_assert_eq!(document.dropped(), 0);
        let hot: usize = document.segments().iter().map(|s| s.memory()).sum();
        prop_assert_eq!(document.hot_bytes(), hot);
    }
}
