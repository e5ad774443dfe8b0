//! Amazon CloudWatch: metrics and alarms.

use serde_json::Value as Json;

use super::call::{Call, Reply, time};
use crate::simulator::moment::{DAY, MINUTE, Moment, SECOND};
use crate::simulator::serving::catalogue;
use crate::simulator::serving::metrics::MetricName;
use crate::simulator::wire::error::ApiError;
use crate::simulator::wire::json;
use crate::simulator::wire::value::{Members, Value, map};

pub fn answer(call: &Call<'_>) -> Option<Reply> {
    Some(match call.operation {
        "DescribeAlarms" => alarms(call),
        "GetMetricData" => metric_data(call),
        "GetMetricStatistics" => statistics(call),
        "ListMetrics" => list(call),
        _ => return None,
    })
}

/// The limits of one call, from the service's documentation.
const QUERIES: usize = 500;
const DATAPOINTS: usize = 100_800;
const STATISTICS_DATAPOINTS: i64 = 1_440;

fn alarms(call: &Call<'_>) -> Reply {
    let limit = call.limit("MaxRecords", 50, 100)?;
    let names = call.texts("AlarmNames");
    let prefix = call.text("AlarmNamePrefix").unwrap_or_default();
    let wanted = call.text("StateValue");
    let kinds = call.texts("AlarmTypes");
    let metric_alarms = kinds.is_empty() || kinds.contains(&"MetricAlarm");
    let mut found: Vec<_> = call
        .view
        .spec()
        .alarms
        .iter()
        .enumerate()
        .filter(|(_, a)| metric_alarms && a.name.starts_with(prefix))
        .filter(|(_, a)| names.is_empty() || names.contains(&a.name.as_str()))
        .map(|(index, alarm)| (index, alarm, call.view.alarm(index)))
        .filter(|(_, _, state)| wanted.is_none_or(|w| state.value == w))
        .collect();
    found.sort_by(|a, b| a.1.name.cmp(&b.1.name));
    let (page, token) = call.page(found, limit);
    let account = call.account();
    let topic = account.arn("sns", "ml-on-call");
    let alarms = page.into_iter().map(|(index, alarm, state)| {
        let percentile = alarm.statistic.starts_with('p');
        let data = map! {
            "version" => "1.0",
            "queryDate" => state.since.format("%Y-%m-%dT%H:%M:%S.000+0000"),
            "statistic" => alarm.statistic.as_str(),
            "period" => alarm.period,
            "recentDatapoints" => Value::list(state.datapoints.iter().map(|(_, v)| *v)),
            "threshold" => alarm.threshold,
        };
        map! {
            "AlarmName" => alarm.name.as_str(),
            "AlarmArn" => account.arn("cloudwatch", &format!("alarm:{}", alarm.name)),
            "AlarmDescription" => alarm.description.as_str(),
            "AlarmConfigurationUpdatedTimestamp" => call.view.alarm_configured(index),
            "ActionsEnabled" => !alarm.actions_disabled,
            "OKActions" => Value::List(Vec::new()),
            "AlarmActions" => Value::list([topic.as_str()]),
            "InsufficientDataActions" => Value::List(Vec::new()),
            "StateValue" => state.value,
            "StateReason" => state.reason,
            "StateReasonData" => json::encode(&data),
            "StateUpdatedTimestamp" => state.since,
            "MetricName" => alarm.metric.as_str(),
            "Namespace" => alarm.namespace.as_str(),
            "Statistic" => (!percentile).then_some(alarm.statistic.as_str()),
            "ExtendedStatistic" => percentile.then_some(alarm.statistic.as_str()),
            "Dimensions" => dimensions(&call.view.alarm_metric(index)),
            "Period" => alarm.period,
            "EvaluationPeriods" => alarm.periods,
            "DatapointsToAlarm" => alarm.datapoints,
            "Threshold" => alarm.threshold,
            "ComparisonOperator" => alarm.comparison.as_str(),
            "TreatMissingData" => alarm.missing.as_str(),
            "StateTransitionedTimestamp" => state.since,
        }
    });
    Ok(map! {
        "CompositeAlarms" => Value::List(Vec::new()),
        "MetricAlarms" => Value::list(alarms),
        "NextToken" => token,
    })
}

fn dimensions(metric: &MetricName) -> Value {
    Value::list(metric.dimensions.iter().map(|(name, value)| {
        map! {
            "Name" => name.as_str(),
            "Value" => value.as_str(),
        }
    }))
}

fn metric_of(value: &Json) -> MetricName {
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let dimensions = value["Dimensions"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    MetricName {
        namespace: text("Namespace"),
        name: text("MetricName"),
        dimensions: dimensions
            .iter()
            .filter_map(|d| {
                Some((
                    d["Name"].as_str()?.to_owned(),
                    d["Value"].as_str()?.to_owned(),
                ))
            })
            .collect(),
    }
}

/// Start and end of the call, the start rounded down to the period.
fn range(call: &Call<'_>, period: i64) -> Result<(Moment, Moment), ApiError> {
    let required = |name| {
        call.input.get(name).and_then(time).ok_or_else(|| {
            ApiError::new(
                "MissingParameter",
                format!("The parameter {name} is required."),
            )
        })
    };
    let (start, end) = (required("StartTime")?, required("EndTime")?);
    if start >= end {
        return Err(ApiError::new(
            "ValidationError",
            "The parameter StartTime must be less than the parameter EndTime.",
        ));
    }
    // One-minute data is kept for 15 days.
    let oldest = call.now().plus(-15 * DAY);
    let start = start.max(oldest);
    Ok((Moment(start.0.div_euclid(period) * period), end))
}

fn number(value: &Json) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

fn metric_data(call: &Call<'_>) -> Reply {
    let queries = call.list("MetricDataQueries");
    if queries.is_empty() || queries.len() > QUERIES {
        return Err(ApiError::new(
            "ValidationError",
            format!("The collection MetricDataQueries must have between 1 and {QUERIES} members."),
        ));
    }
    let descending = call.text("ScanBy") != Some("TimestampAscending");
    let most = call
        .number("MaxDatapoints")
        .map_or(DATAPOINTS, |n| n as usize);
    let metrics = call.view.metrics();
    let mut written = 0;
    let mut results = Vec::new();
    for query in queries {
        if query["ReturnData"].as_bool() == Some(false) {
            continue;
        }
        let stat = &query["MetricStat"];
        if stat.is_null() {
            return Err(ApiError::new(
                "ValidationError",
                "The simulated account evaluates no metric expressions.",
            ));
        }
        let metric = metric_of(&stat["Metric"]);
        let statistic = stat["Stat"].as_str().unwrap_or_default();
        let period = number(&stat["Period"])
            .filter(|p| *p >= 1.0)
            .unwrap_or(60.0) as i64
            * SECOND;
        let period = period.max(MINUTE);
        let (start, end) = range(call, period)?;
        let mut points = Vec::new();
        let mut at = start;
        while at < end && written + points.len() < most {
            let sample = metrics.period(&metric, at, period, call.now());
            if let Some(value) = sample.and_then(|s| s.statistic(statistic)) {
                points.push((at, value));
            }
            at = at.plus(period);
        }
        written += points.len();
        if descending {
            points.reverse();
        }
        let label = query["Label"].as_str().unwrap_or(&metric.name).to_owned();
        results.push(map! {
            "Id" => query["Id"].as_str(),
            "Label" => label,
            "Timestamps" => Value::list(points.iter().map(|(at, _)| *at)),
            "Values" => Value::list(points.iter().map(|(_, value)| *value)),
            "StatusCode" => "Complete",
        });
    }
    Ok(map! { "MetricDataResults" => results, "Messages" => Value::List(Vec::new()) })
}

fn statistics(call: &Call<'_>) -> Reply {
    let metric = metric_of(call.input);
    let period = call.number("Period").unwrap_or(60.0).max(60.0) as i64 * SECOND;
    let (start, end) = range(call, period)?;
    if end.since(start) / period > STATISTICS_DATAPOINTS {
        return Err(ApiError::new(
            "InvalidParameterCombination",
            format!(
                "You have requested up to {} datapoints, which exceeds the limit of {STATISTICS_DATAPOINTS}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.",
                end.since(start) / period
            ),
        ));
    }
    let wanted = call.texts("Statistics");
    let extended = call.texts("ExtendedStatistics");
    let metrics = call.view.metrics();
    let unit = unit(&metric.name);
    let mut points = Vec::new();
    let mut at = start;
    while at < end {
        if let Some(sample) = metrics.period(&metric, at, period, call.now()) {
            let mut members = Members::default();
            members.put("Timestamp", at);
            for name in ["SampleCount", "Average", "Sum", "Minimum", "Maximum"] {
                if wanted.contains(&name) {
                    members.put(name, sample.statistic(name));
                }
            }
            members.put("Unit", unit);
            if !extended.is_empty() {
                let mut percentiles = Members::default();
                for name in &extended {
                    percentiles.put((*name).to_owned(), sample.statistic(name));
                }
                members.put("ExtendedStatistics", percentiles);
            }
            points.push(Value::Map(members));
        }
        at = at.plus(period);
    }
    Ok(map! { "Label" => metric.name, "Datapoints" => points })
}

fn unit(metric: &str) -> &'static str {
    match metric {
        "ModelLatency" | "OverheadLatency" | "ModelSetupTime" => "Microseconds",
        "TimeInBacklog" | "TotalProcessingTime" => "Milliseconds",
        name if name.ends_with("Utilization") => "Percent",
        _ => "None",
    }
}

fn list(call: &Call<'_>) -> Reply {
    let namespace = call.text("Namespace");
    let name = call.text("MetricName");
    let filters = call.list("Dimensions");
    let fits = |metric: &MetricName| {
        filters.iter().all(|filter| {
            let value = filter["Value"].as_str();
            metric.dimensions.iter().any(|(n, v)| {
                Some(n.as_str()) == filter["Name"].as_str() && value.is_none_or(|w| w == v)
            })
        })
    };
    let mut all = catalogue::all(call.view.spec(), &call.view.world, call.now());
    all.retain(|m| {
        namespace.is_none_or(|n| m.namespace == n) && name.is_none_or(|n| m.name == n) && fits(m)
    });
    let (page, token) = call.page(all, 500);
    Ok(map! {
        "Metrics" => Value::list(page.iter().map(|metric| map! {
            "Namespace" => metric.namespace.as_str(),
            "MetricName" => metric.name.as_str(),
            "Dimensions" => dimensions(metric),
        })),
        "NextToken" => token,
    })
}
