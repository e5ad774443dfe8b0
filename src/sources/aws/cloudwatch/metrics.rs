//! The golden signals of every variant in as few GetMetricData calls as there can be.
//!
//! Each metric asked for is paid, whether it has data or not; two statistics of the same one cost as much as one.

use std::collections::HashMap;

use async_trait::async_trait;
use aws_sdk_cloudwatch::types::{
    Dimension, Metric, MetricDataQuery, MetricDataResult, MetricStat, ScanBy, StatusCode,
};
use jiff::{SignedDuration, Timestamp};

use super::Cloudwatch;
use crate::domain::metric::{Series, VariantMetrics};
use crate::domain::source_error::{Answer, ErrorKind, Partial, SourceError};
use crate::sources::MetricSource;
use crate::sources::aws::api::Api;
use crate::sources::aws::paging::{Page, each, read};
use crate::sources::aws::time::{datetime, timestamp};

const GET_METRIC_DATA: Api = Api::new("cloudwatch", "GetMetricData");
/// The same operation asked with percentiles: some endpoints do not know those.
const WITH_PERCENTILES: Api = Api::new("cloudwatch", "GetMetricData (percentiles)");
/// Queries that one call may hold.
const QUERIES: usize = 500;
const PERIOD_S: i32 = 60;
const INVOCATIONS: &str = "AWS/SageMaker";
const INSTANCES: &str = "/aws/sagemaker/Endpoints";

/// One series of a variant.
struct Signal {
    namespace: &'static str,
    metric: &'static str,
    stat: &'static str,
    /// From AWS's unit to ours.
    factor: f64,
    into: fn(&mut VariantMetrics) -> &mut Series,
}

const SIGNALS: [Signal; 8] = [
    Signal {
        namespace: INVOCATIONS,
        metric: "Invocations",
        stat: "Sum",
        factor: 1.0,
        into: |m| &mut m.invocations,
    },
    Signal {
        namespace: INVOCATIONS,
        metric: "Invocation5XXErrors",
        stat: "Sum",
        factor: 1.0,
        into: |m| &mut m.errors_5xx,
    },
    Signal {
        namespace: INVOCATIONS,
        metric: "Invocation4XXErrors",
        stat: "Sum",
        factor: 1.0,
        into: |m| &mut m.errors_4xx,
    },
    // Microseconds.
    Signal {
        namespace: INVOCATIONS,
        metric: "ModelLatency",
        stat: "p50",
        factor: 0.001,
        into: |m| &mut m.latency_p50_ms,
    },
    Signal {
        namespace: INVOCATIONS,
        metric: "ModelLatency",
        stat: "p99",
        factor: 0.001,
        into: |m| &mut m.latency_p99_ms,
    },
    Signal {
        namespace: INVOCATIONS,
        metric: "ModelSetupTime",
        stat: "Average",
        factor: 0.001,
        into: |m| &mut m.model_setup_ms,
    },
    Signal {
        namespace: INSTANCES,
        metric: "CPUUtilization",
        stat: "Average",
        factor: 1.0,
        into: |m| &mut m.cpu_percent,
    },
    Signal {
        namespace: INSTANCES,
        metric: "MemoryUtilization",
        stat: "Average",
        factor: 1.0,
        into: |m| &mut m.memory_percent,
    },
];

impl Signal {
    fn is_percentile(&self) -> bool {
        self.stat.starts_with('p')
    }
}

#[async_trait]
impl MetricSource for Cloudwatch {
    async fn endpoint_metrics(
        &self,
        variants: &[(String, String)],
        now: Timestamp,
    ) -> Answer<Vec<VariantMetrics>> {
        if variants.is_empty() {
            return Ok(Partial::whole(Vec::new()));
        }
        self.session.payer().await?;
        let batches: Vec<Vec<(String, String)>> = variants
            .chunks(QUERIES / SIGNALS.len())
            .map(<[_]>::to_vec)
            .collect();
        let answers = each(batches, 4, |batch| {
            let this = self.clone();
            async move { this.batch(batch, now).await }
        })
        .await;
        let mut whole = Partial::whole(Vec::new());
        for answer in answers {
            let partial = answer?;
            whole.value.extend(partial.value);
            whole.missing.extend(partial.missing);
        }
        whole.missing.dedup();
        Ok(whole)
    }
}

impl Cloudwatch {
    async fn batch(
        &self,
        variants: Vec<(String, String)>,
        now: Timestamp,
    ) -> Answer<Vec<VariantMetrics>> {
        let all: Vec<MetricDataQuery> = queries(&variants, |_| true);
        match self.ask(WITH_PERCENTILES, all, now).await {
            Ok(results) => Ok(put_together(&variants, results)),
            Err(error)
                if matches!(
                    error.kind,
                    ErrorKind::NotInRegion | ErrorKind::ServerFault | ErrorKind::Malformed
                ) =>
            {
                let plain = queries(&variants, |signal| !signal.is_percentile());
                let results = self.ask(GET_METRIC_DATA, plain, now).await?;
                let mut partial = put_together(&variants, results);
                partial.missing.push(SourceError::new(
                    GET_METRIC_DATA.to_string(),
                    error.kind,
                    format!("no latency percentiles: {}", error.what),
                ));
                Ok(partial)
            }
            Err(mut error) => {
                error.source_name = GET_METRIC_DATA.to_string();
                Err(error)
            }
        }
    }

    async fn ask(
        &self,
        api: Api,
        queries: Vec<MetricDataQuery>,
        now: Timestamp,
    ) -> Result<Vec<MetricDataResult>, SourceError> {
        let end = datetime(now);
        let start = now - SignedDuration::from_hours(1);
        // Whole minutes: an odd start would shift every period.
        let start = datetime(start - SignedDuration::from_secs(start.as_second().rem_euclid(60)));
        let queries = &queries;
        let listed = read(usize::MAX, |token| async move {
            let send = self
                .client
                .get_metric_data()
                .set_metric_data_queries(Some(queries.clone()))
                .start_time(start)
                .end_time(end)
                .scan_by(ScanBy::TimestampAscending)
                .set_next_token(token)
                .send();
            let answer = self.session.call(api, send).await?;
            Ok(Page::new(
                answer.metric_data_results().to_vec(),
                answer.next_token.clone(),
            ))
        })
        .await?;
        match listed.failure {
            Some(error) => Err(error),
            None => Ok(listed.items),
        }
    }
}

fn queries(variants: &[(String, String)], wanted: fn(&Signal) -> bool) -> Vec<MetricDataQuery> {
    let mut queries = Vec::new();
    for (index, (endpoint, variant)) in variants.iter().enumerate() {
        // Both dimensions: the endpoint's name alone finds nothing and looks like no traffic.
        let dimension =
            |name: &str, value: &str| Dimension::builder().name(name).value(value).build();
        for (number, signal) in SIGNALS.iter().enumerate() {
            if !wanted(signal) {
                continue;
            }
            let metric = Metric::builder()
                .namespace(signal.namespace)
                .metric_name(signal.metric)
                .dimensions(dimension("EndpointName", endpoint))
                .dimensions(dimension("VariantName", variant))
                .build();
            let stat = MetricStat::builder()
                .metric(metric)
                .period(PERIOD_S)
                .stat(signal.stat)
                .build();
            queries.push(
                MetricDataQuery::builder()
                    .id(format!("v{index}s{number}"))
                    .metric_stat(stat)
                    .return_data(true)
                    .build(),
            );
        }
    }
    queries
}

/// Results of all pages, by query; a series may come in several parts and in any order.
fn put_together(
    variants: &[(String, String)],
    results: Vec<MetricDataResult>,
) -> Partial<Vec<VariantMetrics>> {
    let mut points: HashMap<String, Vec<(Timestamp, f64)>> = HashMap::new();
    let mut missing = Vec::new();
    for result in results {
        if matches!(
            result.status_code(),
            Some(StatusCode::Forbidden | StatusCode::InternalError)
        ) {
            let said = result.messages().first().and_then(|m| m.value());
            let error = SourceError::new(
                GET_METRIC_DATA.to_string(),
                match result.status_code() {
                    Some(StatusCode::Forbidden) => ErrorKind::Denied,
                    _ => ErrorKind::ServerFault,
                },
                said.unwrap_or("a metric could not be read"),
            );
            if !missing.contains(&error) {
                missing.push(error);
            }
        }
        let series = points
            .entry(result.id().unwrap_or_default().to_owned())
            .or_default();
        series.extend(
            result
                .timestamps()
                .iter()
                .zip(result.values())
                .filter_map(|(at, value)| Some((timestamp(at)?, *value))),
        );
    }
    let metrics = variants
        .iter()
        .enumerate()
        .map(|(index, (endpoint, variant))| {
            let mut metrics = VariantMetrics {
                endpoint: endpoint.clone(),
                variant: variant.clone(),
                ..VariantMetrics::default()
            };
            for (number, signal) in SIGNALS.iter().enumerate() {
                if let Some(mut series) = points.remove(&format!("v{index}s{number}")) {
                    for point in &mut series {
                        point.1 *= signal.factor;
                    }
                    *(signal.into)(&mut metrics) = Series::new(series);
                }
            }
            metrics
        });
    Partial {
        value: metrics.collect(),
        missing,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use aws_smithy_types::DateTime;

    fn variants() -> Vec<(String, String)> {
        vec![
            ("churn".into(), "blue".into()),
            ("churn".into(), "green".into()),
        ]
    }

    #[test]
    fn all_variants_are_asked_in_one_call_with_both_dimensions() {
        let queries = queries(&variants(), |_| true);
        assert_eq!(queries.len(), 16);
        assert!(queries.iter().all(|q| {
            q.metric_stat()
                .unwrap()
                .metric()
                .unwrap()
                .dimensions()
                .len()
                == 2
        }));
        let plain = super::queries(&variants(), |s| !s.is_percentile());
        assert_eq!(plain.len(), 12);
    }

    #[test]
    fn parts_in_any_order_make_one_ascending_series_in_milliseconds() {
        let part = |id: &str, points: &[(i64, f64)]| {
            MetricDataResult::builder()
                .id(id)
                .set_timestamps(Some(
                    points.iter().map(|p| DateTime::from_secs(p.0)).collect(),
                ))
                .set_values(Some(points.iter().map(|p| p.1).collect()))
                .status_code(StatusCode::PartialData)
                .build()
        };
        let told = put_together(
            &variants(),
            vec![
                part("v1s4", &[(120, 90_000.0), (60, 80_000.0)]),
                part("v1s4", &[(0, 70_000.0)]),
                part("v0s0", &[(0, 12.0)]),
            ],
        );
        let latency: Vec<f64> = told.value[1]
            .latency_p99_ms
            .points
            .iter()
            .map(|p| p.1)
            .collect();
        assert_eq!(latency, [70.0, 80.0, 90.0]);
        assert_eq!(told.value[0].invocations.last(), Some(12.0));
        assert!(told.value[0].latency_p99_ms.is_empty());
    }

    #[test]
    fn a_forbidden_metric_is_told_once() {
        let forbidden = || {
            MetricDataResult::builder()
                .id("v0s0")
                .status_code(StatusCode::Forbidden)
                .build()
        };
        let told = put_together(&variants(), vec![forbidden(), forbidden()]);
        assert_eq!(told.missing.len(), 1);
        assert_eq!(told.missing[0].kind, ErrorKind::Denied);
    }
}
