//! Logs Insights: queries that run where the logs are, paid by what they scan.

use std::sync::PoisonError;

use async_trait::async_trait;
use aws_sdk_cloudwatchlogs::operation::get_query_results::GetQueryResultsOutput;
use aws_sdk_cloudwatchlogs::operation::start_query::StartQueryError;
use aws_sdk_cloudwatchlogs::types::{Anomaly, QueryLanguage, QueryStatistics, ResultField};
use aws_smithy_runtime_api::client::result::SdkError;

use super::Logs;
use crate::domain::arn::name_of;
use crate::domain::insights::{
    InsightsQuery, LogAnomaly, MOST_ROWS, QueryResults, QueryState, SavedQuery, Scan, scan_usd,
};
use crate::domain::source_error::{Answer, Partial, SourceError};
use crate::sources::InsightsSource;
use crate::sources::aws::api::Api;
use crate::sources::aws::paging::{Page, read};
use crate::sources::aws::time::from_millis;

const START_QUERY: Api = Api::new("logs", "StartQuery");
const GET_RESULTS: Api = Api::new("logs", "GetQueryResults");
const STOP_QUERY: Api = Api::new("logs", "StopQuery");
const DESCRIBE_SAVED: Api = Api::new("logs", "DescribeQueryDefinitions");
const LIST_ANOMALIES: Api = Api::new("logs", "ListAnomalies");
const ANOMALIES: usize = 500;
const SAVED: usize = 1000;
/// Characters of a query quoted where it cannot be read.
const QUOTED: usize = 24;
/// The pointer to the whole record, which every row carries and nobody reads.
const POINTER: &str = "@ptr";

#[async_trait]
impl InsightsSource for Logs {
    async fn start_query(&self, query: &InsightsQuery) -> Result<String, SourceError> {
        let usd = scan_usd(query.expected_bytes.unwrap_or_default());
        self.session
            .afford(START_QUERY, usd)
            .await
            .map_err(|error| match error.hint {
                Some(hint) => SourceError {
                    hint: Some(format!("a shorter time scans less; or {hint}")),
                    ..error
                },
                None => error,
            })?;
        let limit = query.limit.map(|n| n.min(MOST_ROWS));
        let mut mistake = None;
        let send = self
            .client
            .start_query()
            .set_log_group_names(Some(query.groups.clone()))
            .start_time(query.from.as_second())
            .end_time(query.until.as_second())
            .query_string(&query.text)
            .set_limit(limit.and_then(|n| i32::try_from(n).ok()))
            .send();
        let send = async {
            let answer = send.await;
            let refused = answer.as_ref().err().and_then(SdkError::as_service_error);
            mistake = refused.and_then(|refused| place(refused, &query.text));
            answer
        };
        let answer = self.session.call(START_QUERY, send).await;
        let answer = answer.map_err(|error| match mistake {
            Some(place) => error.with_hint(place),
            None => error,
        })?;
        Ok(answer.query_id().unwrap_or_default().to_owned())
    }

    async fn query_results(&self, id: &str) -> Result<QueryResults, SourceError> {
        let mut rows: Vec<Vec<ResultField>> = Vec::new();
        let mut token = None;
        loop {
            let send = self
                .client
                .get_query_results()
                .query_id(id)
                .set_next_token(token.clone())
                .send();
            let mut answer = self.session.call(GET_RESULTS, send).await?;
            rows.extend(answer.results.take().unwrap_or_default());
            let next = answer.next_token.take().filter(|next| !next.is_empty());
            if next.is_none() || next == token || rows.len() >= MOST_ROWS {
                rows.truncate(MOST_ROWS);
                return self.told(id, &answer, &rows);
            }
            token = next;
        }
    }

    async fn stop_query(&self, id: &str) -> Result<(), SourceError> {
        let send = self.client.stop_query().query_id(id).send();
        match self.session.call(STOP_QUERY, send).await {
            Ok(_) => Ok(()),
            // One that ended by itself needs no stop.
            Err(error) if error.what.contains("not running") => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn saved_queries(&self) -> Answer<Vec<SavedQuery>> {
        let listed = read(SAVED, |token| async move {
            let send = self
                .client
                .describe_query_definitions()
                .query_language(QueryLanguage::Cwli)
                .set_next_token(token)
                .send();
            let answer = self.session.call(DESCRIBE_SAVED, send).await?;
            let saved = answer.query_definitions().iter().map(|saved| SavedQuery {
                name: saved.name().unwrap_or_default().to_owned(),
                query: saved.query_string().unwrap_or_default().to_owned(),
            });
            Ok(Page::new(saved.collect(), answer.next_token.clone()))
        })
        .await?;
        let mut partial: Partial<Vec<SavedQuery>> = listed.into_partial(DESCRIBE_SAVED, SAVED);
        partial.value.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(partial)
    }

    async fn anomalies(&self) -> Answer<Vec<LogAnomaly>> {
        let listed = read(ANOMALIES, |token| async move {
            let send = self
                .client
                .list_anomalies()
                .limit(50)
                .set_next_token(token)
                .send();
            let answer = self.session.call(LIST_ANOMALIES, send).await?;
            let anomalies = answer.anomalies().iter().map(anomaly);
            Ok(Page::new(anomalies.collect(), answer.next_token.clone()))
        })
        .await?;
        let mut partial: Partial<Vec<LogAnomaly>> = listed.into_partial(LIST_ANOMALIES, ANOMALIES);
        partial
            .value
            .sort_by_key(|anomaly| std::cmp::Reverse(anomaly.last_seen));
        Ok(partial)
    }
}

impl Logs {
    /// The answer in our words; what was scanned since the last one is booked.
    fn told(
        &self,
        id: &str,
        answer: &GetQueryResultsOutput,
        rows: &[Vec<ResultField>],
    ) -> Result<QueryResults, SourceError> {
        let state = QueryState::named(answer.status().map_or("", |status| status.as_str()));
        let scan = answer.statistics().map(scan).unwrap_or_default();
        let new = {
            let mut booked = self.booked.lock().unwrap_or_else(PoisonError::into_inner);
            let before = booked
                .insert(id.to_owned(), scan.bytes_scanned)
                .unwrap_or(0);
            if state.is_over() {
                booked.remove(id);
            }
            scan.bytes_scanned.saturating_sub(before)
        };
        let fits = self.session.book(GET_RESULTS, scan_usd(new));
        // What is paid for is shown.
        if !state.is_over() {
            fits?;
        }
        let (columns, rows) = table(rows);
        Ok(QueryResults {
            state,
            columns,
            rows,
            scan,
        })
    }
}

/// Where a query cannot be read.
fn place(refused: &StartQueryError, query: &str) -> Option<String> {
    let StartQueryError::MalformedQueryException(malformed) = refused else {
        return None;
    };
    let location = malformed.query_compile_error()?.location()?;
    let start = usize::try_from(location.start_char_offset()?).ok()?;
    let here: String = query.chars().skip(start).take(QUOTED).collect();
    Some(if here.is_empty() {
        "it ends too early: something is missing at its end".to_owned()
    } else {
        format!("look at character {}: {here}", start + 1)
    })
}

fn scan(statistics: &QueryStatistics) -> Scan {
    Scan {
        records_matched: statistics.records_matched() as u64,
        records_scanned: statistics.records_scanned() as u64,
        bytes_scanned: statistics.bytes_scanned() as u64,
    }
}

/// Rows bring their own fields: the columns are all of them, in the order in which they come up.
fn table(rows: &[Vec<ResultField>]) -> (Vec<String>, Vec<Vec<Option<String>>>) {
    let mut columns: Vec<String> = Vec::new();
    let mut table = Vec::with_capacity(rows.len());
    for row in rows {
        let mut values = vec![None; columns.len()];
        for field in row {
            let name = field.field().unwrap_or_default();
            if name == POINTER {
                continue;
            }
            let place = columns
                .iter()
                .position(|known| known == name)
                .unwrap_or_else(|| {
                    columns.push(name.to_owned());
                    values.push(None);
                    columns.len() - 1
                });
            values[place] = field.value().map(str::to_owned);
        }
        table.push(values);
    }
    for values in &mut table {
        values.resize(columns.len(), None);
    }
    (columns, table)
}

fn anomaly(anomaly: &Anomaly) -> LogAnomaly {
    let groups = anomaly.log_group_arn_list().iter();
    LogAnomaly {
        id: anomaly.anomaly_id().to_owned(),
        groups: groups
            .map(|arn| match arn.split_once(":log-group:") {
                Some((_, group)) => group.trim_end_matches(":*").to_owned(),
                None => name_of(arn).to_owned(),
            })
            .collect(),
        pattern: anomaly.pattern_string().to_owned(),
        description: anomaly.description().to_owned(),
        priority: anomaly.priority().map(str::to_owned),
        first_seen: from_millis(anomaly.first_seen()),
        last_seen: from_millis(anomaly.last_seen()),
        is_active: anomaly.active(),
    }
}
