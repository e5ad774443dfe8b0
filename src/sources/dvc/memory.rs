//! Hashes kept as long as the program runs.
//!
//! Paths are kept as 64-bit hashes: with a 64-bit hash of the file's traits beside them that is as good as the
//! path, and a hundred thousand files take a few megabytes.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::hash::{self, Listing};
use super::hashes::{Traits, fingerprint};
use super::kept::{Kept, KeptDirectory, KeptFile, NewHash};
use super::lock::HashKind;

#[derive(Debug, Default)]
pub struct KeptInMemory(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// By place: state and hash.
    files: HashMap<u64, (u64, [u8; 16])>,
    /// By place.
    directories: HashMap<u64, KnownDirectory>,
}

#[derive(Debug)]
struct KnownDirectory {
    state: u64,
    hash: [u8; 16],
    files: Vec<[u8; 16]>,
}

impl KeptInMemory {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept for KeptInMemory {
    fn files(&self, files: &[KeptFile<'_>], kind: HashKind) -> Vec<Option<String>> {
        let known = self.known();
        let find = |file: &KeptFile<'_>| {
            let (state, hash) = known.files.get(&fingerprint(&(file.path, kind)))?;
            (*state == fingerprint(&file.traits)).then(|| hash::hex(hash))
        };
        files.iter().map(find).collect()
    }

    fn directory(&self, path: &Path, kind: HashKind, state: u64) -> Option<KeptDirectory> {
        let known = self.known();
        let found = known.directories.get(&fingerprint(&(path, kind)))?;
        (found.state == state).then(|| KeptDirectory {
            hash: format!("{}.dir", hash::hex(&found.hash)),
            files: found.files.iter().map(|hash| hash::hex(hash)).collect(),
        })
    }

    fn files_in(
        &self,
        dir: &Path,
        kind: HashKind,
        files: &[(String, Traits)],
    ) -> Vec<Option<String>> {
        let known = self.known();
        let find = |(name, traits): &(String, Traits)| {
            let place = fingerprint(&(dir.join(name).as_path(), kind));
            let (state, hash) = known.files.get(&place)?;
            (*state == fingerprint(traits)).then(|| hash::hex(hash))
        };
        files.iter().map(find).collect()
    }

    fn keep_files(&self, kind: HashKind, new: &[NewHash]) {
        let mut known = self.known();
        for file in new {
            if let Some(hash) = hash::bytes(&file.hash) {
                let place = fingerprint(&(file.path.as_path(), kind));
                known.files.insert(place, (fingerprint(&file.traits), hash));
            }
        }
    }

    fn keep_directory(
        &self,
        path: &Path,
        kind: HashKind,
        state: u64,
        hash: &str,
        files: &[(String, Traits)],
        listing: &Listing,
    ) {
        let mut known = self.known();
        let hashes: Option<Vec<[u8; 16]>> =
            listing.iter().map(|(_, hash)| hash::bytes(hash)).collect();
        let (Some(hashes), Some(hash)) = (hashes, hash::bytes(hash)) else {
            return;
        };
        for ((name, traits), hash) in files.iter().zip(&hashes) {
            let place = fingerprint(&(path.join(name).as_path(), kind));
            known.files.insert(place, (fingerprint(traits), *hash));
        }
        let place = fingerprint(&(path, kind));
        let files = hashes;
        let directory = KnownDirectory { state, hash, files };
        known.directories.insert(place, directory);
    }
}
