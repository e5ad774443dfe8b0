use crate::logs::ask::Gap;
use crate::logs::block::{Block, Meta};
use crate::logs::key::LineKey;
use crate::logs::segment::Segment;

use super::{Bound, Document, Place};

fn segment(id: u64, times: &[i64]) -> Segment {
    let mut block = Block::events();
    for at_ms in times {
        let meta = Meta {
            at_ms: *at_ms,
            seq: 0,
            id: None,
            ingested_ms: None,
            source: 0,
            late: false,
            tailed: false,
        };
        block.push(&meta, format!("{at_ms}").as_bytes());
    }
    Segment::hot(id, 0, block)
}

fn document(bound: Bound) -> Document {
    let mut document = Document::new(bound);
    document.splice(0..0, vec![segment(1, &[1, 2]), segment(2, &[5, 6, 7])]);
    document
}

#[test]
fn lines_are_found_by_number_and_by_key() {
    let mut document = document(Bound::new(1 << 20, None));
    assert_eq!(document.lines(), 5);
    assert_eq!(document.times(), Some((1, 7)));
    for (number, segment, line) in [(0, 0, 0), (1, 0, 1), (2, 1, 0), (4, 1, 2)] {
        assert_eq!(document.place_of(number), Some(Place { segment, line }));
    }
    assert_eq!(document.place_of(5), None);
    for (at_ms, segment, line) in [(0, 0, 0), (2, 0, 1), (3, 1, 0), (6, 1, 1), (8, 2, 0)] {
        let place = document.place_from(LineKey::before_time(at_ms));
        assert_eq!(place, Place { segment, line }, "{at_ms}");
    }
}

#[test]
fn what_is_over_the_bound_goes_to_disk_and_is_read_from_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut document = document(Bound::new(1, Some(folder.path().into())));
    document.keep_bound();
    assert_eq!(document.segments()[0].memory(), 0);
    assert!(document.spooled_bytes() > 0);
    assert_eq!(document.block(0).line(1), b"2");
    assert_eq!(document.lines(), 5);
}

#[test]
fn what_finds_no_room_is_given_up_and_that_is_said_once() {
    let file = tempfile::NamedTempFile::new().unwrap();
    for folder in [None, Some(file.path().into())] {
        let mut document = document(Bound::new(1, folder));
        document.keep_bound();
        assert_eq!((document.dropped(), document.lines()), (2, 3));
        assert_eq!(document.take_troubles().len(), 1);
        document.splice(1..1, vec![segment(3, &[9])]);
        document.keep_bound();
        assert_eq!((document.dropped(), document.lines()), (5, 1));
        assert_eq!(document.take_troubles(), []);
    }
}

#[test]
fn markers_stand_between_the_lines_they_part() {
    let mut document = document(Bound::new(1 << 20, None));
    let gap = Gap {
        after: LineKey::after_time(2),
        why: "reconnected".into(),
    };
    document.add_gap(gap.clone());
    let key = LineKey::before_time;
    let between = |document: &Document, before, after| document.gap_between(before, after).cloned();
    assert_eq!(between(&document, Some(key(1)), Some(key(2))), None);
    assert_eq!(
        between(&document, Some(key(2)), Some(key(5))),
        Some(gap.clone())
    );
    assert_eq!(between(&document, Some(key(2)), None), Some(gap));
    assert_eq!(between(&document, Some(key(5)), None), None);
    document.close_gap(LineKey::after_time(2));
    assert_eq!(between(&document, None, None), None);
}
