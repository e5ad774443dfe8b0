//! The program as a terminal sees it: `cargo bench --bench program`.
//!
//! Starts it in a pseudo-terminal on the simulated account, served over HTTP and built in, and on an endpoint that
//! never answers; measures start, data, keys, idling, memory and leaving. Peers found on PATH are started in turn
//! with it. Then it follows a file and a pipe into which half a million lines are written at once. Prints, and asserts
//! nothing. `-- --quick` leaves the minute of idling out; `-- --following` measures the following alone, which is all
//! there is without the feature `aws`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a benchmark lives by the clock, and ends where it cannot go on"
)]

#[cfg(target_os = "linux")]
mod following;
#[cfg(all(feature = "aws", target_os = "linux"))]
mod measure;
#[cfg(target_os = "linux")]
#[cfg_attr(
    not(feature = "aws"),
    allow(dead_code, reason = "what needs the account uses the rest")
)]
mod process;
#[cfg(target_os = "linux")]
#[path = "../../tests/support/pty/mod.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod pty;
#[cfg(target_os = "linux")]
#[cfg_attr(
    not(feature = "aws"),
    allow(dead_code, reason = "what needs the account uses the rest")
)]
mod stage;
#[cfg(target_os = "linux")]
mod table;

#[cfg(target_os = "linux")]
fn main() {
    table::head();
    let is_asked = |name: &str| std::env::args().any(|argument| argument == name);
    #[cfg(feature = "aws")]
    if !is_asked("--following") {
        measure::all(is_asked("--quick"));
    }
    following::all(is_asked("--quick"));
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("this benchmark reads /proc");
}
