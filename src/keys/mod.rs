//! Keys: the commands there are, and the chords that run them.

pub mod chord;
pub mod command;
pub mod keymap;
mod load;
pub mod mouse;
mod read;

pub use chord::{Chord, Key};
pub use keymap::{Keymap, Origin, Resolution, Row};
