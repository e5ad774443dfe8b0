//! Around a commit: the branches and tags at it, the files it changed, and the lines of one that are blamed.

use crate::domain::history::diff::{Change, FileDelta, Kind};
use crate::domain::history::{CommitId, IdMap, IdSet};
use crate::domain::repository::Repository;

use super::super::table::{Cell, Column, Row};
use super::{left, right};

pub const FILE_COLUMNS: &[Column] = &[
    left("change", "change", 1, 1, 0),
    left("path", "path", 16, 200, 0),
    right("added", "+", 6, 2),
    right("removed", "-", 6, 2),
];

impl Row for FileDelta {
    fn id(&self) -> String {
        self.path.clone()
    }

    fn cell(&self, column: &str) -> Cell {
        match column {
            "change" => Cell::text(self.change.key()),
            "path" => Cell::name(&self.path),
            "added" => Cell::optional(self.added, |n| Cell::Count(n as f64)),
            "removed" => Cell::optional(self.removed, |n| Cell::Count(n as f64)),
            _ => Cell::Empty,
        }
    }
}

/// One letter, as Git's own short status.
pub fn letter(change: Change) -> &'static str {
    match change {
        Change::Added => "A",
        Change::Modified => "M",
        Change::Deleted => "D",
        Change::Renamed => "R",
        Change::Copied => "C",
        Change::Typechange => "T",
        Change::Conflicted => "U",
        Change::Untracked => "?",
        Change::Present => " ",
    }
}

/// `+3 -1`, or why there are no lines to count.
pub fn counted(file: &FileDelta) -> String {
    match (file.added, file.removed, file.kind) {
        (_, _, kind) if kind != Kind::Text => kind.key().to_owned(),
        (Some(added), Some(removed), _) => format!("+{added} -{removed}"),
        _ => String::new(),
    }
}

/// Rows of a blamed file are known by their place.
pub struct BlameRow;

impl BlameRow {
    pub fn id_of(place: usize) -> String {
        place.to_string()
    }
}

/// What a ref on a commit's row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LabelKind {
    Head,
    Branch,
    Tag,
    Remote,
}

/// Labels of the commits given: HEAD first, then branches, tags and remote-tracking branches, each by name.
pub fn labels<'r>(repository: &'r Repository, of: &IdSet) -> IdMap<Vec<(LabelKind, &'r str)>> {
    let mut found = IdMap::<Vec<(LabelKind, &'r str)>>::default();
    let mut add = |commit: &str, kind: LabelKind, name: &'r str| {
        if let Some(id) = CommitId::from_hex(commit).filter(|id| of.contains(id)) {
            found.entry(id).or_default().push((kind, name));
        }
    };
    let head = &repository.head;
    if head.branch.is_none()
        && let Some(commit) = &head.commit
    {
        add(commit, LabelKind::Head, "HEAD");
    }
    for branch in &repository.branches {
        let kind = match (branch.remote, branch.is_head) {
            (true, _) => LabelKind::Remote,
            (false, true) => LabelKind::Head,
            (false, false) => LabelKind::Branch,
        };
        add(&branch.commit, kind, &branch.name);
    }
    for tag in &repository.tags {
        add(&tag.commit, LabelKind::Tag, &tag.name);
    }
    for labels in found.values_mut() {
        labels.sort_unstable();
    }
    found
}
