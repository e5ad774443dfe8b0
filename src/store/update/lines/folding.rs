//! Blocks folded to the line that tells most, all of them or one.

use crate::store::folds::{Folds, block_of, is_folded};

use super::super::super::effect::Effect;
use super::super::super::model::Model;
use super::super::super::model::logs::{Landing, Tail};
use super::super::super::model::nav::Pane;
use super::super::super::msg::Notice;
use super::moving;

/// Folds every block, or unfolds them all; those that were turned on their own are like the others again.
pub fn toggle_all(model: &mut Model) -> Vec<Effect> {
    let height = model.nav.height(Pane::LogLines);
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    tail.fold.all = !tail.fold.all;
    tail.fold.turned.clear();
    step_out(tail, height);
    Vec::new()
}

/// Folds or unfolds the block that the cursor is in.
pub fn toggle_here(model: &mut Model) -> Vec<Effect> {
    let height = model.nav.height(Pane::LogLines);
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    let Some(block) = tail.cursor_key().and_then(|key| block_of(tail, key)) else {
        let notice = Notice::info("this line stands alone: there is nothing to fold");
        model.notices.push(model.now, notice);
        return Vec::new();
    };
    // A fold under a screen that moves on would be lost at once.
    let effects = moving::stand(tail, height, Landing::Nearest);
    turn(tail, &block);
    step_out(tail, height);
    effects
}

/// Unfolds what hides a line that was looked for.
pub fn uncover(tail: &mut Tail, index: usize) {
    let Some(key) = tail.window.lines.get(index).map(|line| line.key) else {
        return;
    };
    if Folds::of(tail).behind(key).is_some()
        && let Some(block) = block_of(tail, key)
    {
        turn(tail, &block);
    }
}

fn turn(tail: &mut Tail, block: &crate::logs::fold::blocks::Block) {
    let folded = is_folded(tail, block);
    let keys = block.lines.iter().map(|at| tail.window.lines[*at].key);
    let keys: Vec<_> = keys.collect();
    for key in &keys {
        tail.fold.turned.remove(key);
    }
    if is_folded(tail, block) == folded {
        tail.fold.turned.extend(keys.first());
    }
}

/// A cursor on a hidden line goes to the one that stands for it.
pub fn step_out(tail: &mut Tail, height: usize) {
    let hidden = tail
        .cursor
        .filter(|key| !tail.follow && Folds::of(tail).behind(*key).is_some());
    if let (Some(_), Some(index)) = (hidden, tail.cursor_index()) {
        moving::place(tail, index, height, Landing::Nearest);
    }
}
