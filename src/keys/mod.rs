//! Keys: the commands there are, and the chords that run them.

pub mod command;
