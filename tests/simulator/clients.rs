//! Real SDK clients whose HTTP client is the account.

use std::sync::Arc;

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_types::SdkConfig;
use aws_types::region::Region;
use flightdeck::simulator::{Scenario, SimClock, Simulator};
use jiff::{SignedDuration, Timestamp};

pub const SEED: u64 = 7;

/// Minute 0 of these tests: a Sunday afternoon.
pub fn start() -> Timestamp {
    "2025-11-23T14:00:00Z".parse().unwrap()
}

/// The working day, standing still some minutes after minute 0.
pub fn simulator_at(minutes: f64) -> Arc<Simulator> {
    let at = start() + SignedDuration::from_secs_f64(minutes * 60.0);
    let scenario = Scenario::builtin("working-day").unwrap();
    Simulator::new(scenario, SEED, Arc::new(SimClock::fixed(at)), start())
}

pub fn config(simulator: &Arc<Simulator>) -> SdkConfig {
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(simulator.region().to_owned()))
        .credentials_provider(aws_credential_types::provider::SharedCredentialsProvider::new(
            Credentials::for_tests(),
        ))
        .http_client(simulator.http_client())
        .sleep_impl(aws_smithy_async::rt::sleep::SharedAsyncSleep::new(
            aws_smithy_async::rt::sleep::TokioSleep::new(),
        ))
        .build()
}

pub fn sagemaker(minutes: f64) -> aws_sdk_sagemaker::Client {
    aws_sdk_sagemaker::Client::new(&config(&simulator_at(minutes)))
}
