//! What the integration tests stand on: AWS doubles, faults, an account that points at them, a terminal.

#[cfg(feature = "aws")]
pub mod account;
#[cfg(feature = "aws")]
pub mod doubles;
#[cfg(feature = "aws")]
pub mod fault;
#[cfg(feature = "aws")]
pub mod venv;

/// Where the Python scripts and the requirements are.
#[cfg(feature = "aws")]
pub fn source_folder() -> std::path::PathBuf {
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support").into()
}
pub mod scripted;
