//! What a call costs: list prices of us-east-1 in US dollars, as of November 2026.

use std::collections::HashMap;

use aws_sdk_cloudwatch::operation::get_metric_data::GetMetricDataInput;

/// Cost Explorer, for every page of every operation.
const COST_EXPLORER_REQUEST: f64 = 0.01;
/// CloudWatch GetMetricData, for every metric asked for; there is no free tier.
const METRIC: f64 = 0.01 / 1000.0;

/// The price of one attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Price {
    /// US dollars.
    pub usd: f64,
    /// Counts against the cap of Cost Explorer requests.
    pub cost_explorer: bool,
}

impl Price {
    pub const FREE: Self = Self {
        usd: 0.0,
        cost_explorer: false,
    };

    pub const fn usd(usd: f64) -> Self {
        Self {
            usd,
            cost_explorer: false,
        }
    }

    /// `service` and `operation` as in the SDK's metadata (`Cost Explorer`, `GetCostAndUsage`); `metrics` as counted
    /// by [`metrics_asked`].
    pub fn of(service: &str, operation: &str, metrics: usize) -> Self {
        match (service, operation) {
            ("Cost Explorer", _) => Self {
                usd: COST_EXPLORER_REQUEST,
                cost_explorer: true,
            },
            ("CloudWatch", "GetMetricData") => Self {
                usd: METRIC * f64::from(u32::try_from(metrics).unwrap_or(u32::MAX)),
                cost_explorer: false,
            },
            _ => Self::FREE,
        }
    }
}

/// The metrics that are billed: up to five statistics of the same metric in one request are one.
pub fn metrics_asked(input: &GetMetricDataInput) -> usize {
    let mut statistics = HashMap::<String, usize>::new();
    let mut expressions = 0;
    for query in input.metric_data_queries() {
        match query.metric_stat().and_then(|stat| stat.metric()) {
            Some(metric) => *statistics.entry(format!("{metric:?}")).or_default() += 1,
            None => expressions += 1,
        }
    }
    statistics.values().map(|n| n.div_ceil(5)).sum::<usize>() + expressions
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_cloudwatch::types::{Metric, MetricDataQuery, MetricStat};

    fn query(id: &str, metric: &str, stat: &str) -> MetricDataQuery {
        MetricDataQuery::builder()
            .id(id)
            .metric_stat(
                MetricStat::builder()
                    .metric(
                        Metric::builder()
                            .namespace("AWS/SageMaker")
                            .metric_name(metric)
                            .build(),
                    )
                    .period(60)
                    .stat(stat)
                    .build(),
            )
            .build()
    }

    #[test]
    fn five_statistics_of_one_metric_cost_one() {
        let mut input = GetMetricDataInput::builder();
        for (i, stat) in ["p50", "p90", "p99", "Average", "Sum", "Maximum"]
            .iter()
            .enumerate()
        {
            input = input.metric_data_queries(query(&format!("m{i}"), "ModelLatency", stat));
        }
        input = input.metric_data_queries(query("x", "Invocations", "Sum"));
        let Ok(input) = input.build() else {
            unreachable!("nothing is required here")
        };
        assert_eq!(metrics_asked(&input), 3);
        let price = Price::of("CloudWatch", "GetMetricData", 3);
        assert!((price.usd - 0.00003).abs() < 1e-12);
    }

    #[test]
    fn lists_and_describes_are_free() {
        assert_eq!(Price::of("SageMaker", "ListEndpoints", 0), Price::FREE);
        assert_eq!(
            Price::of("CloudWatch Logs", "FilterLogEvents", 0),
            Price::FREE
        );
        assert!(Price::of("Cost Explorer", "GetCostForecast", 0).cost_explorer);
    }
}
