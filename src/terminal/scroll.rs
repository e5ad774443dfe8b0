//! Lines that move on the screen are moved by the terminal, which takes a few bytes, not written again.

use std::io::{self, Write};

use ratatui::buffer::{Buffer, Cell};

/// Fewer rows are written again.
const FEWEST_ROWS: u16 = 4;

/// Rows from `top` to `bottom` (included) move up by so many, or down where it is negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scroll {
    pub top: u16,
    pub bottom: u16,
    pub by: i32,
}

/// The move that brings most of what is wanted from what is shown, if any brings much.
pub fn find(shown: &Buffer, wanted: &Buffer) -> Option<Scroll> {
    let rows = shown.area.height;
    // Rows that have changed tell how far they came; empty ones look alike.
    let mut best: Option<(u16, Scroll)> = None;
    for part in [2, 4] {
        let row = if part == 2 {
            rows / 2
        } else {
            rows - 1 - rows / part
        };
        if row >= rows || row_of(shown, row) == row_of(wanted, row) || is_blank(row_of(wanted, row))
        {
            continue;
        }
        for from in 0..rows {
            if row_of(shown, from) != row_of(wanted, row) {
                continue;
            }
            let by = i32::from(from) - i32::from(row);
            let moved = |row: u16| {
                let from = i32::from(row) + by;
                let from = u16::try_from(from).ok().filter(|from| *from < rows);
                from.is_some_and(|from| row_of(shown, from) == row_of(wanted, row))
            };
            let first = (0..row).rev().take_while(|row| moved(*row)).last();
            let last = (row + 1..rows).take_while(|row| moved(*row)).last();
            let (first, last) = (first.unwrap_or(row), last.unwrap_or(row));
            let far = u16::try_from(by.unsigned_abs()).unwrap_or(u16::MAX);
            let (top, bottom) = if by > 0 {
                (first, last + far)
            } else {
                (first - far, last)
            };
            let length = last - first + 1;
            let is_longer = best.is_none_or(|(longest, _)| length > longest);
            if length >= FEWEST_ROWS && is_longer {
                best = Some((length, Scroll { top, bottom, by }));
            }
        }
    }
    best.map(|(_, scroll)| scroll)
}

impl Scroll {
    /// What is shown afterwards.
    pub fn apply(self, shown: &mut Buffer) {
        let rows = |scroll: Self| scroll.top..=scroll.bottom;
        let mut order: Vec<u16> = rows(self).collect();
        if self.by < 0 {
            order.reverse();
        }
        for row in order {
            let from = u16::try_from(i32::from(row) + self.by).ok();
            let from = from.filter(|from| rows(self).contains(from));
            for column in 0..shown.area.width {
                let cell = from.and_then(|from| shown.cell((column, from)).cloned());
                if let Some(place) = shown.cell_mut((column, row)) {
                    *place = cell.unwrap_or(Cell::EMPTY);
                }
            }
        }
    }

    /// With line feeds at the end of a region and reverse ones at its start, which every terminal knows.
    pub fn write(self, out: &mut Vec<u8>) -> io::Result<()> {
        let Self { top, bottom, by } = self;
        // Rows that come in have the colours that are set.
        write!(out, "\x1b[0m\x1b[{};{}r", top + 1, bottom + 1)?;
        if by > 0 {
            write!(out, "\x1b[{};1H", bottom + 1)?;
        } else {
            write!(out, "\x1b[{};1H", top + 1)?;
        }
        for _ in 0..by.unsigned_abs() {
            out.extend_from_slice(if by > 0 { b"\n" } else { b"\x1bM" });
        }
        out.extend_from_slice(b"\x1b[r");
        Ok(())
    }
}

fn row_of(buffer: &Buffer, row: u16) -> &[Cell] {
    let width = usize::from(buffer.area.width);
    let start = usize::from(row) * width;
    buffer.content.get(start..start + width).unwrap_or(&[])
}

/// Nothing between its borders.
fn is_blank(row: &[Cell]) -> bool {
    let inner = row.get(1..row.len().saturating_sub(1)).unwrap_or(&[]);
    inner.iter().all(|cell| cell.symbol() == " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn screen(rows: &[&str]) -> Buffer {
        Buffer::with_lines(rows.iter().map(|row| row.repeat(3)).collect::<Vec<_>>())
    }

    #[test]
    fn a_move_is_found_within_what_stays() {
        let shown = screen(&["title", "a", "b", "c", "d", "e", "f", "foot"]);
        let up = screen(&["other", "b", "c", "d", "e", "f", "g", "foot"]);
        let scroll = find(&shown, &up).unwrap();
        assert_eq!((scroll.top, scroll.bottom, scroll.by), (1, 6, 1));
        let mut moved = shown.clone();
        scroll.apply(&mut moved);
        assert_eq!(
            moved,
            screen(&["title", "b", "c", "d", "e", "f", "", "foot"])
        );

        let down = screen(&["title", "y", "z", "a", "b", "c", "d", "foot"]);
        let scroll = find(&shown, &down).unwrap();
        assert_eq!((scroll.top, scroll.bottom, scroll.by), (1, 6, -2));
        let mut moved = shown.clone();
        scroll.apply(&mut moved);
        assert_eq!(
            moved,
            screen(&["title", "", "", "a", "b", "c", "d", "foot"])
        );

        let other = screen(&["title", "1", "2", "3", "4", "5", "6", "foot"]);
        assert_eq!(find(&shown, &other), None);
        assert_eq!(find(&shown, &shown), None);
    }
}
