//! The lines of a tail: following, moving, seeking errors, loading older ones.

use jiff::Timestamp;

use crate::domain::freshness::Fetched;
use crate::domain::log::{LogGap, LogLevel, LogLine, LogTarget, TailMode};
use crate::domain::source_error::{Answer, Partial};
use crate::logs::filter::LineFilter;
use crate::logs::store::LogStore;

use super::super::effect::Effect;
use super::super::model::Model;
use super::super::model::logs::{LineTime, Tail};
use super::super::model::nav::Pane;
use super::super::msg::{LogPage, Notice, TailNews};

/// Columns that one step sideways scrolls.
const SIDEWAYS: usize = 16;

/// Lines asked for when scrolling back.
const OLDER_LINES: usize = 1000;

/// Starts following `targets`, in place of what was followed before.
pub fn start(
    model: &mut Model,
    title: String,
    targets: Vec<LogTarget>,
    seek_error: bool,
) -> Vec<Effect> {
    if let Some(tail) = &mut model.logs.tail
        && tail.targets == targets
    {
        // The same again: keep the lines, the filter and the place.
        tail.seek_error = seek_error;
        return if seek_error {
            self::seek_error(model, false)
        } else {
            Vec::new()
        };
    }
    model.logs.sessions += 1;
    let session = model.logs.sessions;
    let mut lines = Fetched::default();
    lines.expect();
    model.logs.left = 0;
    model.logs.tail = Some(Tail {
        session,
        title,
        targets: targets.clone(),
        lines,
        follow: !seek_error,
        filter: String::new(),
        cursor: None,
        top: None,
        loading_older: false,
        at_start: false,
        seek_error,
        polled_at: None,
        live: None,
    });
    vec![Effect::StartTail {
        session,
        targets,
        first: model.settings.log_first_lines,
        mode: TailMode::Polling,
    }]
}

/// Lines came, or the reason why not.
pub fn receive(
    model: &mut Model,
    session: u64,
    page: LogPage,
    answer: Answer<Vec<LogLine>>,
    news: &TailNews,
) -> Vec<Effect> {
    let now = model.now;
    let max_bytes = model.settings.log_max_bytes;
    let Some(tail) = model.logs.tail.as_mut().filter(|t| t.session == session) else {
        return Vec::new();
    };
    if page == LogPage::Older {
        tail.loading_older = false;
    } else {
        tail.polled_at = Some(now);
        tail.live = news.live;
    }
    match answer {
        Ok(Partial { value, missing }) => {
            let mut store = tail
                .lines
                .value_mut()
                .map_or_else(|| LogStore::new(max_bytes), std::mem::take);
            let new = store.extend(news.gaps.iter().map(LogGap::as_line).chain(value));
            // The store itself was taken out, so it cannot be compared: new lines are what changes.
            model.changed |= new > 0 || tail.lines.problems().next().is_some();
            if page == LogPage::Older && new == 0 {
                tail.at_start = true;
            }
            tail.lines.receive(
                now,
                Ok(Partial {
                    value: store,
                    missing,
                }),
            );
        }
        Err(error) => model.changed |= tail.lines.receive(now, Err(error)),
    }
    let has_lines = tail.lines.value().is_some_and(|store| !store.is_empty());
    if tail.seek_error && has_lines {
        tail.seek_error = false;
        return seek_first_error(model);
    }
    Vec::new()
}

/// Walks the lines that pass the filter, from a place in the store, in one direction.
fn walk<'a>(
    store: &'a LogStore,
    filter: &'a LineFilter,
    from: usize,
    forward: bool,
) -> Box<dyn Iterator<Item = usize> + 'a> {
    let passes = move |i: &usize| {
        store
            .get(*i)
            .is_some_and(|line| filter.passes(&line.message, line.level))
    };
    if forward {
        Box::new((from..store.len()).filter(passes))
    } else {
        Box::new(
            (0..=from.min(store.len().saturating_sub(1)))
                .rev()
                .filter(passes),
        )
    }
}

/// Moves the cursor by lines; at the very end following starts again.
pub fn move_by(model: &mut Model, by: i64) -> Vec<Effect> {
    let height = model.nav.height(Pane::LogLines);
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    let filter = LineFilter::parse(&tail.filter);
    let Some(store) = tail.lines.value().filter(|s| !s.is_empty()) else {
        return Vec::new();
    };
    let last = store.len() - 1;
    let at = tail
        .cursor
        .and_then(|id| store.index_of(id))
        .unwrap_or(last);
    let steps = usize::try_from(by.unsigned_abs()).unwrap_or(usize::MAX);
    let target = if by < 0 {
        walk(store, &filter, at, false)
            .take(steps.saturating_add(1))
            .last()
    } else {
        walk(store, &filter, at, true)
            .take(steps.saturating_add(1))
            .last()
    };
    let Some(target) = target else {
        return Vec::new();
    };
    let newest = walk(store, &filter, last, false).next();
    let at_top = by < 0 && walk(store, &filter, target, false).nth(1).is_none();
    place_cursor(tail, target, height, &filter);
    tail.follow = by > 0 && newest == Some(target);
    if at_top {
        load_older(model)
    } else {
        Vec::new()
    }
}

/// Puts the cursor on a line and scrolls as little as needed to show it.
fn place_cursor(tail: &mut Tail, index: usize, height: usize, filter: &LineFilter) {
    let Some(store) = tail.lines.value() else {
        return;
    };
    let last = store.len().saturating_sub(1);
    // Where following left the window: its last line is the newest.
    let top = tail
        .top
        .filter(|_| !tail.follow)
        .and_then(|id| store.index_of(id))
        .or_else(|| walk(store, filter, last, false).take(height).last())
        .unwrap_or(index);
    let top = if index < top {
        index
    } else {
        // The farthest top that still shows the cursor in the last row.
        let lowest = walk(store, filter, index, false)
            .take(height)
            .last()
            .unwrap_or(index);
        top.max(lowest)
    };
    tail.cursor = store.get(index).map(|line| line.id);
    tail.top = store.get(top).map(|line| line.id);
}

pub fn toggle_follow(model: &mut Model) -> Vec<Effect> {
    let height = model.nav.height(Pane::LogLines);
    if let Some(tail) = &mut model.logs.tail {
        if tail.follow {
            let filter = LineFilter::parse(&tail.filter);
            let newest = tail.lines.value().and_then(|store| {
                walk(store, &filter, store.len().saturating_sub(1), false).next()
            });
            if let Some(newest) = newest {
                place_cursor(tail, newest, height, &filter);
            }
            tail.follow = false;
        } else {
            tail.follow = true;
            tail.cursor = None;
            tail.top = None;
        }
    }
    Vec::new()
}

pub fn toggle_time(model: &mut Model) -> Vec<Effect> {
    model.logs.time = match model.logs.time {
        LineTime::Local => LineTime::Utc,
        LineTime::Utc => LineTime::Hidden,
        LineTime::Hidden => LineTime::Local,
    };
    Vec::new()
}

pub fn scroll_sideways(model: &mut Model, by: i64) -> Vec<Effect> {
    model.logs.left = if by < 0 {
        model.logs.left.saturating_sub(SIDEWAYS)
    } else {
        model.logs.left + SIDEWAYS
    };
    Vec::new()
}

/// The next or previous line that tells of an error; says so where there is none.
pub fn seek_error(model: &mut Model, forward: bool) -> Vec<Effect> {
    let height = model.nav.height(Pane::LogLines);
    let mut found = false;
    if let Some(tail) = &mut model.logs.tail {
        let filter = LineFilter::parse(&tail.filter);
        let target = tail.lines.value().and_then(|store| {
            let last = store.len().checked_sub(1)?;
            let at = tail.cursor.and_then(|id| store.index_of(id));
            let from = match (at, forward) {
                (Some(at), true) => at + 1,
                (Some(0), false) => return None,
                (Some(at), false) => at - 1,
                (None, true) => return None,
                (None, false) => last,
            };
            walk(store, &filter, from, forward).find(|i| is_error(store, *i))
        });
        if let Some(target) = target {
            place_cursor(tail, target, height, &filter);
            tail.follow = false;
            found = true;
        }
    }
    if !found {
        let direction = if forward {
            "further down"
        } else {
            "further up"
        };
        model.notices.push(
            model.now,
            Notice::info(format!("no error line {direction}")),
        );
    }
    Vec::new()
}

/// The oldest error there is: the cause rather than its echo.
fn seek_first_error(model: &mut Model) -> Vec<Effect> {
    let height = model.nav.height(Pane::LogLines);
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    let filter = LineFilter::default();
    let target = tail
        .lines
        .value()
        .and_then(|store| walk(store, &filter, 0, true).find(|i| is_error(store, *i)));
    match target {
        Some(target) => {
            place_cursor(tail, target, height, &filter);
            tail.follow = false;
        }
        None => {
            tail.follow = true;
            model.notices.push(
                model.now,
                Notice::info("no line here calls itself an error; these are the newest"),
            );
        }
    }
    Vec::new()
}

fn is_error(store: &LogStore, index: usize) -> bool {
    store
        .get(index)
        .is_some_and(|line| line.level == Some(LogLevel::Error))
}

/// Asks for the lines before the oldest one.
pub fn load_older(model: &mut Model) -> Vec<Effect> {
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    let before: Option<Timestamp> = tail.lines.value().and_then(LogStore::oldest_at);
    let (false, false, Some(before)) = (tail.loading_older, tail.at_start, before) else {
        return Vec::new();
    };
    tail.loading_older = true;
    vec![Effect::LoadOlder {
        session: tail.session,
        targets: tail.targets.clone(),
        before,
        limit: OLDER_LINES,
    }]
}

/// The cursor's line may be filtered away: the nearest one that is left takes it.
pub fn filter_changed(model: &mut Model) -> Vec<Effect> {
    let height = model.nav.height(Pane::LogLines);
    if let Some(tail) = &mut model.logs.tail {
        let filter = LineFilter::parse(&tail.filter);
        let target = tail.lines.value().and_then(|store| {
            let at = store.index_of(tail.cursor?)?;
            walk(store, &filter, at, false)
                .next()
                .or_else(|| walk(store, &filter, at, true).next())
        });
        if let Some(target) = target {
            tail.top = None;
            place_cursor(tail, target, height, &filter);
        }
    }
    Vec::new()
}
