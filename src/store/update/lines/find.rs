//! Searching: matches are marked and counted, `n` and `N` go from one to the next.

use crate::logs::expression::Expression;
use crate::logs::key::LineKey;

use super::super::super::effect::Effect;
use super::super::super::log_ask::LogAsk;
use super::super::super::model::Model;
use super::super::super::model::logs::{Search, Sought, Tail};
use super::super::super::msg::Notice;
use super::ask;
use super::seek::{self, From};

/// Marks and counts what the text finds, and goes to the first match from where the typing began.
pub fn search(
    tail: &mut Tail,
    text: &str,
    expression: Expression,
    origin: Option<LineKey>,
) -> Vec<Effect> {
    tail.generation += 1;
    let generation = tail.generation;
    tail.search = Some(Search {
        text: text.to_owned(),
        expression,
        generation,
        matches: None,
        early: false,
    });
    let around = tail.cursor;
    let count = ask(
        tail,
        LogAsk::Search {
            generation,
            text: Some(text.to_owned()),
            around,
        },
    );
    // From the end of a tail one looks back; from a line one looks on.
    let from = From {
        key: origin.unwrap_or(LineKey::LAST),
        here: true,
        backwards: origin.is_none(),
        wrap: true,
    };
    vec![count, seek::find(tail, text, from, Sought::Match)]
}

/// The first lines have come: what was looked for before is looked for among them.
pub fn again(tail: &mut Tail) -> Option<Effect> {
    let search = tail.search.as_mut()?;
    if !std::mem::take(&mut search.early) {
        return None;
    }
    let text = search.text.clone();
    let from = From {
        key: LineKey::LAST,
        here: true,
        backwards: true,
        wrap: true,
    };
    Some(seek::find(tail, &text, from, Sought::Match))
}

/// Nothing is marked any more.
pub fn end(tail: &mut Tail) -> Vec<Effect> {
    if tail.search.take().is_none() {
        return Vec::new();
    }
    tail.generation += 1;
    tail.finding = None;
    vec![
        ask(
            tail,
            LogAsk::Search {
                generation: tail.generation,
                text: None,
                around: None,
            },
        ),
        ask(tail, LogAsk::FindNoMore),
    ]
}

pub fn next_match(model: &mut Model) -> Vec<Effect> {
    step(model, false)
}

pub fn previous_match(model: &mut Model) -> Vec<Effect> {
    step(model, true)
}

fn step(model: &mut Model, backwards: bool) -> Vec<Effect> {
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    let Some(text) = tail.search.as_ref().map(|search| search.text.clone()) else {
        let notice = Notice::info("nothing is searched for yet");
        model.notices.push(model.now, notice);
        return Vec::new();
    };
    let from = From {
        key: seek::from_cursor(tail),
        here: false,
        backwards,
        wrap: true,
    };
    vec![seek::find(tail, &text, from, Sought::Match)]
}
