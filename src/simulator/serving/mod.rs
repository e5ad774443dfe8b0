//! Endpoints at work: traffic, the metrics of it, and the alarms over those.

pub mod alarms;
pub mod metrics;
pub mod traffic;
