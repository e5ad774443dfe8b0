//! The log engine: bounded, merged by time, without duplicates. It knows neither AWS nor the screen.

pub mod ask;
pub mod condition;
pub mod filter;
pub mod key;
pub mod level;
pub mod line;
pub mod pattern;
pub mod store;
pub mod told;
pub mod visit;
