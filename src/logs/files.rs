//! Files as documents: indexed at once, followed while they grow, and known again when they are cut or replaced.

pub mod index;
#[cfg(test)]
mod tests;
pub mod watch;

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use super::ask::Gap;
use super::block::Block;
use super::document::Document;
use super::key::LineKey;
use super::positioned;
use super::segment::{FilePart, SEGMENT_BYTES, Segment};
use super::told::{Source, Trouble};
use index::{Assembly, Chunk, Job};

/// The beginning of a file, to know it again.
const HEAD_BYTES: usize = 256;
/// Read from the end of a file whose lines are not all known.
const TAIL_BYTES: u64 = 256 << 10;

/// Why a file cannot be read.
#[derive(Debug, Error)]
pub enum OpenError {
    #[error("{} is a folder", .0.display())]
    Folder(PathBuf),
    #[error("{} is no file: read it through a pipe", .0.display())]
    NoFile(PathBuf),
    #[error("{}: {error}", .path.display())]
    Io { path: PathBuf, error: io::Error },
}

/// One after another in one document, in the order given.
#[derive(Debug)]
pub struct Files {
    files: Vec<Followed>,
    assembly: Option<Assembly>,
}

#[derive(Debug)]
struct Followed {
    path: PathBuf,
    /// Counts truncations and rotations.
    life: i64,
    part: Arc<FilePart>,
    head: Vec<u8>,
    /// Indexed so far, or being indexed.
    known: u64,
    /// To be indexed.
    len: u64,
}

impl Files {
    pub fn open(paths: &[PathBuf], document: &mut Document) -> Result<Self, OpenError> {
        let mut files = Vec::with_capacity(paths.len());
        for (index, path) in paths.iter().enumerate() {
            let (file, metadata) = open(path)?;
            let source = document.add_source(Source {
                group: Arc::from(path.to_string_lossy()),
                stream: Arc::default(),
            });
            let mut followed = Followed {
                path: path.clone(),
                life: 0,
                part: Arc::new(FilePart {
                    file,
                    major: (index as i64) << 32,
                    source,
                }),
                head: Vec::new(),
                known: 0,
                len: metadata.len(),
            };
            followed.read_head();
            files.push(followed);
        }
        Ok(Self {
            files,
            assembly: None,
        })
    }

    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|file| file.path.as_path())
    }

    /// Bytes whose lines are not known yet.
    pub fn unread(&self) -> u64 {
        let waiting: u64 = self.files.iter().map(|file| file.len - file.known).sum();
        waiting + self.assembly.as_ref().map_or(0, Assembly::unread)
    }

    /// The next stretch to be indexed, when the last one is done.
    pub fn next_job(&mut self, document: &Document) -> Option<Job> {
        if self.assembly.is_some() {
            return None;
        }
        let (index, file) = self
            .files
            .iter_mut()
            .enumerate()
            .find(|(_, file)| file.len > file.known)?;
        let start = match tail_of(document, file.part.major) {
            // A short or unfinished segment goes on growing.
            Some((_, tail)) if tail.open || tail.bytes < SEGMENT_BYTES as u64 => {
                u64::try_from(tail.first.minor()).unwrap_or(0)
            }
            _ => file.known,
        };
        file.known = file.len;
        let job = Job {
            file: index,
            part: Arc::clone(&file.part),
            range: start..file.len,
        };
        self.assembly = Some(Assembly::new(job.clone()));
        Some(job)
    }

    /// Takes what one chunk of the running job brought. False if the chunk belongs to a job that is no more.
    pub fn take(&mut self, document: &mut Document, part: &Arc<FilePart>, chunk: Chunk) -> bool {
        let Some(assembly) = &mut self.assembly else {
            return false;
        };
        if !Arc::ptr_eq(&assembly.job().part, part) {
            return false;
        }
        let segments = assembly.take(chunk, &mut || document.next_id());
        if assembly.is_done() {
            self.assembly = None;
        }
        put(document, part.major, segments);
        true
    }

    /// Looks whether files became longer, shorter, or other ones.
    pub fn check(&mut self, document: &mut Document) {
        for index in 0..self.files.len() {
            self.check_one(index, document);
        }
    }

    fn check_one(&mut self, index: usize, document: &mut Document) {
        let file = &mut self.files[index];
        let Ok(metadata) = file.part.file.metadata() else {
            return;
        };
        if metadata.len() < file.known || !file.has_same_head() {
            let why = format!(
                "{} was truncated: earlier lines are gone",
                file.path.display()
            );
            file.life += 1;
            let Ok(handle) = file.part.file.try_clone() else {
                return;
            };
            let old = file.begin_again(handle, metadata.len());
            if self
                .assembly
                .as_ref()
                .is_some_and(|a| a.job().part.major == old)
            {
                self.assembly = None;
            }
            let gone = segments_of(document, old);
            document.splice(gone, Vec::new());
            document.add_gap(Gap {
                after: LineKey::new(old, i64::MAX),
                why,
            });
            return;
        }
        file.len = metadata.len();
        // What was written before the rotation is read to its end first.
        let busy = self
            .assembly
            .as_ref()
            .is_some_and(|a| a.job().file == index);
        let file = &mut self.files[index];
        if file.len > file.known || busy {
            return;
        }
        let Ok((handle, new)) = open(&file.path) else {
            // Moved away; the new one is not there yet.
            return;
        };
        if is_same(&metadata, &new) {
            return;
        }
        file.life += 1;
        let why = format!("{} was replaced by a new file", file.path.display());
        let old = file.begin_again(handle, new.len());
        document.add_gap(Gap {
            after: LineKey::new(old, i64::MAX),
            why,
        });
    }

    /// A file of more than one was lost on the way, or its index.
    pub fn failed(&mut self, document: &mut Document, error: &io::Error) {
        let Some(assembly) = self.assembly.take() else {
            return;
        };
        let path = self.files[assembly.job().file].path.display();
        document.trouble(Trouble {
            what: format!("{path} cannot be read: {error}"),
            hint: None,
        });
    }

    /// The last lines of the last file, read without an index. Their numbers are not known.
    pub fn tail(&self) -> io::Result<Option<Block>> {
        let Some(file) = self.files.iter().rfind(|file| file.len > 0) else {
            return Ok(None);
        };
        let start = file.len.saturating_sub(TAIL_BYTES);
        let mut bytes = Vec::new();
        positioned::read_into(&file.part.file, &mut bytes, start, TAIL_BYTES as usize)?;
        bytes.truncate((file.len - start) as usize);
        // The first line is most likely not whole.
        let skip = match memchr::memchr(b'\n', &bytes) {
            Some(at) if start > 0 && at + 1 < bytes.len() => at + 1,
            _ => 0,
        };
        let at = i64::try_from(start + skip as u64).unwrap_or(i64::MAX);
        let mut block = Block::plain(LineKey::new(file.part.major, at), file.part.source);
        block.append(&bytes[skip..]);
        Ok(Some(block))
    }
}

impl Followed {
    /// Answers the first half of the old keys.
    fn begin_again(&mut self, file: File, len: u64) -> i64 {
        let old = self.part.major;
        self.part = Arc::new(FilePart {
            file,
            major: (old & !0xffff_ffff) | (self.life & 0xffff_ffff),
            source: self.part.source,
        });
        self.known = 0;
        self.len = len;
        self.read_head();
        old
    }

    fn read_head(&mut self) {
        self.head.clear();
        // Without a head it is known by its length only.
        let _ = positioned::read_into(&self.part.file, &mut self.head, 0, HEAD_BYTES);
    }

    /// A file that was cut and filled again may be longer than before. An unfinished head may grow.
    fn has_same_head(&mut self) -> bool {
        let mut now = Vec::new();
        if positioned::read_into(&self.part.file, &mut now, 0, HEAD_BYTES).is_err() {
            return true;
        }
        let same = now.starts_with(&self.head);
        if same {
            self.head = now;
        }
        same
    }
}

fn open(path: &Path) -> Result<(File, Metadata), OpenError> {
    let io = |error| OpenError::Io {
        path: path.to_owned(),
        error,
    };
    // Asked before opening: opening a pipe would wait for its writer.
    let metadata = std::fs::metadata(path).map_err(io)?;
    if metadata.is_dir() {
        return Err(OpenError::Folder(path.to_owned()));
    }
    if !metadata.is_file() {
        return Err(OpenError::NoFile(path.to_owned()));
    }
    let file = File::open(path).map_err(io)?;
    let metadata = file.metadata().map_err(io)?;
    Ok((file, metadata))
}

#[cfg(unix)]
fn is_same(old: &Metadata, new: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (old.dev(), old.ino()) == (new.dev(), new.ino())
}

#[cfg(not(unix))]
fn is_same(old: &Metadata, new: &Metadata) -> bool {
    old.created().ok() == new.created().ok()
}

fn segments_of(document: &Document, major: i64) -> std::ops::Range<usize> {
    let start = document.segment_from(LineKey::new(major, i64::MIN));
    let end = document.segment_from(LineKey::new(major, i64::MAX));
    start..end
}

fn tail_of(document: &Document, major: i64) -> Option<(usize, &Segment)> {
    let at = segments_of(document, major).next_back()?;
    Some((at, document.segments().get(at)?))
}

/// Puts segments behind those of the same file; the first may go on where the last one left off.
fn put(document: &mut Document, major: i64, mut segments: Vec<Segment>) {
    let Some(first) = segments.first_mut() else {
        return;
    };
    let range = segments_of(document, major);
    let replaced = match tail_of(document, major) {
        Some((at, tail)) if tail.first == first.first => {
            if first.lines >= tail.settled_lines() {
                (first.id, first.edits) = (tail.id, tail.edits);
            }
            at..range.end
        }
        _ => range.end..range.end,
    };
    document.splice(replaced, segments);
}
