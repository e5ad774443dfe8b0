//! Flightdeck against independent AWS doubles: what it says must be what boto3 sees there.

mod demo_lineage;
mod faulty;
mod seeded;
mod simulated;
mod twins;

use std::sync::OnceLock;

use serde_json::Value;

use crate::support::account::Account;
use crate::support::doubles::{REGIONS, Seeded, shared};

/// What boto3 sees of everything in a seeded Region; asked once, since nobody changes it.
fn seen(seeded: &Seeded) -> &'static Value {
    static SEEN: [OnceLock<Value>; REGIONS.len()] = [OnceLock::new(), OnceLock::new()];
    let place = REGIONS.iter().position(|r| r.region == seeded.region);
    SEEN[place.expect("one of the two")].get_or_init(|| {
        let topics = [
            "identity",
            "runs",
            "endpoints",
            "alarms",
            "costs",
            "versions",
            "logs",
        ];
        Account::of(shared()).boto3(seeded.region, &topics)
    })
}
