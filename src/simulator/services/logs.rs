//! Amazon CloudWatch Logs.

use super::call::{Call, Reply};
use crate::simulator::logs::event::Event;
use crate::simulator::logs::pattern::Pattern;
use crate::simulator::logs::streams::{self, Stream};
use crate::simulator::moment::{DAY, HOUR, MINUTE, Moment};
use crate::simulator::wire::error::ApiError;
use crate::simulator::wire::value::{Value, map};

pub fn answer(call: &Call<'_>) -> Option<Reply> {
    Some(match call.operation {
        "DescribeLogGroups" => groups(call),
        "DescribeLogStreams" => list_streams(call),
        "FilterLogEvents" => filter(call),
        "GetLogEvents" => get(call),
        _ => return None,
    })
}

/// The limits of a page.
const EVENTS: usize = 10_000;
const BYTES: usize = 1_048_576;
/// What an event takes in an answer beside its message.
const ENVELOPE: usize = 200;

/// A page of FilterLogEvents looks at so much time at once, and at most at so many of these.
const SLICE: i64 = 10 * MINUTE;
const SLICES: usize = 72;

fn groups(call: &Call<'_>) -> Reply {
    let limit = call.limit("limit", 50, 50)?;
    let prefix = call.text("logGroupNamePrefix");
    let pattern = call.text("logGroupNamePattern").map(str::to_lowercase);
    if prefix.is_some() && pattern.is_some() {
        return Err(call.invalid(
            "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
        ));
    }
    let mut names = streams::groups(&call.view);
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
            let bytes = (dice.of("bytes").between(15.0, 24.0).exp2() * 900.0) as i64;
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

/// The group of a call, by name or ARN.
fn group(call: &Call<'_>) -> Result<String, ApiError> {
    let named = call
        .text("logGroupName")
        .or_else(|| call.text("logGroupIdentifier"));
    let named = named.ok_or_else(|| call.invalid("1 validation error detected: Value null at 'logGroupName' failed to satisfy constraint: Member must not be null"))?;
    let short = match named.split_once(":log-group:") {
        Some((_, name)) => name.trim_end_matches(":*"),
        None => named,
    };
    Ok(short.to_owned())
}

fn of_group<'c>(call: &'c Call<'_>, group: &str) -> Result<Vec<Stream<'c>>, ApiError> {
    streams::streams(&call.view, group).ok_or_else(|| {
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

/// Where a page of FilterLogEvents begins: the moment it was first asked, how far it came, and its direction.
struct Cursor {
    snapshot: Moment,
    at: Moment,
    skip: usize,
    ascending: bool,
}

impl Cursor {
    fn write(&self) -> String {
        let direction = if self.ascending { 'a' } else { 'd' };
        format!(
            "e/{direction}/{}/{}/{}",
            self.snapshot.0, self.at.0, self.skip
        )
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix("e/")?.split('/');
        let ascending = parts.next()? == "a";
        Some(Self {
            snapshot: Moment(parts.next()?.parse().ok()?),
            at: Moment(parts.next()?.parse().ok()?),
            skip: parts.next()?.parse().ok()?,
            ascending,
        })
    }
}

fn filter(call: &Call<'_>) -> Reply {
    let group = group(call)?;
    let limit = call.limit("limit", EVENTS, EVENTS)?;
    let pattern = Pattern::parse(call.text("filterPattern").unwrap_or_default())
        .map_err(|e| call.invalid(e))?;
    let names = call.texts("logStreamNames");
    let prefix = call.text("logStreamNamePrefix");
    if !names.is_empty() && prefix.is_some() {
        return Err(call
            .invalid("logStreamNames and logStreamNamePrefix are mutually exclusive parameters."));
    }
    let mut streams = of_group(call, &group)?;
    streams.retain(|s| {
        (names.is_empty() || names.contains(&s.name.as_str()))
            && prefix.is_none_or(|p| s.name.starts_with(p))
    });
    if !names.is_empty() && streams.is_empty() {
        return Err(ApiError::new(
            "ResourceNotFoundException",
            "The specified log stream does not exist.",
        ));
    }
    let token = call.text("nextToken");
    let resumed = token.map(|t| {
        Cursor::read(t).ok_or_else(|| call.invalid("The specified nextToken is invalid."))
    });
    let resumed = resumed.transpose()?;
    let snapshot = resumed.as_ref().map_or(call.now(), |c| c.snapshot);
    let ascending = resumed
        .as_ref()
        .map_or(call.flag("startFromHead") != Some(false), |c| c.ascending);
    // Nothing lies before the first stream nor after the page's snapshot.
    let first = streams.iter().map(|s| s.first).min().unwrap_or(snapshot);
    let start = call
        .number("startTime")
        .map_or(first, |t| Moment(t as i64))
        .max(first);
    let end = call
        .number("endTime")
        .map_or(snapshot.plus(1), |t| Moment(t as i64 + 1))
        .min(snapshot.plus(1));
    let mut search = Search {
        call,
        streams: &streams,
        pattern: &pattern,
        start,
        end,
        limit,
    };
    let cursor = resumed.unwrap_or(Cursor {
        snapshot,
        at: if ascending { start } else { end },
        skip: 0,
        ascending,
    });
    let (events, next) = search.page(cursor);
    Ok(map! {
        "events" => Value::list(events.into_iter().map(|(stream, event)| {
            let stream = &streams[stream];
            map! {
                "logStreamName" => stream.name.as_str(),
                "timestamp" => event.at.0,
                "message" => event.message.as_str(),
                "ingestionTime" => event.ingested.0,
                "eventId" => event.id(stream.dice),
            }
        })),
        "searchedLogStreams" => Value::List(Vec::new()),
        "nextToken" => next.map(|c| c.write()),
    })
}

struct Search<'s> {
    call: &'s Call<'s>,
    streams: &'s [Stream<'s>],
    pattern: &'s Pattern,
    start: Moment,
    end: Moment,
    limit: usize,
}

impl Search<'_> {
    /// One page from the cursor on, and where the next begins.
    fn page(&mut self, mut cursor: Cursor) -> (Vec<(usize, Event)>, Option<Cursor>) {
        let mut page = Vec::new();
        let mut bytes = 0;
        for _ in 0..SLICES {
            let (from, until) = if cursor.ascending {
                (
                    cursor.at,
                    self.skip_gap(cursor.at).plus(SLICE).min(self.end),
                )
            } else {
                (cursor.at.plus(-SLICE).max(self.start), cursor.at)
            };
            if from >= until {
                return (page, None);
            }
            let mut found = self.slice(from, until);
            if !cursor.ascending {
                found.reverse();
            }
            let total = found.len();
            for (index, item) in found.into_iter().enumerate().skip(cursor.skip) {
                bytes += item.1.message.len() + ENVELOPE;
                page.push(item);
                if page.len() == self.limit || bytes >= BYTES {
                    cursor.skip = index + 1;
                    let finished = cursor.skip == total
                        && (if cursor.ascending {
                            until >= self.end
                        } else {
                            from <= self.start
                        });
                    return (page, (!finished).then_some(cursor));
                }
            }
            cursor.skip = 0;
            cursor.at = if cursor.ascending { until } else { from };
        }
        let finished = if cursor.ascending {
            cursor.at >= self.end
        } else {
            cursor.at <= self.start
        };
        (page, (!finished).then_some(cursor))
    }

    /// Where the next stream that was written to after `at` begins, so that silence is not searched.
    fn skip_gap(&self, at: Moment) -> Moment {
        let open = |s: &&Stream<'_>| s.last.is_none_or(|last| last >= at);
        let next = self.streams.iter().filter(open).map(|s| s.first).min();
        next.map_or(self.end, |first| first.max(at))
    }

    fn slice(&self, from: Moment, until: Moment) -> Vec<(usize, Event)> {
        let mut found: Vec<(usize, Event)> = Vec::new();
        for (index, stream) in self.streams.iter().enumerate() {
            let outside = stream.first >= until || stream.last.is_some_and(|last| last < from);
            if !outside {
                let events = stream.events(&self.call.view, from, until);
                found.extend(
                    events
                        .into_iter()
                        .filter(|e| self.pattern.matches(&e.message))
                        .map(|e| (index, e)),
                );
            }
        }
        found.sort_by_key(|(index, e)| (e.at, e.ingested, *index, e.number));
        found
    }
}

/// The place after or before an event of one stream.
fn position(text: &str) -> Option<(Moment, u64)> {
    let mut parts = text.get(2..)?.split('/');
    Some((
        Moment(parts.next()?.parse().ok()?),
        parts.next()?.parse().ok()?,
    ))
}

fn get(call: &Call<'_>) -> Reply {
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
