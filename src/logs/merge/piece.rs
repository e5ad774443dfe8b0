//! A piece of one of several files, and where in time each of its lines stands.

use std::ops::Range;
use std::sync::Arc;

use memchr::memchr;

use crate::logs::block::without_end;
use crate::logs::key::LineKey;
use crate::logs::segment::FilePart;
use crate::logs::times::TimeOf;

/// Where lines stand whose file tells no time: before all others.
pub const TIMELESS: i64 = i64::MIN + 1;

/// Lines with a time that have to bear out the time of a line before them: `valid until 2030-01-01` is followed by
/// lines of today.
pub const WITNESSES: usize = 3;

/// Bits of a key's second half for the offset in the file (16 TiB); those above tell the file.
const OFFSET_BITS: u32 = 44;

/// A line of a file whose time is in order with those of the other knots of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Knot {
    /// Offset in the file; a line starts here.
    pub at: u64,
    /// Lines of the file before it.
    pub line: u64,
    /// In milliseconds since 1970. Lines from here on stand no earlier, lines before no later.
    pub ms: i64,
}

/// Lines of a file that stand between two times. All that is needed to place each of them again, the same way.
#[derive(Clone, Debug)]
pub struct Piece {
    pub part: Arc<FilePart>,
    /// Never empty: the first is where the piece starts.
    pub knots: Box<[Knot]>,
    /// Offset in the file.
    pub end: u64,
    pub lines: u32,
    /// The last line has not ended yet.
    pub open: bool,
    pub limits: Limits,
    /// Offsets in the file of lines that came later than lines that stand behind them.
    pub late: Box<[Range<u64>]>,
}

/// What stands behind a piece of a file, in the same file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The time of the next knot: no line stands later.
    pub upper: i64,
    /// The times that the next lines tell, as far as no knot is between; otherwise the end of time.
    pub ahead: [i64; WITNESSES],
}

impl Limits {
    /// Nothing is known of what comes.
    pub const NONE: Self = Self::at_knot(i64::MAX);

    /// A knot, which bears out every time before it.
    pub const fn at_knot(upper: i64) -> Self {
        Self {
            upper,
            ahead: [i64::MAX; WITNESSES],
        }
    }
}

/// A line in a text, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// In the text, line end included.
    pub start: usize,
    pub end: usize,
    /// Never less than that of the line above.
    pub ms: i64,
    /// The time that the line itself tells.
    pub own: Option<i64>,
}

impl Piece {
    pub fn start(&self) -> u64 {
        self.knots.first().map_or(0, |knot| knot.at)
    }

    pub fn bytes(&self) -> u64 {
        self.end - self.start()
    }

    pub fn first_key(&self) -> LineKey {
        let first = self.knots.first();
        key(
            &self.part,
            first.map_or(TIMELESS, |knot| knot.ms),
            self.start(),
        )
    }

    pub fn is_late(&self, at: u64) -> bool {
        self.late.iter().any(|range| range.contains(&at))
    }

    /// Its lines, in a text that was read from the start of the piece.
    pub fn place(&self, text: &[u8], time_of: TimeOf) -> Vec<Placed> {
        place(text, &self.knots, self.limits, time_of)
    }
}

/// Among lines that stand at the same time, the order of the files decides, then that within the file.
pub fn key(part: &FilePart, ms: i64, at: u64) -> LineKey {
    let at = i64::try_from(at).unwrap_or(i64::MAX) & ((1 << OFFSET_BITS) - 1);
    LineKey::new(ms, (part.major << OFFSET_BITS) | at)
}

/// Places the lines of a text that starts at the first knot.
pub fn place(text: &[u8], knots: &[Knot], limits: Limits, time_of: TimeOf) -> Vec<Placed> {
    let Some((first, mut rest)) = knots.split_first() else {
        return Vec::new();
    };
    let mut placing = Placing {
        lines: Vec::new(),
        ms: first.ms,
        times: Vec::new(),
    };
    let mut start = 0;
    while start < text.len() {
        let end = memchr(b'\n', &text[start..]).map_or(text.len(), |at| start + at + 1);
        if let Some((knot, behind)) = rest.split_first()
            && knot.at <= first.at + start as u64
        {
            placing.settle(Limits::at_knot(knot.ms));
            placing.ms = placing.ms.max(knot.ms);
            rest = behind;
        }
        let upper = rest.first().map_or(limits.upper, |knot| knot.ms);
        let own = (upper > TIMELESS)
            .then(|| time_of(without_end(&text[start..end])))
            .flatten();
        if let Some(own) = own {
            placing.times.push((placing.lines.len(), own));
        }
        placing.lines.push(Placed {
            start,
            end,
            ms: placing.ms,
            own,
        });
        start = end;
    }
    placing.settle(match rest.first() {
        Some(knot) => Limits::at_knot(knot.ms),
        None => limits,
    });
    placing.lines
}

struct Placing {
    lines: Vec<Placed>,
    /// Where the line above the last knot stands.
    ms: i64,
    /// Lines since the last knot that tell a time, and the time.
    times: Vec<(usize, i64)>,
}

impl Placing {
    /// Places the lines since the last knot, when the next one is reached.
    fn settle(&mut self, limits: Limits) {
        for (at, (line, own)) in self.times.iter().enumerate() {
            let behind = self.times[at + 1..].iter().map(|(_, own)| *own);
            let witnesses = behind.chain(limits.ahead).take(WITNESSES);
            let ms = own.min(&limits.upper);
            if witnesses.min() >= Some(*own) && *ms > self.ms {
                self.ms = *ms;
            }
            let next = self
                .times
                .get(at + 1)
                .map_or(self.lines.len(), |(line, _)| *line);
            for line in &mut self.lines[*line..next] {
                line.ms = self.ms;
            }
        }
        self.times.clear();
    }
}
