//! Filters laid over one another: lines that must stay, lines that must leave.

use crate::logs::ask::Anchor;
use crate::logs::expression::Expression;

use super::super::super::effect::Effect;
use super::super::super::log_ask::{FilterWay, LogAsk};
use super::super::super::model::Model;
use super::super::super::model::logs::{Landing, LineFilter, Tail};
use super::super::super::model::nav::Pane;
use super::{ask, look};

/// Shows what passes the filters that are on and `draft`; the cursor's line, or the next one that is left, keeps its place.
pub fn apply(tail: &mut Tail, height: usize, draft: Option<&LineFilter>) -> Vec<Effect> {
    tail.generation += 1;
    tail.view_asked = tail.generation;
    let filters = tail
        .filters_on()
        .chain(draft)
        .map(|filter| (filter.way, filter.text.clone()))
        .collect();
    let around = tail.cursor.filter(|_| !tail.follow);
    let view = ask(
        tail,
        LogAsk::View {
            generation: tail.generation,
            filters,
            around,
        },
    );
    let (anchor, landing) = match around {
        Some(key) => (Anchor::Line(key), Some(Landing::Nearest)),
        None => (Anchor::End, None),
    };
    vec![view, look(tail, height, anchor, landing)]
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
    apply(tail, height, None)
}

/// What a new reader of the same lines has to know: the filters, the search, the place.
pub fn ask_again(tail: &mut Tail, height: usize) -> Vec<Effect> {
    let mut effects = apply(tail, height, None);
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

/// All filters off, to see a line among its neighbours; or on again.
pub fn toggle(model: &mut Model) -> Vec<Effect> {
    let height = model.nav.height(Pane::LogLines);
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    if tail.filters.is_empty() {
        return Vec::new();
    }
    let on = !tail.filters.iter().any(|filter| filter.on);
    for filter in &mut tail.filters {
        filter.on = on;
    }
    apply(tail, height, None)
}

/// Ends the selection or the search, or takes the newest filter away; `None` where there is none.
pub fn clear_last(model: &mut Model) -> Option<Vec<Effect>> {
    let height = model.nav.height(Pane::LogLines);
    let tail = model.logs.tail.as_mut()?;
    if super::take::deselect(tail) {
        return Some(Vec::new());
    }
    if tail.search.is_some() {
        return Some(super::find::end(tail));
    }
    tail.filters.pop()?;
    Some(apply(tail, height, None))
}
