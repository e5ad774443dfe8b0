use super::super::seen;
use super::{Twin, one};
use crate::support::account::Account;
use crate::support::doubles::{REGIONS, Seeded, shared};

fn compare(seeded: &Seeded, twin: &Twin) {
    let seen = seen(seeded);
    let seen = seen["endpoints"].as_array().unwrap();
    assert_eq!(twin.items().len(), seen.len());
    for theirs in seen {
        let ours = one(twin.items(), "name", &theirs["name"]);
        for member in ["raw_status", "config", "failure_reason"] {
            assert_eq!(ours[member], theirs[member], "{member} of {ours}");
        }
        let variants = ours["variants"].as_array().unwrap();
        let expected = theirs["variants"].as_array().unwrap();
        assert_eq!(variants.len(), expected.len(), "{ours}");
        for theirs in expected {
            let ours = one(variants, "name", &theirs["name"]);
            for member in [
                "model",
                "weight",
                "desired_weight",
                "instances",
                "desired_instances",
                "instance_type",
            ] {
                assert_eq!(ours[member], theirs[member], "{member} of {ours}");
            }
            assert_eq!(
                ours["memory_mb"].is_null(),
                theirs["serverless"] == false,
                "{ours}"
            );
        }
        let serverless = expected.iter().any(|v| v["serverless"] == true);
        assert_eq!(
            ours["kind"],
            if serverless {
                "serverless"
            } else {
                "real_time"
            }
        );
        let health = &ours["health"];
        match theirs["raw_status"].as_str().unwrap() {
            "Failed" => assert_eq!(health, "critical", "{ours}"),
            "Mending" => assert_ne!(health, "ok", "nobody knows what Mending is: {ours}"),
            _ => {}
        }
    }
}

#[test]
fn endpoints_with_variants_metrics_and_alarms_in_both_regions() {
    let account = Account::of(shared());
    for seeded in REGIONS {
        let twin = Twin::ask(&account, seeded.region, &["endpoints"]);
        compare(&seeded, &twin);
        let measured = one(
            twin.items(),
            "name",
            &format!("churn-{}-0", seeded.seed).into(),
        );
        for variant in measured["variants"].as_array().unwrap() {
            let rate = variant["invocations_per_min"].as_f64();
            assert!(
                rate.is_some_and(|n| (50.0..=200.0).contains(&n)),
                "{variant}"
            );
            let latency = variant["p99_ms"].as_f64();
            assert!(
                latency.is_some_and(|ms| (20.0..=95.0).contains(&ms)),
                "{variant}"
            );
        }
        let alarm = &measured["alarms"][0];
        assert_eq!(alarm["name"], format!("churn-{}-0-errors", seeded.seed));
        assert_eq!(alarm["state"], "ALARM");
    }
}

/// The Rust client of CloudWatch speaks CBOR, which moto does not.
#[test]
fn moto_alone_lacks_cloudwatch_and_nothing_else() {
    let account = Account::at(&shared().moto.url);
    let twin = Twin::ask(&account, REGIONS[0].region, &["endpoints"]);
    compare(&REGIONS[0], &twin);
    assert_eq!(twin.code, Some(3));
    for (source, _) in twin.failures() {
        assert!(source.starts_with("cloudwatch:"), "{source} failed too");
    }
}

#[test]
fn the_endpoint_url_may_stand_on_the_command_line() {
    let nowhere = Account::at("http://127.0.0.1:9");
    let url = shared().moto.url.as_str();
    let twin = Twin::ask(
        &nowhere,
        REGIONS[1].region,
        &["endpoints", "--endpoint-url", url],
    );
    compare(&REGIONS[1], &twin);
}
