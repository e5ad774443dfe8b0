//! Live Tail: an event stream read in its own task, watched, and paid by the minute.

use std::time::Duration;

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::config::{
    ConfigBag, Intercept, RuntimeComponents, StalledStreamProtectionConfig,
};
use aws_sdk_cloudwatchlogs::types::{LiveTailSessionLogEvent, StartLiveTailResponseStream};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextMut;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};

use super::{DESCRIBE_GROUPS, Logs, NAMES};
use crate::domain::log::{LiveUpdate, LogLine, LogTarget};
use crate::domain::source_error::{ErrorKind, SourceError};
use crate::sources::LiveTail;
use crate::sources::aws::api::Api;
use crate::sources::aws::client::{Lazy, client};
use crate::sources::aws::ledger::is_aws;
use crate::sources::aws::session::Session;
use crate::sources::aws::text::tidy;
use crate::sources::aws::time::from_millis;

const START_LIVE_TAIL: Api = Api::new("logs", "StartLiveTail");
/// Groups of one session.
const MOST_GROUPS: usize = 10;
/// US dollars for a minute of a session that has begun: list price of us-east-1, as of November 2026.
const USD_A_MINUTE: f64 = 0.01;
const MINUTE: Duration = Duration::from_secs(60);
/// An update comes every second: after so long without one the session is taken for dead.
const WATCHDOG: Duration = Duration::from_secs(15);
/// Updates that may wait for the reader. Beyond that the service keeps ten more, and then drops.
const WAITING: usize = 16;

/// A client for streams: nothing in it ends a session that is merely quiet or old.
pub fn live_client(session: &Session) -> Lazy<Client> {
    let config = session.config();
    let mut timeouts = TimeoutConfig::builder()
        .disable_read_timeout()
        .disable_operation_timeout()
        .disable_operation_attempt_timeout();
    timeouts.set_connect_timeout(
        config
            .timeout_config()
            .and_then(TimeoutConfig::connect_timeout),
    );
    let config = config
        .to_builder()
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .timeout_config(timeouts.build())
        // "Too many sessions" counts as a throttle: asking again at once would not help.
        .retry_config(RetryConfig::disabled())
        .build();
    client!(aws_sdk_cloudwatchlogs, config, session.interceptor())
}

/// AWS serves streams on a host of their own, `stream-logs...`; an endpoint URL of one's own has only one host.
#[derive(Debug)]
struct OneHost;

impl Intercept for OneHost {
    fn name(&self) -> &'static str {
        "OneHost"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let uri = context.request().uri().to_owned();
        if !is_aws(&uri) && uri.contains("://stream-") {
            let uri = uri.replacen("://stream-", "://", 1);
            context.request_mut().set_uri(uri)?;
        }
        Ok(())
    }
}

impl Logs {
    pub(super) async fn open_live_tail(
        &self,
        targets: &[LogTarget],
        pattern: Option<&str>,
    ) -> Result<LiveTail, SourceError> {
        let mut groups: Vec<&str> = targets.iter().map(|t| t.group.as_str()).collect();
        groups.sort_unstable();
        groups.dedup();
        if groups.len() > MOST_GROUPS {
            let what = format!("Live Tail listens to {MOST_GROUPS} log groups at most");
            return Err(failure(ErrorKind::Malformed, what));
        }
        self.session.afford(START_LIVE_TAIL, USD_A_MINUTE).await?;
        let mut arns = Vec::new();
        for group in &groups {
            arns.push(self.group_arn(group).await?);
        }
        let (names, prefixes) = match groups.as_slice() {
            [_] => streams(targets),
            _ => (None, None),
        };
        let send = self
            .live
            .start_live_tail()
            .set_log_group_identifiers(Some(arns))
            .set_log_stream_names(names)
            .set_log_stream_name_prefixes(prefixes)
            .set_log_event_filter_pattern(pattern.filter(|p| !p.is_empty()).map(str::to_owned))
            .customize()
            .interceptor(OneHost)
            .send();
        let call = self.session.call(START_LIVE_TAIL, send);
        let mut events = timeout(WATCHDOG, call)
            .await
            .map_err(|_| silent())??
            .response_stream;
        let (out, updates) = mpsc::channel(WAITING);
        let (session, targets) = (self.session.clone(), targets.to_vec());
        tokio::spawn(async move {
            let mut meter = Meter::new(session);
            let end = loop {
                if let Err(error) = meter.pay() {
                    break error;
                }
                let event = tokio::select! {
                    () = out.closed() => return,
                    () = sleep_until(meter.paid_until) => continue,
                    event = timeout(WATCHDOG, events.recv()) => event,
                };
                let update = match event {
                    Ok(Ok(Some(StartLiveTailResponseStream::SessionUpdate(update)))) => update,
                    Ok(Ok(Some(_))) => continue,
                    Ok(Ok(None)) => {
                        break failure(ErrorKind::Offline, "the Live Tail session ended");
                    }
                    Ok(Err(error)) => {
                        let own = error.as_service_error();
                        let is_old = own.is_some_and(|e| e.is_session_timeout_exception());
                        break ended(is_old, error.message());
                    }
                    Err(_) => break silent(),
                };
                let lines = update.session_results().iter().filter_map(line);
                let update = LiveUpdate {
                    lines: lines.filter(|l| targets.iter().any(|t| t.has(l))).collect(),
                    sampled: update.session_metadata().is_some_and(|m| m.sampled()),
                    spent_usd: meter.spent_usd,
                };
                if out.send(Ok(update)).await.is_err() {
                    return;
                }
            };
            let _ = out.send(Err(end)).await;
        });
        Ok(LiveTail { updates })
    }

    /// As StartLiveTail wants it: without `:*` at the end.
    async fn group_arn(&self, group: &str) -> Result<String, SourceError> {
        let send = self
            .client
            .describe_log_groups()
            .log_group_name_prefix(group)
            .limit(50)
            .send();
        let answer = self.session.call(DESCRIBE_GROUPS, send).await?;
        let found = answer
            .log_groups()
            .iter()
            .find(|g| g.log_group_name() == Some(group));
        found
            .and_then(|group| group.log_group_arn().or(group.arn()))
            .map(|arn| arn.trim_end_matches(":*").to_owned())
            .ok_or_else(|| {
                failure(
                    ErrorKind::Missing,
                    format!("the log group {group} does not exist yet"),
                )
            })
    }
}

/// Pays each minute when it begins.
struct Meter {
    session: Session,
    paid_until: Instant,
    spent_usd: f64,
}

impl Meter {
    fn new(session: Session) -> Self {
        Self {
            session,
            paid_until: Instant::now(),
            spent_usd: 0.0,
        }
    }

    fn pay(&mut self) -> Result<(), SourceError> {
        while self.paid_until <= Instant::now() {
            // Not begun, not owed: a minute past the cap is not entered.
            self.session.fits(START_LIVE_TAIL, USD_A_MINUTE)?;
            self.session.book(START_LIVE_TAIL, USD_A_MINUTE)?;
            self.spent_usd += USD_A_MINUTE;
            self.paid_until += MINUTE;
        }
        Ok(())
    }
}

/// Stream names or prefixes to ask for, where the targets of one group have only one kind, and not too many.
fn streams(targets: &[LogTarget]) -> (Option<Vec<String>>, Option<Vec<String>>) {
    let prefixes: Option<Vec<String>> = targets.iter().map(|t| t.prefix.clone()).collect();
    let only_names = targets
        .iter()
        .all(|t| t.prefix.is_none() && !t.streams.is_empty());
    let names: Option<Vec<String>> =
        only_names.then(|| targets.iter().flat_map(|t| t.streams.clone()).collect());
    let few = |names: &Vec<String>| (1..=NAMES).contains(&names.len());
    (names.filter(few), prefixes.filter(few))
}

fn line(event: &LiveTailSessionLogEvent) -> Option<LogLine> {
    Some(LogLine {
        group: group_name(event.log_group_identifier().unwrap_or_default()).to_owned(),
        stream: event.log_stream_name().unwrap_or_default().to_owned(),
        at: from_millis(event.timestamp()?)?,
        ingested_at: event.ingestion_time().and_then(from_millis),
        message: event.message().unwrap_or_default().to_owned(),
        event_id: None,
    })
}

/// From an ARN, from `123456789012:name`, or the name itself.
fn group_name(identifier: &str) -> &str {
    if let Some((_, name)) = identifier.split_once(":log-group:") {
        return name.trim_end_matches(":*");
    }
    match identifier.split_once(':') {
        Some((account, name)) if account.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => identifier,
    }
}

fn failure(kind: ErrorKind, what: impl Into<String>) -> SourceError {
    SourceError::new(START_LIVE_TAIL.to_string(), kind, what)
}

fn silent() -> SourceError {
    failure(ErrorKind::Offline, "the Live Tail session fell silent")
}

/// `is_old`: the service ends every session after three hours.
fn ended(is_old: bool, message: Option<&str>) -> SourceError {
    if is_old {
        return failure(
            ErrorKind::Offline,
            "the Live Tail session ended after its three hours",
        );
    }
    let why = tidy(message.unwrap_or("the stream broke off"));
    failure(
        ErrorKind::Offline,
        format!("the Live Tail session ended: {why}"),
    )
}
