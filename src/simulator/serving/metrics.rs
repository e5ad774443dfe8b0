//! CloudWatch's metrics of the simulated account, computed from what happens.

use super::sample::Sample;
use super::traffic::{Served, Signals};
use crate::simulator::dice::Dice;
use crate::simulator::moment::{MINUTE, Moment, SECOND};
use crate::simulator::scenario::spec::{Endpoint, Spec};
use crate::simulator::world::World;

/// A minute's metrics can be read so long after its end.
pub const PUBLISHED_AFTER: i64 = 35 * SECOND;

pub const SAGEMAKER: &str = "AWS/SageMaker";
pub const ENDPOINTS: &str = "/aws/sagemaker/Endpoints";
pub const TRAINING: &str = "/aws/sagemaker/TrainingJobs";

/// Which metric, as a caller names it. Dimensions are in no order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MetricName {
    pub namespace: String,
    pub name: String,
    pub dimensions: Vec<(String, String)>,
}

impl MetricName {
    pub fn new(namespace: &str, name: &str, dimensions: &[(&str, &str)]) -> Self {
        Self {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            dimensions: dimensions
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
                .collect(),
        }
    }

    fn dimension(&self, name: &str) -> Option<&str> {
        let mut found = self.dimensions.iter().filter(|(n, _)| n == name);
        found.next().map(|(_, v)| v.as_str())
    }
}

/// The metrics as they can be read.
#[derive(Clone, Copy)]
pub struct Metrics<'a> {
    pub spec: &'a Spec,
    pub world: &'a World,
    pub start: Moment,
    pub dice: Dice,
}

impl<'a> Metrics<'a> {
    /// One period; `None` where there is nothing.
    pub fn period(
        &self,
        metric: &MetricName,
        from: Moment,
        millis: i64,
        now: Moment,
    ) -> Option<Sample> {
        let source = self.source(metric)?;
        let mut minute = from.minute();
        let mut all: Option<Sample> = None;
        while minute < from.plus(millis) && minute.plus(MINUTE + PUBLISHED_AFTER) <= now {
            if let Some(sample) = self.minute(&source, metric, minute) {
                all = Some(all.map_or(sample, |a| a.merge(sample)));
            }
            minute = minute.plus(MINUTE);
        }
        all
    }

    fn source(&self, metric: &MetricName) -> Option<Source<'a>> {
        if metric.namespace == TRAINING {
            let host = metric.dimension("Host")?;
            let (job, _) = host.split_once('/')?;
            let job = self.world.job(job)?;
            return Some(Source::Job {
                from: job.work_start(),
                until: job.full_end(),
                gpu: job.job.instance.starts_with("ml.g") || job.job.instance.starts_with("ml.p"),
                dice: job.dice,
            });
        }
        let name = metric.dimension("EndpointName")?;
        let endpoint = self.spec.endpoints.iter().find(|e| e.name == name)?;
        let Some(variant) = metric.dimension("VariantName") else {
            return Some(Source::Endpoint(endpoint));
        };
        let variant = endpoint.variants.iter().find(|v| v.name == variant)?;
        Some(Source::Variant(Served {
            endpoint,
            variant,
            start: self.start,
            dice: self.dice,
        }))
    }

    fn minute(&self, source: &Source<'_>, metric: &MetricName, minute: Moment) -> Option<Sample> {
        match source {
            Source::Variant(served) => {
                let signals = served.minute(minute)?;
                match metric.namespace.as_str() {
                    SAGEMAKER => requests(served, &metric.name, &signals),
                    ENDPOINTS => instances(served, &metric.name, &signals),
                    _ => None,
                }
            }
            Source::Endpoint(endpoint) if metric.namespace == SAGEMAKER => {
                self.backlog(endpoint, &metric.name, minute)
            }
            Source::Endpoint(_) => None,
            Source::Job {
                from,
                until,
                gpu,
                dice,
            } => {
                if minute < *from || minute >= *until {
                    return None;
                }
                let dice = dice.of("load").at(minute.0 / MINUTE);
                let near = |centre: f64, spread: f64, name: &str| {
                    (centre + spread * dice.of(name).normal()).clamp(0.5, 100.0)
                };
                let value = match metric.name.as_str() {
                    "CPUUtilization" => 4.0 * near(62.0, 7.0, "cpu"),
                    "MemoryUtilization" => near(48.0, 2.0, "memory"),
                    "DiskUtilization" => near(21.0, 0.3, "disk"),
                    "GPUUtilization" if *gpu => near(91.0, 4.0, "gpu"),
                    "GPUMemoryUtilization" if *gpu => near(86.0, 1.0, "gpu memory"),
                    _ => return None,
                };
                Some(Sample::flat(value, 1.0))
            }
        }
    }

    fn backlog(&self, endpoint: &Endpoint, name: &str, minute: Moment) -> Option<Sample> {
        endpoint.async_output.as_ref()?;
        let dice = self
            .dice
            .of(&endpoint.name)
            .of("backlog")
            .at(minute.0 / MINUTE);
        let waiting = (4.0 + 3.0 * dice.normal()).max(0.0).round();
        let value = match name {
            "ApproximateBacklogSize" => waiting,
            "ApproximateBacklogSizePerInstance" => {
                waiting / f64::from(endpoint.variants[0].instances.max(1))
            }
            "ApproximateAgeOfOldestRequest" => waiting * 4.2,
            "HasBacklogWithoutCapacity" => 0.0,
            _ => return None,
        };
        Some(Sample::flat(value, 1.0))
    }
}

enum Source<'a> {
    Variant(Served<'a>),
    Endpoint(&'a Endpoint),
    Job {
        from: Moment,
        until: Moment,
        gpu: bool,
        dice: Dice,
    },
}

fn requests(served: &Served<'_>, name: &str, signals: &Signals) -> Option<Sample> {
    let n = signals.invocations;
    let is_async = served.endpoint.async_output.is_some();
    let serverless = served.variant.max_concurrency.is_some();
    let micros = 1000.0;
    Some(match name {
        // Asynchronous endpoints publish neither of these two.
        "Invocations" if !is_async => Sample::events(n, n),
        "InvocationsPerInstance" if !is_async && !serverless => {
            let instances = f64::from(served.variant.instances.max(1));
            Sample {
                sum: n / instances,
                ..Sample::events(n, n)
            }
        }
        _ if n <= 0.0 => return None,
        "Invocation5XXErrors" => Sample::events(signals.errors_5xx, n),
        "Invocation4XXErrors" => Sample::events(signals.errors_4xx, n),
        "InvocationModelErrors" => Sample::events(signals.errors_5xx, n),
        "ModelLatency" => Sample::spread(signals.p50_ms * micros, signals.p99_ms * micros, n),
        "OverheadLatency" if !is_async => {
            let slowest = if signals.cold_starts > 0.0 {
                signals.setup_ms
            } else {
                signals.overhead_ms * 6.0
            };
            Sample::spread(signals.overhead_ms * micros, slowest * micros, n)
        }
        "ModelSetupTime" if serverless && signals.cold_starts > 0.0 => Sample::spread(
            signals.setup_ms * micros,
            signals.setup_ms * 1.6 * micros,
            signals.cold_starts,
        ),
        "ServerlessConcurrentExecutionsUtilization" if serverless => {
            let limit = f64::from(served.variant.max_concurrency.unwrap_or(1).max(1));
            Sample::flat((n / 60.0 * signals.p50_ms / 1000.0 / limit).min(1.0), 1.0)
        }
        "TimeInBacklog" if is_async => Sample::spread(4200.0, 19_000.0, n),
        "TotalProcessingTime" if is_async => {
            Sample::spread(signals.p50_ms + 4300.0, signals.p99_ms + 19_100.0, n)
        }
        "InvocationsProcessed" if is_async => Sample::events(n, n),
        _ => return None,
    })
}

fn instances(served: &Served<'_>, name: &str, signals: &Signals) -> Option<Sample> {
    let serverless = served.variant.max_concurrency.is_some();
    let count = f64::from(served.variant.instances.max(1));
    Some(match name {
        "MemoryUtilization" => Sample::flat(signals.memory, count),
        "CPUUtilization" if !serverless => Sample::spread(signals.cpu, signals.cpu * 1.25, count),
        "DiskUtilization" if !serverless => Sample::flat(17.4, count),
        "GPUUtilization" if served.variant.gpu > 0.0 => {
            Sample::spread(signals.gpu, signals.gpu * 1.1, count)
        }
        "GPUMemoryUtilization" if served.variant.gpu > 0.0 => Sample::flat(64.0, count),
        _ => return None,
    })
}
