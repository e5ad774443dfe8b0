//! The simulated account, asked by the official SDK clients in process and by boto3 over HTTP.

mod asked;
mod boto3;
mod clients;
mod determinism;
mod faults;
mod insights;
mod live;
mod logs;
mod metrics;
mod paging;
mod protocol;
mod scenarios;
mod story;
