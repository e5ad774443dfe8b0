//! Which events of one millisecond are new.
//!
//! Two ways lead here. Polling gives every event an id: the same id is the same event. Live Tail gives none, and each
//! of its lines is an event of its own; but polling, which fills what it left out, may bring the same event again.
//! So each line of one way is paired with at most one line of the other way that has the same stream and text.

use std::collections::HashMap;

use crate::logs::block::Meta;
use crate::logs::document::{Document, Place};
use crate::logs::key::LineKey;

use super::Arrival;

/// A line that is there, or has just been found to be new.
struct Present {
    meta: Meta,
    /// Where it is in the document; `None` for a new one.
    place: Option<Place>,
    changed: bool,
}

/// The lines of this millisecond that are not there yet. Those that are remember the other way they came by.
pub(super) fn new_of_moment(
    document: &mut Document,
    at_ms: i64,
    moment: Vec<Arrival>,
) -> Vec<Arrival> {
    let mut present = Vec::new();
    let mut by_id: HashMap<u64, usize> = HashMap::new();
    // Lines still without a partner, by stream and text.
    let mut unpaired: HashMap<(u16, bool, Vec<u8>), Vec<usize>> = HashMap::new();
    let wants_id = moment.iter().any(|arrival| arrival.meta.id.is_some());
    let wants_tailed = moment.iter().any(|arrival| arrival.meta.tailed);
    each_at(document, at_ms, |place, meta, text| {
        if let Some(id) = meta.id {
            by_id.insert(id, present.len());
        }
        // An id looks for a partner without one, and the other way round.
        let may_pair = (wants_id && meta.id.is_none()) || (wants_tailed && !meta.tailed);
        if may_pair {
            unpaired
                .entry((meta.source, meta.tailed, text.to_vec()))
                .or_default()
                .push(present.len());
        }
        present.push(Present {
            meta,
            place: Some(place),
            changed: false,
        });
    });

    let mut new = Vec::new();
    for arrival in moment {
        let meta = arrival.meta;
        if meta.id.is_some_and(|id| by_id.contains_key(&id)) {
            continue;
        }
        let other_way = (meta.source, !meta.tailed, arrival.text.into_bytes());
        let partner = unpaired.get_mut(&other_way).and_then(|waiting| {
            // The oldest first, so that equal lines keep their order.
            (!waiting.is_empty()).then(|| waiting.remove(0))
        });
        let text = other_way.2;
        let at = partner.unwrap_or(present.len());
        if let Some(id) = meta.id {
            by_id.insert(id, at);
        }
        match partner {
            Some(at) => {
                let line = &mut present[at];
                line.meta.id = line.meta.id.or(meta.id);
                line.meta.tailed = true;
                line.changed = true;
            }
            None => {
                unpaired
                    .entry((meta.source, meta.tailed, text.clone()))
                    .or_default()
                    .push(present.len());
                present.push(Present {
                    meta,
                    place: None,
                    changed: false,
                });
                new.push((at, text));
            }
        }
    }
    for line in &present {
        if let (true, Some(place)) = (line.changed, line.place) {
            document.set_meta(place, &line.meta);
        }
    }
    new.into_iter()
        .map(|(at, text)| Arrival {
            meta: present[at].meta,
            // It was a string a moment ago.
            text: String::from_utf8(text).unwrap_or_default(),
        })
        .collect()
}

fn each_at(document: &mut Document, at_ms: i64, mut see: impl FnMut(Place, Meta, &[u8])) {
    let mut segment = document.segment_from(LineKey::before_time(at_ms));
    let end = LineKey::after_time(at_ms);
    while document
        .segments()
        .get(segment)
        .is_some_and(|found| found.first <= end)
    {
        let block = document.block(segment);
        let from = block.first_from(LineKey::before_time(at_ms));
        for line in from..block.len() {
            match block.meta(line) {
                Some(meta) if meta.at_ms == at_ms => {
                    let place = Place {
                        segment,
                        line: u32::try_from(line).unwrap_or(u32::MAX),
                    };
                    see(place, meta, block.line(line));
                }
                _ => break,
            }
        }
        segment += 1;
    }
}
