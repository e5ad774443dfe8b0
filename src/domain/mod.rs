//! The nouns of the field: plain values, no I/O, no clock, no foreign service types.

pub mod alarm;
pub mod arn;
pub mod clock;
pub mod console;

pub mod cost;
pub mod endpoint;
pub mod figures;
pub mod freshness;
pub mod history;
pub mod identity;
pub mod insights;
pub mod lineage;
pub mod log;
pub mod metric;
pub mod metric_definition;
pub mod registry;
pub mod repository;
pub mod run;
pub mod safe_text;
pub mod source_error;
pub mod usage;
