//! A piece of a document, about a mebibyte: what is always known of it, and where its text is.

use std::fs::File;
use std::io;
use std::sync::Arc;

use super::block::{Block, BlockKind};
use super::key::LineKey;
use super::merge::slice::{Slice, Woven};
use super::positioned;
use super::spool::Extent;

/// Text of a segment; a longer line makes a longer one.
pub const SEGMENT_BYTES: usize = 1 << 20;
/// Of a longer line only this beginning is shown.
pub const SHOWN_BYTES: usize = 64 << 10;
/// Of a longer line only this beginning is searched.
pub const SEARCHED_BYTES: u64 = 128 << 20;

/// One life of a file: from its opening to its truncation or rotation.
#[derive(Debug)]
pub struct FilePart {
    pub file: File,
    /// One alone in a document: first half of the keys of its lines. One of several: their order at the same time.
    pub major: i64,
    pub source: u16,
}

#[derive(Clone, Debug)]
pub enum Content {
    Hot(Arc<Block>),
    Spooled {
        extent: Arc<Extent>,
        kind: BlockKind,
    },
    File {
        part: Arc<FilePart>,
        offset: u64,
    },
    /// Of several files.
    Merged(Arc<Slice>),
}

/// Never empty. Who holds one may read it while the document goes on.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Given once.
    pub id: u64,
    /// Counts changes to lines it already had. Lines put at its end do not count: `lines` tells of them.
    pub edits: u32,
    pub lines: u32,
    /// The last line is not ended and may grow.
    pub open: bool,
    /// Of text, line ends included.
    pub bytes: u64,
    pub first: LineKey,
    pub last: LineKey,
    /// Of events: the times of the first and the last.
    pub times: Option<(i64, i64)>,
    pub content: Content,
}

/// The text of a segment to be searched.
#[derive(Clone, Copy, Debug)]
pub enum Text<'a> {
    Flat(Flat<'a>),
    /// Lines of several files.
    Woven(Woven<'a>),
}

/// Lines one behind the other.
#[derive(Clone, Copy, Debug)]
pub enum Flat<'a> {
    /// Lines end at line feeds.
    Plain { bytes: &'a [u8], source: u16 },
    /// Lines are where the block says.
    Block(&'a Block),
}

impl<'a> Text<'a> {
    pub fn block(block: &'a Block) -> Self {
        Self::Flat(Flat::Block(block))
    }
}

impl Segment {
    /// A segment in memory.
    pub fn hot(id: u64, edits: u32, block: Block) -> Self {
        let last = block.len().saturating_sub(1);
        Self {
            id,
            edits,
            lines: u32::try_from(block.len()).unwrap_or(u32::MAX),
            open: block.is_open(),
            bytes: block.text().len() as u64,
            first: block.key(0),
            last: block.key(last),
            times: block.at_ms(0).zip(block.at_ms(last)),
            content: Content::Hot(Arc::new(block)),
        }
    }

    /// Lines whose text will not change any more unless `edits` does.
    pub fn settled_lines(&self) -> u32 {
        self.lines - u32::from(self.open)
    }

    /// Bytes of memory for the text and what belongs to it.
    pub fn memory(&self) -> usize {
        match &self.content {
            Content::Hot(block) => block.memory(),
            Content::Spooled { .. } | Content::File { .. } | Content::Merged(_) => 0,
        }
    }

    pub fn spooled_bytes(&self) -> u64 {
        match &self.content {
            Content::Spooled { extent, .. } => extent.bytes() as u64,
            Content::Hot(_) | Content::File { .. } | Content::Merged(_) => 0,
        }
    }

    /// The lines, for showing some of them: a very long one only as far as it is shown.
    pub fn load(&self) -> io::Result<Arc<Block>> {
        match &self.content {
            Content::File { part, offset } if self.is_one_long_line() => {
                let mut buffer = Vec::new();
                positioned::read_into(&part.file, &mut buffer, *offset, SHOWN_BYTES)?;
                let len = self.bytes - u64::from(!self.open);
                let block = Block::beginning(self.first, part.source, buffer, len);
                Ok(Arc::new(block))
            }
            Content::Merged(slice) => slice.block(false).map(Arc::new),
            _ => self.load_whole(),
        }
    }

    /// The lines as they are, for taking them away.
    pub fn load_whole(&self) -> io::Result<Arc<Block>> {
        let mut buffer = Vec::new();
        match &self.content {
            Content::Hot(block) => Ok(Arc::clone(block)),
            Content::Spooled { extent, kind } => {
                extent.read(&mut buffer)?;
                decode(&buffer, *kind).map(Arc::new)
            }
            Content::File { part, offset } => {
                positioned::read_into(&part.file, &mut buffer, *offset, self.len_to_read())?;
                let mut block = Block::plain(self.first, part.source);
                block.append(&buffer);
                Ok(Arc::new(block))
            }
            Content::Merged(slice) => slice.block(true).map(Arc::new),
        }
    }

    /// Shows the text to a searcher; `buffer` is used again and again.
    pub fn with_text<R>(
        &self,
        buffer: &mut Vec<u8>,
        search: impl FnOnce(Text<'_>) -> R,
    ) -> io::Result<R> {
        match &self.content {
            Content::Hot(block) => Ok(search(Text::block(block))),
            Content::Spooled { extent, kind } => {
                extent.read(buffer)?;
                let block = decode(buffer, *kind)?;
                Ok(search(Text::block(&block)))
            }
            Content::File { part, offset } => {
                positioned::read_into(&part.file, buffer, *offset, self.len_to_read())?;
                Ok(search(Text::Flat(Flat::Plain {
                    bytes: buffer,
                    source: part.source,
                })))
            }
            Content::Merged(slice) => slice.with_text(buffer, |woven| search(Text::Woven(woven))),
        }
    }

    fn is_one_long_line(&self) -> bool {
        self.lines == 1 && self.bytes > 2 * SHOWN_BYTES as u64
    }

    fn len_to_read(&self) -> usize {
        usize::try_from(self.bytes.min(SEARCHED_BYTES)).unwrap_or(usize::MAX)
    }
}

fn decode(bytes: &[u8], kind: BlockKind) -> io::Result<Block> {
    Block::decode(bytes, kind)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "the spool file is damaged"))
}
