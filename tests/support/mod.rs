//! What the integration tests stand on: AWS doubles, faults, an account that points at them, a terminal.

pub mod account;
pub mod doubles;
pub mod fault;
pub mod microburst;
pub mod pty;
pub mod venv;

/// Where the Python scripts and the requirements are.
pub fn source_folder() -> std::path::PathBuf {
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support").into()
}
pub mod scripted;

/// The program under test: the one just built, or that of `FLIGHTDECK_BINARY` (a release build).
pub fn binary() -> std::ffi::OsString {
    std::env::var_os("FLIGHTDECK_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_flightdeck").into())
}
