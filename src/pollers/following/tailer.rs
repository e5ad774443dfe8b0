//! Follows several targets, by polling alone or with Live Tail besides.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use crate::domain::clock::Clock;
use crate::domain::log::{LiveState, LiveUpdate, LogTarget, TailMode};
use crate::domain::source_error::{ErrorKind, SourceError};
use crate::pollers::backoff::Backoff;
use crate::pollers::cadence::Cadence;
use crate::pollers::together::together;
use crate::sources::LogSource;
use crate::store::effect::Interest;

use super::live::{Live, told};
use super::merge::Verdict;
use super::pace::{Pace, Turned};
use super::window::{Fresh, Window};
use super::{Turn, turn};

/// While a session tells what comes, polling only fills in what it left out.
const REPAIR: Duration = Duration::from_secs(30);
/// After a session was opened, one look for what came before it could tell.
const SETTLED: Duration = Duration::from_secs(5);
/// A session that nobody looks at costs money.
const UNSEEN: Duration = Duration::from_secs(60);
/// Before a session is tried again: after it broke, and after it was refused.
const REOPEN: Duration = Duration::from_secs(2);
const REFUSED: Duration = Duration::from_secs(300);

/// What came of one wait.
#[derive(Debug)]
pub struct Batch {
    /// Of each target, when all were polled; or one of what Live Tail told.
    pub turns: Vec<Turn>,
    pub is_poll: bool,
    pub live: Option<LiveState>,
}

pub struct Tailer<'a> {
    source: &'a dyn LogSource,
    clock: &'a dyn Clock,
    windows: Vec<Window>,
    pattern: Option<String>,
    cadence: Cadence,
    interest: watch::Receiver<Interest>,
    /// How it is followed from now on; `None` keeps what it began with.
    mode: Option<watch::Receiver<TailMode>>,
    /// Spreads the polls of many; `None` asks on the second.
    jitter: Option<Backoff>,
    pace: Pace,
    poll_due: Instant,
    last: Turned,
    live: Option<Live>,
}

enum Event {
    Poll,
    Open,
    Update(Option<Result<LiveUpdate, SourceError>>),
    Interest(bool),
    Mode(bool),
    Unseen,
}

impl<'a> Tailer<'a> {
    pub fn new(
        source: &'a dyn LogSource,
        clock: &'a dyn Clock,
        windows: Vec<Window>,
        cadence: Cadence,
        interest: watch::Receiver<Interest>,
    ) -> Self {
        Self {
            source,
            clock,
            windows,
            pattern: None,
            cadence,
            interest,
            mode: None,
            jitter: None,
            pace: Pace::default(),
            poll_due: Instant::now(),
            last: Turned::Lines,
            live: None,
        }
    }

    #[must_use]
    pub fn with_jitter(mut self, jitter: Backoff) -> Self {
        self.jitter = Some(jitter);
        self
    }

    /// `pattern`: what a Live Tail session filters by; the windows have their own.
    #[must_use]
    pub fn in_mode(mut self, mode: TailMode, pattern: Option<String>) -> Self {
        self.pattern = pattern;
        self.live = (mode == TailMode::Live).then(Live::start);
        self
    }

    /// Goes over from polling to Live Tail and back while it follows, and forgets nothing by it.
    #[must_use]
    pub fn switched_by(mut self, mut mode: watch::Receiver<TailMode>) -> Self {
        let first = *mode.borrow_and_update();
        self.mode = Some(mode);
        self.in_mode(first, None)
    }

    /// Waits until there is something to tell; `None` when nobody listens any more. What it has read is lost when it
    /// is dropped in between.
    pub async fn next(&mut self) -> Option<Batch> {
        loop {
            match self.event().await {
                Event::Poll => return Some(self.poll().await),
                Event::Open => {
                    if let Some(told) = self.open().await {
                        return Some(told);
                    }
                }
                Event::Update(update) => return Some(self.updated(update)),
                Event::Interest(false) => return None,
                Event::Interest(true) => self.looked_at(),
                // Without its sender it stays as it is.
                Event::Mode(false) => self.mode = None,
                Event::Mode(true) => {
                    if self.switch() {
                        return Some(self.batch(Vec::new(), false));
                    }
                }
                Event::Unseen => {
                    self.close();
                    return Some(self.batch(Vec::new(), false));
                }
            }
        }
    }

    async fn event(&mut self) -> Event {
        let poll_due = self.poll_due;
        let (mut open_due, mut unseen_due, mut session) = (None, None, None);
        if let Some(live) = &mut self.live {
            unseen_due = live
                .unseen_since
                .filter(|_| live.session.is_some())
                .map(|since| since + UNSEEN);
            match &mut live.session {
                Some((tail, _)) => session = Some(tail),
                None if live.wanted && live.unseen_since.is_none() => {
                    open_due = Some(live.open_due)
                }
                None => {}
            }
        }
        tokio::select! {
            biased;
            changed = self.interest.changed() => Event::Interest(changed.is_ok()),
            changed = changed(self.mode.as_mut()) => Event::Mode(changed),
            // The first screen before a session, and what was missed before what comes.
            () = sleep_until(poll_due) => Event::Poll,
            () = until(open_due) => Event::Open,
            () = until(unseen_due) => Event::Unseen,
            update = told(session) => Event::Update(update),
        }
    }

    /// Asks every target for what is new.
    async fn poll(&mut self) -> Batch {
        let (source, clock) = (self.source, self.clock);
        let windows = self.windows.iter_mut();
        let mut turns = together(windows.map(|window| turn(source, window, clock))).await;
        self.last = worst(&turns);
        let more = self.windows.iter().any(Window::has_more);
        if let Some(live) = &mut self.live {
            for turn in &mut turns {
                live.leave_out_known(turn);
            }
        }
        let now = Instant::now();
        self.poll_due = if more && !matches!(self.last, Turned::Failed(_)) {
            now
        } else {
            let period = self.period();
            let wait = self.pace.after(self.last, period);
            now + match &mut self.jitter {
                Some(jitter) => jitter.jitter(wait),
                None => wait,
            }
        };
        self.batch(turns, true)
    }

    fn period(&self) -> Duration {
        let told = self
            .live
            .as_ref()
            .is_some_and(|live| live.session.is_some());
        let interest = *self.interest.borrow();
        let period = self
            .cadence
            .period(interest)
            .unwrap_or(self.cadence.shown());
        if told { REPAIR } else { period }
    }

    /// Opens a session; a refusal is told once.
    async fn open(&mut self) -> Option<Batch> {
        let targets: Vec<LogTarget> = self.windows.iter().map(|w| w.target().clone()).collect();
        let opened = self
            .source
            .live_tail(&targets, self.pattern.as_deref())
            .await;
        let now = self.clock.now();
        let live = self.live.as_mut()?;
        match opened {
            Ok(tail) => {
                live.told = None;
                live.failures = Pace::default();
                let state = LiveState {
                    since: now,
                    sampled: false,
                    spent_usd: live.spent_usd,
                };
                live.session = Some((tail, state));
                self.poll_due = self.poll_due.min(Instant::now() + SETTLED);
                Some(self.batch(Vec::new(), false))
            }
            Err(error) => {
                let wait = match error.kind {
                    ErrorKind::Missing
                    | ErrorKind::Offline
                    | ErrorKind::ServerFault
                    | ErrorKind::Expired => live.failures.after(Turned::Failed(error.kind), REOPEN),
                    _ => REFUSED,
                };
                live.open_due = Instant::now() + wait;
                // That a group is not there yet is said by polling.
                let is_news = error.kind != ErrorKind::Missing
                    && live
                        .told
                        .as_ref()
                        .is_none_or(|told| told.what != error.what);
                if !is_news {
                    return None;
                }
                live.told = Some(error.clone());
                Some(self.troubled(error))
            }
        }
    }

    /// What the session told, or that it has ended.
    fn updated(&mut self, update: Option<Result<LiveUpdate, SourceError>>) -> Batch {
        match update {
            Some(Ok(update)) => {
                let mut turn = Turn::default();
                if let Some(live) = &mut self.live {
                    let LiveUpdate {
                        lines,
                        sampled,
                        spent_usd,
                    } = update;
                    for line in lines {
                        if live.merge.live(&line) == Verdict::New {
                            turn.fresh.push(Fresh { line, late: false });
                        }
                    }
                    turn.fresh.sort_by_key(|fresh| fresh.line.at);
                    if let Some((_, state)) = &mut live.session {
                        state.sampled = sampled;
                        state.spent_usd = live.spent_usd + spent_usd;
                    }
                }
                self.batch(vec![turn], false)
            }
            ended => {
                self.close();
                match ended {
                    Some(Err(error)) if error.kind == ErrorKind::OverBudget => {
                        if let Some(live) = &mut self.live {
                            live.open_due = Instant::now() + REFUSED;
                            live.told = Some(error.clone());
                        }
                        self.troubled(error)
                    }
                    // It is opened again at once, and what came in between is polled: nothing to trouble anybody with.
                    _ => self.batch(Vec::new(), false),
                }
            }
        }
    }

    /// The session is over; polling takes its place at once.
    fn close(&mut self) {
        if let Some(live) = &mut self.live {
            if let Some((_, state)) = live.session.take() {
                live.spent_usd = state.spent_usd;
            }
            live.open_due = Instant::now() + REOPEN;
        }
        if !matches!(self.last, Turned::Failed(_)) {
            self.poll_due = Instant::now();
        }
    }

    /// Answers whether a session was closed by it: that is something to tell.
    fn switch(&mut self) -> bool {
        let mode = self.mode.as_mut().map(|mode| *mode.borrow_and_update());
        match (mode, &mut self.live) {
            (Some(TailMode::Live), Some(live)) if !live.wanted => {
                live.wanted = true;
                live.told = None;
                live.open_due = Instant::now();
            }
            (Some(TailMode::Live), None) => self.live = Some(Live::start()),
            (Some(TailMode::Polling), Some(live)) if live.wanted => {
                live.wanted = false;
                let closed = live.session.is_some();
                self.close();
                return closed;
            }
            _ => {}
        }
        false
    }

    fn looked_at(&mut self) {
        let interest = *self.interest.borrow_and_update();
        if let Some(live) = &mut self.live {
            match (interest, live.unseen_since) {
                (Interest::Hidden, None) => live.unseen_since = Some(Instant::now()),
                (Interest::Visible | Interest::Focused, _) => live.unseen_since = None,
                _ => {}
            }
        }
        // What was due in a while is due sooner when somebody looks; what failed keeps its wait.
        if interest != Interest::Hidden && !matches!(self.last, Turned::Failed(_)) {
            self.poll_due = self.poll_due.min(Instant::now() + self.period());
        }
    }

    fn batch(&self, turns: Vec<Turn>, is_poll: bool) -> Batch {
        let session = self.live.as_ref().and_then(|live| live.session.as_ref());
        Batch {
            turns,
            is_poll,
            live: session.map(|(_, state)| *state),
        }
    }

    fn troubled(&self, error: SourceError) -> Batch {
        let turn = Turn {
            missing: vec![error],
            ..Turn::default()
        };
        self.batch(vec![turn], false)
    }
}

/// The turn that decides the pace: all targets are asked at the same time.
fn worst(turns: &[Turn]) -> Turned {
    let all = || turns.iter().map(Turn::turned);
    let is_failure =
        |turned: &Turned| matches!(turned, Turned::Failed(kind) if *kind != ErrorKind::Missing);
    all()
        .find(is_failure)
        .or_else(|| all().find(|turned| *turned == Turned::Lines))
        .or_else(|| all().find(|turned| *turned == Turned::Nothing))
        .unwrap_or(Turned::Failed(ErrorKind::Missing))
}

/// Whether it changed, or nobody can change it any more.
async fn changed(mode: Option<&mut watch::Receiver<TailMode>>) -> bool {
    match mode {
        Some(mode) => mode.changed().await.is_ok(),
        None => std::future::pending().await,
    }
}

async fn until(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => std::future::pending().await,
    }
}
