//! Files as documents: indexed at once, followed while they grow, and known again when they are cut or replaced.

mod followed;
pub mod index;
mod opened;
mod several;
mod single;
#[cfg(test)]
mod tests;
pub mod watch;

use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::ask::Gap;
use super::block::Block;
use super::document::Document;
use super::key::LineKey;
use super::merge::plan::{Merged, Plan};
use super::segment::FilePart;
use super::told::Source;
use followed::Followed;
pub use followed::How;
use index::{Chunk, Job};
pub use opened::{OpenError, Opened, open};
use several::Several;
use single::Single;

/// Read from the end of files whose lines are not all known.
const TAIL_BYTES: u64 = 256 << 10;

/// One file, or several whose lines are merged in the order of time.
#[derive(Debug)]
pub struct Files {
    files: Vec<Followed>,
    way: Way,
    /// Lives so far, of all files.
    lives: i64,
}

#[derive(Debug)]
enum Way {
    Single(Single),
    Several(Several),
}

/// Something to be done before more lines are known.
#[derive(Debug)]
pub enum Work {
    Index(Job),
    Merge(Plan),
}

impl Files {
    /// # Errors
    /// When none of them can be opened. Otherwise what cannot be opened is told as a trouble of the document.
    pub fn open(paths: &[PathBuf], document: &mut Document, how: &How) -> Result<Self, OpenError> {
        let mut files = Vec::with_capacity(paths.len());
        let mut refused = Vec::new();
        for path in paths {
            let (file, len, copying) = match open(path).and_then(|opened| how.at_hand(path, opened))
            {
                Ok(opened) => opened,
                Err(error) => {
                    refused.push(error);
                    continue;
                }
            };
            let source = document.add_source(Source {
                group: Arc::from(path.to_string_lossy()),
                stream: Arc::default(),
            });
            let mut followed = Followed {
                path: path.clone(),
                copying,
                part: Arc::new(FilePart {
                    file,
                    major: i64::try_from(files.len()).unwrap_or(i64::MAX),
                    source,
                }),
                head: Vec::new(),
                modified: None,
                known: 0,
                len,
            };
            followed.read_head();
            files.push(followed);
        }
        if files.is_empty() && !refused.is_empty() {
            return Err(refused.swap_remove(0));
        }
        for error in refused {
            document.trouble(error.into());
        }
        let way = match files.len() {
            1 => Way::Single(Single::default()),
            many => Way::Several(Several::new(many, how.time_of)),
        };
        Ok(Self {
            lives: i64::try_from(files.len()).unwrap_or(i64::MAX),
            files,
            way,
        })
    }

    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|file| file.path.as_path())
    }

    /// Bytes whose lines are not known yet.
    pub fn unread(&self) -> u64 {
        let waiting: u64 = self.files.iter().map(|file| file.len - file.known).sum();
        match &self.way {
            Way::Single(single) => waiting + single.unread(),
            Way::Several(_) => waiting,
        }
    }

    /// What is to be done next, when the last work is done.
    pub fn next_work(&mut self, document: &Document) -> Option<Work> {
        match &mut self.way {
            Way::Single(single) => {
                let file = self.files.first_mut()?;
                single.next_job(file, document).map(Work::Index)
            }
            Way::Several(several) => several.next_plan(&self.files, document).map(Work::Merge),
        }
    }

    /// Does all there is to do, on so many threads.
    pub fn work(&mut self, document: &mut Document, threads: usize) -> io::Result<()> {
        let mut buffer = Vec::new();
        while let Some(work) = self.next_work(document) {
            match work {
                Work::Index(job) => {
                    for number in 0..job.chunks() {
                        let chunk = job.read(number, &mut buffer)?;
                        self.take(document, &job.part, chunk);
                    }
                }
                Work::Merge(plan) => {
                    if let Some(merged) = plan.carry_out(threads, &AtomicBool::new(false))? {
                        self.merged(document, merged);
                    }
                }
            }
        }
        Ok(())
    }

    /// Takes what one chunk of the running job brought. False if the chunk belongs to a job that is no more.
    pub fn take(&mut self, document: &mut Document, part: &Arc<FilePart>, chunk: Chunk) -> bool {
        match &mut self.way {
            Way::Single(single) => single.take(document, part, chunk),
            Way::Several(_) => false,
        }
    }

    /// Takes what a plan brought. False if it is no longer wanted.
    pub fn merged(&mut self, document: &mut Document, mut merged: Merged) -> bool {
        let Way::Several(several) = &mut self.way else {
            return false;
        };
        let failed = std::mem::take(&mut merged.failed);
        if !several.take(&mut self.files, document, merged) {
            return false;
        }
        for (file, error) in failed {
            self.files[file].give_up(document, &error);
        }
        true
    }

    /// Pipes are still being read.
    pub fn is_copying(&self) -> bool {
        let copies = self.files.iter().filter_map(|file| file.copying.as_ref());
        copies.into_iter().any(|copying| !copying.has_ended())
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
        let modified = metadata.modified().ok();
        let as_before = modified.is_some()
            && file.modified == modified
            && file.len == metadata.len()
            && matches!(self.way, Way::Several(_));
        file.modified = modified;
        if metadata.len() < file.known || !(as_before || file.has_same_head()) {
            let why = format!(
                "{} was truncated: earlier lines are gone",
                file.path.display()
            );
            let Ok(handle) = file.part.file.try_clone() else {
                return;
            };
            let old = file.begin_again(handle, metadata.len(), self.lives);
            self.lives += 1;
            let after = match &mut self.way {
                Way::Single(single) => {
                    single.forget(document, old.major);
                    LineKey::new(old.major, i64::MAX)
                }
                Way::Several(several) => {
                    several.forget(index, document, &old);
                    document.last_key().unwrap_or(LineKey::FIRST)
                }
            };
            document.add_gap(Gap { after, why });
            return;
        }
        file.len = metadata.len();
        if let Some(copying) = &file.copying {
            if let Some(error) = copying.failure() {
                document.trouble(file.trouble(&error));
            }
            return;
        }
        // What was written before the rotation is read to its end first.
        let busy = match &self.way {
            Way::Single(single) => single.is_busy(),
            Way::Several(several) => several.is_busy(),
        };
        if file.len > file.known || busy {
            return;
        }
        let Ok(new) = std::fs::metadata(&file.path) else {
            // Moved away; the new one is not there yet.
            return;
        };
        if is_same(&metadata, &new) {
            return;
        }
        let Ok(Opened::File(handle, new)) = open(&file.path) else {
            return;
        };
        let why = format!("{} was replaced by a new file", file.path.display());
        let old = file.begin_again(handle, new.len(), self.lives);
        self.lives += 1;
        let after = match &mut self.way {
            Way::Single(_) => LineKey::new(old.major, i64::MAX),
            Way::Several(several) => several.next_life(index).unwrap_or(LineKey::FIRST),
        };
        document.add_gap(Gap { after, why });
    }

    /// A file was lost on the way, or what is known of it.
    pub fn failed(&mut self, document: &mut Document, error: &io::Error) {
        let was_busy = match &mut self.way {
            Way::Single(single) => single.stop(),
            Way::Several(several) => several.stop(),
        };
        if !was_busy {
            return;
        }
        for file in &mut self.files {
            if matches!(self.way, Way::Single(_)) || file.len > file.known {
                file.give_up(document, error);
            }
        }
    }

    /// The last lines, read without an index. Their numbers are not known.
    pub fn tail(&self) -> io::Result<Option<Block>> {
        match &self.way {
            Way::Single(_) => match self.files.first() {
                Some(file) if file.len > 0 => single::tail(file, TAIL_BYTES).map(Some),
                _ => Ok(None),
            },
            Way::Several(several) => several.tail(&self.files, TAIL_BYTES),
        }
    }
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
