//! Metrics over CBOR, and the alarms over them.

use aws_sdk_cloudwatch::types::{Dimension, Metric, MetricDataQuery, MetricStat, StateValue};
use aws_smithy_types::DateTime;
use jiff::SignedDuration;

use super::clients::{config, simulator_at, start};

fn client(minutes: f64) -> aws_sdk_cloudwatch::Client {
    aws_sdk_cloudwatch::Client::new(&config(&simulator_at(minutes)))
}

fn moment(minutes: i64) -> DateTime {
    DateTime::from_secs((start() + SignedDuration::from_mins(minutes)).as_second())
}

fn query(id: &str, variant: &str, name: &str, statistic: &str) -> MetricDataQuery {
    let dimension = |name: &str, value: &str| Dimension::builder().name(name).value(value).build();
    MetricDataQuery::builder()
        .id(id)
        .metric_stat(
            MetricStat::builder()
                .metric(
                    Metric::builder()
                        .namespace("AWS/SageMaker")
                        .metric_name(name)
                        .dimensions(dimension("EndpointName", "churn-prod"))
                        .dimensions(dimension("VariantName", variant))
                        .build(),
                )
                .period(60)
                .stat(statistic)
                .build(),
        )
        .build()
}

/// Values by the minute, oldest first.
async fn values(minutes: i64, variant: &str, name: &str, statistic: &str) -> Vec<f64> {
    let answer = client(minutes as f64)
        .get_metric_data()
        .metric_data_queries(query("q", variant, name, statistic))
        .start_time(moment(minutes - 60))
        .end_time(moment(minutes))
        .scan_by(aws_sdk_cloudwatch::types::ScanBy::TimestampAscending)
        .send()
        .await
        .unwrap();
    answer.metric_data_results()[0].values().to_vec()
}

#[tokio::test]
async fn green_goes_bad_after_some_minutes_and_blue_does_not() {
    let ratio = async |minutes, variant| {
        let all = values(minutes, variant, "Invocation5XXErrors", "Average").await;
        *all.last().unwrap()
    };
    assert!(ratio(2, "green").await < 0.02);
    assert!(ratio(15, "green").await > 0.03);
    assert!(ratio(15, "blue").await < 0.01);
    let p99 = async |minutes| {
        *values(minutes, "green", "ModelLatency", "p99")
            .await
            .last()
            .unwrap()
    };
    assert!(p99(15).await > 1.8 * p99(2).await);
}

#[tokio::test]
async fn traffic_follows_the_weights() {
    let sum = async |variant| {
        let all = values(0, variant, "Invocations", "Sum").await;
        all[all.len() - 5..].iter().sum::<f64>()
    };
    let (blue, green) = (sum("blue").await, sum("green").await);
    let share = green / (blue + green);
    assert!((0.07..0.13).contains(&share), "{share}");
}

#[tokio::test]
async fn the_newest_minute_is_not_there_yet() {
    let answer = client(10.0)
        .get_metric_data()
        .metric_data_queries(query("q", "blue", "Invocations", "Sum"))
        .start_time(moment(0))
        .end_time(moment(11))
        .send()
        .await
        .unwrap();
    let result = &answer.metric_data_results()[0];
    // Newest first unless asked otherwise; minute 9 ends at 10 and is published after that.
    assert_eq!(result.timestamps()[0], moment(8));
    assert_eq!(result.timestamps().len(), 9);
}

#[tokio::test]
async fn the_alarm_flips_with_the_metric() {
    let state = async |minutes: f64| {
        let answer = client(minutes)
            .describe_alarms()
            .alarm_names("churn-prod-5xx")
            .send()
            .await
            .unwrap();
        let alarm = &answer.metric_alarms()[0];
        (
            alarm.state_value().unwrap().clone(),
            *alarm.state_updated_timestamp().unwrap(),
        )
    };
    let (before, since) = state(2.0).await;
    assert_eq!(before, StateValue::Ok);
    assert!(since < moment(-60));
    let (after, since) = state(15.0).await;
    assert_eq!(after, StateValue::Alarm);
    assert!(since > moment(3) && since < moment(12));
    // It stays since then, whenever one asks.
    assert_eq!(state(40.0).await.1, since);
}

#[tokio::test]
async fn an_idle_query_answers_nothing_rather_than_zero() {
    let all = values(5, "nobody", "Invocations", "Sum").await;
    assert!(all.is_empty());
}
