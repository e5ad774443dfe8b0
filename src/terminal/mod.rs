//! Terminal: taking it over and giving it back, events, frames, clipboard. The only user of crossterm.

mod clipboard;
mod csi;
mod decode;
mod desktop;
mod events;
mod guard;
mod input;
mod modes;
mod osc52;
mod sample;
mod screen;
mod scroll;
mod tty;

pub use clipboard::Clipboard;
pub use desktop::{Opened, open_url};
pub use events::{Event, Events};
pub use guard::Terminal;
pub use modes::Modes;
pub use sample::styled;
pub use screen::Screen;
pub use tty::Tty;
