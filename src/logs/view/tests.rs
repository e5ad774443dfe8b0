use proptest::prelude::*;

use crate::logs::block::{Block, Meta};
use crate::logs::condition::{Chain, Condition, Step, Test, Way};
use crate::logs::document::{Bound, Document, Place};
use crate::logs::key::LineKey;
use crate::logs::line::LineRef;
use crate::logs::scan;
use crate::logs::segment::Segment;
use crate::logs::sieve::{Answer, Sieves};

use super::{Direction, Look, Lookout, View, outward};

/// The line holds this letter.
#[derive(Debug)]
struct Has(u8);

impl Condition for Has {
    fn passes(&self, line: &LineRef<'_>) -> bool {
        line.text.contains(&self.0)
    }
}

fn segment(id: u64, edits: u32, lines: &[String], plain: bool) -> Segment {
    let mut block = if plain {
        Block::plain(LineKey::new(id as i64, 0), 0)
    } else {
        Block::events()
    };
    if plain {
        block.append(lines.join("\n").as_bytes());
    } else {
        for line in lines {
            let meta = Meta {
                at_ms: id as i64,
                seq: 0,
                id: None,
                ingested_ms: None,
                source: 0,
                late: false,
                tailed: false,
            };
            block.push(&meta, line.as_bytes());
        }
    }
    Segment::hot(id, edits, block)
}

/// Asks what is missing, in the given segments only.
fn ask(
    view: &View,
    document: &Document,
    sieves: &mut Sieves,
    extra: &[&Test],
    only: Option<usize>,
) {
    let tests: Vec<Test> = view.tests().chain(extra.iter().copied()).cloned().collect();
    sieves.keep(&tests.iter().collect::<Vec<_>>());
    for (at, segment) in document.segments().iter().enumerate() {
        if only.is_some_and(|only| only != at) {
            continue;
        }
        for test in &tests {
            if let Some(from) = sieves.missing(test, segment) {
                let mut hits = Vec::new();
                let mut buffer = Vec::new();
                segment
                    .with_text(&mut buffer, |text| {
                        scan::passing(&**test, text, &[], (from, segment.lines), &mut hits);
                    })
                    .unwrap();
                sieves.put(Answer::new(test.clone(), segment, from, &hits));
            }
        }
    }
}

#[test]
fn the_nearest_segments_come_first() {
    assert_eq!(outward(2, 5, Direction::Forwards), [2, 3, 4, 1, 0]);
    assert_eq!(outward(2, 5, Direction::Backwards), [2, 1, 0, 3, 4]);
    assert_eq!(outward(2, 5, Direction::Both), [2, 1, 3, 0, 4]);
    assert_eq!(outward(9, 2, Direction::Both), [1, 0]);
    assert!(outward(0, 0, Direction::Backwards).is_empty());
}

fn lines() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec("[abc]{0,3}", 1..9)
}

proptest! {
    /// A document that grows and changes, a chain that is switched, a search: always what a naive filter shows.
    #[test]
    fn it_shows_what_a_naive_filter_shows(
        first in proptest::collection::vec(lines(), 0..5),
        then in proptest::collection::vec((0_usize..6, lines(), any::<bool>()), 0..5),
        steps in proptest::collection::vec((0_u8..3, any::<bool>(), any::<bool>()), 0..3),
        looks in proptest::collection::vec((0_u64..40, any::<bool>(), any::<bool>()), 1..6),
        plain in any::<bool>(),
    ) {
        let mut document = Document::new(Bound::new(0, None));
        let mut texts: Vec<Vec<String>> = first;
        let segments = texts.iter().enumerate().map(|(id, lines)| segment(id as u64, 0, lines, plain)).collect();
        document.splice(0..0, segments);
        let chain = Chain(steps.iter().map(|(letter, keep, on)| Step {
            test: Test::new(Has(b'a' + letter)),
            way: if *keep { Way::Keep } else { Way::Drop },
            on: *on,
        }).collect());
        let search = Test::new(Has(b'b'));
        let mut view = View::default();
        view.set_chain(chain.clone());
        view.set_search(Some(search.clone()));
        let mut sieves = Sieves::default();
        ask(&view, &document, &mut sieves, &[], None);
        view.refresh(&document, &sieves);

        // A segment grows at its end, or changes, or a new one comes.
        for (at, new, grows) in then {
            match texts.get_mut(at) {
                Some(old) => {
                    let edits = document.segments()[at].edits;
                    let edits = if grows {
                        // The last line of a file goes on.
                        if let (true, Some(last), Some(rest)) = (plain, old.last_mut(), new.first()) {
                            last.push_str(rest);
                        }
                        old.extend(new.iter().skip(usize::from(plain)).cloned());
                        edits
                    } else {
                        *old = new;
                        edits + 1
                    };
                    let changed = segment(at as u64, edits, old, plain);
                    document.splice(at..at + 1, vec![changed]);
                }
                None => {
                    let end = texts.len();
                    document.splice(end..end, vec![segment(end as u64, 0, &new, plain)]);
                    texts.push(new);
                }
            }
            ask(&view, &document, &mut sieves, &[], None);
            view.refresh(&document, &sieves);
        }

        // What is in the document, line by line.
        let mut all: Vec<(Place, bool, bool)> = Vec::new();
        for at in 0..document.segments().len() {
            let block = document.block(at);
            for line in 0..block.len() {
                let text = LineRef { text: block.line(line), ..LineRef::default() };
                let place = Place { segment: at, line: line as u32 };
                all.push((place, chain.passes(&text), search.passes(&text)));
            }
        }
        let shown: Vec<(Place, bool)> = all.iter().filter(|l| l.1).map(|l| (l.0, l.2)).collect();
        prop_assert!(view.is_decided() && view.is_searched());
        prop_assert_eq!(view.len() as usize, shown.len());
        prop_assert_eq!(view.matches() as usize, shown.iter().filter(|l| l.1).count());
        for (number, (place, _)) in shown.iter().enumerate() {
            prop_assert_eq!(view.place_of(number as u64), Some(*place));
            prop_assert_eq!(view.number_of(*place), number as u64);
        }
        for (place, shows, _) in &all {
            prop_assert_eq!(view.shows(*place), *shows);
        }
        for (from, backwards, wrap) in looks {
            let end = Place { segment: document.segments().len(), line: 0 };
            let from = document.place_of(from).unwrap_or(end);
            let lookout = Lookout { test: &search, from, backwards, wrap };
            let matching: Vec<Place> = shown.iter().filter(|l| l.1).map(|l| l.0).collect();
            let (ahead, round) = if backwards {
                (matching.iter().rfind(|p| **p < from), matching.last())
            } else {
                (matching.iter().find(|p| **p >= from), matching.first())
            };
            let expected = match (ahead, round) {
                (Some(place), _) => Look::At { place: *place, wrapped: false },
                (None, Some(place)) if wrap => Look::At { place: *place, wrapped: true },
                _ => Look::Nowhere,
            };
            prop_assert_eq!(view.look(&document, &sieves, lookout), expected);
        }
    }
}

#[test]
fn what_is_not_decided_is_not_shown_and_says_so() {
    let mut document = Document::new(Bound::new(0, None));
    let lines = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let segments = vec![
        segment(0, 0, &lines("a b"), false),
        segment(1, 0, &lines("a a b"), false),
    ];
    document.splice(0..0, segments);
    let (a, b) = (Test::new(Has(b'a')), Test::new(Has(b'b')));
    let mut view = View::default();
    view.set_chain(Chain(vec![Step {
        test: a.clone(),
        way: Way::Drop,
        on: true,
    }]));
    let mut sieves = Sieves::default();
    ask(&view, &document, &mut sieves, &[&b], Some(1));
    view.refresh(&document, &sieves);
    assert_eq!((view.len(), view.is_decided()), (1, false));
    assert!(!view.is_decided_up_to(1) && view.is_decided_at(1));
    let lookout = |backwards| Lookout {
        test: &b,
        from: Place {
            segment: 1,
            line: if backwards { 2 } else { 0 },
        },
        backwards,
        wrap: true,
    };
    let place = Place {
        segment: 1,
        line: 2,
    };
    let wrapped = false;
    assert_eq!(
        view.look(&document, &sieves, lookout(false)),
        Look::At { place, wrapped }
    );
    assert_eq!(view.look(&document, &sieves, lookout(true)), Look::Ask(0));
    ask(&view, &document, &mut sieves, &[&b], None);
    view.refresh_at(&document, &sieves, 0);
    assert_eq!((view.len(), view.is_decided()), (2, true));
    assert_eq!(view.place_of(1), Some(place));
}
