//! GetLogEvents: one stream, forward and backward.

use super::super::call::{Call, Reply};
use super::{EVENTS, group, of_group};
use crate::simulator::logs::event::Event;
use crate::simulator::logs::streams::Stream;
use crate::simulator::moment::{HOUR, Moment};
use crate::simulator::wire::error::ApiError;
use crate::simulator::wire::value::{Value, map};

/// The place after or before an event of one stream.
fn position(text: &str) -> Option<(Moment, u64)> {
    let mut parts = text.get(2..)?.split('/');
    Some((
        Moment(parts.next()?.parse().ok()?),
        parts.next()?.parse().ok()?,
    ))
}

pub fn get(call: &Call<'_>) -> Reply {
    let group = group(call)?;
    let name = call.required("logStreamName")?;
    let limit = call.limit("limit", EVENTS, EVENTS)?;
    let streams = of_group(call, &group)?;
    let stream = streams.iter().find(|s| s.name == name).ok_or_else(|| {
        ApiError::new(
            "ResourceNotFoundException",
            "The specified log stream does not exist.",
        )
    })?;
    let now = call.now();
    let start = call
        .number("startTime")
        .map_or(stream.first, |t| Moment(t as i64));
    let end = call
        .number("endTime")
        .map_or(now.plus(1), |t| Moment(t as i64))
        .min(now.plus(1));
    let token = call.text("nextToken");
    let place = token
        .map(|t| position(t).ok_or_else(|| call.invalid("The specified nextToken is invalid.")));
    let place = place.transpose()?;
    let forward = token.map_or(call.flag("startFromHead") == Some(true), |t| {
        t.starts_with("f/")
    });
    let events = if forward {
        ahead(call, stream, start.max(stream.first), end, place, limit)
    } else {
        behind(call, stream, start.max(stream.first), end, place, limit)
    };
    let (first, last) = match (events.first(), events.last()) {
        (Some(first), Some(last)) => ((first.at, first.number), (last.at, last.number)),
        // Nothing more this way: the same token again.
        _ => {
            let here = place.unwrap_or((if forward { start } else { end }, 0));
            (here, here)
        }
    };
    Ok(map! {
        "events" => Value::list(events.iter().map(|event| map! {
            "timestamp" => event.at.0,
            "message" => event.message.as_str(),
            "ingestionTime" => event.ingested.0,
        })),
        "nextForwardToken" => format!("f/{}/{}", last.0.0, last.1),
        "nextBackwardToken" => format!("b/{}/{}", first.0.0, first.1),
    })
}

fn ahead(
    call: &Call<'_>,
    stream: &Stream<'_>,
    start: Moment,
    end: Moment,
    place: Option<(Moment, u64)>,
    limit: usize,
) -> Vec<Event> {
    let mut out = Vec::new();
    let mut at = place.map_or(start, |(at, _)| at.max(start));
    while at < end && out.len() < limit {
        let until = at.plus(HOUR).min(end);
        let events = stream.events(&call.view, at, until);
        out.extend(
            events
                .into_iter()
                .filter(|e| place.is_none_or(|p| (e.at, e.number) > p)),
        );
        at = until;
    }
    out.truncate(limit);
    out
}

fn behind(
    call: &Call<'_>,
    stream: &Stream<'_>,
    start: Moment,
    end: Moment,
    place: Option<(Moment, u64)>,
    limit: usize,
) -> Vec<Event> {
    let mut out: Vec<Event> = Vec::new();
    let mut until = place.map_or(end, |(at, _)| at.plus(1).min(end));
    while until > start && out.len() < limit {
        let from = until.plus(-HOUR).max(start);
        let events = stream.events(&call.view, from, until);
        out.extend(
            events
                .into_iter()
                .rev()
                .filter(|e| place.is_none_or(|p| (e.at, e.number) < p)),
        );
        until = from;
    }
    out.truncate(limit);
    out.reverse();
    out
}
