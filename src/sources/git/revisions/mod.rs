//! Any commit as a tree of files, for DVC's reader: thousands of them in one go.
//!
//! Names are resolved by libgit2, objects are read by gix, which is several times faster at that. What two commits
//! have in common is read once.

mod names;
mod tree;

use std::collections::{BinaryHeap, HashSet};
use std::path::Path;

use git2::{ErrorCode, Oid};

use super::{error, open};
use crate::sources::{ErrorKind, SourceError};

pub use self::names::ExperimentRef;
pub use self::tree::{CommitTree, Trees};

/// The id of a commit, as hexadecimal digits.
pub type Sha = String;

/// The history of the Git repository around a DVC repository.
pub struct Revisions {
    git: git2::Repository,
    shared: gix::ThreadSafeRepository,
    /// The DVC repository's directory in Git's: its names, from the outside in.
    below: Vec<String>,
}

/// A repository that many threads read.
#[derive(Clone)]
pub struct Shared {
    repository: gix::ThreadSafeRepository,
    below: Vec<String>,
}

impl Shared {
    /// A reader of trees, for one thread.
    pub fn trees(&self) -> Trees {
        Trees::new(self.repository.to_thread_local(), self.below.clone())
    }
}

/// What is asked of a commit besides its tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitFacts {
    pub id: Sha,
    /// Committed, in seconds since 1970.
    pub at: i64,
    pub parents: Vec<Sha>,
}

impl Revisions {
    /// Of the repository around `root`, the directory with `.dvc` in it.
    ///
    /// # Errors
    /// Where Git is not in use, or the repository cannot be opened.
    pub fn open(root: &Path) -> Result<Self, SourceError> {
        let git = open::open(root)?;
        let top = git.workdir().unwrap_or_else(|| git.path());
        let top = top.canonicalize().unwrap_or_else(|_| top.to_owned());
        let below = root.strip_prefix(&top).unwrap_or(Path::new(""));
        let below = below.components();
        let below = below
            .map(|part| part.as_os_str().to_string_lossy().into_owned())
            .collect();
        let shared = gix::open_opts(
            git.path(),
            gix::open::Options::isolated().open_path_as_is(true),
        );
        let shared = shared.map_err(|cause| {
            let what = format!("repository {}: {cause}", root.display());
            SourceError::new("git", ErrorKind::Malformed, what)
        })?;
        Ok(Self {
            git,
            shared: shared.into_sync(),
            below,
        })
    }

    /// The DVC repository's directory in Git's; empty for the same.
    pub fn below(&self) -> String {
        self.below.join("/")
    }

    /// What threads make themselves readers of trees from.
    pub fn shared(&self) -> Shared {
        Shared {
            repository: self.shared.clone(),
            below: self.below.clone(),
        }
    }

    /// A reader of trees, for one thread.
    pub fn trees(&self) -> Trees {
        self.shared().trees()
    }

    /// Whether a tracked file differs from HEAD, or is staged to.
    pub fn is_changed(&self) -> bool {
        let mut options = git2::StatusOptions::new();
        options.include_untracked(false).include_ignored(false);
        let found = self.git.statuses(Some(&mut options));
        found.is_ok_and(|found| !found.is_empty())
    }

    /// # Errors
    /// Where the commit is not there.
    pub fn commit(&self, id: &str) -> Result<CommitFacts, SourceError> {
        let found = Oid::from_str(id).and_then(|id| self.git.find_commit(id));
        let commit = found.map_err(|cause| error::malformed(&format!("commit {id}"), &cause))?;
        Ok(facts(&commit))
    }

    /// Every commit that HEAD, a branch, a remote's branch or a tag leads to: the newest first, those of one second
    /// by id.
    ///
    /// # Errors
    /// Where the references cannot be listed. Commits that a shallow clone lacks are left out.
    pub fn all_commits(&self) -> Result<Vec<Sha>, SourceError> {
        let mut starts = Vec::new();
        if let Ok(head) = self.git.head()
            && let Ok(commit) = head.peel_to_commit()
        {
            starts.push(commit.id());
        }
        for (name, id) in self.references("refs/")? {
            if ["refs/heads/", "refs/remotes/", "refs/tags/"]
                .iter()
                .any(|base| name.starts_with(base))
                && let Ok(id) = Oid::from_str(&id)
            {
                starts.push(id);
            }
        }
        let mut seen: HashSet<Oid> = HashSet::new();
        let mut queue = BinaryHeap::new();
        let mut push = |id: Oid, queue: &mut BinaryHeap<_>| {
            if seen.insert(id)
                && let Ok(commit) = self.git.find_commit(id)
            {
                queue.push((commit.time().seconds(), std::cmp::Reverse(id)));
            }
        };
        for id in starts {
            push(id, &mut queue);
        }
        let mut commits = Vec::new();
        while let Some((_, std::cmp::Reverse(id))) = queue.pop() {
            commits.push(id.to_string());
            if let Ok(commit) = self.git.find_commit(id) {
                for parent in commit.parent_ids() {
                    push(parent, &mut queue);
                }
            }
        }
        Ok(commits)
    }

    /// The commits from `tip` back to `end`, which is left out, by first parents.
    pub fn line(&self, tip: &str, end: &str) -> Vec<CommitFacts> {
        let mut line = Vec::new();
        let mut next = Some(tip.to_owned());
        while let Some(id) = next {
            let Ok(commit) = self.commit(&id) else {
                break;
            };
            next = commit
                .parents
                .first()
                .filter(|parent| *parent != end)
                .cloned();
            line.push(commit);
        }
        line
    }
}

fn facts(commit: &git2::Commit<'_>) -> CommitFacts {
    CommitFacts {
        id: commit.id().to_string(),
        at: commit.time().seconds(),
        parents: commit.parent_ids().map(|id| id.to_string()).collect(),
    }
}

/// Not found, as opposed to damaged.
fn is_missing(cause: &git2::Error) -> bool {
    matches!(
        cause.code(),
        ErrorCode::NotFound | ErrorCode::InvalidSpec | ErrorCode::Ambiguous
    )
}
