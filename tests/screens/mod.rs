//! Every screen as text: drawn from models into a buffer, in process.

mod asking;
mod beside;
mod calm;
mod costs;
mod deck;
mod endpoints;
mod fixtures;
mod frame;
mod logs;
mod pages;
mod popups;
mod properties;
mod render;
mod runs;
mod states;
mod versions;
