//! Some thousand lines in memory: their text in one piece, and a few bytes about each.

mod row;
#[cfg(test)]
mod tests;

use super::key::LineKey;
use row::{ROW, Row};

pub use row::Meta;

/// What the lines of a block are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// One line feed was put after each; the text itself may have more of them.
    Events,
    /// A piece of a file or pipe, which starts at this key.
    Plain { start: LineKey, source: u16 },
    /// Lines of several files in the order of time; each is ended by a line feed, whether it had one or not.
    Merged,
}

/// Where a line of one of several files stands among all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    pub key: LineKey,
    pub source: u16,
    /// Came after lines that stand behind it.
    pub late: bool,
    /// Bytes of the whole line, without its end.
    pub len: u64,
}

/// Lines in memory: 32 bytes each beside the text for events, 4 for others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    kind: Kind,
    text: Vec<u8>,
    starts: Vec<u32>,
    /// As many as lines for events, otherwise none.
    rows: Vec<Row>,
    /// As many as lines for lines of several files, otherwise none.
    spots: Vec<Spot>,
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

    pub fn merged() -> Self {
        Self::empty(Kind::Merged)
    }

    fn empty(kind: Kind) -> Self {
        Self {
            kind,
            text: Vec::new(),
            starts: Vec::new(),
            rows: Vec::new(),
            spots: Vec::new(),
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

    /// Puts a line of one of several files at the end. The caller keeps the order of keys.
    pub fn push_merged(&mut self, spot: Spot, line: &[u8]) {
        self.starts.push(offset(self.text.len()));
        self.spots.push(spot);
        self.text.extend_from_slice(line);
        if line.last() != Some(&b'\n') {
            self.text.push(b'\n');
        }
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
            Kind::Plain { .. } | Kind::Merged => without_end(line),
        }
    }

    /// Length of a line, without its end, even if only its beginning is here.
    pub fn line_len(&self, index: usize) -> u64 {
        let merged = self.spots.get(index).map(|spot| spot.len);
        self.whole_len
            .or(merged)
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

    /// It came later than lines that stand behind it.
    pub fn is_late(&self, index: usize) -> bool {
        match self.kind {
            Kind::Events => self.meta(index).is_some_and(|meta| meta.late),
            Kind::Plain { .. } => false,
            Kind::Merged => self.spots.get(index).is_some_and(|spot| spot.late),
        }
    }

    pub fn source(&self, index: usize) -> u16 {
        match self.kind {
            Kind::Merged => self.spots.get(index).map_or(0, |spot| spot.source),
            Kind::Events => self.meta(index).map_or(0, |meta| meta.source),
            Kind::Plain { source, .. } => source,
        }
    }

    pub fn key(&self, index: usize) -> LineKey {
        match self.kind {
            Kind::Merged => self.spots.get(index).map_or(LineKey::LAST, |spot| spot.key),
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
            Kind::Plain { .. } | Kind::Merged => 0,
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
            spots: Vec::new(),
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
