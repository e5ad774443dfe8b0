//! The one integration crate: Flightdeck as a whole, seen from outside.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod architecture;
mod cli;
#[cfg(feature = "aws")]
mod doubles;
mod pollers;
mod program;
mod screens;
#[cfg(feature = "aws")]
mod simulator;
mod sources;
mod support;
#[cfg(all(feature = "aws", unix))]
mod terminal;
