//! Who wrote each line of a file: its lines are followed back through the commits that changed it.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use git2::{Delta, DiffFindOptions, DiffOptions, Patch, Repository};

use crate::domain::history::blame::{Blame, BlamedCommit, BlamedLine};
use crate::domain::history::diff::{Kind, Side};
use crate::domain::history::{CommitId, IdSet};
use crate::sources::git::error;
use crate::sources::{ErrorKind, SourceError};

use super::file::line_text;
use super::objects::Objects;
use super::sides::{self, Content};
use super::{Stop, git2_oid, id, objects_of, tree};

/// Lines that are followed.
const LINES: usize = 20_000;

/// Commits between two answers.
const STEP: usize = 8192;

/// Files that came or went in one commit, up to which renames with changes are looked for.
const SIMILAR: usize = 200;

/// A line of the file asked for, and its number (from 0) in the commit under suspicion.
type Suspect = (usize, usize);

/// A commit whose version of a path may have written lines.
type Version = (CommitId, String);

struct Work<'r> {
    repository: &'r Repository,
    objects: Objects,
    boundary: IdSet,
    queue: BinaryHeap<(i64, Reverse<usize>, Version)>,
    suspects: HashMap<Version, Vec<Suspect>>,
    blame: Blame,
    found: usize,
}

/// Tells the lines at once, and again as commits are found for them.
pub(super) fn blame(
    repository: &Repository,
    at: Side,
    path: &str,
    stop: &Stop,
    tell: &mut dyn FnMut(Result<Blame, SourceError>),
) {
    match start(repository, at, path) {
        Err(error) => tell(Err(error)),
        Ok(mut work) => {
            tell(Ok(work.blame.clone()));
            if work.blame.lines.is_empty() || work.blame.done {
                return;
            }
            if let Err(error) = work.follow(stop, tell) {
                work.blame.note = Some(error.what);
                work.blame.done = true;
                tell(Ok(work.blame));
            }
        }
    }
}

fn start<'r>(repository: &'r Repository, at: Side, path: &str) -> Result<Work<'r>, SourceError> {
    let content = sides::content(repository, at, path)?;
    if content == Content::Nothing {
        let what = format!("{path} is not in this revision");
        return Err(SourceError::new("git", ErrorKind::Missing, what));
    }
    let kind = content.kind();
    let mut blame = Blame {
        kind,
        ..Blame::default()
    };
    if matches!(kind, Kind::Text | Kind::Lfs | Kind::Link) {
        let lines = lines(content.bytes());
        if lines.len() > LINES {
            blame.note = Some(format!("the first {LINES} lines are shown"));
        }
        blame.lines = lines
            .iter()
            .take(LINES)
            .enumerate()
            .map(|(at, text)| BlamedLine {
                text: line_text(text),
                commit: None,
                there: u32::try_from(at + 1).unwrap_or(u32::MAX),
                before: None,
            })
            .collect();
    } else {
        blame.note = Some(format!("{}: it has no lines to follow", kind.key()));
        blame.done = true;
    }
    let shallow = std::fs::read_to_string(repository.commondir().join("shallow"));
    let boundary = shallow.unwrap_or_default();
    let mut work = Work {
        repository,
        objects: objects_of(repository, super::CACHE_BYTES)?,
        boundary: boundary.lines().filter_map(CommitId::from_hex).collect(),
        queue: BinaryHeap::new(),
        suspects: HashMap::new(),
        blame,
        found: 0,
    };
    let all = (0..work.blame.lines.len()).map(|at| (at, at)).collect();
    match at {
        Side::Commit(commit) => work.suspect((commit, path.to_owned()), all)?,
        Side::Worktree => work.uncommitted(path, &content, all)?,
        Side::Empty | Side::Before(_) => {}
    }
    Ok(work)
}

fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    if lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    lines
}

impl Work<'_> {
    fn suspect(&mut self, version: Version, lines: Vec<Suspect>) -> Result<(), SourceError> {
        if lines.is_empty() {
            return Ok(());
        }
        let known = self.suspects.entry(version.clone()).or_default();
        if known.is_empty() {
            let at = self.objects.head(version.0)?.at;
            self.queue.push((at, Reverse(self.found), version));
            self.found += 1;
        }
        known.extend(lines);
        Ok(())
    }

    /// Lines of the working tree that HEAD has not are written by nobody yet.
    fn uncommitted(
        &mut self,
        path: &str,
        content: &Content,
        all: Vec<Suspect>,
    ) -> Result<(), SourceError> {
        let head = self.repository.head().and_then(|it| it.peel_to_commit());
        let head = head.ok().map(|commit| id(commit.id()));
        let old = match head {
            Some(head) => sides::content(self.repository, Side::Commit(head), path)?,
            None => Content::Nothing,
        };
        let edits = Edits::between(old.bytes(), content.bytes(), path)?;
        let (mine, theirs) = edits.split(all);
        let parent = head.filter(|_| old != Content::Nothing);
        let commit = BlamedCommit {
            id: CommitId::WORKTREE,
            author: String::from("not committed"),
            at: 0,
            summary: String::from("in the working tree"),
            path: path.to_owned(),
            parent: parent.map(|head| (head, path.to_owned())),
        };
        self.write(commit, &mine, Some((&edits, old.bytes())));
        match parent {
            Some(head) => self.suspect((head, path.to_owned()), theirs),
            None => Ok(()),
        }
    }

    /// These lines came with this commit.
    fn write(&mut self, commit: BlamedCommit, mine: &[Suspect], before: Option<(&Edits, &[u8])>) {
        if mine.is_empty() {
            return;
        }
        let place = u32::try_from(self.blame.commits.len()).unwrap_or(u32::MAX);
        self.blame.commits.push(commit);
        let olds = before.map(|(edits, old)| (edits, lines(old)));
        for (line, there) in mine {
            let Some(found) = self.blame.lines.get_mut(*line) else {
                continue;
            };
            found.commit = Some(place);
            found.there = u32::try_from(there + 1).unwrap_or(u32::MAX);
            found.before = olds.as_ref().and_then(|(edits, olds)| {
                let at = edits.before(*there, &found.text, olds)?;
                let number = u32::try_from(at + 1).ok()?;
                Some((number, line_text(olds.get(at)?)))
            });
        }
    }

    fn follow(
        &mut self,
        stop: &Stop,
        tell: &mut dyn FnMut(Result<Blame, SourceError>),
    ) -> Result<(), SourceError> {
        while let Some((_, _, version)) = self.queue.pop() {
            if stop.is_set() {
                return Ok(());
            }
            let lines = self.suspects.remove(&version).unwrap_or_default();
            self.examine(version, lines)?;
            self.blame.walked += 1;
            if self.blame.walked.is_multiple_of(STEP) {
                tell(Ok(self.blame.clone()));
            }
        }
        self.blame.done = true;
        tell(Ok(self.blame.clone()));
        Ok(())
    }

    /// Passes on what the parents have as well; the rest is this commit's.
    fn examine(&mut self, version: Version, lines: Vec<Suspect>) -> Result<(), SourceError> {
        let (commit, path) = version;
        let head = self.objects.head(commit)?;
        let Some(entry) = tree::lookup(&mut self.objects, head.tree, &path)? else {
            return Ok(());
        };
        let mut parents = Vec::new();
        if !self.boundary.contains(&commit) {
            for parent in &head.parents {
                let tree = self.objects.head(*parent)?.tree;
                match tree::lookup(&mut self.objects, tree, &path)? {
                    Some(same) if same.id == entry.id => {
                        return self.suspect((*parent, path), lines);
                    }
                    Some(other) if !other.is_tree() => {
                        parents.push((*parent, path.clone(), other.id));
                    }
                    _ => {
                        if let Some((old, id)) = self.renamed(tree, head.tree, &path)? {
                            parents.push((*parent, old, id));
                        }
                    }
                }
            }
        }
        let new = self.read(entry.id)?;
        let mut mine = lines;
        let mut first: Option<(Edits, Vec<u8>)> = None;
        for (parent, old_path, old) in &parents {
            let old = self.read(*old)?;
            let edits = Edits::between(&old, &new, &path)?;
            let (kept, passed) = edits.split(mine);
            mine = kept;
            self.suspect((*parent, old_path.clone()), passed)?;
            first.get_or_insert((edits, old));
        }
        if mine.is_empty() {
            return Ok(());
        }
        let text = self.objects.text(commit)?;
        let commit = BlamedCommit {
            id: commit,
            author: text.author,
            at: head.at,
            summary: text.summary,
            path,
            parent: parents
                .first()
                .map(|(parent, path, _)| (*parent, path.clone())),
        };
        let before = first.as_ref().map(|(edits, old)| (edits, old.as_slice()));
        self.write(commit, &mine, before);
        Ok(())
    }

    fn read(&self, blob: CommitId) -> Result<Vec<u8>, SourceError> {
        let content = sides::blob(self.repository, git2_oid(blob)?, false)?;
        Ok(content.bytes().to_vec())
    }

    /// Where a file that the parent lacks came from, if it was renamed in this commit.
    fn renamed(
        &self,
        from: CommitId,
        to: CommitId,
        path: &str,
    ) -> Result<Option<(String, CommitId)>, SourceError> {
        let damaged = |cause: git2::Error| error::malformed("comparing", &cause);
        let find = |id| self.repository.find_tree(git2_oid(id)?).map_err(damaged);
        let (from, to) = (find(from)?, find(to)?);
        let mut diff = self
            .repository
            .diff_tree_to_tree(Some(&from), Some(&to), Some(&mut DiffOptions::new()))
            .map_err(damaged)?;
        let moved = diff
            .deltas()
            .filter(|delta| matches!(delta.status(), Delta::Added | Delta::Deleted))
            .count();
        let mut options = DiffFindOptions::new();
        options.renames(true).exact_match_only(moved > SIMILAR);
        diff.find_similar(Some(&mut options)).map_err(damaged)?;
        let found = diff.deltas().find(|delta| {
            let new = delta.new_file().path_bytes();
            delta.status() == Delta::Renamed && new == Some(path.as_bytes())
        });
        Ok(found.and_then(|delta| {
            let old = delta.old_file();
            let path = std::str::from_utf8(old.path_bytes()?).ok()?;
            Some((path.to_owned(), id(old.id())))
        }))
    }
}

/// The parts of a file that differ: (old start, old lines, new start, new lines), from 0.
struct Edits(Vec<(usize, usize, usize, usize)>);

impl Edits {
    fn between(old: &[u8], new: &[u8], path: &str) -> Result<Self, SourceError> {
        let damaged = |cause: git2::Error| error::malformed(path, &cause);
        let mut options = DiffOptions::new();
        options.context_lines(0).force_text(true);
        let patch =
            Patch::from_buffers(old, None, new, None, Some(&mut options)).map_err(damaged)?;
        let mut edits = Vec::with_capacity(patch.num_hunks());
        for at in 0..patch.num_hunks() {
            let (hunk, _) = patch.hunk(at).map_err(damaged)?;
            let size = |n: u32| n as usize;
            // Where a side has no lines, its start is the line before.
            let start = |start: u32, lines: u32| size(start).saturating_sub(usize::from(lines > 0));
            edits.push((
                start(hunk.old_start(), hunk.old_lines()),
                size(hunk.old_lines()),
                start(hunk.new_start(), hunk.new_lines()),
                size(hunk.new_lines()),
            ));
        }
        Ok(Self(edits))
    }

    /// Lines written here, and those the old file has, with their numbers there.
    fn split(&self, lines: Vec<Suspect>) -> (Vec<Suspect>, Vec<Suspect>) {
        let (mut mine, mut passed) = (Vec::new(), Vec::new());
        for (line, there) in lines {
            // The last edit that begins at or before this line.
            let next = self.0.partition_point(|edit| edit.2 <= there);
            match next.checked_sub(1).and_then(|at| self.0.get(at)) {
                None => passed.push((line, there)),
                Some((_, _, new, lines)) if there < new + lines => mine.push((line, there)),
                Some((old, gone, new, lines)) => {
                    passed.push((line, (old + gone) + (there - (new + lines))));
                }
            }
        }
        (mine, passed)
    }

    /// The old line that a written one took the place of: the one with the same key, else the one as far into the
    /// edit.
    fn before(&self, there: usize, text: &str, olds: &[&[u8]]) -> Option<usize> {
        let (old, gone, new, _) = *self
            .0
            .iter()
            .find(|(_, _, new, lines)| (*new..new + lines).contains(&there))?;
        let same_key = |at: &usize| {
            let old = olds
                .get(*at)
                .map(|line| line_text(line))
                .unwrap_or_default();
            key(text).is_some() && key(&old) == key(text)
        };
        if let Some(same) = (old..old + gone).find(same_key) {
            return Some(same);
        }
        // It may have been moved as well.
        let mut moved = self
            .0
            .iter()
            .flat_map(|(old, gone, ..)| *old..old + gone)
            .filter(same_key);
        match (moved.next(), moved.next()) {
            (Some(only), None) => Some(only),
            _ if gone == 0 => None,
            _ => Some(old + (there - new).min(gone - 1)),
        }
    }
}

/// What stands before the `:` or `=` of a params line.
fn key(text: &str) -> Option<&str> {
    let (key, _) = text.split_once([':', '='])?;
    let key = key.trim().trim_matches(['"', '\'']);
    (!key.is_empty()).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_before_within_and_after_an_edit() {
        // Old a b c d, new a X Y c d Z.
        let edits = Edits::between(b"a\nb\nc\nd\n", b"a\nX\nY\nc\nd\nZ\n", "f").unwrap();
        let (mine, passed) = edits.split((0..6).map(|n| (n, n)).collect());
        assert_eq!(mine, [(1, 1), (2, 2), (5, 5)]);
        assert_eq!(passed, [(0, 0), (3, 2), (4, 3)]);
    }

    #[test]
    fn lines_taken_away_move_those_after_them() {
        let edits = Edits::between(b"a\nb\nc\nd\n", b"c\nd\n", "f").unwrap();
        let (mine, passed) = edits.split(vec![(0, 0), (1, 1)]);
        assert!(mine.is_empty());
        assert_eq!(passed, [(0, 2), (1, 3)]);
    }

    #[test]
    fn the_line_before_is_the_one_with_the_same_key() {
        let old = b"epochs: 3\nlr: 0.1\n";
        let edits = Edits::between(old, b"batch: 8\nlr: 0.2\nepochs: 4\n", "f").unwrap();
        let olds = lines(old);
        assert_eq!(edits.before(1, "lr: 0.2", &olds), Some(1));
        assert_eq!(edits.before(2, "epochs: 4", &olds), Some(0));
        assert_eq!(edits.before(0, "batch: 8", &olds), Some(0));
        assert_eq!(key("  \"lr\": 0.1"), Some("lr"));
    }
}
