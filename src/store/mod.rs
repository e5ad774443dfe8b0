//! The state of the whole program, and the only code that changes it.
//!
//! `update` is pure: it takes the model, the time and a message, and answers with effects, which are data.

pub mod effect;
pub mod filter;
pub mod folds;
pub mod list;
pub mod log_ask;
pub mod model;
pub mod msg;
pub mod pages;
pub mod palette;
pub mod query_news;
pub mod rows;
pub mod saved_queries;
pub mod settled;
pub mod table;
pub mod tables;
pub mod text_field;
pub mod update;
