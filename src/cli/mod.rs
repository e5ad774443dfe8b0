//! The command line: what can be asked, and the answers in text and JSON.
//!
//! The twins of the screens are library functions over `Sources`: they run the same against a real account, any
//! endpoint URL, the simulated account, and scripted sources.

pub mod args;
pub mod config;
pub mod dvc;
mod ended;
pub mod envelope;
pub mod exit;
mod gto;
pub mod headless;
mod kept;
pub mod keys;
mod logging;
pub mod logs;
pub mod open;
mod python_json;
mod run;
mod screenshot;
mod simulate;
pub mod start;
pub mod table;
pub mod themes;
mod tui;
pub mod twins;

pub use args::Cli;
pub use exit::Exit;
pub use run::main;
