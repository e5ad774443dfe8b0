//! Where a reader works: it takes mail in, then settles what is open. It reads time from the clock it was given.

mod asked;
mod settling;
mod spreading;
mod telling;

use std::sync::atomic::AtomicBool;
use std::sync::mpsc::Sender;
use std::time::Duration;

use crate::logs::ask::{Ask, Generation};
use crate::logs::condition::Test;
use crate::logs::document::Document;
use crate::logs::events::{self, Taken};
use crate::logs::files::{Files, Work};
use crate::logs::key::LineKey;
use crate::logs::pipe::{self, Piped};
use crate::logs::sieve::Sieves;
use crate::logs::times::TimeOf;
use crate::logs::told::{Progress, Told, Trouble, Window};
use crate::logs::view::{Direction, View};

use super::Settings;
use super::indexing::{AT_ONCE, Indexing};
use super::mail::Mail;
use super::merging::Merging;
use super::scanning::Scan;
use super::visiting::Visiting;
use super::window::Wanted;

/// Between two windows that nobody asked for anew.
const WINDOW_EVERY: Duration = Duration::from_millis(33);
/// Between two looks at files that change all the time.
const CHECK_EVERY: Duration = Duration::from_millis(10);
/// When nobody tells of changes; and when somebody should, for file systems that do not.
const LOOK_EVERY: Duration = Duration::from_secs(1);
const LOOK_EVERY_IF_TOLD: Duration = Duration::from_secs(5);

/// What lines come from.
pub(super) enum Intake {
    Events(events::Intake),
    Files(Files),
    Pipe {
        intake: pipe::Intake,
        /// Buffers go back here.
        empty: Sender<Vec<u8>>,
    },
}

/// A line that is looked for.
#[derive(Clone, Debug)]
struct Find {
    generation: Generation,
    test: Test,
    from: LineKey,
    here: bool,
    backwards: bool,
    wrap: bool,
}

/// A histogram that is asked for.
#[derive(Clone, Debug)]
struct Spread {
    generation: Generation,
    buckets: usize,
    marked: Option<Test>,
    /// A first answer, before everything is known, has been given.
    answered: bool,
    running: bool,
}

pub(super) struct Desk {
    document: Document,
    intake: Intake,
    taken: Taken,
    ended: bool,
    view: View,
    sieves: Sieves,
    time_of: TimeOf,
    threads: usize,
    mail: Sender<Mail>,
    clock: Box<dyn Fn() -> Duration + Send>,

    indexing: Option<Indexing>,
    merging: Option<Merging>,
    scan: Option<Scan>,
    scans: u64,
    find: Option<Find>,
    spread: Option<Spread>,
    visits_waiting: Vec<Ask>,
    visiting: Vec<Visiting>,

    wanted: Option<Wanted>,
    window_due: Option<Duration>,
    last_window: Option<Window>,
    window_at: Duration,
    progress: Progress,
    progress_at: Option<Duration>,
    /// Since when something new has been asked for: what takes but a moment is told of when it is done.
    busy_since: Duration,
    view_generation: Generation,
    counted: telling::Counts,
    search_generation: Generation,
    /// Where scans begin.
    center: LineKey,
    direction: Direction,

    /// The document or what is known of it has changed since the view was refreshed.
    changed: bool,
    check_due: Option<Duration>,
    look_every: Duration,
    told: Vec<Told>,
}

impl Desk {
    pub fn new(
        document: Document,
        intake: Intake,
        settings: &Settings,
        is_told: bool,
        mail: Sender<Mail>,
        clock: Box<dyn Fn() -> Duration + Send>,
    ) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            document,
            intake,
            taken: Taken::default(),
            ended: false,
            view: View::default(),
            sieves: Sieves::default(),
            time_of: settings.time_of,
            threads: if settings.threads == 0 {
                cores
            } else {
                settings.threads
            },
            mail,
            clock,
            indexing: None,
            merging: None,
            scan: None,
            scans: 0,
            find: None,
            spread: None,
            visits_waiting: Vec::new(),
            visiting: Vec::new(),
            wanted: None,
            window_due: None,
            last_window: None,
            window_at: Duration::ZERO,
            progress: Progress::default(),
            progress_at: None,
            busy_since: Duration::ZERO,
            view_generation: 0,
            counted: None,
            search_generation: 0,
            center: LineKey::LAST,
            direction: Direction::Both,
            changed: true,
            check_due: None,
            look_every: if is_told {
                LOOK_EVERY_IF_TOLD
            } else {
                LOOK_EVERY
            },
            told: Vec::new(),
        }
    }

    pub fn now(&self) -> Duration {
        (self.clock)()
    }

    /// Before the first mail.
    pub fn begin(&mut self) {
        self.busy_since = self.now();
        if let Intake::Files(_) = self.intake {
            self.check_due = Some(self.now() + self.look_every);
        }
        self.index();
    }

    pub fn take(&mut self, mail: Mail) {
        match mail {
            Mail::Ask(ask) => self.take_ask(ask),
            Mail::Changed => {
                let soon = self.now() + CHECK_EVERY;
                self.check_due = Some(self.check_due.map_or(soon, |due| due.min(soon)));
            }
            Mail::Indexed(part, chunk) => {
                if let Intake::Files(files) = &mut self.intake {
                    match chunk {
                        Ok(chunk) => {
                            self.changed |= files.take(&mut self.document, &part, chunk);
                        }
                        Err(error) => files.failed(&mut self.document, &error),
                    }
                }
                self.index();
            }
            Mail::Merged(merged) => {
                if let Intake::Files(files) = &mut self.intake {
                    match merged {
                        Ok(merged) => self.changed |= files.merged(&mut self.document, merged),
                        Err(error) => files.failed(&mut self.document, &error),
                    }
                }
                self.index();
            }
            Mail::Answers(answers) => {
                for answer in answers {
                    self.sieves.put(answer);
                }
                self.changed = true;
            }
            Mail::Unreadable(error) => self.document.unreadable(&error),
            Mail::ScanEnded(number) => {
                if self.scan.as_ref().is_some_and(|scan| scan.number == number) {
                    self.scan = None;
                }
            }
            Mail::Piped(piped) => self.take_piped(piped),
            Mail::Histogram(histogram) => {
                if let Some(spread) = &mut self.spread
                    && spread.generation == histogram.generation
                {
                    spread.running = false;
                    spread.answered = true;
                    if histogram.done {
                        self.spread = None;
                    }
                    self.told.push(Told::Histogram(histogram));
                }
            }
            Mail::Visited(generation, told) => {
                self.visiting.retain(|visit| visit.generation != generation);
                self.told.push(told);
            }
        }
    }

    fn take_piped(&mut self, piped: Piped) {
        let Intake::Pipe { intake, empty } = &mut self.intake else {
            return;
        };
        match piped {
            Piped::Bytes(bytes) => {
                intake.extend(&mut self.document, &bytes);
                // The reading thread may have ended.
                let _ = empty.send(bytes);
            }
            Piped::End => self.ended = true,
            Piped::Failed(error) => {
                self.ended = true;
                self.document.trouble(Trouble {
                    what: format!("the input ended early: {error}"),
                    hint: None,
                });
            }
        }
        self.changed = true;
    }

    /// The conditions have changed: scans begin anew, from here.
    fn look_from(&mut self, around: Option<LineKey>, direction: Direction) {
        if let Some(around) = around {
            self.center = around;
        }
        self.direction = direction;
        self.busy_since = self.now();
        self.scan = None;
        self.changed = true;
    }

    fn window_soon(&mut self) {
        let due = match self.last_window {
            Some(_) => self.window_at + WINDOW_EVERY,
            None => Duration::ZERO,
        };
        self.window_due = Some(self.window_due.map_or(due, |other| other.min(due)));
    }

    /// Indexes what is there to be indexed: little at once, much on other threads.
    fn index(&mut self) {
        let Intake::Files(files) = &mut self.intake else {
            return;
        };
        let mut buffer = Vec::new();
        while let Some(work) = files.next_work(&self.document) {
            match work {
                Work::Index(job) if job.bytes() > AT_ONCE => {
                    self.indexing = Some(Indexing::start(job, self.threads, &self.mail));
                    return;
                }
                Work::Index(job) => {
                    for number in 0..job.chunks() {
                        match job.read(number, &mut buffer) {
                            Ok(chunk) => {
                                files.take(&mut self.document, &job.part, chunk);
                            }
                            Err(error) => {
                                files.failed(&mut self.document, &error);
                                break;
                            }
                        }
                    }
                }
                Work::Merge(plan) if plan.bytes() > AT_ONCE => {
                    self.merging = Some(Merging::start(plan, self.threads, &self.mail));
                    return;
                }
                Work::Merge(plan) => match plan.carry_out(1, &AtomicBool::new(false)) {
                    Ok(merged) => {
                        merged.map(|merged| files.merged(&mut self.document, merged));
                    }
                    Err(error) => files.failed(&mut self.document, &error),
                },
            }
            self.changed = true;
        }
    }

    fn check_files(&mut self) {
        let now = self.now();
        if self.check_due.is_none_or(|due| due > now) {
            return;
        }
        if let Intake::Files(files) = &mut self.intake {
            // A second look finds what came after a rotation.
            for _ in 0..2 {
                files.check(&mut self.document);
            }
        }
        self.changed = true;
        self.check_due = Some(now + self.look_every);
        self.index();
    }

    fn unread(&self) -> u64 {
        match &self.intake {
            Intake::Files(files) => files.unread(),
            Intake::Events(_) | Intake::Pipe { .. } => 0,
        }
    }
}
