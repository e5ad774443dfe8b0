//! Which lines of the store are on screen. Only as many are looked at as it takes to fill the pane.

use crate::logs::filter::LineFilter;
use crate::logs::store::{LogStore, StoredLine};
use crate::store::model::logs::Tail;

/// The lines to lay out, and from which end the pane is filled.
#[derive(Debug, PartialEq)]
pub struct Window<'s> {
    pub lines: Vec<&'s StoredLine>,
    /// The last line is at the bottom; otherwise the first one is at the top.
    pub from_bottom: bool,
}

/// The lines for a pane of `height` rows; `rows_of` tells how many rows a line takes.
pub fn window<'s>(
    store: &'s LogStore,
    tail: &Tail,
    filter: &LineFilter,
    height: usize,
    rows_of: impl Fn(&StoredLine) -> usize,
) -> Window<'s> {
    match tail.top {
        Some(top) if !tail.follow => {
            // A top line that has left the store means the oldest one.
            let start = store.index_of(top).unwrap_or(0);
            standing(store, start, tail.cursor, filter, height, rows_of)
        }
        _ => newest(store, filter, height, rows_of),
    }
}

fn newest<'s>(
    store: &'s LogStore,
    filter: &LineFilter,
    height: usize,
    rows_of: impl Fn(&StoredLine) -> usize,
) -> Window<'s> {
    let mut lines = Vec::with_capacity(height);
    let mut rows = 0;
    for line in store
        .iter()
        .rev()
        .filter(|line| filter.passes(&line.message, line.level))
    {
        lines.push(line);
        rows += rows_of(line);
        if rows >= height {
            break;
        }
    }
    lines.reverse();
    Window {
        lines,
        from_bottom: rows >= height,
    }
}

/// From a line on. Wrapped lines can push the cursor out of sight: then the pane ends with it.
fn standing<'s>(
    store: &'s LogStore,
    start: usize,
    cursor: Option<u64>,
    filter: &LineFilter,
    height: usize,
    rows_of: impl Fn(&StoredLine) -> usize,
) -> Window<'s> {
    let mut lines: Vec<&StoredLine> = Vec::with_capacity(height);
    let mut rows = 0;
    let mut cursor_seen = cursor.is_none();
    for line in (start..store.len())
        .filter_map(|i| store.get(i))
        .filter(|line| filter.passes(&line.message, line.level))
    {
        if rows >= height && (cursor_seen || lines.len() >= height) {
            break;
        }
        lines.push(line);
        rows += rows_of(line);
        let is_cursor = Some(line.id) == cursor;
        cursor_seen |= is_cursor;
        if is_cursor && rows > height {
            return Window {
                lines,
                from_bottom: true,
            };
        }
    }
    Window {
        lines,
        from_bottom: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::freshness::Fetched;
    use crate::domain::log::LogLine;
    use jiff::Timestamp;

    fn store(n: i64) -> LogStore {
        let mut store = LogStore::new(1 << 20);
        store.extend((0..n).map(|i| LogLine {
            group: "g".into(),
            stream: "s".into(),
            at: Timestamp::from_second(i).unwrap(),
            ingested_at: None,
            message: if i % 2 == 0 { "even" } else { "odd" }.into(),
            event_id: None,
        }));
        store
    }

    fn tail(follow: bool, top: Option<u64>, cursor: Option<u64>) -> Tail {
        Tail {
            session: 1,
            title: String::new(),
            targets: Vec::new(),
            lines: Fetched::default(),
            follow,
            filter: String::new(),
            cursor,
            top,
            loading_older: false,
            at_start: false,
            seek_error: false,
            polled_at: None,
            live: None,
        }
    }

    fn ids(window: &Window<'_>) -> Vec<u64> {
        window.lines.iter().map(|l| l.id).collect()
    }

    #[test]
    fn following_shows_the_newest_that_pass() {
        let store = store(100);
        let all = LineFilter::default();
        let follow = tail(true, None, None);
        assert_eq!(ids(&window(&store, &follow, &all, 3, |_| 1)), [97, 98, 99]);
        let even = LineFilter::parse("even");
        assert_eq!(ids(&window(&store, &follow, &even, 3, |_| 1)), [94, 96, 98]);
        assert_eq!(ids(&window(&store, &follow, &all, 3, |_| 2)), [98, 99]);
    }

    #[test]
    fn standing_starts_at_the_top_line() {
        let store = store(100);
        let all = LineFilter::default();
        let standing = tail(false, Some(10), Some(11));
        let seen = window(&store, &standing, &all, 3, |_| 1);
        assert_eq!((ids(&seen), seen.from_bottom), (vec![10, 11, 12], false));
        let gone = tail(false, Some(5000), None);
        assert_eq!(ids(&window(&store, &gone, &all, 2, |_| 1)), [0, 1]);
    }

    #[test]
    fn wrapped_lines_do_not_hide_the_cursor() {
        let store = store(100);
        let standing = tail(false, Some(10), Some(13));
        let seen = window(&store, &standing, &LineFilter::default(), 4, |_| 3);
        assert_eq!((ids(&seen), seen.from_bottom), (vec![10, 11, 12, 13], true));
    }

    #[test]
    fn few_lines_stand_at_the_top() {
        let store = store(2);
        let follow = tail(true, None, None);
        let seen = window(&store, &follow, &LineFilter::default(), 9, |_| 1);
        assert_eq!((ids(&seen), seen.from_bottom), (vec![0, 1], false));
    }
}
