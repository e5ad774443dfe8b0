//! Live Tail and polling tell of the same events: each of them is shown once.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::domain::log::LogLine;

/// Events remembered.
const MOST: usize = 100_000;

/// How often each side has told of an event, by what it says: events of Live Tail have no id.
///
/// Each side tells of an event at most once. Of lines that are alike in everything there are therefore at least as
/// many as the side told that told more: a line is new when its side is ahead of the other.
#[derive(Debug, Default)]
pub struct Merge {
    events: BTreeMap<(i64, u64), Told>,
    /// What is older was forgotten, milliseconds.
    floor: i64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Told {
    live: u32,
    polled: u32,
}

/// What to do with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    New,
    Known,
    /// Too old to tell: left out rather than shown twice.
    Forgotten,
}

impl Merge {
    pub fn live(&mut self, line: &LogLine) -> Verdict {
        self.tell(line, |told| {
            told.live += 1;
            told.live > told.polled
        })
    }

    pub fn polled(&mut self, line: &LogLine) -> Verdict {
        self.tell(line, |told| {
            told.polled += 1;
            told.polled > told.live
        })
    }

    fn tell(&mut self, line: &LogLine, is_ahead: impl FnOnce(&mut Told) -> bool) -> Verdict {
        let at = line.at.as_millisecond();
        if at < self.floor {
            return Verdict::Forgotten;
        }
        let mut hasher = DefaultHasher::new();
        (&line.group, &line.stream, message(line)).hash(&mut hasher);
        let is_new = is_ahead(self.events.entry((at, hasher.finish())).or_default());
        if self.events.len() > MOST
            && let Some(((oldest, _), _)) = self.events.pop_first()
        {
            self.floor = oldest.saturating_add(1);
        }
        if is_new { Verdict::New } else { Verdict::Known }
    }
}

/// One side may leave the line end out.
fn message(line: &LogLine) -> &str {
    line.message.trim_end_matches(['\n', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    fn line(at: i64, message: &str) -> LogLine {
        LogLine {
            group: "g".into(),
            stream: "s".into(),
            at: Timestamp::from_millisecond(at).unwrap(),
            ingested_at: None,
            message: message.into(),
            event_id: None,
        }
    }

    #[test]
    fn each_event_once_whoever_tells_of_it_first() {
        let mut merge = Merge::default();
        assert_eq!(merge.live(&line(1, "a")), Verdict::New);
        assert_eq!(merge.polled(&line(1, "a\n")), Verdict::Known);
        assert_eq!(merge.polled(&line(2, "b")), Verdict::New);
        assert_eq!(merge.live(&line(2, "b")), Verdict::Known);
    }

    #[test]
    fn lines_that_are_alike_are_counted() {
        let mut merge = Merge::default();
        let a = line(1, "a");
        assert_eq!(merge.live(&a), Verdict::New);
        assert_eq!(merge.live(&a), Verdict::New);
        assert_eq!(merge.polled(&a), Verdict::Known);
        assert_eq!(merge.polled(&a), Verdict::Known);
        assert_eq!(
            merge.polled(&a),
            Verdict::New,
            "a third one, which the session did not tell"
        );
        assert_eq!(merge.live(&a), Verdict::Known);
    }

    #[test]
    fn what_was_forgotten_is_left_out() {
        let mut merge = Merge::default();
        for n in 0..=MOST as i64 {
            assert_eq!(merge.live(&line(n, "x")), Verdict::New);
        }
        assert_eq!(merge.polled(&line(0, "x")), Verdict::Forgotten);
        assert_eq!(merge.polled(&line(1, "x")), Verdict::Known);
    }
}
