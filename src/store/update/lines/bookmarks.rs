//! Lines to come back to, with notes.

use std::ops::Bound::{Excluded, Unbounded};

use crate::logs::ask::Anchor;

use super::super::super::effect::Effect;
use super::super::super::model::Model;
use super::super::super::model::logs::{InputKind, Landing};
use super::super::super::model::nav::Pane;
use super::super::super::msg::Notice;
use super::{input, look, moving};

/// Marks the cursor's line, or takes its mark and note away.
pub fn toggle(model: &mut Model) -> Vec<Effect> {
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    if let Some(key) = tail.cursor_key()
        && tail.bookmarks.remove(&key).is_none()
    {
        tail.bookmarks.insert(key, String::new());
    }
    Vec::new()
}

/// Asks for a note on the cursor's line.
pub fn begin_note(model: &mut Model) -> Vec<Effect> {
    let height = model.nav.height(Pane::LogLines);
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    let Some(key) = tail.cursor_key() else {
        return Vec::new();
    };
    let known = tail.bookmarks.get(&key).cloned().unwrap_or_default();
    // The line must not run away while one writes about it.
    let mut effects = moving::stand(tail, height, Landing::Nearest);
    effects.extend(input::begin_with(model, InputKind::Note, known));
    effects
}

/// The note is written; without a text the mark stays.
pub fn note(model: &mut Model, text: &str) {
    if let Some(tail) = &mut model.logs.tail
        && let Some(key) = tail.cursor_key()
    {
        tail.bookmarks.insert(key, text.trim().to_owned());
    }
}

/// To the next marked line; after the last one the first.
pub fn next(model: &mut Model) -> Vec<Effect> {
    let height = model.nav.height(Pane::LogLines);
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    let here = tail.cursor_key().filter(|_| !tail.follow);
    let behind = here.and_then(|key| tail.bookmarks.range((Excluded(key), Unbounded)).next());
    let Some((&key, note)) = behind.or_else(|| tail.bookmarks.first_key_value()) else {
        let notice = Notice::info("no line is bookmarked yet");
        model.notices.push(model.now, notice);
        return Vec::new();
    };
    let notice = (!note.is_empty()).then(|| Notice::info(note.clone()));
    tail.follow = false;
    let effects = vec![look(
        tail,
        height,
        Anchor::Line(key),
        Some(Landing::Centred),
    )];
    if let Some(notice) = notice {
        model.notices.push(model.now, notice);
    }
    effects
}
