//! The log engine: bounded, merged by time, without duplicates. It knows neither AWS nor the screen.

pub mod ask;
pub mod block;
pub mod condition;
pub mod document;
pub mod events;
pub mod files;
pub mod filter;
pub mod histogram;
pub mod key;
pub mod level;
pub mod line;
pub mod line_set;
pub mod pattern;
pub mod pipe;
pub mod positioned;
pub mod reader;
pub mod scan;
pub mod segment;
pub mod sieve;
pub mod spool;
pub mod store;
pub mod times;
pub mod told;
pub mod view;
pub mod visit;
