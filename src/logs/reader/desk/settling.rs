//! What is done when mail has been taken in: answers, and work for other threads.

use std::time::Duration;

use crate::logs::ask::Anchor;
use crate::logs::condition::Test;
use crate::logs::document::Place;
use crate::logs::key::LineKey;
use crate::logs::told::{Found, Told, Window};
use crate::logs::view::{Look, Lookout, outward};

use super::super::scanning::{Item, Scan};
use super::super::visiting::{self, Tour, Visiting};
use super::super::window::{self, Walker, Wanted};
use super::{Desk, Intake};

/// For asking segments while an answer is waited for.
const ASK_FOR: Duration = Duration::from_millis(8);
/// Fewer new lines than these are asked at once, without threads.
const FEW_LINES: u32 = 4000;
const FEW_SEGMENTS: usize = 4;

impl Desk {
    /// Does what can be done now; answers what is to be told.
    pub fn settle(&mut self) -> Vec<Told> {
        self.check_files();
        if std::mem::take(&mut self.changed) {
            self.catch_up();
        }
        self.settle_find();
        self.settle_window();
        self.start_scan();
        self.start_spread();
        self.start_visits();
        self.tell_progress();
        let troubles = self.document.take_troubles();
        self.told.extend(troubles.into_iter().map(Told::Trouble));
        std::mem::take(&mut self.told)
    }

    /// How long nothing has to be done unless mail comes.
    pub fn wait(&self) -> Option<Duration> {
        let (progress, counts) = (self.progress(), self.counts());
        let news = progress != self.progress || counts != self.counted;
        let progress_due = news.then(|| self.progress_due(&progress, counts));
        let due = [self.window_due, self.check_due, progress_due];
        let first = due.into_iter().flatten().min()?;
        Some(first.saturating_sub(self.now()))
    }

    fn catch_up(&mut self) {
        let marked = self
            .spread
            .as_ref()
            .and_then(|spread| spread.marked.as_ref());
        let found = self.find.as_ref().map(|find| &find.test);
        let used: Vec<&Test> = self.view.tests().chain(found).chain(marked).collect();
        self.sieves.keep(&used);
        self.sieves.prune(self.document.segments());
        self.ask_newest();
        self.view.refresh(&self.document, &self.sieves);
        self.window_soon();
    }

    /// All conditions that somebody waits for.
    fn tests(&self) -> Vec<Test> {
        let marked = self
            .spread
            .as_ref()
            .and_then(|spread| spread.marked.as_ref());
        let found = self.find.as_ref().map(|find| &find.test);
        let search = self.view.search();
        let mut tests: Vec<Test> = Vec::new();
        for test in self.view.filters().chain(search).chain(found).chain(marked) {
            if !tests.contains(test) {
                tests.push(test.clone());
            }
        }
        tests
    }

    /// A line that has just come is asked before it is told of.
    fn ask_newest(&mut self) {
        let tests = self.tests();
        let segments = self.document.segments();
        let newest = &segments[segments.len().saturating_sub(FEW_SEGMENTS)..];
        let items: Vec<Item> = newest
            .iter()
            .filter_map(|segment| Item::new(segment, &tests, &self.sieves))
            .collect();
        if items.iter().map(Item::lines).sum::<u32>() > FEW_LINES {
            return;
        }
        for item in items {
            let (answers, read) = item.answer(self.document.sources(), &mut Vec::new());
            for answer in answers {
                self.sieves.put(answer);
            }
            if let Err(error) = read {
                self.document.unreadable(&error);
            }
        }
    }

    /// Runs a walk that may ask segments for a few milliseconds.
    fn walk<R>(&mut self, walk: impl FnOnce(&mut Walker<'_>) -> R) -> R {
        let clock = &self.clock;
        let start = clock();
        let mut may_ask = || clock().saturating_sub(start) < ASK_FOR;
        walk(&mut Walker {
            document: &mut self.document,
            view: &mut self.view,
            sieves: &mut self.sieves,
            time_of: self.time_of,
            may_ask: &mut may_ask,
            skipped: false,
        })
    }

    fn settle_find(&mut self) {
        let Some(find) = self.find.clone() else {
            return;
        };
        let mut tests: Vec<Test> = self.view.filters().cloned().collect();
        tests.push(find.test.clone());
        let look = self.walk(|walker| {
            let mut from = walker.document.place_from(find.from);
            // The line itself stands on the side that `here` says.
            if find.here == find.backwards && key_at(walker, from) == Some(find.from) {
                from.line += 1;
            }
            let lookout = Lookout {
                test: &find.test,
                from,
                backwards: find.backwards,
                wrap: find.wrap,
            };
            loop {
                match walker.view.look(walker.document, walker.sieves, lookout) {
                    Look::Ask(segment) if walker.ask(segment, &tests) => {}
                    Look::At { place, wrapped } => {
                        let key = key_at(walker, place).unwrap_or(find.from);
                        let visible = walker.view.number_of(place);
                        return Ok((key, visible, wrapped));
                    }
                    other => return Err(other),
                }
            }
        });
        let generation = find.generation;
        match look {
            Ok((key, visible, wrapped)) => {
                self.find = None;
                self.told.push(Told::Found(Found {
                    generation,
                    key,
                    visible,
                    wrapped,
                }));
            }
            // What is not indexed yet may have it.
            Err(Look::Nowhere) if self.unread() == 0 => {
                self.find = None;
                self.told.push(Told::NotFound { generation });
            }
            Err(_) => {}
        }
    }

    fn settle_window(&mut self) {
        let now = self.now();
        if self.window_due.is_none_or(|due| due > now) {
            return;
        }
        self.window_due = None;
        let Some(wanted) = self.wanted else {
            return;
        };
        let window = match self.unindexed_end(wanted) {
            Some(window) => window,
            None => self.walk(|walker| walker.window(wanted)),
        };
        if window.lines.is_empty() && self.unread() > 0 {
            // The first lines are about to come.
            return;
        }
        if self.last_window.as_ref() != Some(&window) {
            self.window_at = now;
            self.last_window = Some(window.clone());
            self.told.push(Told::Window(window));
        }
    }

    /// The end of a file can be shown before its lines are counted.
    fn unindexed_end(&mut self, wanted: Wanted) -> Option<Window> {
        let Intake::Files(files) = &self.intake else {
            return None;
        };
        let is_plain = self.view.filters().next().is_none();
        if wanted.anchor != Anchor::End || files.unread() == 0 || !is_plain {
            return None;
        }
        match files.tail() {
            Ok(tail) => {
                let search = self.view.search();
                Some(window::of_tail(
                    &self.document,
                    &tail?,
                    wanted,
                    search,
                    self.time_of,
                ))
            }
            Err(error) => {
                self.document.unreadable(&error);
                None
            }
        }
    }

    /// Sets the other threads to work when something has to be asked and they are idle.
    fn start_scan(&mut self) {
        let wanted = !self.view.is_decided()
            || !self.view.is_searched()
            || self.find.is_some()
            || self
                .spread
                .as_ref()
                .is_some_and(|spread| spread.marked.is_some());
        if self.scan.is_some() || !wanted {
            return;
        }
        let tests = self.tests();
        let segments = self.document.segments();
        let center = self.document.segment_from(self.center);
        let items: Vec<Item> = outward(center, segments.len(), self.direction)
            .into_iter()
            .filter_map(|at| Item::new(&segments[at], &tests, &self.sieves))
            .collect();
        if items.is_empty() {
            return;
        }
        self.scans += 1;
        let sources = self.document.sources();
        let scan = Scan::start(self.scans, items, sources, self.threads, &self.mail);
        self.scan = Some(scan);
    }

    fn start_visits(&mut self) {
        if self.visits_waiting.is_empty() || self.unread() > 0 {
            return;
        }
        for ask in std::mem::take(&mut self.visits_waiting) {
            if let Some((generation, range)) = visiting::wanted(&ask) {
                let tour = Tour::new(&self.document, &self.view, range);
                self.visiting
                    .push(Visiting::start(ask, generation, tour, &self.mail));
            }
        }
    }
}

fn key_at(walker: &mut Walker<'_>, place: Place) -> Option<LineKey> {
    let segment = walker.document.segments().get(place.segment)?;
    let exists = place.line < segment.lines;
    exists.then(|| {
        walker
            .document
            .block(place.segment)
            .key(place.line as usize)
    })
}
