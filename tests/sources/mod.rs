//! The adapters on real input: repositories made here, file by file.

mod dvc;
mod dvc_damage;
mod git;
mod git_damage;
mod git_history;
mod git_kinds;
mod git_lineage;
mod git_watch;
pub mod repo;
