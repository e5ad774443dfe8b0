//! What comes through a pipe: read by a thread of its own, kept like events, bounded like them.

use std::io::Read;
use std::sync::mpsc::{Receiver, Sender, channel};

use super::block::Block;
use super::document::Document;
use super::key::LineKey;
use super::segment::{Content, SEGMENT_BYTES, Segment};

/// Buffers on their way. When all are full the writer of the pipe has to wait.
const BUFFERS: usize = 8;
const BUFFER_BYTES: usize = 256 << 10;
/// A longer line is cut here.
const LONGEST_LINE: usize = 16 << 20;

/// What the reading thread brings.
#[derive(Debug)]
pub enum Piped {
    /// To be given back when it has been read.
    Bytes(Vec<u8>),
    End,
    Failed(std::io::Error),
}

/// Reads to the end, on the thread that calls it. `bring` answers false when nobody wants more.
pub fn read(mut from: impl Read, empty: &Receiver<Vec<u8>>, mut bring: impl FnMut(Piped) -> bool) {
    while let Ok(mut buffer) = empty.recv() {
        buffer.resize(BUFFER_BYTES, 0);
        let read = loop {
            match from.read(&mut buffer) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        match read {
            Ok(0) => {
                bring(Piped::End);
                return;
            }
            Ok(n) => {
                buffer.truncate(n);
                if !bring(Piped::Bytes(buffer)) {
                    return;
                }
            }
            Err(error) => {
                bring(Piped::Failed(error));
                return;
            }
        }
    }
}

/// The buffers a pipe is read with: where empty ones are given back, and where they are taken from.
pub fn buffers() -> (Sender<Vec<u8>>, Receiver<Vec<u8>>) {
    let (give, take) = channel();
    for _ in 0..BUFFERS {
        // The other end is held below.
        let _ = give.send(Vec::new());
    }
    (give, take)
}

/// Puts the bytes of a pipe into a document.
#[derive(Debug)]
pub struct Intake {
    source: u16,
    /// Bytes so far.
    offset: i64,
}

impl Intake {
    pub fn new(document: &mut Document) -> Self {
        let source = document.add_source(super::told::Source::default());
        Self { source, offset: 0 }
    }

    pub fn extend(&mut self, document: &mut Document, bytes: &[u8]) {
        let (id, edits, mut block) = self.open_tail(document);
        block.append(bytes);
        self.offset += bytes.len() as i64;
        let mut segments = Vec::new();
        if block.text().len() < SEGMENT_BYTES {
            segments.push(Segment::hot(id, edits, block));
        } else {
            // A sealed segment ends with a line; what is begun goes on in the next one.
            let rest = block.split_open(LONGEST_LINE);
            block.shrink();
            segments.push(Segment::hot(id, edits, block));
            if let Some(rest) = rest {
                segments.push(Segment::hot(document.next_id(), 0, rest));
            }
        }
        let end = document.segments().len();
        document.splice(end..end, segments);
        document.keep_bound();
    }

    fn open_tail(&self, document: &mut Document) -> (u64, u32, Block) {
        let may_grow = document.segments().last().is_some_and(|tail| {
            let is_hot = matches!(tail.content, Content::Hot(_));
            let cut = tail.bytes >= LONGEST_LINE as u64;
            is_hot && !cut && (tail.open || tail.bytes < SEGMENT_BYTES as u64)
        });
        if may_grow
            && let Some(tail) = document.take_last()
            && let Content::Hot(block) = tail.content
        {
            return (tail.id, tail.edits, std::sync::Arc::unwrap_or_clone(block));
        }
        let start = LineKey::new(0, self.offset);
        let block = document.with_spare(Block::plain(start, self.source));
        (document.next_id(), 0, block)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::logs::block::without_end;
    use crate::logs::document::Bound;

    /// Gives what it has in reads of these sizes.
    struct Chopped(Vec<u8>, Vec<usize>);

    impl Read for Chopped {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let want = self.1.pop().unwrap_or(usize::MAX).max(1);
            let len = want.min(buffer.len()).min(self.0.len());
            buffer[..len].copy_from_slice(&self.0[..len]);
            self.0.drain(..len);
            Ok(len)
        }
    }

    fn lines(document: &mut Document) -> Vec<Vec<u8>> {
        let mut lines = Vec::new();
        for segment in 0..document.segments().len() {
            let block = document.block(segment);
            lines.extend((0..block.len()).map(|line| block.line(line).to_vec()));
        }
        lines
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn however_it_is_chopped_the_lines_are_the_same(
            len in prop_oneof![0_usize..200, 1_000_000_usize..3_000_000],
            every in 1_usize..100_000,
            sizes in proptest::collection::vec(1_usize..300_000, 0..8),
            small in any::<bool>(),
        ) {
            let mut text = vec![b'x'; len];
            for at in (0..len).step_by(every) {
                text[at] = b'\n';
            }
            let folder = tempfile::tempdir().unwrap();
            let bound = if small { 0 } else { 64 << 20 };
            let mut document = Document::new(Bound::new(bound, Some(folder.path().into())));
            let mut intake = Intake::new(&mut document);
            let (give, take) = buffers();
            let mut ended = false;
            read(Chopped(text.clone(), sizes), &take, |piped| {
                match piped {
                    Piped::Bytes(bytes) => {
                        intake.extend(&mut document, &bytes);
                        give.send(bytes).unwrap();
                    }
                    Piped::End => ended = true,
                    Piped::Failed(error) => panic!("{error}"),
                }
                true
            });
            prop_assert!(ended);
            let expected: Vec<_> = text.split_inclusive(|b| *b == b'\n').map(|l| without_end(l).to_vec()).collect();
            prop_assert_eq!(document.lines() as usize, expected.len());
            prop_assert!(lines(&mut document) == expected);
            prop_assert!(!small || document.hot_bytes() < 2 << 20 || every > 50_000);
        }
    }

    #[test]
    fn a_line_without_end_is_cut_at_some_point() {
        let mut document = Document::new(Bound::new(0, None));
        let mut intake = Intake::new(&mut document);
        for _ in 0..17 {
            intake.extend(&mut document, &vec![b'x'; 1 << 20]);
        }
        assert_eq!(document.dropped(), 1);
        assert_eq!((document.lines(), document.bytes()), (1, 1 << 20));
    }
}
