//! Going through lines in order, on a thread of its own: exports, copies, visits.

use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread;

use crate::logs::ask::{Ask, Generation, Range};
use crate::logs::condition::{Chain, Way};
use crate::logs::document::Document;
use crate::logs::line_set::LineSet;
use crate::logs::scan;
use crate::logs::segment::{Segment, Text};
use crate::logs::told::{Source, Told, Trouble};
use crate::logs::view::View;
use crate::logs::visit::{Format, Visited};

use super::mail::Mail;

/// The lines as they were when the visit was asked for.
#[derive(Debug)]
pub(super) struct Tour {
    stops: Vec<Stop>,
    range: Range,
    chain: Chain,
    sources: Arc<Vec<Source>>,
}

#[derive(Debug)]
struct Stop {
    segment: Arc<Segment>,
    /// Number of its first line.
    start: u64,
    /// Visible lines, where they are known already.
    shown: Option<Arc<LineSet>>,
}

impl Tour {
    pub fn new(document: &Document, view: &View, range: Range) -> Self {
        let first = document.segment_from(range.first);
        let stops = document.segments().iter().enumerate().skip(first);
        let stops = stops
            .take_while(|(_, segment)| segment.first <= range.last)
            .map(|(at, segment)| Stop {
                segment: Arc::clone(segment),
                start: document.start_of(at),
                shown: view.is_decided_at(at).then(|| view.shown_of(at)).flatten(),
            })
            .collect();
        Self {
            stops,
            range,
            chain: view.chain().clone(),
            sources: Arc::clone(document.sources()),
        }
    }

    /// Shows each line until one is answered with `Break`, or `stop` is set. Answers whether all were shown.
    fn go(
        &self,
        stop: &AtomicBool,
        mut see: impl FnMut(&Visited<'_>) -> io::Result<ControlFlow<()>>,
    ) -> io::Result<bool> {
        for Stop {
            segment,
            start,
            shown,
        } in &self.stops
        {
            let block = segment.load_whole()?;
            let shown = match shown {
                Some(shown) => Some(Arc::clone(shown)),
                None if self.range.visible => self.shown(segment, Text::block(&block)),
                None => None,
            };
            let first = block.first_from(self.range.first);
            for line in first..block.len() {
                let key = block.key(line);
                if key > self.range.last {
                    break;
                }
                let number = u32::try_from(line).unwrap_or(u32::MAX);
                let hidden = shown.as_ref().is_some_and(|shown| !shown.contains(number));
                if self.range.visible && hidden {
                    continue;
                }
                if stop.load(Ordering::Relaxed) {
                    return Ok(false);
                }
                let source = self.sources.get(usize::from(block.source(line)));
                let visited = Visited {
                    line: scan::line_ref(block.line(line), block.at_ms(line), source),
                    key,
                    number: start + u64::from(number),
                    open: number >= segment.settled_lines(),
                    ingested_ms: block.meta(line).and_then(|meta| meta.ingested_ms),
                };
                if see(&visited)?.is_break() {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn shown(&self, segment: &Segment, text: Text<'_>) -> Option<Arc<LineSet>> {
        let mut shown: Option<LineSet> = None;
        let mut hits = Vec::new();
        for step in self.chain.active() {
            let lines = (0, segment.lines);
            scan::passing(&*step.test, text, &self.sources, lines, &mut hits);
            let set = LineSet::from_sorted(&hits, segment.lines);
            let before = shown.unwrap_or_else(|| LineSet::all(segment.lines));
            shown = Some(before.narrowed(&set, step.way == Way::Keep));
        }
        shown.map(Arc::new)
    }
}

/// A visit that is running; it ends when dropped.
#[derive(Debug)]
pub(super) struct Visiting {
    pub generation: Generation,
    stop: Arc<AtomicBool>,
}

impl Drop for Visiting {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// Generation and range of an ask for a visit.
pub(super) fn wanted(ask: &Ask) -> Option<(Generation, Range)> {
    match ask {
        Ask::Export {
            generation, range, ..
        }
        | Ask::Copy {
            generation, range, ..
        }
        | Ask::Visit {
            generation, range, ..
        } => Some((*generation, *range)),
        _ => None,
    }
}

impl Visiting {
    /// What came of it is told by mail.
    pub fn start(ask: Ask, generation: Generation, tour: Tour, mail: &Sender<Mail>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, mail) = (Arc::clone(&stop), mail.clone());
        thread::spawn(move || {
            for told in perform(ask, &tour, &stopped) {
                // The reader may be gone.
                let _ = mail.send(Mail::Visited(generation, told));
            }
        });
        Self { generation, stop }
    }
}

fn perform(ask: Ask, tour: &Tour, stop: &AtomicBool) -> Vec<Told> {
    match ask {
        Ask::Export {
            generation,
            format,
            to,
            ..
        } => vec![match export(tour, &*format, &to, stop) {
            Ok((lines, bytes)) => Told::Exported {
                generation,
                lines,
                bytes,
                to,
            },
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Told::Trouble(Trouble {
                what: format!("{} is there already and was left as it is", to.display()),
                hint: Some("choose another name".to_owned()),
            }),
            Err(error) => Told::Trouble(Trouble {
                what: format!("{} was not written: {error}", to.display()),
                hint: None,
            }),
        }],
        Ask::Copy {
            generation,
            format,
            max_bytes,
            ..
        } => {
            let mut text = Vec::new();
            let copied = copy(tour, &*format, max_bytes, stop, &mut text);
            vec![match copied {
                Ok((lines, whole)) => Told::Copied {
                    generation,
                    lines,
                    text: String::from_utf8_lossy(&text).into_owned(),
                    whole,
                },
                Err(error) => unreadable(&error),
            }]
        }
        Ask::Visit {
            generation,
            visitor,
            ..
        } => {
            let mut lines = 0;
            let seen = tour.go(stop, |line| {
                lines += 1;
                Ok(visitor.see(line))
            });
            let (whole, trouble) = match seen {
                Ok(whole) => (whole, None),
                Err(error) => (false, Some(unreadable(&error))),
            };
            let visited = Told::Visited {
                generation,
                lines,
                whole,
            };
            // Whoever sent the visitor waits for its return.
            [Some(visited), trouble].into_iter().flatten().collect()
        }
        _ => Vec::new(),
    }
}

fn unreadable(error: &io::Error) -> Told {
    Told::Trouble(Trouble {
        what: format!("some lines cannot be read: {error}"),
        hint: None,
    })
}

/// Into a file that appears when it is complete, readable by its owner only, never in the place of another.
fn export(
    tour: &Tour,
    format: &dyn Format,
    to: &Path,
    stop: &AtomicBool,
) -> io::Result<(u64, u64)> {
    let folder = match to.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if to.try_exists()? {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let file = tempfile::NamedTempFile::new_in(folder)?;
    let mut out = BufWriter::new(file);
    let (mut lines, mut bytes) = (0, 0);
    let mut piece = Vec::new();
    format.head(&mut piece);
    let whole = tour.go(stop, |line| {
        format.line(line, &mut piece);
        lines += 1;
        bytes += piece.len() as u64;
        out.write_all(&piece)?;
        piece.clear();
        Ok(ControlFlow::Continue(()))
    })?;
    if !whole {
        return Err(io::Error::other("stopped"));
    }
    format.foot(&mut piece);
    bytes += piece.len() as u64;
    out.write_all(&piece)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.persist_noclobber(to)
        .map_err(|persist| persist.error)?;
    Ok((lines, bytes))
}

fn copy(
    tour: &Tour,
    format: &dyn Format,
    max_bytes: usize,
    stop: &AtomicBool,
    text: &mut Vec<u8>,
) -> io::Result<(u64, bool)> {
    let mut foot = Vec::new();
    format.foot(&mut foot);
    format.head(text);
    let mut lines = 0;
    let whole = tour.go(stop, |line| {
        let before = text.len();
        format.line(line, text);
        if text.len() + foot.len() > max_bytes {
            text.truncate(before);
            return Ok(ControlFlow::Break(()));
        }
        lines += 1;
        Ok(ControlFlow::Continue(()))
    })?;
    text.extend_from_slice(&foot);
    Ok((lines, whole))
}
