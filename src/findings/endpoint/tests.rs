#![allow(clippy::unwrap_used, clippy::panic)]

use jiff::SignedDuration;

use super::*;
use crate::domain::metric::Series;
use crate::findings::{EndpointFacts, Facts, Severity};

fn now() -> Timestamp {
    "2026-11-22T14:02:30Z".parse().unwrap()
}

fn minutes_ago(minutes: i64) -> Timestamp {
    now() - SignedDuration::from_mins(minutes)
}

/// Whole minutes: the first value is the newest, which ended at 14:02:00 as CloudWatch is late.
fn series(newest_first: &[f64]) -> Series {
    let newest: Timestamp = "2026-11-22T14:01:00Z".parse().unwrap();
    Series::new(
        newest_first
            .iter()
            .enumerate()
            .map(|(back, value)| (newest - SignedDuration::from_mins(back as i64), *value))
            .collect(),
    )
}

fn endpoint() -> Endpoint {
    Endpoint {
        name: "churn-prod".into(),
        arn: "arn".into(),
        kind: EndpointKind::RealTime,
        status: "InService".into(),
        config: "v15".into(),
        created_at: Some(minutes_ago(10_000)),
        changed_at: Some(minutes_ago(200)),
        failure_reason: None,
        variants: vec![Variant {
            name: "green".into(),
            weight: Some(1.0),
            instances: Some(2),
            desired_instances: Some(2),
            instance_type: Some("ml.m5.xlarge".into()),
            ..Variant::default()
        }],
        detailed: true,
        data_capture: None,
    }
}

fn metrics(requests: &[f64], errors: &[f64]) -> VariantMetrics {
    VariantMetrics {
        endpoint: "churn-prod".into(),
        variant: "green".into(),
        invocations: series(requests),
        errors_5xx: series(errors),
        ..VariantMetrics::default()
    }
}

fn judge(endpoint: &Endpoint, metrics: VariantMetrics, alarms: &[Alarm]) -> EndpointHealth {
    health(
        endpoint,
        &[Some(metrics)],
        alarms,
        &Thresholds::default(),
        now(),
    )
}

/// The health and the first reason of an endpoint with these minutes.
fn by_errors(requests: &[f64], errors: &[f64]) -> (Health, String) {
    let health = judge(&endpoint(), metrics(requests, errors), &[]);
    let text = health.reasons.first().map(|r| r.text.clone());
    (health.health, text.unwrap_or_default())
}

#[test]
fn server_errors() {
    let busy = &[100.0; 30];
    for (requests, errors, expected, text) in [
        (&busy[..], &[0.0; 30][..], Health::Ok, ""),
        // A share that warns.
        (
            busy,
            &[2.0; 30],
            Health::Warn,
            "5xx 2.0 %, 10 of 500 in 5 min",
        ),
        // Just below it.
        (busy, &[0.9; 30], Health::Ok, ""),
        // Two of the last three minutes.
        (
            busy,
            &[8.0, 0.0, 8.0],
            Health::Critical,
            "5xx 5.3 %, 16 of 300 in 3 min",
        ),
        // One bad minute is not critical yet.
        (busy, &[30.0], Health::Warn, "5xx 6.0 %, 30 of 500 in 5 min"),
        // Over: the last five minutes are good.
        (busy, &[0.0, 0.0, 0.0, 0.0, 0.0, 90.0, 90.0], Health::Ok, ""),
        // Too few requests to say anything.
        (&[1.0; 10], &[1.0; 10], Health::Ok, ""),
        // Enough in five minutes, but not in three.
        (
            &[4.0; 10],
            &[4.0; 10],
            Health::Warn,
            "5xx 100.0 %, 20 of 20 in 5 min",
        ),
    ] {
        assert_eq!(by_errors(requests, errors), (expected, text.to_owned()));
    }
}

#[test]
fn the_minute_that_is_not_over_does_not_count() {
    let mut metrics = metrics(&[100.0; 30], &[0.0; 30]);
    metrics.invocations = Series::new(
        metrics
            .invocations
            .points
            .iter()
            .copied()
            .chain([("2026-11-22T14:02:00Z".parse().unwrap(), 30.0)])
            .collect(),
    );
    metrics.errors_5xx = Series::new(vec![("2026-11-22T14:02:00Z".parse().unwrap(), 30.0)]);
    assert_eq!(judge(&endpoint(), metrics, &[]).health, Health::Ok);
}

#[test]
fn since_is_the_first_minute_of_the_streak() {
    // Bad for eleven minutes with one good one in between; bad once before that.
    let mut errors = vec![9.0; 11];
    errors[4] = 0.0;
    errors.extend([0.0, 0.0, 50.0]);
    let health = judge(&endpoint(), metrics(&[100.0; 30], &errors), &[]);
    assert_eq!(
        health.reasons[0].since,
        Some("2026-11-22T13:51:00Z".parse().unwrap())
    );
    assert_eq!(health.reasons[0].variant.as_deref(), Some("green"));
}

#[test]
fn client_errors_need_ten_minutes() {
    for (minutes, expected) in [(12, Health::Warn), (5, Health::Ok)] {
        let mut metrics = metrics(&[100.0; 30], &[]);
        metrics.errors_4xx = series(&vec![40.0; minutes]);
        assert_eq!(judge(&endpoint(), metrics, &[]).health, expected);
    }
}

#[test]
fn states() {
    for (status, changed, failure, expected, text) in [
        ("InService", 5, None, Health::Ok, ""),
        ("Updating", 5, None, Health::Ok, "updating"),
        ("Updating", 72, None, Health::Warn, "updating for 72m"),
        ("SystemUpdating", 5, None, Health::Ok, "maintenance by AWS"),
        ("RollingBack", 5, None, Health::Warn, "rolling back"),
        (
            "Failed",
            5,
            Some(
                "The primary container for production variant green did not pass the ping health check.",
            ),
            Health::Critical,
            "failed: container fails the ping check",
        ),
        ("OutOfService", 5, None, Health::Critical, "out of service"),
        (
            "UpdateRollbackFailed",
            5,
            None,
            Health::Critical,
            "rollback failed",
        ),
        ("Deleting", 5, None, Health::Unknown, "being deleted"),
        ("Mending", 5, None, Health::Unknown, "state Mending"),
    ] {
        let subject = Endpoint {
            status: status.into(),
            changed_at: Some(minutes_ago(changed)),
            failure_reason: failure.map(str::to_owned),
            ..endpoint()
        };
        let health = judge(&subject, metrics(&[100.0; 30], &[]), &[]);
        let shown = health.reasons.first().map_or("", |r| r.text.as_str());
        assert_eq!((health.health, shown), (expected, text), "{status}");
    }
    for (age, expected) in [(10, Health::Unknown), (45, Health::Warn)] {
        let subject = Endpoint {
            status: "Creating".into(),
            created_at: Some(minutes_ago(age)),
            ..endpoint()
        };
        assert_eq!(judge(&subject, metrics(&[], &[]), &[]).health, expected);
    }
}

#[test]
fn missing_data_is_neither_health_nor_sickness() {
    // Never fetched.
    let unknown = health(&endpoint(), &[None], &[], &Thresholds::default(), now());
    assert_eq!(unknown.health, Health::Unknown);
    // Fetched, and nobody asks it anything.
    let quiet = judge(&endpoint(), metrics(&[], &[]), &[]);
    assert_eq!(quiet.health, Health::Ok);
    assert_eq!(quiet.reasons[0].text, "no requests in the last hour");
    // Requests until twenty minutes ago, with errors: what was then is not now.
    let old: Vec<(Timestamp, f64)> = (20..40).map(|m| (minutes_ago(m), 100.0)).collect();
    let stale = judge(
        &endpoint(),
        VariantMetrics {
            invocations: Series::new(old.clone()),
            errors_5xx: Series::new(old),
            ..metrics(&[], &[])
        },
        &[],
    );
    assert_eq!(stale.health, Health::Unknown);
    assert_eq!(stale.reasons[0].text, "no requests or metrics for 20m");
    // Async endpoints count no invocations.
    let asynchronous = Endpoint {
        kind: EndpointKind::Async,
        ..endpoint()
    };
    let health = judge(&asynchronous, metrics(&[], &[]), &[]);
    assert_eq!((health.health, health.reasons.len()), (Health::Ok, 0));
}

#[test]
fn saturation() {
    let with = |set: fn(&mut VariantMetrics)| {
        let mut metrics = metrics(&[100.0; 30], &[]);
        set(&mut metrics);
        let health = judge(&endpoint(), metrics, &[]);
        let text = health.reasons.first().map(|r| r.text.clone());
        (health.health, text.unwrap_or_default())
    };
    let ok = (Health::Ok, String::new());
    assert_eq!(with(|m| m.memory_percent = series(&[80.0; 10])), ok);
    assert_eq!(
        with(|m| m.memory_percent = series(&[90.0; 10])),
        (Health::Warn, "memory 90 %".into())
    );
    assert_eq!(
        with(|m| m.memory_percent = series(&[97.0; 10])),
        (Health::Critical, "memory 97 %".into())
    );
    // 390 of 400 on four vCPUs.
    assert_eq!(
        with(|m| m.cpu_percent = series(&[390.0; 10])),
        (Health::Critical, "CPU 98 %".into())
    );
    assert_eq!(
        with(|m| m.cpu_percent = series(&[340.0; 12])),
        (Health::Warn, "CPU 85 %".into())
    );
    // Not for ten minutes.
    assert_eq!(with(|m| m.cpu_percent = series(&[340.0; 6])), ok);
    assert_eq!(
        with(|m| m.latency_p99_ms = series(&[58_000.0; 6])),
        (Health::Warn, "p99 58 s, requests end at 60 s".into())
    );
}

#[test]
fn cold_starts_matter_where_there_are_any() {
    for (kind, expected) in [
        (EndpointKind::Serverless, Health::Warn),
        (EndpointKind::RealTime, Health::Ok),
    ] {
        let subject = Endpoint { kind, ..endpoint() };
        let mut metrics = metrics(&[100.0; 30], &[]);
        metrics.model_setup_ms = series(&[7200.0; 3]);
        assert_eq!(judge(&subject, metrics, &[]).health, expected);
    }
}

#[test]
fn instances_that_do_not_come() {
    for (changed, expected) in [
        (Some(5), Health::Ok),
        (Some(30), Health::Critical),
        (None, Health::Warn),
    ] {
        let mut subject = endpoint();
        subject.changed_at = changed.map(minutes_ago);
        subject.variants[0].desired_instances = Some(4);
        let health = judge(&subject, metrics(&[100.0; 30], &[]), &[]);
        assert_eq!(health.health, expected, "{changed:?}");
    }
}

fn alarm(name: &str, state: &str) -> Alarm {
    Alarm {
        name: name.into(),
        arn: "arn".into(),
        state: state.into(),
        reason: Some("Threshold Crossed".into()),
        since: Some(minutes_ago(90)),
        namespace: None,
        metric: Some("Invocation5XXErrors".into()),
        dimensions: vec![
            ("EndpointName".into(), "churn-prod".into()),
            ("VariantName".into(), "green".into()),
        ],
        actions_enabled: true,
    }
}

#[test]
fn alarms() {
    let of = |alarm: Alarm| {
        let health = judge(&endpoint(), metrics(&[100.0; 30], &[]), &[alarm]);
        let text = health.reasons.first().map(|r| r.text.clone());
        (health.health, text.unwrap_or_default())
    };
    assert_eq!(
        of(alarm("churn-5xx", "ALARM")),
        (Health::Critical, "alarm churn-5xx".into())
    );
    assert_eq!(of(alarm("churn-5xx", "OK")), (Health::Ok, String::new()));
    assert_eq!(
        of(alarm("churn-5xx", "INSUFFICIENT_DATA")),
        (Health::Ok, "alarm without data for 90m".into())
    );
    // That scaling's own alarms alarm is how scaling works.
    let scaling = "TargetTracking-endpoint/churn-prod/variant/green-AlarmLow-1";
    assert_eq!(of(alarm(scaling, "ALARM")), (Health::Ok, String::new()));
    // Somebody else's.
    let other = Alarm {
        dimensions: vec![("EndpointName".into(), "reco".into())],
        ..alarm("reco", "ALARM")
    };
    assert_eq!(of(other), (Health::Ok, String::new()));
}

#[test]
fn a_deployment_that_will_be_rolled_back() {
    let mut subject = endpoint();
    subject.status = "Updating".into();
    subject.variants[0].status = Some("Baking".into());
    let health = judge(
        &subject,
        metrics(&[100.0; 30], &[]),
        &[alarm("churn-5xx", "ALARM")],
    );
    assert_eq!(health.reasons[0].text, "will roll back: alarm churn-5xx");
}

#[test]
fn a_variant_that_gets_nothing() {
    let mut subject = endpoint();
    subject.variants.push(Variant {
        name: "blue".into(),
        weight: Some(1.0),
        ..Variant::default()
    });
    let all = [Some(metrics(&[100.0; 30], &[])), Some(metrics(&[], &[]))];
    let judged = health(&subject, &all, &[], &Thresholds::default(), now());
    assert_eq!(judged.reasons[0].text, "no requests for 15m at weight 1");
    assert_eq!(judged.reasons[0].variant.as_deref(), Some("blue"));
    // At so small a weight nothing is to be expected.
    subject.variants[1].weight = Some(0.001);
    let judged = health(&subject, &all, &[], &Thresholds::default(), now());
    assert_eq!(judged.health, Health::Ok);
}

#[test]
fn one_finding_tells_of_an_endpoint_and_its_alarm() {
    let (subject, alarms) = (endpoint(), [alarm("churn-5xx", "ALARM")]);
    let all = [Some(metrics(&[100.0; 30], &[9.0; 12]))];
    let thresholds = Thresholds::default();
    let judged = health(&subject, &all, &alarms, &thresholds, now());
    let facts = Facts {
        endpoints: vec![EndpointFacts {
            endpoint: &subject,
            health: &judged,
            metrics: &all,
        }],
        alarms: &alarms,
        ..Facts::new(now(), &thresholds)
    };
    let found = crate::findings::all(&facts);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].name, "churn-prod / green");
    assert_eq!(found[0].severity, Severity::Critical);
    assert_eq!(found[0].reason, "5xx 9.0 %, 27 of 300 in 3 min");
    assert!(
        found[0]
            .evidence
            .contains(&"alarm churn-5xx: Threshold Crossed".to_owned())
    );
    // An alarm of nobody's endpoint stands for itself.
    let alone = Facts {
        endpoints: Vec::new(),
        ..facts
    };
    let found = crate::findings::all(&alone);
    assert_eq!(found[0].reason, "Invocation5XXErrors of churn-prod");
    assert_eq!(found[0].severity, Severity::Warning);
}

proptest::proptest! {
    #[test]
    fn any_figures_are_judged(
        requests in proptest::collection::vec(0.0f64..1e9, 0..70),
        errors in proptest::collection::vec(0.0f64..1e9, 0..70),
        status in "\\PC{0,60}",
    ) {
        let subject = Endpoint { status, ..endpoint() };
        let judged = judge(&subject, metrics(&requests, &errors), &[]);
        for reason in judged.reasons {
            proptest::prop_assert!(reason.text.chars().count() <= REASON_LIMIT, "{}", reason.text);
        }
    }
}
