//! The hashes of what lies in the working tree: files and directories, each read once, all cores at work.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files_in;
use super::hash::{self, Listing};
use super::hashes::{Traits, fingerprint};
use super::ignore::Ignore;
use super::kept::{Kept, KeptFile, NewHash};
use super::limits::{self, Limits};
use super::lock::HashKind;
use super::threads;

/// How often a file that changes while it is read is read again.
const TRIES: usize = 3;
/// Files that one thread takes at once for hashing.
const SHARE: usize = 4;
/// A file changed less long ago, in seconds, may change again without its time showing it: its hash is not kept.
const SETTLED: i64 = 2;

/// What is at a path.
#[derive(Clone, Debug)]
pub enum Content {
    /// Nothing, or a link that leads nowhere.
    Absent,
    File {
        hash: String,
        bytes: u64,
        is_executable: bool,
    },
    Directory {
        hash: String,
        /// Sorted as DVC sorts it.
        files: Arc<Listing>,
        bytes: u64,
    },
}

impl Content {
    /// With `.dir` for a directory.
    pub fn hash(&self) -> Option<&str> {
        match self {
            Self::Absent => None,
            Self::File { hash, .. } | Self::Directory { hash, .. } => Some(hash),
        }
    }
}

/// Reads and remembers.
pub struct Hasher<'a> {
    root: &'a Path,
    ignore: &'a Ignore,
    kept: &'a dyn Kept,
    /// Unix time.
    now: i64,
    known: HashMap<(PathBuf, HashKind), Content>,
    /// The DVC repository whose rules hold.
    dvc_root: String,
    limits: Option<Limits<'a>>,
}

/// A file to be hashed.
struct Job {
    path: PathBuf,
    traits: Traits,
}

impl<'a> Hasher<'a> {
    /// `root` is the project's directory, `now` the time in seconds since 1970.
    pub fn new(root: &'a Path, ignore: &'a Ignore, kept: &'a dyn Kept, now: i64) -> Self {
        Self {
            root,
            ignore,
            kept,
            now,
            known: HashMap::new(),
            dvc_root: String::new(),
            limits: None,
        }
    }

    /// Does no more than so much; what is too much is an error.
    pub fn limited(mut self, limits: Limits<'a>) -> Self {
        self.limits = Some(limits);
        self
    }

    pub fn limits(&self) -> Option<&Limits<'a>> {
        self.limits.as_ref()
    }

    pub fn limits_mut(&mut self) -> Option<&mut Limits<'a>> {
        self.limits.as_mut()
    }

    /// From now on the rules of the DVC repository at this path hold.
    pub fn within(&mut self, dvc_root: &str) {
        dvc_root.clone_into(&mut self.dvc_root);
    }

    /// Hashes files that will be asked for, together: one by one they would keep one core busy.
    pub fn prepare(&mut self, wanted: &[(String, HashKind)]) -> Result<(), String> {
        let mut groups: HashMap<HashKind, Vec<Job>> = HashMap::new();
        for (path, kind) in wanted {
            let path = self.root.join(path);
            let key = (path, *kind);
            if self.known.contains_key(&key) {
                continue;
            }
            let Ok(data) = key.0.metadata() else {
                continue;
            };
            if data.is_file() {
                let traits = Traits::of(&data);
                let path = key.0;
                groups.entry(*kind).or_default().push(Job { path, traits });
            }
        }
        for (kind, mut jobs) in groups {
            jobs.sort_by(|a, b| a.path.cmp(&b.path));
            jobs.dedup_by(|a, b| a.path == b.path);
            let hashes = self.files(&jobs, kind)?;
            for (job, hash) in jobs.into_iter().zip(hashes) {
                let content = Content::File {
                    hash,
                    bytes: job.traits.bytes,
                    is_executable: job.traits.executable,
                };
                self.known.insert((job.path, kind), content);
            }
        }
        Ok(())
    }

    /// Whether there is anything at `path`.
    pub fn is_there(&self, path: &str) -> bool {
        self.root.join(path).exists()
    }

    /// What is at `path`, from the root or absolute. The error is a sentence.
    pub fn content(&mut self, path: &str, kind: HashKind) -> Result<Content, String> {
        let key = (self.root.join(path), kind);
        if let Some(known) = self.known.get(&key) {
            return Ok(known.clone());
        }
        let content = self.look(path, &key.0, kind)?;
        self.known.insert(key, content.clone());
        Ok(content)
    }

    fn look(&mut self, shown: &str, path: &Path, kind: HashKind) -> Result<Content, String> {
        let data = match path.metadata() {
            Ok(data) => data,
            Err(cause) if is_absent(&cause) => return Ok(Content::Absent),
            Err(cause) => return Err(format!("{shown}: {cause}")),
        };
        if data.is_dir() {
            return self.directory(shown, path, kind);
        }
        if !data.is_file() {
            return Err(format!("{shown} is neither a file nor a directory"));
        }
        let traits = Traits::of(&data);
        let job = Job {
            path: path.to_owned(),
            traits,
        };
        let hash = self.files(&[job], kind)?.pop().unwrap_or_default();
        Ok(Content::File {
            hash,
            bytes: traits.bytes,
            is_executable: traits.executable,
        })
    }

    fn directory(&mut self, shown: &str, path: &Path, kind: HashKind) -> Result<Content, String> {
        let names = self.names(shown, path)?;
        let found = threads::small(&names, |name| path.join(name).metadata());
        let mut files = Vec::with_capacity(names.len());
        for (name, data) in names.into_iter().zip(found) {
            match data {
                Ok(data) => files.push((name, Traits::of(&data))),
                // A link to nothing; or gone again.
                Err(cause) if self.limits.is_some() && is_absent_or_loops(&cause) => {}
                Err(cause) => return Err(format!("{shown}/{name}: {cause}")),
            }
        }
        if let Some(limits) = &mut self.limits {
            limits.watch_files(path, &files);
        }
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
        let Some(limits) = &mut self.limits else {
            let mut seen = |_: &Path| {};
            return files_in::names(path, shown, self.ignore, &self.dvc_root, &mut seen);
        };
        let mut seen = |dir: &Path| limits.watch(dir);
        let names = files_in::names(path, shown, self.ignore, &self.dvc_root, &mut seen)?;
        if names.len() > limits::FILES {
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

    /// The hashes of single files, known or computed and then kept.
    fn files(&mut self, jobs: &[Job], kind: HashKind) -> Result<Vec<String>, String> {
        let asked: Vec<KeptFile<'_>> = jobs
            .iter()
            .map(|job| KeptFile {
                path: &job.path,
                traits: job.traits,
            })
            .collect();
        let mut hashes = self.kept.files(&asked, kind);
        hashes.resize(jobs.len(), None);
        let missing: Vec<usize> = (0..jobs.len())
            .filter(|at| hashes.get(*at).is_some_and(Option::is_none))
            .collect();
        let todo: Vec<Job> = missing
            .iter()
            .filter_map(|at| jobs.get(*at))
            .map(|job| Job {
                path: job.path.clone(),
                traits: job.traits,
            })
            .collect();
        if let Some(limits) = &mut self.limits
            && limits.take(todo.iter().map(|job| job.traits.bytes)) < todo.len()
        {
            return Err("not looked at yet".to_owned());
        }
        let computed = threads::each(&todo, SHARE, Vec::new, |job, buffer| {
            hash_of(job, kind, buffer)
        });
        let mut new = Vec::new();
        for ((at, job), result) in missing.into_iter().zip(&todo).zip(computed) {
            let (hash, traits) = result?;
            if let Some(traits) = traits.filter(|traits| self.is_settled(traits)) {
                new.push(NewHash {
                    path: job.path.clone(),
                    traits,
                    hash: hash.clone(),
                });
            }
            if let Some(place) = hashes.get_mut(at) {
                *place = Some(hash);
            }
        }
        if !new.is_empty() {
            self.kept.keep_files(kind, &new);
        }
        Ok(hashes.into_iter().map(Option::unwrap_or_default).collect())
    }

    /// The hashes, and whether all files stayed as they were when their traits were taken.
    fn compute(&self, jobs: &[Job], kind: HashKind) -> Result<(Vec<String>, bool), String> {
        let computed = threads::each(jobs, SHARE, Vec::new, |job, buffer| {
            hash_of(job, kind, buffer)
        });
        let mut hashes = Vec::with_capacity(jobs.len());
        let mut stable = true;
        for (job, result) in jobs.iter().zip(computed) {
            let (hash, traits) = result?;
            stable &= traits == Some(job.traits);
            hashes.push(hash);
        }
        Ok((hashes, stable))
    }

    fn is_settled(&self, traits: &Traits) -> bool {
        let newest = traits.modified_seconds().max(traits.changed.0);
        newest.saturating_add(SETTLED) < self.now
    }
}

/// The hash, and the traits that it belongs to: `None` if the file would not stay still.
fn hash_of(
    job: &Job,
    kind: HashKind,
    buffer: &mut Vec<u8>,
) -> Result<(String, Option<Traits>), String> {
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

fn is_absent_or_loops(cause: &io::Error) -> bool {
    // ELOOP has no name in the standard library yet.
    is_absent(cause) || cause.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

fn is_absent(cause: &io::Error) -> bool {
    matches!(
        cause.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}
