//! CloudWatch Logs: groups, streams, and events by polling, which costs nothing.

mod insights;
mod live;
mod search;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::types::OrderBy;
use tokio::time::Instant;

use super::api::Api;
use super::client::{Lazy, client};
use super::paging::{Page, read};
use super::session::Session;
use super::time::from_millis;
use crate::domain::log::{EventPage, LogGroup, LogLine, LogQuery, LogStream, LogTarget};
use crate::domain::source_error::{Answer, ErrorKind, Partial, SourceError};
use crate::sources::{LiveTail, LogSource};

const DESCRIBE_GROUPS: Api = Api::new("logs", "DescribeLogGroups");
const DESCRIBE_STREAMS: Api = Api::new("logs", "DescribeLogStreams");
const FILTER_EVENTS: Api = Api::new("logs", "FilterLogEvents");
const GROUPS: usize = 5000;
const STREAMS: usize = 500;
/// Stream names that one FilterLogEvents may carry.
const NAMES: usize = 100;
/// For how long the streams of a prefix are taken as known: a follower asks every few seconds.
const STREAMS_HOLD: Duration = Duration::from_secs(10);

/// A group, and a prefix in it.
type Prefix = (String, String);
/// When it was looked up, and the streams found.
type Resolved = (Instant, Vec<String>);

#[derive(Clone)]
pub struct Logs {
    session: Session,
    client: Lazy<Client>,
    /// For streams.
    live: Lazy<Client>,
    resolved: Arc<Mutex<HashMap<Prefix, Resolved>>>,
    /// Bytes of each Insights query that are booked.
    booked: Arc<Mutex<HashMap<String, u64>>>,
}

impl Logs {
    pub fn new(session: Session) -> Self {
        Self {
            client: client!(aws_sdk_cloudwatchlogs, session),
            live: live::live_client(&session),
            session,
            resolved: Arc::default(),
            booked: Arc::default(),
        }
    }
}

#[async_trait]
impl LogSource for Logs {
    async fn log_groups(&self) -> Answer<Vec<LogGroup>> {
        let listed = read(GROUPS, |token| async move {
            let send = self
                .client
                .describe_log_groups()
                .limit(50)
                .set_next_token(token)
                .send();
            let answer = self.session.call(DESCRIBE_GROUPS, send).await?;
            let groups = answer.log_groups().iter().map(|group| LogGroup {
                name: group.log_group_name().unwrap_or_default().to_owned(),
                stored_bytes: group.stored_bytes(),
                retention_days: group.retention_in_days(),
                created_at: group.creation_time().and_then(from_millis),
            });
            Ok(Page::new(groups.collect(), answer.next_token.clone()))
        })
        .await?;
        let mut partial: Partial<Vec<LogGroup>> = listed.into_partial(DESCRIBE_GROUPS, GROUPS);
        partial.value.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(partial)
    }

    async fn log_streams(&self, group: &str, prefix: Option<&str>) -> Answer<Vec<LogStream>> {
        let listed = read(STREAMS, |token| async move {
            let ask = self
                .client
                .describe_log_streams()
                .log_group_name(group)
                .limit(50)
                .set_next_token(token);
            // A prefix cannot be combined with the order of the last event.
            let ask = match prefix {
                Some(prefix) => ask
                    .log_stream_name_prefix(prefix)
                    .order_by(OrderBy::LogStreamName),
                None => ask.order_by(OrderBy::LastEventTime).descending(true),
            };
            let answer = self.session.call(DESCRIBE_STREAMS, ask.send()).await?;
            let streams = answer.log_streams().iter().map(|stream| LogStream {
                group: group.to_owned(),
                name: stream.log_stream_name().unwrap_or_default().to_owned(),
                last_event_at: stream.last_event_timestamp().and_then(from_millis),
            });
            Ok(Page::new(streams.collect(), answer.next_token.clone()))
        })
        .await?;
        let mut partial: Partial<Vec<LogStream>> = listed.into_partial(DESCRIBE_STREAMS, STREAMS);
        match prefix {
            Some(prefix) => {
                partial.value.retain(|s| s.name.starts_with(prefix));
                partial.value.sort_by(|a, b| a.name.cmp(&b.name));
            }
            None => partial
                .value
                .sort_by_key(|s| std::cmp::Reverse(s.last_event_at)),
        }
        Ok(partial)
    }

    async fn log_events(&self, query: &LogQuery) -> Answer<Vec<LogLine>> {
        let names = self.stream_names(&query.target).await?;
        let mut missing = Vec::new();
        let mut lines = Vec::new();
        if names.is_empty() {
            self.search(query, &[], &mut lines, &mut missing).await?;
        }
        for chunk in names.chunks(NAMES) {
            self.search(query, chunk, &mut lines, &mut missing).await?;
        }
        lines.sort_by_key(|line| line.at);
        if lines.len() > query.limit {
            if query.newest_first {
                lines.drain(..lines.len() - query.limit);
            } else {
                lines.truncate(query.limit);
            }
        }
        missing.dedup();
        Ok(Partial {
            value: lines,
            missing,
        })
    }

    async fn log_page(
        &self,
        query: &LogQuery,
        token: Option<&str>,
    ) -> Result<EventPage, SourceError> {
        let names = self.stream_names(&query.target).await?;
        self.page_of(query, &names, token).await
    }

    async fn live_tail(
        &self,
        targets: &[LogTarget],
        pattern: Option<&str>,
    ) -> Result<LiveTail, SourceError> {
        self.open_live_tail(targets, pattern).await
    }
}

impl Logs {
    /// The streams that a target means, or none for the whole group.
    ///
    /// Prefixes are resolved here: not every endpoint heeds them in a search, and a prefix without a stream is a
    /// stream that has yet to come.
    async fn stream_names(&self, target: &LogTarget) -> Result<Vec<String>, SourceError> {
        let Some(prefix) = target.prefix.as_deref().filter(|p| !p.is_empty()) else {
            return Ok(target.streams.clone());
        };
        let key = (target.group.clone(), prefix.to_owned());
        {
            let resolved = self.resolved.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((at, names)) = resolved.get(&key)
                && at.elapsed() < STREAMS_HOLD
            {
                return Ok(names.clone());
            }
        }
        let streams = self.log_streams(&target.group, Some(prefix)).await?;
        let names: Vec<String> = streams.value.into_iter().map(|s| s.name).collect();
        if names.is_empty() {
            return Err(SourceError::new(
                DESCRIBE_STREAMS.to_string(),
                ErrorKind::Missing,
                format!("no log stream {prefix}* in {} yet", target.group),
            ));
        }
        let mut resolved = self.resolved.lock().unwrap_or_else(PoisonError::into_inner);
        resolved.retain(|_, (at, _)| at.elapsed() < STREAMS_HOLD);
        resolved.insert(key, (Instant::now(), names.clone()));
        Ok(names)
    }
}
