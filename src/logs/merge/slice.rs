//! A span of time in several files: a piece of each, and how their lines interleave.

use std::io;
use std::ops::Range;
use std::sync::OnceLock;

use crate::logs::block::{Block, Spot, without_end};
use crate::logs::positioned;
use crate::logs::segment::{SEARCHED_BYTES, SHOWN_BYTES};
use crate::logs::times::TimeOf;

use super::piece::{Piece, Placed, key};

/// Pieces of different files, in the order of the files.
#[derive(Debug)]
pub struct Slice {
    pieces: Box<[Piece]>,
    time_of: TimeOf,
    /// Runs of lines of the same piece, once somebody has asked: piece and number of lines.
    order: OnceLock<Box<[(u16, u16)]>>,
}

/// A slice whose text has been read.
#[derive(Clone, Copy, Debug)]
pub struct Woven<'a> {
    slice: &'a Slice,
    bytes: &'a [u8],
    /// The text of each piece.
    ranges: &'a [Range<usize>],
}

impl Slice {
    pub fn new(mut pieces: Vec<Piece>, time_of: TimeOf) -> Self {
        // Keys pack piece numbers into 16 bits, as they do sources.
        pieces.truncate(usize::from(u16::MAX));
        Self {
            pieces: pieces.into(),
            time_of,
            order: OnceLock::new(),
        }
    }

    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    pub fn time_of(&self) -> TimeOf {
        self.time_of
    }

    /// Shows the text to somebody; `buffer` is used again and again.
    pub fn with_text<R>(
        &self,
        buffer: &mut Vec<u8>,
        see: impl FnOnce(Woven<'_>) -> R,
    ) -> io::Result<R> {
        let ranges = self.read(buffer, |piece| piece.bytes().min(SEARCHED_BYTES))?;
        Ok(see(Woven {
            slice: self,
            bytes: buffer,
            ranges: &ranges,
        }))
    }

    /// The lines in order; `whole`: of very long ones more than is ever shown.
    pub fn block(&self, whole: bool) -> io::Result<Block> {
        let mut buffer = Vec::new();
        let ranges = self.read(&mut buffer, |piece| {
            let most = if whole || piece.lines > 1 {
                SEARCHED_BYTES
            } else {
                SHOWN_BYTES as u64
            };
            piece.bytes().min(most)
        })?;
        let woven = Woven {
            slice: self,
            bytes: &buffer,
            ranges: &ranges,
        };
        let mut block = Block::merged();
        for (number, line) in woven.sorted() {
            let piece = &self.pieces[number];
            let text = &buffer[ranges[number].clone()][line.start..line.end];
            let at = piece.start() + line.start as u64;
            let spot = Spot {
                key: key(&piece.part, line.ms, at),
                source: piece.part.source,
                late: piece.is_late(at),
                len: if piece.lines == 1 {
                    piece.bytes() - u64::from(!piece.open)
                } else {
                    without_end(text).len() as u64
                },
            };
            block.push_merged(spot, text);
        }
        Ok(block)
    }

    /// Reads the pieces one behind the other.
    fn read(
        &self,
        buffer: &mut Vec<u8>,
        len: impl Fn(&Piece) -> u64,
    ) -> io::Result<Vec<Range<usize>>> {
        buffer.clear();
        let mut ranges = Vec::with_capacity(self.pieces.len());
        for piece in &self.pieces {
            let start = buffer.len();
            let len = usize::try_from(len(piece)).unwrap_or(usize::MAX);
            buffer.resize(start + len, 0);
            let filled =
                positioned::fill_at(&piece.part.file, &mut buffer[start..], piece.start())?;
            buffer.truncate(start + filled);
            ranges.push(start..buffer.len());
        }
        Ok(ranges)
    }
}

impl<'a> Woven<'a> {
    /// Text, source and number of lines of each piece.
    pub fn texts(&self) -> impl Iterator<Item = (&'a [u8], u16, u32)> {
        let bytes = self.bytes;
        let pieces = self.slice.pieces.iter().zip(self.ranges);
        pieces.map(move |(piece, range)| (&bytes[range.clone()], piece.part.source, piece.lines))
    }

    /// Lines of the slice, given lines of each of its pieces; both in order.
    pub fn in_order(&self, lines: &[Vec<u32>], sorted: &mut Vec<u32>) {
        sorted.clear();
        if let [lines] = lines {
            sorted.extend_from_slice(lines);
            return;
        }
        if lines.iter().all(Vec::is_empty) {
            return;
        }
        // How far each piece has been gone through: lines, and lines given.
        let mut passed: Vec<(u32, usize)> = vec![(0, 0); lines.len()];
        let mut number = 0;
        for (piece, count) in self.order() {
            let (piece, count) = (usize::from(*piece), u32::from(*count));
            let (line, given) = &mut passed[piece];
            while let Some(next) = lines[piece].get(*given)
                && *next < *line + count
            {
                sorted.push(number + next - *line);
                *given += 1;
            }
            *line += count;
            number += count;
        }
    }

    fn order(&self) -> &'a [(u16, u16)] {
        self.slice.order.get_or_init(|| {
            let mut runs: Vec<(u16, u16)> = Vec::new();
            for (piece, _) in self.sorted() {
                let piece = u16::try_from(piece).unwrap_or(u16::MAX);
                match runs.last_mut() {
                    Some((last, count)) if *last == piece && *count < u16::MAX => *count += 1,
                    _ => runs.push((piece, 1)),
                }
            }
            runs.into()
        })
    }

    /// Each line with the number of its piece.
    fn sorted(&self) -> Vec<(usize, Placed)> {
        let mut lines: Vec<(usize, Placed)> = Vec::new();
        for (number, (piece, range)) in self.slice.pieces.iter().zip(self.ranges).enumerate() {
            let placed = piece.place(&self.bytes[range.clone()], self.slice.time_of);
            lines.extend(placed.into_iter().map(|line| (number, line)));
        }
        if self.slice.pieces.len() > 1 {
            // Stable, and fast on runs that are sorted already.
            lines.sort_by_key(|(_, line)| line.ms);
        }
        lines
    }
}
