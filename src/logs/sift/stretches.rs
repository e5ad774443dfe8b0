//! Stretches of whole lines from anything that can be read, as they come.

use std::io::{self, Read};

use memchr::{memchr, memrchr};

use crate::logs::block::without_end;

use super::{Piece, Spare};

/// Read at once, at first: the first lines are there soon.
const FIRST: usize = 64 << 10;
const PIECE: usize = 1 << 20;
/// A longer line is cut here.
const LONGEST_LINE: usize = 16 << 20;

/// Hands over whole lines until the end, or until nobody wants more. What comes through a pipe is handed on at once.
///
/// # Errors
/// Those of reading.
pub fn supply(
    mut from: impl Read,
    source: u16,
    spare: &Spare,
    give: &mut dyn FnMut(Piece) -> bool,
) -> io::Result<()> {
    let mut bytes = spare.take();
    let mut filled = 0;
    let mut size = FIRST;
    // The rest of a line that was cut is left out.
    let mut skipping = false;
    loop {
        if bytes.len() < filled + size {
            bytes.resize(filled + size, 0);
        }
        let read = match from.read(&mut bytes[filled..]) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let new = filled;
        filled += read;
        if read > 0 && skipping {
            match memchr(b'\n', &bytes[new..filled]) {
                Some(end) => {
                    bytes.copy_within(new + end + 1..filled, 0);
                    filled -= new + end + 1;
                    skipping = false;
                }
                None => filled = new,
            }
        }
        let end = match memrchr(b'\n', &bytes[..filled]) {
            Some(end) => end + 1,
            None if read == 0 => filled,
            None if filled >= LONGEST_LINE => {
                skipping = true;
                filled
            }
            None => continue,
        };
        let mut next = spare.take();
        if next.len() < PIECE {
            next.resize(PIECE, 0);
        }
        let rest = filled - end;
        if next.len() < rest {
            next.resize(rest, 0);
        }
        next[..rest].copy_from_slice(&bytes[end..filled]);
        bytes.truncate(end);
        if end > 0 && !give(Piece::Text { bytes, source }) {
            return Ok(());
        }
        if read == 0 {
            return Ok(());
        }
        (bytes, filled, size) = (next, rest, PIECE / 2);
    }
}

/// Lines without their ends.
pub fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        let (line, behind) = rest.split_at(end);
        rest = behind;
        Some(without_end(line))
    })
}
