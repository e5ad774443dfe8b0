//! What the integration tests stand on: scripted sources, AWS doubles, faults, an account that points at them, a
//! terminal.

#[cfg(feature = "aws")]
pub mod account;
#[cfg(feature = "aws")]
pub mod doubles;
#[cfg(feature = "aws")]
pub mod fault;
#[cfg(all(feature = "aws", unix))]
pub mod lone_terminal;
#[cfg(feature = "aws")]
pub mod microburst;
#[cfg(all(feature = "aws", unix))]
pub mod pty;
pub mod scripted;
pub mod unruly;
#[cfg(feature = "aws")]
pub mod venv;

/// Where the Python scripts and the requirements are.
#[cfg(feature = "aws")]
pub fn source_folder() -> std::path::PathBuf {
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support").into()
}

/// The program under test: the one just built, or that of `FLIGHTDECK_BINARY` (a release build).
pub fn binary() -> std::ffi::OsString {
    std::env::var_os("FLIGHTDECK_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_flightdeck").into())
}
