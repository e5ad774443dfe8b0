//! Logs Insights on the simulated logs: a small part of its query language, and the rest refused as AWS refuses what
//! it cannot read.

mod condition;
mod operand;
mod parse;
mod pattern;
mod queries;
mod record;
mod run;
mod stats;

pub use parse::Program;
pub use pattern::pattern;
pub use queries::{Queries, Scanned, Started, State};
pub use record::Record;
pub use run::{Found, run};
