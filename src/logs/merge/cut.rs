//! Cutting stretches of several files at the same times.

use std::io;

use crate::logs::key::LineKey;
use crate::logs::segment::SEGMENT_BYTES;
use crate::logs::times::TimeOf;

use super::lane::Lane;
use super::slice::Slice;

/// Cuts lanes of different files, in the order of the files, into slices of about a mebibyte. Answers each with the
/// key that ends it.
pub fn cut(mut lanes: Vec<Lane>, time_of: TimeOf) -> io::Result<Vec<(Slice, LineKey)>> {
    let mut knots: Vec<(LineKey, u64)> = Vec::new();
    for lane in &lanes {
        knots.extend(lane.blocks());
    }
    knots.sort_unstable();
    let mut slices = Vec::new();
    let mut pending = 0;
    for (key, bytes) in knots {
        if pending >= SEGMENT_BYTES as u64 {
            slices.extend(slice(&mut lanes, key, time_of)?);
            pending = 0;
        }
        pending += bytes;
    }
    slices.extend(slice(&mut lanes, LineKey::LAST, time_of)?);
    Ok(slices)
}

/// What stands before a key, of what is left.
pub fn slice(
    lanes: &mut [Lane],
    until: LineKey,
    time_of: TimeOf,
) -> io::Result<Option<(Slice, LineKey)>> {
    let mut pieces = Vec::new();
    for lane in lanes {
        pieces.extend(lane.piece(until, time_of)?);
    }
    Ok((!pieces.is_empty()).then(|| (Slice::new(pieces, time_of), until)))
}
