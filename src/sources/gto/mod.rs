//! The registry of artifacts that GTO keeps in annotated Git tags: versions, stages, deprecations.
//!
//! `model@v1.0.0` registers, `model#prod` assigns a stage, a `!` takes either back, `model@deprecated` retires the
//! artifact. Order, defaults and odd corners follow GTO 1.10. Nothing here reads a repository: tags and commits
//! come in by argument.

mod annotations;
mod event;
mod semver;
mod state;
mod tag;
mod view;

pub use self::annotations::Annotation;
pub use self::event::{Event, Kind, Moment};
pub use self::state::{Artifact, Problem, Registry, StageOfVersion, Version};
pub use self::tag::{Action, Shortcut, TagName};
pub use self::view::{Limits, Sort, Wanted};

/// An annotated tag, as Git has it.
#[derive(Clone, Debug)]
pub struct Tag {
    pub name: String,
    /// The object it points to.
    pub target: String,
    pub tagger: String,
    pub email: String,
    pub at: Moment,
    pub message: String,
}

/// What is to be known of a commit that a tag points to, or of HEAD.
#[derive(Clone, Debug)]
pub struct Commit {
    pub id: String,
    pub author: String,
    pub author_email: String,
    pub committer: String,
    pub committer_email: String,
    /// When it was committed.
    pub at: Moment,
    pub message: String,
    /// The bytes of `artifacts.yaml` in it.
    pub annotations: Option<Vec<u8>>,
}

/// Everything that the registry is made from.
#[derive(Clone, Debug, Default)]
pub struct Source {
    pub tags: Vec<Tag>,
    pub commits: std::collections::HashMap<String, Commit>,
    /// The commit of HEAD.
    pub head: Option<String>,
    /// The bytes of `.gto` in the working tree.
    pub config: Option<Vec<u8>>,
}
