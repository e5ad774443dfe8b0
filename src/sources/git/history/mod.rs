//! The history of a repository: walked with gix, compared with libgit2.

mod blame;
mod compare;
mod distance;
mod file;
mod find;
mod objects;
mod sides;
mod tree;
mod walk;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::domain::history::ask::Walked;
use crate::domain::history::diff::{Comparison, Pair};
use crate::domain::history::{Ask, CommitId, IdSet, Marks, Page, Told};
use crate::sources::history::{HistorySource, Stop};
use crate::sources::{ErrorKind, SourceError};

use self::objects::Objects;
use super::{error, open};

/// Trees and commits kept while history is compared commit by commit.
const CACHE_BYTES: usize = 4 << 20;

/// What was walked, for questions about all of it.
#[derive(Debug, Default)]
struct Walks {
    pages: Vec<Page>,
    number: u64,
}

#[derive(Debug)]
pub struct GitHistory {
    dir: PathBuf,
    walks: Mutex<Walks>,
}

impl GitHistory {
    /// Touches no disk.
    pub fn new(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
            walks: Mutex::default(),
        }
    }

    fn walks(&self) -> std::sync::MutexGuard<'_, Walks> {
        self.walks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self) -> Result<git2::Repository, SourceError> {
        open::open(&self.dir)
    }

    fn objects(&self, cache_bytes: usize) -> Result<Objects, SourceError> {
        objects_of(&self.open()?, cache_bytes)
    }
}

/// The same repository through gix.
fn objects_of(repository: &git2::Repository, cache_bytes: usize) -> Result<Objects, SourceError> {
    let options = gix::open::Options::isolated().open_path_as_is(true);
    let opened = gix::ThreadSafeRepository::open_opts(repository.path(), options);
    let opened = opened.map_err(|cause| {
        let what = format!("repository: {}", objects::one_line(&cause.to_string()));
        SourceError::new("git", ErrorKind::Malformed, what)
    })?;
    // As Git itself, which does not trust a commit-graph where history is cut off.
    let graph = !repository.is_shallow();
    Ok(Objects::new(opened.to_thread_local(), graph, cache_bytes))
}

/// The files that differ, at once.
pub(super) fn compare(
    repository: &git2::Repository,
    pair: Pair,
) -> Result<Comparison, SourceError> {
    compare::files(repository, pair, &Stop::default())
}

pub(super) fn id(oid: git2::Oid) -> CommitId {
    CommitId(oid.as_bytes().try_into().unwrap_or_default())
}

fn git2_oid(id: CommitId) -> Result<git2::Oid, SourceError> {
    git2::Oid::from_bytes(&id.0).map_err(|cause| error::malformed("an id", &cause))
}

/// Branches, remote-tracking ones and tags, with HEAD first; what cannot be read is named.
fn start(repository: &git2::Repository, missing: &mut Vec<SourceError>) -> walk::Start {
    let head = repository
        .head()
        .ok()
        .and_then(|it| it.peel_to_commit().ok());
    let mut start = walk::Start {
        head: head.map(|commit| id(commit.id())),
        ..walk::Start::default()
    };
    for kind in ["refs/heads/*", "refs/remotes/*", "refs/tags/*"] {
        let found = match repository.references_glob(kind) {
            Ok(found) => found,
            Err(cause) => {
                missing.push(error::malformed(kind, &cause));
                continue;
            }
        };
        for entry in found {
            let reference = match entry {
                Ok(reference) => reference,
                Err(cause) => {
                    missing.push(error::malformed("a branch or tag", &cause));
                    continue;
                }
            };
            match reference.peel(git2::ObjectType::Any) {
                Ok(object) if object.kind() == Some(git2::ObjectType::Commit) => {
                    start.tips.push(id(object.id()));
                }
                // Tags of trees and blobs have no history.
                Ok(_) => {}
                Err(cause) => {
                    let name = String::from_utf8_lossy(reference.name_bytes()).into_owned();
                    missing.push(error::malformed(&name, &cause));
                }
            }
        }
    }
    broken_refs(&repository.commondir().join("refs"), missing);
    start.tips.sort_unstable();
    start.tips.dedup();
    if repository.is_shallow() {
        let file = repository.commondir().join("shallow");
        let text = std::fs::read_to_string(file).unwrap_or_default();
        start.boundary = text
            .lines()
            .filter_map(CommitId::from_hex)
            .collect::<IdSet>();
    }
    start
}

/// Files of refs that are looked into.
const LOOSE_REFS: usize = 2000;

/// libgit2 passes over a ref that names nothing: it is named here.
fn broken_refs(refs: &Path, missing: &mut Vec<SourceError>) {
    let mut folders: Vec<PathBuf> = ["heads", "remotes", "tags"].map(|it| refs.join(it)).into();
    let mut left = LOOSE_REFS;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(path);
                continue;
            }
            if left == 0 {
                return;
            }
            left -= 1;
            let is_lock = path.extension().is_some_and(|ending| ending == "lock");
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let text = text.trim();
            if !is_lock && CommitId::from_hex(text).is_none() && !text.starts_with("ref: ") {
                let name = path.strip_prefix(refs).unwrap_or(&path).display();
                let what = format!("refs/{name}: it names no commit");
                missing.push(
                    SourceError::new("git", ErrorKind::Malformed, what)
                        .with_hint("git fsck names what is damaged"),
                );
            }
        }
    }
}

impl HistorySource for GitHistory {
    fn walk(&self, stop: &Stop, tell: &mut dyn FnMut(Page)) -> Result<Walked, SourceError> {
        let repository = self.open()?;
        let mut missing = Vec::new();
        let start = start(&repository, &mut missing);
        let shallow = !start.boundary.is_empty();
        let mut objects = objects_of(&repository, 0)?;
        drop(repository);
        let number = {
            let mut walks = self.walks();
            walks.number += 1;
            walks.pages.clear();
            walks.number
        };
        let lost = walk::walk(&mut objects, start, stop, &mut |page| {
            let mut walks = self.walks();
            if walks.number == number {
                walks.pages.push(page.clone());
            }
            drop(walks);
            tell(page);
        });
        missing.extend(lost);
        Ok(Walked { shallow, missing })
    }

    fn answer(&self, ask: &Ask, stop: &Stop, tell: &mut dyn FnMut(Told)) {
        match ask {
            Ask::Texts(ids) => self.texts(ids, stop, tell),
            Ask::Find {
                generation,
                query,
                from,
            } => {
                let pages = self.walks().pages.clone();
                let cache = if query.asks_for_paths() {
                    CACHE_BYTES
                } else {
                    0
                };
                // Without a repository there is nothing to find in, which the walk tells.
                if let Ok(mut objects) = self.objects(cache) {
                    find::find(
                        &mut objects,
                        &pages,
                        (*generation, query, *from),
                        stop,
                        tell,
                    );
                }
            }
            Ask::FindNoMore => {}
            Ask::Compare { generation, pair } => {
                let told = |answer| Told::Compared {
                    generation: *generation,
                    answer,
                };
                match self.open() {
                    Ok(repository) => compare::compare(&repository, *pair, stop, &mut |answer| {
                        tell(told(answer));
                    }),
                    Err(error) => tell(told(Err(error))),
                }
            }
            Ask::File {
                generation,
                pair,
                file,
            } => {
                let answer = self.open().and_then(|it| file::diff(&it, *pair, file));
                tell(Told::File {
                    generation: *generation,
                    answer,
                });
            }
            Ask::Tree { generation, at } => {
                let answer = self.open().and_then(|it| compare::everything(&it, *at));
                tell(Told::Tree {
                    generation: *generation,
                    answer,
                });
            }
            Ask::Blame {
                generation,
                at,
                path,
            } => {
                let mut told = |answer| {
                    tell(Told::Blame {
                        generation: *generation,
                        answer,
                    });
                };
                match self.open() {
                    Ok(repository) => blame::blame(&repository, *at, path, stop, &mut told),
                    Err(error) => told(Err(error)),
                }
            }
        }
    }
}

impl GitHistory {
    /// Texts at once, then what of DVC each commit changed. Rows that cannot be read say nothing.
    fn texts(&self, ids: &[CommitId], stop: &Stop, tell: &mut dyn FnMut(Told)) {
        let Ok(mut objects) = self.objects(CACHE_BYTES) else {
            return;
        };
        let texts = ids.iter().map(|id| {
            let text = objects.text(*id).unwrap_or_default();
            (*id, text)
        });
        tell(Told::Texts(texts.collect()));
        let mut marks = Vec::with_capacity(ids.len());
        for id in ids {
            if stop.is_set() {
                break;
            }
            let mut mark = Marks::default();
            for path in find::paths(&mut objects, *id) {
                mark.note(&path);
            }
            marks.push((*id, mark));
        }
        tell(Told::Marks(marks));
    }
}
