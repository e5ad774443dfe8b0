//! Lines that pass a condition, written in order while they are read: on all cores, with a bounded amount in memory.

pub mod stretches;
#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use super::condition::Test;
use super::key::LineKey;
use super::scan;
use super::segment::{Flat, Segment, Text};
use super::told::Source;
use super::visit::{Format, Visited};
use stretches::lines;

/// Pieces that wait for each worker, and pieces of output that wait for the writer.
const WAITING: usize = 2;

/// A piece of what is to be sifted.
#[derive(Debug)]
pub enum Piece {
    /// Whole lines, all from one source; the memory is used again.
    Text {
        bytes: Vec<u8>,
        source: u16,
    },
    Segment(Arc<Segment>),
}

/// What passes, and how it is written.
#[derive(Clone, Debug)]
pub struct Sift {
    /// `None` lets every line pass.
    pub test: Option<Test>,
    pub format: Arc<dyn Format>,
    pub sources: Arc<Vec<Source>>,
    /// 0 takes as many as there are cores.
    pub threads: usize,
}

/// Memory of pieces that have been sifted.
#[derive(Debug)]
pub struct Spare(Receiver<Vec<u8>>);

impl Spare {
    pub fn take(&self) -> Vec<u8> {
        self.0.try_recv().unwrap_or_default()
    }
}

/// What a worker makes of a piece.
type Sifted = io::Result<Vec<u8>>;

impl Sift {
    /// Writes at most `limit` lines. `supply` runs on a thread of its own, which is left alone when `out` fails or
    /// the limit is reached: it may be waiting for a pipe.
    ///
    /// # Errors
    /// Those of `out`, and those of `supply` after everything before has been written.
    pub fn run<S>(&self, supply: S, mut limit: usize, out: &mut dyn Write) -> io::Result<()>
    where
        S: FnOnce(&Spare, &mut dyn FnMut(Piece) -> bool) -> io::Result<()> + Send + 'static,
    {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = if self.threads == 0 {
            cores
        } else {
            self.threads
        };
        let (give, spare) = channel();
        let mut workers = Vec::with_capacity(threads);
        let mut results = Vec::with_capacity(threads);
        for _ in 0..threads {
            let (worker, pieces) = sync_channel(WAITING);
            let (result, sifted) = sync_channel(WAITING);
            let (sift, give) = (self.clone(), give.clone());
            thread::spawn(move || sift.work(&pieces, &result, &give));
            workers.push(worker);
            results.push(sifted);
        }
        let supplier = thread::spawn(move || {
            // In turn: so the answers are read in turn, too.
            let mut turn = (0..workers.len()).cycle();
            supply(&Spare(spare), &mut |piece| {
                let worker = turn.next().and_then(|at| workers.get(at));
                worker.is_some_and(|worker| worker.send(piece).is_ok())
            })
        });
        for at in (0..threads).cycle() {
            // Nothing came after the last piece.
            let Ok(sifted) = results[at].recv() else {
                break;
            };
            let sifted = sifted?;
            if sifted.is_empty() {
                continue;
            }
            let (lines, bytes) = first_lines(&sifted, limit);
            out.write_all(bytes)?;
            out.flush()?;
            limit = limit.saturating_sub(lines);
            if limit == 0 {
                return Ok(());
            }
        }
        match supplier.join() {
            Ok(supplied) => supplied,
            Err(_) => Err(io::Error::other("the lines could not be read")),
        }
    }

    fn work(&self, pieces: &Receiver<Piece>, result: &SyncSender<Sifted>, give: &Sender<Vec<u8>>) {
        let mut hits = Vec::new();
        let mut buffer = Vec::new();
        while let Ok(piece) = pieces.recv() {
            let sifted = match piece {
                Piece::Text { bytes, source } => {
                    let sifted = self.text(&bytes, source, &mut hits);
                    // The supplier may have ended.
                    let _ = give.send(bytes);
                    Ok(sifted)
                }
                Piece::Segment(segment) => self.segment(&segment, &mut buffer, &mut hits),
            };
            if result.send(sifted).is_err() {
                return;
            }
        }
    }

    fn text(&self, bytes: &[u8], source: u16, hits: &mut Vec<u32>) -> Vec<u8> {
        let mut out = Vec::new();
        let from = self.sources.get(usize::from(source));
        let mut write = |line: &[u8]| {
            let line = scan::line_ref(line, None, from);
            self.format.line(&visited(line), &mut out);
        };
        let Some(test) = &self.test else {
            for line in lines(bytes) {
                write(line);
            }
            return out;
        };
        let text = Text::Flat(Flat::Plain { bytes, source });
        scan::passing(&**test, text, &self.sources, (0, u32::MAX), hits);
        let mut all = lines(bytes);
        let mut next = 0;
        for hit in hits {
            if let Some(line) = all.nth((*hit - next) as usize) {
                write(line);
            }
            next = *hit + 1;
        }
        out
    }

    fn segment(&self, segment: &Segment, buffer: &mut Vec<u8>, hits: &mut Vec<u32>) -> Sifted {
        match &self.test {
            Some(test) => segment.with_text(buffer, |text| {
                let range = (0, segment.lines);
                scan::passing(&**test, text, &self.sources, range, hits);
            })?,
            None => {
                hits.clear();
                hits.extend(0..segment.lines);
            }
        }
        let mut out = Vec::new();
        if hits.is_empty() {
            return Ok(out);
        }
        let block = segment.load_whole()?;
        for hit in hits {
            let line = *hit as usize;
            let source = self.sources.get(usize::from(block.source(line)));
            let line = scan::line_ref(block.line(line), block.at_ms(line), source);
            self.format.line(&visited(line), &mut out);
        }
        Ok(out)
    }
}

fn visited(line: super::line::LineRef<'_>) -> Visited<'_> {
    Visited {
        line,
        key: LineKey::FIRST,
        number: 0,
        open: false,
        ingested_ms: None,
    }
}

/// So many lines at most, and how many they are.
fn first_lines(text: &[u8], most: usize) -> (usize, &[u8]) {
    if most == usize::MAX {
        return (0, text);
    }
    let mut lines = 0;
    for end in memchr::memchr_iter(b'\n', text) {
        lines += 1;
        if lines == most {
            return (lines, &text[..=end]);
        }
    }
    (lines, text)
}
