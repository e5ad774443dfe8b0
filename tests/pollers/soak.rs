//! A tail through an hour of bad weather: at the end every event is there, each once.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use flightdeck::domain::log::{LogLine, LogTarget, TailMode};
use flightdeck::domain::source_error::ErrorKind;
use flightdeck::pollers::{Cadences, Pollers, Settings};
use flightdeck::store::effect::{Interest, SourceId};
use flightdeck::store::msg::{Data, LogPage, Msg};
use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::support::scripted::Scripted;
use crate::support::unruly::{PausedClock, Unruly};

/// Seconds during which events are written, and then until all are read.
const WRITTEN: i64 = 2400;
const AFTER: u64 = 600;

struct Seen {
    ids: Vec<String>,
    /// What the lines say: in live mode not all of them have an id.
    messages: Vec<String>,
    live: usize,
    /// What scrolling back brought besides.
    older: HashSet<String>,
    oldest: Option<Timestamp>,
    gaps: usize,
    late: usize,
    failures: HashSet<ErrorKind>,
}

/// How the tail of the screen follows.
#[derive(Clone, Copy)]
enum Way {
    In(TailMode),
    /// Live Tail is switched on and off every so many seconds.
    Switched(u64),
}

async fn tail(seed: u64, way: Way) -> (Seen, Arc<Unruly>) {
    let clock = PausedClock::start();
    let logs = Unruly::new(clock, seed, WRITTEN);
    let mut sources = Scripted::new().sources();
    sources.account.as_mut().unwrap().logs = logs.clone();
    let settings = Settings {
        cadences: Cadences::default(),
        history_days: 1,
        run_limit: 1,
        log_limit: 1,
        seed,
        spool_folder: None,
        outlet: Default::default(),
        clock: Arc::new(clock),
    };
    let (out, mut messages) = mpsc::channel(64);
    let pollers = Pollers::start(async move { sources }, settings, out);
    let shown = vec![(SourceId::LogGroups, Interest::Focused)];
    pollers.set_interest(shown.clone());
    let targets = vec![LogTarget::group("calm"), LogTarget::group("busy")];
    let (mut mode, every) = match way {
        Way::In(mode) => (mode, None),
        Way::Switched(seconds) => (TailMode::Polling, Some(Duration::from_secs(seconds))),
    };
    pollers.start_tail(1, targets.clone(), 500, mode);
    let mut seen = Seen {
        ids: Vec::new(),
        messages: Vec::new(),
        live: 0,
        older: HashSet::new(),
        oldest: None,
        gaps: 0,
        late: 0,
        failures: HashSet::new(),
    };
    let start = Instant::now();
    let half = start + Duration::from_secs(1200);
    let end = start + Duration::from_secs(WRITTEN.unsigned_abs() + AFTER);
    let mut looks = true;
    let mut switched = start;
    loop {
        tokio::select! {
            Some(message) = messages.recv() => note(&mut seen, message),
            // Somebody looks at another screen for a while.
            () = sleep_until(half), if looks => {
                looks = false;
                pollers.set_interest(Vec::new());
            }
            () = sleep_until(switched + every.unwrap_or_default()), if every.is_some() => {
                switched = Instant::now();
                mode = match mode {
                    TailMode::Polling => TailMode::Live,
                    TailMode::Live => TailMode::Polling,
                };
                pollers.set_tail_mode(mode);
            }
            () = sleep_until(end) => break,
        }
    }
    scroll_back(&pollers, &targets, &mut messages, &mut seen).await;
    (seen, logs)
}

/// Page after page, until there is nothing older.
async fn scroll_back(
    pollers: &Pollers,
    targets: &[LogTarget],
    messages: &mut mpsc::Receiver<Msg>,
    seen: &mut Seen,
) {
    loop {
        let before = seen.oldest.unwrap();
        pollers.load_older(1, targets.to_vec(), before, 2000);
        let answer = loop {
            if let Some(Msg::Data(data)) = messages.recv().await
                && let Data::LogLines {
                    page: LogPage::Older,
                    answer,
                    ..
                } = *data
            {
                break answer;
            }
        };
        // What fails is asked for again.
        let Ok(answer) = answer else { continue };
        if !answer.missing.is_empty() {
            continue;
        }
        let known: HashSet<&String> = seen.ids.iter().chain(&seen.older).collect();
        let messages: HashSet<&String> = seen.messages.iter().collect();
        let new: Vec<LogLine> = answer
            .value
            .into_iter()
            .filter(|line| !known.contains(line.event_id.as_ref().unwrap()))
            .filter(|line| !messages.contains(&line.message))
            .collect();
        if new.is_empty() {
            return;
        }
        seen.oldest = new.iter().map(|line| line.at).min();
        seen.older
            .extend(new.iter().filter_map(|line| line.event_id.clone()));
        seen.messages
            .extend(new.into_iter().map(|line| line.message));
    }
}

fn note(seen: &mut Seen, message: Msg) {
    let Msg::Data(data) = message else { return };
    let Data::LogLines {
        page, answer, news, ..
    } = *data
    else {
        return;
    };
    assert_eq!(page, LogPage::Newer);
    seen.gaps += news.gaps.len();
    seen.live += usize::from(news.live.is_some());
    seen.late += news.late.len();
    match answer {
        Ok(answer) => {
            assert!(
                answer.value.is_sorted_by_key(|line| line.at),
                "each turn is in order"
            );
            seen.failures.extend(answer.missing.iter().map(|e| e.kind));
            let oldest = answer.value.iter().map(|line| line.at).min();
            seen.messages
                .extend(answer.value.iter().map(|line| line.message.clone()));
            seen.oldest = seen.oldest.into_iter().chain(oldest).min();
            seen.ids
                .extend(answer.value.into_iter().filter_map(|line| line.event_id));
        }
        Err(error) => {
            seen.failures.insert(error.kind);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_lost_and_nothing_comes_twice() {
    for seed in [1, 2, 5] {
        let (mut seen, logs) = tail(seed, Way::In(TailMode::Polling)).await;
        let all = logs.ids();
        let (answers, failures) = *logs.count.lock().unwrap();
        assert!(all.len() > 20_000, "{} events", all.len());
        assert!(
            answers > 500 && failures > 20,
            "{answers} answers, {failures} failures"
        );
        assert!(seen.failures.len() >= 5, "{:?}", seen.failures);
        assert!(seen.late > 100, "{} late", seen.late);
        assert_eq!(seen.gaps, 0);
        let came = seen.ids.len();
        seen.ids.sort();
        seen.ids.dedup();
        assert_eq!(came, seen.ids.len(), "seed {seed}: some came twice");
        let known: HashSet<&String> = seen.ids.iter().chain(&seen.older).collect();
        let lost: Vec<&String> = all.iter().filter(|id| !known.contains(id)).collect();
        assert!(
            lost.is_empty(),
            "seed {seed}: {} of {} lost, from {:?} to {:?}",
            lost.len(),
            all.len(),
            logs.told(lost[0]),
            logs.told(lost[lost.len() - 1]),
        );
    }
}

#[tokio::test(start_paused = true)]
async fn live_tail_with_polling_besides_tells_every_event_once_too() {
    every_event_once(Way::In(TailMode::Live), &[1, 2], 5).await;
}

#[tokio::test(start_paused = true)]
async fn going_over_to_live_tail_and_back_loses_nothing_either() {
    every_event_once(Way::Switched(97), &[1, 3], 10).await;
}

async fn every_event_once(way: Way, seeds: &[u64], least: usize) {
    for &seed in seeds {
        let (mut seen, logs) = tail(seed, way).await;
        let sessions = *logs.sessions.lock().unwrap();
        assert!(sessions >= least, "{sessions} sessions");
        assert!(
            seen.live > 100,
            "{} batches while a session was open",
            seen.live
        );
        assert_eq!(seen.gaps, 0);
        let mut all = logs.messages();
        all.sort();
        seen.messages.sort();
        assert!(
            all == seen.messages,
            "seed {seed}: {} told of {}",
            seen.messages.len(),
            all.len()
        );
    }
}
