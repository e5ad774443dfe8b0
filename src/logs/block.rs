//! Some thousand lines in memory: their text in one piece, and a few bytes about each.

use super::key::LineKey;

/// What is known of an event besides its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meta {
    pub at_ms: i64,
    /// Order of arrival among the events of the same millisecond.
    pub seq: i32,
    /// Hash of the event id, where there is one.
    pub id: Option<u64>,
    /// Kept as a distance from `at_ms`; one of more than 24 days is not kept.
    pub ingested_ms: Option<i64>,
    pub source: u16,
    /// Came after lines that stand behind it.
    pub late: bool,
    /// Live Tail brought it, without an id.
    pub tailed: bool,
}

const ROW: usize = 27;
const LATE: u8 = 1;
const TAILED: u8 = 2;
const HAS_ID: u8 = 4;
const NOT_INGESTED: i32 = i32::MIN;

/// A [`Meta`] in 27 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row([u8; ROW]);

impl Row {
    fn pack(meta: &Meta) -> Self {
        let delay = meta
            .ingested_ms
            .and_then(|at| i32::try_from(at.checked_sub(meta.at_ms)?).ok())
            .unwrap_or(NOT_INGESTED);
        let flag = |on: bool, bit: u8| if on { bit } else { 0 };
        let flags =
            flag(meta.late, LATE) | flag(meta.tailed, TAILED) | flag(meta.id.is_some(), HAS_ID);
        let mut row = [0; ROW];
        row[..8].copy_from_slice(&meta.at_ms.to_le_bytes());
        row[8..16].copy_from_slice(&meta.id.unwrap_or_default().to_le_bytes());
        row[16..20].copy_from_slice(&meta.seq.to_le_bytes());
        row[20..24].copy_from_slice(&delay.to_le_bytes());
        row[24..26].copy_from_slice(&meta.source.to_le_bytes());
        row[26] = flags;
        Self(row)
    }

    fn bytes<const N: usize>(&self, from: usize) -> [u8; N] {
        let mut bytes = [0; N];
        bytes.copy_from_slice(&self.0[from..from + N]);
        bytes
    }

    fn at_ms(&self) -> i64 {
        i64::from_le_bytes(self.bytes(0))
    }

    fn seq(&self) -> i32 {
        i32::from_le_bytes(self.bytes(16))
    }

    fn unpack(&self) -> Meta {
        let flags = self.0[26];
        let at_ms = self.at_ms();
        let delay = i32::from_le_bytes(self.bytes(20));
        Meta {
            at_ms,
            seq: self.seq(),
            id: (flags & HAS_ID != 0).then(|| u64::from_le_bytes(self.bytes(8))),
            ingested_ms: (delay != NOT_INGESTED).then(|| at_ms.saturating_add(delay.into())),
            source: u16::from_le_bytes(self.bytes(24)),
            late: flags & LATE != 0,
            tailed: flags & TAILED != 0,
        }
    }
}

/// What the lines of a block are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// One line feed was put after each; the text itself may have more of them.
    Events,
    /// A piece of a file or pipe, which starts at this key.
    Plain { start: LineKey, source: u16 },
}

/// Lines in memory: 32 bytes each beside the text for events, 4 for others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    kind: Kind,
    text: Vec<u8>,
    starts: Vec<u32>,
    /// As many as lines for events, otherwise none.
    rows: Vec<Row>,
    /// How long the only line really is, where no more than its beginning is here.
    whole_len: Option<u64>,
}

impl Block {
    pub fn events() -> Self {
        Self::empty(Kind::Events)
    }

    pub fn plain(start: LineKey, source: u16) -> Self {
        Self::empty(Kind::Plain { start, source })
    }

    fn empty(kind: Kind) -> Self {
        Self {
            kind,
            text: Vec::new(),
            starts: Vec::new(),
            rows: Vec::new(),
            whole_len: None,
        }
    }

    /// The beginning of one very long line.
    pub fn beginning(start: LineKey, source: u16, text: Vec<u8>, whole_len: u64) -> Self {
        let mut block = Self::plain(start, source);
        block.text = text;
        block.starts.push(0);
        block.whole_len = Some(whole_len);
        block
    }

    /// Puts an event at the end. The caller keeps the order of keys.
    pub fn push(&mut self, meta: &Meta, text: &[u8]) {
        self.starts.push(offset(self.text.len()));
        self.rows.push(Row::pack(meta));
        self.text.extend_from_slice(text);
        self.text.push(b'\n');
    }

    /// Goes on with the bytes of a file or pipe, wherever they were cut.
    pub fn append(&mut self, bytes: &[u8]) {
        let old = self.text.len();
        if !bytes.is_empty() && (old == 0 || self.text.last() == Some(&b'\n')) {
            self.starts.push(offset(old));
        }
        self.text.extend_from_slice(bytes);
        let end = self.text.len();
        let line_ends = memchr::memchr_iter(b'\n', bytes).map(|at| old + at + 1);
        self.starts
            .extend(line_ends.filter(|next| *next < end).map(offset));
    }

    /// Takes off the last line of a file or pipe if it has not ended; a block of nothing else is left as it is,
    /// and so is one of `max` bytes.
    pub fn split_open(&mut self, max: usize) -> Option<Self> {
        if !self.is_open() || self.len() < 2 || self.text.len() >= max {
            return None;
        }
        let Kind::Plain { source, .. } = self.kind else {
            return None;
        };
        let mut rest = Self::plain(self.key(self.len() - 1), source);
        let start = self.starts.pop()?;
        rest.append(&self.text[start as usize..]);
        self.text.truncate(start as usize);
        Some(rest)
    }

    pub fn len(&self) -> usize {
        self.starts.len()
    }

    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The last line of a file or pipe may still grow.
    pub fn is_open(&self) -> bool {
        self.rows.is_empty() && self.text.last().is_some_and(|last| *last != b'\n')
    }

    pub fn text(&self) -> &[u8] {
        &self.text
    }

    pub fn is_events(&self) -> bool {
        self.kind == Kind::Events
    }

    /// A line without its end; nothing where there is no such line (a file may have become shorter).
    pub fn line(&self, index: usize) -> &[u8] {
        let Some(&start) = self.starts.get(index) else {
            return b"";
        };
        let end = self
            .starts
            .get(index + 1)
            .map_or(self.text.len(), |next| *next as usize);
        let line = &self.text[start as usize..end];
        match self.kind {
            Kind::Events => line.strip_suffix(b"\n").unwrap_or(line),
            Kind::Plain { .. } => without_end(line),
        }
    }

    /// Length of a line, without its end, even if only its beginning is here.
    pub fn line_len(&self, index: usize) -> u64 {
        self.whole_len
            .unwrap_or_else(|| self.line(index).len() as u64)
    }

    pub fn start_of(&self, index: usize) -> Option<u32> {
        self.starts.get(index).copied()
    }

    /// Which line the byte at this offset belongs to.
    pub fn line_at(&self, offset: usize) -> usize {
        self.starts
            .partition_point(|start| *start as usize <= offset)
            .saturating_sub(1)
    }

    pub fn meta(&self, index: usize) -> Option<Meta> {
        self.rows.get(index).map(Row::unpack)
    }

    pub fn at_ms(&self, index: usize) -> Option<i64> {
        self.rows.get(index).map(Row::at_ms)
    }

    pub fn set_meta(&mut self, index: usize, meta: &Meta) {
        if let Some(row) = self.rows.get_mut(index) {
            *row = Row::pack(meta);
        }
    }

    pub fn source(&self, index: usize) -> u16 {
        match self.kind {
            Kind::Events => self.meta(index).map_or(0, |meta| meta.source),
            Kind::Plain { source, .. } => source,
        }
    }

    pub fn key(&self, index: usize) -> LineKey {
        match self.kind {
            Kind::Events => self.rows.get(index).map_or(LineKey::LAST, |row| {
                LineKey::new(row.at_ms(), row.seq().into())
            }),
            Kind::Plain { start, .. } => {
                let at = self
                    .starts
                    .get(index)
                    .map_or(self.text.len(), |at| *at as usize);
                LineKey::new(start.major(), start.minor() + at as i64)
            }
        }
    }

    /// The first line whose key is not smaller.
    pub fn first_from(&self, key: LineKey) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.key(middle) < key {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Bytes of memory.
    pub fn memory(&self) -> usize {
        self.text.capacity() + self.starts.capacity() * 4 + self.rows.capacity() * ROW
    }

    /// Gives back memory if much of it is not used.
    pub fn shrink(&mut self) {
        let used = self.text.len() + self.starts.len() * 4 + self.rows.len() * ROW;
        if self.memory() > used + used / 4 {
            self.text.shrink_to_fit();
            self.starts.shrink_to_fit();
            self.rows.shrink_to_fit();
        }
    }

    /// An empty block takes the memory of one that is no longer needed.
    pub fn reuse(&mut self, old: Self) {
        if self.is_empty() {
            (self.text, self.starts, self.rows) = (old.text, old.starts, old.rows);
            self.text.clear();
            self.starts.clear();
            self.rows.clear();
        }
    }

    /// As it is written to the spool.
    pub fn encode(&self, bytes: &mut Vec<u8>) {
        bytes.clear();
        bytes.reserve(4 + self.starts.len() * (4 + ROW) + self.text.len());
        bytes.extend_from_slice(&offset(self.starts.len()).to_le_bytes());
        for start in &self.starts {
            bytes.extend_from_slice(&start.to_le_bytes());
        }
        for row in &self.rows {
            bytes.extend_from_slice(&row.0);
        }
        bytes.extend_from_slice(&self.text);
    }

    /// What [`Block::encode`] wrote; `None` if it is damaged. `like` is any block of the same document's kind.
    pub fn decode(bytes: &[u8], like: BlockKind) -> Option<Self> {
        let (count, rest) = bytes.split_first_chunk::<4>()?;
        let count = u32::from_le_bytes(*count) as usize;
        let (starts, rest) = rest.split_at_checked(count.checked_mul(4)?)?;
        let rows = match like.0 {
            Kind::Events => count.checked_mul(ROW)?,
            Kind::Plain { .. } => 0,
        };
        let (rows, text) = rest.split_at_checked(rows)?;
        let starts: Vec<u32> = starts
            .as_chunks::<4>()
            .0
            .iter()
            .map(|bytes| u32::from_le_bytes(*bytes))
            .collect();
        if !starts.is_sorted() || starts.last().is_some_and(|s| *s as usize > text.len()) {
            return None;
        }
        Some(Self {
            kind: like.0,
            text: text.to_vec(),
            starts,
            rows: rows.as_chunks::<ROW>().0.iter().copied().map(Row).collect(),
            whole_len: None,
        })
    }

    /// What has to be remembered to decode it.
    pub fn kind(&self) -> BlockKind {
        BlockKind(self.kind)
    }
}

/// What a spooled block was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockKind(Kind);

/// Blocks are cut long before they have 4 GiB.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// A line of a file without `\n` or `\r\n`.
pub fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn meta(at_ms: i64) -> Meta {
        Meta {
            at_ms,
            seq: -3,
            id: Some(u64::MAX),
            ingested_ms: Some(at_ms + 5),
            source: 513,
            late: true,
            tailed: false,
        }
    }

    #[test]
    fn an_event_keeps_what_is_known_of_it() {
        let mut block = Block::events();
        let never = Meta {
            ingested_ms: None,
            id: None,
            tailed: true,
            ..meta(i64::MIN)
        };
        block.push(&meta(17), b"two\nlines");
        block.push(&never, b"");
        assert_eq!(block.meta(0), Some(meta(17)));
        assert_eq!(block.meta(1), Some(never));
        assert_eq!(block.line(0), b"two\nlines");
        assert_eq!(block.line(1), b"");
        assert_eq!(block.line(2), b"");
        let mut spooled = Vec::new();
        block.encode(&mut spooled);
        assert_eq!(Block::decode(&spooled, block.kind()), Some(block.clone()));
        assert_eq!(Block::decode(&spooled[..9], block.kind()), None);
    }

    proptest! {
        #[test]
        fn any_split_of_bytes_gives_the_same_lines(
            text in proptest::collection::vec(prop_oneof![Just(b'\n'), Just(b'\r'), any::<u8>()], 0..80),
            cuts in proptest::collection::vec(0_usize..80, 0..6),
        ) {
            let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(text.len())).collect();
            cuts.sort_unstable();
            cuts.push(text.len());
            let mut block = Block::plain(LineKey::new(1, 100), 0);
            let mut from = 0;
            for cut in cuts {
                block.append(&text[from..cut]);
                from = cut;
            }
            let expected: Vec<&[u8]> = text.split_inclusive(|b| *b == b'\n').map(without_end).collect();
            let lines: Vec<&[u8]> = (0..block.len()).map(|i| block.line(i)).collect();
            prop_assert_eq!(lines, expected);
            for i in 0..block.len() {
                prop_assert_eq!(block.first_from(block.key(i)), i);
                prop_assert_eq!(block.line_at(block.start_of(i).unwrap() as usize), i);
            }
            let mut spooled = Vec::new();
            block.encode(&mut spooled);
            prop_assert_eq!(Block::decode(&spooled, block.kind()), Some(block));
        }
    }
}
