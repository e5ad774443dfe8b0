//! Any revision as DVC sees it, thousands of them in one go: what two revisions have in common is read once.

mod blocks;
mod data;
mod differ;
mod fault;
mod record;
mod revision;
mod tree;
mod values;

pub use self::data::Data;
pub use self::differ::{Difference, differences, flat};
pub use self::fault::Fault;
pub use self::record::{Item, Record};
pub use self::revision::{Content, Memo, Revision, StageAt, StageKind, at};
pub use self::tree::{BlobId, FileAt, Place, Tree, WorkspaceTree, is_dvc_file};
pub use self::values::{FileValues, Reader, Values, Wanted};
