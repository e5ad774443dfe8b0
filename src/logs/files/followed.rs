//! One of the files: how it is opened, and known again.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::logs::document::Document;
use crate::logs::positioned;
use crate::logs::segment::FilePart;
use crate::logs::times::TimeOf;
use crate::logs::told::Trouble;

use super::opened::{Copying, OpenError, Opened};

/// The beginning of a file, to know it again.
const HEAD_BYTES: usize = 256;
#[derive(Debug)]
pub(super) struct Followed {
    pub path: PathBuf,
    /// What cannot be read at any place is followed as a copy.
    pub copying: Option<Copying>,
    /// From its opening to its truncation or rotation.
    pub part: Arc<FilePart>,
    pub head: Vec<u8>,
    /// When it was looked at last.
    pub modified: Option<SystemTime>,
    /// Known so far; of a single file, or being indexed.
    pub known: u64,
    pub len: u64,
}

/// How files are read.
#[derive(Clone)]
pub struct How {
    /// Tells when a line was written.
    pub time_of: TimeOf,
    /// Where pipes are copied to.
    pub folder: Option<PathBuf>,
    /// Called, on any thread, when a copy has grown.
    pub grown: Arc<dyn Fn() + Send + Sync>,
}

impl How {
    /// A file that can be read at any place, and its length.
    pub(super) fn at_hand(
        &self,
        path: &Path,
        opened: Opened,
    ) -> Result<(File, u64, Option<Copying>), OpenError> {
        match opened {
            Opened::File(file, metadata) => Ok((file, metadata.len(), None)),
            Opened::Stream => {
                let grown = Arc::clone(&self.grown);
                Copying::start(path.to_owned(), self.folder.as_deref(), move || grown())
                    .map(|(copying, file)| (file, 0, Some(copying)))
                    .map_err(|error| OpenError::Io {
                        path: path.to_owned(),
                        error,
                    })
            }
        }
    }
}

impl Followed {
    /// Answers what it was before.
    pub fn begin_again(&mut self, file: File, len: u64, life: i64) -> Arc<FilePart> {
        let part = Arc::new(FilePart {
            file,
            major: life,
            source: self.part.source,
        });
        self.known = 0;
        self.len = len;
        let old = std::mem::replace(&mut self.part, part);
        self.read_head();
        old
    }

    /// What cannot be read is not tried again before it grows.
    pub fn give_up(&mut self, document: &mut Document, error: &io::Error) {
        self.known = self.len;
        document.trouble(self.trouble(error));
    }

    pub fn trouble(&self, error: &io::Error) -> Trouble {
        Trouble {
            what: format!("{} cannot be read: {error}", self.path.display()),
            hint: None,
        }
    }

    pub fn read_head(&mut self) {
        self.head.clear();
        // Without a head it is known by its length only.
        let _ = positioned::read_into(&self.part.file, &mut self.head, 0, HEAD_BYTES);
    }

    /// A file that was cut and filled again may be longer than before. An unfinished head may grow.
    pub fn has_same_head(&mut self) -> bool {
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
