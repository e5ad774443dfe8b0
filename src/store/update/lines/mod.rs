//! The lines of the Logs screen: what is followed, and what the reader of its lines tells.

mod beside;
mod bookmarks;
mod chain;
mod curves;
mod filters;
mod find;
mod folding;
mod gaps;
mod input;
mod live;
mod moving;
mod seek;
mod take;
pub(in crate::store::update) mod time;

use crate::domain::log::{LogLine, LogTarget, TailMode};
use crate::domain::source_error::{Answer, Partial};
use crate::logs::ask::Anchor;
use crate::logs::told::{Told, Window};

use super::super::effect::Effect;
use super::super::log_ask::{LogAsk, LogOrigin};
use super::super::model::Model;
use super::super::model::logs::{Landing, LineTime, Tail, came};
use super::super::model::nav::Pane;
use super::super::msg::{LogPage, Notice, TailNews};
use super::asking;

pub use beside::{keep_up, step_bucket};
pub use bookmarks::{begin_note, next as next_bookmark, toggle as toggle_bookmark};
pub use chain::{
    edit as edit_filter, list as list_filters, remove as remove_filter, step as step_filter,
    switch as switch_filter,
};
pub use filters::{ask_again, clear_last, keep, toggle_unfiltered};
pub use find::{next_match, previous_match};
pub use folding::{toggle_all as toggle_folds, toggle_here as toggle_block};
pub use input::{begin, cancel, changed, leave as leave_input, submit};
pub use live::toggle as toggle_live;
pub use moving::{load_older, move_by, toggle_follow};
pub use seek::seek_error;
pub use take::{begin_export, copy, toggle_selection};

/// Columns that one step sideways scrolls.
const SIDEWAYS: usize = 16;

/// Lines read ahead in each direction, in screens.
const AHEAD: usize = 4;

/// Starts following `targets`, in place of what was followed before.
pub fn start(
    model: &mut Model,
    title: String,
    targets: Vec<LogTarget>,
    seek_error: bool,
) -> Vec<Effect> {
    let behind = model.logs.asked.as_ref().and_then(|a| a.behind.as_ref());
    let mut effects = Vec::new();
    if behind.is_some_and(|tail| tail.origin.targets() == targets) {
        // The lines behind an answer.
        effects.extend(asking::close(model).unwrap_or_default());
    }
    model.logs.sheets.clear();
    if let Some(tail) = &mut model.logs.tail
        && tail.origin.targets() == targets
        && !targets.is_empty()
    {
        // The same again: keep the lines, the filters and the place.
        if seek_error {
            effects.extend(seek::first(model));
        }
        return effects;
    }
    let first = model.settings.log_first_lines;
    effects.extend(open(model, title, LogOrigin::Targets(targets.clone())));
    if let Some(tail) = &mut model.logs.tail {
        tail.polled.expect();
        tail.seek_error = seek_error;
        tail.follow = !seek_error;
        effects.push(Effect::StartTail {
            session: tail.session,
            targets,
            first,
            mode: TailMode::Polling,
        });
    }
    effects
}

/// Shows lines of another origin, in place of what was shown before.
pub fn open(model: &mut Model, title: String, origin: LogOrigin) -> Vec<Effect> {
    let mut effects = asking::forget(model);
    model.logs.sessions += 1;
    model.logs.left = 0;
    let session = model.logs.sessions;
    let mut tail = Tail::new(session, title, origin.clone());
    tail.fold.all = model.logs.tail.as_ref().is_some_and(|tail| tail.fold.all);
    let height = model.nav.height(Pane::LogLines);
    let look = look(&mut tail, height, Anchor::End, None);
    model.logs.tail = Some(tail);
    effects.push(Effect::OpenLog {
        session,
        origin,
        max_bytes: model.settings.log_max_bytes,
    });
    effects.push(look);
    effects
}

pub fn ask(tail: &Tail, ask: LogAsk) -> Effect {
    Effect::Log {
        session: tail.session,
        ask: Box::new(ask),
    }
}

/// Asks for the lines around a place.
pub fn look(tail: &mut Tail, height: usize, anchor: Anchor, landing: Option<Landing>) -> Effect {
    tail.generation += 1;
    tail.window_asked = tail.generation;
    tail.landing = landing;
    let ahead = AHEAD * height.max(20);
    ask(
        tail,
        LogAsk::Window {
            generation: tail.generation,
            anchor,
            before: ahead,
            after: ahead,
        },
    )
}

/// Lines came from AWS, or the reason why not.
pub fn receive(
    model: &mut Model,
    session: u64,
    page: LogPage,
    answer: Answer<Vec<LogLine>>,
    news: TailNews,
) -> Vec<Effect> {
    let now = model.now;
    let Some(tail) = model.logs.tail.as_mut().filter(|t| t.session == session) else {
        return Vec::new();
    };
    let older = page == LogPage::Older;
    if older {
        tail.loading_older = false;
        model.changed = true;
    } else {
        tail.polled_at = Some(now);
        tail.live = news.live;
    }
    let filling = if older { tail.filling.take() } else { None };
    let mut effects = Vec::new();
    match answer {
        Ok(Partial { value, missing }) => {
            if older && filling.is_none() && value.is_empty() {
                tail.at_start = true;
            }
            let came = !value.is_empty();
            if came {
                tail.delivered += value.len() as u64;
                effects.push(ask(
                    tail,
                    LogAsk::Append {
                        lines: value,
                        older,
                    },
                ));
            }
            effects.extend(gaps::open(tail, news.gaps));
            if let Some(gap) = filling {
                effects.extend(gaps::filled(tail, &gap, news.reached));
            }
            model.changed |= tail.polled.receive(now, Ok(Partial { value: (), missing }));
            if tail.seek_error && came {
                tail.seek_error = false;
                effects.extend(seek::first(model));
            }
        }
        Err(error) => model.changed |= tail.polled.receive(now, Err(error)),
    }
    effects
}

/// The reader tells.
pub fn told(model: &mut Model, session: u64, told: Told) -> Vec<Effect> {
    let Some(tail) = model.logs.tail.as_mut().filter(|t| t.session == session) else {
        return Vec::new();
    };
    model.changed = true;
    match told {
        Told::Window(window) => return receive_window(model, window),
        Told::Progress(progress) => {
            tail.progress = progress;
            if came(&tail.progress) > 0 {
                return find::again(tail).into_iter().collect();
            }
        }
        Told::Found(found) => return seek::found(model, &found),
        Told::NotFound { generation } => return seek::not_found(model, generation),
        Told::Counted {
            generation,
            matches,
            done,
        } => {
            if let Some(search) = &mut tail.search
                && search.generation == generation
            {
                search.matches = Some((matches, done));
            }
        }
        Told::Copied {
            generation,
            lines,
            text,
            whole,
        } => return take::copied(model, generation, lines, &text, whole),
        Told::Exported {
            generation,
            lines,
            bytes,
            to,
        } => take::exported(model, generation, lines, bytes, &to),
        Told::Trouble(trouble) => {
            take::gave_up(tail);
            let hint = trouble
                .hint
                .map_or(String::new(), |hint| format!(" ({hint})"));
            let notice = Notice::warn(format!("{}{hint}", trouble.what));
            model.notices.push(model.now, notice);
        }
        Told::Histogram(histogram) => beside::receive_histogram(model, histogram),
        Told::Curves(curves) => curves::receive(model, curves),
        Told::Passed { generation, passed } => chain::receive(model, generation, passed),
        Told::Patterns(patterns) => asking::receive_patterns(model, patterns),
        Told::Visited { .. } => {}
    }
    Vec::new()
}

fn receive_window(model: &mut Model, window: Window) -> Vec<Effect> {
    let height = model.nav.height(Pane::LogLines);
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    if window.generation != tail.window_asked {
        return Vec::new();
    }
    let anchor = window.anchor;
    for line in &window.lines {
        if !tail.sources.contains(&line.source) {
            tail.sources.push(line.source.clone());
        }
    }
    tail.window = window;
    if let Some(landing) = tail.landing.take()
        && let Some(index) = anchor
    {
        if landing == Landing::Centred {
            folding::uncover(tail, index);
        }
        moving::place(tail, index, height, landing);
    }
    // A block may have grown over the cursor's line.
    folding::step_out(tail, height);
    Vec::new()
}

pub fn toggle_time(model: &mut Model) -> Vec<Effect> {
    model.logs.time = match model.logs.time {
        LineTime::Local => LineTime::Utc,
        LineTime::Utc => LineTime::Age,
        LineTime::Age => LineTime::Since,
        LineTime::Since => LineTime::Hidden,
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
