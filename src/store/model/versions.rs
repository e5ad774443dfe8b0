//! Code, data, models and images.

pub mod history;

use crate::domain::freshness::Fetched;
use crate::domain::history::CommitId;
use crate::domain::registry::{Image, ModelGroup};
use crate::domain::repository::Repository;

use super::super::list::ListState;

use history::{HistoryRoom, HistoryView};

#[derive(Clone, Debug, Default)]
pub struct VersionsRoom {
    pub repository: Fetched<Repository>,
    pub models: Fetched<Vec<ModelGroup>>,
    pub images: Fetched<Vec<Image>>,
    /// What is under way in the repository, whose end is waited for before it is read again.
    pub waits_for: Option<String>,
    pub history: HistoryRoom,
    pub section: VersionsSection,
    pub commits: ListState,
    pub data: ListState,
    pub model_list: ListState,
    pub image_list: ListState,
    pub refs: ListState,
}

impl VersionsRoom {
    /// The rows of the commits as they are listed: what the filter leaves, below the working tree if that differs
    /// from HEAD.
    pub fn commit_view(&self) -> HistoryView<'_> {
        let found = self.history.found.as_ref();
        let differs = self
            .repository
            .value()
            .is_some_and(|it| !it.worktree.bare && !it.worktree.is_clean());
        HistoryView {
            worktree: differs && found.is_none(),
            rows: &self.history.rows,
            found: found.map(|found| found.rows.as_slice()),
        }
    }

    /// The commit that HEAD is at.
    pub fn head(&self) -> Option<CommitId> {
        CommitId::from_hex(self.repository.value()?.head.commit.as_deref()?)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VersionsSection {
    #[default]
    Commits,
    Data,
    Models,
    Images,
    Refs,
    /// What one thing was made from, and what was made from it.
    Lineage,
    /// What lies between what serves and HEAD, or between two variants.
    Compare,
}

impl VersionsSection {
    pub const ALL: [Self; 7] = [
        Self::Commits,
        Self::Data,
        Self::Models,
        Self::Images,
        Self::Refs,
        Self::Lineage,
        Self::Compare,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Self::Commits => "Commits",
            Self::Data => "Data",
            Self::Models => "Models",
            Self::Images => "Images",
            Self::Refs => "Branches & tags",
            Self::Lineage => "Lineage",
            Self::Compare => "Diff",
        }
    }
}
