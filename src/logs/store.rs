//! A bounded store of log lines, merged by time, each event once.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::log::{LogLevel, LogLine};

use super::level;

/// A line in the store.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredLine {
    /// Given once, in order of arrival: identifies the line as long as it is stored.
    pub id: u64,
    pub at: Timestamp,
    pub ingested_at: Option<Timestamp>,
    pub group: Arc<str>,
    pub stream: Arc<str>,
    pub message: Box<str>,
    pub level: Option<LogLevel>,
    event_id: Option<Box<str>>,
}

impl StoredLine {
    fn bytes(&self) -> usize {
        self.message.len()
            + self.event_id.as_ref().map_or(0, |id| id.len() * 2)
            + std::mem::size_of::<Self>()
    }
}

/// Lines in order of time; the oldest leave when the bound is reached.
#[derive(Clone, Debug, PartialEq)]
pub struct LogStore {
    lines: VecDeque<StoredLine>,
    seen: HashSet<Box<str>>,
    sources: Vec<(Arc<str>, Arc<str>)>,
    bytes: usize,
    max_bytes: usize,
    next_id: u64,
    /// Lines that had to leave.
    dropped: u64,
}

/// A store that keeps 64 MiB.
impl Default for LogStore {
    fn default() -> Self {
        Self::new(64 << 20)
    }
}

impl LogStore {
    pub fn new(max_bytes: usize) -> Self {
        Self {
            lines: VecDeque::new(),
            seen: HashSet::new(),
            sources: Vec::new(),
            bytes: 0,
            max_bytes,
            next_id: 0,
            dropped: 0,
        }
    }

    /// Takes lines in, in any order; events already stored are left out. Answers how many were new.
    pub fn extend(&mut self, lines: impl IntoIterator<Item = LogLine>) -> usize {
        let before = self.next_id;
        for line in lines {
            self.insert(line);
        }
        while self.bytes > self.max_bytes && self.lines.len() > 1 {
            if let Some(old) = self.lines.pop_front() {
                self.bytes -= old.bytes();
                if let Some(id) = &old.event_id {
                    self.seen.remove(id);
                }
                self.dropped += 1;
            }
        }
        usize::try_from(self.next_id - before).unwrap_or(usize::MAX)
    }

    fn insert(&mut self, line: LogLine) {
        let event_id = line.event_id.map(String::into_boxed_str);
        if let Some(id) = &event_id
            && !self.seen.insert(id.clone())
        {
            return;
        }
        let (group, stream) = self.source(&line.group, &line.stream);
        // A progress bar rewrites its line: only the last state is worth a row.
        let message = last_rewrite(&line.message);
        let stored = StoredLine {
            id: self.next_id,
            at: line.at,
            ingested_at: line.ingested_at,
            group,
            stream,
            level: level::detect(message),
            message: message.into(),
            event_id,
        };
        self.next_id += 1;
        self.bytes += stored.bytes();
        // Nearly always the end; a late event goes where its time belongs.
        let place = match self.lines.back() {
            Some(last) if last.at > stored.at => {
                self.lines.partition_point(|other| other.at <= stored.at)
            }
            _ => self.lines.len(),
        };
        self.lines.insert(place, stored);
    }

    /// The names are shared: a million lines of one stream store its name once.
    fn source(&mut self, group: &str, stream: &str) -> (Arc<str>, Arc<str>) {
        if let Some(found) = self
            .sources
            .iter()
            .rev()
            .find(|(g, s)| &**g == group && &**s == stream)
        {
            return found.clone();
        }
        let source = (Arc::from(group), Arc::from(stream));
        self.sources.push(source.clone());
        source
    }

    pub fn len(&self) -> usize {
        self.lines.len()
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub fn get(&self, index: usize) -> Option<&StoredLine> {
        self.lines.get(index)
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &StoredLine> + ExactSizeIterator {
        self.lines.iter()
    }

    /// Where the line with this id stands now.
    pub fn index_of(&self, id: u64) -> Option<usize> {
        self.lines.iter().rposition(|line| line.id == id)
    }

    pub fn newest_at(&self) -> Option<Timestamp> {
        self.lines.back().map(|line| line.at)
    }

    pub fn oldest_at(&self) -> Option<Timestamp> {
        self.lines.front().map(|line| line.at)
    }

    /// Lines that left to keep the bound.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// How many streams the lines come from.
    pub fn sources(&self) -> &[(Arc<str>, Arc<str>)] {
        &self.sources
    }

    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

/// What a terminal would show of a line that carriage returns rewrite.
fn last_rewrite(message: &str) -> &str {
    let message = message.trim_end_matches(['\n', '\r']);
    if message.contains('\n') {
        return message;
    }
    message
        .rsplit('\r')
        .find(|part| !part.trim().is_empty())
        .unwrap_or(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(second: i64, message: &str, id: &str) -> LogLine {
        LogLine {
            group: "g".into(),
            stream: "s".into(),
            at: Timestamp::from_second(second).unwrap(),
            ingested_at: None,
            message: message.into(),
            event_id: Some(id.into()),
        }
    }

    fn messages(store: &LogStore) -> Vec<&str> {
        store.iter().map(|l| &*l.message).collect()
    }

    #[test]
    fn late_lines_find_their_place_and_nothing_comes_twice() {
        let mut store = LogStore::new(1 << 20);
        assert_eq!(store.extend([line(1, "a", "1"), line(3, "c", "3")]), 2);
        assert_eq!(store.extend([line(2, "b", "2"), line(3, "c", "3")]), 1);
        assert_eq!(messages(&store), ["a", "b", "c"]);
        assert_eq!(store.sources().len(), 1);
    }

    #[test]
    fn lines_of_the_same_moment_keep_their_order() {
        let mut store = LogStore::new(1 << 20);
        store.extend([line(1, "a", "1"), line(1, "b", "2"), line(1, "c", "3")]);
        assert_eq!(messages(&store), ["a", "b", "c"]);
    }

    #[test]
    fn the_oldest_leave_when_the_bound_is_reached() {
        let mut store = LogStore::new(2000);
        for i in 0..100 {
            store.extend([line(i, "x", &i.to_string())]);
        }
        assert!(store.bytes() <= 2000, "{}", store.bytes());
        assert_eq!(store.dropped() + store.len() as u64, 100);
        assert_eq!(store.newest_at(), Timestamp::from_second(99).ok());
    }

    #[test]
    fn a_progress_bar_shows_its_last_state() {
        let mut store = LogStore::new(1 << 20);
        store.extend([
            line(1, "\r 10%\r 55%\r100%\r\n", "1"),
            line(2, "a\r\nb", "2"),
        ]);
        assert_eq!(messages(&store), ["100%", "a\r\nb"]);
    }
}
