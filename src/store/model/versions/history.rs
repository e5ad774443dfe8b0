//! The commits that were walked, what is known of them, and what is looked at closely.

use crate::domain::history::ask::Generation;
use crate::domain::history::blame::Blame;
use crate::domain::history::diff::{Comparison, FileDelta, FileDiff, Pair, Side};
use crate::domain::history::query::CommitQuery;
use crate::domain::history::{CommitId, CommitText, IdMap, IdSet, Marks, Page, Row};
use crate::domain::source_error::SourceError;

use super::super::super::list::ListState;

#[derive(Clone, Debug, Default)]
pub struct HistoryRoom {
    /// Numbers the walks: what an older one tells is dropped.
    pub walk: u64,
    pub state: WalkState,
    pub rows: Rows,
    /// The rows of a newer walk, until it is whole: meanwhile the older ones are shown.
    pub coming: Option<Rows>,
    /// Branches, tags or HEAD are elsewhere since the walk began.
    pub outdated: bool,
    /// A shallow clone.
    pub shallow: bool,
    /// What the last walk could not read.
    pub missing: Vec<SourceError>,
    /// The last walk failed as a whole.
    pub failure: Option<SourceError>,
    pub texts: IdMap<CommitText>,
    pub marks: IdMap<Marks>,
    /// Rows whose texts and marks were asked for last.
    pub asked: IdSet,
    /// What the filter leaves; `None` without one.
    pub found: Option<Found>,
    /// Numbers questions that replace each other.
    pub generation: Generation,
    /// The commit that the selected one is compared with.
    pub marked: Option<CommitId>,
    /// An id, maybe a short one, to be selected when it comes.
    pub sought: Option<String>,
    pub detail: Detail,
}

impl HistoryRoom {
    pub fn next_generation(&mut self) -> Generation {
        self.generation += 1;
        self.generation
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WalkState {
    #[default]
    Never,
    Walking,
    Whole,
}

/// Rows in the pages they came in.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    pages: Vec<Page>,
    /// The place of each page's first row.
    starts: Vec<usize>,
    len: usize,
    /// The widest graph of any row, in lanes.
    lanes: usize,
}

impl Rows {
    pub fn push(&mut self, page: Page) {
        let width = page.0.iter().map(|row| row.lanes.width()).max();
        self.lanes = self.lanes.max(width.unwrap_or(0));
        self.starts.push(self.len);
        self.len += page.0.len();
        self.pages.push(page);
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub fn lanes(&self) -> usize {
        self.lanes
    }

    pub fn get(&self, place: usize) -> Option<&Row> {
        let page = self.starts.partition_point(|start| *start <= place);
        let page = page.checked_sub(1)?;
        let start = self.starts.get(page)?;
        self.pages.get(page)?.0.get(place - start)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Row> {
        self.pages.iter().flat_map(|page| page.0.iter())
    }

    pub fn place(&self, id: CommitId) -> Option<usize> {
        self.iter().position(|row| row.id == id)
    }

    /// The first commit whose id begins with these digits, four at least.
    pub fn starting_with(&self, digits: &str) -> Option<CommitId> {
        if digits.len() < 4 {
            return None;
        }
        if let Some(id) = CommitId::from_hex(digits) {
            return self.place(id).map(|_| id);
        }
        let whole = CommitId::from_hex(&format!("{digits:0<40}"))?;
        let bytes = digits.len() / 2;
        self.iter()
            .map(|row| row.id)
            .find(|id| id.0[..bytes] == whole.0[..bytes] && id.to_string().starts_with(digits))
    }
}

/// What a filter leaves, as far as was looked.
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub generation: Generation,
    pub query: CommitQuery,
    /// Places among the rows.
    pub rows: Vec<u32>,
    pub looked_at: usize,
    pub done: bool,
}

/// The list as it is shown.
#[derive(Clone, Copy, Debug)]
pub struct HistoryView<'m> {
    /// The first row is the working tree.
    pub worktree: bool,
    pub rows: &'m Rows,
    pub found: Option<&'m [u32]>,
}

impl<'m> HistoryView<'m> {
    pub fn len(&self) -> usize {
        usize::from(self.worktree) + self.found.map_or(self.rows.len(), <[u32]>::len)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// `None` for the working tree, and past the end.
    pub fn row(&self, at: usize) -> Option<&'m Row> {
        let at = at.checked_sub(usize::from(self.worktree))?;
        match self.found {
            Some(found) => self.rows.get(usize::try_from(*found.get(at)?).ok()?),
            None => self.rows.get(at),
        }
    }

    pub fn id(&self, at: usize) -> Option<CommitId> {
        if self.worktree && at == 0 {
            return Some(CommitId::WORKTREE);
        }
        self.row(at).map(|row| row.id)
    }

    pub fn place(&self, id: CommitId) -> Option<usize> {
        let before = usize::from(self.worktree);
        if id.is_worktree() {
            return self.worktree.then_some(0);
        }
        let place = self.rows.place(id)?;
        let place = match self.found {
            Some(found) => found.binary_search(&u32::try_from(place).ok()?).ok()?,
            None => place,
        };
        Some(place + before)
    }
}

/// What the pane beside the list is about.
#[derive(Clone, Debug, Default)]
pub struct Detail {
    /// What is compared; of one commit, its own changes.
    pub pair: Option<Pair>,
    pub generation: Generation,
    pub answer: Option<Result<Comparison, SourceError>>,
    /// The files that differ, or those of the tree.
    pub files: ListState,
    /// Every file of the revision is listed, not only those that differ.
    pub tree: Option<Tree>,
    /// Looked into, the last one on top.
    pub open: Vec<Open>,
}

#[derive(Clone, Debug)]
pub struct Tree {
    pub at: Side,
    pub generation: Generation,
    pub answer: Option<Result<Comparison, SourceError>>,
}

/// A file that is looked into.
#[derive(Clone, Debug)]
pub enum Open {
    Lines {
        pair: Pair,
        file: FileDelta,
        generation: Generation,
        answer: Option<Result<FileDiff, SourceError>>,
    },
    Blame {
        at: Side,
        path: String,
        generation: Generation,
        answer: Option<Result<Blame, SourceError>>,
        lines: ListState,
    },
}

impl Open {
    /// What it is about: another file or revision is another subject.
    pub fn subject(&self) -> String {
        match self {
            Self::Lines { pair, file, .. } => format!("{pair:?} {}", file.path),
            Self::Blame { at, path, .. } => format!("blame {at:?} {path}"),
        }
    }
}

impl Detail {
    /// What lists its files now.
    pub fn listed(&self) -> Option<&Result<Comparison, SourceError>> {
        match &self.tree {
            Some(tree) => tree.answer.as_ref(),
            None => self.answer.as_ref(),
        }
    }

    pub fn files(&self) -> &[FileDelta] {
        match self.listed() {
            Some(Ok(comparison)) => &comparison.files,
            _ => &[],
        }
    }

    pub fn selected_file(&self) -> Option<&FileDelta> {
        let path = self.files.selected.as_ref()?;
        self.files().iter().find(|file| file.path == *path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::history::Lanes;

    fn rows(sizes: &[u8]) -> Rows {
        let mut rows = Rows::default();
        let mut next = 0;
        for size in sizes {
            let page: Vec<Row> = (0..*size)
                .map(|_| {
                    next += 1;
                    Row {
                        id: CommitId([next; 20]),
                        at: 0,
                        lanes: Lanes::default(),
                    }
                })
                .collect();
            rows.push(Page(page.into()));
        }
        rows
    }

    #[test]
    fn a_row_is_found_by_place_and_by_id() {
        let rows = rows(&[2, 3, 1]);
        assert_eq!(rows.len(), 6);
        for place in 0..6 {
            let row = rows.get(place).unwrap();
            assert_eq!(rows.place(row.id), Some(place));
        }
        assert!(rows.get(6).is_none());
        assert_eq!(rows.starting_with("0404040"), Some(CommitId([4; 20])));
        assert_eq!(rows.starting_with("0405"), None);
        assert_eq!(rows.starting_with("branch"), None);
    }

    #[test]
    fn the_working_tree_is_the_first_row_and_a_filter_leaves_some() {
        let rows = rows(&[3]);
        let all = HistoryView {
            worktree: true,
            rows: &rows,
            found: None,
        };
        assert_eq!(all.len(), 4);
        assert_eq!(all.id(0), Some(CommitId::WORKTREE));
        assert_eq!(all.place(CommitId([2; 20])), Some(2));
        let some = HistoryView {
            worktree: false,
            rows: &rows,
            found: Some(&[0, 2]),
        };
        assert_eq!(some.id(1), Some(CommitId([3; 20])));
        assert_eq!(some.place(CommitId([3; 20])), Some(1));
        assert_eq!(some.place(CommitId([2; 20])), None);
        assert_eq!(some.place(CommitId::WORKTREE), None);
    }
}
