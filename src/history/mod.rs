//! What is worked out once and kept on disk, in SQLite files in the user's cache folder (0600).
//!
//! Losing such a file costs time, never an answer: whatever is wrong with it, it is started anew. Several processes
//! may use one at a time.

mod database;
mod hashes;

pub use hashes::{FileHash, HashStore};
