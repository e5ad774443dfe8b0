//! Has the lines on screen read for their numbers: all of them once, then what is new.
//!
//! Lines that came in between those read before (late ones, older pages) are known by their count; then everything is
//! read once more, seldom enough to cost little however many lines there are.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::metric_definition::MetricDefinition;
use crate::logs::ask::{Ask, Generation, Range};
use crate::logs::curve::Curves;
use crate::logs::key::LineKey;
use crate::logs::told::{self, Progress};
use crate::logs::visit::{Visited, Visitor};

/// Between two looks for new lines.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Between two messages.
const TELL_EVERY: Duration = Duration::from_millis(500);
/// Between two times that everything is read: this long, or so many times as long as it took.
const REST: Duration = Duration::from_secs(10);
const REST_FACTOR: u32 = 10;

/// Series told of.
const SHOWN: usize = 4;

/// What has been read so far.
#[derive(Debug, Default)]
struct Reading {
    curves: Curves,
    last: Option<LineKey>,
    lines: u64,
    /// Lines without an end seen on the latest visit; they are read when they have one.
    open: u64,
}

impl Reading {
    fn new(definitions: &[MetricDefinition]) -> Shared {
        Arc::new(Mutex::new(Self {
            curves: Curves::new(definitions),
            ..Self::default()
        }))
    }

    fn take(&mut self, line: &Visited<'_>, shift: u64, whole_lines: bool) {
        if self.last.is_some_and(|last| line.key <= last) {
            return;
        }
        if line.open && whole_lines {
            self.open += 1;
            return;
        }
        self.curves.add(&line.line, line.number + shift);
        self.last = Some(line.key);
        self.lines += 1;
    }
}

type Shared = Arc<Mutex<Reading>>;

fn lock(reading: &Shared) -> MutexGuard<'_, Reading> {
    reading.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A visit under way.
#[derive(Debug)]
struct Visit {
    reading: Shared,
    /// It reads all lines.
    whole: bool,
    began: Instant,
    progress: Progress,
}

#[derive(Debug)]
pub struct Feed {
    generation: Generation,
    /// The view whose lines are read.
    view: Generation,
    definitions: Vec<MetricDefinition>,
    /// What is told.
    shown: Shared,
    visit: Option<Visit>,
    /// How far the reader has come, and how far it had when the last visit began.
    progress: Progress,
    reached: Progress,
    /// Lines without an end seen when everything was read.
    open: u64,
    began: Instant,
    /// When to read what is new.
    look_due: Option<Instant>,
    /// When to read everything, and the earliest time to do so again.
    whole_due: Option<Instant>,
    rest_until: Instant,
    tell_due: Option<Instant>,
    told_at: Option<Instant>,
    /// Numbers told of, whether they were all, and of how many lines.
    told: Option<(u64, bool, u64)>,
}

/// What is to be done.
#[derive(Debug, Default)]
pub struct Deeds {
    pub ask: Option<Ask>,
    pub tell: Option<told::Curves>,
}

impl Feed {
    /// Begins with all lines of the view; `act` at once.
    pub fn new(
        generation: Generation,
        view: Generation,
        definitions: Vec<MetricDefinition>,
        progress: &Progress,
        now: Instant,
    ) -> Self {
        let mut feed = Self {
            generation,
            view,
            shown: Reading::new(&definitions),
            definitions,
            visit: None,
            progress: Progress::default(),
            reached: Progress::default(),
            open: 0,
            began: now,
            look_due: None,
            whole_due: Some(now),
            rest_until: now,
            tell_due: None,
            told_at: None,
            told: None,
        };
        feed.progressed(progress);
        feed
    }

    pub fn generation(&self) -> Generation {
        self.generation
    }

    /// The reader has come further.
    pub fn progressed(&mut self, progress: &Progress) {
        if progress.view != self.view {
            return;
        }
        self.progress = progress.clone();
        self.look_for_news();
    }

    fn look_for_news(&mut self) {
        let idle = self.visit.is_none() && self.look_due.is_none();
        if idle && news(&self.progress) != news(&self.reached) {
            // The first lines are waited for.
            let first = came(&self.reached) == 0;
            let rest = if first { Duration::ZERO } else { LOOK_EVERY };
            self.look_due = Some(self.began + rest);
        }
    }

    /// A visit is over.
    pub fn visited(&mut self, generation: Generation, now: Instant) {
        if generation != self.generation {
            return;
        }
        let Some(visit) = self.visit.take() else {
            return;
        };
        let (lines, open) = {
            let reading = lock(&visit.reading);
            (reading.lines, reading.open)
        };
        if visit.whole {
            self.shown = visit.reading;
            self.open = open;
            let took = now.duration_since(visit.began);
            self.rest_until = now + REST.max(took * REST_FACTOR);
        } else if visit.progress.visible > lines + self.open.max(open) {
            self.whole_due = Some(self.rest_until);
        }
        self.reached = visit.progress;
        self.look_for_news();
        self.tell_soon(now);
    }

    fn tell_soon(&mut self, now: Instant) {
        let earliest = self.told_at.map_or(now, |at| at + TELL_EVERY);
        self.tell_due = Some(earliest.max(now));
    }

    /// When there is something to do, unless news comes.
    pub fn due(&self) -> Option<Instant> {
        let looks = [self.look_due, self.whole_due];
        let looks = looks.into_iter().filter(|_| self.visit.is_none());
        looks.chain([self.tell_due]).flatten().min()
    }

    /// Does what is due.
    pub fn act(&mut self, now: Instant) -> Deeds {
        let mut deeds = Deeds::default();
        let is_due = |due: Option<Instant>| due.is_some_and(|due| due <= now);
        if self.visit.is_none() && (is_due(self.look_due) || is_due(self.whole_due)) {
            deeds.ask = Some(self.look(now, is_due(self.whole_due)));
        }
        if is_due(self.tell_due) {
            deeds.tell = self.tell(now);
        }
        deeds
    }

    fn look(&mut self, now: Instant, whole: bool) -> Ask {
        self.look_due = None;
        self.began = now;
        // What is told stays while everything is read again; the first time it grows before one's eyes.
        let reading = if whole && self.told.is_some() {
            Reading::new(&self.definitions)
        } else {
            Arc::clone(&self.shown)
        };
        if whole {
            self.whole_due = None;
        }
        let after = {
            let mut read = lock(&reading);
            read.open = 0;
            read.last
        };
        let progress = self.progress.clone();
        // A number means the same line while lines before it are given up.
        let shift = progress.dropped;
        let whole_lines = progress.growing;
        let seen = Arc::clone(&reading);
        let visitor = Visitor::new(move |line| {
            lock(&seen).take(line, shift, whole_lines);
            ControlFlow::Continue(())
        });
        self.visit = Some(Visit {
            reading,
            whole,
            began: now,
            progress,
        });
        self.tell_soon(now + TELL_EVERY);
        Ask::Visit {
            generation: self.generation,
            range: Range {
                first: after.unwrap_or(LineKey::FIRST),
                ..Range::VISIBLE
            },
            visitor,
        }
    }

    fn tell(&mut self, now: Instant) -> Option<told::Curves> {
        let done = self.visit.is_none();
        self.tell_due = None;
        if !done {
            self.tell_soon(now + TELL_EVERY);
        }
        let reading = lock(&self.shown);
        // Once all was read, a look at what is new is nothing to tell of.
        let done = done || self.told.is_some_and(|(_, done, _)| done);
        let came = came(&self.reached);
        let state = (reading.curves.numbers(), done, came);
        if self.told == Some(state) {
            return None;
        }
        self.told = Some(state);
        self.told_at = Some(now);
        let ranked = reading.curves.ranked();
        Some(told::Curves {
            generation: self.generation,
            shown: ranked.iter().take(SHOWN).copied().cloned().collect(),
            others: ranked.len().saturating_sub(SHOWN),
            lines: reading.lines,
            came,
            done,
        })
    }
}

/// Lines that came so far, those given up among them.
fn came(progress: &Progress) -> u64 {
    progress.lines + progress.dropped
}

/// What tells that there is something to read.
fn news(progress: &Progress) -> (u64, u64, u64, bool) {
    let Progress {
        lines,
        bytes,
        dropped,
        growing,
        ..
    } = *progress;
    (lines, bytes, dropped, growing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::line::LineRef;

    struct Bench {
        feed: Feed,
        now: Instant,
        progress: Progress,
        asked: Option<Range>,
        told: Vec<told::Curves>,
    }

    impl Bench {
        fn new() -> Self {
            let now = Instant::now();
            let progress = Progress {
                growing: true,
                ..Progress::default()
            };
            Self {
                feed: Feed::new(7, 0, Vec::new(), &progress, now),
                now,
                progress,
                asked: None,
                told: Vec::new(),
            }
        }

        fn pass(&mut self, ms: u64) {
            let end = self.now + Duration::from_millis(ms);
            while let Some(due) = self.feed.due().filter(|due| *due <= end) {
                self.now = due.max(self.now);
                let deeds = self.feed.act(self.now);
                self.told.extend(deeds.tell);
                if let Some(Ask::Visit { range, .. }) = deeds.ask {
                    self.asked = Some(range);
                }
            }
            self.now = end;
        }

        fn grow(&mut self, lines: u64) {
            self.progress.lines = lines;
            self.progress.visible = lines;
            self.progress.bytes = lines * 10;
            self.feed.progressed(&self.progress);
        }

        /// The reader shows lines, each with its time, its number, and whether it goes on.
        fn visit(&mut self, lines: &[(i64, u64, bool)]) {
            let asked = self.asked.take().expect("a visit was asked for");
            let visit = self.feed.visit.as_ref().unwrap();
            for (at, number, open) in lines {
                let key = LineKey::before_time(*at);
                assert!(key >= asked.first);
                let text = format!("loss={at}");
                let visited = Visited {
                    line: LineRef {
                        text: text.as_bytes(),
                        ..LineRef::default()
                    },
                    key,
                    number: *number,
                    open: *open,
                    ingested_ms: None,
                };
                lock(&visit.reading).take(&visited, 0, true);
            }
            self.feed.visited(7, self.now);
        }

        fn losses(&self) -> Vec<(f64, u64)> {
            let curves = self.told.last().expect("curves were told");
            let points = curves.shown.first().map_or(&[][..], |s| s.points());
            points.iter().map(|p| (p.y, p.key)).collect()
        }
    }

    #[test]
    fn everything_is_read_once_then_what_is_new() {
        let mut bench = Bench::new();
        bench.grow(2);
        bench.pass(0);
        bench.visit(&[(10, 0, false), (20, 1, false)]);
        bench.pass(10);
        assert_eq!(bench.losses(), [(10.0, 0), (20.0, 1)]);
        assert!(bench.told[0].done);
        assert_eq!(bench.feed.due(), None, "nothing to do while nothing comes");
        bench.grow(3);
        bench.pass(1900);
        assert_eq!(bench.asked, None, "not yet");
        bench.pass(200);
        let first = bench.asked.map(|range| range.first);
        assert_eq!(first, Some(LineKey::before_time(20)));
        // The last line read is shown once more.
        bench.visit(&[(20, 1, false), (30, 2, false)]);
        bench.pass(500);
        assert_eq!(bench.losses(), [(10.0, 0), (20.0, 1), (30.0, 2)]);
        assert_eq!(bench.told.len(), 2);
        assert_eq!(bench.feed.due(), None);
    }

    #[test]
    fn what_came_in_between_has_everything_read_again_but_seldom() {
        let mut bench = Bench::new();
        bench.grow(2);
        bench.pass(0);
        bench.visit(&[(10, 0, false), (30, 1, false)]);
        bench.pass(100);
        bench.grow(4);
        bench.pass(2000);
        // One of the two came late.
        bench.visit(&[(40, 3, false)]);
        bench.pass(600);
        assert_eq!(bench.losses(), [(10.0, 0), (30.0, 1), (40.0, 3)]);
        bench.pass(6000);
        assert_eq!(bench.asked, None, "not yet");
        bench.pass(2000);
        assert_eq!(bench.asked, Some(Range::VISIBLE));
        assert_eq!(bench.losses().len(), 3, "the old ones stay meanwhile");
        bench.visit(&[
            (10, 0, false),
            (20, 1, false),
            (30, 2, false),
            (40, 3, false),
        ]);
        bench.pass(600);
        let all = [(10.0, 0), (20.0, 1), (30.0, 2), (40.0, 3)];
        assert_eq!(bench.losses(), all);
        assert_eq!(bench.feed.due(), None);
    }

    #[test]
    fn a_line_that_is_still_being_written_is_read_when_it_is_whole() {
        let mut bench = Bench::new();
        bench.grow(2);
        bench.pass(0);
        bench.visit(&[(10, 0, false), (20, 1, true)]);
        bench.pass(100);
        assert_eq!(bench.losses(), [(10.0, 0)]);
        bench.progress.bytes += 3;
        bench.feed.progressed(&bench.progress.clone());
        bench.pass(2000);
        bench.visit(&[(10, 0, false), (20, 1, false)]);
        bench.pass(600);
        assert_eq!(bench.losses(), [(10.0, 0), (20.0, 1)]);
        assert_eq!(bench.feed.due(), None);
    }

    #[test]
    fn a_long_visit_is_told_of_twice_a_second_and_other_views_not_at_all() {
        let mut bench = Bench::new();
        bench.pass(0);
        for n in 0..20 {
            let line = Visited {
                line: LineRef {
                    text: b"loss=1",
                    ..LineRef::default()
                },
                key: LineKey::before_time(n),
                number: 0,
                open: false,
                ingested_ms: None,
            };
            lock(&bench.feed.shown).take(&line, 0, true);
            bench.pass(100);
        }
        assert!((3..=4).contains(&bench.told.len()), "{}", bench.told.len());
        assert!(bench.told.iter().all(|curves| !curves.done));
        bench.feed.visited(6, bench.now);
        assert!(bench.feed.visit.is_some(), "the visit of another feed");
        bench.visit(&[]);
        bench.pass(1000);
        assert!(bench.told.last().unwrap().done);
        bench.progress.view = 3;
        bench.grow(99);
        assert_eq!(bench.feed.due(), None);
    }
}
