//! The hashes of what lies in the working tree: files and directories, each read once, all cores at work.

mod directory;
mod job;

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::hash::Listing;
use super::hashes::Traits;
use super::ignore::Ignore;
use super::kept::{Kept, KeptFile, NewHash};
use super::limits::Limits;
use super::lock::HashKind;
use job::Job;

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
    lenient: bool,
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
            lenient: false,
        }
    }

    /// Takes directories as `dvc data status` does: links to nothing are listed, a `.dvcignore` within them holds. Both
    /// are errors for `dvc status`.
    pub fn lenient(mut self) -> Self {
        self.lenient = true;
        self
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

    /// The hashes of files given by their paths; `None` where one cannot be read.
    pub fn of_paths(&mut self, paths: Vec<PathBuf>, kind: HashKind) -> Vec<Option<String>> {
        let mut hash = |path: PathBuf| {
            let traits = Traits::of(&path.metadata().ok()?);
            self.files(&[Job { path, traits }], kind).ok()?.pop()
        };
        paths.into_iter().map(&mut hash).collect()
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
        let computed = job::hash_all(&todo, kind);
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

    fn is_settled(&self, traits: &Traits) -> bool {
        let newest = traits.modified_seconds().max(traits.changed.0);
        newest.saturating_add(SETTLED) < self.now
    }
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
