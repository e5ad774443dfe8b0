//! The border of the lines: what they are, how many, which filters hold, and whether they follow.

use crate::domain::log::TailMode;
use crate::logs::told::Progress;
use crate::store::log_ask::{FilterWay, LogOrigin};
use crate::store::model::logs::Tail;
use crate::theme::Role;
use crate::ui::condition::{Condition, Kind};
use crate::ui::cx::Cx;
use crate::ui::paint::Words;
use crate::ui::{format, text};

/// `churn-train #212 / Train · 1,204 of 9,310 lines · 2 streams · & cuda · \ heartbeat`
pub fn title<'t>(cx: &Cx<'_, '_>, tail: &Tail, width: u16) -> Words<'t> {
    let room = usize::from(width / 2).max(12);
    let ellipsis = cx.glyphs().ellipsis;
    let mut words = cx.say(Role::Title, text::cut_middle(&tail.title, room, ellipsis));
    let Progress {
        lines,
        visible,
        dropped,
        ..
    } = tail.progress;
    let count = if tail.filters_on().next().is_some() || visible != lines {
        let all = format::counted(usize::try_from(lines).unwrap_or(usize::MAX), "line");
        format!(" · {} of {all}", format::thousands(visible))
    } else {
        let all = format::counted(usize::try_from(lines).unwrap_or(usize::MAX), "line");
        format!(" · {all}")
    };
    words.push(count, cx.style(Role::Text));
    if dropped > 0 {
        let dropped = format::thousands(dropped);
        words.push(format!(" · {dropped} dropped"), cx.style(Role::Look));
    }
    if tail.unfiltered.is_some() {
        words.push(" · unfiltered", cx.style(Role::Look));
    }
    for filter in &tail.filters {
        words.push(" · ", cx.style(Role::Dim));
        let sign = match filter.way {
            FilterWay::Keep => "&",
            FilterWay::Drop => "\\",
        };
        let style = if filter.on && tail.unfiltered.is_none() {
            cx.mark()
        } else {
            cx.style(Role::Dim)
        };
        let off = if filter.on { "" } else { " (off)" };
        let text = text::cut_end(filter.text.trim(), 30, ellipsis);
        words.push(format!("{sign} {text}{off}"), style);
    }
    if tail.sources.len() > 1 {
        let noun = match tail.origin {
            LogOrigin::Files(_) => "file",
            LogOrigin::Targets(_) | LogOrigin::Pipe | LogOrigin::Answer => "stream",
        };
        let sources = format::counted(tail.sources.len(), noun);
        words.push(format!(" · {sources}"), cx.style(Role::Dim));
    }
    if tail.loading_older {
        let loading = format!(" · {} older lines", cx.glyphs().loading);
        words.push(loading, cx.style(Role::Moving));
    } else if tail.at_start {
        words.push(" · from the start", cx.style(Role::Dim));
    }
    words
}

/// Whether it follows, and the age of the last answer; how far a file has been read; where the cursor is.
pub fn badge<'t>(cx: &Cx<'_, '_>, tail: &Tail, condition: &Condition<'_>) -> Words<'t> {
    let mut words = Words::new();
    if cx.model.logs.reveal {
        words = cx.say(Role::Look, "secrets shown · ");
    }
    if tail.taking.exporting.is_some() {
        words = words.join(cx.say(Role::Moving, "writing · "));
    }
    if tail.selection().is_some() {
        words = words.join(cx.say(Role::Strong, selected(tail)));
        words.push(" · ", cx.style(Role::Dim));
    }
    if let Some(search) = &tail.search
        && tail.input.is_none()
    {
        words = words.join(match tail.progress.lines {
            0 => cx.say(Role::Dim, "no lines to search yet"),
            _ => matches(cx, search.matches),
        });
        words.push(" · ", cx.style(Role::Dim));
    }
    let answer = tail.origin == LogOrigin::Answer;
    let ended = answer || (tail.progress.done && !tail.progress.growing && tail.progress.lines > 0);
    words = words.join(if tail.follow && !ended {
        cx.say(Role::Moving, format!("{} following", cx.glyphs().moving))
    } else if tail.follow {
        cx.say(Role::Text, "end")
    } else {
        let number = tail
            .cursor_index()
            .and_then(|index| tail.window.lines.get(index)?.number);
        match number {
            Some(number) => cx.say(
                Role::Text,
                format!(
                    "{} line {}",
                    cx.glyphs().stopped,
                    format::thousands(number + 1)
                ),
            ),
            None => cx.say(Role::Text, format!("{} standing", cx.glyphs().stopped)),
        }
    });
    match &tail.origin {
        LogOrigin::Targets(_) => {
            words = words.join(live(cx, tail));
            words.push(" · ", cx.style(Role::Dim));
            words.join(match (condition.kind, tail.polled_at) {
                (Kind::Fresh, Some(at)) => cx.say(Role::Dim, format::age(at, cx.model.now)),
                _ => condition.badge(cx),
            })
        }
        LogOrigin::Files(_) | LogOrigin::Pipe if !tail.progress.done => {
            let Progress {
                bytes,
                unread_bytes,
                ..
            } = tail.progress;
            let all = (bytes + unread_bytes).max(1);
            let percent = bytes * 100 / all;
            words.push(format!(" · {percent} % read"), cx.style(Role::Moving));
            words
        }
        LogOrigin::Files(_) | LogOrigin::Pipe | LogOrigin::Answer => words,
    }
}

/// `1,204 matches`, and whether there may be more.
pub fn matches<'t>(cx: &Cx<'_, '_>, known: Option<(u64, bool)>) -> Words<'t> {
    match known {
        Some((0, true)) => cx.say(Role::Look, "no match"),
        Some((1, true)) => cx.say(Role::Dim, "1 match"),
        Some((count, true)) => cx.say(Role::Dim, format!("{} matches", format::thousands(count))),
        Some((count, false)) => cx.say(
            Role::Moving,
            format!("{}+ matches", format::thousands(count)),
        ),
        None => cx.say(Role::Moving, cx.glyphs().loading.to_owned()),
    }
}

/// `5 selected`, where both ends are known.
fn selected(tail: &Tail) -> String {
    let number = |key| {
        let lines = &tail.window.lines;
        lines.iter().find(|l| l.key == key)?.visible
    };
    let ends = tail
        .selection()
        .and_then(|(first, last)| number(first).zip(number(last)));
    match ends {
        Some((first, last)) => {
            let count = last.saturating_sub(first) + 1;
            format!("{} selected", format::thousands(count))
        }
        None => "selecting".to_owned(),
    }
}

/// ` · live $0.03 · sampled`
fn live<'t>(cx: &Cx<'_, '_>, tail: &Tail) -> Words<'t> {
    let mut words = Words::new();
    match tail.live {
        Some(live) => {
            words.push(" · ", cx.style(Role::Dim));
            words.push(
                format!("live ${:.2}", live.spent_usd),
                cx.style(Role::Moving),
            );
            if live.sampled {
                words.push(" · sampled", cx.style(Role::Look));
            }
        }
        None if tail.mode == TailMode::Live => {
            let waiting = format!(" · live {}", cx.glyphs().loading);
            words.push(waiting, cx.style(Role::Dim));
        }
        None => {}
    }
    words
}
