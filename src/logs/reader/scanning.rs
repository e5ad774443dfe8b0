//! Asking conditions of many segments, on all cores.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::thread;

use crate::logs::condition::Test;
use crate::logs::scan;
use crate::logs::segment::Segment;
use crate::logs::sieve::{Answer, Sieves};
use crate::logs::told::Source;

use super::mail::Mail;

/// A segment and what has to be asked of it: the condition, and the first line to ask.
#[derive(Debug)]
pub(super) struct Item {
    pub segment: Arc<Segment>,
    pub missing: Vec<(Test, u32)>,
}

impl Item {
    /// `None` if everything has been asked.
    pub fn new(segment: &Arc<Segment>, tests: &[Test], sieves: &Sieves) -> Option<Self> {
        let missing: Vec<(Test, u32)> = tests
            .iter()
            .filter_map(|test| Some((test.clone(), sieves.missing(test, segment)?)))
            .collect();
        (!missing.is_empty()).then(|| Self {
            segment: Arc::clone(segment),
            missing,
        })
    }

    pub fn lines(&self) -> u32 {
        let from = self.missing.iter().map(|(_, from)| *from).min();
        self.segment.lines - from.unwrap_or(0).min(self.segment.lines)
    }

    pub fn answer(
        &self,
        sources: &[Source],
        buffer: &mut Vec<u8>,
    ) -> (Vec<Answer>, io::Result<()>) {
        let segment = &*self.segment;
        let mut answers = Vec::with_capacity(self.missing.len());
        let read = segment.with_text(buffer, |text| {
            let mut hits = Vec::new();
            for (test, from) in &self.missing {
                scan::passing(&**test, text, sources, (*from, segment.lines), &mut hits);
                answers.push(Answer::new(test.clone(), segment, *from, &hits));
            }
        });
        if read.is_err() {
            let none = self.missing.iter();
            answers.extend(none.map(|(test, from)| Answer::new(test.clone(), segment, *from, &[])));
        }
        (answers, read)
    }
}

/// A scan that is running.
#[derive(Debug)]
pub(super) struct Scan {
    pub number: u64,
    stop: Arc<AtomicBool>,
}

impl Scan {
    /// Its threads take the items in their order.
    pub fn start(
        number: u64,
        items: Vec<Item>,
        sources: &Arc<Vec<Source>>,
        threads: usize,
        mail: &Sender<Mail>,
    ) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let threads = threads.min(items.len()).max(1);
        let items = Arc::new(items);
        let next = Arc::new(AtomicUsize::new(0));
        let left = Arc::new(AtomicUsize::new(threads));
        for _ in 0..threads {
            let (items, next, left) = (Arc::clone(&items), Arc::clone(&next), Arc::clone(&left));
            let (stop, sources, mail) = (Arc::clone(&stop), Arc::clone(sources), mail.clone());
            thread::spawn(move || {
                let mut buffer = Vec::new();
                while !stop.load(Ordering::Relaxed)
                    && let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    let (answers, read) = item.answer(&sources, &mut buffer);
                    // Nobody listens any more when the reader has stopped; the flag says so too.
                    let _ = mail.send(Mail::Answers(answers));
                    if let Err(error) = read {
                        let _ = mail.send(Mail::Unreadable(error));
                    }
                }
                if left.fetch_sub(1, Ordering::AcqRel) == 1 {
                    let _ = mail.send(Mail::ScanEnded(number));
                }
            });
        }
        Self { number, stop }
    }

    /// Ends within the segments that are being read.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl Drop for Scan {
    fn drop(&mut self) {
        self.stop();
    }
}
