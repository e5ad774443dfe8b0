//! The simulated account, asked by the official SDK clients in process and by boto3 over HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod boto3;
mod clients;
mod determinism;
mod faults;
mod logs;
mod metrics;
mod moving;
mod paging;
mod protocol;
mod story;
