//! Filters laid over one another: lines that must stay, lines that must leave. Whatever changes them, the cursor's
//! line keeps its place, and comes back to it when it is shown again.

use crate::logs::ask::Anchor;
use crate::logs::expression::Expression;

use super::super::super::effect::Effect;
use super::super::super::log_ask::{FilterWay, LogAsk};
use super::super::super::model::Model;
use super::super::super::model::logs::{Landing, LineFilter, Spot, Tail, Unfiltered};
use super::super::super::model::nav::Pane;
use super::super::super::msg::Notice;
use super::{ask, look, moving};

/// A filter that is being typed.
pub struct Draft {
    /// Its place in the chain.
    pub at: usize,
    /// Without a text there is none.
    pub filter: Option<LineFilter>,
}

/// Shows what passes the filters that are on and `draft`.
pub fn apply(tail: &mut Tail, draft: Option<&Draft>, height: usize) -> Vec<Effect> {
    let stands = || moving::spot(tail).filter(|_| !tail.follow);
    tail.held = tail.held.or_else(stands);
    show(tail, draft, tail.held, height)
}

/// The same with the cursor on a line; without one the newest lines.
fn show(tail: &mut Tail, draft: Option<&Draft>, spot: Option<Spot>, height: usize) -> Vec<Effect> {
    tail.generation += 1;
    tail.view_asked = tail.generation;
    let view = ask(
        tail,
        LogAsk::View {
            generation: tail.generation,
            filters: in_force(tail, draft),
            around: spot.map(|spot| spot.key),
        },
    );
    let (anchor, landing) = match spot {
        Some(Spot { key, row }) => (Anchor::Line(key), Some(Landing::Kept(row))),
        None => (Anchor::End, None),
    };
    vec![view, look(tail, height, anchor, landing)]
}

fn in_force(tail: &Tail, draft: Option<&Draft>) -> Vec<(FilterWay, String)> {
    let mut filters: Vec<&LineFilter> = tail.filters.iter().collect();
    if let Some(draft) = draft {
        let at = draft.at.min(filters.len());
        let end = (at + 1).min(filters.len());
        filters.splice(at..end, &draft.filter);
    }
    filters
        .into_iter()
        .filter(|filter| filter.on && tail.unfiltered.is_none())
        .map(|filter| (filter.way, filter.text.clone()))
        .collect()
}

/// One more filter.
pub fn keep(
    model: &mut Model,
    way: FilterWay,
    text: String,
    expression: Expression,
) -> Vec<Effect> {
    let height = model.nav.height(Pane::LogLines);
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    tail.filters.push(LineFilter {
        way,
        text,
        expression,
        on: true,
    });
    apply(tail, None, height)
}

/// What a new reader of the same lines has to know: the filters, the search, the place.
pub fn ask_again(tail: &mut Tail, height: usize) -> Vec<Effect> {
    let mut effects = apply(tail, None, height);
    tail.generation += 1;
    let generation = tail.generation;
    let around = tail.cursor;
    if let Some(search) = &mut tail.search {
        search.generation = generation;
        search.matches = None;
        let text = Some(search.text.clone());
        effects.push(ask(
            tail,
            LogAsk::Search {
                generation,
                text,
                around,
            },
        ));
    }
    effects
}

/// The cursor's line among all lines, whatever the filters; the second time back to where it was among those they
/// leave.
pub fn toggle_unfiltered(model: &mut Model) -> Vec<Effect> {
    let height = model.nav.height(Pane::LogLines);
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    if let Some(effects) = filter_again(tail, height) {
        return effects;
    }
    if tail.filters_on().next().is_none() {
        let text = if tail.filters.is_empty() {
            "there is no filter: these are all lines"
        } else {
            "no filter is on: these are all lines"
        };
        model.notices.push(model.now, Notice::info(text));
        return Vec::new();
    }
    let spot = moving::spot(tail);
    let back = spot.filter(|_| !tail.follow);
    tail.unfiltered = Some(Unfiltered { back });
    // What is followed would run away from under one's eyes.
    tail.follow = spot.is_none();
    if let Some(spot) = spot {
        tail.cursor = Some(spot.key);
    }
    show(tail, None, spot, height)
}

/// Back from all lines; `None` where the filters hold.
pub fn filter_again(tail: &mut Tail, height: usize) -> Option<Vec<Effect>> {
    let Unfiltered { back } = tail.unfiltered.take()?;
    tail.held = None;
    tail.follow = back.is_none();
    tail.cursor = back.map(|spot| spot.key);
    if tail.follow {
        tail.top = None;
    }
    Some(show(tail, None, back, height))
}

/// Ends the selection, the look behind the filters or the search, or takes the newest filter away; `None` where there
/// is none.
pub fn clear_last(model: &mut Model) -> Option<Vec<Effect>> {
    let height = model.nav.height(Pane::LogLines);
    let tail = model.logs.tail.as_mut()?;
    if super::take::deselect(tail) {
        return Some(Vec::new());
    }
    if let Some(effects) = filter_again(tail, height) {
        return Some(effects);
    }
    if tail.search.is_some() {
        return Some(super::find::end(tail));
    }
    tail.filters.pop()?;
    Some(apply(tail, None, height))
}
