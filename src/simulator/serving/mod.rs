//! Endpoints at work: traffic, the metrics of it, and the alarms over those.

pub mod alarms;
pub mod catalogue;
pub mod metrics;
mod sample;
pub mod traffic;
