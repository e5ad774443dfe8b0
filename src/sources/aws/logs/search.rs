//! Events of a group, page after page, from either end.

use std::cmp::Ordering;

use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;

use super::{FILTER_EVENTS, Logs, NAMES};
use crate::domain::log::{EventPage, LogLine, LogQuery};
use crate::domain::source_error::{ErrorKind, SourceError};
use crate::sources::aws::time::from_millis;

/// Events that one page may hold.
const PAGE: usize = 10_000;
/// Pages read for one question; a search of a large group has many empty ones.
const PAGES: usize = 100;

impl Logs {
    /// Reads pages into `lines` until the limit or the end. Pages may be empty and still not the last.
    pub(super) async fn search(
        &self,
        query: &LogQuery,
        names: &[String],
        lines: &mut Vec<LogLine>,
        missing: &mut Vec<SourceError>,
    ) -> Result<(), SourceError> {
        let mut from_tail = query.newest_first;
        let mut token = None;
        let mut found: Vec<LogLine> = Vec::new();
        for number in 0..PAGES {
            let (page, next) = match self.page(query, names, from_tail, token.clone()).await {
                Ok(answer) => answer,
                // Not every endpoint, and no time before 2024, can be read from the end.
                Err(error) if number == 0 && from_tail && error.kind == ErrorKind::Malformed => {
                    from_tail = false;
                    continue;
                }
                Err(error) if number == 0 => return Err(error),
                Err(error) => {
                    missing.push(error);
                    lines.append(&mut found);
                    return Ok(());
                }
            };
            found.extend(page);
            let enough = if from_tail {
                // An endpoint that cannot start at the end starts at the beginning without a word.
                let order = order(&found);
                from_tail = order != Ordering::Less;
                if !from_tail && next.is_none() && found.len() >= page_limit(query, true) {
                    // One that also forgets to say that there is more: all over, in the largest pages.
                    found.clear();
                    token = None;
                    continue;
                }
                found.len() >= query.limit && order == Ordering::Greater
            } else {
                found.len() >= query.limit && !query.newest_first
            };
            if enough || next.is_none() || next == token {
                lines.append(&mut found);
                return Ok(());
            }
            if query.newest_first && found.len() > query.limit.saturating_mul(4).max(PAGE) {
                found.sort_by_key(|line| line.at);
                found.drain(..found.len() - query.limit);
            }
            token = next;
        }
        missing.push(
            SourceError::new(
                FILTER_EVENTS.to_string(),
                ErrorKind::Missing,
                format!("{} is searched in part only", query.target.group),
            )
            .with_hint("ask for a shorter time or fewer streams"),
        );
        lines.append(&mut found);
        Ok(())
    }

    /// One page in ascending order. More streams than a question may name are sorted out here.
    pub(super) async fn page_of(
        &self,
        query: &LogQuery,
        names: &[String],
        token: Option<&str>,
    ) -> Result<EventPage, SourceError> {
        let target = &query.target;
        let asked = if names.len() > NAMES { &[] } else { names };
        let (mut lines, next) = self
            .page(query, asked, false, token.map(str::to_owned))
            .await?;
        if asked.len() < names.len() {
            lines.retain(|line| match &target.prefix {
                Some(prefix) => line.stream.starts_with(prefix.as_str()),
                None => names.contains(&line.stream),
            });
        }
        Ok(EventPage { lines, next })
    }

    async fn page(
        &self,
        query: &LogQuery,
        names: &[String],
        from_tail: bool,
        token: Option<String>,
    ) -> Result<(Vec<LogLine>, Option<String>), SourceError> {
        let limit = i32::try_from(page_limit(query, from_tail)).unwrap_or(i32::MAX);
        let prefix = query.target.prefix.clone().filter(|p| !p.is_empty());
        let send = self
            .client
            .filter_log_events()
            .log_group_name(&query.target.group)
            .set_log_stream_names((!names.is_empty()).then(|| names.to_vec()))
            .set_log_stream_name_prefix(prefix.filter(|_| names.is_empty()))
            .set_start_time(query.since.map(|at| at.as_millisecond()))
            .set_end_time(query.until.map(|at| at.as_millisecond()))
            .set_filter_pattern(query.pattern.clone().filter(|p| !p.is_empty()))
            .set_start_from_head(from_tail.then_some(false))
            .limit(limit)
            .set_next_token(token)
            .send();
        let answer = self.session.call(FILTER_EVENTS, send).await?;
        let group = &query.target.group;
        let lines = answer
            .events()
            .iter()
            .filter_map(|event| line(group, event));
        Ok((
            lines.collect(),
            answer.next_token.clone().filter(|t| !t.is_empty()),
        ))
    }
}

/// How many events to ask for at once.
fn page_limit(query: &LogQuery, from_tail: bool) -> usize {
    match (query.newest_first, from_tail) {
        (false, _) => query.limit.clamp(1, PAGE),
        // Enough to tell in which order they come.
        (true, true) => query.limit.clamp(100, PAGE),
        (true, false) => PAGE,
    }
}

/// How the first event stands to the last: `Less` for a list that ascends, `Equal` where it cannot be told.
fn order(events: &[LogLine]) -> Ordering {
    match (events.first(), events.last()) {
        (Some(first), Some(last)) => first.at.cmp(&last.at),
        _ => Ordering::Equal,
    }
}

fn line(group: &str, event: &FilteredLogEvent) -> Option<LogLine> {
    Some(LogLine {
        group: group.to_owned(),
        stream: event.log_stream_name().unwrap_or_default().to_owned(),
        at: from_millis(event.timestamp()?)?,
        ingested_at: event.ingestion_time().and_then(from_millis),
        message: event.message().unwrap_or_default().to_owned(),
        event_id: event.event_id().map(str::to_owned),
    })
}
