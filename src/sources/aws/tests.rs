//! The adapters over the wire of a scripted AWS.
#![allow(clippy::unwrap_used, clippy::panic)]

mod failures;
mod insights;
mod live;
mod logs;
mod money;
mod registry;
mod runs;
