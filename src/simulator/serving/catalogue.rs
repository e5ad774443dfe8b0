//! The metrics that there are.

use super::metrics::{ENDPOINTS, MetricName, SAGEMAKER, TRAINING};
use crate::simulator::moment::Moment;
use crate::simulator::scenario::spec::{Spec, StepKind};
use crate::simulator::world::World;

/// Every metric that was written to in the last two weeks, as `ListMetrics` tells it.
pub fn all(spec: &Spec, world: &World, now: Moment) -> Vec<MetricName> {
    let mut all = Vec::new();
    for endpoint in &spec.endpoints {
        for variant in &endpoint.variants {
            let serverless = variant.max_concurrency.is_some();
            let is_async = endpoint.async_output.is_some();
            let dimensions = [
                ("EndpointName", endpoint.name.as_str()),
                ("VariantName", variant.name.as_str()),
            ];
            let mut requests = vec![
                "Invocation4XXErrors",
                "Invocation5XXErrors",
                "InvocationModelErrors",
                "ModelLatency",
            ];
            if is_async {
                requests.extend([
                    "InvocationsProcessed",
                    "TimeInBacklog",
                    "TotalProcessingTime",
                ]);
            } else {
                requests.extend(["Invocations", "OverheadLatency"]);
            }
            if serverless {
                requests.extend([
                    "ModelSetupTime",
                    "ServerlessConcurrentExecutionsUtilization",
                ]);
            } else if !is_async {
                requests.push("InvocationsPerInstance");
            }
            all.extend(
                requests
                    .iter()
                    .map(|n| MetricName::new(SAGEMAKER, n, &dimensions)),
            );
            let mut load = vec!["MemoryUtilization"];
            if !serverless {
                load.extend(["CPUUtilization", "DiskUtilization"]);
            }
            if variant.gpu > 0.0 {
                load.extend(["GPUUtilization", "GPUMemoryUtilization"]);
            }
            all.extend(
                load.iter()
                    .map(|n| MetricName::new(ENDPOINTS, n, &dimensions)),
            );
        }
        if endpoint.async_output.is_some() {
            let dimensions = [("EndpointName", endpoint.name.as_str())];
            for name in [
                "ApproximateBacklogSize",
                "ApproximateBacklogSizePerInstance",
                "ApproximateAgeOfOldestRequest",
                "HasBacklogWithoutCapacity",
            ] {
                all.push(MetricName::new(SAGEMAKER, name, &dimensions));
            }
        }
    }
    let training = world
        .jobs
        .iter()
        .filter(|j| j.kind == StepKind::Training && j.work_start() <= now);
    for job in training {
        let host = format!("{}/algo-1", job.name);
        let dimensions = [("Host", host.as_str())];
        for name in ["CPUUtilization", "DiskUtilization", "MemoryUtilization"] {
            all.push(MetricName::new(TRAINING, name, &dimensions));
        }
    }
    all
}
