//! The lines around an anchor.

use std::sync::Arc;

use crate::logs::ask::{Anchor, Generation};
use crate::logs::block::Block;
use crate::logs::condition::Test;
use crate::logs::document::{Document, Place};
use crate::logs::key::LineKey;
use crate::logs::scan;
use crate::logs::segment::SHOWN_BYTES;
use crate::logs::sieve::Sieves;
use crate::logs::times::{self, TimeOf};
use crate::logs::told::{Window, WindowLine};
use crate::logs::view::View;

use super::scanning::Item;

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub generation: Generation,
    pub anchor: Anchor,
    pub before: usize,
    pub after: usize,
}

/// No screen has more rows.
const MOST_LINES: usize = 4096;

/// Finds visible lines, asking segments that have not been asked yet as long as it is allowed to.
pub(super) struct Walker<'a> {
    pub document: &'a mut Document,
    pub view: &'a mut View,
    pub sieves: &'a mut Sieves,
    pub time_of: TimeOf,
    /// Whether there is time to ask one more segment.
    pub may_ask: &'a mut dyn FnMut() -> bool,
    /// Lines were passed over that have not been asked.
    pub skipped: bool,
}

impl Walker<'_> {
    /// Asks a segment right here. False if there was no time.
    pub fn ask(&mut self, segment: usize, tests: &[Test]) -> bool {
        let Some(found) = self.document.segments().get(segment) else {
            return true;
        };
        let Some(item) = Item::new(found, tests, self.sieves) else {
            return true;
        };
        if !(self.may_ask)() {
            return false;
        }
        let (answers, read) = item.answer(self.document.sources(), &mut Vec::new());
        if let Err(error) = read {
            self.document.unreadable(&error);
        }
        for answer in answers {
            self.sieves.put(answer);
        }
        self.view.refresh_at(self.document, self.sieves, segment);
        true
    }

    fn decide(&mut self, segment: usize) {
        if self.view.is_decided_at(segment) {
            return;
        }
        let tests: Vec<Test> = self.view.filters().cloned().collect();
        if !self.ask(segment, &tests) {
            self.skipped = true;
        }
    }

    /// The first visible line at or after a place.
    fn next(&mut self, from: Place) -> Option<Place> {
        let mut line = from.line;
        for segment in from.segment..self.document.segments().len() {
            self.decide(segment);
            if let Some(line) = self.view.next_in(segment, line) {
                return Some(Place { segment, line });
            }
            line = 0;
        }
        None
    }

    /// The last visible line before a place.
    fn previous(&mut self, from: Place) -> Option<Place> {
        let mut line = from.line;
        let last = self.document.segments().len().checked_sub(1)?;
        for segment in (0..=from.segment.min(last)).rev() {
            self.decide(segment);
            if segment < from.segment {
                line = u32::MAX;
            }
            if let Some(line) = self.view.previous_in(segment, line) {
                return Some(Place { segment, line });
            }
        }
        None
    }

    fn anchor(&mut self, anchor: Anchor) -> Option<Place> {
        let end = Place {
            segment: self.document.segments().len(),
            line: 0,
        };
        let start = Place {
            segment: 0,
            line: 0,
        };
        let place = match anchor {
            Anchor::Top => start,
            Anchor::End => end,
            Anchor::Line(key) => self.document.place_from(key),
            Anchor::Visible(number) => self.view.place_of(number).unwrap_or(end),
            Anchor::AtTime(at_ms) => times::place_at(self.document, self.time_of, at_ms),
        };
        match self.next(place) {
            Some(place) => Some(place),
            None => self.previous(place),
        }
    }

    pub fn window(&mut self, wanted: Wanted) -> Window {
        let mut window = Window {
            generation: wanted.generation,
            ..Window::default()
        };
        let Some(anchor) = self.anchor(wanted.anchor) else {
            window.at_start = true;
            window.at_end = true;
            window.settled = !self.skipped;
            window.gap_after = self.document.gap_between(None, None).cloned();
            return window;
        };
        let mut before = Vec::new();
        let mut first = anchor;
        while before.len() < wanted.before.min(MOST_LINES)
            && let Some(place) = self.previous(first)
        {
            before.push(place);
            first = place;
        }
        let at_start = self.previous(first).is_none();
        let mut places: Vec<Place> = before.into_iter().rev().collect();
        window.anchor = Some(places.len());
        places.push(anchor);
        let mut last = anchor;
        let mut at_end = false;
        for _ in 0..=wanted.after.min(MOST_LINES) {
            let behind = Place {
                line: last.line + 1,
                ..last
            };
            match self.next(behind) {
                Some(place) if places.len() <= window.anchor.unwrap_or(0) + wanted.after => {
                    places.push(place);
                    last = place;
                }
                Some(_) => break,
                None => {
                    at_end = true;
                    break;
                }
            }
        }
        window.at_start = at_start && !self.skipped;
        window.at_end = at_end && !self.skipped;
        window.settled = !self.skipped && self.view.is_decided_up_to(first.segment);
        window.first_visible = self.view.number_of(first);
        self.lines(&places, &mut window);
        window
    }

    fn lines(&mut self, places: &[Place], window: &mut Window) {
        let search = self.view.search().cloned();
        let mut previous: Option<LineKey> = match window.at_start {
            true => None,
            // A marker before the first line belongs to the line before it only if that is shown too.
            false => places.first().and_then(|first| {
                let before = self.previous(*first)?;
                let block = self.document.block(before.segment);
                Some(block.key(before.line as usize))
            }),
        };
        for (place, visible) in places.iter().zip(window.first_visible..) {
            let block = self.document.block(place.segment);
            let mut line = show(
                self.document,
                &block,
                place.line as usize,
                search.as_ref(),
                self.time_of,
            );
            line.number = Some(self.document.start_of(place.segment) + u64::from(place.line));
            line.visible = Some(visible);
            let gap = self.document.gap_between(previous, Some(line.key));
            line.gap_before = gap.cloned();
            previous = Some(line.key);
            window.lines.push(line);
        }
        if window.at_end {
            window.gap_after = self.document.gap_between(previous, None).cloned();
        }
    }
}

/// The last lines of a file that is not indexed yet, without numbers.
pub(super) fn of_tail(
    document: &Document,
    tail: &Block,
    wanted: Wanted,
    search: Option<&Test>,
    time_of: TimeOf,
) -> Window {
    let first = tail.len().saturating_sub(wanted.before.min(MOST_LINES) + 1);
    let lines: Vec<WindowLine> = (first..tail.len())
        .map(|line| show(document, tail, line, search, time_of))
        .collect();
    Window {
        generation: wanted.generation,
        anchor: lines.len().checked_sub(1),
        at_end: true,
        lines,
        ..Window::default()
    }
}

/// A line without its numbers and markers.
fn show(
    document: &Document,
    block: &Block,
    line: usize,
    search: Option<&Test>,
    time_of: TimeOf,
) -> WindowLine {
    let bytes = block.line(line);
    let source = document.sources().get(usize::from(block.source(line)));
    let meta = block.meta(line);
    let at_ms = block.at_ms(line);
    let asked = scan::line_ref(bytes, at_ms, source);
    WindowLine {
        key: block.key(line),
        number: None,
        visible: None,
        at_ms: at_ms.or_else(|| time_of(beginning(bytes))),
        ingested_ms: meta.and_then(|meta| meta.ingested_ms),
        source: source.cloned().unwrap_or_default(),
        late: block.is_late(line),
        gap_before: None,
        text: Arc::from(String::from_utf8_lossy(beginning(bytes))),
        bytes: block.line_len(line),
        matched: search.is_some_and(|test| test.passes(&asked)),
    }
}

/// What is shown of a line; a character is not cut in two.
fn beginning(line: &[u8]) -> &[u8] {
    if line.len() <= SHOWN_BYTES {
        return line;
    }
    let mut end = SHOWN_BYTES;
    // At most three bytes continue a character; bytes that are none are left as they are.
    for _ in 0..3 {
        if line[end] & 0b1100_0000 == 0b1000_0000 {
            end -= 1;
        }
    }
    &line[..end]
}
