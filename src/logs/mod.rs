//! The log engine: bounded, merged by time, without duplicates. It knows neither AWS nor the screen.

pub mod ansi;
pub mod clock;
pub mod curve;
pub mod export;
pub mod expression;
pub mod fields;
pub mod filter;
pub mod fold;
pub mod level;
pub mod line;
pub mod mask;
pub mod store;
pub mod template;
