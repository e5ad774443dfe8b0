//! `dvc status`: what changed since each stage last ran, as DVC tells it.

mod checksum;
mod cloud;
mod params;
mod stage;

pub use self::cloud::{Missing, Needed, Revision};
pub use self::stage::{Status, Updates};

/// What happened to an output or a dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    New,
    Modified,
    Deleted,
    NotInCache,
    UpdateAvailable,
}

impl Change {
    /// In DVC's words.
    pub fn key(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Modified => "modified",
            Self::Deleted => "deleted",
            Self::NotInCache => "not in cache",
            Self::UpdateAvailable => "update available",
        }
    }
}

/// A dependency or output that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    Whole(String, Change),
    /// A file of parameters, and those of them that changed.
    Params(String, Vec<(String, Change)>),
}

/// Why there is no status, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoStatus {
    /// What DVC refuses.
    Refused(String),
    /// What DVC breaks down at: a file that cannot be read.
    Broken(String),
}

impl From<String> for NoStatus {
    fn from(what: String) -> Self {
        Self::Refused(what)
    }
}

/// What changed about one stage or `.dvc` file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StageStatus {
    pub deps: Vec<Changed>,
    pub outs: Vec<Changed>,
    pub always_changed: bool,
    pub command_changed: bool,
    pub checksum_changed: bool,
}

impl StageStatus {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
