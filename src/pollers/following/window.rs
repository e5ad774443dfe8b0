//! One followed target: what to ask next, and which lines of the answer are new.

use jiff::{SignedDuration, Timestamp};

use crate::domain::log::{EventPage, LogGap, LogLine, LogQuery, LogTarget};
use crate::domain::source_error::{ErrorKind, SourceError};

use super::seen::{MOST, Seen, Twins};

/// Events are read again for so long: one that was ingested late has an older time than what is already shown.
const OVERLAP: SignedDuration = SignedDuration::from_secs(60);
/// Spark's executors hand their lines on in larger heaps.
const SPARK_OVERLAP: SignedDuration = SignedDuration::from_secs(120);
/// Where nothing comes (or nothing matches), no more than this is searched again.
const QUIET: SignedDuration = SignedDuration::from_mins(5);
/// The same as long as no event has told how our clock stands to AWS's.
const UNSURE: SignedDuration = SignedDuration::from_hours(1);
/// A line so much older than one shown before it counts as late; what is younger is the jitter of ingestion.
const LATE: SignedDuration = SignedDuration::from_secs(2);
/// Events of one page: the most that CloudWatch gives.
const PAGE: usize = 10_000;

/// What a window wants to know.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// The newest lines, for the first screen.
    Newest(LogQuery),
    /// A page, and the token that leads to it.
    Page(LogQuery, Option<String>),
}

/// A line that was not shown before.
#[derive(Clone, Debug, PartialEq)]
pub struct Fresh {
    pub line: LogLine,
    /// Lines that happened after it were shown before it.
    pub late: bool,
}

/// What came of an answer.
#[derive(Debug, Default, PartialEq)]
pub struct Taken {
    pub fresh: Vec<Fresh>,
    pub gap: Option<LogGap>,
}

/// Follows one target.
///
/// Each reading asks for everything from `from` on, page by page, and shows what `seen` does not know. When it has
/// come to the end, the next one begins an overlap before the newest line: late events are found there, and so are
/// those of the same millisecond as the last line of a page. A failure in between leaves everything as it is, so the
/// next question goes on where this one failed.
#[derive(Debug)]
pub struct Window {
    target: LogTarget,
    pattern: Option<String>,
    overlap: SignedDuration,
    /// Lines of the first screen, as long as there is none.
    first: Option<usize>,
    /// After so many pages in one reading, give up and show the newest lines instead.
    most_pages: Option<usize>,
    /// Nothing before this is shown by following.
    oldest: Timestamp,
    /// Where the next reading begins.
    from: Timestamp,
    /// The newest line that is not ahead of the clock.
    newest: Option<Timestamp>,
    /// The newest time of ingestion: AWS's own clock says at least this.
    ingested: Option<Timestamp>,
    /// By how much our clock is ahead of AWS's at most, by the last events.
    ahead: Option<SignedDuration>,
    seen: Seen,
    reading: Option<Reading>,
    /// Up to where lines were read when it gave up.
    given_up_at: Option<Timestamp>,
    /// That late lines cannot all be recognised was said.
    told: bool,
}

/// A reading under way.
#[derive(Debug)]
struct Reading {
    since: Timestamp,
    token: Option<String>,
    pages: usize,
    started: Timestamp,
    /// The newest line when it began.
    newest: Option<Timestamp>,
    /// The last line read.
    last: Option<Timestamp>,
    twins: Twins,
}

impl Window {
    /// Begins with the `first` newest lines, and follows from there.
    pub fn newest(target: LogTarget, first: usize) -> Self {
        Self {
            first: Some(first),
            ..Self::since(target, None, Timestamp::MIN)
        }
    }

    /// Begins with everything since a moment.
    pub fn since(target: LogTarget, pattern: Option<String>, since: Timestamp) -> Self {
        Self {
            overlap: if target.group.starts_with("/aws-glue/") {
                SPARK_OVERLAP
            } else {
                OVERLAP
            },
            target,
            pattern,
            first: None,
            most_pages: None,
            oldest: since,
            from: since,
            newest: None,
            ingested: None,
            ahead: None,
            seen: Seen::default(),
            reading: None,
            given_up_at: None,
            told: false,
        }
    }

    /// After so many pages in one reading the rest is skipped for the newest lines; the skip is a gap.
    #[must_use]
    pub fn giving_up_after(mut self, pages: usize) -> Self {
        self.most_pages = Some(pages);
        self
    }

    pub fn target(&self) -> &LogTarget {
        &self.target
    }

    /// There is more to be had at once.
    pub fn has_more(&self) -> bool {
        self.reading.is_some() || self.given_up_at.is_some()
    }

    /// The next question.
    pub fn ask(&mut self, now: Timestamp) -> Ask {
        let mut query = LogQuery {
            target: self.target.clone(),
            since: None,
            until: None,
            pattern: self.pattern.clone(),
            limit: PAGE,
            newest_first: false,
        };
        if let Some(first) = self.first {
            query.limit = first;
            query.newest_first = true;
            return Ask::Newest(query);
        }
        let reading = self.reading.get_or_insert_with(|| Reading {
            since: self.from,
            token: None,
            pages: 0,
            started: now,
            newest: self.newest,
            last: None,
            twins: Twins::default(),
        });
        query.since = Some(reading.since).filter(|since| *since != Timestamp::MIN);
        Ask::Page(query, reading.token.clone())
    }

    /// The answer to [`Ask::Newest`], which was asked at `now`.
    pub fn take_newest(&mut self, lines: Vec<LogLine>, now: Timestamp) -> Taken {
        let limit = self.first.unwrap_or_default();
        let oldest = lines.iter().map(|line| line.at).min();
        let is_cut = lines.len() >= limit;
        let fresh = self.fresh(lines, now, self.newest, &mut Twins::default());
        let gap = self
            .given_up_at
            .take()
            .zip(oldest)
            .filter(|(after, before)| after < before)
            .map(|(after, before)| {
                let why = "too much was written meanwhile to read all of it";
                self.gap(after, before, why)
            });
        self.first = None;
        self.reading = None;
        self.oldest = match oldest {
            // What is older belongs to those who scroll back.
            Some(oldest) if is_cut => oldest,
            _ => Timestamp::MIN,
        };
        self.from = self.oldest;
        self.begin_anew(now, SignedDuration::ZERO);
        Taken { fresh, gap }
    }

    /// The answer to [`Ask::Page`], which came at `now`.
    pub fn take_page(&mut self, page: EventPage, now: Timestamp) -> Taken {
        let Some(mut reading) = self.reading.take() else {
            return Taken::default();
        };
        let is_full = page.lines.len() >= PAGE;
        let before = reading.last;
        reading.last = page.lines.iter().map(|line| line.at).max().max(before);
        reading.pages += 1;
        let fresh = self.fresh(page.lines, now, reading.newest, &mut reading.twins);
        let mut gap = None;
        if page.next.is_some() && page.next != reading.token {
            reading.token = page.next;
            if self.most_pages.is_some_and(|most| reading.pages >= most) {
                self.given_up_at = Some(reading.last.unwrap_or(reading.since));
                self.first = Some(PAGE);
                self.oldest = Timestamp::MIN;
            } else {
                self.reading = Some(reading);
            }
        } else if is_full && reading.last > before.max(Some(reading.since)) {
            // Not every endpoint says that there is more: on from the last line.
            reading.since = reading.last.unwrap_or(reading.since);
            reading.token = None;
            reading.twins = Twins::default();
            self.reading = Some(reading);
        } else {
            gap = self.finish(&reading, now);
        }
        Taken { fresh, gap }
    }

    /// A page could not be had. What was read stays read; the same page is asked for again, unless its token may be
    /// to blame: then the reading goes on from its last line.
    pub fn failed(&mut self, error: &SourceError) {
        if error.kind != ErrorKind::Malformed {
            return;
        }
        if let Some(reading) = &mut self.reading
            && reading.token.take().is_some()
        {
            let reached = reading.last.map(|last| earlier(last, self.overlap));
            reading.since = reading
                .since
                .max(reached.unwrap_or(reading.since))
                .max(self.seen.floor().unwrap_or(Timestamp::MIN));
            reading.twins = Twins::default();
        }
    }

    /// The lines that were not shown before; `shown` is the newest one that was.
    fn fresh(
        &mut self,
        lines: Vec<LogLine>,
        now: Timestamp,
        shown: Option<Timestamp>,
        twins: &mut Twins,
    ) -> Vec<Fresh> {
        let ingested = lines.iter().filter_map(|line| line.ingested_at).max();
        if let Some(ingested) = ingested.filter(|at| Some(*at) > self.ingested) {
            self.ingested = Some(ingested);
            self.ahead = Some(now.duration_since(ingested).max(SignedDuration::ZERO));
        }
        // A sender whose clock is ahead must not push the window past what is still to come.
        let latest = now.max(self.ingested.unwrap_or(now));
        let newest = lines.iter().map(|line| line.at.min(latest)).max();
        self.newest = self.newest.max(newest);
        let late_before = shown.map(|at| earlier(at, LATE));
        let mut fresh = Vec::new();
        for line in lines {
            if line.at >= self.oldest && self.seen.is_new(&line, twins) {
                let late = Some(line.at) < late_before;
                fresh.push(Fresh { line, late });
            }
        }
        fresh
    }

    /// The end of a reading.
    fn finish(&mut self, reading: &Reading, now: Timestamp) -> Option<LogGap> {
        // What became visible while it was read counts as if it came after.
        let took = now
            .duration_since(reading.started)
            .max(SignedDuration::ZERO);
        let wanted = self.begin_anew(reading.started, took);
        let forgotten = wanted < self.from && self.seen.floor() == Some(self.from);
        let told = std::mem::replace(&mut self.told, forgotten);
        (forgotten && !told).then(|| {
            let why = format!(
                "more than {MOST} lines in {} seconds: late ones among them cannot be told from those shown",
                self.overlap.as_secs()
            );
            self.gap(wanted, self.from, why)
        })
    }

    /// Where the next reading begins; the answer is where it should begin, if memory had no bound.
    fn begin_anew(&mut self, started: Timestamp, took: SignedDuration) -> Timestamp {
        // A clock that is ahead must not make it look where nothing can be yet.
        let quiet = match self.ahead {
            Some(ahead) => earlier(earlier(started, ahead), QUIET),
            None => earlier(started, UNSURE),
        };
        let newest = self.newest.unwrap_or(Timestamp::MIN);
        let overlapping = earlier(earlier(newest, took), self.overlap);
        // Never back: what is before was forgotten.
        let wanted = overlapping.max(quiet).max(self.oldest).max(self.from);
        self.from = wanted.max(self.seen.floor().unwrap_or(wanted));
        self.seen.forget_before(self.from);
        wanted
    }

    fn gap(&self, after: Timestamp, before: Timestamp, why: impl Into<String>) -> LogGap {
        LogGap {
            group: self.target.group.clone(),
            after,
            before,
            why: why.into(),
        }
    }
}

fn earlier(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_sub(by).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests;
