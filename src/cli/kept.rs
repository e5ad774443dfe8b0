//! The hashes of files between runs: the house's store behind the port of DVC's reader.

use std::path::Path;

use crate::history::{FileHash, HashStore};
use crate::sources::dvc::{
    HashKind, Kept, KeptDirectory, KeptFile, Listing, NewHash, Traits, fingerprint, hash_bytes,
    hash_text,
};

/// Keeps hashes in the cache folder.
#[derive(Debug)]
pub struct KeptHashes(HashStore);

impl KeptHashes {
    /// Nothing is opened before it is needed.
    pub fn new(cache_dir: &Path) -> Self {
        Self(HashStore::new(cache_dir))
    }
}

impl Kept for KeptHashes {
    fn files(&self, files: &[KeptFile<'_>], kind: HashKind) -> Vec<Option<String>> {
        let wanted: Vec<(u64, u64)> = files
            .iter()
            .map(|file| (fingerprint(&(file.path, kind)), fingerprint(&file.traits)))
            .collect();
        let found = self.0.files(&wanted);
        found
            .into_iter()
            .map(|hash| Some(hash_text(&hash?)))
            .collect()
    }

    fn directory(&self, path: &Path, kind: HashKind, state: u64) -> Option<KeptDirectory> {
        let (hash, files) = self.0.directory(fingerprint(&(path, kind)), state)?;
        Some(KeptDirectory {
            hash: format!("{}.dir", hash_text(&hash)),
            files: files.iter().map(|hash| hash_text(hash)).collect(),
        })
    }

    fn files_in(
        &self,
        dir: &Path,
        kind: HashKind,
        files: &[(String, Traits)],
    ) -> Vec<Option<String>> {
        let known: std::collections::HashMap<(u64, u64), [u8; 16]> = self
            .0
            .files_in(fingerprint(&(dir, kind)))
            .into_iter()
            .map(|file| ((file.place, file.state), file.hash))
            .collect();
        files
            .iter()
            .map(|(name, traits)| {
                let hash = known.get(&(fingerprint(name), fingerprint(traits)))?;
                Some(hash_text(hash))
            })
            .collect()
    }

    fn keep_files(&self, kind: HashKind, new: &[NewHash]) {
        let files: Vec<FileHash> = new
            .iter()
            .filter_map(|file| {
                Some(FileHash {
                    place: fingerprint(&(file.path.as_path(), kind)),
                    state: fingerprint(&file.traits),
                    hash: hash_bytes(&file.hash)?,
                })
            })
            .collect();
        self.0.keep_files(&files);
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
        let place = fingerprint(&(path, kind));
        let records = files
            .iter()
            .zip(listing)
            .map(|((name, traits), (_, hash))| {
                Some(FileHash {
                    place: fingerprint(name),
                    state: fingerprint(traits),
                    hash: hash_bytes(hash)?,
                })
            });
        if let (Some(records), Some(hash)) = (records.collect::<Option<Vec<_>>>(), hash_bytes(hash))
        {
            self.0.keep_directory(place, state, hash, &records);
        }
    }
}
