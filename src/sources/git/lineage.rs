//! What the history says of single commits: what a written revision means, what a commit holds, and how far it is
//! from the main branch.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use git2::{BranchType, Delta, DiffFindOptions, DiffOptions, ErrorCode, Oid, Repository, Tree};
use jiff::Timestamp;

use super::changes::lossy;
use super::error;
use super::head_tree::HeadTree;
use super::log::{is_latin_message, text_of};
use crate::domain::lineage::code::{Code, CommitFacts, Distance, Revision, is_model};
use crate::domain::lineage::difference::Between;
use crate::domain::repository::FileChange;
use crate::sources::dvc::{AtCommit, hashes};
use crate::sources::{Answer, Partial, SourceError};

/// Trees and distances that are kept.
const KEPT: usize = 512;
/// Commits between two revisions that are looked at for changed data.
const WALKED: usize = 5000;
/// Files of DVC that are read for that.
const READ: usize = 2000;

/// What a commit's tree holds, and how far one commit is from another, never changes.
#[derive(Debug, Default)]
pub(super) struct Memo {
    trees: HashMap<Oid, Arc<AtCommit>>,
    distances: HashMap<(Oid, Oid), Distance>,
    hashes: HashMap<Oid, Option<BTreeMap<String, String>>>,
}

pub(super) fn code(
    repository: &Repository,
    memo: &mut Memo,
    revisions: &[String],
    commits: &[String],
) -> Answer<Code> {
    let mut missing = Vec::new();
    let head = repository.head().ok().and_then(|head| {
        let commit = head.peel_to_commit().ok()?;
        Some(commit.id().to_string())
    });
    let mut code = Code {
        has_repository: true,
        head,
        ..Code::default()
    };
    for written in revisions {
        let revision = resolve(repository, written);
        code.revisions.insert(written.clone(), revision);
    }
    let main = mainline(repository);
    for id in commits {
        match facts(repository, memo, id, main.as_ref(), &mut missing) {
            Ok(facts) => {
                code.commits.insert(facts.id.clone(), facts);
            }
            Err(error) => missing.push(error),
        }
    }
    Ok(Partial {
        value: code,
        missing,
    })
}

fn resolve(repository: &Repository, written: &str) -> Revision {
    let written = written.trim();
    let is_id = (4..=40).contains(&written.len()) && written.bytes().all(|b| b.is_ascii_hexdigit());
    if is_id {
        match repository.find_commit_by_prefix(written) {
            Ok(commit) => return Revision::Commit(commit.id().to_string()),
            Err(cause) if cause.code() == ErrorCode::Ambiguous => return Revision::Ambiguous,
            Err(_) => {}
        }
    }
    let object = repository.revparse_single(written).ok();
    match object.and_then(|object| object.peel_to_commit().ok()) {
        Some(commit) => Revision::Commit(commit.id().to_string()),
        None => Revision::Unknown,
    }
}

/// The branch that releases are cut from: its name and its tip.
fn mainline(repository: &Repository) -> Option<(String, Oid)> {
    for name in ["main", "master"] {
        for kind in [BranchType::Local, BranchType::Remote] {
            let shown = match kind {
                BranchType::Local => name.to_owned(),
                BranchType::Remote => format!("origin/{name}"),
            };
            if let Ok(branch) = repository.find_branch(&shown, kind)
                && let Ok(commit) = branch.get().peel_to_commit()
            {
                return Some((shown, commit.id()));
            }
        }
    }
    let head = repository.head().ok()?;
    let name = String::from_utf8_lossy(head.shorthand_bytes()).into_owned();
    Some((name, head.peel_to_commit().ok()?.id()))
}

fn facts(
    repository: &Repository,
    memo: &mut Memo,
    id: &str,
    main: Option<&(String, Oid)>,
    missing: &mut Vec<SourceError>,
) -> Result<CommitFacts, SourceError> {
    let told = |cause: &git2::Error| error::malformed(&format!("commit {id}"), cause);
    let oid = Oid::from_str(id).map_err(|cause| told(&cause))?;
    let commit = repository.find_commit(oid).map_err(|cause| told(&cause))?;
    let latin = is_latin_message(&commit);
    let at = at_commit(repository, memo, commit.tree_id());
    for (place, what) in &at.problems {
        let what = format!("{}:{place}: {what}", id.get(..7).unwrap_or(id));
        missing.push(SourceError::new(
            "dvc",
            crate::sources::ErrorKind::Malformed,
            what,
        ));
    }
    Ok(CommitFacts {
        id: id.to_owned(),
        summary: text_of(commit.summary_bytes().unwrap_or_default(), latin),
        author: text_of(commit.author().name_bytes(), latin),
        at: Timestamp::from_second(commit.time().seconds()).ok(),
        data: at.data.clone(),
        params: at.params.clone(),
        metrics: at.metrics.clone(),
        distance: main.and_then(|(name, tip)| distance(repository, memo, oid, name, *tip)),
    })
}

fn at_commit(repository: &Repository, memo: &mut Memo, tree: Oid) -> Arc<AtCommit> {
    if let Some(known) = memo.trees.get(&tree) {
        return Arc::clone(known);
    }
    let read = HeadTree::open(repository, tree).map(|files| AtCommit::read(&files));
    let found = Arc::new(read.unwrap_or_default());
    if memo.trees.len() >= KEPT {
        memo.trees.clear();
    }
    memo.trees.insert(tree, Arc::clone(&found));
    found
}

fn distance(
    repository: &Repository,
    memo: &mut Memo,
    commit: Oid,
    name: &str,
    tip: Oid,
) -> Option<Distance> {
    if let Some(known) = memo.distances.get(&(commit, tip)) {
        return Some(Distance {
            of: name.to_owned(),
            ..known.clone()
        });
    }
    let (behind, ahead) = repository.graph_ahead_behind(tip, commit).ok()?;
    let found = Distance {
        of: name.to_owned(),
        behind,
        ahead,
        data_versions: data_versions(repository, memo, commit, tip),
    };
    if memo.distances.len() >= KEPT {
        memo.distances.clear();
    }
    memo.distances.insert((commit, tip), found.clone());
    Some(found)
}

/// Commits of `tip` that `commit` has not, and that changed data. `None` where they are too many to look at.
fn data_versions(repository: &Repository, memo: &mut Memo, commit: Oid, tip: Oid) -> Option<usize> {
    let results = results(repository, memo, tip);
    let mut walk = repository.revwalk().ok()?;
    walk.push(tip).ok()?;
    walk.hide(commit).ok()?;
    let mut changed = 0;
    let mut read = 0;
    for (count, id) in walk.enumerate() {
        if count >= WALKED || read >= READ {
            return None;
        }
        let commit = repository.find_commit(id.ok()?).ok()?;
        // What a merge brings in was counted where it was made.
        if commit.parent_count() > 1 {
            continue;
        }
        let after = commit.tree().ok()?;
        let before = commit.parent(0).ok().and_then(|parent| parent.tree().ok());
        let changes = dvc_files(repository, before.as_ref(), &after)?;
        read += changes.len();
        let differs = changes.iter().any(|(path, old, new)| {
            let (old, new) = (
                recorded(repository, memo, path, *old),
                recorded(repository, memo, path, *new),
            );
            let is_data = |path: &String| !results.contains(path) && !is_model(path);
            old.keys()
                .chain(new.keys())
                .any(|path| is_data(path) && old.get(path) != new.get(path))
        });
        changed += usize::from(differs);
    }
    Some(changed)
}

/// Paths of metrics and plots.
fn results(repository: &Repository, memo: &mut Memo, commit: Oid) -> Vec<String> {
    let tree = repository
        .find_commit(commit)
        .map(|commit| commit.tree_id());
    let Ok(tree) = tree else {
        return Vec::new();
    };
    let at = at_commit(repository, memo, tree);
    let results = at.data.iter().filter(|data| data.role != "out");
    results.map(|data| data.path.clone()).collect()
}

type Changed = (String, Oid, Oid);

/// Lock and `.dvc` files that differ between two trees.
fn dvc_files(
    repository: &Repository,
    before: Option<&Tree<'_>>,
    after: &Tree<'_>,
) -> Option<Vec<Changed>> {
    let diff = repository
        .diff_tree_to_tree(before, Some(after), None)
        .ok()?;
    let files = diff.deltas().filter_map(|delta| {
        let path = delta
            .new_file()
            .path_bytes()
            .or(delta.old_file().path_bytes())?;
        let path = lossy(path);
        let name = path.rsplit('/').next().unwrap_or(&path);
        let concerns = name == "dvc.lock" || (name.len() > 4 && name.ends_with(".dvc"));
        concerns.then(|| (path, delta.old_file().id(), delta.new_file().id()))
    });
    Some(files.collect())
}

/// What a version of such a file records; nothing where it is not there or cannot be read.
fn recorded(
    repository: &Repository,
    memo: &mut Memo,
    path: &str,
    blob: Oid,
) -> BTreeMap<String, String> {
    if let Some(known) = memo.hashes.get(&blob) {
        return known.clone().unwrap_or_default();
    }
    let found = repository
        .find_blob(blob)
        .ok()
        .and_then(|blob| hashes(path, blob.content()));
    if memo.hashes.len() >= READ {
        memo.hashes.clear();
    }
    memo.hashes.insert(blob, found.clone());
    found.unwrap_or_default()
}

pub(super) fn between(repository: &Repository, from: &str, to: &str) -> Answer<Between> {
    let told = |cause: git2::Error| error::malformed(&format!("{from}..{to}"), &cause);
    let commit = |id: &str| {
        let found = Oid::from_str(id).and_then(|oid| repository.find_commit(oid));
        found.map_err(told)
    };
    let (old, new) = (commit(from)?, commit(to)?);
    let mut options = DiffOptions::new();
    options.skip_binary_check(true);
    let trees = (old.tree().map_err(told)?, new.tree().map_err(told)?);
    let mut diff = repository
        .diff_tree_to_tree(Some(&trees.0), Some(&trees.1), Some(&mut options))
        .map_err(told)?;
    // By content only where it is the same: similarity reads every changed file.
    let mut renames = DiffFindOptions::new();
    renames.renames(true).exact_match_only(true);
    diff.find_similar(Some(&mut renames)).map_err(told)?;
    let files = diff.deltas().filter_map(|delta| {
        let path = delta
            .new_file()
            .path_bytes()
            .or(delta.old_file().path_bytes())?;
        let change = match delta.status() {
            Delta::Added => "added",
            Delta::Deleted => "deleted",
            Delta::Renamed => "renamed",
            Delta::Typechange => "typechange",
            _ => "modified",
        };
        Some(FileChange {
            path: lossy(path),
            change: change.to_owned(),
        })
    });
    let files = files.collect();
    let (commits, commits_back) = repository
        .graph_ahead_behind(new.id(), old.id())
        .map_err(told)?;
    Ok(Partial::whole(Between {
        files,
        commits,
        commits_back,
    }))
}
