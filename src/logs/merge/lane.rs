//! What of a file has yet to be cut, and where it is cut.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use crate::logs::key::LineKey;
use crate::logs::positioned;
use crate::logs::segment::{FilePart, SEARCHED_BYTES};
use crate::logs::times::TimeOf;

use super::piece::{Knot, Limits, Piece, Placed, WITNESSES, key, place};
use super::survey::Stretch;

/// Knots of lines that came in one by one are thinned out to so many bytes.
const KNOTS_APART: u64 = 16 << 10;
/// Lines whose places are remembered, to see whether they changed.
const LONGEST_TAIL: usize = 512;

/// Lines by their offset in the file, and the time each stands at.
pub type Places = Vec<(u64, i64)>;

/// What of a file has yet to be cut.
#[derive(Debug)]
pub struct Lane {
    part: Arc<FilePart>,
    knots: Vec<Knot>,
    end: u64,
    lines: u64,
    open: bool,
    limits: Limits,
    pub late: Vec<Range<u64>>,
    /// Where the next piece starts.
    at: Knot,
    /// The lines between a knot and the next one, lest they be placed for each cut between.
    placed: Option<(usize, Vec<Placed>)>,
}

/// Where a file is cut.
#[derive(Clone, Copy, Debug)]
struct Cut {
    at: Knot,
    limits: Limits,
}

impl Lane {
    pub fn of_stretch(stretch: Stretch) -> Self {
        let first = stretch.knots.first().copied().unwrap_or(Knot {
            at: stretch.end,
            line: stretch.lines,
            ms: 0,
        });
        Self {
            part: stretch.part,
            knots: stretch.knots,
            end: stretch.end,
            lines: stretch.lines,
            open: stretch.open,
            limits: stretch.limits,
            late: Vec::new(),
            at: first,
            placed: None,
        }
    }

    pub fn of_piece(piece: &Piece) -> Self {
        Self::of_stretch(Stretch {
            part: Arc::clone(&piece.part),
            lines: piece.knots.first().map_or(0, |knot| knot.line) + u64::from(piece.lines),
            knots: piece.knots.to_vec(),
            end: piece.end,
            open: piece.open,
            ended: piece.end,
            limits: piece.limits,
        })
        .with_late(&piece.late)
    }

    fn with_late(mut self, late: &[Range<u64>]) -> Self {
        for range in late {
            self.add_late(range.clone());
        }
        self
    }

    pub fn part(&self) -> &Arc<FilePart> {
        &self.part
    }

    /// Goes on with what stands behind it in the same file. Where lines came in one by one, so did knots.
    pub fn extend(&mut self, more: Self) {
        for knot in more.knots {
            let far = |last: &Knot| knot.at >= last.at + KNOTS_APART;
            if self.knots.last().is_none_or(far) {
                self.knots.push(knot);
            }
        }
        (self.end, self.lines, self.open) = (more.end, more.lines, more.open);
        self.limits = more.limits;
        for range in more.late {
            self.add_late(range);
        }
    }

    pub fn first_key(&self) -> LineKey {
        self.key_of(&self.at)
    }

    /// Whether lines that were known stand where they stood; if so, where the lines behind them start.
    pub fn unchanged(
        &mut self,
        tail: &[(u64, i64)],
        ended: u64,
        time_of: TimeOf,
    ) -> io::Result<Option<Knot>> {
        if tail.is_empty() || self.knots.is_empty() || self.end_of(0) <= ended {
            return Ok(None);
        }
        let first = self.knots[0];
        let lines = self.placed(0, time_of)?;
        let stands = |line: &Placed| (first.at + line.start as u64, line.ms);
        let same = lines
            .iter()
            .map(stands)
            .take(tail.len())
            .eq(tail.iter().copied());
        let next = lines.get(tail.len()).filter(|_| same);
        Ok(next.map(|line| Knot {
            at: first.at + line.start as u64,
            line: first.line + tail.len() as u64,
            ms: line.ms,
        }))
    }

    /// Leaves out what stands before a line between the first two knots.
    pub fn start_at(&mut self, knot: Knot) {
        if let Some(first) = self.knots.first_mut() {
            *first = knot;
        }
        self.at = knot;
        self.placed = None;
    }

    /// A line near the end whose time the next ones bear out, and the whole lines from there on.
    pub fn confirmed(&mut self, ended: u64, time_of: TimeOf) -> io::Result<Option<(Knot, Places)>> {
        let Some(block) = self.knots.len().checked_sub(1) else {
            return Ok(None);
        };
        let knot = self.knots[block];
        let lines = self.placed(block, time_of)?;
        let mut times = 0;
        let mut least = i64::MAX;
        let found = lines.iter().rposition(|line| {
            let Some(own) = line.own else {
                return false;
            };
            let borne_out = times >= WITNESSES && own <= least && own == line.ms;
            times += 1;
            least = least.min(own);
            borne_out
        });
        let at = |line: &Placed| knot.at + line.start as u64;
        let Some(found) = found.filter(|found| *found > 0 || block > 0) else {
            return Ok(None);
        };
        let whole = lines[found..].iter().filter(|line| at(line) < ended);
        let tail: Places = whole.map(|line| (at(line), line.ms)).collect();
        let again = Knot {
            at: at(&lines[found]),
            line: knot.line + found as u64,
            ms: lines[found].ms,
        };
        let few = tail.len() <= LONGEST_TAIL;
        Ok(Some((again, if few { tail } else { Vec::new() })))
    }

    /// Takes away what stands from here on. False if nothing is left.
    pub fn truncate(&mut self, from: Knot) -> bool {
        if self.at.at >= from.at {
            return false;
        }
        if self.end > from.at {
            self.knots.retain(|knot| knot.at < from.at);
            (self.end, self.lines, self.open) = (from.at, from.line, false);
        }
        self.limits = Limits::at_knot(from.ms);
        true
    }

    pub fn add_late(&mut self, range: Range<u64>) {
        if range.is_empty() {
            return;
        }
        match self.late.last_mut() {
            Some(last) if last.end >= range.start => last.end = last.end.max(range.end),
            _ => self.late.push(range),
        }
    }

    /// Where it can be cut without looking at lines, and the bytes up to the next such place.
    pub fn blocks(&self) -> impl Iterator<Item = (LineKey, u64)> {
        let blocks = self.knots.iter().enumerate();
        blocks.map(|(at, knot)| (self.key_of(knot), self.end_of(at) - knot.at))
    }

    fn key_of(&self, knot: &Knot) -> LineKey {
        key(&self.part, knot.ms, knot.at)
    }

    fn end_of(&self, block: usize) -> u64 {
        self.knots.get(block + 1).map_or(self.end, |next| next.at)
    }

    /// Offset of the first line at or after a key.
    pub fn find(&mut self, until: LineKey, time_of: TimeOf) -> io::Result<u64> {
        Ok(self
            .cut_at(until, time_of)?
            .map_or(self.end, |cut| cut.at.at))
    }

    /// The key of the last line.
    pub fn last_key(&mut self, time_of: TimeOf) -> io::Result<Option<LineKey>> {
        let Some(block) = self.knots.len().checked_sub(1) else {
            return Ok(None);
        };
        let start = self.knots[block].at;
        let last = self.placed(block, time_of)?.last().copied();
        Ok(last.map(|line| key(&self.part, line.ms, start + line.start as u64)))
    }

    /// The first line at or after a key; `None` if there is none.
    fn cut_at(&mut self, until: LineKey, time_of: TimeOf) -> io::Result<Option<Cut>> {
        let next = self.knots.partition_point(|knot| self.key_of(knot) < until);
        let at_next = self.knots.get(next).map(|knot| Cut {
            at: *knot,
            limits: Limits::at_knot(knot.ms),
        });
        let Some(block) = next.checked_sub(1) else {
            return Ok(at_next);
        };
        let limits = self.limits_of(block);
        if key(&self.part, limits.upper, self.end_of(block)) <= until {
            return Ok(at_next);
        }
        let knot = self.knots[block];
        let part = Arc::clone(&self.part);
        let lines = self.placed(block, time_of)?;
        let found =
            lines.partition_point(|line| key(&part, line.ms, knot.at + line.start as u64) < until);
        let Some(line) = lines.get(found) else {
            return Ok(at_next);
        };
        let at = Knot {
            at: knot.at + line.start as u64,
            line: knot.line + found as u64,
            ms: line.ms,
        };
        let mut ahead = limits.ahead;
        let times = lines[found..].iter().filter_map(|line| line.own);
        let times: Vec<i64> = times.chain(limits.ahead).take(WITNESSES).collect();
        ahead.copy_from_slice(&times);
        let limits = Limits { ahead, ..limits };
        Ok(Some(Cut { at, limits }))
    }

    /// What stands behind the lines between a knot and the next one.
    fn limits_of(&self, block: usize) -> Limits {
        match self.knots.get(block + 1) {
            Some(next) => Limits::at_knot(next.ms),
            None => self.limits,
        }
    }

    fn placed(&mut self, block: usize, time_of: TimeOf) -> io::Result<&[Placed]> {
        if self.placed.as_ref().is_none_or(|(at, _)| *at != block) {
            let knot = self.knots[block];
            let end = self.end_of(block);
            let limits = self.limits_of(block);
            let len = usize::try_from((end - knot.at).min(SEARCHED_BYTES)).unwrap_or(usize::MAX);
            let mut text = Vec::new();
            positioned::read_into(&self.part.file, &mut text, knot.at, len)?;
            self.placed = Some((block, place(&text, &[knot], limits, time_of)));
        }
        Ok(self.placed.as_ref().map_or(&[], |(_, lines)| lines))
    }

    /// The next piece, which ends before a key.
    pub fn piece(&mut self, until: LineKey, time_of: TimeOf) -> io::Result<Option<Piece>> {
        let cut = match until {
            LineKey::LAST => None,
            until => self.cut_at(until, time_of)?,
        };
        let whole = Cut {
            at: Knot {
                at: self.end,
                line: self.lines,
                ms: i64::MAX,
            },
            limits: self.limits,
        };
        let Cut { at: stop, limits } = cut.unwrap_or(whole);
        if stop.at <= self.at.at {
            return Ok(None);
        }
        let first = std::mem::replace(&mut self.at, stop);
        let from = self.knots.partition_point(|knot| knot.at <= first.at);
        let to = self.knots.partition_point(|knot| knot.at < stop.at);
        let mut knots = vec![first];
        knots.extend_from_slice(&self.knots[from..to]);
        let late = self.late.iter().filter_map(|range| {
            let range = range.start.max(first.at)..range.end.min(stop.at);
            (!range.is_empty()).then_some(range)
        });
        Ok(Some(Piece {
            part: Arc::clone(&self.part),
            knots: knots.into(),
            end: stop.at,
            lines: u32::try_from(stop.line - first.line).unwrap_or(u32::MAX),
            open: self.open && stop.at == self.end,
            limits,
            late: late.collect(),
        }))
    }
}
