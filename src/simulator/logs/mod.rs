//! Log text, generated for the window that is asked for: nobody writes two weeks of lines to read a page.

pub mod event;
pub mod groups;
pub mod pattern;
mod requests;
mod script;
pub mod streams;
mod template;
