//! Reading one file, or many at once.

use std::io;
use std::path::PathBuf;

use super::super::hash;
use super::super::hashes::Traits;
use super::super::lock::HashKind;
use super::super::threads;

/// How often a file that changes while it is read is read again.
const TRIES: usize = 3;
/// Files that one thread takes at once for hashing.
const SHARE: usize = 4;

/// A file to be hashed.
pub(super) struct Job {
    pub(super) path: PathBuf,
    pub(super) traits: Traits,
}

/// The hash of each file, and the traits that it belongs to: `None` if the file would not stay still.
pub(super) type Hashed = Result<(String, Option<Traits>), String>;

pub(super) fn hash_all(jobs: &[Job], kind: HashKind) -> Vec<Hashed> {
    threads::each(jobs, SHARE, Vec::new, |job, buffer| {
        hash_of(job, kind, buffer)
    })
}

fn hash_of(job: &Job, kind: HashKind, buffer: &mut Vec<u8>) -> Hashed {
    let shown = |cause: io::Error| format!("{}: {cause}", job.path.display());
    let mut hash = String::new();
    for _ in 0..TRIES {
        let mut file = std::fs::File::open(&job.path).map_err(shown)?;
        let before = Traits::of(&file.metadata().map_err(shown)?);
        hash = hash::of_input(&mut file, kind, buffer).map_err(shown)?;
        let after = Traits::of(&job.path.metadata().map_err(shown)?);
        if before == after {
            return Ok((hash, Some(after)));
        }
    }
    Ok((hash, None))
}
