//! Directories, of which only what changed is read again.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::files_in::{self, Search};
use super::super::hash::{self, Listing};
use super::super::hashes::{Traits, fingerprint};
use super::super::kept::{KeptFile, NewHash};
use super::super::limits;
use super::super::lock::HashKind;
use super::super::threads;
use super::job::{self, Job};
use super::{Content, Hasher, is_absent_or_loops};

impl Hasher<'_> {
    pub(super) fn directory(
        &mut self,
        shown: &str,
        path: &Path,
        kind: HashKind,
    ) -> Result<Content, String> {
        let names = self.names(shown, path)?;
        let found = threads::small(&names, |name| path.join(name).metadata());
        let mut files = Vec::with_capacity(names.len());
        let mut dangling = Vec::new();
        for (name, data) in names.into_iter().zip(found) {
            match data {
                Ok(data) => files.push((name, Traits::of(&data))),
                // A link to nothing; or gone again.
                Err(cause) if self.limits.is_some() && is_absent_or_loops(&cause) => {}
                Err(cause) if self.lenient && is_absent_or_loops(&cause) => dangling.push(name),
                Err(cause) => return Err(format!("{shown}/{name}: {cause}")),
            }
        }
        if let Some(limits) = &mut self.limits {
            limits.watch_files(path, &files);
        }
        let content = self.sound_files(shown, path, kind, files)?;
        Ok(with_dangling(content, dangling))
    }

    fn sound_files(
        &mut self,
        shown: &str,
        path: &Path,
        kind: HashKind,
        files: Vec<(String, Traits)>,
    ) -> Result<Content, String> {
        let bytes = files.iter().map(|(_, traits)| traits.bytes).sum();
        let state = fingerprint(&files);
        let settled = files.iter().all(|(_, traits)| self.is_settled(traits));
        let kept = self.kept.directory(path, kind, state);
        if let Some(kept) = kept {
            let files = files.iter().map(|(name, _)| name.clone());
            let listing: Listing = files.zip(kept.files).collect();
            return Ok(Content::Directory {
                hash: kept.hash,
                files: Arc::new(listing),
                bytes,
            });
        }
        let known = self.kept.files_in(path, kind, &files);
        let mut hashes: Vec<Option<String>> = known;
        hashes.resize(files.len(), None);
        if hashes.iter().any(Option::is_none) {
            self.by_other_means(path, kind, &files, &mut hashes);
        }
        let missing: Vec<usize> = (0..files.len())
            .filter(|at| hashes.get(*at).is_some_and(Option::is_none))
            .collect();
        let jobs: Vec<Job> = missing
            .iter()
            .filter_map(|at| files.get(*at))
            .map(|(name, traits)| Job {
                path: path.join(name),
                traits: *traits,
            })
            .collect();
        let now = match &mut self.limits {
            Some(limits) => limits.take(jobs.iter().map(|job| job.traits.bytes)),
            None => jobs.len(),
        };
        let (computed, all_stable) = self.compute(jobs.get(..now).unwrap_or(&jobs), kind)?;
        if now < jobs.len() {
            self.keep(&jobs, &computed, kind);
            return Err(format!("{shown}: not looked at yet"));
        }
        for (at, hash) in missing.into_iter().zip(computed) {
            if let Some(place) = hashes.get_mut(at) {
                *place = Some(hash);
            }
        }
        let listing: Listing = files
            .iter()
            .map(|(name, _)| name.clone())
            .zip(hashes.into_iter().map(Option::unwrap_or_default))
            .collect();
        let hash = hash::of_sorted(&listing);
        if settled && all_stable {
            self.kept
                .keep_directory(path, kind, state, &hash, &files, &listing);
        }
        Ok(Content::Directory {
            hash,
            files: Arc::new(listing),
            bytes,
        })
    }

    fn names(&mut self, shown: &str, path: &Path) -> Result<Vec<String>, String> {
        let limits = &mut self.limits;
        let is_limited = limits.is_some();
        let mut seen = |dir: &Path| {
            if let Some(limits) = limits {
                limits.watch(dir);
            }
        };
        let search = Search {
            ignore: self.ignore,
            root: &self.dvc_root,
            own_rules: self.lenient,
            seen: &mut seen,
        };
        let names = files_in::names(path, shown, search)?;
        if is_limited && names.len() > limits::FILES {
            return Err(format!("{shown}: more than {} files", limits::FILES));
        }
        Ok(names)
    }

    /// Hashes of files that are links into the cache, or were computed in an earlier pass.
    fn by_other_means(
        &self,
        dir: &Path,
        kind: HashKind,
        files: &[(String, Traits)],
        hashes: &mut [Option<String>],
    ) {
        let Some(limits) = &self.limits else {
            return;
        };
        let linked = limits.linked(files, kind);
        let paths: Vec<PathBuf> = files.iter().map(|(name, _)| dir.join(name)).collect();
        let asked: Vec<KeptFile<'_>> = paths
            .iter()
            .zip(files)
            .map(|(path, (_, traits))| KeptFile {
                path,
                traits: *traits,
            })
            .collect();
        let kept = self.kept.files(&asked, kind);
        for (((name, _), kept), place) in files.iter().zip(kept).zip(hashes) {
            if place.is_none() {
                *place = linked.get(name).cloned().or(kept);
            }
        }
    }

    /// Keeps what was computed of a directory that takes several passes.
    fn keep(&self, jobs: &[Job], computed: &[String], kind: HashKind) {
        let settled = jobs.iter().zip(computed);
        let settled = settled.filter(|(job, _)| self.is_settled(&job.traits));
        let new: Vec<NewHash> = settled
            .map(|(job, hash)| NewHash {
                path: job.path.clone(),
                traits: job.traits,
                hash: hash.clone(),
            })
            .collect();
        self.kept.keep_files(kind, &new);
    }

    /// The hashes, and whether all files stayed as they were when their traits were taken.
    fn compute(&self, jobs: &[Job], kind: HashKind) -> Result<(Vec<String>, bool), String> {
        let computed = job::hash_all(jobs, kind);
        let mut hashes = Vec::with_capacity(jobs.len());
        let mut stable = true;
        for (job, result) in jobs.iter().zip(computed) {
            let (hash, traits) = result?;
            stable &= traits == Some(job.traits);
            hashes.push(hash);
        }
        Ok((hashes, stable))
    }
}

/// Links to nothing are listed without a hash.
fn with_dangling(content: Content, dangling: Vec<String>) -> Content {
    match content {
        Content::Directory { files, bytes, .. } if !dangling.is_empty() => {
            let mut files = files.to_vec();
            files.extend(dangling.into_iter().map(|name| (name, String::new())));
            files.sort();
            Content::Directory {
                hash: hash::of_sorted(&files),
                files: Arc::new(files),
                bytes,
            }
        }
        content => content,
    }
}
