//! The line of text that is typed over the lines: what to find, keep or drop, which time to go to, where to write.

use crate::logs::ask::Anchor;
use crate::logs::expression::Expression;

use super::super::super::effect::Effect;
use super::super::super::log_ask::{FilterWay, LogOrigin};
use super::super::super::model::Model;
use super::super::super::model::logs::{InputKind, Landing, LineFilter, LineInput, Tail};
use super::super::super::model::nav::{Pane, Popup};
use super::super::super::msg::Notice;
use super::filters::Draft;
use super::time::{self, Around};
use super::{bookmarks, filters, find, look, take};

/// Opens the text field.
pub fn begin(model: &mut Model, kind: InputKind) -> Vec<Effect> {
    let height = model.nav.height(Pane::LogLines);
    let mut effects = begin_with(model, kind, String::new());
    // A filter is added to those that hold.
    if way(kind).is_some()
        && let Some(tail) = &mut model.logs.tail
    {
        effects.extend(filters::filter_again(tail, height).unwrap_or_default());
    }
    effects
}

/// The same with a text to begin with.
pub fn begin_with(model: &mut Model, kind: InputKind, text: String) -> Vec<Effect> {
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    if matches!(model.nav.popups.last(), Some(Popup::Filters { .. })) {
        model.nav.popups.pop();
    }
    model.nav.focus = Pane::LogLines;
    model.nav.filtering = Some(Pane::LogLines);
    tail.input = Some(LineInput {
        kind,
        text,
        problem: None,
        origin: tail.cursor.filter(|_| !tail.follow),
        edits: None,
    });
    Vec::new()
}

/// Another letter: what it means shows at once.
pub fn changed(model: &mut Model) -> Vec<Effect> {
    let height = model.nav.height(Pane::LogLines);
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    let around = around(tail);
    let Some(input) = &mut tail.input else {
        return Vec::new();
    };
    let (kind, text, origin) = (input.kind, input.text.clone(), input.origin);
    let edits = input.edits;
    if kind == InputKind::Note {
        return Vec::new();
    }
    if kind == InputKind::Export {
        input.problem = take::problem(&text);
        return Vec::new();
    }
    if kind == InputKind::Time {
        let known = time::parse(&text, model.now, around, &model.settings.time_zone);
        input.problem = (!text.is_empty() && known.is_none()).then(|| time::FORMS.to_owned());
        return Vec::new();
    }
    let expression = match Expression::parse(&text) {
        Ok(expression) => expression,
        Err(error) => {
            // What was typed before stays in force until the text means something again.
            input.problem = Some(error.to_string());
            return Vec::new();
        }
    };
    input.problem = None;
    match way(kind) {
        None if expression.is_empty() => find::end(tail),
        None => find::search(tail, &text, expression, origin),
        Some(way) => {
            let draft = Draft {
                at: edits.unwrap_or(tail.filters.len()),
                filter: filter(way, text, expression),
            };
            tail.unfiltered = None;
            filters::apply(tail, Some(&draft), height)
        }
    }
}

/// Enter: a filter stays, a search is left for `n` and `N`, a time is gone to.
pub fn submit(model: &mut Model) -> Vec<Effect> {
    let height = model.nav.height(Pane::LogLines);
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    let Some(input) = tail.input.take() else {
        return Vec::new();
    };
    if let Some(problem) = &input.problem {
        let notice = Notice::warn(problem.clone());
        model.notices.push(model.now, notice);
        return undo(tail, height, &input);
    }
    match way(input.kind) {
        None if input.kind == InputKind::Export => take::export(model, &input.text),
        None if input.kind == InputKind::Note => {
            bookmarks::note(model, &input.text);
            Vec::new()
        }
        None if input.kind == InputKind::Time => {
            let zone = &model.settings.time_zone;
            let Some(ms) = time::parse(&input.text, model.now, around(tail), zone) else {
                return Vec::new();
            };
            tail.follow = false;
            vec![look(
                tail,
                height,
                Anchor::AtTime(ms),
                Some(Landing::Centred),
            )]
        }
        None => Vec::new(),
        Some(way) => {
            let at = input.edits.unwrap_or(tail.filters.len());
            if let Ok(expression) = Expression::parse(&input.text) {
                let end = (at + 1).min(tail.filters.len());
                let typed = filter(way, input.text, expression);
                tail.filters.splice(at.min(end)..end, typed);
            }
            Vec::new()
        }
    }
}

/// Esc: as if nothing had been typed.
pub fn cancel(model: &mut Model) -> Vec<Effect> {
    let height = model.nav.height(Pane::LogLines);
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    match tail.input.take() {
        Some(input) => undo(tail, height, &input),
        None => Vec::new(),
    }
}

/// What a time without a day is told from.
fn around(tail: &Tail) -> Around {
    let cursor = || {
        let line = tail.window.lines.get(tail.cursor_index()?)?;
        line.at_ms.map(Around::Cursor)
    };
    let newest = tail.progress.times.map(|(_, newest)| newest);
    match tail.origin {
        LogOrigin::Targets(_) => Around::Newest(newest),
        LogOrigin::Files(_) | LogOrigin::Pipe | LogOrigin::Answer => {
            cursor().unwrap_or(Around::Newest(newest))
        }
    }
}

/// The field closes because the screen is left: what it did so far stays done.
pub fn leave(model: &mut Model) {
    if let Some(tail) = &mut model.logs.tail {
        tail.input = None;
    }
}

fn undo(tail: &mut Tail, height: usize, input: &LineInput) -> Vec<Effect> {
    match input.kind {
        InputKind::Time | InputKind::Export | InputKind::Note => Vec::new(),
        InputKind::Keep | InputKind::Drop => filters::apply(tail, None, height),
        InputKind::Find => {
            let mut effects = find::end(tail);
            let (anchor, landing) = match input.origin {
                Some(key) => (Anchor::Line(key), Some(Landing::Nearest)),
                None => (Anchor::End, None),
            };
            tail.follow = input.origin.is_none();
            effects.push(look(tail, height, anchor, landing));
            effects
        }
    }
}

fn way(kind: InputKind) -> Option<FilterWay> {
    match kind {
        InputKind::Keep => Some(FilterWay::Keep),
        InputKind::Drop => Some(FilterWay::Drop),
        InputKind::Find | InputKind::Time | InputKind::Export | InputKind::Note => None,
    }
}

/// No filter without a text: it would keep everything, or drop it.
fn filter(way: FilterWay, text: String, expression: Expression) -> Option<LineFilter> {
    (!expression.is_empty()).then_some(LineFilter {
        way,
        text,
        expression,
        on: true,
    })
}
