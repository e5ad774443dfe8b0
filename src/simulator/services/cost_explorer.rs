//! AWS Cost Explorer: what was spent, and what the month will come to.

use jiff::ToSpan;
use jiff::civil::Date;

use super::call::{Call, Reply};
use crate::simulator::moment::{DAY, Moment};
use crate::simulator::wire::error::ApiError;
use crate::simulator::wire::value::{Members, Value, map};

pub fn answer(call: &Call<'_>) -> Option<Reply> {
    Some(match call.operation {
        "GetCostAndUsage" => cost_and_usage(call),
        "GetCostForecast" => forecast(call),
        _ => return None,
    })
}

/// Cost Explorer's data of the last days may still change.
const ESTIMATED_DAYS: i64 = 2;

fn period(call: &Call<'_>) -> Result<(Date, Date), ApiError> {
    let date = |name: &str| {
        let text = call.input["TimePeriod"][name].as_str().unwrap_or_default();
        text.parse::<Date>().map_err(|_| {
            call.invalid(format!("Value '{text}' at 'timePeriod.{}' failed to satisfy constraint: Member must satisfy regular expression pattern: (\\d{{4}}-\\d{{2}}-\\d{{2}})(T\\d{{2}}:\\d{{2}}:\\d{{2}}Z)?", name.to_lowercase()))
        })
    };
    let (start, end) = (date("Start")?, date("End")?);
    if start >= end {
        return Err(call.invalid("Start date (and hour) should be before end date (and hour)"));
    }
    Ok((start, end))
}

/// Dollars a day and service, from the scenario's totals.
struct Spending<'a> {
    call: &'a Call<'a>,
    today: Date,
    /// What the mean day of this month costs up to minute 0.
    mean: f64,
}

impl<'a> Spending<'a> {
    fn new(call: &'a Call<'a>) -> Self {
        let start = call.account().start;
        let costs = &call.view.spec().costs;
        let days = elapsed_days(start);
        let mut spending = Self {
            call,
            today: call.now().date(),
            mean: 1.0,
        };
        // The noise of the days is taken out of the total, so that it comes to what the scenario says.
        let first = Moment::midnight(start.date().first_of_month());
        let whole: f64 = (0..)
            .map(|n| first.plus(n * DAY))
            .take_while(|day| *day <= start)
            .flat_map(|day| {
                costs
                    .services
                    .iter()
                    .map(move |(service, share)| (day, service, share))
            })
            .map(|(day, service, share)| {
                share * spending.shape(service, day.date()) * part_of_day(day, start)
            })
            .sum();
        spending.mean = if whole > 0.0 {
            costs.month_to_date / whole
        } else {
            costs.month_to_date / days
        };
        spending
    }

    /// How a day of a service differs from the mean: weekends are quieter, and training is bursty.
    fn shape(&self, service: &str, day: Date) -> f64 {
        let dice = self
            .call
            .account()
            .dice
            .of("cost")
            .of(service)
            .at(Moment::midnight(day).0 / DAY);
        let weekend = matches!(
            day.weekday(),
            jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday
        );
        match service {
            "Amazon SageMaker" => {
                (if weekend { 0.82 } else { 1.0 }) * (1.0 + 0.16 * dice.normal()).clamp(0.6, 1.7)
            }
            "Tax" => {
                if day.day() == 1 {
                    20.0
                } else {
                    0.0
                }
            }
            _ => (if weekend { 0.93 } else { 1.0 }) * (1.0 + 0.06 * dice.normal()).clamp(0.7, 1.4),
        }
    }

    /// Other months cost about what a whole month does.
    fn day(&self, service: &str, share: f64, day: Date) -> f64 {
        let start = self.call.account().start;
        let midnight = Moment::midnight(day);
        if day > self.today {
            return 0.0;
        }
        let mean = if day.first_of_month() == start.date().first_of_month() {
            self.mean
        } else {
            self.call.view.spec().costs.forecast / 31.0 * 0.86
        };
        share * mean * self.shape(service, day) * part_of_day(midnight, self.call.now())
    }
}

fn elapsed_days(at: Moment) -> f64 {
    let first = Moment::midnight(at.date().first_of_month());
    at.since(first) as f64 / DAY as f64
}

/// The data of a day comes in over the day.
fn part_of_day(midnight: Moment, now: Moment) -> f64 {
    (now.since(midnight) as f64 / DAY as f64).clamp(0.0, 1.0)
}

fn cost_and_usage(call: &Call<'_>) -> Reply {
    let (start, end) = period(call)?;
    let granularity = call.required("Granularity")?;
    let metrics = call.texts("Metrics");
    if metrics.is_empty() {
        return Err(call.invalid("Metrics cannot be empty"));
    }
    let groups = call.list("GroupBy");
    if groups.len() > 2 {
        return Err(call.invalid("Maximum of two group by definitions are allowed"));
    }
    let buckets = buckets(call, granularity, start, end)?;
    let spending = Spending::new(call);
    let services = services(call);
    let results = buckets.iter().map(|(from, to)| {
        let sum = |service: &str, share: f64| -> f64 {
            days(*from, *to).map(|day| spending.day(service, share, day)).sum()
        };
        let mut totals: Vec<(Vec<String>, f64)> = Vec::new();
        let mut total = 0.0;
        for (service, share) in &services {
            let amount = sum(service, *share);
            total += amount;
            for (keys, part) in split(call, groups, service) {
                match totals.iter_mut().find(|(k, _)| *k == keys) {
                    Some((_, sum)) => *sum += amount * part,
                    None => totals.push((keys, amount * part)),
                }
            }
        }
        totals.sort_by(|a, b| a.0.cmp(&b.0));
        let estimated = Moment::midnight(*to) > call.now().plus(-ESTIMATED_DAYS * DAY);
        map! {
            "TimePeriod" => map! { "Start" => from.to_string(), "End" => to.to_string() },
            "Total" => if groups.is_empty() { amounts(&metrics, total) } else { map! {} },
            "Groups" => if groups.is_empty() { Value::List(Vec::new()) } else {
                Value::list(totals.iter().filter(|(_, amount)| *amount > 0.0).map(|(keys, amount)| map! {
                    "Keys" => Value::list(keys),
                    "Metrics" => amounts(&metrics, *amount),
                }))
            },
            "Estimated" => estimated,
        }
    });
    let (page, token) = call.page(results.collect::<Vec<Value>>(), 400);
    let definitions = (!groups.is_empty()).then(|| {
        Value::list(
            groups
                .iter()
                .map(|g| map! { "Type" => g["Type"].as_str(), "Key" => g["Key"].as_str() }),
        )
    });
    Ok(map! {
        "NextPageToken" => token,
        "GroupDefinitions" => definitions,
        "ResultsByTime" => page,
        "DimensionValueAttributes" => Value::List(Vec::new()),
    })
}

fn buckets(
    call: &Call<'_>,
    granularity: &str,
    start: Date,
    end: Date,
) -> Result<Vec<(Date, Date)>, ApiError> {
    match granularity {
        "DAILY" => Ok(days(start, end).map(|day| (day, next(day))).collect()),
        "MONTHLY" => {
            let mut out = Vec::new();
            let mut from = start;
            while from < end {
                let to = next(from.last_of_month()).min(end);
                out.push((from, to));
                from = to;
            }
            Ok(out)
        }
        other => Err(call.invalid(format!("The simulated account has no {other} costs"))),
    }
}

fn next(day: Date) -> Date {
    day.checked_add(1.day()).unwrap_or(Date::MAX)
}

fn days(from: Date, to: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(from), |day| Some(next(*day))).take_while(move |day| *day < to)
}

/// The services and their shares, after the filter (a single dimension SERVICE).
fn services<'c>(call: &Call<'c>) -> Vec<(&'c str, f64)> {
    let filter = &call.input["Filter"]["Dimensions"];
    let wanted: Option<Vec<&str>> = (filter["Key"].as_str() == Some("SERVICE"))
        .then(|| {
            filter["Values"]
                .as_array()
                .map(|v| v.iter().filter_map(|v| v.as_str()).collect())
        })
        .flatten();
    call.view
        .spec()
        .costs
        .services
        .iter()
        .map(|(name, share)| (name.as_str(), *share))
        .filter(|(name, _)| wanted.as_ref().is_none_or(|w| w.contains(name)))
        .collect()
}

/// The keys of a service's money under the grouping asked for, and the share of each.
fn split(call: &Call<'_>, groups: &[serde_json::Value], service: &str) -> Vec<(Vec<String>, f64)> {
    let mut out = vec![(Vec::new(), 1.0)];
    for group in groups {
        let key = group["Key"].as_str().unwrap_or_default();
        let parts = match (group["Type"].as_str(), key) {
            (Some("TAG"), tag) => vec![
                (format!("{tag}$churn-prediction"), 0.46),
                (format!("{tag}$recommender"), 0.43),
                (format!("{tag}$"), 0.11),
            ],
            (_, "SERVICE") => vec![(service.to_owned(), 1.0)],
            (_, "REGION") => vec![(call.view.spec().account.region.clone(), 1.0)],
            (_, "LINKED_ACCOUNT") => vec![(call.view.spec().account.id.clone(), 1.0)],
            (_, "USAGE_TYPE") => usage_types(service),
            _ => vec![("No value".to_owned(), 1.0)],
        };
        out = out
            .into_iter()
            .flat_map(|(keys, share): (Vec<String>, f64)| {
                parts.iter().map(move |(key, part)| {
                    let mut keys = keys.clone();
                    keys.push(key.clone());
                    (keys, share * part)
                })
            })
            .collect();
    }
    out
}

fn usage_types(service: &str) -> Vec<(String, f64)> {
    let parts: &[(&str, f64)] = match service {
        "Amazon SageMaker" => &[
            ("EU-Host:ml.g4dn.xlarge", 0.31),
            ("EU-Host:ml.m5.xlarge", 0.14),
            ("EU-Train:ml.g5.2xlarge", 0.22),
            ("EU-TrSpt:ml.g4dn.xlarge", 0.09),
            ("EU-TrSpt:ml.g5.xlarge", 0.07),
            ("EU-Processing:ml.m5.4xlarge", 0.08),
            ("EU-Processing:ml.r5.4xlarge", 0.04),
            ("EU-Tsform:ml.m5.4xlarge", 0.02),
            ("EU-ServerlessInf:Mem-4GB", 0.01),
            ("EU-Studio:JupyterLab-ml.t3.medium", 0.02),
        ],
        "AWS Glue" => &[("EU-ETL-DPU-Hour", 1.0)],
        "Amazon Simple Storage Service" => &[
            ("EU-TimedStorage-ByteHrs", 0.81),
            ("EU-Requests-Tier1", 0.19),
        ],
        "AmazonCloudWatch" => &[
            ("EU-DataProcessing-Bytes", 0.62),
            ("EU-CW:GMD-Metrics", 0.17),
            ("EU-CW:MetricMonitorUsage", 0.16),
            ("EU-CW:AlarmMonitorUsage", 0.05),
        ],
        _ => &[("EU-Usage", 1.0)],
    };
    parts
        .iter()
        .map(|(name, share)| ((*name).to_owned(), *share))
        .collect()
}

fn amounts(metrics: &[&str], dollars: f64) -> Value {
    let mut members = Members::default();
    for metric in metrics {
        let (amount, unit) = match *metric {
            "UsageQuantity" | "NormalizedUsageAmount" => (dollars * 0.71, "N/A"),
            _ => (dollars, "USD"),
        };
        members.put(
            (*metric).to_owned(),
            map! { "Amount" => format!("{amount:.10}"), "Unit" => unit },
        );
    }
    members.into()
}

fn forecast(call: &Call<'_>) -> Reply {
    let (start, end) = period(call)?;
    if start < call.now().date() {
        return Err(call.invalid("Start date should be equal to or no later than today"));
    }
    let costs = &call.view.spec().costs;
    let origin = call.account().start;
    let month_end = Moment::midnight(next(origin.date().last_of_month()));
    // What is forecast for the rest of the month, spread over its days.
    let left_days = (month_end.since(origin.day()) as f64 / DAY as f64).max(1.0);
    let daily = (costs.forecast - costs.month_to_date).max(0.0) / left_days;
    let spread = costs.forecast_spread / left_days.sqrt();
    let level = call.number("PredictionIntervalLevel");
    let result = |from: Date, to: Date| {
        let count = days(from, to).count() as f64;
        let mean = daily * count;
        let half = spread * count.sqrt() * level.map_or(0.0, |l| 0.35 + l / 123.0);
        map! {
            "TimePeriod" => map! { "Start" => from.to_string(), "End" => to.to_string() },
            "MeanValue" => format!("{mean:.10}"),
            "PredictionIntervalLowerBound" => level.map(|_| format!("{:.10}", (mean - half).max(0.0))),
            "PredictionIntervalUpperBound" => level.map(|_| format!("{:.10}", mean + half)),
        }
    };
    let buckets = buckets(call, call.required("Granularity")?, start, end)?;
    let total = daily * days(start, end).count() as f64;
    Ok(map! {
        "Total" => map! { "Amount" => format!("{total:.10}"), "Unit" => "USD" },
        "ForecastResultsByTime" => Value::list(buckets.into_iter().map(|(from, to)| result(from, to))),
    })
}
