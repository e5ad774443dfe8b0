//! Reading a stretch of a file once: its lines are counted, and a few are asked for their time.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use memchr::{memchr, memchr_iter, memrchr};

use crate::logs::block::without_end;
use crate::logs::files::index::Job;
use crate::logs::positioned;
use crate::logs::segment::{FilePart, SEGMENT_BYTES};
use crate::logs::times::TimeOf;

use super::piece::{Knot, Limits, TIMELESS, place};

/// A time is looked for once in so many bytes.
const SAMPLE_EVERY: usize = 32 << 10;
/// Lines that are asked for it.
const TRIES: usize = 16;
/// Read behind a chunk for the line that ends there.
const BEHIND: usize = 4 << 10;
/// Lines are placed so many bytes at a time where knots are far apart.
const STRIDE: u64 = SEGMENT_BYTES as u64;

/// What is known of a chunk of a stretch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sampled {
    /// Counted from the start of the stretch.
    pub number: u64,
    newlines: u64,
    /// Lines are counted from the start of the chunk.
    samples: Vec<Knot>,
    /// Offset in the file of the last newline.
    last: Option<u64>,
}

impl Sampled {
    /// The first line that tells a time.
    pub fn first(&self) -> Option<Knot> {
        self.samples.first().copied()
    }
}

/// Reads one chunk. Bytes that are gone have no lines.
pub fn sample(
    job: &Job,
    number: u64,
    time_of: TimeOf,
    buffer: &mut Vec<u8>,
) -> io::Result<Sampled> {
    let start = job.range.start + number * SEGMENT_BYTES as u64;
    let end = (start + SEGMENT_BYTES as u64).min(job.range.end);
    let behind = (end + BEHIND as u64).min(job.range.end);
    let want = usize::try_from(behind - start).unwrap_or(usize::MAX);
    positioned::read_into(&job.part.file, buffer, start, want)?;
    let len = buffer.len().min(usize::try_from(end - start).unwrap_or(0));
    let mut sampled = Sampled {
        number,
        last: memrchr(b'\n', &buffer[..len]).map(|at| start + at as u64),
        ..Sampled::default()
    };
    for from in (0..len).step_by(SAMPLE_EVERY) {
        let until = (from + SAMPLE_EVERY).min(len);
        let starts_line = from == 0 && number == 0;
        let mut counted = from;
        if let Some((at, ms)) = first_time(buffer, from..until, starts_line, time_of) {
            sampled.newlines += memchr_iter(b'\n', &buffer[from..at]).count() as u64;
            counted = at;
            sampled.samples.push(Knot {
                at: start + at as u64,
                line: sampled.newlines,
                ms,
            });
        }
        sampled.newlines += memchr_iter(b'\n', &buffer[counted..until]).count() as u64;
    }
    Ok(sampled)
}

/// The first line that starts in a range and tells a time; of this time and the next one the earlier, for a single
/// line may tell any time.
fn first_time(
    text: &[u8],
    range: Range<usize>,
    starts_line: bool,
    time_of: TimeOf,
) -> Option<(usize, i64)> {
    let next_line = |at: usize| Some(at + memchr(b'\n', text.get(at..)?)? + 1);
    let mut start = if starts_line {
        range.start
    } else {
        next_line(range.start)?
    };
    let mut found: Option<(usize, i64)> = None;
    for _ in 0..TRIES {
        if start >= range.end {
            break;
        }
        let next = next_line(start);
        let line = &text[start..next.unwrap_or(text.len())];
        match (time_of(without_end(line)), found) {
            (Some(ms), Some((at, first))) => return Some((at, first.min(ms))),
            (Some(ms), None) => found = Some((start, ms)),
            (None, _) => {}
        }
        let Some(next) = next else { break };
        start = next;
    }
    found
}

/// A stretch of a file that has been read.
#[derive(Clone, Debug)]
pub struct Stretch {
    pub part: Arc<FilePart>,
    /// The first is where it starts.
    pub knots: Vec<Knot>,
    pub end: u64,
    /// Lines of the file up to here, with one that has not ended.
    pub lines: u64,
    pub open: bool,
    /// Offset behind its last whole line.
    pub ended: u64,
    pub limits: Limits,
}

impl Stretch {
    /// Puts the chunks of a job together. What came before the stretch ended at `from`.
    pub fn new(job: &Job, mut chunks: Vec<Sampled>, from: Knot) -> Self {
        chunks.sort_by_key(|chunk| chunk.number);
        let mut line = from.line;
        let mut last = None;
        let mut samples: Vec<Knot> = Vec::new();
        for chunk in chunks {
            samples.extend(chunk.samples.into_iter().map(|knot| Knot {
                line: line + knot.line,
                ..knot
            }));
            line += chunk.newlines;
            last = chunk.last.or(last);
        }
        let end = job.range.end;
        let ended = last.map_or(job.range.start, |last| last + 1);
        let open = end > ended;
        let is_timeless = from.ms == TIMELESS;
        samples.retain(|sample| is_timeless || (sample.at > from.at && sample.ms >= from.ms));
        let mut knots = in_order(&samples);
        let first_time = knots.first().map(|knot| knot.ms);
        if knots.first().is_none_or(|knot| knot.at > from.at) {
            // What a file says before its first time belongs to what follows.
            let ms = match first_time {
                Some(ms) if is_timeless && from.at == 0 => ms,
                _ => from.ms,
            };
            knots.insert(0, Knot { ms, ..from });
        }
        let upper = match first_time {
            None if is_timeless => TIMELESS,
            _ => i64::MAX,
        };
        Self {
            part: Arc::clone(&job.part),
            knots,
            end,
            lines: line + u64::from(open),
            open,
            ended,
            limits: Limits::at_knot(upper),
        }
    }

    /// Puts knots where they are far apart, so that it can be cut there.
    pub fn subdivide(&mut self, time_of: TimeOf) -> io::Result<()> {
        let mut at = 0;
        while let Some(knot) = self.knots.get(at).copied() {
            let next = self.knots.get(at + 1);
            let end = next.map_or(self.end, |next| next.at);
            if end - knot.at > 2 * STRIDE {
                let limits = Limits::at_knot(next.map_or(self.limits.upper, |next| next.ms));
                if let Some(new) = self.stride(knot, end, limits, time_of)? {
                    self.knots.insert(at + 1, new);
                }
            }
            at += 1;
        }
        Ok(())
    }

    /// A knot some way behind another one, before the end of its lines.
    fn stride(
        &self,
        knot: Knot,
        end: u64,
        limits: Limits,
        time_of: TimeOf,
    ) -> io::Result<Option<Knot>> {
        let mut text = Vec::new();
        positioned::read_into(&self.part.file, &mut text, knot.at, STRIDE as usize)?;
        if let Some(last) = memrchr(b'\n', &text) {
            text.truncate(last + 1);
            let lines = place(&text, &[knot], limits, time_of);
            return Ok(lines.last().map(|line| Knot {
                at: knot.at + text.len() as u64,
                line: knot.line + lines.len() as u64,
                ms: line.ms,
            }));
        }
        // One long line: behind it.
        let mut at = knot.at + text.len() as u64;
        while at < end && !text.is_empty() {
            positioned::read_into(&self.part.file, &mut text, at, STRIDE as usize)?;
            if let Some(found) = memchr(b'\n', &text) {
                at += found as u64 + 1;
                return Ok((at < end).then_some(Knot {
                    at,
                    line: knot.line + 1,
                    ms: knot.ms,
                }));
            }
            at += text.len() as u64;
        }
        Ok(None)
    }
}

/// The most of them whose times do not fall: a single wrong time costs itself alone.
fn in_order(samples: &[Knot]) -> Vec<Knot> {
    // For each length, where the best sequence of that length ends; for each sample, which one stands before it.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(samples.len());
    for (at, sample) in samples.iter().enumerate() {
        let len = ends.partition_point(|end| samples[*end].ms <= sample.ms);
        before.push(len.checked_sub(1).map(|last| ends[last]));
        if len == ends.len() {
            ends.push(at);
        } else {
            ends[len] = at;
        }
    }
    let mut knots = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied();
    while let Some(found) = at {
        knots.push(samples[found]);
        at = before[found];
    }
    knots.reverse();
    knots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_time_costs_itself_alone() {
        let of = |times: &[i64]| -> Vec<i64> {
            let knots: Vec<Knot> = times
                .iter()
                .map(|ms| Knot {
                    at: 0,
                    line: 0,
                    ms: *ms,
                })
                .collect();
            in_order(&knots).iter().map(|knot| knot.ms).collect()
        };
        assert_eq!(of(&[1, 2, 9, 3, 3, 4]), [1, 2, 3, 3, 4]);
        assert_eq!(of(&[5, 6, 1, 7]), [5, 6, 7]);
        assert_eq!(of(&[]), [0; 0]);
    }
}
