//! The list of filters: one of them is switched, changed or removed; and how many lines each lets pass.

use jiff::SignedDuration;

use crate::logs::ask::Generation;

use super::super::super::effect::Effect;
use super::super::super::log_ask::{FilterWay, LogAsk};
use super::super::super::model::Model;
use super::super::super::model::logs::{InputKind, PassingAsked, Tail, came};
use super::super::super::model::nav::{Pane, Popup};
use super::super::super::msg::Notice;
use super::{ask, filters, input};

/// While lines come in they are counted anew so often; after a slow answer, so many times as seldom as it took.
const COUNT_EVERY: SignedDuration = SignedDuration::from_secs(2);
const REST_FACTOR: i32 = 10;

/// Opens the list on the newest filter, or closes it.
pub fn list(model: &mut Model) -> Vec<Effect> {
    if selected(model).is_some() {
        model.nav.popups.pop();
        return Vec::new();
    }
    let Some(tail) = &model.logs.tail else {
        return Vec::new();
    };
    match tail.filters.len().checked_sub(1) {
        Some(selected) => model.nav.popups.push(Popup::Filters { selected }),
        None => {
            let notice = Notice::info("there is no filter yet: keep or drop some lines first");
            model.notices.push(model.now, notice);
        }
    }
    Vec::new()
}

/// The filter that the list stands on.
fn selected(model: &Model) -> Option<usize> {
    let count = model.logs.tail.as_ref()?.filters.len();
    match model.nav.popups.last()? {
        Popup::Filters { selected } => Some((*selected).min(count.checked_sub(1)?)),
        _ => None,
    }
}

pub fn step(model: &mut Model, by: i64) {
    let Some(at) = selected(model) else { return };
    let last = model.logs.tail.as_ref().map_or(0, |t| t.filters.len() - 1);
    if let Some(Popup::Filters { selected }) = model.nav.popups.last_mut() {
        let by = isize::try_from(by).unwrap_or(0);
        *selected = at.saturating_add_signed(by).min(last);
    }
}

/// The filter off, or on again.
pub fn switch(model: &mut Model) -> Vec<Effect> {
    change(model, |tail, at| tail.filters[at].on = !tail.filters[at].on)
}

/// Takes the filter away; without another one the list closes.
pub fn remove(model: &mut Model) -> Vec<Effect> {
    let effects = change(model, |tail, at| {
        tail.filters.remove(at);
    });
    if selected(model).is_none() && matches!(model.nav.popups.last(), Some(Popup::Filters { .. })) {
        model.nav.popups.pop();
    }
    effects
}

fn change(model: &mut Model, change: impl FnOnce(&mut Tail, usize)) -> Vec<Effect> {
    let height = model.nav.height(Pane::LogLines);
    let (Some(at), Some(tail)) = (selected(model), &mut model.logs.tail) else {
        return Vec::new();
    };
    // Changed is what one looks at.
    tail.unfiltered = None;
    change(tail, at);
    filters::apply(tail, None, height)
}

/// Opens the text field on the filter.
pub fn edit(model: &mut Model) -> Vec<Effect> {
    let (Some(at), Some(tail)) = (selected(model), &model.logs.tail) else {
        return Vec::new();
    };
    let filter = &tail.filters[at];
    let kind = match filter.way {
        FilterWay::Keep => InputKind::Keep,
        FilterWay::Drop => InputKind::Drop,
    };
    let text = filter.text.clone();
    let mut effects = input::begin_with(model, kind, text);
    if let Some(input) = model.logs.tail.as_mut().and_then(|t| t.input.as_mut()) {
        input.edits = Some(at);
    }
    // One that was off shows what it does, too.
    effects.extend(input::changed(model));
    effects
}

/// Asks for the counts while the list is open, and when they are no longer true.
pub fn keep_passing(model: &mut Model) -> Option<Effect> {
    let listed = matches!(model.nav.popups.last(), Some(Popup::Filters { .. }));
    let now = model.now;
    let tail = model.logs.tail.as_mut()?;
    if !listed {
        let asked = tail.passing.asked.take()?;
        tail.passing.shown = None;
        let waiting = asked.took.is_none();
        return waiting.then(|| ask(tail, LogAsk::PassingNoMore));
    }
    let lines = came(&tail.progress);
    if let Some(asked) = &tail.passing.asked
        && asked.view == tail.view_asked
    {
        // One at a time.
        let rest = COUNT_EVERY.max(asked.took?.saturating_mul(REST_FACTOR));
        if asked.lines == lines || now.duration_since(asked.at) < rest {
            return None;
        }
    }
    tail.generation += 1;
    let generation = tail.generation;
    tail.passing.asked = Some(PassingAsked {
        generation,
        view: tail.view_asked,
        lines,
        at: now,
        took: None,
    });
    let filters = tail.filters.iter();
    let filters = filters.map(|f| (f.way, f.text.clone(), f.on)).collect();
    Some(ask(
        tail,
        LogAsk::Passing {
            generation,
            filters,
        },
    ))
}

pub fn receive(model: &mut Model, generation: Generation, passed: Vec<u64>) {
    let now = model.now;
    let Some(tail) = &mut model.logs.tail else {
        return;
    };
    if let Some(asked) = &mut tail.passing.asked
        && asked.generation == generation
    {
        asked.took = Some(now.duration_since(asked.at));
        tail.passing.shown = Some(passed);
    }
}
