//! How a query of Logs Insights goes: its state, what it has read, what that costs, and what is wrong.

use ratatui::layout::Rect;

use crate::domain::figures::bytes;
use crate::domain::insights::QueryState;
use crate::domain::source_error::{ErrorKind, SourceError};
use crate::keys::command::Command;
use crate::store::model::logs::{Asked, Phase};
use crate::theme::Role;
use crate::ui::condition::glyph_of;
use crate::ui::cx::Cx;
use crate::ui::layout::cut_top;
use crate::ui::paint::Words;
use crate::ui::widgets::notes::{self, Empty};
use crate::ui::{format, text};

/// One row above what was found, and one below it for what is wrong; answers the rows that are left.
pub fn draw(cx: &mut Cx<'_, '_>, inner: Rect) -> Rect {
    let Some(asked) = &cx.model.logs.asked else {
        return inner;
    };
    if inner.height < 3 {
        return inner;
    }
    let (line, rest) = cut_top(inner, 1);
    let words = state(cx, asked).join(meter(cx, asked));
    cx.pen
        .words(line.x + 1, line.y, line.width.saturating_sub(2), &words);
    let problem = match &asked.phase {
        Phase::Failed(error) if asked.rows > 0 => Some(error),
        _ => asked.trouble.as_ref(),
    };
    match problem {
        Some(error) => {
            let (line, rest) = cut_top(rest, 1);
            let width = usize::from(line.width.saturating_sub(2));
            let hint = error.hint.as_ref().map(|hint| format!("; {hint}"));
            let what = format!(
                "{} {}: {}{}",
                glyph_of(error.kind, cx.glyphs()),
                error.kind.word(),
                error.what,
                hint.unwrap_or_default()
            );
            let what = text::cut_end(&what, width, cx.glyphs().ellipsis);
            let words = cx.say(Role::Look, what);
            cx.pen.words(line.x + 1, line.y, line.width, &words);
            rest
        }
        None => rest,
    }
}

/// `● runs 4s`, `✓ done in 4s`, `✗ malformed`
fn state<'t>(cx: &Cx<'_, '_>, asked: &Asked) -> Words<'t> {
    let end = asked.ended.unwrap_or(cx.model.now);
    let took = format::span(end.as_second() - asked.began.as_second());
    let glyphs = cx.glyphs();
    match &asked.phase {
        Phase::Starting => cx.say(Role::Moving, format!("{} asking {took}", glyphs.loading)),
        Phase::Running(state) => {
            let word = match state {
                QueryState::Scheduled => "waits",
                QueryState::Unknown(name) => name,
                _ => "runs",
            };
            cx.say(Role::Moving, format!("{} {word} {took}", glyphs.moving))
        }
        Phase::Stopping => cx.say(Role::Moving, format!("{} stopping {took}", glyphs.loading)),
        Phase::Over(QueryState::Complete) => {
            cx.say(Role::Good, format!("{} done in {took}", glyphs.good))
        }
        Phase::Over(QueryState::Cancelled) => cx.say(
            Role::Look,
            format!("{} stopped after {took}: not all was read", glyphs.stopped),
        ),
        Phase::Over(QueryState::Timeout) => cx.say(
            Role::Act,
            format!("{} ran out of time after {took}: ask for less", glyphs.act),
        ),
        Phase::Over(state) => cx.say(
            Role::Act,
            format!("{} {} after {took}", glyphs.act, state.word()),
        ),
        Phase::Failed(error) => {
            let glyph = glyph_of(error.kind, glyphs);
            cx.say(Role::Act, format!("{glyph} {}", error.kind.word()))
        }
    }
}

/// ` · 1,204 of 120,332 records · 1.2 GB · $0.006 · x stops it`
fn meter<'t>(cx: &Cx<'_, '_>, asked: &Asked) -> Words<'t> {
    let mut words = Words::new();
    let scan = asked.scan;
    if scan.records_scanned > 0 {
        let records = format!(
            " · {} of {} records match",
            format::thousands(scan.records_matched),
            format::thousands(scan.records_scanned)
        );
        words.push(records, cx.style(Role::Text));
        words.push(
            format!(" · {} ", bytes(scan.bytes_scanned)),
            cx.style(Role::Text),
        );
        words.push(format::usd_fine(scan.usd()), cx.style(Role::Strong));
    }
    if asked.is_running()
        && asked.phase != Phase::Stopping
        && let Some(key) = cx.key(Command::StopQuery)
    {
        words.push(" · ", cx.style(Role::Dim));
        words.push(key, cx.style(Role::Key));
        words.push(" stops it", cx.style(Role::Dim));
    }
    words
}

/// In place of lines, where there are none.
pub fn empty(cx: &mut Cx<'_, '_>, room: Rect, asked: &Asked) {
    let nothing = match &asked.phase {
        Phase::Failed(error) => {
            let again = match error.kind {
                ErrorKind::Malformed => "mends the query",
                ErrorKind::OverBudget => "asks for a shorter time",
                _ => "asks again",
            };
            return failed(cx, room, error, (Command::AskInsights, again));
        }
        Phase::Starting | Phase::Running(_) | Phase::Stopping => {
            Empty::new("Nothing found so far. What is found appears here while the query runs.")
                .key(Command::StopQuery, "stops it")
                .key(Command::Back, "stops it, and leads back to the lines")
        }
        Phase::Over(QueryState::Complete) => {
            let from = cx.time(asked.query.from);
            let until = cx.time(asked.query.until);
            Empty::new(format!("No record matches, from {from} to {until}."))
                .key(Command::AskInsights, "changes the query or its time")
                .key(Command::Back, "back to the lines")
        }
        Phase::Over(_) => Empty::new("Nothing had been found by then.")
            .key(Command::AskInsights, "changes the query or its time")
            .key(Command::Back, "back to the lines"),
    };
    notes::empty(cx, room, &nothing);
}

/// What went wrong, and the key that helps with it.
pub fn failed(
    cx: &mut Cx<'_, '_>,
    room: Rect,
    error: &SourceError,
    again: (Command, &'static str),
) {
    let mut why = format!("{} {}", error.kind.word(), error.source_name);
    why.push_str(&format!("\n{}", error.what));
    if let Some(hint) = &error.hint {
        why.push_str(&format!("\n{} {hint}", cx.glyphs().arrow));
    }
    let nothing = Empty::new(why)
        .key(again.0, again.1)
        .key(Command::Back, "back to the lines");
    notes::empty(cx, room, &nothing);
}
