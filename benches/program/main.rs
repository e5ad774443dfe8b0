//! The program as a terminal sees it: `cargo bench --bench program`.
//!
//! Starts it in a pseudo-terminal on the simulated account, served over HTTP and built in, and on an endpoint that
//! never answers; measures start, data, keys, idling, memory and leaving. Peers found on PATH are started in turn
//! with it. Prints, and asserts nothing. `cargo bench --bench program -- --quick` leaves the minute of idling out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a benchmark lives by the clock, and ends where it cannot go on"
)]

#[cfg(all(feature = "aws", target_os = "linux"))]
mod measure;
#[cfg(all(feature = "aws", target_os = "linux"))]
mod process;
#[cfg(all(feature = "aws", target_os = "linux"))]
#[path = "../../tests/support/pty/mod.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod pty;

#[cfg(all(feature = "aws", target_os = "linux"))]
fn main() {
    measure::all(std::env::args().any(|argument| argument == "--quick"));
}

#[cfg(not(all(feature = "aws", target_os = "linux")))]
fn main() {
    println!("this benchmark reads /proc and needs the feature `aws`");
}
