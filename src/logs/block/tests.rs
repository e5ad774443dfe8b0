use proptest::prelude::*;

use super::*;

fn meta(at_ms: i64) -> Meta {
    Meta {
        at_ms,
        seq: -3,
        id: Some(u64::MAX),
        ingested_ms: Some(at_ms + 5),
        source: 513,
        late: true,
        tailed: false,
    }
}

#[test]
fn an_event_keeps_what_is_known_of_it() {
    let mut block = Block::events();
    let never = Meta {
        ingested_ms: None,
        id: None,
        tailed: true,
        ..meta(i64::MIN)
    };
    block.push(&meta(17), b"two\nlines");
    block.push(&never, b"");
    assert_eq!(block.meta(0), Some(meta(17)));
    assert_eq!(block.meta(1), Some(never));
    assert_eq!(block.line(0), b"two\nlines");
    assert_eq!(block.line(1), b"");
    assert_eq!(block.line(2), b"");
    let mut spooled = Vec::new();
    block.encode(&mut spooled);
    assert_eq!(Block::decode(&spooled, block.kind()), Some(block.clone()));
    assert_eq!(Block::decode(&spooled[..9], block.kind()), None);
}

proptest! {
    #[test]
    fn any_split_of_bytes_gives_the_same_lines(
        text in proptest::collection::vec(prop_oneof![Just(b'\n'), Just(b'\r'), any::<u8>()], 0..80),
        cuts in proptest::collection::vec(0_usize..80, 0..6),
    ) {
        let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(text.len())).collect();
        cuts.sort_unstable();
        cuts.push(text.len());
        let mut block = Block::plain(LineKey::new(1, 100), 0);
        let mut from = 0;
        for cut in cuts {
            block.append(&text[from..cut]);
            from = cut;
        }
        let expected: Vec<&[u8]> = text.split_inclusive(|b| *b == b'\n').map(without_end).collect();
        let lines: Vec<&[u8]> = (0..block.len()).map(|i| block.line(i)).collect();
        prop_assert_eq!(lines, expected);
        for i in 0..block.len() {
            prop_assert_eq!(block.first_from(block.key(i)), i);
            prop_assert_eq!(block.line_at(block.start_of(i).unwrap() as usize), i);
        }
        let mut spooled = Vec::new();
        block.encode(&mut spooled);
        prop_assert_eq!(Block::decode(&spooled, block.kind()), Some(block));
    }
}
