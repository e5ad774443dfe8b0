//! Rules on what requests run on: E8 near the time limit, E9 memory, E10 CPU, E16 cold starts.

use jiff::Timestamp;

use crate::domain::endpoint::{EndpointKind, Health, Variant};
use crate::domain::metric::{Series, VariantMetrics};

use super::window;
use super::{HealthReason, Subject, reason};

/// `InvokeEndpoint` ends a request after 60 seconds.
const NEAR_LIMIT_MS: f64 = 55_000.0;
const COLD_START_MS: f64 = 5_000.0;
const MEMORY_WARN: f64 = 85.0;
const MEMORY_CRITICAL: f64 = 95.0;
const CPU_WARN: f64 = 80.0;
const CPU_CRITICAL: f64 = 95.0;
/// Minutes that figures of saturation are averaged over.
const MINUTES: i64 = 5;

pub fn reasons(subject: &Subject<'_>) -> Vec<HealthReason> {
    let mut reasons = Vec::new();
    for (variant, metrics) in subject.measured() {
        reasons.extend(memory(subject.now, variant, metrics));
        reasons.extend(cpu(subject.now, variant, metrics));
        reasons.extend(slow(subject.now, variant, metrics));
        if subject.endpoint.kind == EndpointKind::Serverless {
            reasons.extend(cold_start(subject.now, variant, metrics));
        }
    }
    reasons
}

/// E9.
fn memory(now: Timestamp, variant: &Variant, metrics: &VariantMetrics) -> Option<HealthReason> {
    let percent = window::mean(&metrics.memory_percent, MINUTES, now)?;
    let health = match percent {
        p if p >= MEMORY_CRITICAL => Health::Critical,
        p if p >= MEMORY_WARN => Health::Warn,
        _ => return None,
    };
    Some(reason(
        health,
        Some(variant),
        window::since(&metrics.memory_percent, MEMORY_WARN),
        format!("memory {percent:.0} %"),
    ))
}

/// E10: CloudWatch counts 100 for each vCPU; without the number of them the figure says nothing.
fn cpu(now: Timestamp, variant: &Variant, metrics: &VariantMetrics) -> Option<HealthReason> {
    let vcpus = f64::from(vcpus(variant.instance_type.as_deref()?)?);
    let normal = Series {
        points: metrics
            .cpu_percent
            .points
            .iter()
            .map(|&(at, value)| (at, value / vcpus))
            .collect(),
    };
    let health = if window::holds(&normal, 5, CPU_CRITICAL, now) {
        Health::Critical
    } else if window::holds(&normal, 10, CPU_WARN, now) {
        Health::Warn
    } else {
        return None;
    };
    Some(reason(
        health,
        Some(variant),
        window::since(&normal, CPU_WARN),
        format!("CPU {:.0} %", window::mean(&normal, MINUTES, now)?),
    ))
}

/// E8.
fn slow(now: Timestamp, variant: &Variant, metrics: &VariantMetrics) -> Option<HealthReason> {
    let p99 = window::mean(&metrics.latency_p99_ms, MINUTES, now)?;
    (p99 >= NEAR_LIMIT_MS).then(|| {
        reason(
            Health::Warn,
            Some(variant),
            window::since(&metrics.latency_p99_ms, NEAR_LIMIT_MS),
            format!("p99 {:.0} s, requests end at 60 s", p99 / 1000.0),
        )
    })
}

/// E16.
fn cold_start(now: Timestamp, variant: &Variant, metrics: &VariantMetrics) -> Option<HealthReason> {
    let setup = window::mean(&metrics.model_setup_ms, MINUTES, now)?;
    (setup > COLD_START_MS).then(|| {
        reason(
            Health::Warn,
            Some(variant),
            window::since(&metrics.model_setup_ms, COLD_START_MS),
            format!("cold start {:.1} s", setup / 1000.0),
        )
    })
}

/// vCPUs of an instance type by its size: AWS gives four to each `xlarge`, with few exceptions.
fn vcpus(instance_type: &str) -> Option<u32> {
    let name = instance_type.strip_prefix("ml.").unwrap_or(instance_type);
    let (family, size) = name.split_once('.')?;
    match (family, size) {
        ("c4", "8xlarge") => Some(36),
        (_, "medium" | "large") => Some(2),
        (_, "xlarge") => Some(4),
        (_, size) => size
            .strip_suffix("xlarge")?
            .parse::<u32>()
            .ok()
            .filter(|n| (1..=1000).contains(n))
            .map(|n| 4 * n),
    }
}

#[cfg(test)]
mod tests {
    use super::vcpus;

    #[test]
    fn vcpus_by_size() {
        for (name, expected) in [
            ("ml.m5.large", Some(2)),
            ("ml.t2.medium", Some(2)),
            ("ml.m5.xlarge", Some(4)),
            ("ml.g5.12xlarge", Some(48)),
            ("ml.c4.8xlarge", Some(36)),
            ("ml.c5.18xlarge", Some(72)),
            ("ml.new.metal", None),
            ("ml.x.99999999999xlarge", None),
            ("", None),
        ] {
            assert_eq!(vcpus(name), expected, "{name}");
        }
    }
}
