//! The drop-ins that look at many revisions: metrics, params, experiments.

pub mod dag;
pub mod exp;
pub mod metrics;
pub mod params;
pub mod plots;
mod revisions;
mod shown;
