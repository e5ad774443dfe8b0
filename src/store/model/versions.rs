//! Code, data, models and images.

use crate::domain::freshness::Fetched;
use crate::domain::registry::{Image, ModelGroup};
use crate::domain::repository::Repository;

use super::super::list::ListState;

#[derive(Clone, Debug, Default)]
pub struct VersionsRoom {
    pub repository: Fetched<Repository>,
    pub models: Fetched<Vec<ModelGroup>>,
    pub images: Fetched<Vec<Image>>,
    pub section: VersionsSection,
    pub commits: ListState,
    pub data: ListState,
    pub model_list: ListState,
    pub image_list: ListState,
    pub refs: ListState,
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
