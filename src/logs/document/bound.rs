//! What does not fit in memory goes to disk, and what does not fit there is given up.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::logs::segment::{Content, Segment};
use crate::logs::spool::Spool;
use crate::logs::told::Trouble;

use super::Document;

/// How much may be held where.
#[derive(Debug)]
pub struct Bound {
    /// Bytes of text and index in memory; the newest segment is held in any case.
    pub max_hot_bytes: usize,
    /// Where older lines go; `None` gives them up.
    pub folder: Option<PathBuf>,
    spool: Option<Arc<Spool>>,
    /// Used again for each block that is written.
    buffer: Vec<u8>,
    told: bool,
}

impl Bound {
    pub fn new(max_hot_bytes: usize, folder: Option<PathBuf>) -> Self {
        Self {
            max_hot_bytes,
            folder,
            spool: None,
            buffer: Vec::new(),
            told: false,
        }
    }

    fn spool(&mut self) -> io::Result<Arc<Spool>> {
        if let Some(spool) = &self.spool {
            return Ok(Arc::clone(spool));
        }
        let folder = self
            .folder
            .as_deref()
            .ok_or_else(|| io::Error::other("no folder for older lines"))?;
        let spool = Arc::new(Spool::create(folder)?);
        self.spool = Some(Arc::clone(&spool));
        Ok(spool)
    }
}

pub(super) fn keep(document: &mut Document) {
    // Segments before this one are not in memory.
    let mut oldest = 0;
    while document.hot_bytes > document.bound.max_hot_bytes {
        let sealed = document.segments.len().saturating_sub(1);
        let hot = |segment: &Arc<Segment>| matches!(segment.content, Content::Hot(_));
        let Some(at) = document.segments[..sealed]
            .iter()
            .skip(oldest)
            .position(hot)
            .map(|at| oldest + at)
        else {
            return;
        };
        match spooled(document, at) {
            Ok(segment) => {
                let hot = document.splice(at..at + 1, vec![segment]);
                document.recycle(hot);
                oldest = at;
            }
            Err(error) => {
                give_up_oldest(document, &error);
                oldest = 0;
            }
        }
    }
}

fn spooled(document: &mut Document, at: usize) -> io::Result<Segment> {
    let spool = document.bound.spool()?;
    let segment = &document.segments[at];
    let block = segment.load()?;
    let buffer = &mut document.bound.buffer;
    block.encode(buffer);
    let content = Content::Spooled {
        extent: Arc::new(spool.write(buffer)?),
        kind: block.kind(),
    };
    let mut segment = Segment::clone(segment);
    segment.content = content;
    Ok(segment)
}

/// If lines on disk go first, their room there is free for younger ones.
fn give_up_oldest(document: &mut Document, error: &io::Error) {
    let oldest = Arc::clone(&document.segments[0]);
    document.dropped += u64::from(oldest.lines);
    document.dropped_to = Some(oldest.last);
    drop(oldest);
    let gone = document.splice(0..1, Vec::new());
    document.recycle(gone);
    if !document.bound.told {
        document.bound.told = true;
        document.trouble(Trouble {
            what: format!("the oldest lines are given up: {error}"),
            hint: Some("free space in the cache folder, or raise the bound".into()),
        });
    }
}
