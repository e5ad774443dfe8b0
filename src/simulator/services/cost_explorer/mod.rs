//! AWS Cost Explorer: what was spent, and what the month will come to.

mod spending;

use jiff::ToSpan;
use jiff::civil::Date;

use super::call::{Call, Reply};
use crate::simulator::moment::{DAY, Moment};
use crate::simulator::wire::error::ApiError;
use crate::simulator::wire::value::{Members, Value, map};
use spending::{Spending, split};

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
