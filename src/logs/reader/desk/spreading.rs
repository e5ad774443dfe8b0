//! How lines spread over time: counted on a thread of its own.

use std::sync::Arc;
use std::thread;

use crate::logs::condition::Test;
use crate::logs::histogram::{self, Piece};
use crate::logs::segment::Segment;
use crate::logs::times;

use super::super::mail::Mail;
use super::Desk;

impl Desk {
    pub(super) fn start_spread(&mut self) {
        let is_known = self.unread() == 0 && self.view.is_decided();
        let Some(spread) = &mut self.spread else {
            return;
        };
        let segments = self.document.segments();
        let is_marked = |test: &Test| {
            let missing = |segment: &Arc<Segment>| self.sieves.missing(test, segment).is_some();
            !segments.iter().any(missing)
        };
        if spread.running || (spread.answered && (!is_known || self.scan.is_some())) {
            return;
        }
        let done = is_known && spread.marked.as_ref().is_none_or(is_marked);
        if spread.answered && !done {
            return;
        }
        spread.running = true;
        let pieces: Vec<(Arc<Segment>, Piece)> = segments
            .iter()
            .enumerate()
            .map(|(at, segment)| {
                let marked = spread.marked.as_ref();
                let piece = Piece {
                    times: Vec::new(),
                    lines: segment.lines,
                    shown: self.view.shown_of(at),
                    marked: marked
                        .and_then(|test| self.sieves.set(test, segment))
                        .cloned(),
                };
                (Arc::clone(segment), piece)
            })
            .collect();
        let (generation, buckets) = (spread.generation, spread.buckets);
        let (time_of, mail) = (self.time_of, self.mail.clone());
        thread::spawn(move || {
            let pieces: Vec<Piece> = pieces
                .into_iter()
                .map(|(segment, mut piece)| {
                    piece.times = times::samples(&segment, time_of);
                    piece
                })
                .collect();
            let mut histogram = histogram::count(generation, &pieces, buckets);
            histogram.done = done;
            // The reader may be gone.
            let _ = mail.send(Mail::Histogram(histogram));
        });
    }
}
