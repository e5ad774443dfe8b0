//! Flightdeck, the terminal workbench for machine learning on AWS.

/// Subcommands: the JSON twins, `config`, `keys`, `themes`, `demo`, `simulate`.
pub mod cli;
/// Where files are, what may stand in them, and messages with file, line and key.
pub mod config;
/// The nouns: plain values without I/O.
pub mod domain;
/// Pure checks over domain values: what is wrong, since when, and why in 40 characters.
pub mod findings;
/// What is kept on disk between runs, in SQLite.
pub mod history;
/// Chords, keymaps, and the one list of commands.
pub mod keys;
/// Records of many services joined into one graph: what serves, and what it was made from.
pub mod lineage;
/// The log engine: bounded store, merge, dedup, levels, filter.
pub mod logs;
/// One task per source; speaks only in messages.
pub mod pollers;
/// The loop: receive, update, perform effects, draw.
pub mod runtime;
/// The embedded account behind `demo`.
#[cfg(feature = "aws")]
pub mod simulator;
/// The port traits and their adapters.
pub mod sources;
/// Model, messages, effects, and the only code that changes state.
pub mod store;
/// The only user of crossterm.
pub mod terminal;
/// Roles, palettes, and the loading of themes.
pub mod theme;
/// From the model to a frame: no I/O, no clock.
pub mod ui;
