//! Which lines of the window at hand are folded away.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::logs::fold::blocks::{Block, blocks};
use crate::logs::key::LineKey;

use super::model::logs::Tail;

/// A block larger than this stays open when it is most of what is at hand: otherwise there were no line to go on to.
const LARGE: usize = 64;

/// What stands for folded lines, and what is behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folds {
    /// By the line that stands for a block.
    heads: BTreeMap<LineKey, Head>,
    /// The line that stands for it, by the line that is hidden.
    hidden: BTreeMap<LineKey, LineKey>,
}

/// What stands for a block.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Head {
    /// Lines of text in the block.
    size: usize,
    /// What is shown of the line, in bytes of its text.
    part: Range<usize>,
}

impl Folds {
    pub fn of(tail: &Tail) -> Self {
        let mut folds = Self::default();
        if !tail.fold.all && tail.fold.turned.is_empty() {
            return folds;
        }
        let lines = &tail.window.lines;
        for block in blocks(lines) {
            let large = block.lines.len() > LARGE && block.lines.len() * 2 > lines.len();
            if large || !is_folded(tail, &block) {
                continue;
            }
            let head = lines[block.head].key;
            let Block { size, part, .. } = block.clone();
            folds.heads.insert(head, Head { size, part });
            let others = block.lines.iter().filter(|at| **at != block.head);
            folds.hidden.extend(others.map(|at| (lines[*at].key, head)));
        }
        folds
    }

    /// How many lines a line stands for, where it stands for more than itself.
    pub fn size(&self, key: LineKey) -> Option<usize> {
        self.heads.get(&key).map(|head| head.size)
    }

    /// What is shown of the text of a line that stands for more than itself, in bytes.
    pub fn part(&self, key: LineKey) -> Option<Range<usize>> {
        self.heads.get(&key).map(|head| head.part.clone())
    }

    /// The line that stands for a hidden one.
    pub fn behind(&self, key: LineKey) -> Option<LineKey> {
        self.hidden.get(&key).copied()
    }

    /// Places in the window that are shown, ascending.
    pub fn shown(&self, tail: &Tail) -> Vec<usize> {
        let lines = tail.window.lines.iter().enumerate();
        lines
            .filter(|(_, line)| !self.hidden.contains_key(&line.key))
            .map(|(at, _)| at)
            .collect()
    }
}

/// The block that a line is part of.
pub fn block_of(tail: &Tail, key: LineKey) -> Option<Block> {
    let lines = &tail.window.lines;
    blocks(lines)
        .into_iter()
        .find(|block| block.lines.iter().any(|at| lines[*at].key == key))
}

/// As all of them are, unless one of its lines was turned: which lines are at hand changes.
pub fn is_folded(tail: &Tail, block: &Block) -> bool {
    let turned = block
        .lines
        .iter()
        .any(|at| tail.fold.turned.contains(&tail.window.lines[*at].key));
    tail.fold.all != turned
}
