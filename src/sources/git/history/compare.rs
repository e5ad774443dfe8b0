//! The files that differ between two revisions, with renames and counted lines, as far as that is bounded work.

use git2::{Delta, Diff, DiffDelta, DiffFindOptions, DiffOptions, Patch, Repository};

use crate::domain::history::diff::{About, Change, Comparison, FileDelta, Kind, Pair, Side};
use crate::sources::git::changes::lossy;
use crate::sources::git::{error, log};
use crate::sources::{ErrorKind, SourceError};

use super::distance::distance;
use super::sides::{self, LARGEST};
use super::{Stop, git2_oid, id, objects_of, tree};

/// Files that are listed.
const LISTED: usize = 2000;
/// Of a tree, all of whose files are listed.
const LISTED_OF_TREE: usize = 20_000;

/// Bytes whose lines are counted in one comparison.
const COUNTED_BYTES: u64 = 48 << 20;

/// Added and deleted files that are held against each other, to find renames with changes.
const SIMILAR: usize = 200;
const SIMILAR_BYTES: u64 = 32 << 20;

/// Tells the comparison, and where that takes long, tells it again when it is whole.
pub(super) fn compare(
    repository: &Repository,
    pair: Pair,
    stop: &Stop,
    tell: &mut dyn FnMut(Result<Comparison, SourceError>),
) {
    let mut found = match files(repository, pair, stop) {
        Ok(found) => found,
        Err(error) => return tell(Err(error)),
    };
    if let (Side::Before(_), Side::Commit(commit)) = (pair.from, pair.to) {
        match about(repository, commit) {
            Ok(about) => found.about = Some(about),
            Err(error) => return tell(Err(error)),
        }
    }
    tell(Ok(found.clone()));
    // How far HEAD is may take longer.
    if let (Some(about), Side::Commit(commit)) = (&mut found.about, pair.to)
        && let Ok(head) = repository.head().and_then(|it| it.peel_to_commit())
        && let Ok(mut objects) = objects_of(repository, 0)
        && let Ok(Some((behind, beside))) = distance(&mut objects, id(head.id()), commit, stop)
    {
        about.behind_head = Some(behind);
        about.beside_head = Some(beside);
        tell(Ok(found));
    }
}

fn about(
    repository: &Repository,
    commit: crate::domain::history::CommitId,
) -> Result<About, SourceError> {
    let commit = repository
        .find_commit(git2_oid(commit)?)
        .map_err(|cause| error::malformed(&format!("commit {commit}"), &cause))?;
    let latin = log::is_latin_message(&commit);
    let say = |bytes: &[u8]| log::text_of(bytes, latin);
    let who = |who: &git2::Signature<'_>| {
        format!("{} <{}>", say(who.name_bytes()), say(who.email_bytes()))
    };
    let (author, committer) = (commit.author(), commit.committer());
    let (author_name, committer_name) = (who(&author), who(&committer));
    Ok(About {
        committer: (author_name != committer_name).then_some(committer_name),
        author: author_name,
        authored: author.when().seconds(),
        message: say(commit.message_bytes()).trim().to_owned(),
        parents: commit.parent_ids().map(id).collect(),
        behind_head: None,
        beside_head: None,
    })
}

pub(super) fn files(
    repository: &Repository,
    pair: Pair,
    stop: &Stop,
) -> Result<Comparison, SourceError> {
    if pair.to == Side::Worktree || pair.from == Side::Worktree {
        return with_worktree(repository, pair, stop);
    }
    let (from, to) = (
        sides::tree(repository, pair.from)?,
        sides::tree(repository, pair.to)?,
    );
    let mut objects = objects_of(repository, super::CACHE_BYTES)?;
    let ids = |tree: &Option<git2::Tree<'_>>| tree.as_ref().map(|tree| id(tree.id()));
    let mut listed = Vec::new();
    let mut total = 0;
    tree::differences(&mut objects, ids(&from), ids(&to), &mut |differs| {
        total += 1;
        if listed.len() < LISTED {
            listed.push(differs);
        }
        !stop.is_set()
    })?;
    drop(objects);
    if total > listed.len() {
        return Ok(Comparison {
            files: listed.into_iter().map(plain).collect(),
            total,
            note: Some(format!(
                "the first {LISTED} files are listed; renames and lines are not worked out for so many"
            )),
            ..Comparison::default()
        });
    }
    let mut options = options();
    let diff = repository
        .diff_tree_to_tree(from.as_ref(), to.as_ref(), Some(&mut options))
        .map_err(|cause| error::malformed("comparing", &cause))?;
    whole(repository, diff, stop)
}

fn plain(differs: tree::Differs) -> FileDelta {
    let mode = differs.new.or(differs.old).map_or(0, |entry| entry.mode);
    FileDelta {
        path: differs.path,
        old_path: None,
        change: differs.change,
        kind: kind_of_mode(mode),
        added: None,
        removed: None,
    }
}

fn kind_of_mode(mode: u32) -> Kind {
    match mode & 0o170_000 {
        0o160_000 => Kind::Submodule,
        0o120_000 => Kind::Link,
        _ => Kind::Text,
    }
}

fn options() -> DiffOptions {
    let mut options = DiffOptions::new();
    options
        .context_lines(0)
        .max_size(i64::try_from(LARGEST).unwrap_or(i64::MAX))
        .include_typechange(true);
    options
}

fn with_worktree(
    repository: &Repository,
    pair: Pair,
    stop: &Stop,
) -> Result<Comparison, SourceError> {
    if repository.is_bare() {
        return Err(SourceError::new(
            "git",
            ErrorKind::Missing,
            "a bare repository has no working tree",
        ));
    }
    let backwards = pair.from == Side::Worktree;
    let other = if backwards { pair.to } else { pair.from };
    let tree = sides::tree(repository, other)?;
    let mut options = options();
    options
        .include_untracked(true)
        .recurse_untracked_dirs(false)
        .ignore_submodules(true)
        .reverse(backwards);
    let diff = repository
        .diff_tree_to_workdir_with_index(tree.as_ref(), Some(&mut options))
        .map_err(|cause| error::malformed("comparing with the working tree", &cause))?;
    whole(repository, diff, stop)
}

/// Renames, kinds and counted lines.
fn whole(
    repository: &Repository,
    mut diff: Diff<'_>,
    stop: &Stop,
) -> Result<Comparison, SourceError> {
    find_renames(repository, &mut diff)
        .map_err(|cause| error::malformed("finding renames", &cause))?;
    let total = diff.deltas().len();
    let mut comparison = Comparison {
        total,
        ..Comparison::default()
    };
    let mut left = COUNTED_BYTES;
    for at in 0..total.min(LISTED) {
        let Some(delta) = diff.get_delta(at) else {
            break;
        };
        let mut file = describe(&delta);
        let bytes = bytes(repository, &delta);
        if file.kind == Kind::Text && bytes > 2 * LARGEST {
            file.kind = Kind::Large;
        } else if file.kind == Kind::Text
            && has_lines(file.change)
            && bytes <= left
            && !stop.is_set()
        {
            left -= bytes;
            count(&diff, at, &mut file);
        }
        comparison.added += file.added.unwrap_or_default();
        comparison.removed += file.removed.unwrap_or_default();
        comparison.files.push(file);
    }
    comparison.files.sort_by(|a, b| a.path.cmp(&b.path));
    if total > LISTED {
        comparison.note = Some(format!("the first {LISTED} files are listed"));
    } else if comparison
        .files
        .iter()
        .any(|file| file.kind == Kind::Text && file.added.is_none() && has_lines(file.change))
    {
        comparison.note = Some("too much to count the lines of every file".to_owned());
    }
    Ok(comparison)
}

fn has_lines(change: Change) -> bool {
    !matches!(
        change,
        Change::Untracked | Change::Conflicted | Change::Typechange
    )
}

fn count(diff: &Diff<'_>, at: usize, file: &mut FileDelta) {
    match Patch::from_diff(diff, at) {
        Ok(Some(patch)) => {
            if patch.delta().flags().is_binary() {
                file.kind = Kind::Binary;
                if is_pointer(&patch) {
                    file.kind = Kind::Lfs;
                }
                return;
            }
            if let Ok((_, added, removed)) = patch.line_stats() {
                file.added = Some(added);
                file.removed = Some(removed);
            }
            if is_pointer(&patch) {
                file.kind = Kind::Lfs;
            }
        }
        Ok(None) => file.kind = Kind::Binary,
        Err(_) => {}
    }
}

/// Whether what changed are the lines of a Git LFS pointer.
fn is_pointer(patch: &Patch<'_>) -> bool {
    (0..patch.num_hunks().min(2)).any(|hunk| {
        let lines = patch.num_lines_in_hunk(hunk).unwrap_or(0).min(6);
        (0..lines).any(|line| {
            patch.line_in_hunk(hunk, line).is_ok_and(|line| {
                let text = line.content();
                text.starts_with(b"oid sha256:") && text.trim_ascii_end().len() == 75
            })
        })
    })
}

fn describe(delta: &DiffDelta<'_>) -> FileDelta {
    let path = |file: git2::DiffFile<'_>| file.path_bytes().map(lossy);
    let (old, new) = (path(delta.old_file()), path(delta.new_file()));
    let change = match delta.status() {
        Delta::Added => Change::Added,
        Delta::Deleted => Change::Deleted,
        Delta::Renamed => Change::Renamed,
        Delta::Copied => Change::Copied,
        Delta::Typechange => Change::Typechange,
        Delta::Conflicted => Change::Conflicted,
        Delta::Untracked => Change::Untracked,
        _ => Change::Modified,
    };
    let mode = |file: git2::DiffFile<'_>| u32::from(file.mode());
    let kinds = [mode(delta.new_file()), mode(delta.old_file())].map(kind_of_mode);
    let kind = kinds.into_iter().find(|kind| *kind != Kind::Text);
    let moved = matches!(change, Change::Renamed | Change::Copied);
    FileDelta {
        old_path: old.clone().filter(|_| moved),
        path: new.or(old).unwrap_or_default(),
        change,
        kind: kind.unwrap_or_default(),
        added: None,
        removed: None,
    }
}

/// Of both sides together.
fn bytes(repository: &Repository, delta: &DiffDelta<'_>) -> u64 {
    let of = |file: git2::DiffFile<'_>| {
        if file.size() > 0 || file.id().is_zero() {
            return file.size();
        }
        sides::size(repository, file.id()).unwrap_or_default()
    };
    of(delta.old_file()).saturating_add(of(delta.new_file()))
}

/// By content where few files came and went, and only by identity where they are many or large.
fn find_renames(repository: &Repository, diff: &mut Diff<'_>) -> Result<(), git2::Error> {
    let mut moved = 0;
    let mut size = 0u64;
    let mut sides = [false; 2];
    for delta in diff.deltas() {
        let side = match delta.status() {
            Delta::Added => 0,
            Delta::Deleted => 1,
            _ => continue,
        };
        sides[side] = true;
        moved += 1;
        if moved > SIMILAR {
            break;
        }
        size = size.saturating_add(bytes(repository, &delta));
    }
    if sides != [true; 2] {
        return Ok(());
    }
    let mut options = DiffFindOptions::new();
    options
        .renames(true)
        .rename_limit(SIMILAR)
        .exact_match_only(moved > SIMILAR || size > SIMILAR_BYTES);
    diff.find_similar(Some(&mut options))
}

/// Every file of a revision, or every tracked one of the working tree.
pub(super) fn everything(repository: &Repository, at: Side) -> Result<Comparison, SourceError> {
    let mut comparison = Comparison::default();
    let mut add = |path: String, mode: u32| {
        comparison.total += 1;
        if comparison.files.len() < LISTED_OF_TREE {
            comparison.files.push(FileDelta {
                path,
                old_path: None,
                change: Change::Present,
                kind: kind_of_mode(mode),
                added: None,
                removed: None,
            });
        }
    };
    if at == Side::Worktree {
        let index = repository
            .index()
            .map_err(|cause| error::malformed("index", &cause))?;
        for entry in index.iter() {
            add(lossy(&entry.path), entry.mode);
        }
    } else {
        let tree = sides::tree(repository, at)?.map(|tree| id(tree.id()));
        let mut objects = objects_of(repository, 0)?;
        tree::differences(&mut objects, None, tree, &mut |differs| {
            add(differs.path, differs.new.map_or(0, |entry| entry.mode));
            true
        })?;
    }
    if comparison.total > comparison.files.len() {
        comparison.note = Some(format!("the first {LISTED_OF_TREE} files are listed"));
    }
    Ok(comparison)
}
