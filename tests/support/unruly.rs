//! CloudWatch Logs on a bad day, from a seed: late and repeated events, bursts within a millisecond, new streams, short
//! and empty pages, throttles, denials, expiry, cut connections and garbage. What it holds is known beforehand.

use std::sync::{Arc, Mutex, Weak};

use async_trait::async_trait;
use flightdeck::domain::clock::Clock;
use flightdeck::domain::log::{
    EventPage, LiveUpdate, LogGroup, LogLine, LogQuery, LogStream, LogTarget,
};
use flightdeck::domain::source_error::{Answer, ErrorKind, Partial, SourceError};
use flightdeck::sources::{LiveTail, LogSource};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Chance from a seed (xorshift64).
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) % most
    }

    /// Once in `n` times.
    pub fn once_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

/// Tokio's paused clock, as time of day.
#[derive(Clone, Copy, Debug)]
pub struct PausedClock(Instant);

impl PausedClock {
    pub fn start() -> Self {
        Self(Instant::now())
    }

    fn zero() -> Timestamp {
        Timestamp::from_second(1_795_000_000).unwrap()
    }

    fn millis(&self) -> i64 {
        i64::try_from(self.0.elapsed().as_millis()).unwrap()
    }
}

impl Clock for PausedClock {
    fn now(&self) -> Timestamp {
        Self::zero() + SignedDuration::from_millis(self.millis())
    }
}

/// An event, and the millisecond from which it can be read.
struct Held {
    visible: i64,
    line: LogLine,
}

pub struct Unruly {
    clock: PausedClock,
    held: Vec<Held>,
    chance: Mutex<Chance>,
    /// Milliseconds during which every question fails, and how.
    outages: Vec<(i64, i64, ErrorKind)>,
    /// Answers, failures.
    pub count: Mutex<(usize, usize)>,
    /// Live Tail sessions opened.
    pub sessions: Mutex<usize>,
    me: Weak<Self>,
}

/// The most events of one page: bursts are larger.
const PAGE: usize = 400;
/// What one update of Live Tail tells at most.
const SAMPLE: usize = 40;

impl Unruly {
    /// Events of `seconds` in two groups with streams that come up one after the other.
    pub fn new(clock: PausedClock, seed: u64, seconds: i64) -> Arc<Self> {
        let mut chance = Chance::new(seed);
        let mut held = Vec::new();
        for (group, streams) in [("calm", 2), ("busy", 6)] {
            for stream in 0..streams {
                let mut at = stream * seconds * 1000 / (streams + 1);
                while at < seconds * 1000 {
                    at +=
                        1 + i64::try_from(chance.below(if group == "busy" { 900 } else { 20_000 }))
                            .unwrap();
                    // Now and then more in one millisecond than a page holds.
                    let burst = if chance.once_in(900) { 1000 } else { 1 };
                    for n in 0..burst {
                        let delay = match chance.below(100) {
                            // Late, but within the minute that is promised.
                            0..=3 => 5_000 + chance.below(54_000),
                            _ => 200 + chance.below(1_200),
                        };
                        let visible = at + i64::try_from(delay).unwrap();
                        let id = held.len();
                        held.push(Held {
                            visible,
                            line: LogLine {
                                group: group.into(),
                                stream: format!("stream-{stream}"),
                                at: PausedClock::zero() + SignedDuration::from_millis(at),
                                ingested_at: Some(
                                    PausedClock::zero() + SignedDuration::from_millis(visible),
                                ),
                                message: format!("{group} {stream} {at} {n}"),
                                event_id: Some(format!("{id:056}")),
                            },
                        });
                    }
                }
            }
        }
        held.sort_by_key(|held| (held.line.at, held.visible));
        let kinds = [
            ErrorKind::Throttled,
            ErrorKind::Denied,
            ErrorKind::Expired,
            ErrorKind::Offline,
            ErrorKind::Malformed,
            ErrorKind::ServerFault,
        ];
        let outages = kinds.map(|kind| {
            let from = i64::try_from(chance.below(seconds.unsigned_abs() * 1000)).unwrap();
            (
                from,
                from + 1000 + i64::try_from(chance.below(90_000)).unwrap(),
                kind,
            )
        });
        Arc::new_cyclic(|me| Self {
            clock,
            held,
            chance: Mutex::new(chance),
            outages: outages.into(),
            count: Mutex::default(),
            sessions: Mutex::default(),
            me: me.clone(),
        })
    }

    /// The ids of everything there is.
    pub fn ids(&self) -> Vec<String> {
        let mut ids: Vec<String> = self
            .held
            .iter()
            .filter_map(|h| h.line.event_id.clone())
            .collect();
        ids.sort();
        ids
    }

    /// What everything there is says; no two events say the same.
    pub fn messages(&self) -> Vec<String> {
        self.held
            .iter()
            .map(|held| held.line.message.clone())
            .collect()
    }

    /// What an event says, and the millisecond from which it could be read.
    pub fn told(&self, id: &str) -> (String, i64) {
        let held = self
            .held
            .iter()
            .find(|held| held.line.event_id.as_deref() == Some(id));
        held.map(|held| (held.line.message.clone(), held.visible))
            .unwrap()
    }

    /// An outage, or a single failure.
    async fn trouble(&self) -> Result<(), SourceError> {
        let pause = self.chance.lock().unwrap().below(300);
        tokio::time::sleep(std::time::Duration::from_millis(pause)).await;
        let now = self.clock.millis();
        let outage = self
            .outages
            .iter()
            .find(|(from, to, _)| (*from..*to).contains(&now));
        let single = match self.chance.lock().unwrap().below(80) {
            0 => Some(ErrorKind::Throttled),
            1 => Some(ErrorKind::Offline),
            2 | 3 => Some(ErrorKind::Malformed),
            4 => Some(ErrorKind::Expired),
            _ => None,
        };
        let mut count = self.count.lock().unwrap();
        match outage.map(|(.., kind)| *kind).or(single) {
            Some(kind) => {
                count.1 += 1;
                Err(SourceError::new(
                    "logs:FilterLogEvents",
                    kind,
                    "as the seed says",
                ))
            }
            None => {
                count.0 += 1;
                Ok(())
            }
        }
    }

    fn visible(&self, query: &LogQuery) -> Vec<(usize, &LogLine)> {
        let now = self.clock.millis();
        let fits = |held: &&Held| {
            held.visible <= now
                && held.line.group == query.target.group
                && query.until.is_none_or(|until| held.line.at < until)
        };
        let first = self
            .held
            .partition_point(|held| Some(held.line.at) < query.since);
        let all = self.held.iter().enumerate().skip(first);
        let found = all.take_while(|(_, held)| held.line.at <= self.clock.now());
        found
            .filter(|(_, held)| fits(held))
            .map(|(place, held)| (place, &held.line))
            .collect()
    }
}

#[async_trait]
impl LogSource for Unruly {
    async fn log_groups(&self) -> Answer<Vec<LogGroup>> {
        Ok(Partial::whole(Vec::new()))
    }

    async fn log_streams(&self, _: &str, _: Option<&str>) -> Answer<Vec<LogStream>> {
        Ok(Partial::whole(Vec::new()))
    }

    async fn log_events(&self, query: &LogQuery) -> Answer<Vec<LogLine>> {
        self.trouble().await?;
        let mut lines: Vec<LogLine> = self
            .visible(query)
            .into_iter()
            .map(|(_, l)| l.clone())
            .collect();
        if query.newest_first {
            lines.drain(..lines.len().saturating_sub(query.limit));
        }
        lines.truncate(query.limit);
        Ok(Partial::whole(lines))
    }

    /// A token is the place after the last event: what becomes visible before it while the pages are read is not in them.
    async fn log_page(
        &self,
        query: &LogQuery,
        token: Option<&str>,
    ) -> Result<EventPage, SourceError> {
        self.trouble().await?;
        let place = |token: &str| token.split('/').next().unwrap().parse().unwrap();
        let start: usize = token.map_or(0, place);
        let mut rest = self.visible(query);
        rest.retain(|(place, _)| *place >= start);
        let mut chance = self.chance.lock().unwrap();
        let page = match chance.below(12) {
            0 => 0,
            1 => usize::try_from(chance.below(PAGE as u64)).unwrap(),
            _ => PAGE,
        };
        let cut = page.min(rest.len());
        // Tokens of AWS never repeat.
        let next = rest
            .get(cut)
            .map(|(place, _)| format!("{place}/{}", chance.below(u64::MAX)));
        let mut lines: Vec<LogLine> = rest[..cut].iter().map(|(_, l)| (*l).clone()).collect();
        if chance.once_in(5)
            && let Some(again) = lines.last().cloned()
        {
            lines.push(again);
        }
        Ok(EventPage { lines, next })
    }

    /// A session tells each second what became visible since; it is sampled, breaks off, or is refused.
    async fn live_tail(
        &self,
        targets: &[LogTarget],
        _: Option<&str>,
    ) -> Result<LiveTail, SourceError> {
        self.trouble().await?;
        let me = self.me.upgrade().unwrap();
        let groups: Vec<String> = targets.iter().map(|t| t.group.clone()).collect();
        let (out, updates) = mpsc::channel(16);
        let mut told = self.clock.millis();
        tokio::spawn(async move {
            let mut spent_usd = 0.01;
            loop {
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                let now = me.clock.millis();
                let mut lines: Vec<LogLine> = me
                    .held
                    .iter()
                    .filter(|held| (told + 1..=now).contains(&held.visible))
                    .filter(|held| groups.contains(&held.line.group))
                    .map(|held| LogLine {
                        event_id: None,
                        ..held.line.clone()
                    })
                    .collect();
                told = now;
                let sampled = lines.len() > SAMPLE;
                lines.truncate(SAMPLE);
                spent_usd += 0.01 / 60.0;
                let update = LiveUpdate {
                    lines,
                    sampled,
                    spent_usd,
                };
                let breaks = me.chance.lock().unwrap().below(60);
                if out.send(Ok(update)).await.is_err() || breaks == 0 {
                    return;
                }
                if breaks == 1 {
                    let broken = SourceError::new("live", ErrorKind::Offline, "it broke off");
                    let _ = out.send(Err(broken)).await;
                    return;
                }
            }
        });
        *self.sessions.lock().unwrap() += 1;
        Ok(LiveTail { updates })
    }
}
