//! Which events were shown already: bounded, and it knows from when on it is complete.

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::Timestamp;

use crate::domain::log::LogLine;

/// Events remembered.
pub const MOST: usize = 50_000;

/// The events of the window that is read again and again.
#[derive(Debug, Default)]
pub struct Seen {
    /// Time of the event in milliseconds, and a hash of its id: an event has one time, so the pair is found at once.
    events: BTreeSet<(i64, u64)>,
    /// Events before this had to be forgotten: who reads from here on recognises everything, milliseconds.
    floor: Option<i64>,
}

impl Seen {
    /// Takes note of an event; whether it is new. `twins` counts events without an id that look the same.
    pub fn is_new(&mut self, line: &LogLine, twins: &mut Twins) -> bool {
        let at = line.at.as_millisecond();
        if !self.events.insert((at, key(line, twins))) {
            return false;
        }
        if self.events.len() > MOST
            && let Some((oldest, _)) = self.events.pop_first()
        {
            self.floor = self.floor.max(Some(oldest.saturating_add(1)));
        }
        true
    }

    /// From when on every event that was shown is recognised, where that is not for ever.
    pub fn floor(&self) -> Option<Timestamp> {
        Timestamp::from_millisecond(self.floor?).ok()
    }

    /// Forgets what is before `from`: nobody will read it again.
    pub fn forget_before(&mut self, from: Timestamp) {
        self.events = self.events.split_off(&(from.as_millisecond(), 0));
    }
}

/// Events without an id, by what they say and how often they said it in one reading.
#[derive(Debug, Default)]
pub struct Twins(HashMap<u64, u32>);

/// The event's id; where there is none, the line itself, and how many like it came before in this reading.
fn key(line: &LogLine, twins: &mut Twins) -> u64 {
    let mut hasher = DefaultHasher::new();
    match &line.event_id {
        Some(id) => id.hash(&mut hasher),
        None => {
            (&line.stream, &line.message, line.at).hash(&mut hasher);
            let plain = hasher.finish();
            // Beyond the bound equal lines of one millisecond count as one.
            if twins.0.len() < MOST || twins.0.contains_key(&plain) {
                let before = twins.0.entry(plain).or_default();
                before.hash(&mut hasher);
                *before += 1;
            }
        }
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at: i64, id: Option<&str>) -> LogLine {
        LogLine {
            group: "g".into(),
            stream: "s".into(),
            at: Timestamp::from_millisecond(at).unwrap(),
            ingested_at: None,
            message: "same".into(),
            event_id: id.map(str::to_owned),
        }
    }

    #[test]
    fn an_event_is_new_once() {
        let (mut seen, mut twins) = (Seen::default(), Twins::default());
        assert!(seen.is_new(&line(1, Some("a")), &mut twins));
        assert!(!seen.is_new(&line(1, Some("a")), &mut twins));
        assert!(seen.is_new(&line(1, Some("b")), &mut twins));
    }

    #[test]
    fn lines_without_an_id_are_counted_in_each_reading() {
        let mut seen = Seen::default();
        let new = |seen: &mut Seen, times: usize| {
            let mut twins = Twins::default();
            (0..times)
                .filter(|_| seen.is_new(&line(1, None), &mut twins))
                .count()
        };
        assert_eq!(new(&mut seen, 2), 2);
        assert_eq!(new(&mut seen, 3), 1, "one more than last time");
    }

    #[test]
    fn what_is_forgotten_is_not_read_again() {
        let (mut seen, mut twins) = (Seen::default(), Twins::default());
        for n in 0..=MOST as i64 {
            assert!(seen.is_new(&line(n, Some("x")), &mut twins));
        }
        assert_eq!(seen.floor(), Timestamp::from_millisecond(1).ok());
        assert_eq!(seen.events.len(), MOST);
        seen.forget_before(Timestamp::from_millisecond(MOST as i64).unwrap());
        assert_eq!(seen.events.len(), 1);
    }
}
