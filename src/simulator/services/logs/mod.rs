//! Amazon CloudWatch Logs.

mod anomalies;
mod filter;
mod get;
mod query;

use super::call::{Call, Reply};
use crate::simulator::dice::Dice;
use crate::simulator::logs::groups;
use crate::simulator::logs::streams::Stream;
use crate::simulator::moment::{DAY, MINUTE, Moment};
use crate::simulator::wire::error::ApiError;
use crate::simulator::wire::value::{Value, map};

/// The most events of a page.
const EVENTS: usize = 10_000;

pub fn answer(call: &Call<'_>) -> Option<Reply> {
    Some(match call.operation {
        "DescribeLogGroups" => list_groups(call),
        "DescribeLogStreams" => list_streams(call),
        "FilterLogEvents" => filter::filter(call),
        "GetLogEvents" => get::get(call),
        "StartQuery" => query::start(call),
        "GetQueryResults" => query::results(call),
        "StopQuery" => query::stop(call),
        "DescribeQueryDefinitions" => query::definitions(call),
        "ListAnomalies" => anomalies::list(call),
        _ => return None,
    })
}

fn list_groups(call: &Call<'_>) -> Reply {
    let limit = call.limit("limit", 50, 50)?;
    let prefix = call.text("logGroupNamePrefix");
    let pattern = call.text("logGroupNamePattern").map(str::to_lowercase);
    if prefix.is_some() && pattern.is_some() {
        return Err(call.invalid(
            "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
        ));
    }
    let mut names = groups::groups(&call.view);
    names.retain(|n| {
        prefix.is_none_or(|p| n.starts_with(p))
            && pattern
                .as_ref()
                .is_none_or(|p| n.to_lowercase().contains(p))
    });
    let account = call.account();
    let (page, token) = call.page(names, limit);
    Ok(map! {
        "logGroups" => Value::list(page.into_iter().map(|name| {
            let dice = account.dice.of("group").of(&name);
            let arn = account.arn("logs", &format!("log-group:{name}"));
            let created = account.start.plus(-(dice.between(30.0, 400.0) * DAY as f64) as i64);
            let bytes = stored_bytes(&name, dice);
            map! {
                "logGroupName" => name.as_str(),
                "creationTime" => created.0,
                "retentionInDays" => if name.contains("lambda") { None } else { Some(30_i64) },
                "metricFilterCount" => 0_i64,
                "arn" => format!("{arn}:*"),
                "storedBytes" => bytes,
                "logGroupClass" => "STANDARD",
                "logGroupArn" => arn,
            }
        })),
        "nextToken" => token,
    })
}

/// Training and serving fill the most, functions the least.
fn stored_bytes(group: &str, dice: Dice) -> i64 {
    let magnitude = match group {
        name if name.contains("/lambda/") || name.contains("/states/") => 21.0,
        name if name.contains("/codebuild/") => 25.0,
        name if name.contains("/Endpoints/") => 30.0,
        _ => 29.0,
    };
    (magnitude + dice.of("bytes").between(0.0, 3.0)).exp2() as i64
}

/// The group of a call, by name or ARN.
fn group(call: &Call<'_>) -> Result<String, ApiError> {
    let named = call
        .text("logGroupName")
        .or_else(|| call.text("logGroupIdentifier"));
    let named = named.ok_or_else(|| call.invalid("1 validation error detected: Value null at 'logGroupName' failed to satisfy constraint: Member must not be null"))?;
    Ok(short_name(named))
}

/// The name in an ARN, or the name itself.
fn short_name(named: &str) -> String {
    let short = match named.split_once(":log-group:") {
        Some((_, name)) => name.trim_end_matches(":*"),
        None => named,
    };
    short.to_owned()
}

fn of_group<'c>(call: &'c Call<'_>, group: &str) -> Result<Vec<Stream<'c>>, ApiError> {
    groups::streams(&call.view, group).ok_or_else(|| {
        ApiError::new(
            "ResourceNotFoundException",
            "The specified log group does not exist.",
        )
    })
}

fn list_streams(call: &Call<'_>) -> Reply {
    let group = group(call)?;
    let limit = call.limit("limit", 50, 50)?;
    let prefix = call.text("logStreamNamePrefix");
    let by_time = call.text("orderBy") == Some("LastEventTime");
    if by_time && prefix.is_some() {
        return Err(call.invalid("Cannot order by LastEventTime with a logStreamNamePrefix."));
    }
    let mut streams = of_group(call, &group)?;
    streams.retain(|s| prefix.is_none_or(|p| s.name.starts_with(p)));
    if by_time {
        streams.sort_by(|a, b| (last(call, a), &a.name).cmp(&(last(call, b), &b.name)));
    } else {
        streams.sort_by(|a, b| a.name.cmp(&b.name));
    }
    if call.flag("descending") == Some(true) {
        streams.reverse();
    }
    let (page, token) = call.page(streams, limit);
    let account = call.account();
    Ok(map! {
        "logStreams" => Value::list(page.into_iter().map(|stream| {
            let last = last(call, &stream);
            map! {
                "logStreamName" => stream.name.as_str(),
                "creationTime" => stream.first.0,
                "firstEventTimestamp" => stream.first.0,
                "lastEventTimestamp" => last.0,
                "lastIngestionTime" => last.0 + 900,
                "uploadSequenceToken" => format!("490{:053}", stream.dice.bits()),
                "arn" => account.arn("logs", &format!("log-group:{group}:log-stream:{}", stream.name)),
                "storedBytes" => 0_i64,
            }
        })),
        "nextToken" => token,
    })
}

/// The last event as the service knows it: some minutes behind for streams that still grow.
fn last(call: &Call<'_>, stream: &Stream<'_>) -> Moment {
    match stream.last {
        Some(last) if last <= call.now() => last,
        _ => call.now().minute().plus(-MINUTE).max(stream.first),
    }
}
