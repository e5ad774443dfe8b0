//! StartQuery, GetQueryResults, StopQuery.

use super::super::call::{Call, Reply};
use super::of_group;
use crate::simulator::insights::{Found, Program, Record, Scanned, Started, State, run};
use crate::simulator::moment::Moment;
use crate::simulator::wire::error::ApiError;
use crate::simulator::wire::value::{Value, map};

pub fn start(call: &Call<'_>) -> Reply {
    let program = Program::parse(call.required("queryString")?)
        .map_err(|why| ApiError::new("MalformedQueryException", why.0))?;
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
        if query.asked > 1 {
            query.found = Some(search(call, query)?);
            query.state = State::Complete;
        }
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

fn unknown() -> ApiError {
    ApiError::new(
        "ResourceNotFoundException",
        "The specified query does not exist.",
    )
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
                });
            }
        }
    }
    let found = run(&query.program, records, query.limit);
    Ok((found, scanned))
}
