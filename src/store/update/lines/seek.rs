//! The next line that is looked for: an error, or what a search found.

use crate::logs::ask::Anchor;
use crate::logs::key::LineKey;
use crate::logs::told::Found;

use super::super::super::effect::Effect;
use super::super::super::log_ask::{ERRORS, LogAsk};
use super::super::super::model::Model;
use super::super::super::model::logs::{Landing, Sought, Tail, came};
use super::super::super::model::nav::Pane;
use super::super::super::msg::Notice;
use super::{ask, folding, look, moving};

/// Where a search begins, and how it goes on.
pub struct From {
    pub key: LineKey,
    /// That line may be it.
    pub here: bool,
    pub backwards: bool,
    /// Go on at the other end.
    pub wrap: bool,
}

/// Asks the reader for the next line that passes.
pub fn find(tail: &mut Tail, text: &str, from: From, sought: Sought) -> Effect {
    tail.generation += 1;
    tail.finding = Some((tail.generation, sought));
    ask(
        tail,
        LogAsk::Find {
            generation: tail.generation,
            text: text.to_owned(),
            from: from.key,
            here: from.here,
            backwards: from.backwards,
            wrap: from.wrap,
        },
    )
}

/// The next or previous line that tells of an error; says so where there is none.
pub fn seek_error(model: &mut Model, forward: bool) -> Vec<Effect> {
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    let from = From {
        key: from_cursor(tail),
        here: tail.follow && !forward,
        backwards: !forward,
        wrap: false,
    };
    vec![find(tail, ERRORS, from, Sought::Error { forward })]
}

/// The oldest error there is: the cause rather than its echo.
pub fn first(model: &mut Model) -> Vec<Effect> {
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    let from = From {
        key: LineKey::FIRST,
        here: true,
        backwards: false,
        wrap: false,
    };
    vec![find(tail, ERRORS, from, Sought::FirstError)]
}

/// The cursor's line; the end of everything while following.
pub fn from_cursor(tail: &Tail) -> LineKey {
    tail.cursor
        .filter(|_| !tail.follow)
        .unwrap_or(LineKey::LAST)
}

pub fn found(model: &mut Model, found: &Found) -> Vec<Effect> {
    let height = model.nav.height(Pane::LogLines);
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    if tail
        .finding
        .as_ref()
        .is_none_or(|(g, _)| *g != found.generation)
    {
        return Vec::new();
    }
    tail.finding = None;
    let near = tail
        .window
        .lines
        .iter()
        .position(|line| line.key == found.key);
    if let Some(index) = near.filter(|_| tail.window.generation == tail.window_asked) {
        folding::uncover(tail, index);
        let on_screen = tail
            .top_index()
            .is_some_and(|top| (top..top + height).contains(&index));
        let landing = if on_screen {
            Landing::Nearest
        } else {
            Landing::Centred
        };
        moving::place(tail, index, height, landing);
    }
    // Around the place even where it is known, for what lies beyond.
    let landing = near.is_none().then_some(Landing::Centred);
    let effect = look(tail, height, Anchor::Line(found.key), landing);
    tail.follow = false;
    if found.wrapped {
        let notice = Notice::info("went on at the other end");
        model.notices.push(model.now, notice);
    }
    vec![effect]
}

pub fn not_found(model: &mut Model, generation: u64) -> Vec<Effect> {
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    let sought = match &tail.finding {
        Some((asked, sought)) if *asked == generation => sought.clone(),
        _ => return Vec::new(),
    };
    tail.finding = None;
    let early = came(&tail.progress) == 0;
    if let (true, Sought::Match, Some(search)) = (early, &sought, &mut tail.search) {
        search.early = true;
    }
    let text = match sought {
        // The count beside the text says it while typing.
        Sought::Match if tail.input.is_some() => return Vec::new(),
        Sought::Match if early => {
            "no lines are here yet; it is looked for when they come".to_owned()
        }
        Sought::Match => match &tail.search {
            Some(search) => format!("no line matches {}", search.text),
            None => return Vec::new(),
        },
        Sought::Error { .. } if early => "no lines are here yet".to_owned(),
        Sought::Error { forward: true } => "no error line further down".to_owned(),
        Sought::Error { forward: false } => "no error line further up".to_owned(),
        Sought::FirstError => {
            tail.follow = true;
            "no line here calls itself an error; these are the newest".to_owned()
        }
    };
    model.notices.push(model.now, Notice::info(text));
    Vec::new()
}
