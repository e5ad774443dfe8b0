//! StartQuery, GetQueryResults, StopQuery.

use super::super::call::{Call, Reply};
use super::of_group;
use crate::simulator::insights::{Found, Program, Record, Scanned, Started, State, run};
use crate::simulator::moment::Moment;
use crate::simulator::wire::error::ApiError;
use crate::simulator::wire::value::{Value, map};

pub fn start(call: &Call<'_>) -> Reply {
    let text = call.required("queryString")?;
    let program = Program::parse(text).map_err(|refused| {
        ApiError::new("MalformedQueryException", refused.why)
            .with_place(refused.at, text.chars().count())
    })?;
    let second = |name: &str| {
        let given = call.number(name);
        given
            .map(|seconds| Moment((seconds * 1000.0) as i64))
            .ok_or_else(|| call.invalid(format!("{name} is required")))
    };
    let (from, until) = (second("startTime")?, second("endTime")?);
    if from > until {
        return Err(call.invalid("End time should not be less than start time"));
    }
    let mut groups = call.texts("logGroupNames");
    groups.extend(call.texts("logGroupIdentifiers"));
    groups.extend(call.text("logGroupName"));
    let groups: Vec<String> = groups.into_iter().map(super::short_name).collect();
    if groups.is_empty() {
        return Err(call.invalid("No log groups were specified."));
    }
    for group in &groups {
        of_group(call, group)?;
    }
    let limit = call.limit("limit", 10_000, 10_000)?;
    let mut queries = call.account().queries();
    let id = call.account().dice.of("query").at(call.now().0);
    let id = id.at(queries.count() as i64).uuid();
    let started = Started {
        program,
        groups,
        from,
        until,
        limit: Some(limit),
        state: State::Running,
        asked: 0,
        found: None,
    };
    if !queries.start(id.clone(), started) {
        return Err(ApiError::new(
            "LimitExceededException",
            "Account maximum query concurrency limit of [30] reached.",
        ));
    }
    Ok(map! { "queryId" => id })
}

pub fn results(call: &Call<'_>) -> Reply {
    let id = call.required("queryId")?;
    let mut queries = call.account().queries();
    let query = queries.get(id).ok_or_else(unknown)?;
    if query.state == State::Running {
        query.asked += 1;
        let (found, scanned) = search(call, query)?;
        query.found = Some(if query.asked > 1 {
            query.state = State::Complete;
            (found, scanned)
        } else {
            half(found, scanned)
        });
    }
    let (found, scanned) = query.found.clone().unwrap_or_default();
    let status = match query.state {
        State::Running => "Running",
        State::Complete => "Complete",
        State::Cancelled => "Cancelled",
    };
    Ok(map! {
        "queryLanguage" => "CWLI",
        "results" => Value::List(found.rows.iter().map(|row| {
            Value::list(row.iter().map(|(field, value)| map! {
                "field" => field.as_str(),
                "value" => value.as_str(),
            }))
        }).collect()),
        "statistics" => map! {
            "recordsMatched" => found.matched as f64,
            "recordsScanned" => scanned.records as f64,
            "bytesScanned" => scanned.bytes as f64,
            "logGroupsScanned" => scanned.groups as f64,
        },
        "status" => status,
    })
}

pub fn stop(call: &Call<'_>) -> Reply {
    let id = call.required("queryId")?;
    let mut queries = call.account().queries();
    let query = queries.get(id).ok_or_else(unknown)?;
    if query.state != State::Running {
        return Err(call
            .invalid("Query is not running, can only stop queries that are Scheduled or Running"));
    }
    query.state = State::Cancelled;
    Ok(map! { "success" => true })
}

/// Queries that somebody saved in the account.
const SAVED: [(&str, &str); 2] = [
    (
        "serving: failed requests",
        "fields @timestamp, @logStream, @message | filter @message like /\" 5\\d\\d / | sort @timestamp desc | limit 500",
    ),
    (
        "training: losses that are no number",
        "fields @timestamp, @logStream, @message | filter @message like /(?i)loss=nan/ | sort @timestamp asc | limit 200",
    ),
];

pub fn definitions(call: &Call<'_>) -> Reply {
    let most = call.limit("maxResults", 1000, 1000)?;
    let prefix = call.text("queryDefinitionNamePrefix").unwrap_or_default();
    let saved = SAVED.iter().filter(|(name, _)| name.starts_with(prefix));
    let (page, token) = call.page(saved.collect(), most);
    let account = call.account();
    Ok(map! {
        "queryDefinitions" => Value::list(page.into_iter().map(|(name, query)| map! {
            "queryLanguage" => "CWLI",
            "queryDefinitionId" => account.dice.of("definition").of(name).uuid(),
            "name" => *name,
            "queryString" => *query,
            "lastModified" => account.start.0,
            "logGroupNames" => Value::List(Vec::new()),
        })),
        "nextToken" => token,
    })
}

fn unknown() -> ApiError {
    ApiError::new(
        "ResourceNotFoundException",
        "The specified query does not exist.",
    )
}

/// What is known half way.
fn half(mut found: Found, scanned: Scanned) -> (Found, Scanned) {
    found.rows.truncate(found.rows.len() / 2);
    found.matched /= 2;
    let scanned = Scanned {
        records: scanned.records / 2,
        bytes: scanned.bytes / 2,
        ..scanned
    };
    (found, scanned)
}

fn search(call: &Call<'_>, query: &Started) -> Result<(Found, Scanned), ApiError> {
    let mut records = Vec::new();
    let mut scanned = Scanned {
        groups: query.groups.len(),
        ..Scanned::default()
    };
    for group in &query.groups {
        for stream in of_group(call, group)? {
            // The end of a query is inclusive.
            let events = stream.events(&call.view, query.from, query.until.plus(1000));
            for event in events {
                scanned.records += 1;
                scanned.bytes += event.message.len();
                records.push(Record {
                    at: event.at,
                    ingested: event.ingested,
                    group: group.clone(),
                    stream: stream.name.clone(),
                    message: event.message,
                    account: call.account().spec.account.id.clone(),
                    parsed: Vec::new(),
                });
            }
        }
    }
    let found = run(&query.program, records, query.limit);
    Ok((found, scanned))
}
