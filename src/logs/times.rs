//! When the lines of a document were written, and which of them were written when.

use std::sync::Arc;

use super::document::{Document, Place};
use super::key::LineKey;
use super::segment::{Content, Segment};

/// Reads the time from the text of a line, in milliseconds since 1970.
pub type TimeOf = fn(&[u8]) -> Option<i64>;

/// Lines that are looked at to know the time of a stretch of a file.
const TRIES: usize = 64;
/// Looked at within a segment of a file; the lines between are thought to be evenly spread.
const SAMPLES: usize = 8;

/// The first line at or after a time, as far as the lines are in the order of time.
pub fn place_at(document: &mut Document, time_of: TimeOf, at_ms: i64) -> Place {
    if document.times().is_some() {
        return document.place_from(LineKey::before_time(at_ms));
    }
    // Segments before `low` begin too early, those from `high` on late enough.
    let (mut low, mut high) = (0, document.segments().len());
    while low < high {
        let middle = low.midpoint(high);
        // Where a segment tells no time the next one may.
        let told = (middle..high).find_map(|at| Some((at, first_time(document, time_of, at)?)));
        match told {
            Some((at, time)) if time < at_ms => low = at + 1,
            _ => high = middle,
        }
    }
    let Some(segment) = low.checked_sub(1) else {
        return Place {
            segment: 0,
            line: 0,
        };
    };
    let block = document.block(segment);
    let line = (0..block.len()).find(|line| time_of(block.line(*line)) >= Some(at_ms));
    match line {
        Some(line) => Place {
            segment,
            line: u32::try_from(line).unwrap_or(u32::MAX),
        },
        None => Place {
            segment: low,
            line: 0,
        },
    }
}

fn first_time(document: &mut Document, time_of: TimeOf, segment: usize) -> Option<i64> {
    let block = document.block(segment);
    (0..block.len().min(TRIES)).find_map(|line| time_of(block.line(line)))
}

/// Lines of a segment whose time is known, in order; the time of others lies between.
pub fn samples(segment: &Arc<Segment>, time_of: TimeOf) -> Vec<(u32, i64)> {
    match (&segment.content, segment.times) {
        (Content::Hot(block), Some(_)) => (0..segment.lines)
            .filter_map(|line| Some((line, block.at_ms(line as usize)?)))
            .collect(),
        (_, Some((first, last))) => vec![(0, first), (segment.lines - 1, last)],
        _ => file_samples(segment, time_of).unwrap_or_default(),
    }
}

fn file_samples(segment: &Segment, time_of: TimeOf) -> Option<Vec<(u32, i64)>> {
    // What cannot be read has no time; whoever shows it tells of the trouble.
    let block = segment.load().ok()?;
    let lines = block.len();
    let mut samples: Vec<(u32, i64)> = Vec::with_capacity(SAMPLES + 1);
    for sample in 0..=SAMPLES {
        let from = (lines - 1) * sample / SAMPLES;
        let found = (from..lines)
            .take(TRIES)
            .find_map(|line| Some((line, time_of(block.line(line))?)));
        if let Some((line, time)) = found {
            let line = u32::try_from(line).ok()?;
            if samples.last().is_none_or(|(last, _)| *last < line) {
                samples.push((line, time));
            }
        }
    }
    Some(samples)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::block::Block;
    use crate::logs::document::Bound;

    fn number(text: &[u8]) -> Option<i64> {
        std::str::from_utf8(text).ok()?.parse().ok()
    }

    fn document(texts: &[&str]) -> Document {
        let mut document = Document::new(Bound::new(0, None));
        let segments = (0..).zip(texts).map(|(id, text)| {
            let mut block = Block::plain(LineKey::new(id, 0), 0);
            block.append(text.as_bytes());
            Segment::hot(id.unsigned_abs(), 0, block)
        });
        let segments = segments.collect();
        document.splice(0..0, segments);
        document
    }

    #[test]
    fn a_time_is_found_between_lines_that_tell_none() {
        let mut document = document(&["x\n1\n2\n", "x\n", "3\nx\n5", "7\n9\n"]);
        for (at_ms, segment, line) in [
            (0, 0, 0),
            (1, 0, 0),
            (2, 0, 2),
            (3, 1, 0),
            (4, 2, 2),
            (6, 3, 0),
            (8, 3, 1),
            (10, 4, 0),
        ] {
            let place = place_at(&mut document, number, at_ms);
            assert_eq!(place, Place { segment, line }, "{at_ms}");
        }
        let samples = samples(&document.segments()[0], number);
        assert_eq!(samples, [(1, 1), (2, 2)]);
    }
}
