//! Git, by libgit2, and (through the trees it reads) DVC's files: the adapter behind `VersionSource`.
//!
//! Nothing here writes: not the index, not a lock, not a cache. Everything blocks: call it from a blocking thread.

mod artifacts;
mod branches;
mod changes;
mod error;
mod folders;
mod head;
mod head_tree;
mod history;
mod lineage;
mod link;
mod log;
mod newest;
mod open;
mod project;
mod range;
mod revisions;
mod tags;
mod watch;
mod workspace_tree;
mod worktrees;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::clock::{Clock, WallClock};
use crate::domain::lineage::code::Code;
use crate::domain::lineage::difference::Between;
use crate::domain::repository::{DataVersions, Repository, RevRange};
use crate::sources::dvc;
use crate::sources::{Answer, HistorySource, Partial, SourceError, VersionSource, Watched};

pub use self::artifacts::artifacts;
pub use self::newest::newest_commit;
pub use self::project::ProjectGit;
pub use self::revisions::{CommitFacts, CommitTree, ExperimentRef, Revisions, Sha, Trees};

use self::branches::Distances;
use self::watch::Watch;

/// The repository that holds a directory.
pub struct GitVersions {
    dir: PathBuf,
    /// The hashes of data.
    kept: Box<dyn dvc::Kept>,
    /// Its own lock, so that a poll never waits for a long snapshot.
    watch: Mutex<Watch>,
    memo: Mutex<Memo>,
    /// Of its own, too: histories are walked for a while.
    lineage: Mutex<lineage::Memo>,
}

/// What later snapshots need not find out again.
#[derive(Default)]
struct Memo {
    distances: Distances,
    data: dvc::Memo,
    /// Files of DVC in the working tree, and the folders of its experiments under way.
    dvc_files: Vec<PathBuf>,
}

/// Files of DVC that are watched.
const WATCHED: usize = 500;

impl GitVersions {
    /// Never fails and touches no disk: the repository is looked for at the first call.
    pub fn open(dir: &Path) -> Self {
        Self::with_hashes(dir, Box::<dvc::KeptInMemory>::default())
    }

    /// The same with a place where the hashes of data are kept.
    pub fn with_hashes(dir: &Path, kept: Box<dyn dvc::Kept>) -> Self {
        Self {
            dir: dir.to_owned(),
            kept,
            watch: Mutex::default(),
            memo: Mutex::default(),
            lineage: Mutex::default(),
        }
    }

    /// The full id of the commit that `name` means: a branch, a tag, `HEAD~2`, or an id cut to 4 or more digits.
    ///
    /// `None` where it means nothing, or more than one commit.
    pub fn resolve(&self, name: &str) -> Option<String> {
        link::resolve(&open::open(&self.dir).ok()?, name)
    }

    /// How many commits HEAD has that `commit` (anything that `resolve` takes) has not.
    pub fn behind(&self, commit: &str) -> Option<usize> {
        link::behind(&open::open(&self.dir).ok()?, commit)
    }
}

impl VersionSource for GitVersions {
    /// Counts changes rather than hashing content: the same number means that nothing was seen to change.
    ///
    /// While another Git command is writing, the number stays, so that no half-done state is read.
    fn fingerprint(&self) -> Result<u64, SourceError> {
        lock(&self.watch).poll(|| {
            let repository = open::open(&self.dir)?;
            Ok(watch::GitDirs::of(&repository))
        })
    }

    fn range(&self, rev: &str, limit: usize) -> Answer<RevRange> {
        range::read(&open::open(&self.dir)?, rev, limit)
    }

    fn watched(&self) -> Vec<Watched> {
        let mut watched = lock(&self.watch).watched();
        watched.extend(lock(&self.memo).dvc_files.iter().map(|path| Watched {
            path: path.clone(),
            recursive: false,
        }));
        watched
    }

    fn waits_for(&self) -> Option<String> {
        lock(&self.watch).waits_for.map(str::to_owned)
    }

    fn history(&self) -> Option<Arc<dyn HistorySource>> {
        Some(Arc::new(history::GitHistory::new(&self.dir)))
    }

    fn snapshot(&self, log_limit: usize) -> Answer<Repository> {
        let repository = open::open(&self.dir)?;
        let mut memo = lock(&self.memo);
        let mut missing = Vec::new();
        let base = watch::GitDirs::of(&repository).stamp();

        let (head, head_commit) = head::read(&repository)?;
        let branches = branches::read(&repository, &mut memo.distances, &mut missing);
        let tags = tags::read(&repository, &mut missing);
        let (log, log_complete) = log::read(&repository, head_commit, log_limit, &mut missing);

        let worktrees = worktrees::linked(&repository, &mut missing);
        let submodules = worktrees::submodules(&repository, &mut missing);

        let mut files = watch::Files::default();
        let worktree = changes::read(&repository, &mut files, &mut missing);
        let workspace = workspace_tree::WorkspaceTree::open(&repository, &worktree.untracked);
        memo.dvc_files = workspace
            .as_ref()
            .map(|it| it.watched(WATCHED))
            .unwrap_or_default();
        let mut pinned = watch::Files::default();
        for path in &memo.dvc_files {
            pinned.add(path);
        }
        let data = read_data(
            &repository,
            head_commit,
            workspace,
            &*self.kept,
            &mut memo.data,
            &mut files,
        );

        let mut watch = lock(&self.watch);
        watch.settle(watch::GitDirs::of(&repository), base, files, pinned);
        if memo.data.unfinished {
            watch.unfinished();
        }
        drop(watch);
        let path = repository.workdir().unwrap_or_else(|| repository.path());
        Ok(Partial {
            value: Repository {
                path: path.to_string_lossy().trim_end_matches('/').to_owned(),
                head,
                branches,
                tags,
                log,
                log_complete,
                worktree,
                worktrees,
                submodules,
                data,
            },
            missing,
        })
    }

    fn code(&self, revisions: &[String], commits: &[String]) -> Answer<Code> {
        let repository = open::open(&self.dir)?;
        lineage::code(&repository, &mut lock(&self.lineage), revisions, commits)
    }

    fn between(&self, from: &str, to: &str) -> Answer<Between> {
        lineage::between(&open::open(&self.dir)?, from, to)
    }
}

/// What DVC says at HEAD and in the working tree; `None` where DVC is not in use.
fn read_data(
    repository: &git2::Repository,
    head: Option<git2::Oid>,
    workspace: Option<workspace_tree::WorkspaceTree>,
    kept: &dyn dvc::Kept,
    memo: &mut dvc::Memo,
    files: &mut watch::Files,
) -> Option<DataVersions> {
    let tree = head
        .and_then(|id| repository.find_commit(id).ok())
        .map(|commit| commit.tree_id());
    let head_index = tree.and_then(|id| {
        let head_tree = head_tree::HeadTree::open(repository, id)?;
        Some(memo.head(&id.to_string(), || dvc::Index::read(&head_tree)))
    });
    let mut watch = |path: &Path| files.add(path);
    let tree = workspace
        .as_ref()
        .zip(repository.workdir())
        .map(|(files, root)| dvc::Workspace {
            root,
            files,
            watch: &mut watch,
            moment: dvc::Moment {
                kept,
                // Files have the time of the wall, whatever clock the account has.
                now: WallClock.now().as_second(),
            },
        });
    let mut data = dvc::combine(head_index.as_deref(), tree, memo)?;
    if workspace.is_some_and(|it| it.cut) {
        data.problems.push((
            String::from("."),
            String::from("too many untracked files to search for DVC's"),
        ));
    }
    Some(data)
}

/// A panic elsewhere leaves these values whole: each is replaced, not edited, or only a memo.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
