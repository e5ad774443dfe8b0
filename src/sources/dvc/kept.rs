//! Where hashes are kept from one run to the next. A port: the house keeps them in its cache folder, DVC has a
//! database of its own.

use std::path::{Path, PathBuf};

use super::hash::Listing;
use super::hashes::Traits;
use super::lock::HashKind;

/// Files of a directory for which a second place is not asked.
const FEW: usize = 32;

/// A file whose hash may be known.
#[derive(Clone, Copy, Debug)]
pub struct KeptFile<'a> {
    pub path: &'a Path,
    pub traits: Traits,
}

/// A hash to be kept.
#[derive(Clone, Debug)]
pub struct NewHash {
    pub path: PathBuf,
    pub traits: Traits,
    pub hash: String,
}

/// A directory as it was hashed before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptDirectory {
    /// With `.dir`.
    pub hash: String,
    /// Of each file, in the order of their names.
    pub files: Vec<String>,
}

/// Knows hashes by path and by what `stat` said when they were computed. Whatever goes wrong, nothing is known.
pub trait Kept: Send + Sync {
    /// The hash of each file, `None` where it is not known.
    fn files(&self, files: &[KeptFile<'_>], kind: HashKind) -> Vec<Option<String>>;

    /// `state` stands for the names and traits of all its files.
    fn directory(&self, path: &Path, kind: HashKind, state: u64) -> Option<KeptDirectory>;

    /// The hashes of files in a directory some of which changed.
    fn files_in(
        &self,
        dir: &Path,
        kind: HashKind,
        files: &[(String, Traits)],
    ) -> Vec<Option<String>>;

    fn keep_files(&self, kind: HashKind, new: &[NewHash]);

    fn keep_directory(
        &self,
        path: &Path,
        kind: HashKind,
        state: u64,
        hash: &str,
        files: &[(String, Traits)],
        listing: &Listing,
    );
}

/// Keeps nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct KeepsNothing;

impl Kept for KeepsNothing {
    fn files(&self, files: &[KeptFile<'_>], _: HashKind) -> Vec<Option<String>> {
        vec![None; files.len()]
    }

    fn directory(&self, _: &Path, _: HashKind, _: u64) -> Option<KeptDirectory> {
        None
    }

    fn files_in(&self, _: &Path, _: HashKind, files: &[(String, Traits)]) -> Vec<Option<String>> {
        vec![None; files.len()]
    }

    fn keep_files(&self, _: HashKind, _: &[NewHash]) {}

    fn keep_directory(
        &self,
        _: &Path,
        _: HashKind,
        _: u64,
        _: &str,
        _: &[(String, Traits)],
        _: &Listing,
    ) {
    }
}

/// Keeps in the first, and knows what either knows.
pub struct Either<A, B>(pub A, pub B);

impl<A: Kept, B: Kept> Kept for Either<A, B> {
    fn files(&self, files: &[KeptFile<'_>], kind: HashKind) -> Vec<Option<String>> {
        let mut found = self.0.files(files, kind);
        found.resize(files.len(), None);
        let missing: Vec<KeptFile<'_>> = files
            .iter()
            .zip(&found)
            .filter(|(_, hash)| hash.is_none())
            .map(|(file, _)| *file)
            .collect();
        if !missing.is_empty() {
            let mut others = self.1.files(&missing, kind).into_iter();
            for place in found.iter_mut().filter(|hash| hash.is_none()) {
                *place = others.next().flatten();
            }
        }
        found
    }

    fn directory(&self, path: &Path, kind: HashKind, state: u64) -> Option<KeptDirectory> {
        let first = self.0.directory(path, kind, state);
        first.or_else(|| self.1.directory(path, kind, state))
    }

    fn files_in(
        &self,
        dir: &Path,
        kind: HashKind,
        files: &[(String, Traits)],
    ) -> Vec<Option<String>> {
        let mut found = self.0.files_in(dir, kind, files);
        found.resize(files.len(), None);
        // A few changed files are sooner hashed than looked up among all the others.
        let missing = found.iter().filter(|hash| hash.is_none()).count();
        if missing > FEW {
            let others = self.1.files_in(dir, kind, files);
            for (place, other) in found.iter_mut().zip(others) {
                *place = place.take().or(other);
            }
        }
        found
    }

    fn keep_files(&self, kind: HashKind, new: &[NewHash]) {
        self.0.keep_files(kind, new);
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
        self.0
            .keep_directory(path, kind, state, hash, files, listing);
    }
}

impl Kept for Box<dyn Kept> {
    fn files(&self, files: &[KeptFile<'_>], kind: HashKind) -> Vec<Option<String>> {
        (**self).files(files, kind)
    }

    fn directory(&self, path: &Path, kind: HashKind, state: u64) -> Option<KeptDirectory> {
        (**self).directory(path, kind, state)
    }

    fn files_in(
        &self,
        dir: &Path,
        kind: HashKind,
        files: &[(String, Traits)],
    ) -> Vec<Option<String>> {
        (**self).files_in(dir, kind, files)
    }

    fn keep_files(&self, kind: HashKind, new: &[NewHash]) {
        (**self).keep_files(kind, new);
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
        (**self).keep_directory(path, kind, state, hash, files, listing);
    }
}
