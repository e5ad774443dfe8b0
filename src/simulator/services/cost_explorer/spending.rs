//! What is spent: dollars a day and service, from the scenario's totals.

use jiff::civil::{Date, Weekday};

use super::super::call::Call;
use crate::simulator::moment::{DAY, Moment};

/// The account's spending as it is known at the call's moment.
pub struct Spending<'a> {
    call: &'a Call<'a>,
    today: Date,
    /// What the mean day of this month costs up to minute 0.
    mean: f64,
}

impl<'a> Spending<'a> {
    pub fn new(call: &'a Call<'a>) -> Self {
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
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
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
    pub fn day(&self, service: &str, share: f64, day: Date) -> f64 {
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

/// The keys of a service's money under the grouping asked for, and the share of each.
pub fn split(
    call: &Call<'_>,
    groups: &[serde_json::Value],
    service: &str,
) -> Vec<(Vec<String>, f64)> {
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
