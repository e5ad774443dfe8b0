//! Alarms of metrics and composite ones.

use async_trait::async_trait;
use aws_sdk_cloudwatch::types::{AlarmType, CompositeAlarm, MetricAlarm};

use super::Cloudwatch;
use crate::domain::alarm::Alarm;
use crate::domain::source_error::{Answer, Partial};
use crate::sources::AlarmSource;
use crate::sources::aws::api::Api;
use crate::sources::aws::paging::{Page, read};
use crate::sources::aws::text::reason;
use crate::sources::aws::time::optional;

const DESCRIBE_ALARMS: Api = Api::new("cloudwatch", "DescribeAlarms");
const ALARMS: usize = 5000;

#[async_trait]
impl AlarmSource for Cloudwatch {
    async fn alarms(&self) -> Answer<Vec<Alarm>> {
        let listed = read(ALARMS, |token| async move {
            let send = self
                .client
                .describe_alarms()
                // Without this only metric alarms come back.
                .alarm_types(AlarmType::MetricAlarm)
                .alarm_types(AlarmType::CompositeAlarm)
                .max_records(100)
                .set_next_token(token)
                .send();
            let answer = self.session.call(DESCRIBE_ALARMS, send).await?;
            let metric = answer.metric_alarms().iter().map(metric_alarm);
            let composite = answer.composite_alarms().iter().map(composite_alarm);
            Ok(Page::new(
                metric.chain(composite).collect(),
                answer.next_token.clone(),
            ))
        })
        .await?;
        let mut partial: Partial<Vec<Alarm>> = listed.into_partial(DESCRIBE_ALARMS, ALARMS);
        partial.value.sort_by(|a, b| a.name.cmp(&b.name));
        partial.value.dedup_by(|a, b| a.name == b.name);
        Ok(partial)
    }
}

fn metric_alarm(alarm: &MetricAlarm) -> Alarm {
    // An alarm on an expression names its metrics one level down.
    let inner = alarm
        .metrics()
        .iter()
        .find_map(|query| query.metric_stat()?.metric());
    let dimensions = match inner {
        Some(metric) if alarm.dimensions().is_empty() => metric.dimensions(),
        _ => alarm.dimensions(),
    };
    Alarm {
        name: alarm.alarm_name().unwrap_or_default().to_owned(),
        arn: alarm.alarm_arn().unwrap_or_default().to_owned(),
        state: alarm
            .state_value()
            .map_or("", |state| state.as_str())
            .to_owned(),
        reason: reason(alarm.state_reason()),
        since: optional(
            alarm
                .state_transitioned_timestamp()
                .or(alarm.state_updated_timestamp()),
        ),
        namespace: alarm
            .namespace()
            .or(inner.and_then(|metric| metric.namespace()))
            .map(str::to_owned),
        metric: alarm
            .metric_name()
            .or(inner.and_then(|metric| metric.metric_name()))
            .map(str::to_owned),
        dimensions: dimensions
            .iter()
            .filter_map(|d| Some((d.name()?.to_owned(), d.value()?.to_owned())))
            .collect(),
        actions_enabled: alarm.actions_enabled().unwrap_or(true),
    }
}

fn composite_alarm(alarm: &CompositeAlarm) -> Alarm {
    Alarm {
        name: alarm.alarm_name().unwrap_or_default().to_owned(),
        arn: alarm.alarm_arn().unwrap_or_default().to_owned(),
        state: alarm
            .state_value()
            .map_or("", |state| state.as_str())
            .to_owned(),
        reason: reason(alarm.state_reason()).or_else(|| reason(alarm.alarm_rule())),
        since: optional(
            alarm
                .state_transitioned_timestamp()
                .or(alarm.state_updated_timestamp()),
        ),
        namespace: None,
        metric: None,
        dimensions: Vec::new(),
        actions_enabled: alarm.actions_enabled().unwrap_or(true),
    }
}
