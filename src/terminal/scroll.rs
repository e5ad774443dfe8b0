//! Rows that only moved up or down: the terminal moves them itself, and only what is new is sent.
//!
//! Nobody says that something was scrolled. It is seen by comparing what the terminal shows with what it is to show.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Write};

use ratatui::buffer::{Buffer, Cell};
use unicode_width::UnicodeWidthStr as _;

/// Fewer moved rows are not worth the sequences.
const FEWEST: usize = 3;

/// Rows within the moved ones that did not: the cursor's line is one.
const GAP: usize = 2;

/// The second half of a wide character: nothing is ever drawn there.
const WIDE: &str = "";

/// Rows `top` to `bottom` move by `by` rows, up if it is positive. What they leave behind is blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    top: usize,
    bottom: usize,
    by: isize,
}

/// What the terminal shows, as far as it is known.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    buffer: Buffer,
}

impl Shown {
    /// The terminal was cleared.
    pub fn clear(&mut self, columns: u16, rows: u16) {
        self.buffer = Buffer::empty(ratatui::layout::Rect::new(0, 0, columns, rows));
    }

    /// Takes in what is about to be drawn: what of it is to be sent, and after which shift.
    pub fn take<'c>(&mut self, cells: Vec<(u16, u16, &'c Cell)>) -> Sent<'c> {
        // Most frames change little: nothing can have moved.
        let width = usize::from(self.buffer.area.width).max(1);
        if cells.len() < FEWEST * width / 2 {
            put(&mut self.buffer, &cells);
            return Sent::Plain(cells);
        }
        let before = self.buffer.clone();
        put(&mut self.buffer, &cells);
        let shift = find(&before, &self.buffer);
        let shifted = shift.and_then(|shift| {
            let after = changes(&moved(&before, shift), &self.buffer);
            let cheaper =
                cost(after.iter().map(|(x, y, cell)| (*x, *y, cell))) < cost(cells.iter().copied());
            cheaper.then_some(Sent::Shifted(shift, after))
        });
        shifted.unwrap_or(Sent::Plain(cells))
    }
}

/// What is sent for a frame.
#[derive(Debug)]
pub enum Sent<'c> {
    Plain(Vec<(u16, u16, &'c Cell)>),
    Shifted(Shift, Vec<(u16, u16, Cell)>),
}

impl Shift {
    /// Line feeds at the foot of a scrolling region, or reverse ones at its head: every terminal since the VT100 knows
    /// them. The cursor is left anywhere.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let Self { top, bottom, by } = self;
        let (at, feed) = if *by > 0 {
            (bottom, "\n")
        } else {
            (top, "\x1bM")
        };
        write!(out, "\x1b[{};{}r\x1b[{};1H", top + 1, bottom + 1, at + 1)?;
        for _ in 0..by.unsigned_abs() {
            out.write_all(feed.as_bytes())?;
        }
        out.write_all(b"\x1b[r")
    }
}

fn put(buffer: &mut Buffer, cells: &[(u16, u16, &Cell)]) {
    let right = buffer.area.right();
    // Behind the last column that a character takes.
    let end = |x: u16, cell: &Cell| {
        let width = u16::try_from(cell.symbol().width()).unwrap_or(1);
        x.saturating_add(width.max(1)).min(right)
    };
    for (x, y, cell) in cells {
        if *x >= right || *y >= buffer.area.bottom() {
            continue;
        }
        let behind = end(*x, cell);
        // Of a wide character that loses a half nothing stays.
        let lost = (*x..behind).map(|x| end(x, &buffer[(x, *y)])).max();
        buffer[(*x, *y)].clone_from(cell);
        for x in x + 1..behind {
            buffer[(x, *y)].set_symbol(WIDE);
        }
        for x in behind..lost.unwrap_or(behind) {
            buffer[(x, *y)] = Cell::default();
        }
    }
}

fn rows(buffer: &Buffer) -> impl Iterator<Item = &[Cell]> {
    buffer.content.chunks(usize::from(buffer.area.width).max(1))
}

/// The way in which most rows have moved.
fn find(before: &Buffer, after: &Buffer) -> Option<Shift> {
    let hashes = |buffer| -> Vec<u64> {
        rows(buffer)
            .map(|row| {
                let mut hasher = DefaultHasher::new();
                row.hash(&mut hasher);
                hasher.finish()
            })
            .collect()
    };
    let (before, after) = (hashes(before), hashes(after));
    let height = after.len();
    let mut best: Option<(usize, Shift)> = None;
    for distance in 1..height {
        let distance = distance.cast_signed();
        for by in [distance, -distance] {
            let came_from = |row: usize| before.get(row.checked_add_signed(by)?);
            let has_moved =
                |row: &usize| came_from(*row) == Some(&after[*row]) && before[*row] != after[*row];
            if let Some((count, first, last)) = longest((0..height).filter(has_moved))
                && count >= FEWEST
                && best.is_none_or(|(most, _)| count > most)
            {
                let n = by.unsigned_abs();
                let (top, bottom) = if by > 0 {
                    (first, last + n)
                } else {
                    (first - n, last)
                };
                best = Some((count, Shift { top, bottom, by }));
            }
        }
    }
    best.map(|(_, shift)| shift)
}

/// How many rows the longest stretch has, its first and its last one.
fn longest(moved: impl Iterator<Item = usize>) -> Option<(usize, usize, usize)> {
    let mut best: Option<(usize, usize, usize)> = None;
    let mut now: Option<(usize, usize, usize)> = None;
    for row in moved {
        now = Some(match now {
            Some((count, first, last)) if row - last <= GAP + 1 => (count + 1, first, row),
            _ => (1, row, row),
        });
        if now > best {
            best = now;
        }
    }
    best
}

/// What the terminal shows after a shift.
fn moved(before: &Buffer, shift: Shift) -> Buffer {
    let mut after = before.clone();
    let width = usize::from(before.area.width);
    let row = |buffer: &Buffer, row: usize| buffer.content[row * width..][..width].to_vec();
    for to in shift.top..=shift.bottom {
        let from = to.checked_add_signed(shift.by);
        let from = from.filter(|from| (shift.top..=shift.bottom).contains(from));
        let cells = match from {
            Some(from) => row(before, from),
            None => vec![Cell::default(); width],
        };
        after.content[to * width..][..width].clone_from_slice(&cells);
    }
    after
}

/// What must be drawn to make one of the other.
fn changes(from: &Buffer, to: &Buffer) -> Vec<(u16, u16, Cell)> {
    let mut changes = Vec::new();
    for (y, (old, new)) in (0..).zip(rows(from).zip(rows(to))) {
        for (x, (old, new)) in (0..).zip(old.iter().zip(new)) {
            if old != new && new.symbol() != WIDE {
                changes.push((x, y, new.clone()));
            }
        }
    }
    changes
}

/// About how many bytes cells take.
fn cost<'c>(cells: impl Iterator<Item = (u16, u16, &'c Cell)>) -> usize {
    const JUMP: usize = 7;
    const STYLE: usize = 14;
    let mut bytes = 0;
    let mut last: Option<(u16, u16, &Cell)> = None;
    for (x, y, cell) in cells {
        bytes += cell.symbol().len();
        let (follows, same) = last.map_or((false, false), |(left, row, before)| {
            let same = (before.fg, before.bg, before.modifier) == (cell.fg, cell.bg, cell.modifier);
            (left + 1 == x && row == y, same)
        });
        bytes += usize::from(!follows) * JUMP + usize::from(!same) * STYLE;
        last = Some((x, y, cell));
    }
    bytes
}

#[cfg(test)]
mod tests;
